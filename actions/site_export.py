"""A pack as an Excel workbook that an administrator fills in and `site import` reads."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from actions.pack_file import read_pack_file
from actions.sheet_cells import is_number
from actions.sheet_tables import FILES, GUIDE, names, words
from actions.site_files import shown
from actions.site_people import DUTY_CODES
from actions.site_types import CATEGORIES, KINDS, PURPOSES, REACHES, ROLES, SPECIALTIES, SiteError

_CHOICES: Mapping[str, tuple[str, ...]] = {
    "kind": KINDS, "reach": REACHES, "role": ROLES, "purpose": PURPOSES, "category": CATEGORIES,
}  # fmt: skip
_NUMBERS = ("lat", "lon")
_ROWS = 2_000
"""How far down the sheets offer choices and keep what is typed as text."""


def export(folder: Path, workbook: Path, empty: bool = False) -> int:
    """Writes the pack in `folder` as a workbook; the number of rows. `empty`: only headers and explanations.

    Raises SiteError when the file is there already, or when a file of the pack cannot be read.
    """
    from openpyxl import Workbook  # noqa: PLC0415  (only export and import need it)

    if workbook.exists():
        raise SiteError(f"{shown(workbook)}: is there already; give another name or take it away")
    book, rows = Workbook(), 0
    book.remove(book.worksheets[0])
    for name, (file_name, columns) in FILES.items():
        file = read_pack_file(folder / file_name, columns)
        if file.fault and not empty:
            raise SiteError(f"{file.fault}")
        sheet = book.create_sheet(name)
        _header(sheet, name, columns)
        for entry in [] if empty else file.entries:
            _row(sheet, [(c, entry.cells.get(c, "")) for c in columns])
            rows += 1
    _guide(book.create_sheet(GUIDE))
    try:
        book.save(workbook)
    except OSError as error:
        raise SiteError(f"{shown(workbook)}: cannot be written ({error.strerror})") from error
    return rows


def _header(sheet: Any, name: str, columns: tuple[str, ...]) -> None:
    from openpyxl.styles import Font, PatternFill  # noqa: PLC0415
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415

    sheet.append([names().header(name, column) for column in columns])
    sheet.freeze_panes = "B2"
    for cell, column in zip(sheet[1], columns, strict=True):
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="DDEBF7")
        sheet.column_dimensions[cell.column_letter].width = 28 if column in ("name", "aliases") else 16
        if column not in _NUMBERS:
            sheet.column_dimensions[cell.column_letter].number_format = "@"
        if column in _CHOICES:
            offered = ",".join(words().word(column, value) for value in _CHOICES[column])
            choice = DataValidation(type="list", formula1=f'"{offered}"', allow_blank=True)
            sheet.add_data_validation(choice)
            choice.add(f"{cell.column_letter}2:{cell.column_letter}{_ROWS}")


def _row(sheet: Any, cells: list[tuple[str, str]]) -> None:
    number = sheet.max_row + 1
    for place, (column, text) in enumerate(cells, 1):
        cell = sheet.cell(number, place)
        if not text:
            continue
        if column in _NUMBERS and is_number(text):
            cell.value = float(text)
            continue
        cell.value = words().word(column, text)
        cell.number_format, cell.data_type = "@", "s"  # a text that begins with = is no formula


def _guide(sheet: Any) -> None:
    """What the columns mean and which codes there are."""
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 10, 14
    sheet.append(["表", "列", "填什么"])
    for name, (_, columns) in FILES.items():
        for column in columns:
            sheet.append([name, names().header(name, column), names().notes[(name, column)]])
    sheet.append([])
    sheet.append(["代码", "", "科室名"])
    of_codes: dict[str, str] = {}
    for (column, word), code in words().meant.items():
        if column == "departments" and word != code:
            of_codes.setdefault(code, word)
    for code in SPECIALTIES:
        sheet.append([code, "", of_codes.get(code, "")])
    for code in DUTY_CODES:
        sheet.append([code, "", words().word("code", code)])
