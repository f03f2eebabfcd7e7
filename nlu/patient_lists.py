"""Patients of a list: numbered or lettered items, a line, a room or a form each, parts between semicolons."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from nlu.mention import left_of
from nlu.numbers import WHOLE, value
from nlu.patient import Patient
from nlu.pointers import COMMON_SURNAMES

if TYPE_CHECKING:
    from nlu.segments import Scene

_NUMBERED = re.compile(
    r"(?:(?<=^)|(?<=[\s。;,:】\])!?]))(?:\(?(\d{1,2})[.、)）:．](?!\d)|\(?([一二三四五六七八九十])[、.)）]|([①-⑳])|第([一二三四五六])[个位名][,:是 ])"
)
_LETTERED = re.compile(
    r"(?:(?<=^)|(?<=[\s。;:】\])!?]))(?:(?P<letter>[a-h])(?:[.、)):．]\s*|\s+)?(?=[\u4e00-\u9fff\d])(?!超|型|群|肝)|"
    r"\(?(?P<stem>[甲乙丙丁戊己庚辛])[.、)):．,:\s]|(?P<bed>\d{1,2})床\s*[:,.、]?\s*)"
)
_LETTERS, _STEMS = "abcdefgh", "甲乙丙丁戊己庚辛"
_NUMERALS = "一二三四五六七八九十"
OPENS_WITHIN = 10
"""Characters of a part between semicolons in which the one stands whom it is about."""
_SOMEBODY = re.compile(
    rf"(?:另外|还有|再有|以及)?(?:[一另]个|[一另]位|一名|有个|有位|[\u4e00-\u9fff]{{0,6}}(?:老板|师傅|楼长|工人|店员|厨师|保安|司机|学生|小弟)|[\u4e00-\u9fff]{{0,4}}(?:[老小阿][{COMMON_SURNAMES}]|[{COMMON_SURNAMES}](?:叔|婶|姨|姐|哥|嫂|伯|爷|师傅|大[爷妈姐哥]))(?![\u4e00-\u9fff]?(?:院|区|镇|桥)))"
)
_HOUSE = re.compile(
    r"(?:(?<=^)|(?<=[\s。;,:!?、]))(?:(?P<room>\d{1,2}0\d)(?:室|房|家)?|(?P<house>\d{1,3})(?:号楼|栋|幢)(?:\d{3,4}室?)?)\s*(?:的|有|有个|,|:)*\s*(?=[\u4e00-\u9fff])"
)
_ANNOUNCED = re.compile(
    rf"(?P<n>{WHOLE})\s*(?:个|位|名|例|户|人)(?!月|小时|钟头|星期|礼拜|半|情况|问题|事|药)"
)
"""三个孕产妇情况汇总 ① … ② … ③ …: how many people follow."""
_STREET = re.compile(r"(?:弄|号|楼|栋|幢|单元|村|苑|城|园|坊|庭)\s*$")


def listed(scene: Scene) -> list[Patient]:
    """The patients of a numbered, lettered or lined list; empty when the message is none."""
    return _numbered(scene) or _lettered(scene) or _lines(scene) or _parted(scene)


def _numbered(scene: Scene) -> list[Patient]:
    marks = _sequence(scene.text)
    if len(marks) < 2:
        return []
    starts = [match.start() for match in marks]
    items = list(zip(starts, [*starts[1:], len(scene.text)], strict=False))
    labels = [
        scene.persons.field_at(scene.text[match.end() : end])
        for match, (_, end) in zip(marks, items, strict=False)
    ]
    named = [label for label in labels if label]
    if len(named) >= 2 and len(set(named)) > len(named) / 2:
        return []
    return _items(scene, items)


def _lettered(scene: Scene) -> list[Patient]:
    """A 30周 …; B 36周 …, 甲 … 乙 …, 1床 … 2床 …: signs that stand for people, whoever they are."""
    marks = list(_LETTERED.finditer(scene.text))
    for kind, signs in (("letter", _LETTERS), ("stem", _STEMS), ("bed", "")):
        starts: dict[str, int] = {}
        for match in marks:
            sign = match[kind]
            if sign and sign not in starts and (not signs or sign == signs[len(starts) : len(starts) + 1]):
                starts[sign] = match.start()
        begins = list(starts.values())
        spans = list(zip(begins, [*begins[1:], len(scene.text)], strict=False))
        if len(spans) >= 2 and sum(1 for span in spans if scene.content(*span)) * 2 > len(spans):
            shared = (0, begins[0]) if begins[0] else None
            return [Patient(start, end, shared) for start, end in spans]
    return []


def _parted(scene: Scene) -> list[Patient]:
    """老吴溅了右眼;李奶奶右眼胀痛;…: parts between semicolons that each begin with somebody and tell of him."""
    borders = [0, *(m.end() for m in re.finditer(r";\s*", scene.text)), len(scene.text)]
    spans = [(start, end) for start, end in pairwise(borders) if end > start]
    if len(spans) < 2 or not all(_opens_with_somebody(scene, start) for start, _ in spans[1:]):
        return []
    first, stop = spans[0]
    begin = 1 + scene.text.rfind(":", first, stop)
    told = [span for span in spans[1:] if scene.content(*span)]
    if len(told) * 2 < len(spans) or not (scene.content(begin, stop) or scene.identified(begin, stop)):
        return []
    announced = 1 + max(scene.text.rfind(sign, first, begin) for sign in "。!?\n")
    before = announced > first and scene.content(first, announced) and scene.identified(first, announced)
    shared = (announced, begin) if begin > announced else None
    items = [Patient(start, end, shared) for start, end in ((begin, stop), *spans[1:])]
    return [Patient(first, announced), *items] if before else items


def _opens_with_somebody(scene: Scene, start: int) -> bool:
    """一个…的, 小唐…, 李奶奶…, 81岁…: within the first characters of a part."""
    reach = min(len(scene.text), start + OPENS_WITHIN)
    return bool(_SOMEBODY.match(scene.text, start)) or scene.introduced(start, reach)


def _items(scene: Scene, items: Sequence[tuple[int, int]]) -> list[Patient]:
    """List items as patients: at least two of them must be people."""
    full = [(start, end) for start, end in items if scene.identified(start, end)]
    if (len(full) < 2 or len(full) * 2 < len(items)) and not _announced(scene, items):
        return []
    first = items[0][0]
    shared = (0, first) if first > 0 else None
    merged: list[tuple[int, int]] = []
    for start, end in items:
        if merged and not (scene.identified(start, end) or scene.content(start, end)):
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return [Patient(start, end, shared) for start, end in merged]


def _announced(scene: Scene, items: Sequence[tuple[int, int]]) -> bool:
    """Whether the words before the list say that so many people come as it has items, all of them with a matter."""
    said = {value(found["n"]) for found in _ANNOUNCED.finditer(scene.text, 0, items[0][0])}
    return len(items) in said and all(scene.content(start, end) for start, end in items)


def _sequence(text: str) -> list[re.Match[str]]:
    """List marks that count up from one."""
    marks: list[re.Match[str]] = []
    for match in _NUMBERED.finditer(text):
        if _value(match) == len(marks) + 1:
            marks.append(match)
    return marks


def _value(match: re.Match[str]) -> int:
    digits, numeral, circled, ordinal = match.groups()
    if digits:
        return int(digits)
    if circled:
        return ord(circled) - ord("①") + 1
    return _NUMERALS.index(numeral or ordinal) + 1


def _lines(scene: Scene) -> list[Patient]:
    """One line a person, or a form repeated."""
    spans = [(m.start(), m.end()) for m in re.finditer(r"[^\n]+", scene.text) if m.group().strip()]
    if len(spans) < 2:
        return []
    labels = [scene.persons.field_at(scene.text[start:end]) for start, end in spans]
    if sum(1 for label in labels if label) >= 2:
        return _forms(scene, spans, labels)
    full = [(s, e) for s, e in spans if scene.identified(s, e) and scene.content(s, e)]
    if len(full) < 2:
        return []
    head = 0 if spans[0] == full[0] else 1
    named = [span for span in full if scene.introduced(*span)]
    return _items(scene, spans[head:]) if len(named) >= 2 and len(named) * 3 >= len(full) * 2 else []


def houses(scene: Scene) -> list[Patient]:
    """301老人发烧; 502孕妇肚子痛: a room each, every one with a person and something of his own."""
    marks = [m for m in _HOUSE.finditer(scene.text) if not _in_address(scene, m.start())]
    starts = [mark.start() for mark in marks]
    spans = list(zip(starts, [*starts[1:], len(scene.text)], strict=False))
    own = [s for s in spans if scene.content(*s) and scene.introduced(*s)]
    if len(spans) < 2 or own != spans or len({mark.group() for mark in marks}) != len(marks):
        return []
    head = (0, starts[0])
    if scene.content(*head) and scene.identified(*head):
        return []
    shared = head if starts[0] else None
    return [Patient(start, end, shared) for start, end in spans]


def _in_address(scene: Scene, at: int) -> bool:
    """Whether a room is the end of an address: 兰桥路302室, 5号楼 302."""
    goes_on = any(one.kind == "address" and one.start < at < one.end for one in scene.mentions)
    return goes_on or bool(_STREET.search(left_of(scene.text, at)))


def _forms(scene: Scene, spans: Sequence[tuple[int, int]], labels: Sequence[str]) -> list[Patient]:
    """A form begins anew where its first label comes again."""
    first = next(label for label in labels if label)
    starts = [span[0] for span, label in zip(spans, labels, strict=False) if label == first]
    if len(starts) < 2:
        return []
    shared = (0, starts[0]) if starts[0] else None
    return [Patient(s, e, shared) for s, e in zip(starts, [*starts[1:], len(scene.text)], strict=False)]
