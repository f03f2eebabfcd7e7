"""What was said before and is taken back: 不是破水，是见红. The clauses that told of it are left out of the story."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from actions.turn import Turn

_CLAUSE = re.compile(r"[^,，。;；!！?？\s]+[,，。;；!！?？\s]*")


def without(turn: Turn, story: Sequence[str], denied: Collection[str]) -> list[str]:
    """The story as told before, without the clauses in which nothing but what is denied now was complained of."""
    if not denied:
        return list(story)
    return [
        "".join(part for part in _CLAUSE.findall(text) if not _only(turn, part, denied)) for text in story
    ]


def _only(turn: Turn, clause: str, denied: Collection[str]) -> bool:
    told = turn.reader.patient(clause, turn.desk.now, fragment=True).entities.get("symptoms", [])
    return bool(told) and set(told) <= set(denied)
