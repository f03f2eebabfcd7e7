"""The morning after: how are those whose case was closed the day before? Asked once, in the reporters' rooms.

It concerns what a person closed as done (arrived, admitted, treated, delivered, seen online, better): within the
hours in which a case may be reopened somebody can still fall ill again. Nobody is asked after the dead, after what
was withdrawn, merged or no medical matter. Nobody is called by name either: the case has ended.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from sqlalchemy import select

from actions import wording
from actions.desk import BOT, Desk
from actions.models import Case, Event

Place = tuple[str | None, str | None]
"""A room, or a member privately."""

NOT_ASKED = frozenset({"died", "non_medical"})
LISTED = 20


def ask_next_day(desk: Desk, moment: datetime) -> None:
    """Post the question of `moment` for everything closed before its day and not asked after yet."""
    today = desk.local(moment).replace(hour=0, minute=0, second=0, microsecond=0)
    query = (
        select(Case)
        .where(Case.status == "closed", Case.closed_at < today, Case.closed_at >= moment - desk.reopen_within)
        .order_by(Case.id)
    )
    places: dict[Place, list[Case]] = defaultdict(list)
    for case in desk.session.scalars(query):
        if case.outcome not in NOT_ASKED and not _asked(desk, case):
            for place in _places(desk, case):
                places[place].append(case)
    for (room, to), cases in places.items():
        _post(desk, today, room, to, cases)


def _asked(desk: Desk, case: Case) -> bool:
    query = select(Event.id).where(
        Event.case_id == case.id, Event.what == "asked_next_day", Event.at > case.closed_at
    )
    return desk.session.scalar(query.limit(1)) is not None


def _places(desk: Desk, case: Case) -> list[Place]:
    """The reporter's room; he himself where he wrote privately; of a private matter the coordinator on duty."""
    if case.private:
        return [(None, name) for name in desk.first_on_duty()]
    return [(case.room, None) if case.room else (None, case.opened_by)]


def _post(desk: Desk, day: datetime, room: str | None, to: str | None, cases: list[Case]) -> None:
    private = any(case.private for case in cases)
    lines = [desk.phrases.say("next_day_private" if private else "next_day_head")]
    lines += [_line(desk, case) for case in cases[:LISTED]]
    if len(cases) > LISTED:
        lines.append(desk.phrases.say("next_day_more", count=len(cases)))
    key = f"next-day:{'private:' if private else ''}{day.date()}"
    if desk.post(key, "question", "\n".join(lines), room=room, to=to, cases=cases):
        for case in cases:
            desk.log(case, BOT, "asked_next_day")


def _line(desk: Desk, case: Case) -> str:
    return desk.phrases.say("next_day_line", case=wording.short(case), who=case.opened_by)
