"""The evening before: one list a room of tomorrow's dates of cancer patients and of lines past their week."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta

from sqlalchemy import select

from actions import wording
from actions.audience import Place, places
from actions.case import change_level, is_open, set_due
from actions.desk import BOT, Desk
from actions.models import Case, OncologyDue
from actions.oncology.dates import count_on, wanted
from actions.oncology.kinds import DRUG, LINE
from actions.oncology.people import who

LISTED = 20
DRUG_AHEAD = timedelta(days=2)
"""A medicine is spoken of so long before it runs out: it takes a day or two to be had."""
URGENT = 3
LATE_DAYS = 7
"""So long after its day a line whose care nobody has told of stays in the list."""

Due = tuple[OncologyDue, Case]


def post_list(desk: Desk, at: datetime) -> None:
    """One post for each room (privately for a private case) that names who must act; nothing without dates."""
    count_on(desk)
    today = desk.local(at).date()
    listed: dict[Place, list[Due]] = defaultdict(list)
    for row, case in _due(desk, today):
        _raise_last_doses(desk, today, row, case)
        for place in places(desk, case):
            listed[place].append((row, case))
    for (room, to), found in listed.items():
        _post(desk, today, room, to, found)


def _raise_last_doses(desk: Desk, today: date, row: OncologyDue, case: Case) -> None:
    """A medicine against a tumour that ends within a day is Ⅲ (facts R55), also when that day comes by itself."""
    ends = row.kind == DRUG and row.day is not None and row.day <= today + timedelta(days=1)
    if ends and is_open(case) and min(case.level, case.machine_level) > URGENT:
        case.machine_level = URGENT
        change_level(desk, case, URGENT, BOT)
        set_due(desk, case)


def _due(desk: Desk, today: date) -> list[Due]:
    """Today's that were told of after the last list, tomorrow's, medicines that run out the day after, and lines that
    are late; the earliest first."""
    query = (
        select(OncologyDue, Case)
        .join(Case, Case.id == OncologyDue.case_id)
        .where(OncologyDue.stopped.is_(False))
        .where(OncologyDue.day.between(today - timedelta(days=LATE_DAYS), today + DRUG_AHEAD))
        .order_by(OncologyDue.day, Case.id)
    )
    found = [(row, case) for row, case in desk.session.execute(query) if wanted(case, row)]
    return [
        (row, case)
        for row, case in found
        if row.day is not None and _is_listed(desk, row, case, row.day, today)
    ]


def _is_listed(desk: Desk, row: OncologyDue, case: Case, day: date, today: date) -> bool:
    late = day < today and row.kind == LINE and is_open(case)
    soon = day == today + timedelta(days=1) or (day > today and row.kind == DRUG)
    tonight = desk.local(row.told_at).date() == day == today and is_open(case)
    return soon or late or tonight


def _post(desk: Desk, today: date, room: str | None, to: str | None, found: list[Due]) -> None:
    lines = [desk.phrases.say("oncology_list")]
    lines += [_line(desk, today, row, case) for row, case in found[:LISTED]]
    if len(found) > LISTED:
        lines.append(desk.phrases.say("list_more", count=len(found) - LISTED))
    cases = list({case.id: case for _, case in found}.values())
    desk.post(
        f"oncology:list:{today}",
        "reminder",
        "\n".join(lines),
        room=room,
        to=to,
        cases=cases,
        mentions=list(dict.fromkeys(name for case in cases for name in who(desk, case))) if room else [],
    )


def _line(desk: Desk, today: date, row: OncologyDue, case: Case) -> str:
    day = row.day or today
    tomorrow = today + timedelta(days=1)
    when = "late" if day < today else "today" if day == today else "tomorrow" if day == tomorrow else "soon"
    return desk.phrases.say(
        f"oncology_{when}",
        case=f"{case.number} {case.town or ''} {wording.person(case)}".strip(),
        what=desk.phrases.say(f"oncology_{row.kind}"),
        day=f"{day.month}月{day.day}日",
        left=desk.phrases.say("oncology_left", count=row.left) if row.left else "",
        hospital=case.hospital or desk.phrases.say("no_hospital"),
    )
