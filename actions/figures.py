"""The figures of a day and of all days: one count, wherever it is shown (facts §6.9).

Merged cases do not count (contract §8.10). Times are minutes from a case's opening: until somebody with a role
to act saw to it, and until a hospital took the patient.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from math import ceil
from statistics import median
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from actions.case import OPEN
from actions.desk import Desk
from actions.models import Case, Event
from actions.outcomes import DONE
from actions.schedule import Rhythm, acknowledge_by

T = TypeVar("T")
ACKNOWLEDGED, ACCEPTED = "acknowledged", "accepted"
_URGENT = 2
"""Level Ⅱ: up to here a matter can be counted as critical whatever its category (contract §8.16)."""


@dataclass(frozen=True)
class Matter:
    """One case, as far as figures go. Minutes are None while nothing of the kind has happened."""

    number: str
    opened_at: datetime
    status: str
    level: int
    category: str
    specialty: str
    town: str | None
    hospital: str | None
    private: bool
    closed_at: datetime | None
    outcome: str | None
    overdue: bool
    to_acknowledge: float | None
    to_accept: float | None

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to see to it."""
        return self.status in OPEN


@dataclass(frozen=True)
class Spread:
    """How long something took, in minutes: of how many cases, the middle one, and nine of ten within."""

    count: int
    median: float
    p90: float


@dataclass(frozen=True)
class Figures:
    """What the matters of a span come to. Counters go from the most to the fewest."""

    matters: Sequence[Matter]
    now: datetime
    in_all: int
    """Matters since the first one, those of the span with them."""
    by_level: Counter[int] = field(default_factory=Counter)
    by_category: Counter[str] = field(default_factory=Counter)
    by_town: Counter[str | None] = field(default_factory=Counter)
    by_hospital: Counter[str | None] = field(default_factory=Counter)
    by_outcome: Counter[str] = field(default_factory=Counter)
    """Of those that are no longer open."""
    acknowledged: Spread | None = None
    accepted: Spread | None = None

    @property
    def count(self) -> int:
        """All matters."""
        return len(self.matters)

    @property
    def open(self) -> int:
        """Those that somebody still has to see to."""
        return sum(1 for matter in self.matters if matter.is_open)

    @property
    def overdue(self) -> int:
        """Open ones that nobody has acknowledged within the time of their level (contract §6)."""
        return sum(1 for matter in self.matters if matter.overdue)

    @property
    def urgent(self) -> int:
        """Level Ⅰ–Ⅱ, whatever the category."""
        return sum(1 for matter in self.matters if matter.level <= _URGENT)

    @property
    def longest_waiting(self) -> Matter | None:
        """The open matter that nobody has acknowledged for the longest time; of those that were, none waits."""
        waiting = [each for each in self.matters if each.is_open and each.to_acknowledge is None]
        return min(waiting, key=lambda each: each.opened_at, default=None)


def figures(matters: Iterable[Matter], now: datetime, in_all: int | None = None) -> Figures:
    """Count them. `in_all`: how many there ever were, where these are not all."""
    counted = sorted(matters, key=lambda each: each.opened_at)
    return Figures(
        counted,
        now,
        len(counted) if in_all is None else in_all,
        _counter(counted, lambda each: each.level),
        _counter(counted, lambda each: each.category),
        _counter(counted, lambda each: each.town),
        _counter(counted, lambda each: each.hospital),
        _counter([each for each in counted if not each.is_open], lambda each: each.outcome or DONE),
        spread(each.to_acknowledge for each in counted),
        spread(each.to_accept for each in counted),
    )


def spread(minutes: Iterable[float | None]) -> Spread | None:
    """Median and ninth decile (nearest rank) of what is known; None when nothing is."""
    known = sorted(each for each in minutes if each is not None)
    return Spread(len(known), median(known), known[ceil(0.9 * len(known)) - 1]) if known else None


def matters(desk: Desk, since: datetime | None = None, until: datetime | None = None) -> list[Matter]:
    """The cases opened from `since` up to and with `until`; without them, all there ever were."""
    span = [Case.status != "merged"]
    span += [Case.opened_at >= since] if since is not None else []
    span += [Case.opened_at <= until] if until is not None else []
    steps = _first_steps(desk.session, span)
    rows = desk.session.execute(select(*_COLUMNS).where(*span).order_by(Case.id))
    return [_matter(desk, row, steps.get(row.id, {})) for row in rows]


def of_days(desk: Desk, since: date, until: date) -> Figures:
    """The figures of some of the site's days, the first and the last with them."""
    start, end = (datetime.combine(day, time(), desk.site.tz) for day in (since, until + timedelta(days=1)))
    return figures(matters(desk, start, end - timedelta(microseconds=1)), desk.now)


def of_day(desk: Desk, moment: datetime) -> Figures:
    """The figures of the site's day up to the moment."""
    start = desk.local(moment).replace(hour=0, minute=0, second=0, microsecond=0)
    ever = select(func.count(Case.id)).where(Case.status != "merged", Case.opened_at <= moment)
    return figures(matters(desk, start, moment), moment, desk.session.scalar(ever) or 0)


_COLUMNS = (
    Case.id,
    Case.number,
    Case.opened_at,
    Case.status,
    Case.level,
    Case.category,
    Case.specialty,
    Case.town,
    Case.hospital,
    Case.private,
    Case.closed_at,
    Case.outcome,
    Case.acknowledged_at,
    Case.rhythm_from,
)
_Steps = dict[str, datetime]


def _first_steps(session: Session, span: Sequence[ColumnElement[bool]]) -> dict[int, _Steps]:
    """When each case was first acknowledged and first accepted."""
    query = select(Event.case_id, Event.what, Event.at, Event.detail).join(Case, Event.case_id == Case.id)
    query = query.where(Event.what.in_((ACKNOWLEDGED, ACCEPTED, "status")), *span).order_by(Event.id)
    first: dict[int, _Steps] = defaultdict(dict)
    for case_id, what, at, detail in session.execute(query):
        step = detail.get("now") if what == "status" else what
        if step in (ACKNOWLEDGED, ACCEPTED):
            first[case_id].setdefault(step, at)
    return first


def _matter(desk: Desk, row: Any, steps: Mapping[str, datetime]) -> Matter:
    return Matter(
        number=row.number,
        opened_at=row.opened_at,
        status=row.status,
        level=row.level,
        category=row.category,
        specialty=row.specialty,
        town=row.town,
        hospital=row.hospital,
        private=row.private,
        closed_at=row.closed_at,
        outcome=row.outcome,
        overdue=row.status in OPEN and _is_overdue(desk, row),
        to_acknowledge=_minutes(row.opened_at, steps.get(ACKNOWLEDGED) or steps.get(ACCEPTED)),
        to_accept=_minutes(row.opened_at, steps.get(ACCEPTED)),
    )


def _is_overdue(desk: Desk, row: Any) -> bool:
    in_batch = row.category == "MEDS" and row.level == 4
    rhythm = Rhythm(row.level, row.rhythm_from, row.acknowledged_at is not None, in_batch=in_batch)
    limit = acknowledge_by(rhythm, desk.site.policy, desk.site.tz)
    return limit is not None and limit < desk.now


def _minutes(opened: datetime, then: datetime | None) -> float | None:
    return (then - opened).total_seconds() / 60 if then is not None else None


def _counter(matters: Iterable[Matter], key: Callable[[Matter], T]) -> Counter[T]:
    return Counter(dict(Counter(map(key, matters)).most_common()))
