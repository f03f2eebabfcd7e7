"""The life of a case: its states, who owns it, when it counts as acknowledged, when it is due.

open → proposed → accepted → in_transit → arrived → closed; also cancelled and merged (contract §2).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.desk import BOT, Desk
from actions.maternal.weeks import BORN_ON, LOST_ON, SYMPTOMS_BEFORE, TOLD_ON
from actions.models import Case, Reminder
from actions.schedule import Rhythm, next_due
from actions.speaker import ACTING, Speaker
from actions.wording import comes_first
from nlu.understanding import Report

OPEN = ("open", "proposed", "accepted", "in_transit", "arrived")
# Fields for the bot's own use, shown to nobody: words that point at the patient, and names.
INTERNAL = frozenset(
    {
        "concepts",
        "called",
        "kin",
        "known_as",
        "also_in",
        "also_by",
        TOLD_ON,
        BORN_ON,
        LOST_ON,
        SYMPTOMS_BEFORE,
    }
)
ENDED = ("closed", "cancelled", "merged")

# Forward steps may be skipped; back only by decline, transfer and reopen.
MOVES: dict[str, frozenset[str]] = {
    "open": frozenset({"proposed", "accepted", "in_transit", "arrived", *ENDED}),
    "proposed": frozenset({"open", "proposed", "accepted", "in_transit", "arrived", *ENDED}),
    "accepted": frozenset({"open", "proposed", "in_transit", "arrived", *ENDED}),
    "in_transit": frozenset({"open", "proposed", "arrived", *ENDED}),
    "arrived": frozenset({"open", "proposed", *ENDED}),
    "closed": frozenset({"open", "proposed"}),
    "cancelled": frozenset({"open", "proposed"}),
    "merged": frozenset({"open", "proposed"}),
}


class ImpossibleMove(Exception):
    """The case cannot go from its status to the one asked for."""


def move(desk: Desk, case: Case, status: str, who: str, message: int | None = None, **detail: object) -> None:
    """Change the status and say so in the timeline. Raises ImpossibleMove."""
    if status not in MOVES[case.status]:
        raise ImpossibleMove(f"{case.number}: {case.status} → {status}")
    desk.log(case, who, "status", message, was=case.status, now=status, **detail)
    case.status = status


def is_open(case: Case) -> bool:
    """Whether somebody still has to see to it."""
    return case.status in OPEN


def open_cases(session: Session) -> list[Case]:
    """All that are open, in order of creation."""
    return list(session.scalars(select(Case).where(Case.status.in_(OPEN)).order_by(Case.id)))


def new_number(desk: Desk) -> str:
    """The next MMDD-NNN of today; counted by the site's day."""
    day = desk.local(desk.now).strftime("%m%d")
    newest = desk.session.scalar(select(Case.number).order_by(Case.id.desc()).limit(1))
    if newest is None or not newest.startswith(
        day
    ):  # the first of the day; the same day of another year counts
        days = select(Case.number).where(Case.number.like(f"{day}-%")).order_by(Case.id.desc()).limit(1)
        newest = desk.session.scalar(days)
    return f"{day}-{int(newest.split('-')[1]) + 1 if newest else 1:03d}"


def in_batch(case: Case) -> bool:
    """Medicine requests of level Ⅳ wait for the morning list instead of being reminded of (§8.12)."""
    return case.category == "MEDS" and case.level == 4


def rhythm_of(case: Case) -> Rhythm:
    """What decides the next reminder."""
    return Rhythm(
        level=case.level,
        since=case.rhythm_from,
        acknowledged=case.acknowledged_at is not None,
        last_human=case.last_human_at,
        stage=case.stage,
        snoozed_until=case.snoozed_until,
        in_batch=in_batch(case),
    )


def set_due(desk: Desk, case: Case, after: datetime | None = None) -> None:
    """Give an open case its one next thing due, and take it from a case that has ended."""
    if not is_open(case):
        case.reminder = None
        return
    due = next_due(rhythm_of(case), desk.site.policy, desk.site.tz, after or desk.now)
    if case.reminder is None:
        case.reminder = Reminder(due_at=due)
    else:
        case.reminder.due_at = due


def heard_from(desk: Desk, case: Case, speaker: Speaker, *, answers: bool) -> None:
    """A human message on the case. `answers`: it is of a kind that can acknowledge (§6)."""
    case.last_human_at = desk.now
    if answers and case.acknowledged_at is None and may_acknowledge(case, speaker):
        acknowledge(desk, case, speaker.name)


def may_acknowledge(case: Case, speaker: Speaker) -> bool:
    """Another person than the reporter, with a role to act or charged with the case."""
    if speaker.name == case.opened_by:
        return False
    return speaker.role in ACTING or speaker.name in case.assignees


def acknowledge(desk: Desk, case: Case, who: str, *, take: bool = False) -> None:
    """Somebody sees to it now. `take`: he becomes the owner even if there was one."""
    if case.acknowledged_at is None:
        case.acknowledged_at = desk.now
        desk.log(case, who, "acknowledged")
    if take or case.owner is None:
        case.owner = who


def change_level(desk: Desk, case: Case, level: int, who: str, message: int | None = None) -> None:
    """Set the level; the rhythm of the new one starts now (§8.1)."""
    if level == case.level:
        return
    desk.log(case, who, "level", message, was=case.level, now=level)
    case.level = level
    case.brought_in = max(case.brought_in, case.stage)
    case.rhythm_from = desk.now
    case.stage = 0
    case.snoozed_until = None
    if case.acknowledged_at is not None:
        case.last_human_at = desk.now


def apply_triage(desk: Desk, case: Case, report: Report, message: int | None = None) -> bool:
    """Take over what triage says of the whole story. The machine only raises; True when it did.

    What it had found before is no news: a level that a person lowered stays until something is added to it.
    """
    raised = report.level < min(case.level, case.machine_level)
    case.machine_level = min(case.machine_level, report.level)
    if raised:
        change_level(desk, case, report.level, BOT, message)
        follow_triage(case, report)
    if comes_first(report.category, case.category):
        case.category = report.category
    case.tags = list(dict.fromkeys([*case.tags, *report.tags]))
    case.private = case.private or is_private(report)
    return raised


def follow_triage(case: Case, report: Report) -> None:
    """Reasons, specialty and way to care as triage says now."""
    case.reasons = [reason.to_dict() for reason in report.reasons]
    case.specialty = report.specialty
    case.specialties = [code for code, _ in report.specialties]
    case.disposition = report.disposition
    case.first_aid = report.first_aid


def is_private(report: Report) -> bool:
    """Psychiatric matters are, and whatever the poster or the matter itself asks it for (contract §5.9)."""
    return bool(report.entities.get("private")) or "PSYCH" in (report.category, *report.tags)
