"""A second opinion on the act from the training messages alone: naive Bayes over character n-grams.

It is made from data/nlu.yml in a fraction of a second and needs nothing but the standard library, so that the engine
without Rasa has seen the same messages as the trained model has.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

import yaml

from nlu.clauses import fold
from nlu.tables import DATA, TableError

TRAINING = DATA / "nlu.yml"
LONGEST = 3
_SMOOTHING = 0.3
_SHARPNESS = 0.25
"""Neighbouring n-grams say the same thing several times over: the sum of their log-odds is taken down."""
_ENOUGH = 40
"""From so many known n-grams on more of them add nothing: a long text is not surer than a short one."""
_DIGITS = re.compile(r"\d+")
_LINE = re.compile(r"^\s*-\s*(.+?)\s*$")

Ranking = list[tuple[str, float]]


class Ngrams:
    """Counts of n-grams by act. `rank` gives the acts with their probability, the best first."""

    def __init__(self, examples: Iterable[tuple[str, str]]) -> None:
        counts: dict[str, Counter[str]] = {}
        for act, text in examples:
            counts.setdefault(act, Counter()).update(set(grams(text)))
        self._acts = tuple(counts)
        known = {gram for counter in counts.values() for gram in counter}
        totals = {act: sum(counter.values()) + _SMOOTHING * len(known) for act, counter in counts.items()}
        self._weights = {
            gram: tuple(math.log((counts[act][gram] + _SMOOTHING) / totals[act]) for act in self._acts)
            for gram in known
        }

    def rank(self, text: str) -> Ranking:
        """Probabilities of the acts for a text; even when nothing in it was ever seen."""
        sums = [0.0] * len(self._acts)
        known = [self._weights[gram] for gram in set(grams(text)) if gram in self._weights]
        for weights in known:
            for index, weight in enumerate(weights):
                sums[index] += weight
        top = max(sums, default=0.0)
        sharpness = _SHARPNESS * min(1.0, _ENOUGH / max(len(known), 1))
        shares = [math.exp(sharpness * (value - top)) for value in sums]
        total = sum(shares)
        return sorted(
            zip(self._acts, (share / total for share in shares), strict=True), key=lambda one: -one[1]
        )


def grams(text: str) -> Iterator[str]:
    """Character n-grams of a text between borders; numbers count as one sign, whatever their value."""
    body = "^" + _DIGITS.sub("0", re.sub(r"\s+", " ", fold(text).strip())) + "$"
    for size in range(1, LONGEST + 1):
        for start in range(len(body) - size + 1):
            yield body[start : start + size]


@lru_cache(maxsize=2)
def load_ngrams(path: Path = TRAINING) -> Ngrams:
    """Made from the training messages. Raises TableError when the file cannot be read."""
    return Ngrams(examples(path))


def examples(path: Path) -> Iterator[tuple[str, str]]:
    """(act, message) of a Rasa training file."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        entries = content["nlu"]
        for entry in entries:
            for line in str(entry["examples"]).splitlines():
                match = _LINE.match(line)
                if match:
                    yield str(entry["intent"]), match[1]
    except (OSError, UnicodeDecodeError, yaml.YAMLError, KeyError, TypeError) as error:
        raise TableError(path, 0, f"is no Rasa training file: {error}") from None
