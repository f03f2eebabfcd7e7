"""`lianluo dialysis import`: an Excel file into the register, after a look at what it would do."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from actions.desk import BOT, Desk
from actions.dialysis.entry import CHANGED, NEW, SAME, Entry, differences, enter, find
from actions.dialysis.sheet import NotAList, Schedule, read_sheet
from actions.dialysis.wording import weekdays
from actions.phrasebook import Phrasebook
from actions.privacy import mask_name
from actions.site import load_site
from bot.clock import SystemClock
from bot.database import open_database
from bot.errors import UserError
from bot.settings import Settings
from nlu.programmes.visits import transport, visits


def import_file(settings: Settings, path: Path, *, apply: bool) -> int:
    """Print a line a patient; write them with `apply` when no row has a fault. Raises UserError, SiteError."""
    site, engine = load_site(settings.site), open_database(settings.database)
    with Session(engine) as session, session.begin():
        desk = Desk(session, site, Phrasebook(), SystemClock().now(), settings.pass_secret)
        try:
            sheet = read_sheet(path, desk, _schedule(site.tz))
        except NotAList as error:
            raise UserError(str(error)) from error
        for fault in sheet.faults:
            print(f"{path}: {fault}", file=sys.stderr)
        writes = apply and not sheet.faults
        counted = Counter(_one(desk, number, entry, writes=writes) for number, entry in sheet.entries)
    said = ", ".join(f"{counted[what]} {what}" for what in (NEW, CHANGED, SAME))
    print(f"{said}, {len(sheet.faults)} faults: {'written' if writes else 'nothing written'}")
    if not writes and not sheet.faults:
        print("write them with --apply")
    return 1 if sheet.faults else 0


def _one(desk: Desk, number: int, entry: Entry, *, writes: bool) -> str:
    known = find(desk, entry)
    changed = differences(known, entry) if known else {}
    what = NEW if known is None else CHANGED if changed or not known.active else SAME
    if writes:
        _, what = enter(desk, entry, BOT, None)
    more = f" ({', '.join(changed)})" if changed else ""
    when = f"{weekdays(entry.days)} {entry.shift} {entry.start}"
    print(f"row {number}: {what}{more}: {mask_name(entry.name)} {entry.hospital} {when}")
    return what


def _schedule(zone: ZoneInfo) -> Schedule:
    now = datetime.now(zone)

    def read(text: str) -> tuple[frozenset[int], str | None, time | None, str | None]:
        said = visits(text, now)
        return said.weekdays, said.shift, said.begin, transport(text)

    return read
