"""Reading the CSV tables of data/: rows with their file and line, and the one error for all faults."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "data"
"""The shipped tables."""


class TableError(Exception):
    """A fault in a table: which file, which line (0: the file as a whole), what is wrong and how to mend it."""

    def __init__(self, file: Path | str, line: int, fault: str) -> None:
        super().__init__(f"{file}:{line}: {fault}")
        self.file = str(file)
        self.line = line
        self.fault = fault


@dataclass
class Faults:
    """Faults found while loading. With `strict` the first one is raised, else they are kept and the row is skipped."""

    strict: bool = False
    found: list[TableError] = field(default_factory=list)

    def add(self, file: Path | str, line: int, fault: str) -> None:
        error = TableError(file, line, fault)
        if self.strict:
            raise error
        self.found.append(error)


@dataclass(frozen=True)
class Row:
    """One row of a table and where it stands."""

    file: Path
    line: int
    values: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.values.get(column, "")


def parts(text: str, separator: str = "/") -> tuple[str, ...]:
    """The non-empty pieces of a cell, trimmed."""
    return tuple(piece.strip() for piece in text.split(separator) if piece.strip())


def read_rows(
    path: Path, columns: Sequence[str], faults: Faults, optional: Sequence[str] = ()
) -> Iterator[Row]:
    """Rows of a CSV file with header; lines that start with # and empty lines are skipped.

    A missing file, a missing column, a row that is too long or a first column that is empty is a fault.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except FileNotFoundError:
        faults.add(path, 0, "file is missing")
        return
    except (OSError, UnicodeDecodeError) as error:
        faults.add(path, 0, f"cannot be read: {error}")
        return
    numbered = [
        (n, text)
        for n, text in enumerate(lines, 1)
        if text.strip(" \t,") and not text.lstrip('"').startswith("#")
    ]
    if not numbered:
        faults.add(path, 0, f"is empty; the first line must be {','.join(columns)}")
        return
    header = _cells(numbered[0][1])
    unknown = [name for name in header if name not in columns and name not in optional]
    missing = [name for name in columns if name not in header]
    if missing or unknown:
        what = [f"column {name} is missing" for name in missing] + [
            f"column {name} is unknown" for name in unknown
        ]
        faults.add(path, numbered[0][0], f"{'; '.join(what)}; the first line must be {','.join(columns)}")
        return
    for number, text in numbered[1:]:
        row = _row(path, number, header, text, faults)
        if row is not None:
            yield row


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in next(csv.reader([line]))]


def _row(path: Path, number: int, header: list[str], text: str, faults: Faults) -> Row | None:
    if text.count('"') % 2:
        faults.add(path, number, 'a double quote is not closed (write "" for one inside a quoted cell)')
        return None
    cells = _cells(text)
    if len(cells) > len(header) and any(cells[len(header) :]):
        faults.add(
            path,
            number,
            f"{len(cells)} cells, but only {len(header)} columns: put cells that hold a comma in quotes",
        )
        return None
    values = dict(zip(header, cells + [""] * (len(header) - len(cells)), strict=False))
    if not values[header[0]]:
        faults.add(path, number, f"{header[0]} is empty")
        return None
    return Row(path, number, values)
