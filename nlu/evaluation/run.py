"""One run: sets of labelled messages and real texts, asked of one engine after another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from nlu.evaluation import real
from nlu.evaluation.engines import ROOT, Answers, Engine, ask
from nlu.evaluation.labels import Labelled, read
from nlu.evaluation.scoring import Scorer
from nlu.evaluation.table import SHORT, Column, costs, table
from nlu.evaluation.tally import Fault, Tally
from nlu.evaluation.terms import Terms
from nlu.evaluation.worker import Request

EXAMPLES = ROOT.parent / "shared" / "domain" / "examples.jsonl"
EXAMS = ROOT / "tests" / "exams"
OWN = (ROOT / "tests" / "nlu" / "cases.jsonl", ROOT / "tests" / "protocol" / "exam.jsonl")
"""Files whose labels leave out entities."""


@dataclass(frozen=True)
class Set:
    """Messages that stand together in a table, from one or more files."""

    title: str
    files: tuple[tuple[str, tuple[Labelled, ...]], ...]

    @classmethod
    def of(cls, title: str, paths: Sequence[Path]) -> Set:
        """Raises LabelError and OSError."""
        partial = {path.resolve() for path in OWN}
        return cls(title, tuple((path.name, tuple(read(path, path.resolve() in partial))) for path in paths))

    @property
    def messages(self) -> list[Labelled]:
        return [message for _, messages in self.files for message in messages]


def own_sets() -> list[Set]:
    """The examples beside the project, the examinations and the cases that the tables were written with."""
    found = (
        ("examples.jsonl", [EXAMPLES] if EXAMPLES.exists() else []),
        ("examinations (tests/exams)", sorted(EXAMS.glob("*.jsonl"))),
        ("the project's own cases", [path for path in OWN if path.exists()]),
    )
    return [Set.of(title, paths) for title, paths in found if paths]


class Run:
    """Collects the figures of each engine over the same messages."""

    def __init__(self, sets: Sequence[Set], folder: Path | None, sample: int | None) -> None:
        """`folder` holds real texts, of which `sample` of a file are taken. Raises LabelError and OSError."""
        self._sets = sets
        self._cases = real.cases(folder, sample) if folder else []
        self._scorer = Scorer(Terms())
        self._requests = [
            Request(message.text, message.at, message.role, message.site)
            for group in sets
            for message in group.messages
        ] + [case.request for case in self._cases]
        self.engines: list[Engine] = []
        self._runs: list[tuple[Engine, Answers]] = []
        self._files: dict[tuple[str, str], dict[str, Tally]] = {}
        self._real: dict[str, Tally] = {}

    def measure(self, engine: Engine) -> None:
        """Ask one engine for everything. Raises EngineError."""
        said = ask(engine, self._requests)
        at = 0
        for group in self._sets:
            for name, messages in group.files:
                pairs = zip(messages, said.answers[at : at + len(messages)], strict=True)
                self._files.setdefault((group.title, name), {})[engine.name] = self._scorer.score(pairs)
                at += len(messages)
        self._real[engine.name] = real.judge(self._cases, said.answers[at:], said.spans[at:])
        self._runs.append((engine, said))
        self.engines.append(engine)

    def text(self, missing: Sequence[str] = ()) -> str:
        """All tables. `missing`: why engines are not in them."""
        parts = [f"Not measured: {why}." for why in missing]
        for group in self._sets:
            parts.append(f"### {group.title}, {len(group.messages)} messages")
            parts.append(table(self._columns(group)))
            if len(group.files) > 1:
                parts += self._by_file(group)
        if self._cases:
            parts.append("### Real texts")
            parts.append(table([Column(engine, self._real[engine.name]) for engine in self.engines]))
        parts += ["### Cost", costs(self._runs)]
        return "\n\n".join(parts)

    def faults(self, only: str | None) -> Iterator[str]:
        """Every fault, or those of the measures that begin with `only`."""
        for engine in self.engines:
            yield f"== {engine.name}"
            tallies = [by[engine.name] for by in self._files.values()]
            found: list[Fault] = [
                f for tally in (*tallies, self._real[engine.name]) for f in tally.chosen(only)
            ]
            yield from map(str, found)

    def _columns(self, group: Set) -> list[Column]:
        return [
            Column(
                engine, Tally().merge(self._files[group.title, name][engine.name] for name, _ in group.files)
            )
            for engine in self.engines
        ]

    def _by_file(self, group: Set) -> Iterator[str]:
        """A short table for each file."""
        for name, messages in group.files:
            yield f"{name}, {len(messages)} messages:"
            yield table([Column(e, self._files[group.title, name][e.name]) for e in self.engines], SHORT)
