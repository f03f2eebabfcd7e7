"""Which hospital: the ranked institutions of a place for one need.

The order of kinds comes from data/protocol/routing.csv, what institutions have from the site pack, who is
closed from `StatusNote`s. Nothing here is a decision: the list is proposed and a person confirms.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from math import cos, hypot, radians

from actions.matching_rules import (
    DEPARTMENT,
    NEIGHBOUR,
    NO_TOWN,
    OWN,
    TOWN,
    Need,
    Step,
    Token,
    last_resort,
    steps_for,
)
from actions.site import Site
from actions.site_files import Faults, read_table
from actions.site_policy import PROTOCOL
from actions.site_types import KINDS, REACHES, Institution, SiteError

__all__ = ["Candidate", "Need", "StatusNote", "rank"]

ENOUGH = 3
"""As many candidates as a list should have where the directory allows it."""

_KM_PER_DEGREE = 111.2
_FAR_KM = 999.0
_SPECIALISED = ("专科", "妇幼", "精神")
_CHILDRENS = frozenset({"PED", "PEDSURG"})
_OUTSIDE = "名录外"
_UNCONFIRMED = "待核实"


@dataclass(frozen=True)
class StatusNote:
    """A hospital (`department` None) or one of its departments is open, closed or full.

    `department` is a specialty code or a name as members write it. `until` None: until further word.
    """

    hospital: str
    department: str | None
    state: str
    until: datetime | None = None


@dataclass(frozen=True)
class Candidate:
    """An institution that could take the patient, why in a few words, and its direct line if known."""

    name: str
    why: str
    direct_line: str | None
    own: bool


@dataclass(frozen=True)
class _Match:
    """An institution that a row selected, with how certain that is and how far away it counts."""

    institution: Institution
    certain: bool
    km: float | None
    rank_km: float


def rank(
    site: Site,
    need: Need,
    statuses: Sequence[StatusNote],
    declined: Collection[str],
    limit: int | None = None,
) -> list[Candidate]:
    """Institutions for a need, the best first, without those that declined or are closed.

    At least three where the directory has them; those closed are named only when nobody else is left.
    Empty for what no institution handles. Raises SiteError when the routing table has a fault.
    """
    search = _Search(site, need, statuses, declined)
    steps = steps_for(need, site.phase, search.specialist_first)
    if not steps:
        return []
    found = dict(search.candidates(steps))
    if len(found) < ENOUGH:
        for name, candidate in search.candidates(last_resort(need, site.phase)):
            if len(found) >= ENOUGH:
                break
            found.setdefault(name, candidate)
    if not found:
        found = dict(_Search(site, need, (), declined).candidates(steps))
        found = {
            n: Candidate(n, f"{c.why}；报停诊，先电话确认", c.direct_line, c.own) for n, c in found.items()
        }
    return list(found.values())[:limit]


class _Search:
    """One ranking: the place, the need and who is closed at that moment."""

    def __init__(
        self, site: Site, need: Need, statuses: Sequence[StatusNote], declined: Collection[str]
    ) -> None:
        self.site = site
        self.need = need
        self.declined = frozenset(declined)
        self.closed = _closed(statuses, need.at)
        self.town = site.towns.get(need.town or "")
        self.specialist_first = need.level in site.policy.specialist_first.get(need.specialty, ())

    def candidates(self, steps: Sequence[Step]) -> Iterator[tuple[str, Candidate]]:
        """Names with their candidates in the order of the steps; a name may come twice, the first counts."""
        seen: set[str] = set()
        for step in steps:
            outside = self._outside(step)
            if outside and outside.name not in seen:
                seen.add(outside.name)
                yield outside.name, outside
            matches = [m for m in self._matches(step) if m.institution.name not in seen]
            for match in matches[: step.take]:
                seen.add(match.institution.name)
                yield match.institution.name, self._candidate(match, step)

    def _outside(self, step: Step) -> Candidate | None:
        """The patient's own hospital when the directory does not have it."""
        name = self.need.orig_hospital
        if step.select[0].what != OWN or len(step.select) > 1 or not name:
            return None
        listed = self.site.institutions.get(name)
        if listed is not None and listed.kind != _OUTSIDE:
            return None
        if name in self.declined or self._is_closed(name, step):
            return None
        return Candidate(name, f"{step.why}（名录外）", None, True)

    def _matches(self, step: Step) -> list[_Match]:
        matches = []
        for institution in self.site.institutions.values():
            if institution.kind == _OUTSIDE or institution.name in self.declined:
                continue
            certain = self._selects(step.select, institution)
            if certain is None or self._is_closed(institution.name, step):
                continue
            km = self._km(institution)
            far = _FAR_KM if km is None else km
            matches.append(
                _Match(institution, certain, km, far + (0 if certain else self.site.policy.assumed_km))
            )
        return sorted(matches, key=lambda m: (m.rank_km, m.institution.name))

    def _selects(self, select: Sequence[Token], institution: Institution) -> bool | None:
        """True: selected by stated facts; False: by what is assumed; None: not selected."""
        if not self._in_its_field(select, institution):
            return None
        certain = True
        for token in select:
            has = self._has(token, institution)
            if has is None:
                return None
            certain = certain and has
        return certain

    def _in_its_field(self, select: Sequence[Token], institution: Institution) -> bool:
        """A specialised hospital takes what it is for: a children's emergency room is none for adults."""
        if institution.kind not in _SPECIALISED or select[0].what == OWN:
            return True
        if institution.departments and institution.departments <= _CHILDRENS and not self._is_child():
            return False
        return institution.may_have(self.need.specialty) or any(
            token.what in (DEPARTMENT, institution.kind) for token in select
        )

    def _is_child(self) -> bool:
        age = self.need.age_years
        return (
            self.need.category == "CHILD"
            or self.need.specialty in _CHILDRENS
            or (age is not None and age < 14)
        )

    def _has(self, token: Token, institution: Institution) -> bool | None:
        fits = self._place_fits(token, institution)
        if fits is not None:
            return fits or None
        what = token.code or self.need.specialty if token.what == DEPARTMENT else token.what
        if institution.states(what):
            return True
        return False if institution.may_have(what) and not token.stated else None

    def _place_fits(self, token: Token, institution: Institution) -> bool | None:
        """Whether kind, reach or place are as wanted; None for a token about what it offers."""
        tests = {
            institution.kind: True,
            institution.reach: True,
            OWN: self._own_fits(institution),
            TOWN: self.town is not None and self.town.name in institution.serves,
            NEIGHBOUR: self.town is not None and not set(self.town.neighbours).isdisjoint(institution.serves),
            NO_TOWN: self.town is None,
        }
        return tests.get(token.what, False if token.what in (*KINDS, *REACHES) else None)

    def _own_fits(self, institution: Institution) -> bool:
        """Whether it treats the patient and, at level 2, is near enough to go there first."""
        if institution.name != self.need.orig_hospital:
            return False
        km = self._km(institution)
        return self.need.level > 2 or km is None or km <= self.site.policy.own_urgent_km

    def _km(self, institution: Institution) -> float | None:
        """Straight-line distance from the town (from the middle of the place when it is unknown)."""
        if institution.lat is None or institution.lon is None or not self.site.towns:
            return None
        towns = [self.town] if self.town else list(self.site.towns.values())
        lat, lon = (sum(t.lat for t in towns) / len(towns), sum(t.lon for t in towns) / len(towns))
        east = (institution.lon - lon) * cos(radians(lat))
        return hypot(institution.lat - lat, east) * _KM_PER_DEGREE

    def _is_closed(self, name: str, step: Step) -> bool:
        closing = self.closed.get(name)
        if closing is None:
            return False
        wanted = {self.need.specialty}
        for token in step.select:
            if token.what not in (*KINDS, *REACHES):
                wanted |= {token.code} if token.code else _codes_of(token.what)
                wanted |= {token.what} & closing.departments.keys()
        if self.need.level >= 3 and closing.departments.get(OUTPATIENT, False):
            return True  # 门诊停诊: whoever is no emergency cannot go there, whatever the department
        return any(closing.departments.get(each, closing.whole) for each in wanted)

    def _candidate(self, match: _Match, step: Step) -> Candidate:
        institution = match.institution
        why = step.why.replace("{科}", _short_names().get(self.need.specialty, "相应科室"))
        doubtful = not match.certain or institution.existence_unsure
        parts = [why + (f"（{_UNCONFIRMED}）" if doubtful else "")]
        if self.town and match.km is not None and match.km >= 1.5:
            parts.append(f"直线约{round(match.km)}公里")
        own = institution.name == self.need.orig_hospital
        return Candidate(institution.name, "，".join(parts), institution.direct_line, own)


