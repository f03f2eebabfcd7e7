"""Body part with complaint in one clause: 膝盖有点痛, 手和脚都肿, 右手右脚没力气, 扭了左脚."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from nlu.by_place import ByPlace
from nlu.lexicon import AFAR, Concept, Lexicon
from nlu.matcher import CLAUSE_END, DENIED_AFRESH, Hit

MAX_DISTANCE = 8
_MOST = 30
"""Nobody lists more parts than this."""
_LINK = re.compile(
    r"^(、|和|跟|与|及|还有|以及|连|加|到|,|，| |都|也|又|左边?|右边?|双|两|的|一[只条个]|这|那)*$"
)
_BEHIND = re.compile(
    r"^(了|到了?|着|在|从|得|的是|的|破了?|断了?|伤了?|一下|[个只条根颗块截半]|左边?|右边?|我|他|她|这|那)*$"
)
_APART = re.compile(r"[ ,，。;!?]")
_OWN_CLAUSE = 24
"""Characters before a part in which its clause is looked at."""
_GOES_ON = re.compile(r"^[ ,，又还也都而且、了]*$")
_CLAUSE_BEFORE = re.compile(
    r"[^。!?;,\n]{1,24}(?P<end>,)"
    r"(?:[外内两]侧|那[里边]|旁边|边上|周围|四周|局部|里面|外面|整个|就是|只是|感觉|觉得|现在|今天|今早|早上|晚上|夜里|马上|立刻|立马|后来|当时|当场|已经|一直|有点|越来越|整个|一下子?|慢慢"
    r"|还|又|都|就|也|老|全|很|好|起了?|出了?|冒了?|长了?|给|被?[\u4e00-\u9fff]得|了|一?[大小]?[片块圈])*$"
)
"""A clause and the little that may stand at the beginning of the next before a complaint of the same part."""
_MOST_LITTLE = 5
"""Characters of a clause before a complaint that belongs to a part told before: 脚崴了,半夜更痛."""
_OF_ITS_OWN = re.compile(r"[。!?;\n没无不未我你他她爸妈公婆爷奶心人]")
"""What denies or names another person or thing."""
_WELL = re.compile(
    r"正常|没事|没啥$|没有$|好的$|(?:没|无|未见)[有见]?(?:明显|什么|啥|任何)?(?:异常|问题|毛病|不舒服|不适)"
)
"""What is said of a part that ails nothing: 膀胱没有异常,以前也隐痛."""
_OTHER = re.compile(r"[左右另两]")
"""The part of the other side: 左脚正常,右边的肿."""
_UNFELT = "无症状"
_TISSUE = "in"
"""`side` of a part that lies in others: the bone of 膝盖旁边骨头."""
_EVERYWHERE = "全身"
_IN = re.compile(r"^[^,。!?;\n没无不]{0,4}$")
_SIDES = {
    "左": "左",
    "右": "右",
    "一边": "一侧",
    "一侧": "一侧",
    "单侧": "一侧",
    "半边": "一侧",
    "同侧": "一侧",
}


class Composed(NamedTuple):
    """A concept made of a part and a complaint."""

    concept: Concept
    pieces: tuple[tuple[int, int], ...]


def compose(text: str, hits: Sequence[Hit], lexicon: Lexicon) -> Iterator[Composed]:
    """All compositions of a text; `hits` in its order."""
    scene = _Scene(text, hits, lexicon)
    for complaint in (hit for hit in hits if hit.role == "complaint"):
        cover = scene.cover(complaint)
        if cover is None:
            members = (
                _members(scene, complaint, lexicon)
                or _continued(scene, complaint, lexicon)
                or _afar(scene, complaint, lexicon)
            )
            scene.told.append((complaint, members))
        else:
            members = [part for part in _outside(scene, cover) if lexicon.fits(part.name, complaint.name)]
        yield from _joined(text, members, complaint, lexicon)


class _Scene:
    """The parts and concepts of a text by their place."""

    def __init__(self, text: str, hits: Sequence[Hit], lexicon: Lexicon) -> None:
        self.text = text
        self._lexicon = lexicon
        self.concepts = ByPlace(hit for hit in hits if hit.role == "concept")
        self.complaints = ByPlace(hit for hit in hits if hit.role == "complaint")
        self.hits = ByPlace(hits)
        self.parts = [hit for hit in hits if hit.role == "part"]
        self.free = _Parts([part for part in self.parts if self.cover(part) is None])
        self.covered = _Parts([part for part in self.parts if self.cover(part) is not None])
        self.told: list[tuple[Hit, list[Hit]]] = []
        """The complaints so far with their parts."""
        self.first_ends: dict[int, int] = {}
        """For each place where parts begin the end of the shortest."""
        for part in self.parts:
            self.first_ends[part.start] = min(part.end, self.first_ends.get(part.start, part.end))

    def cover(self, hit: Hit) -> Hit | None:
        """A concept whose way of saying holds this hit and more; a whole piece of a phrase with gaps stays free, and so
        does the part at the end of what a patient has or had: 刀口 of 剖腹产刀口, 足 of 糖尿病足."""
        for concept in self.concepts.at(hit.start):
            if hit.role == "part" and hit.end == concept.end and self._is_had(concept):
                continue
            for start, end in concept.pieces:
                if start <= hit.start and hit.end <= end and end - start > hit.size:
                    return concept
        return self._letter_of(hit) if hit.role == "part" and hit.size == 1 else None

    def _letter_of(self, part: Hit) -> Hit | None:
        """头 of 肿成馒头: the last letter of a complaint that is no part of anybody."""
        longer = (hit for hit in self.complaints.at(part.start) if hit.start < part.start - 1)
        return next((hit for hit in longer if hit.end == part.end), None)

    def _is_had(self, hit: Hit) -> bool:
        concept = self._lexicon.concepts.get(hit.name)
        return concept is not None and concept.kind in ("disease", "treatment")

    def stands_out(self, part: Hit) -> bool:
        """Whether a part is one of its own even inside a concept: 脚 of 脚崴了, but no 眼 of 鸡眼."""
        cover = self.cover(part)
        return cover is None or part.size > 1 or cover.start == part.start

    def is_unfelt(self, complaint: Hit) -> bool:
        """没什么感觉 in a clause of its own says that nothing ails him."""
        return any(hit.name == _UNFELT and hit.end >= complaint.end for hit in self.hits.at(complaint.start))

    def is_object(self, part: Hit) -> bool:
        """Whether a complaint right before it is about it or goes there: 手麻到|小指头."""
        return any(
            hit.role == "complaint"
            and part.start - 2 <= hit.end <= part.start
            and not _APART.search(self.text, hit.end, part.start)
            for hit in self.hits.within(max(0, part.start - 6), part.start)
        )

    def is_told_of(self, part: Hit) -> bool:
        """Whether its own clause tells of another one there: 胳膊抬不过|胸口,手指僵."""
        earliest = max(0, part.start - _OWN_CLAUSE)
        begin = max(self.text.rfind(end, earliest, part.start) + 1 or earliest for end in " ,。;!?\n")
        return any(
            hit.role == "part" and hit.end <= part.start and not _LINK.match(self.text[hit.end : part.start])
            for hit in self.hits.within(begin, part.start)
        )


class _Parts:
    """Parts in text order, to be asked for the next or the last ones at a place."""

    def __init__(self, parts: Sequence[Hit]) -> None:
        self._parts = parts
        self._starts = [part.start for part in parts]
        self._backwards = sorted(parts, key=lambda part: -part.end)
        self._ends = [-part.end for part in self._backwards]

    def before(self, place: int) -> Iterator[Hit]:
        """Those that end there or before, the last one first."""
        return islice(self._backwards, bisect_left(self._ends, -place), None)

    def behind(self, place: int) -> Hit | None:
        """The first that begins there or later."""
        at = bisect_left(self._starts, place)
        return self._parts[at] if at < len(self._parts) else None


def _members(scene: _Scene, complaint: Hit, lexicon: Lexicon) -> list[Hit]:
    """The parts a complaint is about: the nearest before it and those listed with it, else the one right behind."""
    for nearest in scene.free.before(complaint.start):
        if not _reaches(scene, nearest.end, complaint.start):
            break
        if lexicon.fits(nearest.name, complaint.name):
            meant = _where_it_lies(scene, nearest, complaint, lexicon)
            linked = (part for part in _linked(scene, meant) if lexicon.fits(part.name, complaint.name))
            return [meant, *linked]
    following = scene.free.behind(complaint.end)
    if following is None or not lexicon.fits(following.name, complaint.name):
        return []
    if following.start - complaint.end <= 4:
        return [following] if _BEHIND.match(scene.text[complaint.end : following.start]) else []
    return []


def _where_it_lies(scene: _Scene, part: Hit, complaint: Hit, lexicon: Lexicon) -> Hit:
    """The part right before that a bone, a muscle or the skin is of: 屁股后头一根筋痛."""
    if lexicon.parts[part.name].side != _TISSUE:
        return part
    for other in scene.free.before(part.start):
        near = _IN.match(scene.text[other.end : part.start])
        if not near or not lexicon.fits(other.name, complaint.name):
            break
        if lexicon.parts[other.name].side != _TISSUE and other.name != _EVERYWHERE:
            return other
    return part


def _afar(scene: _Scene, complaint: Hit, lexicon: Lexicon) -> list[Hit]:
    """The part of the clause before, when the complaint begins its own: 胳膊肘撞了一下,肿起来了.

    A part that another concept holds will do too (洗洁精弄到眼睛了,火辣辣), and the parts of a complaint there (,歪了,不能动).
    """
    if AFAR not in lexicon.complaints[complaint.name].flags:
        return []
    comma = _comma_before(scene, complaint)
    if comma is None or scene.is_unfelt(complaint):
        return []
    begin = max((end.end() for end in CLAUSE_END.finditer(scene.text, 0, comma)), default=0)
    for parts in (scene.free, scene.covered):
        for part in parts.before(comma):
            if part.start < begin:
                break
            if scene.stands_out(part) and lexicon.fits(part.name, complaint.name):
                well = _WELL.search(scene.text, part.end, comma) and not _OTHER.search(
                    scene.text, comma, complaint.start
                )
                return [] if well else [part]
    for before, members in reversed(scene.told):
        if begin <= before.start and before.end <= comma:
            return [part for part in members if lexicon.fits(part.name, complaint.name)]
    return []


def _comma_before(scene: _Scene, complaint: Hit) -> int | None:
    """The comma that begins the complaint's clause, when little and nothing of its own stands between."""
    begins = _CLAUSE_BEFORE.search(scene.text, 0, complaint.start)
    if begins is not None:
        return begins.start("end")
    comma = scene.text.rfind(",", max(0, complaint.start - _MOST_LITTLE - 1), complaint.start)
    if comma < 0 or _OF_ITS_OWN.search(scene.text, comma + 1, complaint.start):
        return None
    inside = scene.hits.within(comma + 1, complaint.start)
    return None if any(hit.role in {"concept", "part"} for hit in inside) else comma


