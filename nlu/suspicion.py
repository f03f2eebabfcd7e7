"""Where the rules say little: a level and a specialty by what like messages were given (nlu/learned.py).

It may raise the level, never lower it, and adds to the specialties, never takes one away.
"""

from __future__ import annotations

from nlu.learned import Judge
from nlu.triage import LOWEST, Triage

_BARS = ((1, 0.55), (2, 0.45), (3, 0.65))
"""A level is suspected when it or a more urgent one is at least so likely."""
_SHARE = 0.5
"""Of the specialties' weight, for the learned judge, where a rule or a complaint names one."""
_ALONE = "GP"


def suspected(result: Triage, judge: Judge | None, text: str) -> Triage:
    """The triage, raised where like messages were more urgent. A rule that has settled the matter is left alone."""
    if judge is None or result.level == 1:
        return result
    chances = judge.probabilities(text)
    sum_so_far = 0.0
    for level, bar in _BARS:
        sum_so_far += chances[str(level)]
        if level < result.level <= LOWEST and sum_so_far >= bar:
            wanted = [str(one) for one in range(1, level + 1)]
            return result.suspecting(level, " ".join(judge.grounds(text, wanted)))
    return result


def mixed(
    ranked: tuple[tuple[str, float], ...], judge: Judge | None, text: str, *, known: bool
) -> tuple[tuple[str, float], ...]:
    """The ranking with the learned judge's opinion; `known`: a rule or a complaint has named the first."""
    if judge is None:
        return ranked
    share = _SHARE if known else 0.8
    scores = {code: score * (1 - share) for code, score in ranked}
    for code, chance in judge.probabilities(text).items():
        scores[code] = scores.get(code, 0.0) + share * chance
    total = sum(scores.values())
    order = sorted(scores.items(), key=lambda item: -item[1])
    return tuple((code, score / total) for code, score in order if score / total >= _LEAST)


_LEAST = 0.01
