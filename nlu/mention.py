"""What a finder brings: a value of some kind with the words it rests on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nlu import numbers

FEVER = 37.3
"""℃ from which a reading is a fever (十大症状, 发热; data/protocol/derived.csv)."""
HIDDEN = "\x1f"
"""Stands for a character that is already spoken for, so that no later finder reads it."""

_REACH = 60
"""Characters around a place that are looked at for words right beside it, with the spaces between them."""
_BREAKS = "。!?;,\n"
_RETRACTED_BEFORE = re.compile(
    r"(?:不是|并非|而非|非|不叫|把|(?<!打)错[成写]|原来写的?|之前(?:说|写|报)的?(?:是)?)\s*$"
)
_RETRACTED_AFTER = re.compile(
    r"^[^。!?;,\n\d]{0,4}?(?:打错|写错|说错|报错|弄错|搞错|填错|错了|有误|不对|改[成为到]|更正为|更正成|应该是|应为)"
)
_NEGATOR_RIGHT = re.compile(r"(?:是不是|会不会|要不是|何尝不是)\s*$")


@dataclass(frozen=True)
class Mention:
    """A value found in the normalised text; `quote` is the text from `start` to `end`.

    Kinds are the keys of the analyse format, and besides: `drug` (one each), `drug_allergy`, `institution`,
    `age_days`, `missed_sessions`, `amenorrhoea_days`, `multipara`, `k`, `rr`, `episode_h` (how long something lasted
    that is over).
    """

    kind: str
    value: Any
    start: int
    end: int
    quote: str


def mention(kind: str, found_value: object, text: str, start: int, end: int) -> Mention:
    """A Mention with its quote; whole floats become ints."""
    if isinstance(found_value, float):
        found_value = numbers.tidy(found_value)
    return Mention(kind, found_value, start, end, text[start:end])


def hide(text: str, spans: Sequence[tuple[int, int]], mark: str = HIDDEN) -> str:
    """The text with the spans made unreadable (each character a `mark`), offsets kept."""
    if not spans:
        return text
    chars = list(text)
    for start, end in spans:
        chars[start:end] = mark * (end - start)
    return "".join(chars)


def left_of(text: str, at: int) -> str:
    """What stands before a place, as far back as words that end there can reach."""
    return text[max(0, at - _REACH) : at]


def right_of(text: str, at: int) -> str:
    """What stands behind a place, as far as words that begin there can reach."""
    return text[at : at + _REACH]


def clause_after(text: str, at: int, limit: int = 12) -> str:
    """The words of the same clause after a position."""
    piece = text[at : at + limit]
    cuts = [cut for char in _BREAKS if (cut := piece.find(char)) >= 0]
    return piece[: min(cuts)] if cuts else piece


def retracted(text: str, start: int, end: int) -> bool:
    """Whether the writer takes the value back: 不是67, 67打错了, 把67改成76."""
    before = text[max(0, start - 8) : start]
    if _RETRACTED_BEFORE.search(before) and not _NEGATOR_RIGHT.search(before):
        return True
    return bool(_RETRACTED_AFTER.search(text[end : end + 10]))
