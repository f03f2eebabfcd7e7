"""What happens by the clock of the day: the medicine list at 08:00, the question at 10:00, the figures at 20:00."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from sqlalchemy import select

from actions import figures, figures_text
from actions.consult import next_reminder, remind_unanswered
from actions.desk import Desk
from actions.dialysis import day
from actions.handover import hand_over, next_change
from actions.maternal.care import ask_for_visits
from actions.medicines.batch import post_batch
from actions.models import Case
from actions.next_day import ask_next_day
from actions.oncology import evening
from actions.online.call_back import call_back
from actions.schedule import next_clock_time

# How far back missed figures are still worth posting after downtime.
LOOK_BACK = timedelta(hours=12)


def next_daily(desk: Desk, after: datetime) -> datetime:
    """The next moment later than `after` at which a daily post is due."""
    policy, zone = desk.site.policy, desk.site.tz
    clocks = (
        policy.medicine_batch,
        policy.next_day_question,
        policy.call_back,
        policy.digest,
        policy.dialysis_list,
        policy.oncology_list,
        policy.postnatal_list,
    )
    moments = [next_clock_time(clock, zone, after) for clock in clocks]
    others = (next_change(desk, after), next_reminder(desk), day.next_due(desk, after))
    return min([*moments, *(moment for moment in others if moment is not None)])


def run_daily(desk: Desk, since: datetime) -> None:
    """Post what fell due after `since` up to now. Doing it twice is harmless: each post has its key."""
    start = max(since, desk.now - LOOK_BACK)
    policy = desk.site.policy
    if next_clock_time(policy.medicine_batch, desk.site.tz, since) <= desk.now:
        post_batch(desk)  # however long ago: what it lists is still wanted
    remind_unanswered(desk)
    hand_over(desk, start)
    unspoken = day.next_due(desk, since)
    if unspoken is not None and unspoken <= desk.now:
        day.ask_for_missed(desk)
    for moment in _passed(desk, policy.dialysis_list, start):
        day.post_list(desk, moment)
    for moment in _passed(desk, policy.oncology_list, start):
        evening.post_list(desk, moment)
    for moment in _passed(desk, policy.postnatal_list, start):
        ask_for_visits(desk, moment)
    for moment in _passed(desk, policy.next_day_question, start):
        ask_next_day(desk, moment)
    for moment in _passed(desk, policy.call_back, start):
        call_back(desk, moment)
    for moment in _passed(desk, policy.digest, start):
        post_digest(desk, moment)


def _passed(desk: Desk, clock: time, since: datetime) -> Iterator[datetime]:
    moment = next_clock_time(clock, desk.site.tz, since)
    while moment <= desk.now:
        yield moment
        moment = next_clock_time(clock, desk.site.tz, moment)


def post_digest(desk: Desk, moment: datetime) -> None:
    """The day's figures in the intake rooms, without case numbers; none on a day without matters (§8.19)."""
    today = figures.of_day(desk, moment)
    busy = _rooms_of(desk, today)
    for room in desk.site.rooms_for("intake"):
        if room.name in busy:
            text = figures_text.of_day(desk, today)
            desk.post(f"digest:{desk.local(moment).date()}", "digest", text, room=room.name)


def day_so_far(desk: Desk) -> str | None:
    """The figures of the day so far, as the digest has them; None on a day without matters."""
    today = figures.of_day(desk, desk.now)
    return figures_text.of_day(desk, today) if today.count else None


def _rooms_of(desk: Desk, today: figures.Figures) -> set[str | None]:
    numbers = [matter.number for matter in today.matters]
    return set(desk.session.scalars(select(Case.room).where(Case.number.in_(numbers)).distinct()))
