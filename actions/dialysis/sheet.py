"""An Excel file of dialysis patients → entries of the register, every fault with its row and column."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Protocol

from actions.desk import Desk
from actions.dialysis.entry import Entry, shift_of, start_of
from actions.sheet_cells import CellFault, text_of
from actions.sheet_tables import plain_header
from actions.site_files import Faults, read_table
from actions.site_types import SiteError

COLUMNS = Path(__file__).resolve().parents[2] / "data" / "programmes" / "dialysis-columns.csv"
HEADER_WITHIN = 5
"""Rows in which the header may stand, below a title."""
_SEXES = {"男": "M", "女": "F", "M": "M", "F": "F"}
_AGE = re.compile(r"(\d{1,3})\s*岁?")


class NotAList(Exception):
    """The file is no list of dialysis patients; the message is one line."""


class Schedule(Protocol):
    """Reads days, shift, start and transport out of a cell; nlu/programmes/visits.py through the reader."""

    def __call__(self, text: str) -> tuple[frozenset[int], str | None, time | None, str | None]: ...


@dataclass
class Sheet:
    """What was read: entries with their rows, and what is wrong with the others."""

    entries: list[tuple[int, Entry]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Cell:
    text: str
    value: Any
    where: str


def read_sheet(path: Path, desk: Desk, schedule: Schedule) -> Sheet:
    """The first sheet of the file. Raises NotAList when it cannot be read or lacks a needed column."""
    rows = list(_rows(path))
    header, columns = _header(path, rows)
    sheet = Sheet()
    for number, cells in rows[header + 1 :]:
        row = {name: _cell(cells, at, number, title) for name, (at, title) in columns.items()}
        if any(cell.text for cell in row.values()):
            _take(sheet, number, row, desk, schedule)
    return sheet


def _rows(path: Path) -> Iterator[tuple[int, tuple[Any, ...]]]:
    from openpyxl import load_workbook  # noqa: PLC0415 (only the import pays for it)

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except FileNotFoundError:
        raise NotAList(f"{path}: file is missing") from None
    except Exception as error:  # openpyxl raises whatever the broken file leads it to
        raise NotAList(f"{path}: is no Excel file (.xlsx) that can be read") from error
    yield from enumerate(book.worksheets[0].iter_rows(values_only=True), 1)
    book.close()


def _titles() -> dict[str, tuple[str, bool]]:
    """What a column may be called → its field, and whether it is needed. Raises SiteError."""
    faults = Faults()
    rows = read_table(COLUMNS, ("field", "headers", "needed"), faults)
    if faults.lines:
        raise SiteError(faults.lines[0])
    return {title: (row["field"], row["needed"] == "yes") for row in rows for title in row.many("headers")}


def _header(path: Path, rows: list[tuple[int, tuple[Any, ...]]]) -> tuple[int, dict[str, tuple[int, str]]]:
    """The place of the header among the rows, and where each field stands."""
    titles = _titles()
    needed = dict.fromkeys(name for name, must in titles.values() if must)
    best: dict[str, tuple[int, str]] = {}
    for place, (_, cells) in enumerate(rows[:HEADER_WITHIN]):
        found: dict[str, tuple[int, str]] = {}
        for at, value in enumerate(cells):
            title = plain_header(str(value or ""))
            if title in titles:
                found.setdefault(titles[title][0], (at, title))
        if all(name in found for name in needed):
            return place, found
        best = max(best, found, key=len)
    lacking = next(name for name in needed if name not in best)
    called = "、".join(title for title, (name, _) in titles.items() if name == lacking)
    raise NotAList(f"{path}: the first {HEADER_WITHIN} rows have no column for {lacking}; call it {called}")


def _cell(cells: tuple[Any, ...], at: int, row: int, title: str) -> _Cell:
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 (only the import pays for it)

    value = cells[at] if at < len(cells) else None
    return _Cell(
        "" if value is None else str(value).strip(),
        value,
        f"row {row}, column {get_column_letter(at + 1)} ({title})",
    )


def _take(sheet: Sheet, number: int, row: Mapping[str, _Cell], desk: Desk, schedule: Schedule) -> None:
    faults: list[str] = []
    told = {name: cell.text for name, cell in row.items()}
    if not told["name"]:
        faults.append(f"{row['name'].where}: the name is missing")
    hospital = _known(row, "hospital", desk.site.gazetteer().institutions, faults, needed=True)
    town = _known(row, "town", desk.site.gazetteer().towns, faults)
    days, shift, start = _when(row, desk, schedule, faults)
    sex = _SEXES.get(told.get("sex", ""))
    if told.get("sex") and sex is None:
        faults.append(f"{row['sex'].where}: {told['sex']} is neither 男 nor 女")
    age = _AGE.fullmatch(told.get("age", "").removesuffix(".0"))
    if told.get("age") and age is None:
        faults.append(f"{row['age'].where}: {told['age']} is no age")
    phone = _as_pack(row.get("phone"), "phone", faults)
    since = _day(row["since"], faults) if "since" in row else None
    if faults:
        sheet.faults += faults
        return
    entry = Entry(
        name=told["name"],
        hospital=hospital or "",
        days=days,
        shift=shift,
        start=start,
        sex=sex,
        age=int(age[1]) if age else None,
        town=town,
        address=told.get("address", ""),
        phone=phone,
        transport=schedule(told.get("transport", ""))[3] or told.get("transport", "")[:32],
        since=since,
    )
    sheet.entries.append((number, entry))


def _as_pack(cell: _Cell | None, column: str, faults: list[str]) -> str:
    """The cell as a column of the site pack of that kind is read: what Excel made of a number or a time is undone."""
    if cell is None or not cell.text:
        return ""
    try:
        return text_of(column, cell.value)
    except CellFault as fault:
        faults.append(f"{cell.where}: {fault}")
        return ""


def _known(
    row: Mapping[str, _Cell], name: str, ways: Mapping[str, str], faults: list[str], *, needed: bool = False
) -> str | None:
    """The full name of a hospital or town of the place."""
    cell = row.get(name)
    if cell is None or not cell.text:
        if needed and cell is not None:
            faults.append(f"{cell.where}: is empty")
        return None
    if cell.text not in ways:
        faults.append(f"{cell.where}: {cell.text} is not in the site's directory")
    return ways.get(cell.text)


def _when(
    row: Mapping[str, _Cell], desk: Desk, schedule: Schedule, faults: list[str]
) -> tuple[str, str, str]:
    """Days, shift and start: the start's own column, else what the cells of days and shift say."""
    words = row["days"].text
    weekdays, shift, start, _ = schedule(words if re.search("周|星期|礼拜", words) else f"周{words}")
    if not weekdays:
        faults.append(
            f"{row['days'].where}: {words or 'an empty cell'} names no days; write them like 二四六"
        )
    if "shift" in row and row["shift"].text:
        said = schedule(row["shift"].text)
        shift = said[1] or next((each for each in "早中晚" if row["shift"].text.startswith(each)), shift)
        start = said[2] or start
        if shift is None and start is None:
            faults.append(f"{row['shift'].where}: {row['shift'].text} is no shift; write 早, 中 or 晚")
    clock = row.get("start")
    if clock is not None and clock.text:
        start = schedule(_as_pack(clock, "from", faults))[2]
        if start is None:
            faults.append(f"{clock.where}: {clock.text} is no time like 7:00")
    told = f"{start:%H:%M}" if start else None
    shift = shift or (shift_of(desk, told) if told else "早")
    return "".join(str(each) for each in sorted(weekdays)), shift, start_of(desk, shift, told)


def _day(cell: _Cell, faults: list[str]) -> date | None:
    if not cell.text:
        return None
    if isinstance(cell.value, datetime):
        return cell.value.date()
    found = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", cell.text)
    try:
        if found:
            return date(*(int(each) for each in found.groups()))
    except ValueError:
        pass  # 2021-02-30
    faults.append(f"{cell.where}: {cell.text} is no date like 2021-03-15")
    return None
