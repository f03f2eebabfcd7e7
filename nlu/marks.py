"""What the tables make of a patient, as marks a learned judge weighs beside the n-grams of the words.

So what was learned of one wording holds for every other of the same concept, and a judge knows how far each rule is
to be trusted.
"""

from __future__ import annotations

from collections.abc import Iterator

from nlu.facts import PatientFacts
from nlu.triage import Triage

_PLACES = frozenset(["town", "address", "phone", "institution", "orig_hospital", "hospital", "private"])
"""Who and where says nothing about how ill."""
_AGES = (1, 3, 6, 14, 40, 60, 75)
"""Years that part the bands of age."""
_FIFTHS = 5
"""Parts of a text that may be known."""
_LENGTHS = 8
"""Characters of a step of length; longer than `_LONGEST` steps is long."""
_LONGEST = 5


def marks(facts: PatientFacts, ruled: Triage, length: int) -> frozenset[str]:
    """All marks of a patient: findings with their status, kinds of values, the band of age, the rules that hold, and
    how much of the text of `length` characters the tables know: 30岁 发烧38 喉咙痛 leaves nothing to be suspected."""
    return frozenset(_marks(facts, ruled, length))


def _marks(facts: PatientFacts, ruled: Triage, length: int) -> Iterator[str]:
    for finding in facts.findings:
        yield f"{finding.status.value}:{finding.name}"
        yield f"kind:{finding.kind}"
    yield from (f"said:{mention.kind}" for mention in facts.mentions if mention.kind not in _PLACES)
    age = facts.number("age")
    if age is not None:
        yield f"age:{sum(age[0] >= border for border in _AGES)}"
    known, long = _known(facts, length), min(_LONGEST, length // _LENGTHS)
    for mark in (f"known:{known}", f"long:{long}"):
        yield mark
        yield f"{mark}:{ruled.level}"
    yield f"level:{ruled.level}"
    for fired in ruled.fired:
        yield f"rule:{fired.rule.id}"
        yield f"table:{fired.rule.table}:{fired.level}"


def _known(facts: PatientFacts, length: int) -> int:
    """Fifths of the text that are findings or values."""
    places: set[int] = set()
    for finding in facts.findings:
        for start, end in finding.pieces:
            places.update(range(start, end))
    for mention in facts.mentions:
        places.update(range(mention.start, mention.end))
    return min(_FIFTHS - 1, _FIFTHS * len(places) // max(1, length))
