"""Reading the files of a site pack: rows and YAML with their line numbers, every fault collected."""

from __future__ import annotations

import csv
import difflib
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

LIST = "|"
_ALIKE = 0.5
"""How like a known word (0 to 1) what is meant by a wrong one must be: 天妈 for 天马."""


def shown(path: Path) -> str:
    """The path as a person would type it: relative to the working directory when it lies inside."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong; `line` None when it is about the file as a whole."""

    path: Path
    line: int | None
    says: str

    def __str__(self) -> str:
        where = shown(self.path) if self.line is None else f"{shown(self.path)}:{self.line}"
        return f"{where}: {self.says}"


@dataclass
class Faults:
    """All that is wrong with the files read so far, in the order it was found."""

    _noted: dict[tuple[str, int | None, str], Fault] = field(default_factory=dict)

    def add(self, path: Path, line: int | None, fault: str) -> None:
        """Notes one fault, once."""
        says = " ".join(fault.split())
        self._noted.setdefault((str(path), line, says), Fault(path, line, says))

    @property
    def found(self) -> list[Fault]:
        return list(self._noted.values())

    @property
    def lines(self) -> list[str]:
        """Each as `file:line: fault`."""
        return [str(fault) for fault in self.found]


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
        faults.add(path, raw.count(b"\n", 0, error.start) + 1, _other_encoding(raw))
        return None


def _other_encoding(raw: bytes) -> str:
    """What a file that is not UTF-8 is instead, and how to save it."""
    if raw.startswith(b"PK\x03\x04"):
        return "is an Excel workbook and no text; read it with `lianluo site import`"
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "is UTF-16 (Excel: Unicode text); save it in Excel as CSV UTF-8 (CSV UTF-8 逗号分隔)"
    try:
        raw.decode("gb18030")
    except UnicodeDecodeError:
        return "is not UTF-8 text; save the file as UTF-8"
    return "is in GBK, as Excel saves CSV files in China; save it in Excel as CSV UTF-8 (CSV UTF-8 逗号分隔)"


def read_table(path: Path, columns: Sequence[str], faults: Faults, optional: Sequence[str] = ()) -> list[Row]:
    """Rows of a CSV file with exactly these columns (any order); lines that start with `#` are comments.

    A column that is `optional` and not there is empty.
    """
    text = read_text(path, faults)
    if text is None:
        return []
    lines = _data_lines(path, text, faults)
    first = next(lines, None)
    if first is None:
        faults.add(path, None, f"is empty; the first line must be {','.join(columns)}")
        return []
    number, header = first
    fault = _header_fault(header, columns, optional)
    if fault:
        faults.add(path, number, f"header: {fault}; the columns are {','.join([*columns, *optional])}")
        return []
    rows = []
    for number, cells in lines:
        if len(cells) != len(header):
            fault = f"has {len(cells)} columns instead of {len(header)}; count the commas"
            faults.add(path, number, f'{fault}, put values that hold a comma in "quotes"')
            continue
        given = dict(zip(header, cells, strict=True))
        rows.append(Row(path, number, dict.fromkeys(optional, "") | given))
    return rows


def _header_fault(header: Sequence[str], columns: Sequence[str], optional: Sequence[str]) -> str:
    """What is wrong with the names of the columns; empty when nothing is."""
    for mark, name in (("\t", "tabs"), (";", "semicolons"), ("，", "full-width commas")):
        if len(header) == 1 and mark in header[0]:
            return f"the columns are separated by {name}; separate them by commas"
    for column in header:
        if column not in (*columns, *optional):
            return (
                f"{column} is unknown{hint(column, (*columns, *optional))}"
                if column
                else "a column has no name"
            )
        if header.count(column) > 1:
            return f"{column} stands twice"
    missing = [c for c in columns if c not in header]
    return f"{missing[0]} is missing" if missing else ""


def hint(given: object, known: Iterable[object]) -> str:
    """`, did you mean …?` with the known word that is most like the given one; empty when none is."""
    like = _most_like(str(given), tuple(str(k) for k in known))
    return f", did you mean {like}?" if like else ""


@lru_cache(maxsize=1024)
def _most_like(given: str, known: tuple[str, ...]) -> str | None:
    return next(iter(difflib.get_close_matches(given, known, 1, _ALIKE)), None)


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
            fault = f"{column}: {value} is unknown{hint(value, known)}; it must be {listed}"
            faults.add(row.path, row.line, fault)


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
