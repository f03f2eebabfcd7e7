"""What the tables make of messages that clinicians labelled: level, specialty and category.

The floors are what was measured when the labels were last gone through. A change of the tables that falls below one
has broken something; a change that rises above it may raise the floor.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from nlu.check import check
from nlu.understanding import Report
from tests.nlu.engine import AT, engine, tables_alone

HERE = Path(__file__).parent
DANGER = 2
"""Ⅰ and Ⅱ: a message labelled so must never come out lower than Ⅱ."""


@dataclass(frozen=True)
class Label:
    """One message and what a reviewer accepts for it; an empty set accepts anything."""

    text: str
    levels: frozenset[int]
    specialties: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()


@dataclass
class Score:
    """Share right of each measure, and a line for each miss."""

    right: dict[str, int] = field(default_factory=dict)
    total: dict[str, int] = field(default_factory=dict)
    misses: list[str] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)

    def add(self, measure: str, right: bool, miss: str) -> None:
        self.total[measure] = self.total.get(measure, 0) + 1
        self.right[measure] = self.right.get(measure, 0) + right
        if not right:
            self.misses.append(f"{measure:9} {miss}")

    def share(self, measure: str) -> float:
        return self.right[measure] / self.total[measure]


FLOORS: Mapping[str, Mapping[str, float]] = {
    "red_flags_a.csv": {"level": 0.995},
    "red_flags_b.csv": {"level": 0.995},
    "danger_signs.csv": {"level": 1.0},
    "weighed.csv": {"level": 1.0},
    "labs.csv": {"level": 1.0},
    "ordinary.csv": {"level": 0.99, "specialty": 0.93, "category": 0.98},
    "exam.jsonl": {"level": 0.99, "specialty": 0.96, "category": 0.96},
}
"""File → measure → share that must be reached."""


def _codes(cell: str | None) -> frozenset[str]:
    return frozenset((cell or "").split("/")) - {""}


def _rows(path: Path) -> Iterator[Label]:
    with path.open(encoding="utf-8") as file:
        for row in csv.DictReader(line for line in file if not line.startswith("#")):
            levels = frozenset(int(level) for level in row["level"].split("/"))
            yield Label(row["text"], levels, _codes(row.get("specialty")), _codes(row.get("category")))


def _single_reports(path: Path) -> Iterator[Label]:
    """Messages about one patient; those about several are for the tests of splitting."""
    for line in path.read_text(encoding="utf-8").splitlines():
        example: dict[str, Any] = json.loads(line)
        if len(example["reports"]) == 1:
            report = example["reports"][0]
            yield Label(
                example["text"],
                frozenset(report["accept"]),
                frozenset([report["specialty"], *report["specialty_ok"]]),
                frozenset([report["category"], *report["category_ok"]]),
            )


def _labels(name: str) -> Sequence[Label]:
    path = HERE / name
    return tuple(_rows(path) if path.suffix == ".csv" else _single_reports(path))


@cache
def _score(name: str) -> Score:
    score = Score()
    for label in _labels(name):
        report = tables_alone().patient(label.text, AT)
        _judge(label, report, score)
    return score


def _judge(label: Label, report: Report, score: Score) -> None:
    why = "; ".join(f"{reason.rule} {reason.quote}" for reason in report.reasons)
    miss = f"{label.text}: {report.level}, not {sorted(label.levels)} ({why})"
    score.add("level", report.level in label.levels, miss)
    if max(label.levels) <= DANGER < report.level:
        score.passed_over.append(miss)
    if label.specialties:
        accepted = label.specialties | ({"EM"} if report.level == 1 else set())
        got = report.specialties[0][0]
        score.add("specialty", got in accepted, f"{label.text}: {got}, not {sorted(accepted)}")
    if label.categories:
        score.add(
            "category",
            report.category in label.categories,
            f"{label.text}: {report.category}, not {sorted(label.categories)}",
        )


@pytest.mark.parametrize(
    ("name", "measure", "floor"),
    [(name, measure, floor) for name, floors in FLOORS.items() for measure, floor in floors.items()],
)
def test_share_right(name: str, measure: str, floor: float) -> None:
    score = _score(name)
    misses = [miss for miss in score.misses if miss.startswith(measure)]
    print("\n".join(misses))
    assert score.share(measure) >= floor, "\n".join(misses)


@pytest.mark.parametrize("name", FLOORS)
def test_no_emergency_is_passed_over(name: str) -> None:
    assert _score(name).passed_over == []


def test_the_tables_have_no_fault() -> None:
    assert [str(fault) for fault in check()] == []


def test_the_ordinary_is_hardly_ever_raised() -> None:
    """With the learned judges: a cold that is taken for an emergency costs the coordinators' trust."""
    texts = [label.text for label in _labels("ordinary.csv")]
    raised = [text for text in texts if engine().patient(text, AT).level <= DANGER]
    assert len(raised) <= 0.06 * len(texts), raised


def test_each_laboratory_row_decides_by_its_own_rule() -> None:
    with (HERE / "labs.csv").open(encoding="utf-8") as file:
        rows = [
            row for row in csv.DictReader(line for line in file if not line.startswith("#")) if row["rule"]
        ]
    reports = {row["text"]: tables_alone().understand(row["text"], AT).triage_hint for row in rows}
    silent = [
        row["text"]
        for row in rows
        if (report := reports[row["text"]]) is None or row["rule"] not in {one.rule for one in report.reasons}
    ]
    assert silent == []
