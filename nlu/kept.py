"""Where the learned judges are kept: a file under the digest of the messages, tables and code they are made from.

By itself, so that a start that only looks whether they are there loads no numerical library.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from nlu.tables import DATA

MODELS = DATA.parent / "models"
SOURCES = ("nlu.yml", "levels.yml")
_TABLES = ("lexicon", "protocol", "wording")
_APART = frozenset(["client.py", "kept.py"])
"""Code that changes nothing in what is learned."""


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
