"""Rasa as it comes, trained on our training messages: the baseline that the project is measured against.

Three models: acts with entities from data/nlu.yml, levels and specialties from data/levels.yml. The messages are not
annotated, so the copy that is trained from marks symptoms, ages, towns, temperatures and drugs where the built-in
engine finds them.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import yaml

from nlu.evaluation.annotate import Annotator
from nlu.tables import DATA

ROOT = DATA.parent
HERE = ROOT / "tests" / "baselines" / "rasa"
MODELS = ROOT / "var" / "evaluation"
LOG = "train.log"


class StockError(Exception):
    """The baseline cannot be trained; the text says why."""


def command() -> Sequence[str | Path]:
    """Starts the process that answers with the models, which are trained when their inputs changed.

    Raises StockError.
    """
    acts, reports = _text(DATA / "nlu.yml"), _text(DATA / "levels.yml")
    models = (
        _model("acts", "acts.yml", acts, lambda: annotated(acts)),
        _model("levels", "reports.yml", reports, lambda: labelled(reports, 0)),
        _model("specialties", "reports.yml", reports, lambda: labelled(reports, 1)),
    )
    return [_python(), HERE / "answer.py", *models]


def environment() -> dict[str, str]:
    """Environment of a process that is measured: our folder first, and Rasa without its noise and its telemetry."""
    ours = {
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "ignore",
        "LOG_LEVEL": "WARNING",
        "RASA_TELEMETRY_ENABLED": "false",
        "RASA_MAX_CACHE_SIZE": "0",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "",
    }
    return {**os.environ, **ours}


def _python() -> Path:
    path = Path(os.environ.get("LIANLUO_RASA_PYTHON") or ROOT / ".venv-rasa" / "bin" / "python")
    if not path.exists():
        raise StockError(f"Rasa's environment is missing ({path}); run `make setup`")
    return path


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise StockError(f"{path}: {error.strerror}") from None


def annotated(content: str) -> str:
    """Training data with the entities marked in Rasa's own notation."""
    annotator = Annotator(DATA / "sites" / "songjiang")
    return _rasa((name, [annotator.mark(text) for text in texts]) for name, texts in intents_of(content))


def labelled(content: str, part: int) -> str:
    """Training data whose intents are `level_2/NEURO`, with only that part of them as the intent."""
    by_label: dict[str, list[str]] = {}
    for name, texts in intents_of(content):
        by_label.setdefault(name.split("/")[part], []).extend(texts)
    return _rasa(by_label.items())


def _rasa(intents: Iterable[tuple[str, list[str]]]) -> str:
    body = [{"intent": name, "examples": "".join(f"- {text}\n" for text in texts)} for name, texts in intents]
    return yaml.safe_dump({"version": "3.1", "nlu": body}, allow_unicode=True, sort_keys=False, width=10_000)


def intents_of(content: str) -> Iterator[tuple[str, list[str]]]:
    """Each intent of Rasa training data with its messages."""
    for item in yaml.safe_load(content)["nlu"]:
        if "intent" in item:
            lines = item["examples"].splitlines()
            yield item["intent"], [line.strip().removeprefix("- ") for line in lines if line.strip()]


def _model(name: str, config: str, source: str, training: Callable[[], str]) -> Path:
    """The model of a pipeline and the data `source`, trained when there is none yet.

    Marks that the built-in engine would set otherwise today are no reason to train again.
    """
    pipeline = _text(HERE / config)
    digest = hashlib.sha256(json.dumps([name, pipeline, source]).encode()).hexdigest()[:16]
    path = MODELS / f"{name}-{digest}.tar.gz"
    if path.exists():
        return path
    work = MODELS / f"{name}-{digest}"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    (work / "config.yml").write_text(pipeline, encoding="utf-8")
    (work / "nlu.yml").write_text(training(), encoding="utf-8")
    print(f"training stock Rasa's model of the {name}, ten minutes and more …", file=sys.stderr, flush=True)
    _train(work, path.name.removesuffix(".tar.gz"))
    (work / path.name).replace(path)
    shutil.rmtree(work)
    return path


def _train(work: Path, model: str) -> None:
    arguments = ["--config", "config.yml", "--nlu", "nlu.yml", "--out", ".", "--fixed-model-name", model]
    with (MODELS / LOG).open("w", encoding="utf-8") as log:
        status = subprocess.run(
            [_python(), "-m", "rasa", "train", "nlu", *arguments],
            cwd=work,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            check=False,
        ).returncode
    if status or not (work / f"{model}.tar.gz").exists():
        raise StockError(f"the training failed ({MODELS / LOG})")