OUTPATIENT = "门诊"
"""The department of a note about the out-patient clinic as a whole."""


@dataclass
class _Closing:
    """One hospital: closed as a whole or not, and the departments of which something else was said."""

    whole: bool = False
    departments: dict[str, bool] = field(default_factory=dict)


def _closed(statuses: Sequence[StatusNote], at: datetime | None) -> dict[str, _Closing]:
    """Closings by hospital at a moment. A later note wins over an earlier one about the same."""
    closings: dict[str, _Closing] = {}
    for note in statuses:
        if note.until is not None and at is not None and note.until <= at:
            continue
        closed = note.state != "open"
        if note.department is None:
            closings[note.hospital] = _Closing(whole=closed)
        else:
            departments = closings.setdefault(note.hospital, _Closing()).departments
            departments |= dict.fromkeys({note.department, *_codes_of(note.department)}, closed)
    return closings


@lru_cache(maxsize=1)
def _departments() -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Code, short name and ways of saying of every department."""
    faults = Faults()
    rows = read_table(PROTOCOL / "departments.csv", ("code", "name", "says"), faults)
    if faults.lines:
        raise SiteError(faults.lines[0])
    return tuple((row["code"], row["name"], row.many("says")) for row in rows)


def _short_names() -> dict[str, str]:
    return {code: name for code, name, _ in _departments()}


@lru_cache(maxsize=256)
def _codes_of(text: str) -> frozenset[str]:
    """Specialty codes that a department's name means; the longest way of saying in it decides."""
    if text in _short_names():
        return frozenset({text})
    hits = [(len(say), code) for code, _, says in _departments() for say in says if say in text]
    longest = max((length for length, _ in hits), default=0)
    return frozenset(code for length, code in hits if length == longest)
