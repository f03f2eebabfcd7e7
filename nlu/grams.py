"""Character n-grams of a message: what the learned judges look at."""

from __future__ import annotations

import re

from nlu.clauses import fold
from nlu.dialect import plain

LONGEST = 3
ENOUGH = 600
"""Characters of a text that are looked at; a longer one says what it is about before."""
_BLANK = re.compile(r"\s+")
_DIGITS = re.compile(r"\d+")
_TELEPHONE = re.compile(r"(?<!\d)\d(?:[ -]?\d){7,}(?!\d)")
"""139… is no fever: what tells of nobody's illness is not looked at."""
_AGE = re.compile(r"(?<!\d)\d{1,3}(?=周?岁)")
"""61岁 and 62岁 are ill alike; the band of age is a mark (nlu/marks.py)."""


def prepared(text: str, *, values: bool) -> str:
    """The text between borders, folded and in plain words; without `values` a number is one sign, whatever it is."""
    body = "^" + _BLANK.sub(" ", _TELEPHONE.sub(" ", fold(plain(text[:ENOUGH]))).strip()) + "$"
    return _AGE.sub("0", body) if values else _DIGITS.sub("0", body)
