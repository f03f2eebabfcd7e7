"""Why these hospitals: the ranking for a message as a table, every factor and who was left out (`lianluo site explain`)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from rich.console import Console
from rich.table import Table
from sqlalchemy.orm import Session

from actions import propose
from actions.desk import Desk
from actions.hospital_load import hospital_load
from actions.load import NOTHING, Load
from actions.matching import Candidate, LeftOut, Need, Ranking, StatusNote, explain
from actions.phrasebook import Phrasebook
from actions.points import COMMUNITY, Factors
from actions.site import Site, load_site
from bot.database import open_database
from bot.errors import UserError
from bot.reader import MessageReader, load_understander
from nlu.understanding import Report

WIDE = 200
"""Columns of the table where no terminal says how many there are."""
REASONS = {
    "declined": "has declined this patient",
    "closed": "closed",
    "full": "full today",
    "hours": "shut at this hour",
    "cannot": "lacks the specialty or service",
    "enough": "farther than those taken by its step",
    "route": "no step of this route asks for its kind",
}


def main(site: str, text: str, at: str | None, db: str | None) -> int:
    """Print the table of each patient in `text`. Raises UserError, SiteError."""
    place = load_site(site)
    moment = _moment(place, at)
    reports = MessageReader(load_understander(place), place.tz).understand(text, moment).reports
    if not reports:
        raise UserError("no patient is reported in this message, so there is nobody to find a hospital for")
    console = Console(width=None if sys.stdout.isatty() else WIDE)
    with _desk(place, moment, db) as desk:
        for report in reports:
            need = need_of(report, moment)
            notes, load = _known(desk, need)
            _print(console, place, report, need, explain(place, need, notes, (), load))
    return 0


def need_of(report: Report, at: datetime) -> Need:
    """What a reported patient needs."""
    told = report.entities
    months = told.get("age_months")
    return Need(
        level=report.level,
        specialty=report.specialty,
        specialties=tuple(code for code, _ in report.specialties),
        category=report.category,
        tags=tuple(report.tags),
        disposition=report.disposition,
        town=told.get("town"),
        orig_hospital=told.get("orig_hospital"),
        at=at,
        age_years=told.get("age", None if months is None else months / 12),
    )


def _moment(site: Site, at: str | None) -> datetime:
    if at is None:
        return datetime.now(UTC).astimezone(site.tz)
    try:
        moment = datetime.fromisoformat(at)
    except ValueError as error:
        raise UserError(f"--at {at} is no time; write one like 2022-04-04T09:12") from error
    return moment.astimezone(site.tz) if moment.tzinfo else moment.replace(tzinfo=site.tz)


@contextmanager
def _desk(site: Site, at: datetime, db: str | None) -> Iterator[Desk | None]:
    """The database's view of that moment; None without a database."""
    if db is None:
        yield None
        return
    engine = open_database(db)
    try:
        with Session(engine) as session:
            yield Desk(session, site, Phrasebook(), at)
    finally:
        engine.dispose()


def _known(desk: Desk | None, need: Need) -> tuple[list[StatusNote], Load]:
    return (propose.notes_now(desk), hospital_load(desk, need.specialty)) if desk else ([], NOTHING)


def _print(console: Console, site: Site, report: Report, need: Need, ranking: Ranking) -> None:
    parts = [
        f"level {need.level}, {need.specialty}, {need.category}, {need.disposition}",
        need.town or "town not said",
        f"treated at {need.orig_hospital}" if need.orig_hospital else "",
        f"{need.at:%Y-%m-%d %H:%M}",
        f"phase {site.phase}",
        f"route {ranking.route or 'none: no institution handles this'}",
    ]
    console.print(f"[bold]{report.quote}[/bold]", highlight=False)
    console.print(" · ".join(part for part in parts if part), highlight=False)
    table = Table(
        "",
        "hospital",
        "why",
        "can it",
        "open",
        "km",
        "load",
        "declined",
        "points: km and what counts like km",
    )
    for number, candidate in enumerate(ranking.candidates, 1):
        table.add_row(str(number), candidate.name, candidate.why, *_cells(candidate))
    console.print(table, highlight=False)
    left = Table("left out", "why")
    for reason in REASONS:
        _add_left_out(left, site, reason, [each for each in ranking.left_out if each.reason == reason])
    console.print(left, highlight=False)


def _add_left_out(table: Table, site: Site, reason: str, left: list[LeftOut]) -> None:
    """A row for each; those that merely have not what is needed in one row, health centres counted."""
    if reason not in ("cannot", "route"):
        for each in left:
            table.add_row(each.name, _left(site, each))
        return
    centres = [each.name for each in left if site.institutions[each.name].kind == COMMUNITY]
    names = [each.name for each in left if each.name not in centres]
    shown = [*names, *([f"{len(centres)} health centres"] if len(centres) > 1 else centres)]
    if shown:
        table.add_row(", ".join(shown), REASONS[reason])


def _cells(candidate: Candidate) -> tuple[str, str, str, str, str, str]:
    each = candidate.factors
    if each is None:
        return "own hospital", "?", "?", "?", "0", "outside the directory"
    return (
        "stated" if each.certain else "assumed",
        "now" if each.open_now else "next morning",
        "?" if each.km is None else f"{each.km:.1f}",
        _load(each),
        str(each.declines),
        f"{each.points:.1f} = {_sum(each)}",
    )


def _load(each: Factors) -> str:
    places = each.taken.places
    mark = "?" if places and places.assumed else ""
    return f"{each.taken.service} {each.taken.used}/{places.count if places else '-'}{mark}"


def _sum(each: Factors) -> str:
    return " ".join(f"{name} {value:+.1f}" for name, value in each.parts)


def _left(site: Site, each: LeftOut) -> str:
    why = REASONS[each.reason]
    if each.note is not None:
        what = each.note.department or "all of it"
        until = f" until {each.note.until.astimezone(site.tz):%m-%d %H:%M}" if each.note.until else ""
        return f"{each.note.state}: {what}{until}"
    if each.reason == "full" and each.factors is not None:
        return f"{why}: {_load(each.factors)}"
    if each.reason == "enough" and each.factors is not None:
        return f"{why}: {each.factors.points:.1f} points"
    return why
