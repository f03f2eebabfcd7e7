"""How busy the hospitals are now, from what the database holds: sent there today, dialysed there, in beds, declined lately."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from sqlalchemy import func, select

from actions.desk import Desk
from actions.dialysis.places import places_taken
from actions.load import DIALYSIS, Load, services_used
from actions.models import Case, Event
from actions.site_types import BEDS

SENT = ("proposed", "accepted", "in_transit", "arrived", "closed")
LYING = ("accepted", "in_transit", "arrived")
"""States in which a patient may lie in a bed."""

_COUNTED_APART = frozenset({BEDS, DIALYSIS})
_KIND = (Case.hospital, Case.level, Case.category, Case.disposition, Case.specialty)
_KEPT = "hospital_load"


@dataclass
class _Book:
    """What was read for a moment; kept while a sweep reads without writing."""

    at: datetime
    used: dict[tuple[str, str], int]
    declines: dict[str, Counter[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Wanted:
    """What of the load one case needs to know: the hospitals it may go to, and whether places at a unit matter."""

    among: Collection[str]
    dialysis: bool


def wanted_by(case: Case, among: Collection[str]) -> Wanted:
    """For a case that may go to these hospitals."""
    services = services_used(case.level, case.category, case.disposition, case.specialty)
    return Wanted(among, DIALYSIS in services)


def hospital_load(desk: Desk, specialty: str, case: int | None = None, wanted: Wanted | None = None) -> Load:
    """What is taken at each hospital, and how often each declined patients of a specialty lately.

    `case`: the id of the one that is looked at, which does not count against itself. `wanted`: that much is read;
    everything without it.

    A sweep over many cases (no autoflush) reads it once: all of them are looked at in the same moment.
    """
    sweeping = not desk.session.autoflush
    book = desk.session.info.get(_KEPT) if sweeping else None
    if not isinstance(book, _Book) or book.at != desk.now:
        book = _Book(desk.now, _used(desk, case or 0, None if sweeping else wanted))
        if sweeping:
            desk.session.info[_KEPT] = book
    if specialty not in book.declines:
        book.declines[specialty] = _declines(desk, specialty, case or 0)
    return Load(book.used, book.declines[specialty])


def _used(desk: Desk, case: int, wanted: Wanted | None) -> dict[tuple[str, str], int]:
    """Patients proposed to or taken by a hospital since midnight, and those in its beds."""
    midnight = datetime.combine(desk.local(desk.now).date(), time(), desk.site.tz)
    asked = Case.hospital.is_not(None) if wanted is None else Case.hospital.in_(wanted.among)
    today = (Case.proposed_at >= midnight, asked)
    # States are told apart here: asked for in the query, they would draw the database away from the index by time.
    query = select(Case.status, *_KIND, func.count()).where(*today, Case.id != case)
    used: Counter[tuple[str, str]] = Counter()
    rows = desk.session.execute(query.group_by(Case.status, *_KIND))
    for status, hospital, level, category, disposition, specialty, count in rows:
        if status not in SENT:
            continue
        for service in services_used(level, category, disposition, specialty):
            used[hospital or "", service] += count if service not in _COUNTED_APART else 0
    counted = [each.name for each in desk.site.institutions.values() if each.places_for(BEDS)]
    if counted:
        lying = (Case.status.in_(LYING), Case.level <= 2, Case.hospital.in_(counted), Case.id != case)
        beds = select(Case.hospital, func.count()).where(*lying).group_by(Case.hospital)
        for hospital, count in desk.session.execute(beds):
            used[hospital or "", BEDS] = count
    if wanted is not None and not wanted.dialysis:
        return used
    today_there = places_taken(desk, desk.local(desk.now).date(), case=case)
    used.update((place.hospital, DIALYSIS) for place in today_there)
    return used


def _declines(desk: Desk, specialty: str, case: int) -> Counter[str]:
    """How often each hospital declined other patients of a specialty in the last hours."""
    since = desk.now - timedelta(hours=desk.site.policy.matching.declined_hours)
    query = (
        select(Event.detail)
        .join(Case, Case.id == Event.case_id)
        .where(Event.what == "declined", Event.at >= since)
        .where(Case.specialty == specialty, Case.id != case)
    )
    named = (detail.get("hospital") for detail in desk.session.scalars(query))
    return Counter(str(hospital) for hospital in named if hospital)
