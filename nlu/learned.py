"""Judges learned from invented messages (nlu/learning.py makes them): linear over character n-grams, one file for all.

They know wordings no table lists. Without the file the tables decide alone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from nlu.grams import prepared
from nlu.kept import MODELS, path_of
from nlu.tables import DATA
from nlu.vocabulary import Vocabulary

QUOTED = 2
"""N-grams that are shown as the words a judgement rests on."""


class Said(NamedTuple):
    """What a judge looks at."""

    words: str
    marks: frozenset[str] = frozenset()
    """What the tables make of them (nlu/marks.py)."""


Array = Any
"""A numpy array; its stubs are not in both environments."""


def chances_of(classes: Sequence[str], sums: Array) -> dict[str, float]:
    """Each class with its probability, from what a linear classifier adds up for it."""
    chances = np.exp(sums - sums.max())
    chances /= chances.sum()
    return dict(zip(classes, chances.tolist(), strict=True))


@dataclass(frozen=True)
class Judge:
    """One classifier: probability of each class for a text."""

    classes: tuple[str, ...]
    vocabulary: Vocabulary
    idf: Array
    weights: Array
    """One row an n-gram, then one a mark; one column a class."""
    intercept: Array
    values: bool
    """Whether numbers count as they are."""
    marks: Mapping[str, int] = field(default_factory=dict)
    """Rows of the marks it knows (nlu/marks.py, nlu/act_marks.py)."""
    mark_share: float = 0.0
    """Of a mark in the sum, where all n-grams together have the length 1."""

    def probabilities(self, text: str, marks: Collection[str] = ()) -> dict[str, float]:
        """Each class with its probability; they add up to 1. `marks`: what the tables make of the text."""
        rows, shares = self._rows(text)
        sums = shares @ self.weights[rows] + self.intercept
        held = [row for mark in marks if (row := self.marks.get(mark)) is not None]
        if held:
            sums = sums + self.mark_share * self.weights[held].sum(axis=0)
        return chances_of(self.classes, sums)

    def grounds(self, text: str, wanted: Collection[str]) -> tuple[str, ...]:
        """The words of the text that speak most for the classes wanted against the others."""
        rows, shares = self._rows(text)
        if not len(rows):
            return ()
        side = np.array([name in wanted for name in self.classes])
        weights = self.weights[rows]
        gain = shares * (weights[:, side].max(axis=1) - weights[:, ~side].max(axis=1))
        found: list[str] = []
        for at in np.argsort(-gain):
            gram = self.vocabulary.names[int(rows[at])].strip("^$ ")
            if gain[at] <= 0 or len(found) >= QUOTED:
                break
            if len(gram) > 1 and not any(gram in other or other in gram for other in found):
                found.append(gram)
        return tuple(found)

    def _rows(self, text: str) -> tuple[Array, Array]:
        """The known n-grams of a text, and the share of each."""
        rows = self.vocabulary.columns(prepared(text, values=self.values))
        shares = self.idf[rows]
        norm = float(np.sqrt((shares**2).sum())) or 1.0
        return rows, shares / norm


@dataclass(frozen=True)
class Learned:
    """The judges of one file, each None where there is no file."""

    acts: Judge | None = None
    levels: Judge | None = None
    specialties: Judge | None = None


NAMES = ("acts", "levels", "specialties")


def load_learned(data: Path = DATA, models: Path = MODELS) -> Learned:
    """The judges of the present messages; an empty Learned when they have not been made (`lianluo train`)."""
    path = path_of(data, models)
    if not path.exists():
        return Learned()
    with np.load(path, allow_pickle=False) as file:
        return Learned(**{name: _judge(file, name) for name in NAMES})


def _judge(file: Any, name: str) -> Judge:
    columns = str(file[f"{name}.grams"]).split("\n")
    marks = str(file[f"{name}.marks"]).split("\n")
    return Judge(
        tuple(str(file[f"{name}.classes"]).split("\n")),
        Vocabulary(columns),
        file[f"{name}.idf"].astype(np.float32),
        file[f"{name}.weights"].astype(np.float32),
        file[f"{name}.intercept"].astype(np.float32),
        bool(file[f"{name}.values"]),
        {mark: len(columns) + at for at, mark in enumerate(marks) if mark},
        float(file[f"{name}.mark_share"]),
    )
