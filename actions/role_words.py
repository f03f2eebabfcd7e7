"""The words that say who somebody is: data/people/roles.csv."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from actions.site_files import Faults, read_table, unknown_values
from actions.site_types import ROLES, SiteError

TABLE = Path(__file__).resolve().parent.parent / "data" / "people" / "roles.csv"
COLUMNS = ("word", "role", "needs")
NEEDS = ("", "hospital")


@dataclass(frozen=True)
class RoleWord:
    """A word and the role it gives. `of_hospital`: only with a hospital named."""

    word: str
    role: str
    of_hospital: bool


@cache
def role_words() -> tuple[RoleWord, ...]:
    """All of them, the longest first. Raises SiteError that names file, line and fault."""
    faults = Faults()
    found = read_role_words(TABLE, faults)
    if faults.lines:
        raise SiteError(faults.lines[0])
    return found


def read_role_words(path: Path, faults: Faults) -> tuple[RoleWord, ...]:
    """Reads the table, noting every fault."""
    words: dict[str, RoleWord] = {}
    for row in read_table(path, COLUMNS, faults):
        unknown_values(row, "role", [row["role"]], ROLES, faults)
        unknown_values(row, "needs", [row["needs"]], NEEDS, faults)
        if not row["word"] or row["word"] in words:
            faults.add(path, row.line, f"word: {row['word'] or 'it'} is empty or stands twice")
        words[row["word"]] = RoleWord(row["word"], row["role"], row["needs"] == "hospital")
    return tuple(sorted(words.values(), key=lambda each: -len(each.word)))
