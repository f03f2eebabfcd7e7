"""jieba's segmenter with its dictionary by first character: only the words that a text could begin are unpacked.

The same words as jieba's own. Its dictionary as a whole takes a second to load and a hundred megabytes.
"""

from __future__ import annotations

import marshal
import warnings
from functools import lru_cache
from math import log
from typing import Any

from nlu.kept import made_once

_NOBODY: dict[str, int] = {}


class WordBook:
    """Words with their frequency; 0 for what only begins one."""

    def __init__(self, packed: dict[str, bytes], total: int) -> None:
        """`packed`: by first character a marshalled dictionary; `total` of all frequencies."""
        self._packed = packed
        self.total = total
        self._unpacked: dict[str, dict[str, int]] = {}

    def beginning(self, char: str) -> dict[str, int]:
        """The words that begin with a character."""
        words = self._unpacked.get(char)
        if words is None:
            packed = self._packed.get(char)
            words = self._unpacked[char] = marshal.loads(packed) if packed else _NOBODY
        return words

    def get(self, word: str, default: int | None = None) -> int | None:
        """Its frequency."""
        return self.beginning(word[:1]).get(word, default)


@lru_cache(maxsize=1)
def segmenter() -> Any:
    """A jieba.Tokenizer; `FREQ` is its WordBook."""
    jieba = _jieba()
    packed, total = made_once("segmenter", _packed, None)

    class Segmenter(jieba.Tokenizer):  # type: ignore[name-defined,misc]
        """jieba's, but for where it looks words up."""

        def __init__(self) -> None:
            super().__init__()
            self.FREQ = WordBook(packed, total)
            self.total = total
            self.initialized = True

        def get_DAG(self, sentence: str) -> dict[int, list[int]]:
            """For each place where words that begin there end."""
            ends: dict[int, list[int]] = {}
            length = len(sentence)
            for start, char in enumerate(sentence):
                words = self.FREQ.beginning(char)
                found, at, piece = [], start, char
                while at < length and piece in words:
                    if words[piece]:
                        found.append(at)
                    at += 1
                    piece = sentence[start : at + 1]
                ends[start] = found or [start]
            return ends

        def calc(self, sentence: str, DAG: dict[int, list[int]], route: dict[int, Any]) -> None:
            """The likeliest way through, from the end."""
            route[len(sentence)] = (0, 0)
            whole = log(self.total)
            for start in range(len(sentence) - 1, -1, -1):
                words = self.FREQ.beginning(sentence[start])
                route[start] = max(
                    (log(words.get(sentence[start : end + 1]) or 1) - whole + route[end + 1][0], end)
                    for end in DAG[start]
                )

    return Segmenter()


def _packed() -> tuple[dict[str, bytes], int]:
    jieba = _jieba()
    whole = jieba.Tokenizer()
    whole.initialize()
    by_char: dict[str, dict[str, int]] = {}
    for word, frequency in whole.FREQ.items():
        by_char.setdefault(word[:1], {})[word] = frequency
    return {char: marshal.dumps(words) for char, words in by_char.items()}, whole.total


def _jieba() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns about itself at import: unescaped patterns, pkg_resources
        import jieba  # noqa: PLC0415  (only here is that silenced)

        jieba.setLogLevel(60)
    return jieba
