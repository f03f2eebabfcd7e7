"""How people point at reports and patients of before: data/wording/pointing.csv, asked of a folded text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from nlu.case_numbers import CASE
from nlu.clauses import fold
from nlu.cue_writing import Classes, regex, split
from nlu.tables import DATA, Faults, TableError, read_rows
from nlu.wechat import is_recall

POINTING = DATA / "wording" / "pointing.csv"
LAST = -1
"""The place in a list of 后面那个: the last one, however many there are."""
_ORDINAL = re.compile(r"第([一二三四五六七八九十]|\d{1,2})(?:个|位|件|条|例)")
_NUMERALS = "一二三四五六七八九十"
_NUMBER = re.compile(CASE)
_SIGNS = re.compile(r"[\W_\d]")
_SIGN_RUN = re.compile(r"[^\w#@]+")


@cache
def pattern(name: str, path: Path = POINTING) -> re.Pattern[str]:
    """The words of a class of the table. Raises KeyError for a class that it lacks, TableError for a fault."""
    return re.compile(_patterns(path)[name])


@cache
def _patterns(path: Path) -> dict[str, str]:
    return read_pointing(path, Faults(strict=True))


def read_pointing(path: Path, faults: Faults) -> dict[str, str]:
    """Every class of the table as a regular expression; a row with a fault is left out."""
    classes = Classes()
    found: dict[str, str] = {}
    for cells in read_rows(path, ("class", "says"), faults, ("note",)):
        name = cells["class"].strip("<>")
        try:
            ways = [regex(way, classes, path, cells.line) for way in split(cells["says"], "|")]
            if not ways:
                raise TableError(path, cells.line, "says is empty: list the words of this class")
        except TableError as error:
            faults.add(path, error.line, error.fault)
            continue
        found[name] = classes.patterns[name] = f"(?:{'|'.join(ways)})"
    return found


def says(name: str, text: str) -> bool:
    """Whether words of the class stand in the text."""
    return pattern(name).search(fold(text)) is not None


def place_in_list(folded: str) -> int | None:
    """Which of several named ones is meant by its place: 第一个 1, 前面那个 1, 最后那个 LAST; None for none or both."""
    if ordinal := _ORDINAL.search(folded):
        written = ordinal[1]
        return int(written) if written.isdigit() else _NUMERALS.index(written) + 1
    first, last = pattern("首").search(folded), pattern("末").search(folded)
    if (first is None) == (last is None):
        return None
    return 1 if first else LAST


def points_only(folded: str, spans: Iterable[tuple[int, int]]) -> bool:
    """Whether a text does nothing but point: what is left without numbers, the words at `spans` and 那个, 的, 是."""
    rest = list(folded)
    for start, end in spans:
        rest[start:end] = " " * (end - start)
    left = _NUMBER.sub(" ", "".join(rest))
    left = _ORDINAL.sub(" ", left)
    for name in ("首", "末", "那", "指"):
        left = pattern(name).sub(" ", left)
    return bool(folded.strip()) and not _SIGNS.sub("", left)


def upkeep(folded: str, *, news: bool) -> str | None:
    """What is wanted of messages and cases themselves.

    `recall`: a message is taken back; `split`: two patients stand in one case; `join`: cases are of one patient.
    With `news` of a patient in it a message corrects (刚才发错了，是72岁) unless it was for another room altogether.
    """
    text = _SIGN_RUN.sub(" ", folded).strip()
    if pattern("收回").search(text) and not pattern("不收回").search(text):
        if not news or is_recall(folded) or pattern("错群").search(text):
            return "recall"
        return None
    if pattern("拆开").search(text):
        return "split"
    return "join" if pattern("并成").search(text) else None
