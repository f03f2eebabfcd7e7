"""What happens by the clock of the day: the medicine list at 08:00, the question at 10:00, the figures at 20:00."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, time, timedelta

from sqlalchemy import select

from actions import wording
from actions.case import is_open
from actions.desk import Desk
from actions.handover import hand_over, next_change
from actions.medicines.batch import post_batch
from actions.models import Case
from actions.next_day import ask_next_day
from actions.schedule import next_clock_time

# How far back missed figures are still worth posting after downtime.
LOOK_BACK = timedelta(hours=12)


def next_daily(desk: Desk, after: datetime) -> datetime:
    """The next moment later than `after` at which a daily post is due."""
    policy, zone = desk.site.policy, desk.site.tz
    clocks = (policy.medicine_batch, policy.next_day_question, policy.digest)
    moments = [next_clock_time(clock, zone, after) for clock in clocks]
    change = next_change(desk, after)
    return min([*moments, change] if change else moments)


def run_daily(desk: Desk, since: datetime) -> None:
    """Post what fell due after `since` up to now. Doing it twice is harmless: each post has its key."""
    start = max(since, desk.now - LOOK_BACK)
    policy = desk.site.policy
    if next_clock_time(policy.medicine_batch, desk.site.tz, since) <= desk.now:
        post_batch(desk)  # however long ago: what it lists is still wanted
    hand_over(desk, start)
    for moment in _passed(desk, policy.next_day_question, start):
        ask_next_day(desk, moment)
    for moment in _passed(desk, policy.digest, start):
        post_digest(desk, moment)


def _passed(desk: Desk, clock: time, since: datetime) -> Iterator[datetime]:
    moment = next_clock_time(clock, desk.site.tz, since)
    while moment <= desk.now:
        yield moment
        moment = next_clock_time(clock, desk.site.tz, moment)


def post_digest(desk: Desk, moment: datetime) -> None:
    """The day's figures in the intake rooms, without case numbers; none on a day without matters (§8.19)."""
    today = _opened_on(desk, moment)
    for room in desk.site.rooms_for("intake"):
        if any(case.room == room.name for case in today):
            text = _figures(desk, today)
            desk.post(f"digest:{desk.local(moment).date()}", "digest", text, room=room.name)


def figures(desk: Desk, moment: datetime) -> str | None:
    """The figures of the day so far, as the digest has them; None on a day without matters."""
    today = _opened_on(desk, moment)
    return _figures(desk, today) if today else None


def _opened_on(desk: Desk, moment: datetime) -> list[Case]:
    """What was opened on that day up to the moment; merged ones do not count (§8.10)."""
    start = desk.local(moment).replace(hour=0, minute=0, second=0, microsecond=0)
    query = select(Case).where(Case.opened_at >= start, Case.opened_at <= moment).order_by(Case.id)
    return [case for case in desk.session.scalars(query) if case.status != "merged"]


def _figures(desk: Desk, today: list[Case]) -> str:
    levels = Counter(case.level for case in today)
    kinds = Counter(case.category for case in today)
    return desk.phrases.say(
        "digest",
        count=len(today),
        levels="，".join(f"{wording.LEVELS[level]}级{levels[level]}" for level in sorted(levels)),
        kinds="，".join(f"{wording.category_name(code)}{count}" for code, count in kinds.most_common()),
        ended=sum(1 for case in today if not is_open(case)),
        open=sum(1 for case in today if is_open(case)),
    )
