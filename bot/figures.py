"""The commands that count: `lianluo figures`, `lianluo ledger import`."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from actions import figures, figures_text, ledger
from actions.desk import Desk
from actions.fonts import NoFont
from actions.models import Setting
from actions.phrasebook import Phrasebook
from actions.site import load_site
from bot import figures_file, figures_picture, ledger_file
from bot.clock import SystemClock
from bot.database import open_database
from bot.errors import UserError
from bot.settings import Settings

Say = Callable[[str], None]
FORMS = ("xlsx", "png")
SHOWN = 20
"""How many faults of a file are told one by one."""


def show(settings: Settings, since: date | None, until: date | None, out: Path | None, say: Say) -> int:
    """The figures of some days (today's, when none are named) as text, and as a workbook when `out` is given."""
    engine = open_database(settings.database)
    try:
        with Session(engine) as session:
            desk = Desk(session, load_site(settings.site), Phrasebook(), SystemClock().now())
            today = desk.local(desk.now).date()
            first, last = since or until or today, until or today
            if first > last:
                raise UserError(f"--since {first} is later than --until {last}", status=2)
            counted = figures.of_days(desk, first, last)
            text = figures_text.of_span(desk, counted, first, last)
            print(text)
            if out is not None:
                _write(out, counted, text, desk)
                say(f"written: {out}")
    finally:
        engine.dispose()
    return 0


def as_file(desk: Desk, counted: figures.Figures, text: str, form: str) -> bytes:
    """The figures as a file. `form`: one of FORMS. Raises NoFont."""
    if form == "png":
        title = desk.phrases.say("figures_title", site=desk.site.name, when=text.partition("共")[0])
        return figures_picture.png(title, text, counted)
    out = io.BytesIO()
    figures_file.write(out, counted, text, desk.site.tz)
    return out.getvalue()


def _write(out: Path, counted: figures.Figures, text: str, desk: Desk) -> None:
    form = out.suffix.lstrip(".").lower()
    if form not in FORMS:
        raise UserError(f"--out {out}: the name must end in .xlsx or .png", status=2)
    try:
        out.write_bytes(as_file(desk, counted, text, form))
    except OSError as error:
        raise UserError(f"{out}: cannot be written ({error.strerror})") from None
    except NoFont as error:
        raise UserError(str(error)) from None


def import_ledger(settings: Settings, path: Path, *, apply: bool, say: Say) -> int:
    """Read a ledger, say what is in it and what is wrong; with `apply` keep it, whole or not at all."""
    site = load_site(settings.site)
    read = ledger_file.read(path, site, SystemClock().now().astimezone(site.tz).year)
    for fault in read.faults[:SHOWN]:
        say(fault)
    if len(read.faults) > SHOWN:
        say(f"and {len(read.faults) - SHOWN} more")
    if read.faults:
        say(f"nothing was imported: {len(read.faults)} rows have faults, {len(read.entries)} have none")
        return 1
    if not apply:
        print(f"{len(read.entries)} matters{_span(read.entries)}; --apply imports them")
        return 0
    engine = open_database(settings.database)
    try:
        with Session(engine) as session, session.begin():
            _only_once(session, read, path)
            count = ledger.keep(session, read.entries, site.tz)
    finally:
        engine.dispose()
    print(f"{count} matters imported{_span(read.entries)}")
    return 0


def _only_once(session: Session, read: ledger_file.Ledger, path: Path) -> None:
    """The same file twice would count every matter twice."""
    key = f"ledger:{read.digest[:32]}"
    if (known := session.get(Setting, key)) is not None:
        raise UserError(f"{path}: was imported already, as {known.value}")
    session.add(Setting(key=key, value=path.name))


def _span(entries: Sequence[ledger.Entry]) -> str:
    if not entries:
        return ""
    days = [entry.opened_at.date() for entry in entries]
    return f" ({min(days)} to {max(days)})"
