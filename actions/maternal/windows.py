"""The table of appointments that can be kept only in certain weeks (data/programmes/pregnancy-windows.csv)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from actions.maternal.weeks import days_of
from actions.site_files import Faults, Row, read_table
from actions.site_types import SiteError

TABLE = Path(__file__).resolve().parents[2] / "data" / "programmes" / "pregnancy-windows.csv"
COLUMNS = ("what", "says", "after", "from", "to", "every_days", "source")
PREGNANCY, BIRTH = "pregnancy", "birth"
_CLAUSE = re.compile(r"[,，。;；!！?？\n]")
# Kept already, or spoken of for its result: nobody asks for an appointment.
_DONE = re.compile(
    r"做过|做了|做好|做完|查过|查了|查出|已[经]?[做建查]|建好|建过|建了|正常|通过|没过|不过关|高[风危]|结果|报告"
)
_WEEKS = re.compile(r"\d{1,2}\+[0-6]")


@dataclass(frozen=True)
class Window:
    """When an appointment can be kept. `first` and `last` are days of the pregnancy (or after the birth), both
    included; `every` days for what is repeated, which has no last day."""

    what: str
    says: re.Pattern[str]
    after: str
    first: int
    last: int | None
    every: int | None

    def wanted(self, clauses: list[str]) -> bool:
        """Whether one of the clauses asks for it."""
        return any(self.says.search(each) and not _DONE.search(each) for each in clauses)


def windows_in(text: str) -> list[Window]:
    """The appointments a text asks for; a general one (产检) only when it names no other."""
    clauses = _CLAUSE.split(unicodedata.normalize("NFKC", text).casefold())
    found = [each for each in windows() if each.wanted(clauses)]
    return [each for each in found if each.every is None] or found


@lru_cache(maxsize=1)
def windows() -> tuple[Window, ...]:
    """Raises SiteError, one line, when the table has a fault."""
    return read_windows(TABLE)


def read_windows(path: Path) -> tuple[Window, ...]:
    """The rows of a table. Raises SiteError on its first fault."""
    faults = Faults()
    found = [each for row in read_table(path, COLUMNS, faults) if (each := _window(row, faults)) is not None]
    if faults.lines:
        raise SiteError(faults.lines[0])
    return tuple(found)


def _window(row: Row, faults: Faults) -> Window | None:
    fault = _fault(row)
    if fault:
        faults.add(row.path, row.line, fault)
        return None
    first, last, every = row["from"], row["to"], row["every_days"]
    return Window(
        what=row["what"],
        says=re.compile(row["says"]),
        after=row["after"],
        first=days_of(first) if first else 0,
        last=days_of(last) if last else None,
        every=int(every) if every else None,
    )


def _fault(row: Row) -> str:
    """The first fault of a row; empty when it has none."""
    wrong = [
        f"{column}: {row[column]} must be weeks and days, like 24+6"
        for column in ("from", "to")
        if row[column] and not _WEEKS.fullmatch(row[column])
    ]
    if not wrong and row["from"] and row["to"] and days_of(row["from"]) > days_of(row["to"]):
        wrong.append(f"from: {row['from']} is after {row['to']}")
    if row["after"] not in (PREGNANCY, BIRTH):
        wrong.append(f"after: {row['after']} must be {PREGNANCY} or {BIRTH}")
    if row["every_days"] and not (row["every_days"].isdecimal() and int(row["every_days"])):
        wrong.append(f"every_days: {row['every_days']} must be a whole number of days")
    if not (row["to"] or row["every_days"]):
        wrong.append("to: what is not repeated needs a last week")
    try:
        re.compile(row["says"])
    except re.error as error:
        wrong.append(f"says: no regular expression ({error})")
    return next(iter(wrong), "")
