"""What takes long to make is kept under the digest of what it is made from: the learned judges of the messages,
tables and code, and the tables as they are read.

By itself, so that a start that only looks whether they are there loads no numerical library.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar, cast

from nlu.tables import DATA

MODELS = DATA.parent / "models"
SOURCES = ("nlu.yml", "levels.yml")
_TABLES = ("lexicon", "protocol", "wording")
_APART = frozenset(["client.py", "kept.py", "sentences.py", "sentence_learning.py"])
"""Code that changes nothing in what is learned."""


_LIBRARIES = ("pyahocorasick", "pypinyin", "jieba")
"""Those that the tables as read are made with."""


def digest(data: Path = DATA) -> str:
    """Of everything the judges are made from: the messages, and all that makes marks of them."""
    state = hashlib.sha256()
    for path in inputs(data):
        content = path.read_bytes() if path.exists() else b""
        state.update(f"{path.name} {len(content)}\n".encode())
        state.update(content)
    return state.hexdigest()[:16]


def inputs(data: Path = DATA) -> Iterator[Path]:
    """The files whose content decides what the judges are; a source may be missing."""
    yield from (data / name for name in SOURCES)
    yield from sorted(path for name in _TABLES for path in (data / name).rglob("*.csv"))
    yield from sorted(path for path in Path(__file__).parent.glob("*.py") if path.name not in _APART)


def path_of(data: Path = DATA, models: Path = MODELS) -> Path:
    """Where the judges of the present messages are kept."""
    return models / f"words-{digest(data)}.npz"


Made = TypeVar("Made")
_KEPT = 4
"""Files of one name that stay: two interpreters may use a folder, each with its own."""


def made_once(
    name: str,
    make: Callable[[], Made],
    data: Path | None = DATA,
    models: Path | None = MODELS,
    *,
    worth: Callable[[Made], bool] = lambda _: True,
) -> Made:
    """What `make` brings, from a file under `models` when it was made of the same tables, code and libraries before.

    With no `data` it is made of the libraries alone. Only what is `worth` it is kept. A file that cannot be read or written changes nothing but the time it takes;
    without `models` nothing is kept.
    """
    if models is None:
        return make()
    path = models / f"{name}-{_made_from(data)}.pickle"
    kept = _read(path)
    if kept is not None:
        return cast(Made, kept)
    made = make()
    if worth(made):
        _write(path, made)
        for old in sorted(models.glob(f"{name}-*.pickle"), key=_age)[_KEPT:]:
            old.unlink(missing_ok=True)
    return made


@lru_cache(maxsize=4)
def _made_from(data: Path | None) -> str:
    """Digest of the tables, the code that reads them, and the libraries whose objects are kept."""
    state = hashlib.sha256(repr((sys.version_info, [version(name) for name in _LIBRARIES])).encode())
    for path in inputs(data) if data else (Path(__file__).with_name("segmenter.py"),):
        if path.name not in SOURCES:
            state.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    state.update(Path(__file__).read_bytes())
    return state.hexdigest()[:16]


def _read(path: Path) -> object:
    """The object of a file; None when there is none, or none that can be read."""
    try:
        with path.open("rb") as file:
            return pickle.load(file)
    except Exception:
        return None


def _write(path: Path, made: object) -> None:
    """Puts it in place at once, whole; a folder that may not be written stays as it is."""
    unfinished = path.with_suffix(f".{os.getpid()}.part")
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with unfinished.open("wb") as file:
            pickle.dump(made, file, protocol=pickle.HIGHEST_PROTOCOL)
        unfinished.replace(path)


def _age(path: Path) -> float:
    return -path.stat().st_mtime
