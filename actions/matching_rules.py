"""The routing table (data/protocol/routing.csv): who can take which need, in what order."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from actions.site_files import Faults, Row, read_table
from actions.site_policy import PROTOCOL
from actions.site_types import CATEGORIES, DISPOSITIONS, KINDS, PHASES, REACHES, SPECIALTIES, SiteError

ROUTING = PROTOCOL / "routing.csv"
# fmt: off
COLUMNS = (
    "route", "level", "category", "specialty", "disposition", "when", "select", "take", "why", "source",
)
# fmt: on
LAST_RESORT = "兜底"
ENTRY, DEPARTMENT, OWN = "入口", "科室", "原医院"
TOWN, NEIGHBOUR, NO_TOWN, WITHIN = "本街镇", "邻街镇", "街镇未知", "公里内"
SPECIALIST_FIRST = "specialist_first"
NOBODY_FOUND = "nobody"


@dataclass(frozen=True)
class Need:
    """What a patient needs, as far as choosing an institution goes.

    `specialties` are all codes considered, the first is `specialty`. `at` is the moment of choosing, as
    states of hospitals end. `age_years` may be fractional; None when unknown.
    """

    level: int
    specialty: str
    specialties: tuple[str, ...] = ()
    category: str = "OTHER"
    tags: tuple[str, ...] = ()
    disposition: str = "NONE"
    town: str | None = None
    orig_hospital: str | None = None
    at: datetime | None = None
    age_years: float | None = None


@dataclass(frozen=True)
class Condition:
    """A cell of values: holds for one of them, when negated for none of them; empty holds always."""

    values: frozenset[str]
    negated: bool = False

    def holds(self, value: str) -> bool:
        return not self.values or (value in self.values) != self.negated


@dataclass(frozen=True)
class Token:
    """One part of `select`: a kind, a reach, a service, 原医院, 本街镇 …; 科室 (`code`: of which), 公里内 (how many)."""

    what: str
    code: str | None = None
    stated: bool = False


@dataclass(frozen=True)
class Step:
    """One row: when it applies, whom it selects, how many, and why in words."""

    route: str
    levels: frozenset[int]
    category: Condition
    specialty: Condition
    disposition: Condition
    when: tuple[str, ...]
    select: tuple[Token, ...]
    take: int | None
    why: str

    @property
    def is_entry(self) -> bool:
        """Whether the row only says when its route is taken."""
        return self.select[0].what == ENTRY

    @property
    def is_own(self) -> bool:
        """Whether the row selects the hospital that treats the patient."""
        return self.select[0].what == OWN

    def asks_for(self, service: str) -> bool:
        """Whether the row selects by this service."""
        return any(token.what == service for token in self.select)

    @property
    def codes(self) -> tuple[str, ...]:
        """Departments the row names itself (科室:OB)."""
        return tuple(token.code for token in self.select if token.what == DEPARTMENT and token.code)

    def applies(self, need: Need, phase: str, specialist_first: bool) -> bool:
        """Whether the row's conditions hold for this need."""
        return (
            need.level in self.levels
            and self.category.holds(need.category)
            and self.specialty.holds(need.specialty)
            and self.disposition.holds(need.disposition)
            and all(_when(term, need, phase, specialist_first) for term in self.when)
        )


def steps_for(need: Need, phase: str, specialist_first: bool) -> list[Step]:
    """The rows of the route of this need, in order. Raises SiteError when the table has a fault."""
    applying = [s for s in routing() if s.applies(need, phase, specialist_first)]
    route = next((s.route for s in applying if s.is_entry), LAST_RESORT)
    return [s for s in applying if s.route == route and not s.is_entry]


def last_resort(need: Need, phase: str) -> list[Step]:
    """Rows that fill the list up when the route has too few institutions left."""
    return [
        s for s in routing() if s.route == LAST_RESORT and not s.is_entry and s.applies(need, phase, False)
    ]


