"""How an engine is asked: a process of its own reads requests from one file and writes answers to another.

So every engine is measured alike, its memory is its own, and one may live in another Python environment. Nothing heavy
is imported here.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

Answer = dict[str, Any]
"""The analyse format, and besides `hint` (the findings as a report, whatever the act)."""
Spans = list[tuple[int, int]]
WARMING = 20
"""Messages that are answered once before the clock runs: first answers compile and cache."""


@dataclass(frozen=True)
class Request:
    """One message. With `spans` the places of symptoms and diseases are wanted too."""

    text: str
    at: datetime
    role: str | None = None
    site: str = "songjiang"
    spans: bool = False

    def to_dict(self) -> dict[str, Any]:
        return {**vars(self), "at": self.at.isoformat()}

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> Request:
        """The inverse of `to_dict`."""
        return cls(**{**body, "at": datetime.fromisoformat(body["at"])})


class Engine(Protocol):
    """Something that understands messages."""

    def answer(self, request: Request) -> Answer:
        """What the message means."""

    def spans(self, request: Request) -> Spans:
        """Where in the text symptoms and diseases are named, however they are meant."""


def serve(engine: Engine, source: Path, sink: Path) -> None:
    """Answer all requests of `source`; one line each, then one with the memory of this process and its children."""
    requests = [Request.of(json.loads(line)) for line in source.read_text(encoding="utf-8").splitlines()]
    for request in requests[:WARMING]:
        engine.answer(request)
    with sink.open("w", encoding="utf-8") as out:
        for request in requests:
            begin = time.perf_counter()
            answer = engine.answer(request)
            spent = 1000 * (time.perf_counter() - begin)
            spans = engine.spans(request) if request.spans else []
            line = {"answer": answer, "ms": round(spent, 3), "spans": spans}
            out.write(json.dumps(line, ensure_ascii=False) + "\n")
        out.write(json.dumps({"peak_mb": peak_mb()}) + "\n")


def peak_mb() -> float | None:
    """The most memory that this process and those it started have held at once or one by one; None outside Linux."""
    processes = {int(path.name): path for path in Path("/proc").glob("[0-9]*")}
    parents = {pid: _status(path, "PPid:") for pid, path in processes.items()}
    ours, size = {_own()}, 0
    while len(ours) > size:
        size = len(ours)
        ours |= {pid for pid, parent in parents.items() if parent in ours}
    peaks = [_status(processes[pid], "VmHWM:") for pid in ours if pid in processes]
    return sum(peak for peak in peaks if peak) / 1024 if peaks else None


def _own() -> int:
    return int(Path("/proc/self").resolve().name) if Path("/proc/self").exists() else 0


def _status(process: Path, key: str) -> int | None:
    try:
        lines = (process / "status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) for line in lines if line.startswith(key)), None)
