"""Makes the learned judges: `python -m nlu.learning FILE [--data DIR]`, in the environment that has scikit-learn.

Acts come from data/nlu.yml (and data/levels.yml, all reports), levels and specialties from data/levels.yml, whose
intents are written `level_2/NEURO`. docs/decisions/0006 holds what else was tried.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from nlu.grams import LONGEST, prepared
from nlu.tables import DATA, TableError

LEVEL = "level_"
COMMON = {"report": 3.0, "chatter": 1.5, "consult": 1.5, "update": 1.5}
"""What a group mostly writes."""


@dataclass(frozen=True)
class Task:
    """What one judge learns: texts with their classes."""

    name: str
    texts: Sequence[str]
    classes: Sequence[str]
    strength: float
    """How far single n-grams may go (inverse regularisation)."""
    share: Mapping[str, float] | None
    """Rare classes weigh as much as common ones, those named here so many times as much; None: each message counts."""
    values: bool


def examples(path: Path) -> Iterator[tuple[str, str]]:
    """(intent, message) of a Rasa training file. Raises TableError when it is none."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        entries = yaml.load(path.read_bytes(), Loader=loader)["nlu"]
        for entry in entries:
            for line in str(entry["examples"]).splitlines():
                text = line.strip().removeprefix("- ").strip()
                if text:
                    yield str(entry["intent"]), text
    except (OSError, UnicodeDecodeError, yaml.YAMLError, KeyError, TypeError) as error:
        raise TableError(path, 0, f"is no Rasa training file: {error}") from None


def tasks(data: Path = DATA) -> Iterator[Task]:
    """The judges there are to make. Raises TableError when a file or a label cannot be read."""
    levelled = list(examples(data / "levels.yml"))
    labels = [_label(data / "levels.yml", intent) for intent, _ in levelled]
    reports = [text for _, text in levelled]
    said = list(examples(data / "nlu.yml"))
    yield Task(
        "acts",
        [text for _, text in said] + reports,
        [act for act, _ in said] + ["report"] * len(reports),
        strength=5,
        share=COMMON,
        values=False,
    )
    yield Task("levels", reports, [level for level, _ in labels], strength=5, share=None, values=True)
    yield Task("specialties", reports, [code for _, code in labels], strength=8, share=None, values=False)


def _label(path: Path, intent: str) -> tuple[str, str]:
    level, _, specialty = intent.removeprefix(LEVEL).partition("/")
    if level not in {"1", "2", "3", "4"} or not specialty:
        raise TableError(path, 0, f"intent {intent!r} must be like level_2/NEURO")
    return level, specialty


def _weights(task: Task) -> dict[str, float] | None:
    if task.share is None:
        return None
    counts = Counter(task.classes)
    even = len(task.classes) / len(counts)
    return {name: even / count * task.share.get(name, 1.0) for name, count in counts.items()}


def learn(task: Task) -> dict[str, Any]:
    """The arrays of one judge."""
    import numpy as np  # noqa: PLC0415  (only where judges are made)
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    vectorizer = TfidfVectorizer(
        analyzer="char", ngram_range=(1, LONGEST), min_df=2, binary=True, lowercase=False
    )
    rows = vectorizer.fit_transform([prepared(text, values=task.values) for text in task.texts])
    model = LogisticRegression(C=task.strength, max_iter=120, class_weight=_weights(task)).fit(
        rows, task.classes
    )
    return {
        "classes": np.array("\n".join(map(str, model.classes_))),
        "grams": np.array("\n".join(vectorizer.get_feature_names_out())),
        "idf": vectorizer.idf_.astype(np.float16),
        "weights": model.coef_.T.astype(np.float16),
        "intercept": model.intercept_.astype(np.float32),
        "values": np.array(task.values),
    }


def main() -> int:
    parser = argparse.ArgumentParser(prog="nlu.learning", description=__doc__)
    parser.add_argument("file", type=Path, help="where the judges go (.npz)")
    parser.add_argument("--data", type=Path, default=DATA)
    options = parser.parse_args()
    import numpy as np  # noqa: PLC0415

    arrays = {}
    try:
        for task in tasks(options.data):
            arrays.update({f"{task.name}.{key}": value for key, value in learn(task).items()})
    except TableError as error:
        print(error, file=sys.stderr)
        return 1
    unfinished = options.file.with_suffix(".part.npz")
    np.savez_compressed(unfinished, **arrays)
    unfinished.replace(options.file)
    return 0


if __name__ == "__main__":
    sys.exit(main())
