"""Posts on their way through the HTTP channel: each stays until the other side has said that it has it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from actions.models import Delivery, Post
from actions.still_holds import still_holds
from bot.channels.http_forms import PostOut

# What the outbox gave up at a kill because it might have gone out twice; here twice is known to be one.
LOST_WITHIN = timedelta(hours=1)


class Queue:
    """Over the database; every method is one transaction."""

    def __init__(self, sessions: sessionmaker[Session]) -> None:
        self._sessions = sessions

    def put(self, post_id: str, now: datetime) -> None:
        """The post is to go out here; once, however often it is put."""
        try:
            with self._sessions.begin() as session:
                session.add(Delivery(post_id=int(post_id[1:]), at=now))
        except IntegrityError:
            pass  # it is there

    def catch_up(self, now: datetime) -> int:
        """Posts that were on their way when the bot was killed. Returns how many."""
        with self._sessions.begin() as session:
            query = select(Post.id).where(Post.state == "lost", Post.claimed_at > now - LOST_WITHIN)
            query = query.where(~exists().where(Delivery.post_id == Post.id)).order_by(Post.id)
            found = session.scalars(query).all()
            session.add_all(Delivery(post_id=each, at=now) for each in found)
        return len(found)

    def waiting(self, after: int, limit: int, now: datetime) -> list[PostOut]:
        """The next posts that nobody has acknowledged. What has no further use by now is settled."""
        found: list[PostOut] = []
        with self._sessions.begin() as session:
            query = select(Delivery, Post).join(Post, Post.id == Delivery.post_id)
            query = query.where(Delivery.done_at.is_(None), Delivery.id > after).order_by(Delivery.id)
            for delivery, post in session.execute(query.limit(limit)):
                if still_holds(session, post):
                    found.append(_shown(delivery, post))
                else:
                    delivery.done_at, delivery.outcome = now, "dropped"
        return found

    def acknowledge(self, cursor: int, now: datetime) -> int:
        """Everything up to `cursor` has been shown. Returns how many were waiting for that."""
        with self._sessions.begin() as session:
            query = select(Delivery).where(Delivery.done_at.is_(None), Delivery.id <= cursor)
            rows = session.scalars(query).all()
            for row in rows:
                row.done_at, row.outcome = now, "acknowledged"
        return len(rows)

    def refused(self, cursor: int, now: datetime) -> None:
        """The other side will never show this one."""
        with self._sessions.begin() as session:
            row = session.get_one(Delivery, cursor)
            row.done_at, row.outcome = now, "refused"


def unacknowledged(session: Session) -> int:
    """How many posts nobody has acknowledged."""
    return session.scalar(select(func.count(Delivery.id)).where(Delivery.done_at.is_(None))) or 0


def _shown(delivery: Delivery, post: Post) -> PostOut:
    return PostOut(
        cursor=delivery.id,
        id=post.public_id,
        at=post.at,
        room=post.room,
        to=post.to,
        kind=post.kind,
        case=post.case_number,
        text=post.text,
        mentions=post.mentions,
    )
