"""Messages with what is right for them, read from files of JSON lines (tests/exams/README.md has the format)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

AT = datetime.fromisoformat("2022-04-04T09:12:00+08:00")
"""When a message without a time was written."""
SITE = "songjiang"
_PLURALS = {"specialties": "specialty_ok", "categories": "category_ok"}


class LabelError(Exception):
    """A line that holds no labelled message; the text names file and line."""


@dataclass(frozen=True)
class Wanted:
    """One patient's report as it should be. `label` holds it in the analyse format, `<key>_ok` other right values."""

    label: dict[str, Any]

    @property
    def accept(self) -> list[int]:
        """The levels that are right."""
        return self.label.get("accept") or [self.label["level"]]

    @property
    def entities(self) -> dict[str, Any]:
        return self.label.get("entities") or {}

    def right(self, key: str) -> set[str]:
        """All right values of a field with one value."""
        return {self.label[key], *(self.label.get(f"{key}_ok") or ())}


@dataclass(frozen=True)
class Labelled:
    """A message and what is right for it.

    `full` are the entity keys of which every one in the text is labelled; what else is found is a fault.
    """

    id: str
    text: str
    act: str
    act_ok: frozenset[str] = frozenset()
    reports: tuple[Wanted, ...] = ()
    at: datetime = AT
    role: str | None = None
    site: str = SITE
    label: dict[str, Any] = field(default_factory=dict)
    full: frozenset[str] = frozenset()

    @property
    def entities(self) -> dict[str, Any]:
        """The outer entities, of an update or a correction."""
        return self.label.get("entities") or {}

    @property
    def acts(self) -> frozenset[str]:
        """All right acts."""
        return self.act_ok | {self.act}


def read(path: Path, partial: bool = False) -> list[Labelled]:
    """The messages of one file. A file with `partial` labels leaves out entities that its texts have; any other only
    the keys that it labels nowhere.

    Raises LabelError with file and line, OSError when there is no such file.
    """
    rows = list(lines(path))
    keys = frozenset() if partial else frozenset(key for _, row in rows for key in _keys(row))
    return [_labelled(path, number, row, keys) for number, row in rows]


def _keys(row: dict[str, Any]) -> Iterator[str]:
    for part in (row, *(row.get("reports") or ())):
        yield from part.get("entities") or ()


def lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Number and object of each line that is not empty. Raises LabelError."""
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except ValueError as error:
                raise LabelError(f"{path}:{number}: not JSON ({error})") from None
            if not isinstance(row, dict):
                raise LabelError(f"{path}:{number}: not an object")
            yield number, row


def _labelled(path: Path, number: int, row: dict[str, Any], full: frozenset[str]) -> Labelled:
    try:
        return Labelled(
            id=str(row.get("id", f"{path.stem}:{number}")),
            text=row["text"],
            act=row["act"],
            act_ok=frozenset(row.get("act_ok") or ()),
            reports=tuple(_wanted(report) for report in row.get("reports") or ()),
            at=datetime.fromisoformat(row["at"]) if row.get("at") else AT,
            role=row.get("role"),
            site=row.get("site") or SITE,
            label=row,
            full=full,
        )
    except KeyError as error:
        raise LabelError(f"{path}:{number}: {error} is missing") from None
    except (TypeError, ValueError, AttributeError) as error:
        raise LabelError(f"{path}:{number}: {error}") from None


def _wanted(report: dict[str, Any]) -> Wanted:
    label = dict(report)
    label["level"], label["specialty"], label["category"]
    for plural, key in _PLURALS.items():
        if plural in label:
            label[key] = [*(label.get(key) or ()), *label.pop(plural)]
    return Wanted(label)
