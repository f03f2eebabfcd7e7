"""The labelled cases of the project: shares below which a change has broken something."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlu.evaluate import CASES, Evaluation, Tally
from tests.nlu.engine import engine


@pytest.fixture(scope="module")
def tally() -> Tally:
    assert Path(CASES).exists()
    return Evaluation(engine()).run(CASES)


@pytest.mark.parametrize(
    ("measure", "share"),
    [
        ("Ⅰ–Ⅱ not missed", 1.0),
        ("level accepted", 0.95),
        ("not over-triaged", 0.95),
        ("specialty first", 0.90),
        ("category", 0.92),
        ("act", 0.85),
        ("splitting", 0.85),
        ("no false report", 0.95),
    ],
)
def test_share(tally: Tally, measure: str, share: float) -> None:
    wrong = [fault for fault in tally.faults if fault.startswith(measure[:12])]
    assert tally.right[measure] >= share * tally.total[measure], "\n".join(wrong)
