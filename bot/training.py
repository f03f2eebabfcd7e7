"""The trained model: made from files, kept under the digest of their content, made anew when that changes."""

from __future__ import annotations

import fcntl
import hashlib
import json
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import yaml

from bot.errors import UserError
from bot.judges import judges_made, make_judges
from bot.rasa_process import RasaProcess
from bot.settings import ROOT, Settings

Say = Callable[[str], None]

OWN_COMPONENT = b"nlu."  # in the pipeline: then our code and its tables are inputs too
KEEP = 4  # models of earlier inputs that stay, so that going back costs no training
SIGN_OF_LIFE = 10  # seconds between two lines of progress
TRIES = 3  # inputs may change while a model is being trained from them


class Stopped(Exception):
    """The training was not needed any more."""


def train(
    settings: Settings,
    *,
    say: Say = lambda line: None,
    force: bool = False,
    stop: threading.Event | None = None,
) -> Path:
    """The model of the present inputs, trained if there is none yet.

    Raises UserError when an input is missing or Rasa cannot train from it, Stopped when `stop` is set.
    """
    stop = stop or threading.Event()
    current = current_model(settings)
    if current and not force and judges_made(settings):
        return current
    with _alone(settings, say, stop):
        make_judges(settings, say)
        for _ in range(TRIES):
            current = current_model(settings)
            if current and not force:
                return current
            before = digest(settings)
            made = _train(settings, before, say, stop)
            if digest(settings) == before:
                return _keep(settings, made, before)
            say("the inputs changed meanwhile; training again")
    raise UserError("the model's inputs keep changing while it is trained; try again")


def current_model(settings: Settings) -> Path | None:
    """The model of the present inputs, or None. A model of other inputs is never one."""
    path = settings.models / f"{digest(settings)}.tar.gz"
    return path if path.exists() else None


def digest(settings: Settings) -> str:
    """Digest of everything the model depends on. Raises UserError that names a missing or broken input."""
    state = hashlib.sha256()
    for name, content in _inputs(settings):
        state.update(f"{name} {len(content)}\n".encode())
        state.update(content)
    return state.hexdigest()[:16]


def _inputs(settings: Settings) -> Iterator[tuple[str, bytes]]:
    home = settings.home
    config = _read(home / "config.yml")
    yield "config.yml", config
    yield "data/nlu.yml", _read(home / "data" / "nlu.yml")
    rules = home / "data" / "rules.yml"
    if rules.exists():
        yield "data/rules.yml", _read(rules)
    yield "domain.yml", json.dumps(_domain(home / "domain.yml"), sort_keys=True).encode()
    yield "rasa.txt", _read(ROOT / "requirements" / "rasa.txt")
    if OWN_COMPONENT not in config:
        return
    code = (path for path in (ROOT / "nlu").glob("*.py") if path.name != "client.py")  # not the evaluation
    levels = home / "data" / "levels.yml"
    if levels.exists():
        yield "data/levels.yml", _read(levels)
    tables = (path for name in ("lexicon", "protocol") for path in (home / "data" / name).rglob("*.csv"))
    for path in sorted((*code, *tables)):
        yield path.name, _read(path)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UserError(f"{path}: {error.strerror}, and the model is trained from it") from None


def _domain(path: Path) -> dict[str, Any]:
    """The part of the domain the model depends on: what the bot says may change without training."""
    content = _yaml(path)
    return {key: content.get(key) for key in ("version", "intents", "entities")}


def _yaml(path: Path) -> dict[str, Any]:
    """A YAML file that holds keys. Raises UserError with file and line."""
    try:
        content = yaml.load(_read(path), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        raise UserError(f"{path}{line}: not YAML ({getattr(error, 'problem', None) or error})") from None
    if not isinstance(content, dict):
        raise UserError(f"{path}: must hold keys like `version:`")
    return content


@contextmanager
def _alone(settings: Settings, say: Say, stop: threading.Event) -> Iterator[None]:
    """One training at a time for a folder of models; a second one waits and then finds the model."""
    with (settings.models / ".lock").open("w") as file:
        if not _locked(file):
            say("another process is training; waiting for it …")
            while not _locked(file):
                if stop.wait(0.5):
                    raise Stopped
        yield


def _locked(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _train(settings: Settings, name: str, say: Say, stop: threading.Event) -> Path:
    """Train from copies (Rasa may write into its config) in a folder of its own; the path of the model."""
    for source in ("config.yml", "data/nlu.yml"):
        _yaml(settings.home / source)
    work = settings.var / "training" / name
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    for name_of in ("config.yml", "domain.yml", "data/nlu.yml", "data/rules.yml"):
        if (settings.home / name_of).exists():  # a project need not have rules
            shutil.copy(settings.home / name_of, work)
    process = RasaProcess.start(settings, _arguments(work, name), "train.log")
    say("training the model (about a minute) …")
    try:
        _wait(process, say, stop)
    finally:
        process.end()
    made = work / f"{name}.tar.gz"
    if process.status or not made.exists():
        raise UserError(f"the model was not trained: {process.last_words()} (more in {process.log})")
    return made


def _arguments(work: Path, name: str) -> list[str]:
    """With rules the model also answers on Rasa's own channels."""
    placed = ["--config", str(work / "config.yml"), "--domain", str(work / "domain.yml")]
    kept = ["--out", str(work), "--fixed-model-name", name]
    nlu, rules = str(work / "nlu.yml"), work / "rules.yml"
    if rules.exists():
        return ["train", "--skip-validation", "--data", nlu, str(rules), *placed, *kept]
    return ["train", "nlu", "--nlu", nlu, *placed, *kept]


def _wait(process: RasaProcess, say: Say, stop: threading.Event) -> None:
    began = spoken = time.monotonic()
    while process.status is None:
        if stop.wait(0.2):
            raise Stopped
        now = time.monotonic()
        if now - spoken > SIGN_OF_LIFE:
            spoken = now
            say(f"training the model … {now - began:.0f} s")


def _keep(settings: Settings, made: Path, name: str) -> Path:
    """Put a finished model into its place at once, and drop the oldest."""
    target = made.replace(settings.models / f"{name}.tar.gz")
    shutil.rmtree(made.parent, ignore_errors=True)
    models = sorted(settings.models.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in models[KEEP:]:
        old.unlink(missing_ok=True)
    return target
