"""Radio- or chemotherapy stops at a hospital: whose dates fall into that time is told, and moved behind it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from actions import wording
from actions.audience import Place, places
from actions.case import change_level, is_open, set_due
from actions.desk import BOT, Desk
from actions.models import Case, HospitalNote, OncologyDue
from actions.oncology.dates import on_its_days, wanted
from actions.oncology.kinds import RADIO, kinds_of
from actions.oncology.people import who

AHEAD = timedelta(days=14)
"""So far dates are looked at when nobody knows how long it stops."""
GAP = 2
"""More treatments of a series of radiotherapy than these left out are a gap that harms (facts R53)."""
URGENT = 3
NOON = time(12)


@dataclass(frozen=True)
class _Held:
    """One patient's dates that fall away."""

    row: OncologyDue
    case: Case
    days: Sequence[date]


def unit_said(desk: Desk, note: HospitalNote) -> None:
    """After word on a hospital's department: tell whose dates it stops, or that they go on."""
    kinds = kinds_of(note.department)
    if note.state == "closed" and kinds:
        held = [each for each in _due(desk, note, kinds) if each.days]
        for each in held:
            _hold(desk, note, each)
        _tell(desk, note, held)
    elif note.state == "open" and kinds:
        _tell(desk, note, [_resume(desk, row, case) for row, case in _waiting(desk, note.hospital, kinds)])


def _rows(desk: Desk, hospital: str, kinds: Sequence[str]) -> list[tuple[OncologyDue, Case]]:
    query = (
        select(OncologyDue, Case)
        .join(Case, Case.id == OncologyDue.case_id)
        .where(OncologyDue.kind.in_(kinds), OncologyDue.stopped.is_(False), Case.hospital == hospital)
        .order_by(Case.id)
    )
    return [(row, case) for row, case in desk.session.execute(query) if wanted(case, row)]


def _due(desk: Desk, note: HospitalNote, kinds: Sequence[str]) -> list[_Held]:
    first = desk.local(note.since or desk.now).date()
    last = _last_day(desk.local(note.until)) if note.until else first + AHEAD
    found = _rows(desk, note.hospital, kinds)
    return [_Held(row, case, days_of(row, first, last)) for row, case in found]


def _last_day(until: datetime) -> date:
    """Who opens in the morning treats on that day."""
    return until.date() - timedelta(days=1) if until.time() <= NOON else until.date()


def days_of(row: OncologyDue, first: date, last: date) -> list[date]:
    """The days of a series from `first` to `last`, as many as it still has."""
    found: list[date] = []
    day = row.day
    count = 0
    while day is not None and day <= last and (row.left is None or count < row.left):
        found += [day] if day >= first else []
        count += 1
        day = on_its_days(row, day + timedelta(days=row.every)) if row.every else None
    return found


def _hold(desk: Desk, note: HospitalNote, held: _Held) -> None:
    """The series goes on behind it with as many as before; without an end it waits for the word that it is over."""
    row, case = held.row, held.case
    if row.every is not None:
        step = on_its_days(row, held.days[-1] + timedelta(days=1 if row.kind == RADIO else row.every))
        row.day = step if note.until else None
    gap = row.kind == RADIO and len(held.days) > GAP
    if gap and is_open(case) and min(case.level, case.machine_level) > URGENT:
        case.machine_level = URGENT
        change_level(desk, case, URGENT, BOT)
        set_due(desk, case)
    desk.log(case, BOT, "oncology_held", kind=row.kind, days=len(held.days))


def _waiting(desk: Desk, hospital: str, kinds: Sequence[str]) -> list[tuple[OncologyDue, Case]]:
    """Series of which nobody could say when they go on."""
    found = _rows(desk, hospital, kinds)
    return [(row, case) for row, case in found if row.day is None and row.every and row.left != 0]


def _resume(desk: Desk, row: OncologyDue, case: Case) -> _Held:
    row.day = on_its_days(row, desk.local(desk.now).date() + timedelta(days=1))
    return _Held(row, case, [])


def _tell(desk: Desk, note: HospitalNote, held: Sequence[_Held]) -> None:
    """One post a room, that names who must act."""
    desk.session.flush()
    rooms: dict[Place, list[_Held]] = defaultdict(list)
    for each in held:
        for place in places(desk, each.case):
            rooms[place].append(each)
    for (room, to), found in rooms.items():
        cases = list({each.case.id: each.case for each in found}.values())
        lines = [_head(desk, note), *(_line(desk, each) for each in found)]
        if any(each.row.kind == RADIO and len(each.days) > GAP for each in found):
            lines.append(desk.phrases.say("oncology_gap", days=GAP))
        names = list(dict.fromkeys(name for case in cases for name in who(desk, case)))
        desk.post(
            f"oncology:{note.state}:{note.id}",
            "relay",
            "\n".join(lines),
            room=room,
            to=to,
            cases=cases,
            mentions=names if room else [],
        )


def _head(desk: Desk, note: HospitalNote) -> str:
    until = f"{desk.local(note.until):%m月%d日%H:%M}" if note.until else ""
    name = "oncology_goes_on" if note.state == "open" else "oncology_until" if until else "oncology_no_end"
    return desk.phrases.say(name, hospital=note.hospital, department=note.department or "", until=until)


def _line(desk: Desk, held: _Held) -> str:
    row, case = held.row, held.case
    days = "、".join(f"{day.month}月{day.day}日" for day in held.days)
    return desk.phrases.say(
        "oncology_held",
        case=f"{case.number} {case.town or ''} {wording.person(case)}".strip(),
        what=desk.phrases.say(f"oncology_{row.kind}"),
        left=desk.phrases.say("oncology_left", count=row.left) if row.left else "",
        days=desk.phrases.say("oncology_without", days=days) if days else "",
        next=desk.phrases.say("oncology_next", day=f"{row.day.month}月{row.day.day}日") if row.day else "",
    )
