"""`lianluo medicines list`: the morning's list of medicine requests, on the terminal or as an Excel file."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy.orm import Session

from actions.desk import Desk
from actions.medicines.sheet import COLUMNS, Row, as_text, by_volunteer, sheet_rows
from actions.phrasebook import Phrasebook
from actions.site import Site, load_site
from bot.database import open_database
from bot.errors import UserError
from bot.text_cells import as_written

WIDEST = 40  # characters of a column


def main(site: str, url: str, day: str | None, out: Path | None) -> int:
    """Write the list of `day` (YYYY-MM-DD; today). Raises UserError for a day that is none, a file that cannot be."""
    place = load_site(site)
    try:
        wanted = date.fromisoformat(day) if day else datetime.now(place.tz).date()
    except ValueError:
        raise UserError(f"--date {day!r} is no day; write it like 2022-04-05", status=2) from None
    engine = open_database(url)
    with Session(engine) as session:
        rows = rows_of(session, place, wanted)
    engine.dispose()
    if out is None:
        print("\n".join([" | ".join(COLUMNS), *map(as_text, rows)]))
        return 0
    try:
        out.write_bytes(excel(rows))
    except OSError as error:
        raise UserError(f"{out} cannot be written: {error.strerror}") from error
    print(f"{out}: {len(rows)} medicines of {len({row[0] for row in rows})} requests")
    return 0


def rows_of(session: Session, place: Site, day: date) -> list[Row]:
    """The rows of a morning's list."""
    moment = datetime.combine(day, place.policy.medicine_batch, place.tz)
    return sheet_rows(Desk(session, place, Phrasebook(), moment), moment)


def excel(rows: Sequence[Row]) -> bytes:
    """An Excel file with the rows by hospital and, on a second sheet, by volunteer."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "按医院"
    _fill(sheet, rows)
    _fill(book.create_sheet("按志愿者"), by_volunteer(rows))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _fill(sheet: Worksheet, rows: Sequence[Row]) -> None:
    sheet.append(COLUMNS)
    for row in rows:
        sheet.append(as_written(sheet, row))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    for at in range(len(COLUMNS)):
        longest = max(len(str(row[at] or "")) for row in (COLUMNS, *rows))
        sheet.column_dimensions[get_column_letter(at + 1)].width = min(WIDEST, 2 * longest + 2)
    for line in sheet.iter_rows(min_row=2):
        for cell in line:
            cell.alignment = Alignment(vertical="top", wrap_text=True)
