"""Messages that do two things: a case settled and another reported, a refusal and where to go instead."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property
from itertools import islice

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

FeaturesWithin = Callable[[int, int, bool], ActFeatures]
"""Features of the part of the text between two positions; its level only if that is wanted, since it costs most."""

_LOOKED_AT = 6
"""So many borders of clauses are tried at most: who writes more clauses than that tells one long story."""
ON_THE_WAY = frozenset({"dispatched", "arrived"})
_TOLD = 0.6
"""How sure it is that a value told beside a step is news."""
_SETTLING = BESIDE | {"chatter"}
_SETTLED = 2.2
"""A score from which the beginning of a message settles something by itself."""


class Judged:
    """What a part of a message is by itself. Only where its words are strong enough to matter is it decided."""

    def __init__(self, scores: Mapping[str, float], decide: Callable[[], tuple[str, float]]) -> None:
        """`scores` of the acts by the words; `decide` brings the act and how probable it is."""
        self.scores = scores
        self._decide = decide

    @cached_property
    def _decided(self) -> tuple[str, float]:
        return self._decide()

    @property
    def act(self) -> str:
        return self._decided[0]

    @property
    def score(self) -> float:
        """How probable the act is."""
        return self._decided[1]

    def says(self, acts: Collection[str], least: Callable[[str], float]) -> bool:
        """Whether it is one of these acts, its words saying so at least as strongly as `least` wants of that act."""
        able = any(self.scores[act] >= least(act) for act in acts)
        return able and self.act in acts and self.scores[self.act] >= least(self.act)


class Piece:
    """A part of a message that is decided by itself, each thing about it when it is asked for."""

    def __init__(self, folded: str, start: int, end: int, within: FeaturesWithin, judge: Judge) -> None:
        self.start, self.end = start, end
        self._words = folded[start:end]
        self._within, self._judge = within, judge

    @cached_property
    def counted(self) -> ActFeatures:
        """Its features but for the level."""
        return self._within(self.start, self.end, False)

    @cached_property
    def judged(self) -> Judged:
        return self._judge(self._words, self._within(self.start, self.end, True))

    @property
    def ill(self) -> bool:
        """Whether somebody in it has something."""
        told = self.counted
        return told.has_patient and bool(told.n_findings or told.has_request)

    @cached_property
    def numbered(self) -> bool:
        """It names a case by its number."""
        return bool(case_numbers(self._words))

    @cached_property
    def pointed_at(self) -> bool:
        """It points at a case told of before by what it was about: 鱼刺那个."""
        return bool(word_class("回指").search(self._words))

    @property
    def known(self) -> bool:
        """It names or points at a case told of before."""
        return self.numbered or self.pointed_at

    @cached_property
    def settles(self) -> bool:
        """Whether it is about something else than a new patient."""
        if not self.judged.says(_SETTLING, lambda _: _SETTLED):
            return False
        return self.judged.act != "update" or self.known  # 九亭镇 …: the beginning of what follows


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

    found: list[Piece] = []
    begin = start
    borders = [start + part.start for part in clauses(folded[start:end])][1 : _LOOKED_AT + 1]
    for border in borders:
        if not _turns(folded, border, end):
            continue
        if not case_free(folded[begin:border]):
            continue  # 3号 5号 都结案
        head = Piece(folded, begin, border, within, judge)
        if (not head.counted.n_findings and head.settles) or _turns_to_case(folded, border):
            found.append(head)
            begin = border
    found.append(Piece(folded, begin, end, within, judge))
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
    ill = [piece for piece in pieces if piece.ill]
    if not ill or not any(piece.settles for piece in pieces):
        return None
    for piece in ill:
        if piece.judged.says(["report"], lambda _: STRONG / 2):
            return piece
    return None


def others(text: str, pieces: Sequence[Piece], act: str) -> tuple[ActSpan, ...]:
    """What the other parts of a message settle."""
    beside = BESIDE if act == "report" else frozenset({"ask", "update"}) if act in SECONDS else frozenset()
    numbered = all(piece.numbered for piece in pieces)  # 3号年龄是65；4号可以关了
    apart = (BESIDE if numbered else beside) - {act}
    found = {
        piece.judged.act: ActSpan(piece.judged.act, piece.judged.score, text[piece.start : piece.end].strip())
        for piece in reversed(pieces)
        if apart
        and (piece.pointed_at or numbered or not piece.counted.n_findings)
        and piece.judged.says(apart, lambda name: STRONG if name in SECONDS else _SETTLED)
        and (piece.known or piece.judged.act != "update" or act != "report")
    }
    return tuple(found.values())


def seconds(text: str, act: str, hits: Sequence[Weighed]) -> tuple[ActSpan, ...]:
    """Second acts of a message about a known case: stated by strong words that are not the first act's words."""
    taken = [hit.hit for hit in hits if hit.act == act and hit.hit.end > hit.hit.start]
    found: dict[str, ActSpan] = {}
    for hit in hits if taken else ():
        apart = all(hit.hit.end <= own.start or hit.hit.start >= own.end for own in taken)
        if apart and hit.act in SECONDS - {act} and (act, hit.act) not in IMPLIED and _is_strong(hit, hits):
            found.setdefault(hit.act, _span(text, hit))
    return tuple(found.values())


def _is_strong(hit: Weighed, hits: Sequence[Weighed]) -> bool:
    """Stated, and by words that outweigh what is said against it."""
    against = sum(other.weight for other in hits if other.act == hit.act and other.weight < 0)
    return hit.stated and hit.weight + against >= STRONG


def _span(text: str, hit: Weighed) -> ActSpan:
    return ActSpan(hit.act, 1 / (1 + math.exp(1 - hit.weight)), _clause_of(text, hit.hit))


def moving(text: str, hits: Sequence[Weighed]) -> tuple[ActSpan, ...]:
    """News that says besides that the patient has left or is there: 人出发了，核酸阴性."""
    said = [hit for hit in hits if hit.hit.end > hit.hit.start and _is_strong(hit, hits)]
    found = (hit for act in ("arrived", "dispatched") for hit in said if hit.act == act)
    return tuple(_span(text, hit) for hit in islice(found, 1))


def news_beside(
    text: str, act: str, hits: Sequence[Weighed], within: FeaturesWithin | None
) -> tuple[ActSpan, ...]:
    """A value measured on the way, told in a clause of its own: 已经上车了 路上血氧86."""
    if act not in ON_THE_WAY or within is None:
        return ()
    own = [hit.hit.start for hit in hits if hit.act == act and hit.hit.end > hit.hit.start]
    parts = [part for part in clauses(fold(text)) if not (part.asked or part.supposed)]
    found = (
        part
        for part in parts
        if not any(part.start <= place < part.end for place in own)
        and within(part.start, part.end, False).has_measure
    )
    return tuple(ActSpan("update", _TOLD, text[part.start : part.end].strip()) for part in islice(found, 1))


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
