"""Reading an administrator's Excel workbook: which rows its sheets hold, where each cell stands, what cannot be read."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from actions.sheet_tables import FILES, GUIDE, NOT_READ, names
from actions.site_files import hint, shown
from actions.site_types import SiteError

_LOOKED_AT = 20
"""Rows in which the header may stand below a title."""


@dataclass(frozen=True)
class Cell:
    """A value with its place (`J5`) and the format it is shown in."""

    value: object
    at: str
    number_format: str = "General"


@dataclass(frozen=True)
class SheetRow:
    """One row below the header, by the columns of the pack."""

    number: int
    cells: Mapping[str, Cell]


@dataclass
class Sheet:
    """A sheet as it was read. `columns`: the pack's column → its letter."""

    title: str
    name: str
    columns: dict[str, str] = field(default_factory=dict)
    rows: list[SheetRow] = field(default_factory=list)


@dataclass
class Book:
    """The sheets that are to be imported, notes on the rest, and what cannot be read."""

    sheets: dict[str, Sheet] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def read_workbook(path: Path) -> Book:
    """Reads a workbook. Raises SiteError, one line, when the file is none."""
    book = Book()
    formulas = _open(path, data_only=False)
    results = _open(path, data_only=True) if _has_formulas(formulas) else formulas
    for worksheet in results.worksheets:
        title = worksheet.title
        name = names().sheets.get("".join(title.split()).lower())
        if name is None:
            if title.strip() != GUIDE and any(c is not None for r in worksheet.values for c in r):
                like = hint(title, FILES)
                book.notes.append(f"sheet {title} is not read{like}; sheets are {', '.join(FILES)}")
        elif name in book.sheets:
            book.faults.append(f"{title}: the sheet {book.sheets[name].title} is the same; keep one of them")
        else:
            book.sheets[name] = _sheet(worksheet, formulas[title], name, book.faults)
    if not book.sheets:
        book.faults.append(f"no sheet to read; name them {', '.join(FILES)} (any of them)")
    return book


def _has_formulas(book: Any) -> bool:
    return any(c.data_type == "f" for sheet in book.worksheets for row in sheet.iter_rows() for c in row)


def _open(path: Path, data_only: bool) -> Any:
    from openpyxl import load_workbook  # noqa: PLC0415  (only the import needs it)

    try:
        start = path.read_bytes()[:8]
    except OSError as error:
        raise SiteError(f"{shown(path)}: cannot be read ({error.strerror})") from error
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise SiteError(f"{shown(path)}: is an old .xls or has a password; save it as .xlsx without one")
    if not start.startswith(b"PK"):
        raise SiteError(f"{shown(path)}: is no Excel workbook; save it as .xlsx")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of parts of a workbook that hold no cells
            return load_workbook(path, data_only=data_only)
    except Exception as error:  # openpyxl raises what the broken part happens to raise
        raise SiteError(
            f"{shown(path)}: cannot be read as a workbook; open it in Excel and save it as .xlsx"
        ) from error


def _sheet(worksheet: Any, formulas: Any, name: str, faults: list[str]) -> Sheet:
    found = Sheet(worksheet.title, name)
    header = _header(worksheet, name)
    if header is None:
        known = ", ".join(names().known_headers(name))
        faults.append(f"{found.title}: no row with headers; the first row should be {known}")
        return found
    columns = _columns(worksheet, header, found, faults)
    merged = _merged(worksheet, header, columns, found, faults)
    for row in worksheet.iter_rows(min_row=header + 1):
        cells = {}
        for cell in row:
            column = columns.get(cell.column)
            if column is None:
                continue
            source = merged.get((cell.row, cell.column), cell)
            value = source.value
            if value is None and formulas.cell(source.row, source.column).data_type == "f":
                faults.append(
                    f"{found.title}!{cell.coordinate}: a formula without its result; save the file in Excel"
                )
            if source.data_type == "e":
                faults.append(
                    f"{found.title}!{cell.coordinate}: {value} is an error of Excel; write the value"
                )
                value = None
            cells[column] = Cell(value, cell.coordinate, source.number_format or "General")
        if any(c.value is not None and str(c.value).strip() for c in cells.values()):
            found.rows.append(SheetRow(row[0].row, cells))
    if not found.rows:
        faults.append(f"{found.title}: has no rows; take the sheet out if nothing of it should change")
    return found


def _header(worksheet: Any, name: str) -> int | None:
    """The row in which most headers stand; below a title, above the first entry."""
    scores = {
        number: len({names().column(name, str(v)) for v in row if v is not None} - {None, NOT_READ})
        for number, row in enumerate(worksheet.iter_rows(max_row=_LOOKED_AT, values_only=True), 1)
    }
    best = max(scores, key=lambda number: (scores[number], -number), default=None)
    return best if best is not None and scores[best] >= 2 else None


def _columns(worksheet: Any, header: int, sheet: Sheet, faults: list[str]) -> dict[int, str]:
    """Number of a column of the sheet → column of the pack."""
    found: dict[int, str] = {}
    for cell in worksheet[header]:
        said = str(cell.value).strip() if cell.value is not None else ""
        column = names().column(sheet.name, said) if said else None
        if not said or column == NOT_READ:
            continue
        if column is None:
            known = names().known_headers(sheet.name)
            like = hint(said, known)
            fault = f"column {said} is unknown{like}; known are {', '.join(known)}, and 备注 for remarks"
            faults.append(f"{sheet.title}!{cell.coordinate}: {fault}")
        elif column in sheet.columns:
            faults.append(f"{sheet.title}!{cell.coordinate}: column {said} stands twice; keep one of them")
        else:
            found[cell.column] = column
            sheet.columns[column] = cell.column_letter
    return found


def _merged(
    worksheet: Any, header: int, columns: Mapping[int, str], sheet: Sheet, faults: list[str]
) -> dict[tuple[int, int], Any]:
    """Cells merged down a column all have the value of the first; merged across columns nobody knows which is meant."""
    found: dict[tuple[int, int], Any] = {}
    for area in worksheet.merged_cells.ranges:
        if area.max_row <= header or not any(n in columns for n in range(area.min_col, area.max_col + 1)):
            continue
        first = worksheet.cell(area.min_row, area.min_col)
        if area.min_col != area.max_col:
            faults.append(f"{sheet.title}!{area.coord}: cells are merged across columns; unmerge them")
            continue
        found |= {(row, area.min_col): first for row in range(area.min_row, area.max_row + 1)}
    return found
