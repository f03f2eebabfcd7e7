"""The register of dialysis patients: who is in it, whom a text names, when each is due."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select

from actions.desk import Desk
from actions.models import DialysisPatient
from actions.passes.facts import moment
from actions.privacy import mask_name


def active(desk: Desk) -> list[DialysisPatient]:
    """All who are dialysed now, in the order of their entry."""
    query = select(DialysisPatient).where(DialysisPatient.active).order_by(DialysisPatient.id)
    return list(desk.session.scalars(query))


def named(desk: Desk, text: str) -> list[DialysisPatient]:
    """Those whose full name stands in the text; else those named as the bot does (张*)."""
    known = active(desk) if text else []
    longest = sorted((each for each in known if each.name in text), key=lambda each: -len(each.name))
    full = [each for each in longest if not _inside_another(each, longest, text)]
    if full:
        return sorted(full, key=lambda each: each.id)
    return [each for each in known if mask_name(each.name) in text]


def _inside_another(one: DialysisPatient, others: list[DialysisPatient], text: str) -> bool:
    """张三 where the text only says 张三丰."""
    longer = [each.name for each in others if one.name in each.name and one.name != each.name]
    rest = text
    for name in longer:
        rest = rest.replace(name, "")
    return one.name not in rest


def is_due(patient: DialysisPatient, day: date) -> bool:
    """Whether the register has a session on that day."""
    return str(day.isoweekday()) in patient.days


def starts(desk: Desk, patient: DialysisPatient, day: date) -> datetime:
    """When the session of that day begins."""
    return moment(day, patient.start, desk.site.tz)


def next_session(desk: Desk, patient: DialysisPatient, after: datetime) -> datetime | None:
    """The first session that begins later than `after`; None for somebody without days."""
    first = desk.local(after).date()
    days = (first + timedelta(days=n) for n in range(8))
    moments = (starts(desk, patient, day) for day in days if is_due(patient, day))
    return next((each for each in moments if each > after), None)
