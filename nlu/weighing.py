"""The cues of a text as scores of the acts: log-odds, added up ever less, and nothing stated where all is asked."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from nlu.clauses import Clause, clauses
from nlu.cues import Hit, Looked, load_cues
from nlu.features import ActFeatures
from nlu.understanding import ACTS

STATED = frozenset(
    {"accept", "decline", "transfer", "dispatched", "arrived", "close", "reopen", "hospital_status"}
)
"""Acts that somebody states as done or decided; a question about them is `ask`."""

STRONG = 4.0
"""A weight from which the words alone are believed."""

_ASKED_SHARE = 0.8
_SUPPOSED_SHARE = 0.1
_ASKED_PENALTY = 2.5


class Weighed(NamedTuple):
    """A hit after its clause has been looked at: a question about an act speaks for `ask`."""

    act: str
    weight: float
    hit: Hit
    stated: bool


def weigh(folded: str, facts: Mapping[str, bool], looked: Looked | None = None) -> list[Weighed]:
    """The cues of a text or of a part of it; `looked` is what has been found in the same message before."""
    parts = clauses(folded)
    stated_first = sorted(parts, key=lambda part: part.asked or part.supposed)
    return [_weighed(hit, parts) for hit in load_cues().hits(folded, stated_first, facts, looked)]


def _weighed(hit: Hit, parts: Sequence[Clause]) -> Weighed:
    clause = next(
        (part for part in parts if hit.start < hit.end and part.start <= hit.start < part.end), None
    )
    if clause is None or hit.act not in STATED or hit.weight < 0:
        return Weighed(hit.act, hit.weight, hit, True)
    if clause.supposed:
        return Weighed(hit.act, hit.weight * _SUPPOSED_SHARE, hit, False)
    if clause.asked:
        return Weighed("ask", hit.weight * _ASKED_SHARE, hit, False)
    return Weighed(hit.act, hit.weight, hit, True)


def totals(hits: Iterable[Weighed], features: ActFeatures, facts: Mapping[str, bool]) -> dict[str, float]:
    """Sums by act. Several cues of one act add up ever less, so that a long message does not win by length."""
    positive: dict[str, list[float]] = defaultdict(list)
    scores = dict.fromkeys(ACTS, 0.0)
    for hit in hits:
        if hit.weight >= 0:
            positive[hit.act].append(hit.weight)
        else:
            scores[hit.act] += hit.weight
    for act, weights in positive.items():
        weights.sort(reverse=True)
        scores[act] += sum(weight * 0.6**rank for rank, weight in enumerate(weights))
    if features.danger and features.has_patient and not facts.get("戏"):
        scores["chatter"] = -math.inf
    if not facts.get("态"):
        scores["hospital_status"] = -math.inf
    return scores


def unstate(scores: dict[str, float], hits: Iterable[Weighed], folded: str) -> None:
    """Where everything is asked, nothing is stated, whatever the words resemble."""
    parts = clauses(folded)
    if not parts or not (parts[-1].asked or all(part.asked for part in parts)):
        return
    stated = {hit.act for hit in hits if hit.stated and hit.weight >= STRONG}
    for act in STATED - stated:
        scores[act] -= _ASKED_PENALTY
