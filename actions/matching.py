"""Which hospital: the ranked institutions of a place for one need.

The order of kinds comes from data/protocol/routing.csv, what institutions have from the site pack, who is
closed from `StatusNote`s, who is busy from a `Load`. Within a step of the table the fewest points come first
(actions/points.py). Nothing here is a decision: the list is proposed and a person confirms.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from actions.closing import StatusNote, Wanted, closings, codes_of, short_names
from actions.directory import NOBODY, OUTSIDE, Names
from actions.load import NOTHING, Load, services_used
from actions.matching_rules import (
    DEPARTMENT,
    NEIGHBOUR,
    NO_TOWN,
    NOBODY_FOUND,
    OWN,
    TOWN,
    WITHIN,
    Need,
    Step,
    Token,
    last_resort,
    steps_for,
)
from actions.points import Factors, Weighing, hour_of, total
from actions.site import Site
from actions.site_types import KINDS, REACHES, Institution

__all__ = ["Candidate", "LeftOut", "Need", "Ranking", "StatusNote", "explain", "rank"]

ENOUGH = 3
"""As many candidates as a list should have where the directory allows it."""

_SPECIALISED = ("专科", "妇幼", "精神")
_CHILDRENS = frozenset({"PED", "PEDSURG"})
_UNCONFIRMED = "待核实"
_CALL_FIRST = {"full": "报名额已满，先电话确认", "closed": "报停诊，先电话确认"}
_LENIENT = (
    NOBODY,
    frozenset({"hours"}),
    frozenset({"hours", "full"}),
    frozenset({"hours", "full", "closed"}),
)
"""What is overlooked, more and more, only while nobody at all has been found."""


@dataclass(frozen=True)
class Candidate:
    """An institution that could take the patient, why in a few words, and its direct line if known.

    `factors` is what its place in the list comes from; None for one outside the directory.
    """

    name: str
    why: str
    direct_line: str | None
    own: bool
    factors: Factors | None = None


@dataclass(frozen=True)
class LeftOut:
    """An institution that is not in the list, and why.

    `reason`: declined · closed (`note` says until when) · full · hours (not open now) · cannot (lacks what is
    needed) · enough (a step takes only so many, those before it count less) · route (no step asks for its kind).
    """

    name: str
    reason: str
    note: StatusNote | None = None
    factors: Factors | None = None


@dataclass(frozen=True)
class Ranking:
    """A list with what it came from; `route` is the part of the routing table that was taken."""

    route: str
    candidates: tuple[Candidate, ...]
    left_out: tuple[LeftOut, ...]


def rank(
    site: Site,
    need: Need,
    statuses: Sequence[StatusNote],
    declined: Collection[str],
    limit: int | None = None,
    *,
    load: Load = NOTHING,
) -> list[Candidate]:
    """Institutions for a need, the best first, without those that declined, are closed or full.

    At least three where the directory has them; those closed are named only when nobody else is left.
    Empty for what no institution handles. Raises SiteError when the routing table has a fault.
    """
    return _ranked(_Search(site, need, statuses, declined, load), limit)[0]


def explain(
    site: Site,
    need: Need,
    statuses: Sequence[StatusNote],
    declined: Collection[str],
    load: Load = NOTHING,
) -> Ranking:
    """The same list with every factor, and who was left out why."""
    search = _Search(site, need, statuses, declined, load)
    search.explaining = True
    found, steps = _ranked(search, None)
    listed = {each.name for each in found}
    left = [each for each in search.left.values() if each.name not in listed]
    told = listed | {each.name for each in left}
    left += [LeftOut(n, search.why_not(n)) for n in sorted(site.directory.of_kind.get("区内", NOBODY) - told)]
    return Ranking(steps[0].route if steps else "", tuple(found), tuple(left))


def _ranked(search: _Search, limit: int | None) -> tuple[list[Candidate], list[Step]]:
    """The list, and the steps of the route it comes from."""
    need, phase = search.need, search.site.phase
    steps = steps_for(need, phase, search.specialist_first)
    found: dict[str, Candidate] = {}
    for lenient in _LENIENT if steps else ():
        search.lenient = lenient
        _fill(found, search.candidates(steps), limit)
        _fill(found, search.candidates(last_resort(need, phase), found), ENOUGH)
        if found:
            break
    return list(found.values())[:limit], steps


def _fill(found: dict[str, Candidate], more: Iterator[Candidate], enough: int | None) -> None:
    while enough is None or len(found) < enough:
        candidate = next(more, None)
        if candidate is None:
            return
        found.setdefault(candidate.name, candidate)


class _Search:
    """One ranking: the place, the need, who is closed and who is busy at that moment."""

    def __init__(
        self,
        site: Site,
        need: Need,
        statuses: Sequence[StatusNote],
        declined: Collection[str],
        load: Load,
    ) -> None:
        self.site = site
        self.need = need
        self.declined = frozenset(declined)
        self.closed = closings(statuses, need.at)
        self.town = site.towns.get(need.town or "")
        self.km = site.directory.km(self.town.name if self.town else None)
        self.specialist_first = need.level in site.policy.specialist_first.get(need.specialty, ())
        services = services_used(need.level, need.category, need.disposition, need.specialty)
        self.weighing = Weighing(site, need, load, hour_of(site, need), services)
        self.lenient: Names = NOBODY
        self.explaining = False
        self.left: dict[str, LeftOut] = {}

    def candidates(self, steps: Sequence[Step], found: Collection[str] = ()) -> Iterator[Candidate]:
        """Candidates in the order of the steps, each once."""
        seen: set[str] = set()
        for step in steps:
            if NOBODY_FOUND in step.when and (found or seen):
                continue
            outside = self._outside(step)
            if outside and outside.name not in seen:
                seen.add(outside.name)
                yield outside
            most = len(seen) + (step.take or len(self.site.institutions))
            for each in self._matches(step, frozenset(seen)):
                if len(seen) == most:
                    if not self.explaining:
                        break
                    self.left.setdefault(each.name, LeftOut(each.name, "enough", factors=each))
                    continue
                full = (
                    None
                    if seen or self.lenient
                    else next((f for f in self.left.values() if f.reason == "full"), None)
                )
                seen.add(each.name)
                yield self._candidate(each, step, full.factors if full else None)

    def _outside(self, step: Step) -> Candidate | None:
        """The patient's own hospital when the directory does not have it."""
        name = self.need.orig_hospital
        if step.select[0].what != OWN or len(step.select) > 1 or not name:
            return None
        listed = self.site.institutions.get(name)
        if listed is not None and listed.kind != OUTSIDE:
            return None
        if name in self.declined or self._closing(name, self._wanted(step)):
            return None
        return Candidate(name, f"{step.why}（名录外）", None, True)

    def _matches(self, step: Step, seen: Collection[str]) -> Iterator[Factors]:
        """Those a step selects that nothing keeps out, the fewest points first; found out one by one."""
        listed, wanted, weigh = self.site.institutions, self._wanted(step), self.weighing
        order = []
        for name, certain in self._selected(step.select):
            if name not in seen:
                parts = weigh.parts(step, listed[name], certain, self.km[name])
                order.append((total(parts), name, certain, parts))
        for _, name, certain, parts in sorted(order):
            each = weigh.of(step, listed[name], certain, self.km[name], parts)
            reason, note = self._obstacle(each, step, wanted)
            if reason is None or reason in self.lenient:
                yield each
            else:
                self.left[name] = LeftOut(name, reason, note, each)

    def _obstacle(self, each: Factors, step: Step, wanted: Wanted) -> tuple[str | None, StatusNote | None]:
        """What keeps one that a step selects out of the list, if anything."""
        if each.name in self.declined:
            return "declined", None
        note = self._closing(each.name, wanted)
        if note is not None:
            return "closed", note
        if each.passed_over(self.need.level, step.is_own):
            return "full", None
        # Level 4 waits for the morning, and so do patients of level 3 at their own hospital.
        waits = self.need.level == 4 or (self.need.level == 3 and step.is_own)
        return (None if each.open_now or waits else "hours"), None

    def _selected(self, select: Sequence[Token]) -> Iterator[tuple[str, bool]]:
        """Names that a row selects: True by stated facts, False by what is assumed."""
        pools = sorted((self._pool(token) for token in select), key=lambda pool: len(pool[0]))
        names = pools[0][0].intersection(*(pool for pool, _ in pools[1:]))
        certain = names.intersection(*(stated for _, stated in pools))
        for name in names:
            if self._in_its_field(select, self.site.institutions[name]):
                yield name, name in certain

    def _pool(self, token: Token) -> tuple[Names, Names]:
        """Who has what a token asks for, and which of them state it as a fact."""
        directory = self.site.directory
        what = token.code or self.need.specialty if token.what == DEPARTMENT else token.what
        if token.what in KINDS or token.what in REACHES:
            names = directory.of_kind.get(what, NOBODY)
        elif token.what == OWN:
            names = frozenset({self.need.orig_hospital or ""}) & directory.all if self._own_fits() else NOBODY
        elif token.what == TOWN:
            names = directory.serving.get(self.town.name, NOBODY) if self.town else NOBODY
        elif token.what == NEIGHBOUR:
            near = self.town.neighbours if self.town else ()
            names = NOBODY.union(*(directory.serving.get(each, NOBODY) for each in near))
        elif token.what == WITHIN:
            far = float(token.code or 0)
            names = frozenset(n for n, km in self.km.items() if km is not None and km <= far)
        elif token.what == NO_TOWN:
            names = NOBODY if self.town else directory.all
        else:
            stated = directory.stating.get(what, NOBODY)
            return (stated if token.stated else directory.having.get(what, NOBODY)), stated
        return names, names

    def _own_fits(self) -> bool:
        """Whether, at level 2, the own hospital is near enough to go there first."""
        km = self.km.get(self.need.orig_hospital or "")
        return self.need.level > 2 or km is None or km <= self.site.policy.own_urgent_km

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

    def _wanted(self, step: Step) -> Wanted:
        """Departments and services that must not be closed."""
        offers = [token for token in step.select if token.what not in (*KINDS, *REACHES)]
        codes = {self.need.specialty, *step.codes}.union(*(codes_of(t.what) for t in offers if not t.code))
        return Wanted(frozenset(codes), frozenset({*self.weighing.services, *(t.what for t in offers)}))

    def _closing(self, name: str, wanted: Wanted) -> StatusNote | None:
        closing = self.closed.get(name)
        return closing.of(wanted, outpatient=self.need.level >= 3) if closing else None

    def why_not(self, name: str) -> str:
        """Why no step selects an institution of the place."""
        able = {self.need.specialty, self.weighing.services[0]} - {"急诊"}
        return "route" if any(map(self.site.institutions[name].may_have, able)) else "cannot"

    def _candidate(self, each: Factors, step: Step, full: Factors | None) -> Candidate:
        institution = self.site.institutions[each.name]
        why = step.why.replace("{科}", short_names().get(self.need.specialty, "相应科室"))
        doubtful = not each.certain or institution.existence_unsure
        parts = [why + (f"（{_UNCONFIRMED}）" if doubtful else "")]
        if self.town and each.km is not None and each.km >= 1.5:
            parts.append(f"直线约{round(each.km)}公里")
        if not each.open_now and self.weighing.hour is not None:
            parts.append(self.weighing.hour.opens)
        why = "，".join(parts)
        if full is not None:
            why += f"；{full.name}{full.what}今日名额已满"
        if overlooked := next((r for r in ("closed", "full") if r in self.lenient), None):
            why += f"；{_CALL_FIRST[overlooked]}"
        own = each.name == self.need.orig_hospital
        return Candidate(each.name, why, institution.direct_line, own, each)
