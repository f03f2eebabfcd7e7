"""Outbox: posts go out once, in order, a room at a time; a claim that died is looked at again.

A post that may already have gone out before a kill is not repeated unless it is of level Ⅰ–Ⅱ, where
twice is better than never; it then says so.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, sessionmaker

from actions.models import Post
from actions.still_holds import still_holds
from bot.channels.base import Outgoing

# A claim older than this belongs to a sender that died.
CLAIM_DIES_AFTER = timedelta(seconds=60)
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
                post = self._next(session, full)
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
        self._mark(post_id, "sent", now)

    def put_back(self, post_id: str) -> None:
        """The channel said that it did not go out."""
        self._mark(post_id, "waiting", None)

    def _mark(self, post_id: str, state: str, at: datetime | None) -> None:
        with self._sessions.begin() as session:
            post = session.get_one(Post, int(post_id[1:]))
            post.state, post.sent_at = state, at

    @staticmethod
    def _next(session: Session, full: Collection[str]) -> Post | None:
        query = select(Post).where(Post.state == "waiting").order_by(Post.id).limit(1)
        if full:
            query = query.where(or_(Post.urgent, Post.room.is_(None), Post.room.not_in(full)))
        return session.scalar(query.with_for_update(skip_locked=True))


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
