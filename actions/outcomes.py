"""How cases end: data/programmes/outcomes.csv with the name of each outcome and whether to ask the day after."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from actions.site_files import Faults, read_table
from actions.site_types import SiteError

TABLE = Path(__file__).resolve().parents[1] / "data" / "programmes" / "outcomes.csv"
DONE, DIED = "done", "died"
CODES = frozenset(
    {"handed_over", "admitted", "online", "delivered", "moved", "better", "treated", DONE}
    | {"cancelled", "withdrawn", "duplicate", "false_alarm", "non_medical", DIED}
)
"""What is understood; nothing said is DONE."""
_ANSWERS = {"yes": True, "no": False}


@dataclass(frozen=True)
class Outcome:
    """One way in which a case ends. `asked`: the reporter is asked the day after; `said`: the confirmation names it."""

    code: str
    name: str
    asked: bool
    said: bool


@lru_cache(maxsize=1)
def outcomes() -> dict[str, Outcome]:
    """Every outcome by its code, in the order of the table. Raises SiteError, one line, for a fault."""
    return read_outcomes(TABLE)


def outcome_name(code: str | None) -> str:
    """The Chinese name; "" for a case that has not ended, the code itself where the table has none (an import)."""
    return outcomes()[code].name if code in outcomes() else code or ""


def read_outcomes(path: Path) -> dict[str, Outcome]:
    """The outcomes of a table. Raises SiteError on its first fault."""
    faults = Faults()
    found: dict[str, Outcome] = {}
    for row in read_table(path, ("outcome", "name", "next_day", "says_so", "note"), faults):
        code = row["outcome"]
        if code not in CODES:
            faults.add(path, row.line, f"outcome: {code} is unknown; known are {', '.join(sorted(CODES))}")
        for column in ("next_day", "says_so"):
            if row[column] not in _ANSWERS:
                faults.add(path, row.line, f"{column}: write yes or no, not {row[column] or 'nothing'}")
        if not row["name"]:
            faults.add(path, row.line, "name is empty: write what is shown for this outcome")
        found[code] = Outcome(
            code, row["name"], _ANSWERS.get(row["next_day"], False), _ANSWERS.get(row["says_so"], False)
        )
    for code in sorted(CODES - found.keys()):
        faults.add(path, None, f"outcome: a line for {code} is missing")
    if faults.lines:
        raise SiteError(faults.lines[0])
    return found
