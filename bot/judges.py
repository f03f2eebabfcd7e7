"""The learned judges (nlu/learned.py) are made in Rasa's environment, which has scikit-learn; half a minute."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

from bot.errors import UserError
from bot.rasa_process import rasa_python
from bot.settings import ROOT, Settings
from nlu.kept import path_of

KEEP = 2
"""Files of earlier messages that stay."""


def judges_made(settings: Settings) -> bool:
    """Whether there is nothing to make."""
    data = settings.home / "data"
    return not (data / "levels.yml").exists() or path_of(data, settings.models).exists()


def make_judges(settings: Settings, say: Callable[[str], None]) -> Path | None:
    """The judges of the present messages, made if there are none yet; None for a project without levelled messages.

    Raises UserError when they cannot be made.
    """
    data = settings.home / "data"
    target = path_of(data, settings.models)
    if judges_made(settings):
        return target if target.exists() else None
    say("making the learned judges …")
    done = subprocess.run(
        [rasa_python(settings), "-W", "ignore", "-m", "nlu.learning", target, "--data", data],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode or not target.exists():
        words = (done.stderr.strip() or "no reason given").splitlines()[-1]
        raise UserError(f"the learned judges were not made: {words}")
    _drop_old(settings.models)
    return target


def _drop_old(models: Path) -> None:
    made = sorted(models.glob("words-*.npz"), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in made[KEEP:]:
        old.unlink(missing_ok=True)
