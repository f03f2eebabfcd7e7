"""Where the learned judges are kept: a file under the digest of the messages and the code they are made from.

By itself, so that a start that only looks whether they are there loads no numerical library.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from nlu.tables import DATA

MODELS = DATA.parent / "models"
SOURCES = ("nlu.yml", "levels.yml")
_CODE = ("clauses.py", "grams.py", "learning.py")


def digest(data: Path = DATA) -> str:
    """Of everything the judges are made from."""
    state = hashlib.sha256()
    files = [*(data / name for name in SOURCES), *(Path(__file__).parent / name for name in _CODE)]
    for path in files:
        content = path.read_bytes() if path.exists() else b""
        state.update(f"{path.name} {len(content)}\n".encode())
        state.update(content)
    return state.hexdigest()[:16]


def path_of(data: Path = DATA, models: Path = MODELS) -> Path:
    """Where the judges of the present messages are kept."""
    return models / f"words-{digest(data)}.npz"
