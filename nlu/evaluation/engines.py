"""The engines that are compared, and asking one of them about many messages."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from nlu.evaluation import stock
from nlu.evaluation.worker import Answer, Request, Spans
from nlu.tables import DATA

ROOT = DATA.parent
NO_CARE = frozenset(["category", "disposition", "hospital_status", "second act"])


class EngineError(Exception):
    """An engine cannot be had or failed; the text says why."""


@dataclass(frozen=True)
class Engine:
    """`command` is called with a file of requests and one for the answers. `lacks` are measures it cannot have."""

    name: str
    title: str
    command: Callable[[], Sequence[str | Path]]
    lacks: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Answers:
    """What an engine said, in the order of the requests, and what it cost."""

    answers: list[Answer]
    spans: list[Spans]
    median_ms: float
    peak_mb: float | None


ENGINES = (
    Engine("builtin", "built-in", lambda: [sys.executable, "-m", "bot.answers", "builtin"]),
    Engine("rasa", "with the trained model", lambda: [sys.executable, "-m", "bot.answers", "rasa"]),
    Engine("stock", "stock Rasa", stock.command, NO_CARE),
    Engine("keywords", "keyword list", lambda: [sys.executable, "-m", "nlu.evaluation.keywords"], NO_CARE),
)


def ask(engine: Engine, requests: Sequence[Request]) -> Answers:
    """The engine's answers, from a process of its own.

    Raises EngineError when it cannot be started or ends with an error; its own words go to standard error.
    """
    with tempfile.TemporaryDirectory(prefix="lianluo-evaluation-") as folder:
        source, sink = Path(folder) / "requests.jsonl", Path(folder) / "answers.jsonl"
        body = "".join(json.dumps(request.to_dict(), ensure_ascii=False) + "\n" for request in requests)
        source.write_text(body, encoding="utf-8")
        try:
            command = [*engine.command(), source, sink]
        except stock.StockError as error:
            raise EngineError(f"{engine.name}: {error}") from None
        status = subprocess.run(command, cwd=ROOT, stdout=sys.stderr, env=stock.environment(), check=False)
        if status.returncode or not sink.exists():
            raise EngineError(f"{engine.name}: ended with status {status.returncode}")
        *rows, last = map(json.loads, sink.read_text(encoding="utf-8").splitlines())
    return Answers(
        [row["answer"] for row in rows],
        [[(start, end) for start, end in row["spans"]] for row in rows],
        statistics.median(row["ms"] for row in rows) if rows else 0.0,
        last["peak_mb"],
    )
