"""Typing errors by sound or shape, from data/lexicon/typos.csv (`wrong,right,unless`).

`unless` names longer words, `|` between, in which the wrong one stands rightly (流血头 for 血头).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from nlu.drugs import drug_names
from nlu.tables import DATA, Faults, parts, read_rows

TYPOS = DATA / "lexicon" / "typos.csv"


@dataclass(frozen=True)
class Correction:
    """`right` belongs in place of `start` … `end`."""

    start: int
    end: int
    right: str


@dataclass(frozen=True)
class TypoTable:
    """The table made ready: one pattern for all wrong words, longest first."""

    pattern: re.Pattern[str]
    right: dict[str, str]
    unless: dict[str, tuple[str, ...]]


@lru_cache(maxsize=4)
def load_typos(path: Path = TYPOS, faults: Faults | None = None) -> TypoTable:
    """Reads the table; a fault is a TableError (or kept in `faults`)."""
    faults = faults or Faults(strict=True)
    right: dict[str, str] = {}
    unless: dict[str, tuple[str, ...]] = {}
    for row in read_rows(path, ("wrong", "right", "unless"), faults, ("note",)):
        for wrong in parts(row["wrong"], "|"):
            if not row["right"] or wrong == row["right"]:
                faults.add(row.file, row.line, f"{wrong}: `right` must be another word")
            elif right.setdefault(wrong, row["right"]) != row["right"]:
                faults.add(row.file, row.line, f"{wrong} already stands for {right[wrong]}")
            unless[wrong] = parts(row["unless"], "|")
    longest_first = sorted(right, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")
    return TypoTable(pattern, right, unless)


def corrections(text: str, path: Path = TYPOS) -> list[Correction]:
    """What the table mends in a text, in order."""
    table = load_typos(path)
    return [
        Correction(found.start(), found.end(), table.right[found.group()])
        for found in table.pattern.finditer(text)
        if not any(_covers(text, found, word) for word in _rightly(found.group(), path))
    ]


@lru_cache(maxsize=1024)
def _rightly(wrong: str, path: Path) -> tuple[str, ...]:
    """Longer words that the wrong one is rightly in: those of the table, and names of drugs (匹克 of 佐匹克隆)."""
    drugs = tuple(name for name in drug_names() if wrong in name and name != wrong)
    return (*load_typos(path).unless[wrong], *drugs)


def _covers(text: str, found: re.Match[str], word: str) -> bool:
    """Whether `word` stands in the text around the place found, holding all of it."""
    at = text.find(word, max(0, found.end() - len(word)))
    while 0 <= at <= found.start():
        if at + len(word) >= found.end():
            return True
        at = text.find(word, at + 1)
    return False
