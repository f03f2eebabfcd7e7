"""Which act a message is: cues of the table and facts of the findings, pooled with what was learned from examples.

Scores are log-odds. A cue that is asked about (接走了吗) speaks for `ask`; one that is only supposed hardly counts.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from nlu.act_marks import act_marks
from nlu.clauses import fold
from nlu.cue_facts import facts_of
from nlu.cues import Looked
from nlu.features import ActFeatures
from nlu.second_acts import (
    BROADCAST,
    SECONDS,
    FeaturesWithin,
    Judged,
    fresh_report,
    in_order,
    moving,
    news_beside,
    others,
    pieces_of,
    seconds,
)
from nlu.understanding import ActSpan
from nlu.weighing import Weighed, totals, unstate, weigh

Chances = Mapping[str, float]
"""Acts with their probabilities."""


class Held(NamedTuple):
    """What a learned classifier holds of a text."""

    chances: Chances
    share: float
    """Its weight beside the others."""


Opinion = Callable[[str, frozenset[str]], Sequence[Held]]
"""What learned classifiers hold of a text with its marks (nlu/act_marks.py), the most trusted first; none when there
is none."""

_WORDS_WEIGHT = 8.0
"""Learned from many thousand messages, and knowing what the cues say, the judge counts for more than they alone."""
_FLOOR = 1e-4
_SOFT = frozenset({"report", "consult", "chatter", "notice", "rumour", "update"})
_SOFT_SHARE = 0.5
"""What a message is about says little on what it does: cues for these acts are facts of the findings."""
_GUESSED = frozenset({"assign", "chase", "ask", "arrived", "transfer", "reopen", "snooze", "dispatched"})
"""Acts that do something to a case or have the bot speak: with no cue for them they take more than a guess."""
GUESS = 0.32
"""A learned probability below this is a guess."""
_NO_REPORT = 0.05
"""A second opinion below this is sure that something is no report."""
_AGAINST_SHARE = 2.0
"""What cues speak against is hardly so, whatever the words resemble: 还没到医院."""


def no_opinion(_text: str, _marks: frozenset[str]) -> Sequence[Held]:
    """Of nobody asked."""
    return ()


@dataclass(frozen=True)
class ActDecision:
    """The act of a message with its probability, and further acts said in the same message."""

    act: str
    score: float
    also: tuple[ActSpan, ...] = ()
    chances: Chances = field(default_factory=dict)
    """What the most trusted classifier held of the whole message."""
    pooled: Mapping[str, float] = field(default_factory=dict)
    """Cues and classifiers together, of each act that is more than a guess, as log odds."""

    def besides(self, acts: Collection[str]) -> str:
        """The likeliest act that is none of these."""
        rest = {act: value for act, value in self.pooled.items() if act not in acts}
        return max(rest, key=lambda act: rest[act]) if rest else "update"


def classify(
    text: str,
    features: ActFeatures,
    opinion: Opinion = no_opinion,
    *,
    role: str | None = None,
    within: FeaturesWithin | None = None,
    state_said: bool = False,
) -> ActDecision:
    """Decides the act. `opinion` is asked about the text and about its parts.

    `within` finds the features of parts of the text, for messages that settle one thing and report another;
    `state_said` whether the state of a department is found in it, without which there is no hospital_status.
    """
    folded, looked = fold(text), Looked()
    facts, hits, scores = _looked_at(folded, features, role, state_said=state_said, looked=looked)
    held = _heard(opinion(text, act_marks(features, facts, scores)), features)
    told = together(held)
    pooled = _without_guesses(_pooled(scores, held), scores, told)
    act, score = _best(pooled)
    if facts.get("客套") and scores[act] <= scores["chatter"]:
        return ActDecision(
            "chatter", score, (), told, pooled
        )  # a nod in a few characters resembles much else

    def judge(part: str, told: ActFeatures) -> Judged:
        return _judge(part, told, role, opinion, looked)

    pieces = [] if act in BROADCAST else pieces_of(folded, within, judge)
    fresh = fresh_report(pieces) if act != "report" else None
    if fresh is not None:
        return ActDecision("report", fresh.judged.score, others(text, pieces, "report"), told, pooled)
    if act not in SECONDS:
        found = others(text, pieces, act) or (moving(text, hits) if act == "update" else ())
        return ActDecision(act, score, found, told, pooled)
    found = seconds(text, act, hits) or others(text, pieces, act)
    act, score, found = in_order(text, act, score, found, hits)
    return ActDecision(act, score, found or news_beside(text, act, hits, within), told, pooled)


def _looked_at(
    folded: str,
    features: ActFeatures,
    role: str | None = None,
    *,
    state_said: bool = False,
    looked: Looked | None = None,
) -> tuple[dict[str, bool], list[Weighed], dict[str, float]]:
    """Facts, cues and scores of a whole message."""
    facts = facts_of(folded, features, role, state_said)
    hits = weigh(folded, facts, looked)
    scores = totals(hits, features, facts)
    unstate(scores, hits, folded)
    return facts, hits, scores


def marks_of(text: str, features: ActFeatures) -> frozenset[str]:
    """The marks of a message by itself, as a judge learns from them."""
    facts, _, scores = _looked_at(fold(text), features)
    return act_marks(features, facts, scores)


def _judge(part: str, told: ActFeatures, role: str | None, opinion: Opinion, looked: Looked) -> Judged:
    """A part of a message decided by itself; no department's state is looked for in it."""
    facts = facts_of(part, told, role)
    scores = totals(weigh(part, facts, looked), told, facts)
    return Judged(scores, lambda: _best(_pooled(scores, opinion(part, act_marks(told, facts, scores)))))


