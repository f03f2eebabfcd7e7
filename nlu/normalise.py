"""One spelling for all: half width, simplified, lower-case Latin, meaningful emoji as words, typing errors mended.

Every character of the result remembers which characters of the raw text it came from.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from nlu.sounds import mend_by_sound
from nlu.tables import DATA, Faults, parts, read_rows
from nlu.typos import Correction, corrections

SYMBOLS = DATA / "wording" / "symbols.csv"
_KEEP = frozenset("℃℉½¼¾…ⅠⅡⅢⅣⅤⅥ①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳#*")
"""Left as they are: their compatibility forms would lose the meaning (Ⅱ as a level, ① as a list number)."""
_STICKER = re.compile(r"\[[^\[\]\s\d]{1,5}\]")
_POINT = re.compile(r"(?<!\d)(?:3[4-9]|4[0-2])[。·](?=\d(?!\d))")
"""38。5, 38·5: a temperature whose point came out as another mark."""
_RUN = re.compile(r"([^a-z0-9])\1{12,}")
_LONGEST_RUN = 12
"""Longer runs of one character (spaces, !!!!, 啊啊啊啊) are cut to this."""
_TAG_CHARS = range(0xE0000, 0xE0080)


@dataclass(frozen=True)
class Normalised:
    """The normalised `text`, the `raw` one, and where each character of `text` stood in `raw`."""

    text: str
    raw: str
    origins: tuple[tuple[int, int], ...] = field(repr=False)
    """For each character of `text`, start and end in `raw`; never running backwards."""

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """Where the characters `start` … `end` of `text` stood in `raw`; an empty span stays empty."""
        start, end = max(0, min(start, len(self.text))), max(0, min(end, len(self.text)))
        if start >= end:
            at = self.origins[start][0] if start < len(self.origins) else len(self.raw)
            return at, at
        return self.origins[start][0], self.origins[end - 1][1]

    def raw_quote(self, start: int, end: int) -> str:
        """The writer's own characters for a span of `text`."""
        begin, stop = self.raw_span(start, end)
        return self.raw[begin:stop]


@dataclass
class _Tape:
    """Characters with their origin, while they are being rewritten."""

    chars: list[str]
    origins: list[tuple[int, int]]

    @property
    def text(self) -> str:
        return "".join(self.chars)

    def replace(self, start: int, end: int, new: str) -> None:
        """Put `new` in place of a span; equal lengths keep the origin of each character."""
        if len(new) == end - start:
            self.chars[start:end] = list(new)
            return
        span = (self.origins[start][0], self.origins[end - 1][1])
        self.chars[start:end] = list(new)
        self.origins[start:end] = [span] * len(new)


def normalise(raw: str) -> Normalised:
    """The one spelling of a message. Takes any string; never raises."""
    tape = _Tape([], [])
    symbols = _symbols()
    for at, char in enumerate(raw):
        for piece in _character(char, symbols):
            tape.chars.append(piece)
            tape.origins.append((at, at + 1))
    _cut_runs(tape)
    for found in _POINT.finditer(tape.text):
        tape.replace(found.end() - 1, found.end(), ".")
    _drop_stickers(tape)
    _apply(tape, corrections(tape.text))
    _apply(tape, mend_by_sound(tape.text))
    return Normalised(tape.text, raw, tuple(tape.origins))


def _apply(tape: _Tape, found: list[Correction]) -> None:
    for correction in reversed(found):
        tape.replace(correction.start, correction.end, correction.right)


def _cut_runs(tape: _Tape) -> None:
    for found in reversed(list(_RUN.finditer(tape.text))):
        start = found.start() + _LONGEST_RUN
        del tape.chars[start : found.end()]
        del tape.origins[start : found.end()]


def _drop_stickers(tape: _Tape) -> None:
    """[抱拳] and its like become a space; [图片], [语音] and other words in brackets stay."""
    names = _stickers()
    for found in reversed(list(_STICKER.finditer(tape.text))):
        if found.group()[1:-1] in names:
            tape.replace(found.start(), found.end(), " ")


def _character(char: str, symbols: dict[str, str]) -> str:
    if char in symbols:
        return symbols[char]
    code = ord(char)
    if 0x20 <= code < 0x7F:
        return char.lower()
    return _other(char)


@lru_cache(maxsize=20000)
def _other(char: str) -> str:
    if char in _KEEP or char == "\n":
        return char
    category = unicodedata.category(char)
    if category == "Zs" or char == "\t":
        return " "
    if category in {"Cc", "Cf", "Cs", "Mn", "Me", "Zl", "Zp"} or ord(char) in _TAG_CHARS:
        return "\n" if char in "\x0b\x0c\x85\u2028\u2029" else ""
    if category == "So" and unicodedata.east_asian_width(char) in "WN" and ord(char) > 0x2190:
        return _compatible(char) if unicodedata.normalize("NFKC", char) != char else " "
    return _compatible(char)


def _compatible(char: str) -> str:
    plain = unicodedata.normalize("NFKC", char).replace("⁄", "/")
    return "".join(_simplified(piece) for piece in plain).lower()


@lru_cache(maxsize=20000)
def _simplified(char: str) -> str:
    if not "\u3400" <= char <= "\u9fff":
        return char
    converted: str = _converter().convert(char)
    return converted if len(converted) == 1 else char


@lru_cache(maxsize=1)
def _converter():  # type: ignore[no-untyped-def]
    from opencc import OpenCC  # noqa: PLC0415  (its tables are read at import)

    return OpenCC("t2s")


@lru_cache(maxsize=4)
def _table(path: Path) -> tuple[dict[str, str], frozenset[str]]:
    symbols: dict[str, str] = {}
    stickers: set[str] = set()
    for row in read_rows(path, ("kind", "says", "means"), Faults(strict=True), ("note",)):
        if row["kind"] == "sticker":
            stickers.update(parts(row["says"], "|"))
        else:
            symbols.update(dict.fromkeys(parts(row["says"], "|"), row["means"].replace("_", " ")))
    return symbols, frozenset(stickers)


def _symbols() -> dict[str, str]:
    return _table(SYMBOLS)[0]


def _stickers() -> frozenset[str]:
    return _table(SYMBOLS)[1]
