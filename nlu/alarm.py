"""Danger told in words no table knows: what reads like the dangers of before, and half like a report, is one.

The act classifier leans on what the tables find; where they find nothing, a report in unheard-of words would pass for
talk. Both judges together tell it from talk: novels and moods sound of danger, but are not written as reports are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from nlu.acts import ActDecision
from nlu.clauses import fold
from nlu.cue_facts import is_general, is_shown
from nlu.features import ActFeatures
from nlu.learned import Learned, Said
from nlu.understanding import Pointers

TALK = frozenset({"chatter", "rumour"})
SCORE = 0.5
"""How sure such a report is."""


class Bar(NamedTuple):
    """Probabilities that suffice together."""

    written: float
    """To be a report."""
    urgent: float
    """To be level Ⅰ or Ⅱ."""


BARS = (Bar(0.3, 0.7), Bar(0.2, 0.9))
"""The last asks least of how it is written (docs/decisions/0006)."""


def alarmed(
    decision: ActDecision,
    told: ActFeatures,
    text: str,
    pointers: Pointers,
    *,
    learned: Learned,
    patient: Callable[[], Said],
) -> ActDecision:
    """The decision, or a report; `patient` is what the judge of levels looks at, made only for talk worth it."""
    if decision.act not in TALK or decision.also or learned.levels is None:
        return decision
    if told.n_findings or pointers.case_numbers or _of_nobody(told, fold(text)):
        return decision
    written = decision.chances.get("report", 0.0)
    if written < BARS[-1].written:
        return decision
    chances = learned.levels.probabilities(*patient())
    urgent = chances["1"] + chances["2"]
    heard = any(written >= bar.written and urgent >= bar.urgent for bar in BARS)
    return replace(decision, act="report", score=SCORE) if heard else decision


def _of_nobody(told: ActFeatures, folded: str) -> bool:
    """Words about a thing in general, or about what is only shown or read."""
    return told.general_question or is_general(folded, told) or is_shown(folded, told)
