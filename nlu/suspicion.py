"""Where the rules say little: a level and a specialty by what like messages were given (nlu/learned.py).

It may raise the level, never lower it, and adds to the specialties, never takes one away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nlu.by_place import Taken
from nlu.facts import PatientFacts
from nlu.learned import Judge
from nlu.protocol import Rule
from nlu.triage import Triage, attempt


@dataclass(frozen=True)
class _Bars:
    """From which probability on a level is suspected; `soon` by the level of the rules."""

    at_once: float
    soon: Mapping[int, float]
    today: float


_SILENT = _Bars(at_once=0.55, soon={4: 0.4, 3: 0.5}, today=0.65)
"""No rule but those for ordinary complaints has said anything."""
_SETTLED = _Bars(at_once=0.7, soon={4: 0.6, 3: 0.7}, today=0.8)
"""A rule for this very matter has decided; a judge of words must be surer than that."""
_FAMILIAR = _Bars(at_once=0.85, soon={4: 0.85, 3: 0.85}, today=0.92)
"""The tables know nearly every word of it, and find nothing alarming: 30岁 发烧38 喉咙痛."""
_MOST = 0.6
"""So much of a text in findings and values is nearly every word: the rest is 了, 有点, 请问."""
_ORDINARY = "ordinary"
"""The table whose rules say only that nothing alarming was seen."""
_SHARE = 0.5
"""Of the specialties' weight, for the learned judge, where a rule or a complaint names one."""
_SHARE_ALONE = 0.8
"""And where none does."""
_LEAST = 0.01
"""What is less likely than this is left out."""


def suspected(
    result: Triage, facts: PatientFacts, rule: Rule | None, judge: Judge | None, text: str
) -> Triage:
    """The triage, raised where like messages were more urgent (bars: docs/decisions/0006) and `rule` allows it."""
    if judge is None or rule is None or result.level == 1 or attempt(rule, facts, 1) is None:
        return result
    bars = _bars(result, facts, len(text))
    chance = judge.probabilities(text)
    urgent = chance["1"] + chance["2"]
    if chance["1"] >= bars.at_once:
        level = 1
    elif urgent >= bars.soon.get(result.level, 1.1):
        level = 2
    elif urgent + chance["3"] >= bars.today:
        level = 3
    else:
        return result
    return result.suspecting(
        level, rule, " ".join(judge.grounds(text, [str(one) for one in range(1, level + 1)]))
    )


def _bars(result: Triage, facts: PatientFacts, length: int) -> _Bars:
    known = Taken()
    for finding in facts.findings:
        for start, end in finding.pieces:
            known.add(start, end)
    for mention in facts.mentions:
        known.add(mention.start, mention.end)
    if len(known) >= _MOST * length:
        return _FAMILIAR
    return _SETTLED if _is_settled(result) else _SILENT


def _is_settled(result: Triage) -> bool:
    return any(f.level == result.ruled and f.rule.table != _ORDINARY for f in result.fired)


def mixed(
    ranked: tuple[tuple[str, float], ...], judge: Judge | None, text: str, *, known: bool
) -> tuple[tuple[str, float], ...]:
    """The ranking with the learned judge's opinion; `known`: a rule or a complaint has named the first."""
    if judge is None:
        return ranked
    share = _SHARE if known else _SHARE_ALONE
    scores = {code: score * (1 - share) for code, score in ranked}
    for code, chance in judge.probabilities(text).items():
        scores[code] = scores.get(code, 0.0) + share * chance
    total = sum(scores.values())
    order = sorted(scores.items(), key=lambda item: -item[1])
    return tuple((code, score / total) for code, score in order if score / total >= _LEAST)
