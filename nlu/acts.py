"""Which act a message is: cues of the table and facts of the findings, with a trained classifier's opinion if given.

Scores are log-odds. A cue that is asked about (接走了吗) speaks for `ask`; one that is only supposed hardly counts.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nlu.clauses import fold
from nlu.cue_facts import facts_of
from nlu.features import ActFeatures
from nlu.ngrams import load_ngrams
from nlu.second_acts import (
    BROADCAST,
    SECONDS,
    FeaturesWithin,
    Judged,
    fresh_report,
    in_order,
    others,
    pieces_of,
    seconds,
)
from nlu.understanding import ACTS, ActSpan
from nlu.weighing import totals, unstate, weigh

_MODEL_WEIGHT = 1.2
_MODEL_FLOOR = 0.005


@dataclass(frozen=True)
class ActDecision:
    """The act of a message with its probability, and further acts said in the same message."""

    act: str
    score: float
    also: tuple[ActSpan, ...] = ()


def classify(
    text: str,
    features: ActFeatures,
    intents: Sequence[tuple[str, float]] | None = None,
    role: str | None = None,
    *,
    within: FeaturesWithin | None = None,
    state_said: bool = False,
) -> ActDecision:
    """Decides the act. `intents` is the trained classifier's ranking, where there is one.

    `within` finds the features of parts of the text, for messages that settle one thing and report another;
    `state_said` whether the state of a department is found in it, without which there is no hospital_status.
    """
    folded = fold(text)
    facts = facts_of(folded, features, role, state_said)
    hits = weigh(folded, facts)
    scores = totals(hits, features, facts)
    unstate(scores, hits, folded)
    act, score = _best(scores, _opinion(text, intents))
    pieces = pieces_of(folded, within, lambda part, told: _judge(part, told, role))
    fresh = fresh_report(pieces) if act != "report" and act not in BROADCAST else None
    if fresh is not None:
        return ActDecision("report", fresh.judged.score, others(text, pieces, "report"))
    if act == "report":
        return ActDecision(act, score, others(text, pieces, act))
    if act not in SECONDS:
        return ActDecision(act, score, others(text, pieces, act))
    found = seconds(text, act, hits) or others(text, pieces, act)
    act, score, found = in_order(text, act, score, found, hits)
    return ActDecision(act, score, found)


def _judge(part: str, told: ActFeatures, role: str | None) -> Judged:
    """A part of a message decided by itself; no department's state is looked for in it."""
    facts = facts_of(part, told, role)
    scores = totals(weigh(part, facts), told, facts)
    act, score = _best(scores, _opinion(part, None))
    return Judged(act, score, scores[act])


def _opinion(text: str, intents: Sequence[tuple[str, float]] | None) -> dict[str, float]:
    """Log-probability of each act by its words: the n-grams' and, when given, the trained classifier's, halfway.

    The two err on different messages; measured together they are right more often than either.
    """
    rankings = [dict(load_ngrams().rank(text))] + ([dict(intents)] if intents else [])
    return {
        act: sum(math.log(max(ranking.get(act, 0.0), _MODEL_FLOOR)) for ranking in rankings) / len(rankings)
        for act in ACTS
    }


def _best(scores: Mapping[str, float], opinion: Mapping[str, float]) -> tuple[str, float]:
    """The act of the highest pooled score, and its probability."""
    pooled = {act: score + _MODEL_WEIGHT * opinion[act] for act, score in scores.items()}
    top = max(pooled.values())
    total = sum(math.exp(value - top) for value in pooled.values())
    act = max(pooled, key=lambda name: pooled[name])
    return act, math.exp(pooled[act] - top) / total
