"""Outbox: posts go out once, in order, a room at a time; a claim that died is looked at again.

With several processes on one database a room's next post waits until the one before it has gone out.

A post that may already have gone out before a kill is not repeated unless it is of level Ⅰ–Ⅱ, where
twice is better than never; it then says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased, sessionmaker

from actions.models import Post
from actions.still_holds import still_holds
from bot.channels.base import Outgoing

# A claim older than this belongs to a sender that died.
CLAIM_DIES_AFTER = timedelta(seconds=60)
# How long a room's next post waits for the sender of the one before it.
ROOM_WAITS = timedelta(seconds=10)
UNSENT = ("waiting", "claimed")
AGAIN = "（可能重复）"


@dataclass(frozen=True)
class Places:
    """Rooms, and members as their private chats."""

    rooms: frozenset[str] = frozenset()
    members: frozenset[str] = frozenset()

    def __or__(self, other: Places) -> Places:
        return Places(self.rooms | other.rooms, self.members | other.members)


NOWHERE = Places()


class Outbox:
    """The queue of posts over the database."""

    def __init__(self, sessions: sessionmaker[Session]) -> None:
        self._sessions = sessions

    def recover(self, now: datetime, *, all_claims: bool) -> int:
        """Look again at claims that died; `all_claims` at the start of the only process. Returns how many are lost."""
        lost = 0
        with self._sessions.begin() as session:
            query = select(Post).where(Post.state == "claimed").with_for_update(skip_locked=True)
            if not all_claims:
                query = query.where(Post.claimed_at < now - CLAIM_DIES_AFTER)
            for post in session.scalars(query):
                if post.urgent:
                    post.state, post.text = "waiting", AGAIN + post.text
                else:
                    post.state, lost = "lost", lost + 1
        return lost

    def claim(self, now: datetime, *, full: Places = NOWHERE, closed: Places = NOWHERE) -> Outgoing | None:
        """Take the next post that still holds, or None.

        Places that are `full` get only what is urgent, places that are `closed` nothing. A reminder whose cases
        have all ended meanwhile is dropped.
        """
        while True:
            with self._sessions.begin() as session:
                post = session.scalar(_next(now, full, closed))
                if post is None:
                    return None
                post.claimed_at = now
                if not still_holds(session, post):
                    post.state = "dropped"
                    continue
                post.state = "claimed"
                return _outgoing(post)

    def waiting(self) -> Places:
        """Where posts wait for."""
        with self._sessions() as session:
            query = select(Post.room, Post.to).where(Post.state == "waiting").distinct()
            found = session.execute(query).all()
        rooms = frozenset(room for room, _ in found if room is not None)
        return Places(rooms, frozenset(to for room, to in found if room is None and to is not None))

    def sent(
        self, post_id: str, now: datetime, channel: str | None = None, channel_id: str | None = None
    ) -> None:
        """It went out, through that channel, where it has that id."""
        with self._sessions.begin() as session:
            post = session.get_one(Post, int(post_id[1:]))
            post.state, post.sent_at = "sent", now
            post.channel, post.channel_id = channel, channel_id

    def confirmed(self, post_id: str) -> None:
        """It was seen to arrive, even if nobody believed it any more."""
        with self._sessions.begin() as session:
            post = session.get_one(Post, int(post_id[1:]), with_for_update=True)
            if post.state == "waiting" and post.text.startswith(AGAIN):
                post.text = post.text.removeprefix(AGAIN)  # it need not go out once more
            elif post.state != "unconfirmed":
                return
            post.state = "sent"

    def unconfirmed(self, post_id: str, now: datetime) -> None:
        """It was handed over and there is no word that it arrived: what is urgent goes out once more, and says so."""
        with self._sessions.begin() as session:
            post = session.get_one(Post, int(post_id[1:]), with_for_update=True)
            if post.urgent and not post.text.startswith(AGAIN):
                post.state, post.text = "waiting", AGAIN + post.text
            else:
                post.state, post.sent_at = "unconfirmed", post.sent_at or now

    def key(self, post_id: str) -> str:
        """What occasioned it."""
        with self._sessions() as session:
            return session.get_one(Post, int(post_id[1:])).key

    def given_up(self, post_id: str) -> None:
        """There is no way to its room or member."""
        with self._sessions.begin() as session:
            session.get_one(Post, int(post_id[1:])).state = "undeliverable"

    def put_back(self, post_id: str) -> None:
        """The channel said that it did not go out."""
        with self._sessions.begin() as session:
            post = session.get_one(Post, int(post_id[1:]), with_for_update=True)
            if post.state == "claimed":  # else another process has taken it over meanwhile
                post.state = "waiting"


_earlier = aliased(Post)
_SAME_PLACE = or_(
    _earlier.room == Post.room,
    and_(_earlier.room.is_(None), Post.room.is_(None), _earlier.to == Post.to),
)


def _next(now: datetime, full: Places, closed: Places) -> Select[Any]:
    """The first post that waits and has none before it in its place; locked, past those that others hold."""
    on_its_way = and_(_earlier.state == "claimed", _earlier.claimed_at > now - ROOM_WAITS)
    before = or_(_ready(_earlier, full, closed), on_its_way)
    return (
        select(Post)
        .where(_ready(Post, full, closed))
        .where(~exists().where(_earlier.state.in_(UNSENT), _earlier.id < Post.id, _SAME_PLACE, before))
        .order_by(Post.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=Post)
    )


def _ready(post: type[Post], full: Places, closed: Places) -> ColumnElement[bool]:
    """It waits, and may go out where it belongs."""
    calm = [or_(post.urgent, _not_in(post, full))] if full != NOWHERE else []
    open_ = [_not_in(post, closed)] if closed != NOWHERE else []
    return and_(post.state == "waiting", *calm, *open_)


def _not_in(post: type[Post], places: Places) -> ColumnElement[bool]:
    elsewhere = post.room.not_in(places.rooms)
    return or_(elsewhere, and_(post.room.is_(None), post.to.not_in(places.members)))


def _outgoing(post: Post) -> Outgoing:
    return Outgoing(
        post_id=post.public_id,
        at=post.at,
        room=post.room,
        to=post.to,
        kind=post.kind,
        case=post.case_number,
        text=post.text,
        mentions=tuple(post.mentions),
    )
