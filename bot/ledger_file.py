"""A ledger of past matters in Excel: read, checked cell by cell, told as faults that name sheet, row and column."""

from __future__ import annotations

import csv
import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from actions.ledger import Entry
from actions.sheet_tables import plain_header
from actions.site import Site
from actions.wording import PROTOCOL
from bot.errors import UserError

HEADERS = PROTOCOL.parent / "programmes" / "ledger.csv"
_SIGNS = ("I", "一", "1", "II", "二", "2", "III", "三", "3", "IV", "四", "4")
_LEVELS = {sign: 1 + at // 3 for at, sign in enumerate(_SIGNS)}
"""Signs as they are once compatibility characters (Ⅰ) are resolved."""
_MOMENT = re.compile(r"(?:(\d{4})\D)?(\d{1,2})\D(\d{1,2})\D*(?:(\d{1,2})[:点时](\d{1,2})?)?")


@dataclass
class Ledger:
    """What a file holds: the matters that can be kept, and what is wrong with the others."""

    entries: list[Entry] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    digest: str = ""


class _Fault(Exception):
    """What is wrong with one cell."""


def read(path: Path, site: Site, year: int) -> Ledger:
    """The matters of the first sheet that has the headers. `year` is meant where a date names none.

    Raises UserError when the file is no workbook or has no such sheet.
    """
    from openpyxl import load_workbook  # noqa: PLC0415 (only who imports pays for it)

    try:
        content = path.read_bytes()
        book = load_workbook(path, read_only=True, data_only=True)
    except FileNotFoundError:
        raise UserError(f"{path}: there is no such file") from None
    except Exception as error:
        raise UserError(f"{path}: is no Excel workbook ({type(error).__name__}); save it as .xlsx") from None
    ledger = Ledger(digest=hashlib.sha256(content).hexdigest())
    rows = _Rows(site, year)
    for sheet in book.worksheets:
        lines = ((number, cells) for number, cells in enumerate(sheet.iter_rows(values_only=True), 1))
        if columns := _header(lines):
            for number, cells in lines:
                if any(cell not in (None, "") for cell in cells):
                    rows.take(ledger, f"{sheet.title} row {number}", columns, cells)
            return ledger
    needed = "、".join(names[0] for names, must in _headers().values() if must)
    raise UserError(f"{path}: no sheet has a row of headers with {needed}")


def _header(lines: Iterator[tuple[int, Sequence[Any]]]) -> dict[str, int]:
    """Which column is where, from the first row that names all that are needed; within ten rows."""
    for number, cells in lines:
        names = {plain_header(str(cell)): place for place, cell in enumerate(cells) if cell is not None}
        found = {
            column: names[name]
            for column, (known, _) in _headers().items()
            for name in known
            if name in names
        }
        if all(column in found for column, (_, must) in _headers().items() if must):
            return found
        if number >= 10:
            break
    return {}


@cache
def _headers() -> dict[str, tuple[tuple[str, ...], bool]]:
    with HEADERS.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        return {row["column"]: (tuple(row["headers"].split("|")), bool(row["needed"])) for row in rows}


class _Rows:
    """Makes entries of rows; knows the place's names."""

    def __init__(self, site: Site, year: int) -> None:
        self.site, self.year = site, year
        names = site.gazetteer()
        self.towns, self.hospitals = names.towns, names.institutions
        self.categories, self.specialties = _codes("categories.csv"), _codes("specialties.csv")
        self.readers = self._readers()

    def take(self, ledger: Ledger, where: str, columns: Mapping[str, int], cells: Sequence[Any]) -> None:
        """One row becomes an entry, or a fault that names its cell."""
        given: dict[str, Any] = {}
        for column, place in columns.items():
            value = cells[place] if place < len(cells) else None
            try:
                given[column] = self.readers[column](value)
            except _Fault as fault:
                ledger.faults.append(f"{where}, {_headers()[column][0][0]}: {fault}")
                return
        given.pop("number", None)
        entry = Entry(**{key: value for key, value in given.items() if value is not None})
        if not entry.opened_at <= entry.closed_at:
            ledger.faults.append(f"{where}: ends at {entry.closed_at:%m-%d %H:%M}, before it begins")
            return
        ledger.entries.append(entry)

    def _readers(self) -> Mapping[str, Callable[[Any], Any]]:
        moment = self._moment
        return {
            "number": _text,
            "opened_at": lambda value: moment(value) or _missing("the time is missing"),
            "closed_at": lambda value: (
                moment(value) or _missing("is empty; an open matter is not imported: report it in the group")
            ),
            "acknowledged_at": moment,
            "accepted_at": moment,
            "category": lambda value: _known(self.categories, value, "category") or _missing("is empty"),
            "specialty": lambda value: _known(self.specialties, value, "specialty"),
            "level": _level,
            "town": lambda value: _known(self.towns, value, "town of this place"),
            "hospital": lambda value: self.hospitals.get(_text(value) or "", _text(value)),
            "closed_by": _text,
            "outcome": _text,
        }

    def _moment(self, value: Any) -> datetime | None:
        if isinstance(value, datetime):
            return value.replace(tzinfo=self.site.tz)
        if isinstance(value, date):
            return datetime(value.year, value.month, value.day, tzinfo=self.site.tz)
        text = _text(value)
        if text is None:
            return None
        said = _MOMENT.match(text)
        if said is None:
            raise _Fault(f"{text} is no time; write one like 2022-04-04 09:12")
        year, month, day, hour, minute = (int(part) if part else None for part in said.groups())
        try:
            return datetime(
                year or self.year, month or 0, day or 0, hour or 0, minute or 0, tzinfo=self.site.tz
            )
        except ValueError:
            raise _Fault(f"{text} is no time; write one like 2022-04-04 09:12") from None


def _missing(why: str) -> Any:
    raise _Fault(why)


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(unicodedata.normalize("NFKC", str(value)).split()) or None


def _level(value: Any) -> int | None:
    text = _text(value)
    if text is None:
        return None
    said = re.fullmatch(r"([IV]{1,3}|[一二三四1-4])级?(?:[急亚非].*)?", text.upper())
    if said is None or said[1] not in _LEVELS:
        raise _Fault(f"{value} is no level; write Ⅰ, Ⅱ, Ⅲ, Ⅳ or 1 to 4")
    return _LEVELS[said[1]]


def _known(names: Mapping[str, str], value: Any, what: str) -> str | None:
    text = _text(value)
    if text is None:
        return None
    found = names.get(text) or names.get(text.upper())
    if found is None:
        raise _Fault(f"{text} is no {what}")
    return found


@cache
def _codes(table: str) -> dict[str, str]:
    """Codes by code, name and each of the words a name is made of (血透/腹透)."""
    with (PROTOCOL / table).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    codes: dict[str, str] = {}
    for row in rows:
        if row["name"]:
            for name in (row["code"], row["name"], *re.split(r"[/(（)）]", row["name"])):
                codes.setdefault(name, row["code"])
    return codes
