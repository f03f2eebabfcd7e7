"""Shanghai's and Canton's words in plain Chinese, character by character, so that positions stay (data/wording/dialect.csv).

What the tables know in plain words is so known in both: 唔瞓得 is 不睡得. The text itself is left as it is written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from nlu.tables import DATA, Faults, parts, read_rows

DIALECT = DATA / "wording" / "dialect.csv"


@dataclass(frozen=True)
class _Dialect:
    """The table made ready: one pattern of its words and of the longer ones in which they mean something else."""

    pattern: re.Pattern[str]
    means: dict[str, str]


@lru_cache(maxsize=4)
def _dialect(path: Path) -> _Dialect:
    """Reads the table; a fault is a TableError."""
    faults = Faults(strict=True)
    means: dict[str, str] = {}
    longer: set[str] = set()
    for row in read_rows(path, ("says", "means"), faults, ("unless", "note")):
        for word in parts(row["says"], "|"):
            if len(word) != len(row["means"]):
                faults.add(row.file, row.line, f"{word} and {row['means']} must be of one length")
            means[word] = row["means"]
        longer.update(parts(row["unless"], "|"))
    words = sorted({*means, *longer}, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, words)) or r"(?!)")
    return _Dialect(pattern, means)


def plain(text: str, path: Path = DIALECT) -> str:
    """The text in plain words, each character in its place; the same text when it has none of dialect."""
    table = _dialect(path)
    return table.pattern.sub(lambda found: table.means.get(found.group(), found.group()), text)
