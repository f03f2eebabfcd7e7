"""A file of a pack as its lines: head with comments, entries, tail. What nobody changes is written back as it was."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from actions.sheet_tables import OPTIONAL
from actions.site_files import LIST, Fault, Faults, read_table, read_text, read_yaml


@dataclass(frozen=True)
class Entry:
    """One row of a table or one room: its cells, its lines as they stand, the comments above it."""

    cells: Mapping[str, str]
    lines: tuple[str, ...]
    comments: tuple[str, ...] = ()


@dataclass
class PackFile:
    """A file of the pack. `fault`: why the file that is there cannot be read; it is then written anew."""

    path: Path
    columns: Sequence[str]
    head: list[str] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    tail: list[str] = field(default_factory=list)
    fault: Fault | None = None

    @property
    def is_yaml(self) -> bool:
        return self.path.suffix == ".yml"

    def entry(self, cells: Mapping[str, str], old: Entry | None = None) -> Entry:
        """A new entry with these cells, below the comments of the one it replaces."""
        return Entry(dict(cells), self._lines(cells), old.comments if old else ())

    def _lines(self, cells: Mapping[str, str]) -> tuple[str, ...]:
        if self.is_yaml:
            room = {column: cells[column] for column in self.columns if cells.get(column)}
            return tuple(yaml.safe_dump([room], allow_unicode=True, sort_keys=False).splitlines())
        return (_csv_line([cells.get(column, "") for column in self.columns]),)

    def widen(self, columns: Sequence[str]) -> None:
        """Lets a table that lacks these optional columns have them, empty."""
        more = [column for column in columns if column not in self.columns]
        if not more or self.is_yaml:
            return
        header = ",".join(self.columns)
        self.columns = [*self.columns, *more]
        self.head = [
            ",".join(self.columns) if line.replace(" ", "") == header else line for line in self.head
        ]
        self.entries = [
            Entry(entry.cells, self._lines(entry.cells), entry.comments) for entry in self.entries
        ]

    def render(self, entries: Sequence[Entry]) -> tuple[str, dict[int, int]]:
        """The file with these entries, and which entry (by its place) every line belongs to."""
        lines = list(self.head)
        owner: dict[int, int] = {}
        for number, entry in enumerate(entries):
            lines += entry.comments
            owner |= dict.fromkeys(range(len(lines) + 1, len(lines) + len(entry.lines) + 1), number)
            lines += entry.lines
        return "\n".join([*lines, *self.tail]) + "\n", owner


def _csv_line(cells: Sequence[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(cells)
    line = out.getvalue()
    if not line.lstrip().startswith("#"):
        return line
    out = io.StringIO()
    csv.writer(out, lineterminator="", quoting=csv.QUOTE_ALL).writerow(cells)
    return out.getvalue()  # else it would be a comment


def read_pack_file(path: Path, columns: Sequence[str]) -> PackFile:
    """The file; without entries when there is none, or when it cannot be read."""
    needed = [column for column in columns if column not in OPTIONAL.get(path.name, ())]
    new = [] if path.suffix == ".yml" else [",".join(needed)]
    if not path.is_file():
        return PackFile(path, columns if path.suffix == ".yml" else needed, new)
    faults = Faults()
    text = read_text(path, faults) or ""
    found = (
        _rooms(path, columns, text, faults) if path.suffix == ".yml" else _table(path, columns, text, faults)
    )
    if faults.found:
        return PackFile(path, needed, [*_comments(text), *new], fault=faults.found[0])
    return found


def _comments(text: str) -> list[str]:
    return [line for line in text.splitlines()[:20] if line.startswith("#")]


def _table(path: Path, columns: Sequence[str], text: str, faults: Faults) -> PackFile:
    optional = OPTIONAL.get(path.name, ())
    needed = [column for column in columns if column not in optional]
    rows = {row.line: row.cells for row in read_table(path, needed, faults, optional=optional)}
    found = PackFile(path, columns)
    waiting: list[str] = []
    header = False
    for number, line in enumerate(text.splitlines(), 1):
        if number in rows:
            if header:
                found.head, waiting, header = waiting, [], False
            found.entries.append(Entry(rows[number], (line,), tuple(waiting)))
            waiting = []
            continue
        if line.strip() and not line.lstrip().startswith("#"):
            found.columns, header = [cell.strip() for cell in line.split(",")], True
        waiting.append(line)
    if found.entries:
        found.tail = waiting
    else:
        found.head = waiting
    return found


def _rooms(path: Path, columns: Sequence[str], text: str, faults: Faults) -> PackFile:
    """Rooms by their blocks of lines; a file that is written in another way is laid out anew below its head."""
    tree = read_yaml(path, faults)
    rooms = tree.value if tree is not None else []
    if not isinstance(rooms, list) or not all(isinstance(room, dict) for room in rooms):
        faults.add(path, 1, "must be a list of rooms (- name: …, purpose: …)")
        return PackFile(path, columns)
    found = PackFile(path, columns)
    for line in text.splitlines():
        if line.startswith("- "):
            above = found.tail
            if not found.entries:
                found.head, above = above, []
            found.entries.append(Entry({}, (line,), tuple(above)))
            found.tail = []
        elif line.startswith(" ") and found.entries and not found.tail:
            last = found.entries[-1]
            found.entries[-1] = Entry({}, (*last.lines, line), last.comments)
        else:
            found.tail.append(line)
    if [_loaded(entry) for entry in found.entries] != [[room] for room in rooms]:
        found.head, found.tail = _comments(text), []
        found.entries = [found.entry(_cells(room)) for room in rooms]
        return found
    found.entries = [
        Entry(_cells(room), entry.lines, entry.comments)
        for room, entry in zip(rooms, found.entries, strict=True)
    ]
    return found


def _loaded(entry: Entry) -> Any:
    try:
        return yaml.safe_load("\n".join(entry.lines))
    except yaml.YAMLError:
        return None


def _cells(room: Mapping[Any, Any]) -> dict[str, str]:
    return {
        str(key): LIST.join(map(str, value)) if isinstance(value, list) else str(value)
        for key, value in room.items()
        if value is not None
    }
