"""The tables of the online clinic: how its steps are told, and who is at risk of falling seriously ill."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from actions.site_files import Faults, Row, read_table
from actions.site_types import SiteError
from actions.told import is_done
from nlu.clauses import fold

FOLDER = Path(__file__).resolve().parents[2] / "data" / "programmes"
STEPS = ("consulted", "prescribed", "paid", "sent", "delivered")
"""In the order in which they follow one another."""
ENDED = "ended"
"""What is said of a case that is to be closed, whatever the step: the act decides then."""
_CLAUSE = re.compile(r"[,。;!！、\n]|(?<=\?)")


@dataclass(frozen=True)
class RiskGroup:
    """Who belongs to it: above an age (years), beyond completed weeks, or with one of these in the history."""

    name: str
    age_over: float | None
    weeks_over: int | None
    history: frozenset[str]

    def holds(self, fields: Mapping[str, Any]) -> bool:
        """Whether what is known of a patient puts them into it."""
        age, weeks = fields.get("age"), str(fields.get("gestation", "")).partition("+")[0]
        return (
            (self.age_over is not None and age is not None and age > self.age_over)
            or (self.weeks_over is not None and weeks.isdecimal() and int(weeks) >= self.weeks_over)
            or not self.history.isdisjoint(fields.get("history", []))
        )


def step_told(text: str) -> str | None:
    """The farthest step that a message tells of, neither denied nor asked about."""
    pieces = _CLAUSE.split(fold(text))
    if any(says.search(text) for step, says in _steps() if step == ENDED):
        return None
    told = {step for piece in pieces if (step := _told(piece)) is not None}
    return max(told, key=STEPS.index, default=None)


def _told(clause: str) -> str | None:
    for step, says in _steps():
        found = says.search(clause) if step != ENDED else None
        if found and is_done(clause, found):
            return step
    return None


def at_risk(fields: Mapping[str, Any]) -> bool:
    """Whether a patient with COVID may fall seriously ill."""
    return any(group.holds(fields) for group in risk_groups())


@lru_cache(maxsize=1)
def _steps() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The farthest first. Raises SiteError, one line, when the table has a fault."""
    return read_steps(FOLDER / "online-steps.csv")


@lru_cache(maxsize=1)
def risk_groups() -> tuple[RiskGroup, ...]:
    """Raises SiteError, one line, when the table has a fault."""
    return read_risk_groups(FOLDER / "risk-groups.csv")


def read_steps(path: Path) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The ways in which steps are told, in the order of the table. Raises SiteError on its first fault."""
    faults = Faults()
    found = []
    for row in read_table(path, ("step", "says", "note"), faults):
        if row["step"] not in (*STEPS, ENDED):
            faults.add(path, row.line, f"step: {row['step']} is unknown; known are {', '.join(STEPS)}")
        try:
            found.append((row["step"], re.compile(row["says"])))
        except re.error as error:
            faults.add(path, row.line, f"says: no regular expression ({error})")
    _complain(faults)
    return tuple(found)


def read_risk_groups(path: Path) -> tuple[RiskGroup, ...]:
    """The groups of a table. Raises SiteError on its first fault."""
    faults = Faults()
    columns = ("group", "age_over", "gestation_over", "history", "note")
    groups = [_group(row, faults) for row in read_table(path, columns, faults)]
    _complain(faults)
    return tuple(groups)


def _group(row: Row, faults: Faults) -> RiskGroup:
    for column in ("age_over", "gestation_over"):
        if row[column] and not row[column].isdecimal():
            faults.add(row.path, row.line, f"{column}: {row[column]} must be a whole number")
            return RiskGroup(row["group"], None, None, frozenset())
    age, weeks = (int(row[column]) if row[column] else None for column in ("age_over", "gestation_over"))
    return RiskGroup(row["group"], age, weeks, frozenset(row.many("history")))


def _complain(faults: Faults) -> None:
    if faults.lines:
        raise SiteError(faults.lines[0])
