"""Makes the learned judges: `python -m nlu.learning FILE [--data DIR]`, in the environment that has scikit-learn.

Acts come from data/nlu.yml (and data/levels.yml, all reports), levels and specialties from data/levels.yml, whose
intents are written `level_2/NEURO`. docs/decisions/0006 holds what else was tried.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import lru_cache, partial
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from nlu.gazetteer import Gazetteer
from nlu.grams import LONGEST, prepared
from nlu.learned import Said
from nlu.site_names import gazetteer
from nlu.tables import DATA, TableError

if TYPE_CHECKING:
    from nlu.pipeline import Understander

Marks = tuple[frozenset[str], Said]
"""Of the act and of the patient."""

LEVEL = "level_"
AT = datetime(2022, 4, 4, 9, tzinfo=timezone(timedelta(hours=8)))
"""When the messages are taken to be written; relative times in them count from here."""
SEEN = 4
"""Messages an n-gram must stand in to count: rarer ones cost most of the time and teach nothing that holds."""
STEPS = 150
"""Of the fit, until it moves no more: a fit cut short wobbles with every change of a table (docs/decisions/0006)."""
COMMON = {"report": 2.5, "chatter": 2.2, "consult": 1.5, "update": 1.5}
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
    marks: Sequence[frozenset[str]] = ()
    """What the tables make of each text; none: the judge sees words alone."""
    mark_share: float = 0.0
    """Of a mark in the sum, where all n-grams together have the length 1."""


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
    texts = [text for _, text in said] + reports
    of_act, of_patient = zip(*marked(texts, data), strict=True)
    yield Task(
        "acts",
        texts,
        [act for act, _ in said] + ["report"] * len(reports),
        strength=5,
        share=COMMON,
        values=False,
        marks=of_act,
        mark_share=0.1,
    )
    told = [one.marks for one in of_patient[len(said) :]]
    patients = [one.words for one in of_patient[len(said) :]]
    levels = [level for level, _ in labels]
    yield Task("levels", patients, levels, strength=8, share=None, values=True, marks=told, mark_share=0.2)
    codes = [code for _, code in labels]
    yield Task(
        "specialties", patients, codes, strength=8, share=None, values=False, marks=told, mark_share=0.15
    )


def marked(texts: Sequence[str], data: Path) -> list[Marks]:
    """What the tables by themselves make of each text. Raises TableError when one of them is faulty."""
    _the_tables(data)  # once, before the processes part
    share = -(-len(texts) // (os.cpu_count() or 1))
    with ProcessPoolExecutor(mp_context=get_context("fork")) as pool:
        return list(pool.map(partial(_mark, data), texts, chunksize=max(1, share)))


def _mark(data: Path, text: str) -> Marks:
    return _the_tables(data).marks(text, AT)


@lru_cache(maxsize=1)
def _the_tables(data: Path) -> Understander:
    from nlu.pipeline import Understander  # noqa: PLC0415  (only where judges are made)

    sites = [gazetteer(site) for site in sorted((data / "sites").glob("*")) if (site / "towns.csv").exists()]
    towns = {alias: name for site in sites for alias, name in site.towns.items()}
    houses = {alias: name for site in sites for alias, name in site.institutions.items()}
    return Understander(Gazetteer(towns, houses), data, models=None, strict=True)


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
    from scipy.sparse import hstack  # noqa: PLC0415
    from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer  # noqa: PLC0415
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    vectorizer = TfidfVectorizer(
        analyzer="char", ngram_range=(1, LONGEST), min_df=SEEN, binary=True, lowercase=False
    )
    rows = vectorizer.fit_transform([prepared(text, values=task.values) for text in task.texts])
    marks: list[str] = []
    if task.marks:
        counter = CountVectorizer(analyzer=sorted, min_df=2, binary=True)
        rows = hstack([rows, counter.fit_transform(task.marks) * task.mark_share]).tocsr()
        marks = list(counter.get_feature_names_out())
    model = LogisticRegression(C=task.strength, max_iter=STEPS, class_weight=_weights(task)).fit(
        rows, task.classes
    )
    return {
        "classes": np.array("\n".join(map(str, model.classes_))),
        "grams": np.array("\n".join(vectorizer.get_feature_names_out())),
        "marks": np.array("\n".join(marks)),
        "mark_share": np.array(task.mark_share),
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
        made = list(tasks(options.data))
        with ProcessPoolExecutor(mp_context=get_context("fork")) as pool:
            for task, judge in zip(made, pool.map(learn, made), strict=True):
                arrays.update({f"{task.name}.{key}": value for key, value in judge.items()})
    except TableError as error:
        print(error, file=sys.stderr)
        return 1
    unfinished = options.file.with_suffix(".part.npz")
    np.savez_compressed(unfinished, **arrays)
    unfinished.replace(options.file)
    return 0


if __name__ == "__main__":
    sys.exit(main())
