"""Entities, assertion and splitting on invented messages that were labelled before anything was mended for them."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlu.evaluation.align import align
from nlu.evaluation.entities import EntityScorer
from nlu.evaluation.labels import read
from nlu.evaluation.tally import Tally
from nlu.evaluation.terms import Terms
from nlu.listing import listing
from tests.nlu.engine import engine

TOLD = Path(__file__).with_name("told.jsonl")
SINGLE = {
    "age",
    "sex",
    "town",
    "temp",
    "measurements",
    "gestation",
    "duration_h",
    "days_left",
    "phone",
    "address",
}


@pytest.fixture(scope="module")
def tally() -> Tally:
    """All measures over the messages, whatever act they are taken for."""
    terms, tally = Terms(engine()), Tally()
    scorer = EntityScorer(terms)
    for message in read(TOLD):
        reports = engine().patients(message.text, message.at)
        tally.add("patients", len(reports) == len(message.reports))
        given = [report.to_dict() for report in reports]
        for want, report in zip(message.reports, align(message.reports, given, terms), strict=True):
            told = (report or {}).get("entities") or {}
            scorer.score(want.label, told, message.full, lambda measure, right, _: tally.add(measure, right))
    return tally


@pytest.mark.parametrize("kind", sorted(SINGLE))
def test_values_are_found_and_right(tally: Tally, kind: str) -> None:
    assert (tally.share(f"{kind} precision") or 0) >= 0.95
    assert (tally.share(f"{kind} recall") or 0) >= 0.90


def test_patients_are_told_apart(tally: Tally) -> None:
    assert (tally.share("patients") or 0) >= 0.95


@pytest.mark.parametrize(
    ("measure", "least"),
    [
        ("negated precision", 0.90),
        ("negated recall", 0.85),
        ("history precision", 0.85),
        ("history recall", 0.85),
        ("symptoms precision", 0.70),
        ("symptoms recall", 0.70),
    ],
)
def test_lists(tally: Tally, measure: str, least: float) -> None:
    assert (tally.share(measure) or 0) >= least


def test_every_concept_of_the_table_of_terms_exists() -> None:
    lexicon = engine().lexicon
    composed = {name for name, _ in lexicon.compose.values()} | set(lexicon.complaints)
    composed |= {part + complaint for part in lexicon.parts for complaint in lexicon.complaints}
    assert listing().names <= set(lexicon.concepts) | composed