def _continued(scene: _Scene, complaint: Hit, lexicon: Lexicon) -> list[Hit]:
    """The part inside the concept right before: 动不了 of 大腿根痛 动不了 is about the thigh."""
    for part in scene.covered.before(complaint.start):
        if not lexicon.fits(part.name, complaint.name):
            continue
        cover = scene.cover(part)
        if cover is not None and cover.start == part.start and cover.end <= complaint.start:
            gap = scene.text[cover.end : complaint.start]
            return [part] if len(gap) <= 3 and _GOES_ON.match(gap) else []
    return []


def _outside(scene: _Scene, cover: Hit) -> list[Hit]:
    """Parts listed before a whole concept that begins with a part: 胸口 of 胸口和肚子痛."""
    begins = scene.first_ends.get(cover.start, cover.end) < cover.end
    return _linked(scene, cover) if begins else []


def _reaches(scene: _Scene, begin: int, end: int) -> bool:
    gap = scene.text[begin:end]
    if len(gap) > MAX_DISTANCE or CLAUSE_END.search(gap) or (" " in gap and len(gap) > 4):
        return False
    if DENIED_AFRESH.search(gap):
        return False
    return not any(
        begin <= hit.start and hit.end <= end and hit.size > 2 for hit in scene.concepts.within(begin, end)
    )


def _linked(scene: _Scene, last: Hit) -> list[Hit]:
    """Parts before `last` joined to it by list words only."""
    found: list[Hit] = []
    for part in scene.free.before(last.start):
        gap = last.start - part.end
        if gap > 4 or len(found) >= _MOST:
            break
        between = scene.text[part.end : last.start]
        if gap >= 0 and _LINK.match(between):
            if "," in between and (scene.is_object(part) or scene.is_told_of(part)):
                break
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
