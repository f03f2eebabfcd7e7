"""`lianluo replay` as another program: a line in, its posts and the state out."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
Line = dict[str, Any]


class Replay:
    """Plays one line after the other and keeps them all, for the file."""

    def __init__(self, site: str, engine: str) -> None:
        command = [sys.executable, "-m", "bot.cli", "replay", "--site", site, "--engine", engine]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.lines: list[Line] = []

    def send(self, line: Line) -> tuple[list[Line], Line]:
        """The posts a line causes and the state after it. SystemExit when replay ends before that."""
        self.lines.append(line)
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps(line, ensure_ascii=False) + "\n")
        self.process.stdin.flush()
        posts: list[Line] = []
        for raw in self.process.stdout:
            out = json.loads(raw)
            if out["type"] == "state":
                return posts, out
            posts.append(out)
        raise SystemExit(f"make_day: replay ended at {line} with status {self.process.wait()}")

    def note(self, line: Line) -> None:
        """A line for whoever checks the day; replay ignores it."""
        self.lines.append(line)

    def close(self) -> None:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.close()
        for _ in self.process.stdout:
            pass
        self.process.wait()
