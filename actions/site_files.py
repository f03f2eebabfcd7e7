"""Reading the files of a site pack: rows and YAML with their line numbers, every fault collected."""

from __future__ import annotations

import csv
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from pathlib import Path
from typing import Any

import yaml

LIST = "|"


def shown(path: Path) -> str:
    """The path as a person would type it: relative to the working directory when it lies inside."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


@dataclass
class Faults:
    """All that is wrong with the files read so far, each as `file:line: fault`."""

    lines: list[str] = field(default_factory=list)

    def add(self, path: Path, line: int | None, fault: str) -> None:
        """Notes one fault; `line` None when it is about the file as a whole."""
        where = shown(path) if line is None else f"{shown(path)}:{line}"
        text = f"{where}: {' '.join(fault.split())}"
        if text not in self.lines:
            self.lines.append(text)


@dataclass(frozen=True)
class Row:
    """One row of a table, by column name. Missing values are empty strings."""

    path: Path
    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def many(self, column: str) -> tuple[str, ...]:
        """The values of a list cell (separated by `|`), in order."""
        return tuple(v for v in (p.strip() for p in self.cells[column].split(LIST)) if v)


def read_text(path: Path, faults: Faults) -> str | None:
    """The file's text; None (and a fault) when it is missing or is not UTF-8."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        faults.add(path, None, "file is missing")
        return None
    except OSError as error:
        faults.add(path, None, f"cannot be read ({error.strerror})")
        return None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        faults.add(path, raw.count(b"\n", 0, error.start) + 1, "is not UTF-8 text; save the file as UTF-8")
        return None


def read_table(path: Path, columns: Sequence[str], faults: Faults) -> list[Row]:
    """Rows of a CSV file with exactly these columns (any order); lines that start with `#` are comments."""
    text = read_text(path, faults)
    if text is None:
        return []
    lines = _data_lines(path, text, faults)
    first = next(lines, None)
    if first is None:
        faults.add(path, None, f"is empty; the first line must be {','.join(columns)}")
        return []
    number, header = first
    wrong = [c for c in header if c not in columns] + [c for c in columns if header.count(c) != 1]
    if wrong:
        faults.add(path, number, f"header: {wrong[0] or 'an empty column'} is unknown, missing or twice; "
                                 f"the columns are {','.join(columns)}")  # fmt: skip
        return []
    rows = []
    for number, cells in lines:
        if len(cells) != len(header):
            fault = f"has {len(cells)} columns instead of {len(header)}; count the commas"
            faults.add(path, number, f'{fault}, put values that hold a comma in "quotes"')
            continue
        rows.append(Row(path, number, dict(zip(header, cells, strict=True))))
    return rows


def _data_lines(path: Path, text: str, faults: Faults) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        try:
            cells = next(csv.reader([line], strict=True))
        except csv.Error:
            faults.add(path, number, "a quotation mark is open or misplaced; close it on the same line")
            continue
        yield number, [c.strip() for c in cells]


def unknown_values(
    row: Row, column: str, given: Iterable[str], known: Collection[str], faults: Faults
) -> None:
    """Notes every value of a cell that is not one of the known."""
    for value in given:
        if value not in known:
            listed = ", ".join(known) if len(known) <= 40 else f"one of {len(known)} known"
            faults.add(row.path, row.line, f"{column}: {value} is unknown; it must be {listed}")


def take_name(
    row: Row, table: str, taken: Collection[str], line_of: dict[tuple[str, str], int], faults: Faults
) -> bool:
    """Whether the row's name can be used; notes its line."""
    name = row["name"]
    if not name or name in taken:
        faults.add(row.path, row.line, f"name: {name} stands twice" if name else "name is empty")
        return False
    line_of[(table, name)] = row.line
    return True


@dataclass(frozen=True)
class Tree:
    """A YAML file as plain values, with the line of every value (key: its path of keys and indexes)."""

    path: Path
    value: Any
    lines: Mapping[tuple[Hashable, ...], int]

    def line(self, *at: Hashable) -> int | None:
        """Line of the value at this path, or of the nearest thing around it."""
        for end in range(len(at), -1, -1):
            if at[:end] in self.lines:
                return self.lines[at[:end]]
        return None


def read_yaml(path: Path, faults: Faults) -> Tree | None:
    """The file as values with lines; None (and a fault) when it is missing, broken or empty."""
    text = read_text(path, faults)
    if text is None:
        return None
    lines: dict[tuple[Hashable, ...], int] = {}
    try:
        loader = yaml.SafeLoader(text)
        node = loader.get_single_node()
        value = None if node is None else _plain(loader, node, (), lines)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "is not YAML"
        faults.add(
            path, mark.line + 1 if mark else None, f"broken YAML: {problem}; check indent, colons and quotes"
        )
        return None
    except RecursionError:
        faults.add(path, None, "broken YAML: a value contains itself")
        return None
    if value is None:
        faults.add(path, None, "is empty")
        return None
    return Tree(path, value, lines)


def _plain(
    loader: yaml.SafeLoader, node: yaml.Node, at: tuple[Hashable, ...], lines: dict[tuple[Hashable, ...], int]
) -> Any:
    lines[at] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        result: dict[Hashable, Any] = {}
        for key_node, value_node in node.value:
            key = loader.construct_object(key_node, deep=True)
            if not isinstance(key, Hashable):
                raise yaml.constructor.ConstructorError(
                    None, None, "a key must be a word", key_node.start_mark
                )
            if key in result:
                raise yaml.constructor.ConstructorError(
                    None, None, f"{key} stands twice", key_node.start_mark
                )
            result[key] = _plain(loader, value_node, (*at, key), lines)
            lines[(*at, key)] = key_node.start_mark.line + 1
        return result
    if isinstance(node, yaml.SequenceNode):
        return [_plain(loader, child, (*at, i), lines) for i, child in enumerate(node.value)]
    return loader.construct_object(node, deep=True)


def read_time(value: object) -> time | None:
    """A time of day from `08:00`, or from the minutes that YAML makes of an unquoted 22:00; else None."""
    if isinstance(value, int) and not isinstance(value, bool):
        return time(value // 60, value % 60) if 0 <= value < 24 * 60 else None
    if not isinstance(value, str):
        return None
    hour, colon, minute = value.strip().partition(":")
    if not (
        colon
        and hour.isascii()
        and hour.isdigit()
        and minute.isascii()
        and minute.isdigit()
        and len(minute) == 2
    ):
        return None
    if (int(hour), int(minute)) == (24, 0):
        return time(0, 0)
    return time(int(hour), int(minute)) if int(hour) < 24 and int(minute) < 60 else None
