"""What the sheets of an administrator's workbook are called: data/sheets/columns.csv and words.csv."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from actions.site_files import Faults, Row, read_table, unknown_values
from actions.site_people import DUTY_CODES, MEMBER_COLUMNS, MEMBER_MORE, ROSTER_COLUMNS
from actions.site_policy import PROTOCOL
from actions.site_read import ALL_DEPARTMENTS, INSTITUTION_COLUMNS, TOWN_COLUMNS
from actions.site_types import CATEGORIES, PURPOSES, ROLES, SPECIALTIES, SiteError

SHEETS = Path(__file__).resolve().parent.parent / "data" / "sheets"
ROOM_COLUMNS = ("name", "purpose", "category", "town", "hospital", "phone")
FILES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "机构": ("institutions.csv", INSTITUTION_COLUMNS),
    "街镇": ("towns.csv", tuple(TOWN_COLUMNS)),
    "群": ("rooms.yml", ROOM_COLUMNS),
    "成员": ("members.csv", (*MEMBER_COLUMNS, *MEMBER_MORE)),
    "值班": ("roster.csv", tuple(ROSTER_COLUMNS)),
}
"""Sheet → file of the pack and its columns, in the order in which they refer to each other."""
OPTIONAL: Mapping[str, tuple[str, ...]] = {"members.csv": MEMBER_MORE}
"""Columns that a file need not have."""
GUIDE = "说明"
"""The sheet that explains the others; it is not read."""
NOT_READ = "-"

_EVERY = "*"
_VALUES: Mapping[str, tuple[str, ...]] = {
    "role": ROLES,
    "purpose": PURPOSES,
    "category": CATEGORIES,
    "code": DUTY_CODES,
    "departments": (ALL_DEPARTMENTS,),
}


@dataclass(frozen=True)
class Names:
    """Names of sheets and headers, both ways."""

    sheets: Mapping[str, str]
    columns: Mapping[tuple[str, str], str]
    headers: Mapping[tuple[str, str], str]
    notes: Mapping[tuple[str, str], str]

    def header(self, sheet: str, column: str) -> str:
        """What the column is called in the sheet."""
        return self.headers.get((sheet, column), column)

    def column(self, sheet: str, said: str) -> str | None:
        """The column that a header means; NOT_READ for remarks, None when nobody knows."""
        plain = plain_header(said)
        return self.columns.get((sheet, plain)) or self.columns.get((_EVERY, plain))

    def known_headers(self, sheet: str) -> list[str]:
        """The headers of a sheet as the export writes them."""
        return [self.header(sheet, column) for column in FILES[sheet][1]]


@lru_cache(maxsize=1)
def names() -> Names:
    """Reads columns.csv. Raises SiteError when it has a fault or leaves a column of the packs out."""
    faults = Faults()
    rows = read_table(SHEETS / "columns.csv", ("sheet", "column", "header", "says", "note"), faults)
    found = _Draft({}, {}, {}, {})
    for row in rows:
        _take(row, found, faults)
    for sheet, (_, columns) in FILES.items():
        for column in columns:
            if (sheet, column) not in found.headers:
                faults.add(
                    SHEETS / "columns.csv", None, f"the sheet {sheet} has no row for {column}; add one"
                )
    if faults.lines:
        raise SiteError(faults.lines[0])
    return Names(found.sheets, found.columns, found.headers, found.notes)


@dataclass(frozen=True)
class _Draft:
    """The names while the rows are read."""

    sheets: dict[str, str]
    columns: dict[tuple[str, str], str]
    headers: dict[tuple[str, str], str]
    notes: dict[tuple[str, str], str]


def _take(row: Row, found: _Draft, faults: Faults) -> None:
    sheet, column = row["sheet"], row["column"]
    unknown_values(row, "sheet", [sheet], [*FILES, _EVERY], faults)
    if sheet in FILES and column:
        unknown_values(row, "column", [column], FILES[sheet][1], faults)
    for said in (row["header"], *row.many("says"), *([column] if column != NOT_READ else [])):
        key = plain_header(said)
        if not column and key:
            other = found.sheets.setdefault(key, sheet)
            taken = other != sheet
        else:
            other = found.columns.setdefault((sheet, key), column)
            taken = other != column
        if taken:
            faults.add(row.path, row.line, f"says: {said} already means {other}; it may mean one only")
    found.headers[(sheet, column)] = row["header"]
    found.notes[(sheet, column)] = row["note"]


def plain_header(said: str) -> str:
    """A header without blanks, stars and remarks in brackets: ` 角色 *（必填）` is 角色."""
    return "".join(said.split()).split("(")[0].split("（")[0].strip("*＊:：").lower()


@dataclass(frozen=True)
class Words:
    """Words of the workbook for values of the pack, by column."""

    shown: Mapping[tuple[str, str], str]
    meant: Mapping[tuple[str, str], str]

    def word(self, column: str, value: str) -> str:
        """What the workbook shows for a value."""
        return self.shown.get((column, value), value)

    def value(self, column: str, word: str) -> str:
        """The value that a word means; what is no word stays as it is, for the check to judge."""
        return self.meant.get((column, word), self.meant.get((column, word.upper()), word))


@lru_cache(maxsize=1)
def words() -> Words:
    """Reads words.csv and the names of departments and services. Raises SiteError when it has a fault."""
    faults = Faults()
    shown: dict[tuple[str, str], str] = {}
    meant: dict[tuple[str, str], str] = {}
    for row in read_table(SHEETS / "words.csv", ("column", "value", "word", "says"), faults):
        column, value = row["column"], row["value"]
        unknown_values(row, "column", [column], _VALUES, faults)
        unknown_values(row, "value", [value], _VALUES.get(column, ()), faults)
        shown[(column, value)] = row["word"]
        for said in (row["word"], value, *row.many("says")):
            if meant.setdefault((column, said), value) != value:
                faults.add(row.path, row.line, f"says: {said} already means {meant[(column, said)]}")
    _departments(meant, faults)
    if faults.lines:
        raise SiteError(faults.lines[0])
    return Words(shown, meant)


def _departments(meant: dict[tuple[str, str], str], faults: Faults) -> None:
    """Departments and services may be written by their names; where both have a name it is the service."""
    of_services = [
        (row["service"], (row["service"], *row.many("says")))
        for row in read_table(PROTOCOL / "services.csv", ("service", "says", "note"), faults)
    ]
    of_codes: list[tuple[str, tuple[str, ...]]] = [(code, (code,)) for code in SPECIALTIES]
    for row in read_table(PROTOCOL / "departments.csv", ("code", "name", "says"), faults):
        of_codes.append((row["code"], (row["name"], *row.many("says"))))
    for row in read_table(PROTOCOL / "specialties.csv", ("code", "name", "note"), faults):
        of_codes.append((row["code"], (row["name"],)))
    _lay(meant, "services", of_services)
    _lay(meant, "departments", of_codes)
    _lay(meant, "assumed", of_services)
    _lay(meant, "assumed", of_codes)
    _lay(meant, "code", of_codes)
    second = [
        (f"{code}2", tuple(f"{s}{two}" for s in said for two in ("2", "二线"))) for code, said in of_codes
    ]
    _lay(meant, "code", second)


def _lay(
    meant: dict[tuple[str, str], str], column: str, known: Iterable[tuple[str, tuple[str, ...]]]
) -> None:
    for value, said in known:
        for word in said:
            meant.setdefault((column, word), value)
