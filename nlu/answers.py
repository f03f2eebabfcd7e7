"""Half sentences that answer a question: 76, after the age was asked for; 不知道, after anything was.

How each item is answered is the table data/wording/answers.csv, its words written like the cues of acts.csv.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from nlu.clauses import fold
from nlu.cue_writing import Classes, regex, split
from nlu.cues import word_class
from nlu.tables import DATA, Faults, Row, read_rows
from nlu.understanding import SAME, Answer, Entities, is_known

ANSWERS = DATA / "wording" / "answers.csv"
COLUMNS = ("item", "read_as", "told_by", "none_by")
LONGEST = 24
"""A longer message says by itself what it is about."""
EVERY = "*"
# What else than the item itself an answer to it may bring.
_ALSO = {"address": ("address", "town"), "sbp": ("sbp", "dbp")}
# Beside these words somebody asks or tells of something else; what is left of 不知道 … must be short.
_OTHER = re.compile(r"[谁哪]|怎么|能不能|可不可以|要不要|有没有|[吗伐?]")
_REST = 6
# A number that stands with one of these is no value that was asked for: 120打了, 等了30分钟, 2号.
_NO_VALUE = re.compile(r"120|分钟|^\+?1$|\d号(?!楼)|\d点")


@dataclass(frozen=True)
class _Item:
    frames: tuple[str, ...]
    told: re.Pattern[str] | None
    none: re.Pattern[str] | None


def keys_of(item: str) -> tuple[str, ...]:
    """The entities that an answer to the item may bring."""
    return _ALSO.get(item, SAME.get(item, (item,)))


def settled_items(text: str, items: Iterable[str]) -> list[str]:
    """The items that a message settles without a value: 没有电话 the telephone, 5mg两盒 the strength."""
    folded, table = fold(text), load_answers()
    return [item for item in items if item in table and _is_settled(table[item], folded)]


def _is_settled(item: _Item, folded: str) -> bool:
    if item.none is not None and item.none.search(folded):
        return True
    return not item.frames and item.told is not None and item.told.search(folded) is not None


def read_answer(item: str, text: str, entities: Callable[[str], Entities]) -> Answer | None:
    """What `text` answers when `item` was asked for; None when it does not. `entities` reads a text."""
    folded = fold(text).strip(" 。.!,，")
    table = load_answers()
    if not folded or len(folded) > LONGEST or word_class("客套").fullmatch(folded):
        return None
    own = table.get(item, _Item((), None, None))
    for none in (own.none, table[EVERY].none):
        if none is not None and _says_nothing_else(none, folded):
            return Answer(unknown=True)
    plain = entities(text)
    if any(key in plain for key in keys_of(item)):
        return Answer(plain, partly=not is_known(item, plain))
    for frame in own.frames if not _NO_VALUE.search(folded) else ():
        framed = entities(frame.format(text.strip()))
        if found := {key: value for key, value in framed.items() if key in keys_of(item)}:
            return Answer({**plain, **found})
    if own.told is not None and own.told.search(folded) and not _OTHER.search(folded):
        return Answer(plain)
    return None


def _says_nothing_else(none: re.Pattern[str], folded: str) -> bool:
    """不知道, 年纪不清楚; not 不知道哪家医院能收."""
    found = none.search(folded)
    if found is None:
        return False
    rest = folded[: found.start()] + folded[found.end() :]
    return len(rest) <= _REST and not _OTHER.search(rest)


@lru_cache(maxsize=2)
def load_answers(path: Path = ANSWERS) -> Mapping[str, _Item]:
    """The table by item. Raises TableError with file, line and fault."""
    classes = Classes()
    return {
        cells["item"]: _Item(
            tuple(cells["read_as"].split("|")) if cells["read_as"] else (),
            _pattern(cells, "told_by", classes, path),
            _pattern(cells, "none_by", classes, path),
        )
        for cells in _rows(path)
    }


def _rows(path: Path) -> list[Row]:
    return list(read_rows(path, COLUMNS, Faults(strict=True)))


def _pattern(cells: Row, column: str, classes: Classes, path: Path) -> re.Pattern[str] | None:
    ways = split(cells[column], "|")
    return re.compile("|".join(regex(way, classes, path, cells.line) for way in ways)) if ways else None
