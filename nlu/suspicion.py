"""Where the rules say little: a level and a specialty by what like messages were given (nlu/learned.py).

It may raise the level, never lower it, and adds to the specialties, never takes one away.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from nlu.facts import PatientFacts
from nlu.learned import Judge, Said
from nlu.protocol import Rule
from nlu.triage import Triage, attempt

_AT_ONCE = 0.5
"""Probability of Ⅰ from which it is suspected."""
_SOON = 0.35
"""And of Ⅰ or Ⅱ together: a miss weighs more than one raised for nothing (docs/decisions/0006)."""
_TWICE = 2.0
"""Ⅲ must be so many times as likely as Ⅳ."""
_SHARE = 0.5
"""Of the specialties' weight, for the learned judge, where a rule or a complaint names one."""
_SHARE_ALONE = 0.8
"""And where none does."""
_MARKS = re.compile(r"[\s,，。.;；:：!！?？、…~～()（）【】\[\]]+")
_READ_WHOLE = 14
"""Characters up to which a clause is quoted as a whole: half a word tells a reader nothing."""
_LEAST = 0.01
"""What is less likely than this is left out."""


def suspected(
    result: Triage, facts: PatientFacts, rule: Rule | None, judge: Judge | None, said: Said
) -> Triage:
    """The triage, raised where like messages were more urgent (bars: docs/decisions/0006) and `rule` allows it."""
    if judge is None or rule is None or result.level == 1 or attempt(rule, facts, 1) is None:
        return result
    level = _likely(judge.probabilities(*said))
    if level >= result.level:
        return result
    grams = judge.grounds(said.words, [str(one) for one in range(1, level + 1)])
    return result.suspecting(level, rule, _clause(said.words, grams))


def _clause(words: str, grams: Sequence[str]) -> str:
    """The stretch of one clause that holds most of the telling letters, so that a person can read what was found."""
    bare = [letters for gram in grams if (letters := _MARKS.sub("", gram))]
    telling = [letters for letters in bare if len(letters) > 1] or bare
    clauses = [clause for clause in _MARKS.split(words) if any(letters in clause for letters in telling)]
    best = max(clauses, key=lambda clause: sum(letters in clause for letters in telling), default="")
    if len(best) <= _READ_WHOLE:
        return best
    spans = [
        (best.index(letters), best.index(letters) + len(letters)) for letters in telling if letters in best
    ]
    return best[min(begin for begin, _ in spans) : max(end for _, end in spans)] if spans else ""


def _likely(chance: Mapping[str, float]) -> int:
    """The level to go by."""
    if chance["1"] >= _AT_ONCE:
        return 1
    if chance["1"] + chance["2"] >= _SOON:
        return 2
    return 3 if chance["3"] > chance["4"] * _TWICE else 4


def mixed(
    ranked: tuple[tuple[str, float], ...], judge: Judge | None, said: Said, *, known: bool
) -> tuple[tuple[str, float], ...]:
    """The ranking with the learned judge's opinion; `known`: a rule or a complaint has named the first."""
    if judge is None:
        return ranked
    share = _SHARE if known else _SHARE_ALONE
    scores = {code: score * (1 - share) for code, score in ranked}
    for code, chance in judge.probabilities(*said).items():
        scores[code] = scores.get(code, 0.0) + share * chance
    total = sum(scores.values())
    order = sorted(scores.items(), key=lambda item: -item[1])
    return tuple((code, score / total) for code, score in order if score / total >= _LEAST)
