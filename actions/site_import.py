"""An administrator's workbook laid over a pack: what would change, what is wrong with it, and the writing of it."""

from __future__ import annotations

import re
import shutil
import tempfile
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from actions.pack_file import Entry, PackFile, read_pack_file
from actions.sheet_cells import LISTS, CellFault, same, text_of, values
from actions.sheet_tables import FILES, OPTIONAL, names, words
from actions.site_check import faults_of
from actions.site_files import Fault, hint, shown
from actions.workbook import Sheet, SheetRow, read_workbook

_KEYS: Mapping[str, tuple[str, ...]] = {"值班": ("code", "days", "from")}
"""What an entry is known by; for all other sheets it is the name."""
_COLUMN_IN = re.compile(r"column ([a-z_]+) of the sheet (\S+)")
_UNKNOWN = re.compile(r"\b([a-z_]+):? (\S+) is unknown(?!,)")
_REFERENCE = re.compile(r"\((?:(\S+\.csv) )?line (\d+)\)")


@dataclass(frozen=True)
class Change:
    """An entry that is added, removed, or changed in one cell."""

    sheet: str
    kind: str
    entry: str
    at: str = ""
    column: str = ""
    old: str = ""
    new: str = ""

    def __str__(self) -> str:
        if self.kind != "changed":
            return f"{self.sheet} {self.kind}: {self.entry}{f' ({self.at})' if self.at else ''}"
        what = f"{self.sheet} changed: {self.entry} · {names().header(self.sheet, self.column)}"
        return f"{what}: {_difference(self.column, self.old, self.new)} ({self.at})"


@dataclass
class Plan:
    """What an import would do. With faults it may not be written."""

    folder: Path
    changes: list[Change] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    """The files that change, by name, with their new text."""

    def summary(self) -> str:
        """`机构 2 changed, 1 added; 值班 3 removed`, or that nothing changes."""
        told = []
        for sheet in FILES:
            counts = {
                kind: len({c.entry for c in self.changes if (c.sheet, c.kind) == (sheet, kind)})
                for kind in ("added", "changed", "removed", "reordered")
            }
            if any(counts.values()):
                told.append(f"{sheet} " + ", ".join(f"{n} {kind}" for kind, n in counts.items() if n))
        return "; ".join(told) or "nothing changes"


@dataclass(frozen=True)
class _Laid:
    """A sheet laid over its file: the entries in the order of the sheet and whose row each came from."""

    sheet: Sheet
    entries: Sequence[Entry]
    rows: Sequence[SheetRow]
    owner: Mapping[int, int]

    def row_of(self, line: int | None) -> SheetRow | None:
        """The row of the sheet that stands in this line of the new file."""
        return None if line is None or line not in self.owner else self.rows[self.owner[line]]


def plan_import(workbook: Path, folder: Path) -> Plan:
    """Compares a workbook with the pack in `folder`. Raises SiteError when the file is no workbook."""
    book = read_workbook(workbook)
    plan = Plan(folder, notes=book.notes, faults=[f"{shown(workbook)}: {fault}" for fault in book.faults])
    laid = {name: _lay(book.sheets[name], plan) for name in FILES if name in book.sheets}
    if not plan.faults:
        plan.faults = _checked(plan, laid)
    return plan


def write(plan: Plan) -> list[Path]:
    """Writes the files that change, all or none; which they are. A plan with faults is not written."""
    if plan.faults:
        return []
    waiting = [(plan.folder / f"{name}.new", plan.folder / name) for name in plan.texts]
    for (new, _), text in zip(waiting, plan.texts.values(), strict=True):
        new.write_text(text, encoding="utf-8", newline="\n")
    for new, path in waiting:
        new.replace(path)
    return [path for _, path in waiting]


def _lay(sheet: Sheet, plan: Plan) -> _Laid:
    file_name, columns = FILES[sheet.name]
    file = read_pack_file(plan.folder / file_name, columns)
    if file.fault:
        plan.notes.append(f"{file.fault}; the sheet {sheet.title} replaces the whole file")
    missing = [names().header(sheet.name, c) for c in file.columns if c not in sheet.columns]
    if missing:
        plan.notes.append(f"{sheet.title}: no column {', '.join(missing)}; what stands there stays")
    before = file.render(file.entries)[0]
    filled = {c for row in sheet.rows for c, cell in row.cells.items() if cell.value not in (None, "")}
    file.widen([c for c in OPTIONAL.get(file_name, ()) if c in filled])
    waiting: dict[tuple[str, ...], list[Entry]] = defaultdict(list)
    for entry in file.entries:
        waiting[_key(sheet.name, entry.cells)].append(entry)
    entries = [_entry(sheet, row, file, waiting, plan) for row in sheet.rows]
    gone = {id(entry) for left in waiting.values() for entry in left}
    for entry in file.entries:
        if id(entry) in gone:
            plan.changes.append(Change(sheet.name, "removed", _title(sheet.name, entry.cells)))
    if len(gone) * 2 > len(file.entries):
        told = (
            f"{len(gone)} of {len(file.entries)} rows of the pack are not in the sheet and would be removed"
        )
        plan.notes.append(f"{sheet.title}: {told}; a sheet holds all rows, not only those that are new")
    _order(sheet, file, entries, plan)
    text, owner = file.render(entries)
    if text != before or file.fault:
        plan.texts[file_name] = text
    return _Laid(sheet, entries, sheet.rows, owner)


