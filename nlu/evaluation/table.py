"""The figures as one Markdown table, a column an engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nlu.evaluation.engines import Answers, Engine
from nlu.evaluation.entities import KINDS, LISTS
from nlu.evaluation.tally import Count, Tally

_ENTITIES = (*LISTS, *KINDS)
_SIDES = ("recall", "precision")
FIRST = (
    "act",
    "act but report",
    "second act",
    "report recall",
    "report precision",
    "patients",
    "level",
    "Ⅰ–Ⅱ recall",
    "over-triage",
    "specialty first",
    "specialty in three",
    "category",
    "disposition",
    "hospital_status",
)
LAST = tuple(f"{kind} {side}" for kind in _ENTITIES for side in _SIDES)
HIDDEN = tuple(f"status {key}" for key in ("hospital", "department", "state", "until"))
"""Parts of a measure that are for --only."""
SHORT = ("act", "report recall", "report precision", "Ⅰ–Ⅱ recall", "over-triage", "level", "specialty first")
NAMES: Mapping[str, str] = {
    "act but report": "act, of messages that are no report",
    "patients": "as many patients as there are",
    "level": "level among the accepted",
    "over-triage": "over-triage (less is better)",
    "hospital_status": "hospital_status, all of it",
}
EMPTY = "–"


@dataclass(frozen=True)
class Column:
    """One engine with its counts of one set of messages."""

    engine: Engine
    tally: Tally


def table(columns: Sequence[Column], measures: Sequence[str] | None = None) -> str:
    """A row a measure, in the order of `measures`; without: all that were counted."""
    with_all = [Column(column.engine, _with_all(column.tally)) for column in columns]
    rows = [_row(with_all, measure) for measure in measures or _measures(with_all)]
    return _markdown(["measure", *(column.engine.title for column in columns)], rows)


def costs(runs: Sequence[tuple[Engine, Answers]]) -> str:
    """Speed and memory."""
    speed = ["median ms a message", *(f"{run.median_ms:.1f}" for _, run in runs)]
    memory = ["peak memory MB", *(EMPTY if run.peak_mb is None else f"{run.peak_mb:.0f}" for _, run in runs)]
    return _markdown(["cost", *(engine.title for engine, _ in runs)], [speed, memory])


def _with_all(tally: Tally) -> Tally:
    """With the sums over all kinds of entities."""
    counts = dict(tally.counts)
    for side in _SIDES:
        parts = [tally.counts[f"{kind} {side}"] for kind in _ENTITIES if f"{kind} {side}" in tally.counts]
        if parts:
            total = Count(sum(part.hits for part in parts), sum(part.total for part in parts))
            counts[f"entities {side}"] = total
    return Tally(counts)


def _measures(columns: Sequence[Column]) -> list[str]:
    counted = dict.fromkeys(measure for column in columns for measure in column.tally.counts)
    known = (*FIRST, *(f"entities {side}" for side in _SIDES), *LAST)
    others = [measure for measure in counted if measure not in known and measure not in HIDDEN]
    return [*(measure for measure in known if measure in counted), *others]


def _row(columns: Sequence[Column], measure: str) -> list[str]:
    return [NAMES.get(measure, measure), *(_cell(column, measure) for column in columns)]


def _cell(column: Column, measure: str) -> str:
    count = column.tally.counts.get(measure)
    if count is None or count.share is None or measure in column.engine.lacks:
        return EMPTY
    if ": false " in measure:
        return f"{1000 * count.share:.0f} in 1,000"
    return f"{100 * count.share:.1f} % ({count.hits}/{count.total})"


def _markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---", *("---:" for _ in head[1:])], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
