"""A bot of its own process for a test: started as a user would, on a free port, ended with all it started."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

LIANLUO = Path(sys.executable).parent / "lianluo"


def free_port() -> int:
    """A port of this machine that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Bot:
    """A running `lianluo run`."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process, self.port = process, port
        self.url = f"http://127.0.0.1:{port}"

    def health(self) -> dict[str, Any]:
        """What /health says; empty while nobody answers."""
        try:
            return dict(httpx.get(f"{self.url}/health", timeout=5).json())
        except (httpx.HTTPError, ValueError):
            return {}

    def wait_for(self, seconds: float, **wanted: object) -> dict[str, Any]:
        """Wait until /health says all of `wanted`."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            health = self.health()
            if health and all(health.get(key) == value for key, value in wanted.items()):
                return health
            assert self.process.poll() is None, f"the bot ended with {self.process.returncode}"
            time.sleep(0.2)
        raise AssertionError(f"/health is {self.health()}, not {wanted}")


@contextmanager
def running_bot(folder: Path, *, engine: str = "builtin", **environment: str) -> Iterator[Bot]:
    """Start a bot on a database in `folder`; end it with Ctrl-C."""
    port = free_port()
    env = os.environ | {
        "LIANLUO_DB_URL": f"sqlite:///{folder / 'bot.db'}",
        "LIANLUO_ENGINE": engine,
        "PYTHONUNBUFFERED": "1",
        **environment,
    }
    with (folder / "bot.log").open("ab") as log:
        process = subprocess.Popen(
            [LIANLUO, "run", "--port", str(port)], env=env, stdout=log, stderr=log, start_new_session=True
        )
    bot = Bot(process, port)
    try:
        bot.wait_for(60, status="ok")
        yield bot
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(10)
