"""Starts and ends Rasa's processes: a group of their own, which ends with the process that started it."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.errors import UserError
from bot.rasa_child import SCRATCH, TOKEN
from bot.settings import ROOT, Settings

EXCEPTION = re.compile(r"[\w.]+(Error|Exception)(: |$)")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
LOG_LIMIT = 2_000_000  # bytes; a longer log is begun anew at the next start


def rasa_python(settings: Settings) -> Path:
    """Python of Rasa's environment. Raises UserError when it is not there."""
    candidates = [settings.rasa_python] if settings.rasa_python else [settings.home / ".venv-rasa/bin/python"]
    for path in [*candidates, ROOT / ".venv-rasa/bin/python"]:
        if os.access(path, os.X_OK):
            return path
    raise UserError(f"Rasa's environment {candidates[0].parent.parent} is missing; run `make setup`")


@dataclass
class RasaProcess:
    """A running Rasa command; `end` is safe to call at any time and more than once."""

    popen: subprocess.Popen[bytes]
    scratch: Path
    log: Path
    log_start: int  # where this run begins in it

    @classmethod
    def start(cls, settings: Settings, arguments: Sequence[str], log: str, token: str = "") -> RasaProcess:
        """Start `rasa ARGUMENTS` in the project's folder with its output in var/log."""
        python = rasa_python(settings)
        scratch = Path(tempfile.mkdtemp(prefix=SCRATCH))
        path = settings.logs / log
        long = path.exists() and path.stat().st_size > LOG_LIMIT
        with path.open("wb" if long else "ab") as out:
            start = out.tell()
            popen = subprocess.Popen(
                [python, "-m", "bot.rasa_child", *arguments],
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=subprocess.STDOUT,
                cwd=settings.home,
                env=_environment(settings, scratch, token),
                start_new_session=True,
            )
        return cls(popen, scratch, path, start)

    @property
    def status(self) -> int | None:
        """Exit status, or None while it runs."""
        return self.popen.poll()

    def end(self) -> None:
        """End the whole group. Rasa keeps nothing that would have to be saved."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.popen.pid, signal.SIGKILL)
        self.popen.wait()
        if self.popen.stdin:
            self.popen.stdin.close()
        _remove(self.scratch)

    def last_words(self) -> str:
        """What it complained of, in one line: the first exception of this run, which caused the others."""
        with self.log.open("rb") as file:
            file.seek(self.log_start)
            said = COLOUR.sub("", file.read().decode("utf-8", "replace"))
        lines = [line.strip() for line in said.splitlines() if line.strip()]
        faults = [line for line in lines if EXCEPTION.match(line)]
        return (faults or lines[-1:] or ["it said nothing"])[0][:300]


def _remove(folder: Path) -> None:
    """Other members of the group may still be at their last breath: try for a moment."""
    for _ in range(20):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(0.05)


def _environment(settings: Settings, scratch: Path, token: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "LIANLUO_", "VIRTUAL_ENV"))}
    ours = {
        "PYTHONPATH": str(ROOT),  # the project's own components: nlu.rasa_components
        "PYTHONUNBUFFERED": "1",
        "PYTHONWARNINGS": "ignore",  # some of Rasa's warnings quote the message
        "TMPDIR": str(scratch),  # it unpacks models and forgets them there
        "LOG_LEVEL": "WARNING",  # at debug level Rasa logs message texts
        "LOG_LEVEL_LIBRARIES": "ERROR",
        "RASA_TELEMETRY_ENABLED": "false",
        "RASA_MAX_CACHE_SIZE": "0",  # its cache does not know when our components' own imports change
        "RASA_CACHE_DIRECTORY": str(settings.var / "rasa-cache"),
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "",
    }
    return kept | ours | ({TOKEN: token} if token else {})
