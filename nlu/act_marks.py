"""What the findings and cues of a message tell of its act, as marks a learned judge weighs beside the n-grams."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields

from nlu.features import ActFeatures

_APART = frozenset(["态", "医院", "专家", "协调", "领导", "联系人", "志愿者", "群众"])
"""Facts that the messages the judges learn from do not carry: a department's state, the role of the speaker."""
_MOST = 3
"""A count above this is many."""
_STEP = 10
"""Characters of a step of length."""
_LONGEST = 8


def act_marks(
    features: ActFeatures, facts: Mapping[str, bool], scores: Mapping[str, float]
) -> frozenset[str]:
    """All marks of a message or of a part: its features, what cues may ask for, and what the cues alone make of it."""
    return frozenset(_marks(features, facts, scores))


def _marks(features: ActFeatures, facts: Mapping[str, bool], scores: Mapping[str, float]) -> Iterator[str]:
    for field in fields(features):
        value = getattr(features, field.name)
        if value is True:
            yield field.name
        elif type(value) is int and value and field.name != "length":
            yield f"{field.name}:{min(value, _MOST)}"
    yield f"long:{min(_LONGEST, features.length // _STEP)}"
    yield from (f"wants:{name}" for name in features.requests)
    yield from (f"fact:{name}" for name, holds in facts.items() if holds and name not in _APART)
    yield f"cues:{max(scores, key=lambda act: scores[act])}"
