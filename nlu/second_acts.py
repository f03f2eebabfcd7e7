"""Messages that do two things: a case settled and another reported, a refusal and where to go instead."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nlu.case_numbers import case_free, case_numbers
from nlu.clauses import clauses, fold, sentences
from nlu.cues import Hit, word_class
from nlu.features import ActFeatures
from nlu.understanding import ActSpan
from nlu.weighing import STRONG, Weighed

SECONDS = frozenset(
    {
        "accept",
        "decline",
        "transfer",
        "dispatched",
        "arrived",
        "close",
        "reopen",
        "assign",
        "snooze",
        "correct",
        "ask",
    }
)
"""Acts that may come second in a message that already is something else."""

IMPLIED = frozenset(
    {
        ("close", "accept"),
        ("close", "arrived"),
        ("close", "dispatched"),
        ("arrived", "dispatched"),
        ("arrived", "accept"),
        ("reopen", "close"),
        ("reopen", "correct"),
        ("correct", "close"),
        ("snooze", "assign"),
        ("assign", "transfer"),
        ("decline", "close"),
        ("accept", "transfer"),
        ("dispatched", "transfer"),
        ("dispatched", "arrived"),
    }
)
"""(first, second): the words of the second are only how the first is said."""

BROADCAST = frozenset({"rumour", "notice"})
"""Said to everybody of nobody here: what sounds like a patient in it is none."""

BESIDE = SECONDS | {"consult", "chase", "update"}
"""Acts that may stand in a message beside a report."""

FeaturesWithin = Callable[[int, int], ActFeatures]
"""Features of the part of the text between two positions."""

_LOOKED_AT = 6
"""So many borders of clauses are tried at most: who writes more clauses than that tells one long story."""
_SETTLED = 2.2
"""A score from which the beginning of a message settles something by itself."""


@dataclass(frozen=True)
class Judged:
    """What a part of a message is by itself: its act, how probable that is, and how strongly its words say so."""

    act: str
    score: float
    strength: float


@dataclass(frozen=True)
class Piece:
    """A part of a message that is decided by itself."""

    start: int
    end: int
    judged: Judged
    features: ActFeatures
    known: bool
    """It names or points at a case told of before."""

    @property
    def settles(self) -> bool:
        """Whether it is about something else than a new patient."""
        if self.judged.act == "update" and not self.known:
            return False  # 九亭镇 …: the beginning of what follows
        return self.judged.act in BESIDE | {"chatter"} and self.judged.strength >= _SETTLED


Judge = Callable[[str, ActFeatures], Judged]


def pieces_of(folded: str, within: FeaturesWithin | None, judge: Judge) -> list[Piece]:
    """The parts of a message that do different things; empty when it is of one piece."""
    if within is None:
        return []
    found: list[Piece] = []
    for start, end in sentences(folded):
        found.extend(_parted(folded, start, end, within, judge))
    return found if len(found) > 1 else []


def _parted(folded: str, start: int, end: int, within: FeaturesWithin, judge: Judge) -> list[Piece]:
    """A sentence, cut where a new patient is introduced after something has been settled, or a case is turned to."""

    def piece(begin: int, stop: int) -> Piece:
        features = within(begin, stop)
        part = folded[begin:stop]
        known = bool(case_numbers(part) or word_class("回指").search(part))
        return Piece(begin, stop, judge(part, features), features, known)

    found: list[Piece] = []
    begin = start
    borders = [start + part.start for part in clauses(folded[start:end])][1 : _LOOKED_AT + 1]
    for border in borders:
        if not _turns(folded, border, end):
            continue
        if not case_free(folded[begin:border]):
            continue  # 3号 5号 都结案
        head = piece(begin, border)
        if (head.settles and not head.features.n_findings) or _turns_to_case(folded, border):
            found.append(head)
            begin = border
    found.append(piece(begin, end))
    return found


def _turns(folded: str, border: int, end: int) -> bool:
    """Whether a clause begins with words that bring in somebody else, or a case."""
    words = folded[border : min(end, border + 12)]
    opened = word_class("又一").match(words) or word_class("引入").match(words)
    return bool(opened) or _turns_to_case(folded, border)


def _turns_to_case(folded: str, border: int) -> bool:
    return bool(word_class("号").match(folded, border))


def fresh_report(pieces: Sequence[Piece]) -> Piece | None:
    """A part that reports a patient of its own beside parts that settle something else."""
    if not any(piece.settles for piece in pieces):
        return None
    for piece in pieces:
        ill = piece.features.has_patient and (piece.features.n_findings or piece.features.has_request)
        if piece.judged.act == "report" and ill and piece.judged.strength >= STRONG / 2:
            return piece
    return None


def others(text: str, pieces: Sequence[Piece], act: str) -> tuple[ActSpan, ...]:
    """What the other parts of a message settle."""
    beside = BESIDE if act == "report" else frozenset({"ask", "update"}) if act in SECONDS else frozenset()
    found = {
        piece.judged.act: ActSpan(piece.judged.act, piece.judged.score, text[piece.start : piece.end].strip())
        for piece in reversed(pieces)
        if piece.judged.act in beside
        and (piece.known or piece.judged.act != "update" or act != "report")
        and piece.judged.act != act
        and piece.judged.strength >= (STRONG if piece.judged.act in SECONDS else _SETTLED)
        and not piece.features.n_findings
    }
    return tuple(found.values())


def seconds(text: str, act: str, hits: Sequence[Weighed]) -> tuple[ActSpan, ...]:
    """Second acts of a message about a known case: stated by strong words that are not the first act's words."""
    taken = [hit.hit for hit in hits if hit.act == act and hit.hit.end > hit.hit.start]
    found: dict[str, ActSpan] = {}
    for hit in hits:
        apart = all(hit.hit.end <= own.start or hit.hit.start >= own.end for own in taken)
        if hit.act == act or hit.act not in SECONDS or not hit.stated or not apart or not taken:
            continue
        denied = sum(h.weight for h in hits if h.act == hit.act and h.weight < 0)
        if hit.weight + denied >= STRONG and (act, hit.act) not in IMPLIED:
            found.setdefault(
                hit.act, ActSpan(hit.act, 1 / (1 + math.exp(1 - hit.weight)), _clause_of(text, hit.hit))
            )
    return tuple(found.values())


def in_order(
    text: str, act: str, score: float, also: tuple[ActSpan, ...], hits: Sequence[Weighed]
) -> tuple[str, float, tuple[ActSpan, ...]]:
    """Of two acts the one said first is first: 收不了, 转市一吧 is a decline and then a transfer."""
    own = [hit.hit for hit in hits if hit.act == act and hit.hit.end > hit.hit.start and hit.stated]
    if len(also) != 1 or not own:
        return act, score, also
    other = also[0]
    begin = min(hit.start for hit in own)
    places = [h.hit.start for h in hits if h.act == other.act and h.stated and h.hit.end > h.hit.start]
    if not places or min(places) >= begin:
        return act, score, also
    first = next(hit for hit in own if hit.start == begin)
    return other.act, other.score, (ActSpan(act, score, _clause_of(text, first)),)


def _clause_of(text: str, hit: Hit) -> str:
    for part in clauses(fold(text)):
        if part.start <= hit.start < part.end:
            return text[part.start : part.end].strip()
    return text
