"""Outbox: posts go out once, in order, a room at a time; a claim that died is looked at again.

With several processes on one database a room's next post waits until the one before it has gone out.

A post that may already have gone out before a kill is not repeated unless it is of level Ⅰ–Ⅱ, where
twice is better than never; it then says so.
"""

from __future__ import annotations

from collections.abc import Collection
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

    def claim(self, now: datetime, *, full: Collection[str] = ()) -> Outgoing | None:
        """Take the next post that still holds, or None. Rooms that are `full` get only what is urgent.

        A reminder whose cases have all ended meanwhile is dropped.
        """
        while True:
            with self._sessions.begin() as session:
                post = session.scalar(_next(now, full))
                if post is None:
                    return None
                post.claimed_at = now
                if not still_holds(session, post):
                    post.state = "dropped"
                    continue
                post.state = "claimed"
                return _outgoing(post)

    def sent(self, post_id: str, now: datetime) -> None:
        """It went out."""
        with self._sessions.begin() as session:
            post = session.get_one(Post, int(post_id[1:]))
            post.state, post.sent_at = "sent", now

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


def _next(now: datetime, full: Collection[str]) -> Select[Any]:
    """The first post that waits and has none before it in its place; locked, past those that others hold."""
    on_its_way = and_(_earlier.state == "claimed", _earlier.claimed_at > now - ROOM_WAITS)
    before = or_(_ready(_earlier, full), on_its_way)
    return (
        select(Post)
        .where(_ready(Post, full))
        .where(~exists().where(_earlier.state.in_(UNSENT), _earlier.id < Post.id, _SAME_PLACE, before))
        .order_by(Post.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=Post)
    )


def _ready(post: type[Post], full: Collection[str]) -> ColumnElement[bool]:
    """It waits, and its room has not had enough."""
    waits = post.state == "waiting"
    return and_(waits, or_(post.urgent, post.room.is_(None), post.room.not_in(full))) if full else waits


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
