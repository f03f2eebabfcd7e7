"""What happens by the clock of the day: the medicine list at 08:00, the figures at 20:00."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, time, timedelta

from sqlalchemy import select

from actions import wording
from actions.case import in_batch, is_open, open_cases
from actions.desk import Desk
from actions.models import Case
from actions.schedule import next_clock_time

# How far back missed figures are still worth posting after downtime.
LOOK_BACK = timedelta(hours=12)


def next_daily(desk: Desk, after: datetime) -> datetime:
    """The next moment later than `after` at which a daily post is due."""
    policy, zone = desk.site.policy, desk.site.tz
    return min(next_clock_time(moment, zone, after) for moment in (policy.medicine_batch, policy.digest))


def run_daily(desk: Desk, since: datetime) -> None:
    """Post what fell due after `since` up to now. Doing it twice is harmless: each post has its key."""
    start = max(since, desk.now - LOOK_BACK)
    policy = desk.site.policy
    if next_clock_time(policy.medicine_batch, desk.site.tz, since) <= desk.now:
        post_batch(desk)  # however long ago: what it lists is still wanted
    for moment in _passed(desk, policy.digest, start):
        post_digest(desk, moment)


def _passed(desk: Desk, clock: time, since: datetime) -> Iterator[datetime]:
    moment = next_clock_time(clock, desk.site.tz, since)
    while moment <= desk.now:
        yield moment
        moment = next_clock_time(clock, desk.site.tz, moment)


def post_batch(desk: Desk) -> None:
    """All open medicine requests, per hospital, in the room they came from (§8.12)."""
    rooms: dict[str, list[Case]] = defaultdict(list)
    for case in open_cases(desk.session):
        if in_batch(case) and case.room and not case.private:
            rooms[case.room].append(case)
    day = desk.local(desk.now).date()
    for room, cases in rooms.items():
        by_hospital: dict[str, list[Case]] = defaultdict(list)
        for case in cases:
            by_hospital[case.hospital or desk.phrases.say("no_hospital")].append(case)
        lines = [desk.phrases.say("batch_head", count=len(cases))]
        for hospital, group in by_hospital.items():
            lines.append(desk.phrases.say("batch_hospital", hospital=hospital, count=len(group)))
            lines += [wording.short(case) for case in group]
        urgent = [case for case in cases if _runs_out(desk, case) and not case.assignees]
        second = [desk.on_duty("DUTY2")] if urgent else []
        desk.post(
            f"batch:{day}",
            "batch",
            "\n".join(lines),
            room=room,
            cases=cases,
            mentions=[*desk.first_on_duty(), *second],
            only_while_open=True,
        )


def _runs_out(desk: Desk, case: Case) -> bool:
    """Whether the medicine ends within the policy's hours (§6: then the second on duty is called)."""
    left = case.fields.get("days_left")
    if left is None:
        return False
    ends = case.opened_at + timedelta(days=float(left))
    return ends - desk.now < timedelta(hours=desk.site.policy.medicine_second_hours)


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
