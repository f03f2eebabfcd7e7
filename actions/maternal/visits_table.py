"""The table of visits and examinations after a birth (data/programmes/postnatal.csv)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from actions.site_files import Faults, Row, read_table
from actions.site_types import SiteError

TABLE = Path(__file__).resolve().parents[2] / "data" / "programmes" / "postnatal.csv"
COLUMNS = ("what", "from", "first", "last", "ask", "source")
DISCHARGE, BIRTH = "discharge", "birth"


@dataclass(frozen=True)
class Visit:
    """A visit from the `first` to the `last` day, both included, asked about on day `ask`.

    Days are counted from leaving hospital (`after` discharge; from the birth while that is not known) or the birth.
    """

    what: str
    after: str
    first: int
    last: int
    ask: int


@lru_cache(maxsize=1)
def visits() -> tuple[Visit, ...]:
    """Raises SiteError, one line, when the table has a fault."""
    return read_visits(TABLE)


def read_visits(path: Path) -> tuple[Visit, ...]:
    """The rows of a table. Raises SiteError on its first fault."""
    faults = Faults()
    found = [each for row in read_table(path, COLUMNS, faults) if (each := _visit(row, faults)) is not None]
    if faults.lines:
        raise SiteError(faults.lines[0])
    return tuple(found)


def _visit(row: Row, faults: Faults) -> Visit | None:
    fault = _fault(row)
    if fault:
        faults.add(row.path, row.line, fault)
        return None
    return Visit(row["what"], row["from"], int(row["first"]), int(row["last"]), int(row["ask"]))


def _fault(row: Row) -> str:
    """The first fault of a row; empty when it has none."""
    if not row["what"]:
        return "what: say what is due"
    if row["from"] not in (DISCHARGE, BIRTH):
        return f"from: {row['from']} must be {DISCHARGE} or {BIRTH}"
    for column in ("first", "last", "ask"):
        if not row[column].isdecimal():
            return f"{column}: {row[column]} must be a whole number of days"
    if not int(row["first"]) <= int(row["ask"]) <= int(row["last"]):
        return f"ask: {row['ask']} must lie between {row['first']} and {row['last']}"
    return ""
