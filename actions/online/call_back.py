"""Those at risk are asked after every afternoon for some days, whether their matter is closed or not (facts §3.4)."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from sqlalchemy import or_, select

from actions import wording
from actions.case import OPEN
from actions.desk import BOT, Desk
from actions.models import Case, Event
from actions.online.shown import EVENT as STEP
from actions.online.shown import ONLINE
from actions.online.table import at_risk

LISTED = 30
_OVER = frozenset({"died", "admitted"})


_SEEN = select(Event.case_id).where(Event.what == STEP)


def call_back(desk: Desk, moment: datetime) -> None:
    """One list a room of those at risk who were sent to a consultation online in the last days.

    Nobody is called by name for a case that has ended; of one that is open its reporter is.
    """
    since = moment - timedelta(days=desk.site.policy.call_back_days)
    query = (
        select(Case)
        .where(or_(Case.disposition == ONLINE, Case.id.in_(_SEEN)), Case.opened_at > since)
        .where(or_(Case.status.in_(OPEN), Case.status == "closed"), Case.private.is_(False))
        .where(Case.category != "MEDS")  # who only had a medicine prescribed again is not ill
        .order_by(Case.id)
    )
    places: dict[str, list[Case]] = defaultdict(list)
    for case in desk.session.scalars(query):
        if case.room is not None and case.outcome not in _OVER and at_risk(case.fields):
            places[case.room].append(case)
    for room, cases in places.items():
        _post(desk, moment, room, cases)


def _post(desk: Desk, moment: datetime, room: str, cases: list[Case]) -> None:
    lines = [desk.phrases.say("call_back", count=len(cases))]
    lines += [
        desk.phrases.say("next_day_line", case=wording.short(case, desk.today), who=case.opened_by)
        for case in cases[:LISTED]
    ]
    if len(cases) > LISTED:
        lines.append(desk.phrases.say("list_more", count=len(cases) - LISTED))
    post = desk.post(
        f"call-back:{desk.local(moment).date()}",
        "question",
        "\n".join(lines),
        room=room,
        cases=cases,
        mentions=[case.opened_by for case in cases if case.status in OPEN],
    )
    for case in cases if post else []:
        desk.log(case, BOT, "call_back")