@lru_cache(maxsize=1)
def routing() -> tuple[Step, ...]:
    """The table. Raises SiteError, one line, when it has a fault."""
    faults = Faults()
    steps = read_routing(ROUTING, faults)
    if faults.lines:
        raise SiteError(faults.lines[0])
    return steps


def read_routing(path: Path, faults: Faults) -> tuple[Step, ...]:
    """Reads a routing table, noting every fault."""
    services = {
        r["service"] for r in read_table(PROTOCOL / "services.csv", ("service", "says", "note"), faults)
    }
    steps = []
    for row in read_table(path, COLUMNS, faults):
        before = len(faults.found)
        step = _step(row, services, faults)
        if len(faults.found) == before:
            steps.append(step)
    return tuple(steps)


def _step(row: Row, services: Collection[str], faults: Faults) -> Step:
    levels = re.fullmatch(r"([1-4])(?:-([1-4]))?", row["level"] or "1-4")
    if levels is None:
        faults.add(row.path, row.line, f"level: {row['level']} must be 1 to 4 or a span like 2-3")
    if row["take"] and not re.fullmatch(r"[1-9]\d?", row["take"]):
        faults.add(row.path, row.line, f"take: {row['take']} must be a number above 0")
    when = tuple(t.strip() for t in row["when"].split("+") if t.strip())
    for term in when:
        if not re.fullmatch(
            rf"{SPECIALIST_FIRST}|{NOBODY_FOUND}|age<\d+|phase=({'|'.join(PHASES)}|/)+", term
        ):
            faults.add(
                row.path,
                row.line,
                f"when: {term} is unknown; write {SPECIALIST_FIRST}, {NOBODY_FOUND}, age<14 or phase=…",
            )
    if not row["select"]:
        faults.add(row.path, row.line, "select is empty; write 入口 or whom the row selects")
    first, last = (int(levels[1]), int(levels[2] or levels[1])) if levels else (1, 4)
    return Step(
        route=row["route"],
        levels=frozenset(range(first, last + 1)),
        category=_condition(row, "category", CATEGORIES, faults),
        specialty=_condition(row, "specialty", SPECIALTIES, faults),
        disposition=_condition(row, "disposition", DISPOSITIONS, faults),
        when=when,
        select=tuple(
            _token(row, part.strip(), services, faults) for part in row["select"].split("+") if part.strip()
        ),
        take=int(row["take"]) if row["take"].isascii() and row["take"].isdigit() else None,
        why=row["why"],
    )


def _condition(row: Row, column: str, known: Collection[str], faults: Faults) -> Condition:
    text = row[column]
    values = frozenset(v.strip() for v in text.removeprefix("!").split("/") if v.strip())
    for value in sorted(values.difference(known)):
        faults.add(row.path, row.line, f"{column}: {value} is unknown; it must be of {', '.join(known)}")
    return Condition(values, text.startswith("!"))


def _token(row: Row, part: str, services: Collection[str], faults: Faults) -> Token:
    if near := re.fullmatch(rf"([1-9]\d?){WITHIN}", part):
        return Token(WITHIN, near[1])
    stated = part.endswith("!")
    what, _, code = part.removesuffix("!").partition(":")
    known = what in (ENTRY, OWN, TOWN, NEIGHBOUR, NO_TOWN, DEPARTMENT, *KINDS, *REACHES) or what in services
    if not known or (code and (what != DEPARTMENT or code not in SPECIALTIES)):
        faults.add(row.path, row.line, f"select: {part} is unknown; see the comment at the top of the table")
    return Token(what, code or None, stated)


def _when(term: str, need: Need, phase: str, specialist_first: bool) -> bool:
    if term == SPECIALIST_FIRST:
        return specialist_first
    if term == NOBODY_FOUND:
        return True  # known only while the list is made
    if term.startswith("age<"):
        return need.age_years is not None and need.age_years < int(term[4:])
    return phase in term.removeprefix("phase=").split("/")
