"""How much the bot says: posts of each case, posts of each room in an hour. Counted from the outbox.

An ordinary case (nobody had to be called again) should need no more than `ENOUGH`: receipt, acceptance, closing, and
what has to be asked. Lists of the day (medicines, figures, hand-over) and lists somebody asked for are no case's own.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from actions.models import Post

ENOUGH = 6
HOUR = timedelta(hours=1)
SHOWN = ("sent", "claimed")
LISTS = ("batch", "digest", "handover")
WANTED = ("answer", "clarify")
"""Kinds that are a list when they name several cases: asked for, or asked about a word that fits them all."""


def posts_of_cases(session: Session, since: datetime | None = None) -> Counter[int]:
    """Posts that went out about each case, by its id; one about several counts for each of them.

    `since`: nothing was posted before about the cases that are asked for, so older posts are not read.
    """
    query = select(Post.case_ids).where(Post.state.in_(SHOWN), Post.kind.not_in(LISTS))
    query = query.where(or_(Post.kind.not_in(WANTED), Post.case_number.is_not(None)))
    if since is not None:
        query = query.where(Post.at >= since)
    counted: Counter[int] = Counter()
    for ids in session.scalars(query.where(~Post.key.startswith("next-day:"))):
        counted.update(ids)
    return counted


def posts_of_rooms(session: Session, now: datetime) -> dict[str, int]:
    """Posts of the last hour in each room that had any."""
    query = (
        select(Post.room, func.count(Post.id))
        .where(Post.room.is_not(None), Post.state.in_(SHOWN), Post.sent_at > now - HOUR)
        .group_by(Post.room)
    )
    return {str(room): count for room, count in session.execute(query)}
