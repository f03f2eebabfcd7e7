"""What is due now: one post per room for all of its cases, to those who must act (contract §6, §8)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import selectinload
from sqlalchemy.orm.attributes import set_committed_value

from actions import propose, refused, wording
from actions.audience import Place
from actions.case import ENDED, in_batch, is_open, rhythm_of, set_due
from actions.desk import BOT, Desk
from actions.duty import named
from actions.maternal import appointments
from actions.models import Case, Event, Reminder
from actions.schedule import stage_at


@dataclass(frozen=True)
class Nudge:
    """One case of a reminder: its line and who is named for it."""

    case: Case
    line: str
    named: tuple[str, ...]
    escalated: bool


def remind(desk: Desk) -> None:
    """Post everything that has fallen due and set each case's next time. The caller commits.

    When something is due, whatever else falls into the same minute goes with it: one post for a room.
    """
    first = desk.session.scalar(select(func.min(Reminder.due_at)))
    if first is None or first > desk.now:
        return
    before = desk.now.replace(second=59, microsecond=999999)
    query = (
        select(Reminder)
        .where(Reminder.due_at <= before)
        .order_by(Reminder.due_at, Reminder.case_id)
        .options(selectinload(Reminder.case))
        .with_for_update(skip_locked=True)
    )
    places: dict[Place, list[Nudge]] = defaultdict(list)
    reminders = desk.session.scalars(query).all()
    with desk.session.no_autoflush:  # a thousand cases are written at once, not one by one
        for reminder in reminders:
            _remind_of(desk, reminder, places)
    for (room, to), nudges in places.items():
        _post(desk, room, to, nudges)


def _remind_of(desk: Desk, reminder: Reminder, places: dict[Place, list[Nudge]]) -> None:
    case = reminder.case
    set_committed_value(case, "reminder", reminder)  # known already: not asked for again, one by one
    if not is_open(case):
        case.reminder = None
        return
    moment = max(desk.now, reminder.due_at)
    if not in_batch(case):
        nudge = _nudge(desk, case, moment)
        for place in _places(desk, case):
            places[place].append(nudge)
    set_due(desk, case, moment)


def _nudge(desk: Desk, case: Case, due: datetime) -> Nudge:
    before = case.hospital
    moved = _unanswered(desk, case) and propose.next_candidate(desk, case, keep_last=True)
    if moved:
        refused.pass_over(desk, case, before, refused.UNANSWERED)
    stage = stage_at(rhythm_of(case), desk.site.policy, desk.site.tz, due)
    escalated = stage > case.stage
    if escalated:
        case.stage = stage
    called = named(desk, case)
    if escalated:
        desk.log(case, BOT, "escalated", stage=stage, named=called)
    else:
        desk.log(case, BOT, "reminded", named=called)
    return Nudge(case, _line(desk, case, moved), tuple(called), escalated)


def _unanswered(desk: Desk, case: Case) -> bool:
    """The level's time has passed since the proposal with no human message on the case (§8.18)."""
    if case.status != "proposed" or case.level == 4 or case.private or case.proposed_at is None:
        return False
    if case.own_hospital and case.category in ("DIALYSIS", "ONCO"):
        return False
    if case.last_human_at is not None and case.last_human_at > case.proposed_at:
        return False
    waited = (desk.now - case.proposed_at).total_seconds() / 60
    return waited >= desk.site.policy.reminders[case.level].ack_min


def _places(desk: Desk, case: Case) -> list[Place]:
    """The room of origin, and the room whose answer is awaited; a private case only its people (§8.2)."""
    if case.private or case.room is None:
        return [(None, name) for name in named(desk, case)]
    places: list[Place] = [(case.room, None)]
    waiting = case.status in ("open", "proposed")
    if case.expert_room and not case.expert_answered and waiting:
        places.append((case.expert_room, None))
    hospital_room = (
        desk.site.hospital_room(case.hospital) if case.hospital and case.status == "proposed" else None
    )
    if hospital_room is not None and hospital_room.name not in (case.room, case.expert_room):
        places.append((hospital_room.name, None))
    return places


def _line(desk: Desk, case: Case, moved: bool) -> str:
    waited = int((desk.now - _waiting_since(desk, case)).total_seconds() // 60)
    line = desk.phrases.say(
        "reminder_line_moved" if moved else f"reminder_line_{_state(case)}",
        case=wording.short(case, desk.today),
        minutes=_span(waited),
        status=wording.status_name(desk, case),
        hospital=wording.hospital(desk, case),
        owner=case.owner or "",
    )
    return "；".join(filter(None, [line, appointments.pressing(desk, case)]))


_MOVES = (
    select(Event.detail, Event.at)
    .where(Event.case_id == bindparam("case"), Event.what == "status")
    .order_by(Event.id.desc())
)


def _waiting_since(desk: Desk, case: Case) -> datetime:
    """The receipt, or the last time the case was opened again."""
    moves = desk.session.execute(_MOVES, {"case": case.id})
    back = (at for detail, at in moves if detail.get("was") in ENDED)
    return next(back, case.opened_at)


def _state(case: Case) -> str:
    return "open" if case.acknowledged_at is None else "taken"


def _span(minutes: int) -> str:
    if minutes < 60:
        return f"{minutes}分钟"
    hours, rest = divmod(minutes, 60)
    if hours >= 48:
        return f"{hours // 24}天"
    return f"{hours}小时{rest}分" if rest else f"{hours}小时"


def _post(desk: Desk, room: str | None, to: str | None, nudges: list[Nudge]) -> None:
    nudges = sorted(
        nudges,
        key=lambda nudge: (nudge.case.level, not appointments.presses(nudge.case, desk.today), nudge.case.id),
    )
    kind = "escalation" if any(nudge.escalated for nudge in nudges) else "reminder"
    waiting = any(nudge.case.acknowledged_at is None for nudge in nudges)
    head = desk.phrases.say(f"{kind}_head" if waiting else "follow_up_head")
    text = "\n".join([head, *(nudge.line for nudge in nudges)])
    cases = [nudge.case for nudge in nudges]
    moment = desk.now.astimezone(UTC).strftime("%Y%m%dT%H%M%S")  # 20:00 here is another 20:00 than there
    desk.post(
        f"{cases[0].number}:remind:{moment}",
        kind,
        text,
        room=room,
        to=to,
        cases=cases,
        mentions=[name for nudge in nudges for name in nudge.named] if room else [],
        only_while_open=True,
    )