def _share(act: str, score: float) -> float:
    """How much the cues count beside what was learned."""
    return _SOFT_SHARE if act in _SOFT else _AGAINST_SHARE if score < 0 else 1


def _heard(held: Sequence[Held], told: ActFeatures) -> Sequence[Held]:
    """Those that count. Second opinions may bring in suspicion; they take none away from somebody who is in danger, nor,
    unless they are sure, where something is told and nothing asked: 拔牙后一直出血 reads like a question to a doctor."""
    in_danger = told.danger and told.has_patient
    stated = not told.is_question and bool(
        told.n_findings or told.n_diseases or told.has_wish or told.has_drug
    )
    if not held or not (in_danger or stated):
        return held
    if together(held).get("report", 0.0) >= held[0].chances.get("report", 0.0):
        return held
    sure = all(chances.get("report", 0.0) < _NO_REPORT for chances, _ in held[1:])
    return held if sure and not in_danger else held[:1]


def together(held: Sequence[Held]) -> Chances:
    """What all of them hold together: the mean of their log odds, each with its share."""
    if len(held) < 2:
        return held[0].chances if held else {}
    sums = {act: math.exp(_mean(act, held)) for act in held[0].chances}
    total = sum(sums.values())
    return {act: value / total for act, value in sums.items()}


def _mean(act: str, held: Sequence[Held]) -> float:
    total = sum(share for _, share in held)
    return sum(share / total * math.log(max(chances.get(act, 0.0), _FLOOR)) for chances, share in held)


def _pooled(scores: Mapping[str, float], held: Sequence[Held]) -> dict[str, float]:
    """Cues and what was learned, of each act."""
    if not held:
        return dict(scores)
    return {
        act: score * _share(act, score) + _WORDS_WEIGHT * _mean(act, held) for act, score in scores.items()
    }


def _without_guesses(
    pooled: Mapping[str, float], scores: Mapping[str, float], told: Chances
) -> Mapping[str, float]:
    """Without the acts that no cue speaks for and that the classifier only guesses at: 老人家要当心 is no chase."""
    if not told:
        return pooled
    return {
        act: value
        for act, value in pooled.items()
        if act not in _GUESSED or scores[act] > 0 or told.get(act, 0.0) >= GUESS
    }


def _best(pooled: Mapping[str, float]) -> tuple[str, float]:
    """The act of the highest pooled score, and its probability."""
    top = max(pooled.values())
    total = sum(math.exp(value - top) for value in pooled.values())
    act = max(pooled, key=lambda name: pooled[name])
    return act, math.exp(pooled[act] - top) / total
