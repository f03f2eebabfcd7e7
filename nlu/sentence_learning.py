"""Makes data/sentences.npz, what sentence vectors mean: `python -m nlu.sentence_learning`, in the development
environment, some minutes.

Learned from the messages of data/nlu.yml alone. Nothing of it depends on a table, so that the file is shipped, and made
anew only when the messages have changed much (docs/decisions/0006).
"""

from __future__ import annotations

import argparse
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from nlu.learned import Array
from nlu.learning import examples
from nlu.normalise import normalise
from nlu.sentences import FILE, vector
from nlu.tables import DATA, TableError

STRENGTH = 30
"""How far single numbers of a vector may go (inverse regularisation)."""
STEPS = 300
"""Of the fit, at most; all acts weigh the same, however many messages they have."""


def learn(data: Path) -> None:
    """Writes the file. Raises TableError when the messages cannot be read."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415  (only where it is made)

    said = list(examples(data / "nlu.yml"))
    with ProcessPoolExecutor(mp_context=get_context("spawn"), initializer=_alone) as pool:
        share = -(-len(said) // (os.cpu_count() or 1))
        vectors = np.array(list(pool.map(_vector, [text for _, text in said], chunksize=share)))
    model = LogisticRegression(C=STRENGTH, max_iter=STEPS, class_weight="balanced")
    model.fit(vectors, [act for act, _ in said])
    unfinished = data / f"{FILE}.part.npz"
    np.savez_compressed(
        unfinished,
        classes=np.array("\n".join(model.classes_)),
        weights=model.coef_.T.astype(np.float16),
        intercept=model.intercept_.astype(np.float32),
    )
    unfinished.replace(data / FILE)


def _alone() -> None:
    """One thread in each process: more would wait for one another."""
    os.environ["OMP_NUM_THREADS"] = "1"


def _vector(text: str) -> Array:
    return vector(normalise(text).text)


def main() -> int:
    parser = argparse.ArgumentParser(prog="nlu.sentence_learning", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    try:
        learn(parser.parse_args().data)
    except TableError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