def _entry(
    sheet: Sheet, row: SheetRow, file: PackFile, waiting: Mapping[tuple[str, ...], list[Entry]], plan: Plan
) -> Entry:
    """The entry of a row: the old one when the row says the same."""
    cells = {column: _text(sheet, row, column, None, []) for column in sheet.columns}
    candidates = waiting.get(_key(sheet.name, cells)) or []
    old = candidates.pop(0) if candidates else None
    new: dict[str, str] = {}
    changes = []
    for column in file.columns:
        was = old.cells.get(column, "") if old else ""
        says = _text(sheet, row, column, was, plan.faults) if column in sheet.columns else was
        new[column] = was if old and same(column, was, says) else says
        if old and new[column] != was:
            at = f"{sheet.title}!{row.cells[column].at}"
            changes.append(
                Change(sheet.name, "changed", _title(sheet.name, old.cells), at, column, was, says)
            )
    if old is None:
        changes = [Change(sheet.name, "added", _title(sheet.name, new), f"{sheet.title} row {row.number}")]
    plan.changes += changes
    return old if old and not changes else file.entry(new, old)


def _text(sheet: Sheet, row: SheetRow, column: str, known: str | None, faults: list[str]) -> str:
    cell = row.cells[column]
    try:
        return text_of(column, cell.value, cell.number_format, known)
    except CellFault as error:
        faults.append(f"{sheet.title}!{cell.at} ({names().header(sheet.name, column)}): {error}")
        return ""


def _key(sheet: str, cells: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(_plain(column, cells.get(column, "")) for column in _KEYS.get(sheet, ("name",)))


def _plain(column: str, text: str) -> str:
    try:
        return unicodedata.normalize("NFKC", text_of(column, text))
    except CellFault:
        return text


def _title(sheet: str, cells: Mapping[str, str]) -> str:
    told = [cells.get(column, "") for column in _KEYS.get(sheet, ("name",))]
    return " ".join(part for part in (*told, cells.get("member", "") if sheet == "值班" else "") if part)


def _order(sheet: Sheet, file: PackFile, entries: Sequence[Entry], plan: Plan) -> None:
    """The first row that fits counts (who is on duty), so another order is a change too."""
    places = {_key(sheet.name, entry.cells): n for n, entry in enumerate(file.entries)}
    kept = [places[key] for entry in entries if (key := _key(sheet.name, entry.cells)) in places]
    if kept != sorted(kept):
        plan.changes.append(Change(sheet.name, "reordered", "the rows stand in another order"))


def _checked(plan: Plan, laid: Mapping[str, _Laid]) -> list[str]:
    """What `site check` says of the pack as it would be, by sheet, row and column."""
    with tempfile.TemporaryDirectory(prefix="lianluo-import-") as root:
        folder = Path(root) / plan.folder.name
        folder.mkdir()
        for file in plan.folder.iterdir():
            if file.suffix in (".csv", ".yml"):
                shutil.copy(file, folder / file.name)
        for name, text in plan.texts.items():
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
        by_file = {FILES[name][0]: each for name, each in laid.items()}
        return [_told(fault, folder, plan.folder, by_file) for fault in faults_of(folder)]


def _told(fault: Fault, folder: Path, real: Path, by_file: Mapping[str, _Laid]) -> str:
    laid = by_file.get(fault.path.name) if fault.path.parent == folder else None
    says = _REFERENCE.sub(lambda m: _reference(m, fault.path.name, by_file), fault.says)
    says = _UNKNOWN.sub(_meant, says)
    if laid is None:
        path = real / fault.path.name if fault.path.parent == folder else fault.path
        return str(Fault(path, fault.line, says))
    row = laid.row_of(fault.line)
    for sheet, (file, _) in FILES.items():
        says = says.replace(file, f"the sheet {sheet}")
    says = _COLUMN_IN.sub(lambda m: f"column {names().header(m[2], m[1])} of the sheet {m[2]}", says)
    if row is None:
        return f"{laid.sheet.title}: {says}"
    column = next((c for c in re.findall(r"[a-z_]+", says) if c in laid.sheet.columns), None)
    if column is None:
        return f"{laid.sheet.title} row {row.number}: {says}"
    header = names().header(laid.sheet.name, column)
    return f"{laid.sheet.title}!{row.cells[column].at} ({header}): {says}"


def _meant(match: re.Match[str]) -> str:
    """Of a word that is unknown: the word of the workbook that is most like it."""
    column, value = match.groups()
    return match[0] + hint(value, [word for (c, word) in words().meant if c == column])


def _reference(match: re.Match[str], file: str, by_file: Mapping[str, _Laid]) -> str:
    """`(line 7)` of the new file as the row of the sheet."""
    laid = by_file.get(match[1] or file)
    row = laid.row_of(int(match[2])) if laid else None
    return f"({laid.sheet.title} row {row.number})" if laid and row else match[0]


def _difference(column: str, old: str, new: str) -> str:
    if column not in LISTS or not old or not new:
        return f"{old or '(empty)'} → {new or '(empty)'}"
    before, after = values(column, old), values(column, new)
    told = [f"+{v}" for v in after if v not in before] + [f"−{v}" for v in before if v not in after]
    return " ".join(told) or f"{old} → {new}"
