"""Body part with complaint in one clause: 膝盖有点痛, 手和脚都肿, 右手右脚没力气, 扭了左脚."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nlu.lexicon import Concept, Lexicon
from nlu.matcher import CLAUSE_END, DENIED_AFRESH, Hit

MAX_DISTANCE = 8
_LINK = re.compile(
    r"^(、|和|跟|与|及|还有|以及|连|加|到|,|，| |都|也|又|左边?|右边?|双|两|的|一[只条个]|这|那)*$"
)
_BEHIND = re.compile(
    r"^(了|到了?|着|在|得|的是|的|破了?|断了?|伤了?|一下|[个只条根]|左边?|右边?|我|他|她|这|那)*$"
)
_GOES_ON = re.compile(r"^[ ,，又还也都而且、]*$")
_SIDES = {
    "左": "左",
    "右": "右",
    "一边": "一侧",
    "一侧": "一侧",
    "单侧": "一侧",
    "半边": "一侧",
    "同侧": "一侧",
}


@dataclass(frozen=True)
class Composed:
    """A concept made of a part and a complaint."""

    concept: Concept
    pieces: tuple[tuple[int, int], ...]


def compose(text: str, hits: Sequence[Hit], lexicon: Lexicon) -> Iterator[Composed]:
    """All compositions of a text."""
    concepts = [hit for hit in hits if hit.role == "concept"]
    parts = [hit for hit in hits if hit.role == "part"]
    for complaint in (hit for hit in hits if hit.role == "complaint"):
        cover = _cover(complaint, concepts)
        if cover is None:
            free = [part for part in parts if _cover(part, concepts) is None]
            members = _members(text, complaint, free, concepts) or _continued(
                text, complaint, parts, concepts
            )
        else:
            members = _outside(text, cover, parts, concepts)
        yield from _joined(text, members, complaint, lexicon)


def _cover(hit: Hit, concepts: Sequence[Hit]) -> Hit | None:
    """A concept whose way of saying holds this hit and more; a whole piece of a phrase with gaps stays free."""
    for concept in concepts:
        for start, end in concept.pieces:
            if start <= hit.start and hit.end <= end and end - start > hit.size:
                return concept
    return None


def _members(text: str, complaint: Hit, parts: Sequence[Hit], concepts: Sequence[Hit]) -> list[Hit]:
    """The parts a complaint is about: the nearest before it and those listed with it, else the one right behind."""
    before = [part for part in parts if part.end <= complaint.start]
    if before:
        nearest = max(before, key=lambda part: part.end)
        if _reaches(text, nearest.end, complaint.start, concepts):
            return [nearest, *_linked(text, nearest, before)]
    behind = [part for part in parts if part.start >= complaint.end]
    if behind:
        nearest = min(behind, key=lambda part: part.start)
        gap = text[complaint.end : nearest.start]
        if len(gap) <= 4 and _BEHIND.match(gap):
            return [nearest]
    return []


def _continued(text: str, complaint: Hit, parts: Sequence[Hit], concepts: Sequence[Hit]) -> list[Hit]:
    """The part inside the concept right before: 动不了 of 大腿根痛 动不了 is about the thigh."""
    for part in sorted(parts, key=lambda p: -p.end):
        cover = _cover(part, concepts)
        if cover is not None and cover.end <= complaint.start:
            gap = text[cover.end : complaint.start]
            return [part] if len(gap) <= 3 and _GOES_ON.match(gap) else []
    return []


def _outside(text: str, cover: Hit, parts: Sequence[Hit], concepts: Sequence[Hit]) -> list[Hit]:
    """Parts listed before a whole concept that begins with a part: 胸口 of 胸口和肚子痛."""
    if not any(part.start == cover.start and part.end < cover.end for part in parts):
        return []
    free = [part for part in parts if part.end <= cover.start and _cover(part, concepts) is None]
    return _linked(text, cover, free)


def _reaches(text: str, begin: int, end: int, concepts: Sequence[Hit]) -> bool:
    gap = text[begin:end]
    if len(gap) > MAX_DISTANCE or CLAUSE_END.search(gap) or (" " in gap and len(gap) > 4):
        return False
    if DENIED_AFRESH.search(gap):
        return False
    return not any(begin <= hit.start and hit.end <= end and hit.size > 2 for hit in concepts)


def _linked(text: str, last: Hit, parts: Sequence[Hit]) -> list[Hit]:
    """Parts before `last` joined to it by list words only."""
    found: list[Hit] = []
    for part in sorted(parts, key=lambda p: -p.end):
        if (
            part.end <= last.start
            and len(text[part.end : last.start]) <= 4
            and _LINK.match(text[part.end : last.start])
        ):
            found.append(part)
            last = part
    return found


def _joined(text: str, members: list[Hit], complaint: Hit, lexicon: Lexicon) -> Iterator[Composed]:
    united = _united(text, members, lexicon)
    if united is not None:
        pieces = tuple(sorted({(m.start, m.end) for m in members} | {(complaint.start, complaint.end)}))
        yield Composed(lexicon.composed(united, complaint.name), pieces)
        return
    for part in members:
        pieces = tuple(sorted({(part.start, part.end), (complaint.start, complaint.end)}))
        yield Composed(lexicon.composed(part.name, complaint.name), pieces)


def _united(text: str, members: list[Hit], lexicon: Lexicon) -> str | None:
    """The part that two parts of one side make together."""
    for one in members:
        for other in members:
            name = lexicon.unions.get((one.name, other.name))
            if name and _side(text, one) and _side(text, one) == _side(text, other):
                return name
    return None


def _side(text: str, part: Hit) -> str:
    around = text[max(0, part.start - 3) : part.end]
    for word, side in _SIDES.items():
        if word in around:
            return side
    return ""
