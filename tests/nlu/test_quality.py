"""The labelled cases of the project, by the tables alone: shares that a change may not lower."""

from __future__ import annotations

import pytest

from nlu.evaluation.labels import read
from nlu.evaluation.run import OWN
from nlu.evaluation.scoring import Scorer
from nlu.evaluation.tally import Tally
from nlu.evaluation.terms import Terms
from tests.nlu.engine import tables_alone


@pytest.fixture(scope="module")
def tally() -> Tally:
    messages = read(OWN[0], partial=True)
    answers = [tables_alone().understand(m.text, m.at, role=m.role).to_dict() for m in messages]
    return Scorer(Terms(tables_alone())).score(zip(messages, answers, strict=True))


@pytest.mark.parametrize(
    ("measure", "share"),
    [
        ("Ⅰ–Ⅱ recall", 0.99),
        ("level", 0.95),
        ("specialty first", 0.90),
        ("category", 0.92),
        ("act", 0.85),
        ("patients", 0.85),
        ("report recall", 0.95),
        ("report precision", 0.95),
    ],
)
def test_share(tally: Tally, measure: str, share: float) -> None:
    assert (tally.share(measure) or 0) >= share, "\n".join(map(str, tally.chosen(measure)))


def test_no_over_triage(tally: Tally) -> None:
    assert (tally.share("over-triage") or 0) <= 0.05, "\n".join(map(str, tally.chosen("over-triage")))
