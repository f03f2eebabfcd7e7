"""Character n-grams of a message: what the learned judges look at."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlu.clauses import fold

LONGEST = 3
ENOUGH = 600
"""Characters of a text that are looked at; a longer one says what it is about before."""
_BLANK = re.compile(r"\s+")
_DIGITS = re.compile(r"\d+")


def prepared(text: str, *, values: bool) -> str:
    """The text between borders, folded; without `values` a number is one sign, whatever it is."""
    body = "^" + _BLANK.sub(" ", fold(text[:ENOUGH]).strip()) + "$"
    return body if values else _DIGITS.sub("0", body)


def grams(body: str) -> Iterator[str]:
    """All n-grams of a prepared text, doubles too."""
    for size in range(1, LONGEST + 1):
        for start in range(len(body) - size + 1):
            yield body[start : start + size]
