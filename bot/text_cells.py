"""Cells of a workbook that hold what people wrote: a text that begins like a formula stays a text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def as_written(sheet: Any, row: Sequence[Any]) -> list[Any]:
    """The row for `sheet.append`."""
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 (only who writes pays for it)

    cells = list(row)
    for at, value in enumerate(cells):
        if isinstance(value, str) and value[:1] == "=":
            cells[at] = WriteOnlyCell(sheet, value)
            cells[at].data_type = "s"
    return cells
