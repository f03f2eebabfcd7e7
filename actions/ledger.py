"""Past matters kept elsewhere (台账) become ended cases, so that the figures count them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import islice
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from actions.figures import ACCEPTED, ACKNOWLEDGED
from actions.models import Base, Case, Event

LEDGER = "台账"
"""Who opened and, where nobody is named, closed what came out of a ledger."""
_AT_ONCE = 500
# As plain tables: thousands of rows need none of what a session keeps of each.
_CASES, _EVENTS = (Base.metadata.tables[model.__tablename__] for model in (Case, Event))


@dataclass(frozen=True)
class Entry:
    """One matter that has ended. Without personal data: a ledger is imported to be counted."""

    opened_at: datetime
    closed_at: datetime
    category: str
    level: int = 4
    specialty: str = "GP"
    town: str | None = None
    hospital: str | None = None
    acknowledged_at: datetime | None = None
    accepted_at: datetime | None = None
    closed_by: str = LEDGER
    outcome: str = ""


def keep(session: Session, entries: Sequence[Entry], zone: tzinfo) -> int:
    """Write them as closed cases with what is known of their timeline; returns how many. The caller commits."""
    ordered = sorted(entries, key=lambda entry: entry.opened_at)
    numbers = _numbers(session, ordered, zone)
    rows = iter(zip(ordered, numbers, strict=True))
    while part := list(islice(rows, _AT_ONCE)):
        session.execute(insert(_CASES), _cases(part))
        named = select(Case.number, Case.id).where(Case.number.in_([number for _, number in part]))
        made = dict(session.execute(named).all())
        events = [event for entry, number in part for event in _events(entry, made[number])]
        session.execute(insert(_EVENTS), events)
    return len(ordered)


def _numbers(session: Session, entries: Sequence[Entry], zone: tzinfo) -> list[str]:
    """MMDD-NNN each, behind those the day has already."""
    days = [f"{entry.opened_at.astimezone(zone):%m%d}" for entry in entries]
    taken: Counter[str] = Counter()
    for day in sorted(set(days)):
        known = session.scalars(select(Case.number).where(Case.number.like(f"{day}-%")))
        taken[day] = max((int(number.partition("-")[2]) for number in known), default=0)
    numbers = []
    for day in days:
        taken[day] += 1
        numbers.append(f"{day}-{taken[day]:03d}")
    return numbers


def _cases(part: Sequence[tuple[Entry, str]]) -> list[dict[str, Any]]:
    return [
        {
            "number": number,
            "opened_at": entry.opened_at,
            "opened_by": LEDGER,
            "status": "closed",
            "level": entry.level,
            "machine_level": entry.level,
            "specialty": entry.specialty,
            "category": entry.category,
            "disposition": "NONE",
            "town": entry.town,
            "hospital": entry.hospital,
            "rhythm_from": entry.opened_at,
            "acknowledged_at": entry.acknowledged_at,
            "closed_at": entry.closed_at,
            "closed_by": entry.closed_by,
            "outcome": entry.outcome[:32],
        }
        for entry, number in part
    ]


def _events(entry: Entry, case: int) -> Iterator[dict[str, Any]]:
    def event(at: datetime, what: str, **detail: object) -> dict[str, Any]:
        return {"case_id": case, "at": at, "who": LEDGER, "what": what, "detail": detail}

    yield event(entry.opened_at, "opened", level=entry.level, rules=[])
    if entry.acknowledged_at is not None:
        yield event(entry.acknowledged_at, ACKNOWLEDGED)
    if entry.accepted_at is not None:
        yield event(entry.accepted_at, "status", was="proposed", now=ACCEPTED)
    yield event(entry.closed_at, "status", was=ACCEPTED if entry.accepted_at else "open", now="closed")
