"""The evening before: one list a room of tomorrow's dates of cancer patients and of lines past their week."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta

from sqlalchemy import select

from actions import wording
from actions.case import is_open
from actions.desk import Desk
from actions.models import Case, OncologyDue
from actions.oncology.dates import LINE, count_on, wanted

LISTED = 20
LATE_DAYS = 7
"""So long after its day a line whose care nobody has told of stays in the list."""

Place = tuple[str | None, str | None]
Due = tuple[OncologyDue, Case]


def post_list(desk: Desk, at: datetime) -> None:
    """One post for each room (privately for a private case) that names who must act; nothing without dates."""
    count_on(desk)
    today = desk.local(at).date()
    places: dict[Place, list[Due]] = defaultdict(list)
    for row, case in _due(desk, today):
        for place in _places(desk, case):
            places[place].append((row, case))
    for (room, to), found in places.items():
        _post(desk, today, room, to, found)


def _due(desk: Desk, today: date) -> list[Due]:
    """Today's that were told of after the last list, tomorrow's, and lines that are late; the earliest first."""
    query = (
        select(OncologyDue, Case)
        .join(Case, Case.id == OncologyDue.case_id)
        .where(OncologyDue.stopped.is_(False))
        .where(OncologyDue.day.between(today - timedelta(days=LATE_DAYS), today + timedelta(days=1)))
        .order_by(OncologyDue.day, Case.id)
    )
    found = [(row, case) for row, case in desk.session.execute(query) if wanted(case, row)]
    return [
        (row, case) for row, case in found if row.day is not None and _is_listed(desk, row, row.day, today)
    ]


def _is_listed(desk: Desk, row: OncologyDue, day: date, today: date) -> bool:
    late = day < today and row.kind == LINE
    return day > today or late or desk.local(row.told_at).date() == day == today


def _places(desk: Desk, case: Case) -> list[Place]:
    if case.private:
        return [(None, name) for name in desk.first_on_duty()]
    return [(case.room, None) if case.room else (None, case.opened_by)]


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
        mentions=list(dict.fromkeys(name for case in cases for name in _who(desk, case))) if room else [],
    )


def _line(desk: Desk, today: date, row: OncologyDue, case: Case) -> str:
    day = row.day or today
    when = "today" if day == today else "tomorrow" if day > today else "late"
    return desk.phrases.say(
        f"oncology_{when}",
        case=f"{case.number} {case.town or ''} {wording.person(case)}".strip(),
        what=desk.phrases.say(f"oncology_{row.kind}"),
        day=f"{day.month}月{day.day}日",
        left=desk.phrases.say("oncology_left", count=row.left) if row.left else "",
        hospital=case.hospital or desk.phrases.say("no_hospital"),
    )


def _who(desk: Desk, case: Case) -> list[str]:
    """Who has the case, else the coordinator on duty; and who reported it, to see that the patient gets there."""
    has = [case.owner] if case.owner and is_open(case) else desk.first_on_duty()
    return [*has, case.opened_by]
