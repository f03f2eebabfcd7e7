"""Which part of a message is about which patient: lists, one line each, 另外, 隔壁, 我爸 … 我妈, twins."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TypeVar

from nlu.findings import Finding
from nlu.mention import Mention, left_of
from nlu.persons import Person, Persons
from nlu.pointers import COMMON_SURNAMES

Thing = TypeVar("Thing")

_NUMBERED = re.compile(
    r"(?:(?<=^)|(?<=[\s。;,:】\])!?]))(?:(\d{1,2})[.、)）:．](?!\d)|\(?([一二三四五六七八九十])[、.)）]|([①-⑳])|第([一二三四五六])[个位名][,:是 ])"
)
_LETTERED = re.compile(
    r"(?:(?<=^)|(?<=[\s。;:】\])!?]))(?:(?P<letter>[a-h])(?:[.、)):．]\s*|\s+)?(?=[\u4e00-\u9fff\d])(?!超|型|群|肝)|"
    r"\(?(?P<stem>[甲乙丙丁戊己庚辛])[.、)):．,:\s]|(?P<bed>\d{1,2})床\s*[:,.、]?\s*)"
)
_LETTERS, _STEMS = "abcdefgh", "甲乙丙丁戊己庚辛"
_NUMERALS = "一二三四五六七八九十"
_CLAUSE = re.compile(r"[。!！?？;；,，\n]+|(?<=[^\x00-\x7f]) +(?=\S)|(?<=\S) +(?=[^\x00-\x7f])")
_IDENTITY = frozenset(["age", "age_months", "age_days", "sex"])
_AGE = frozenset(["age", "age_months"])
OPENS_WITHIN = 10
"""Characters of a part between semicolons in which the one stands whom it is about."""
_SOMEBODY = re.compile(
    rf"(?:另外|还有|再有|以及)?(?:[一另]个|[一另]位|一名|有个|有位|[\u4e00-\u9fff]{{0,6}}(?:老板|老板娘|师傅|楼长|工人|工友|店员|厨师|保安|司机|学生|大叔|大爷|大妈|大姐|大哥|小哥|小弟|小伙|姑娘|女孩|男孩|居民)|[\u4e00-\u9fff]{{0,4}}(?:[老小阿][{COMMON_SURNAMES}]|[{COMMON_SURNAMES}](?:叔|婶|姨|姐|哥|嫂|伯|爷|师傅|大[爷妈姐哥]))(?![\u4e00-\u9fff]?(?:院|区|镇|桥)))"
)
OPENING = 7
"""Characters of a clause in which the age of the one it is about stands."""
_VALUES = frozenset(
    ["temp", "spo2", "sbp", "hr", "glucose", "gestation", "drug", "drugs", "days_left", "dialysis_gap_days"]
)
CONTACT = frozenset(["town", "address", "phone"])
"""What holds for all of a household."""
FURTHER = 3
"""Clauses after one that announces somebody."""
ONLY_NAMED = 2
"""Characters behind a person in a clause that tells no more than who it is."""
_LOOKS_ON = re.compile(r"(?:邻居|的人|家)?(?:都|来|在|也|听|说|敲|报|帮|送|叫|喊|反映|投诉)")
"""隔壁都来敲门: they only look on."""
_BOTH = re.compile(r"^.{0,6}(都|均|全|双双|也都|同时|先后|一起|各)")
_NAMED = re.compile(
    r"患者[甲乙丙丁戊己庚辛]|[\u4e00-\u9fff](?:某某?|[xX*]{1,2}|阿婆|阿姨|先生|女士|老伯|爷叔|师傅|奶奶|爷爷)"
)
_HOUSE = re.compile(
    r"(?:(?<=^)|(?<=[\s。;,:!?、]))(?:(?P<room>\d{1,2}0\d)(?:室|房|家)?|(?P<house>\d{1,3})(?:号楼|栋|幢)(?:\d{3,4}室?)?)\s*(?:的|有|有个|,|:)*\s*(?=[\u4e00-\u9fff])"
)
_STREET = re.compile(r"(?:路|弄|街|号|楼|栋|幢|单元|村|苑|城|园|坊|庭)\s*$")
_COMMON_CAUSE = re.compile(
    r"煤气|一氧化碳|中毒|车祸|撞车|翻车|着火|火灾|触电|落水|淹|电梯|昏|晕倒|晕过去|倒(?:地|了|在|下)|一起(?:摔|掉|滚)|同时(?:摔|发作|不舒服|头晕|恶心|吐)|集体|烧炭|炭火|炭盆|热水器|沼气|农药|泄漏|爆炸"
)
"""What befalls several people at once."""
_ATE = re.compile(r"(?:吃|喝|食|食用)(?:了|完|过|的)(?!.{0,8}(?:药|片|颗|粒|胶囊|冲剂|布洛芬|泰诺))")
_SICK = re.compile(r"吐|拉|泻|晕|恶心|肚子")
"""One meal that made all of them sick."""
_ONE_OF_THEM = re.compile(
    r"(?:其中|当中)?(?:有)?(?:一个|一位|一名|1个|另一个|另一位)(?!月|小时|星期|礼拜|多|半)"
)


@dataclass(frozen=True)
class Patient:
    """One patient's span of the normalised text; `shared` is a heading that holds for all of them."""

    start: int
    end: int
    shared: tuple[int, int] | None = None

    def holds(self, start: int) -> bool:
        return self.start <= start < self.end

    def shares(self, start: int) -> bool:
        return self.shared is not None and self.shared[0] <= start < self.shared[1]


@dataclass(frozen=True)
class Scene:
    """All that is needed to tell the patients of a text apart."""

    text: str
    findings: Sequence[Finding]
    mentions: Sequence[Mention]
    people: Sequence[Person]
    persons: Persons

    def content(self, start: int, end: int) -> bool:
        """Something about a patient: a complaint, disease, treatment, request, measure or drug."""
        return _any(self._contents, start, end)

    def identified(self, start: int, end: int) -> bool:
        """A person: age, sex, a person word, a name."""
        return _any(self._identities, start, end) or bool(_NAMED.search(self.text, start, end))

    def introduced(self, start: int, end: int) -> bool:
        """A person of one's own: age, a person word, a name; the sex alone may be said twice of one person."""
        return _any(self._introductions, start, end) or bool(_NAMED.search(self.text, start, end))

    def people_in(self, start: int, end: int) -> Sequence[Person]:
        """Person words that begin there, in order."""
        return between(self.people, self._people_starts, start, end)

    def findings_in(self, start: int, end: int) -> Sequence[Finding]:
        """Findings that begin there, in order."""
        return between(self.findings, self._finding_starts, start, end)

    def mentions_in(self, start: int, end: int) -> Sequence[Mention]:
        """Mentions that begin there, in order."""
        return between(self.mentions, self._mention_starts, start, end)

    @cached_property
    def listed(self) -> list[Patient]:
        """The patients of a numbered or lined list; empty when the message is none."""
        return _numbered(self) or _lettered(self) or _lines(self) or _parted(self)

    @cached_property
    def told_once(self) -> list[Mention]:
        """Town, address and telephone of a message that is no list and names one: everybody's who is spoken of."""
        if self.listed:
            return []
        values: dict[str, list[Mention]] = {}
        for one in self.mentions:
            if one.kind in CONTACT:
                values.setdefault(one.kind, []).append(one)
        return [told[0] for told in values.values() if len({one.value for one in told}) == 1]

    @cached_property
    def others(self) -> list[int]:
        """Where another person may be introduced."""
        return [person.start for person in self.people if person.role in {"kin", "another"}]

    @cached_property
    def _finding_starts(self) -> list[int]:
        return [finding.start for finding in self.findings]

    @cached_property
    def _mention_starts(self) -> list[int]:
        return [mention.start for mention in self.mentions]

    @cached_property
    def _people_starts(self) -> list[int]:
        return [person.start for person in self.people]

    @cached_property
    def _contents(self) -> list[int]:
        said = [f.start for f in self.findings if f.kind != "qualifier"]
        return sorted([*said, *(m.start for m in self.mentions if m.kind in _VALUES)])

    @cached_property
    def _identities(self) -> list[int]:
        return self._told(_IDENTITY)

    @cached_property
    def _introductions(self) -> list[int]:
        return self._told(_IDENTITY - {"sex"})

    def _told(self, kinds: frozenset[str]) -> list[int]:
        people = [p.start for p in self.people if not p.teller]
        return sorted([*people, *(m.start for m in self.mentions if m.kind in kinds)])


def between(things: Sequence[Thing], starts: Sequence[int], start: int, end: int) -> Sequence[Thing]:
    """Of things in text order those that begin between two places; `starts` are their beginnings."""
    return things[bisect_left(starts, start) : bisect_left(starts, end)]


def _any(starts: Sequence[int], start: int, end: int) -> bool:
    at = bisect_left(starts, start)
    return at < len(starts) and starts[at] < end


def patients(scene: Scene) -> tuple[Patient, ...]:
    """The patients of a message in the order of the text; at least one, whoever it is."""
    found = scene.listed or _houses(scene) or _running(scene)
    return tuple(copy for patient in found for copy in _several(scene, patient))


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
    for kind, signs in (("letter", _LETTERS), ("stem", _STEMS), ("bed", None)):
        starts: list[int] = []
        for match in _LETTERED.finditer(scene.text):
            sign = match[kind]
            if sign and (signs is None or sign == signs[len(starts) : len(starts) + 1]):
                starts.append(match.start())
        spans = list(zip(starts, [*starts[1:], len(scene.text)], strict=False))
        if len(spans) >= 2 and sum(1 for span in spans if scene.content(*span)) * 2 > len(spans):
            shared = (0, starts[0]) if starts[0] else None
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
    head = Patient(first, begin) if begin > first else None
    if not (scene.content(begin, stop) or scene.identified(begin, stop)):
        return []
    told = [span for span in spans[1:] if scene.content(*span)]
    if len(told) * 2 <= len(spans) - 1 or (len(spans) == 2 and len(told) < 1):
        return []
    items = [(begin, stop), *spans[1:]]
    if head is None:
        return [Patient(start, end) for start, end in items]
    if scene.content(head.start, head.end) and scene.identified(head.start, head.end):
        return [head, *(Patient(start, end) for start, end in items)]
    return [Patient(start, end, (head.start, head.end)) for start, end in items]


def _opens_with_somebody(scene: Scene, start: int) -> bool:
    """一个…的, 小唐…, 李奶奶…, 81岁…: within the first characters of a part."""
    reach = min(len(scene.text), start + OPENS_WITHIN)
    if _SOMEBODY.match(scene.text, start) or _NAMED.search(scene.text, start, reach):
        return True
    people = any(not p.teller and p.role != "generic" for p in scene.people_in(start, reach))
    return people or any(m.kind in _AGE for m in scene.mentions_in(start, reach))


def _items(scene: Scene, items: Sequence[tuple[int, int]]) -> list[Patient]:
    """List items as patients: at least two of them must be people."""
    full = [(start, end) for start, end in items if scene.identified(start, end)]
    if len(full) < 2 or len(full) * 2 < len(items):
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
    return _items(scene, spans[head:]) if all(scene.introduced(s, e) for s, e in full) else []


def _houses(scene: Scene) -> list[Patient]:
    """301老人发烧; 502孕妇肚子痛: a room each, every one with a person and something of his own."""
    marks = [m for m in _HOUSE.finditer(scene.text) if not _STREET.search(left_of(scene.text, m.start()))]
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


def _forms(scene: Scene, spans: Sequence[tuple[int, int]], labels: Sequence[str]) -> list[Patient]:
    """A form begins anew where its first label comes again."""
    first = next(label for label in labels if label)
    starts = [span[0] for span, label in zip(spans, labels, strict=False) if label == first]
    if len(starts) < 2:
        return []
    shared = (0, starts[0]) if starts[0] else None
    return [Patient(s, e, shared) for s, e in zip(starts, [*starts[1:], len(scene.text)], strict=False)]


def _running(scene: Scene) -> list[Patient]:
    """Running text: a new patient where another person is introduced who has something of his own."""
    cuts = [0]
    current = ""
    for start, end in _clauses(scene.text):
        person = _subject(scene, start, end)
        if _other_age(scene, cuts[-1], start, end):
            cuts.append(start)
            current = person.key if person else ""
            continue
        if person is None:
            continue
        at = _cut(scene.text, start, person)
        opened = scene.content(cuts[-1], at) or scene.identified(cuts[-1], at)
        if opened and _is_other(scene, person, current, (cuts[-1], at, end)):
            cuts.append(at)
            current = person.key
        elif person.key:
            current = person.key
    spans = list(zip(cuts, [*cuts[1:], len(scene.text)], strict=False))
    cause = _common_cause(scene) if len(spans) > 1 else None
    return [Patient(start, end, cause if start else None) for start, end in spans]


def _common_cause(scene: Scene) -> tuple[int, int] | None:
    """关了窗烧煤炉 before 老爷子 … 老太 …: what happened to all of them is told first, of nobody."""
    first = min(scene.others, default=0)
    head = next((start for start, end in _clauses(scene.text) if start <= first < end), 0)
    told = [f for f in scene.findings_in(0, head) if f.kind != "request" and f.end <= head]
    only_cause = all(f.kind in {"exposure", "qualifier"} for f in told)
    return (0, head) if told and only_cause and not scene.identified(0, head) else None


def _other_age(scene: Scene, begin: int, start: int, end: int) -> bool:
    """男62 …;女40 …: a clause that opens with another age than the one told before, each with something of his own."""
    at = _after_place(scene, start, end)
    opening = [m for m in scene.mentions_in(start, min(end, at + OPENING)) if m.kind in _AGE]
    if not opening:
        return False
    before = [m for m in scene.mentions_in(begin, start) if m.kind in _AGE]
    if not before or any(m.value == opening[0].value for m in before):
        return False
    return scene.content(begin, start) and scene.content(opening[0].end, len(scene.text))


def _after_place(scene: Scene, start: int, end: int) -> int:
    """Where a clause goes on behind the place it opens with: 方松街道 陈先生45岁."""
    at = start
    for mention in scene.mentions_in(start, end):
        if mention.kind in CONTACT and mention.start - at <= 1:
            at = mention.end
    return at


def _clauses(text: str) -> list[tuple[int, int]]:
    borders = [0, *(m.end() for m in _CLAUSE.finditer(text)), len(text)]
    return [(s, e) for s, e in pairwise(borders) if e > s]


def _subject(scene: Scene, start: int, end: int) -> Person | None:
    """The person a clause is about; an opener (另外, 还有一位) goes before the relative named after it."""
    inside = [p for p in scene.people_in(start, end) if not p.teller]
    openers = [p for p in inside if p.role == "another"]
    return openers[0] if openers else next((p for p in inside if p.role in {"kin", "plural"}), None)


def _cut(text: str, start: int, person: Person) -> int:
    """Where the new patient begins: at the clause, or at the opener inside it."""
    before = text[start : person.start]
    return person.start if person.role == "another" and len(before) > 6 else start


def _is_other(scene: Scene, person: Person, current: str, places: tuple[int, int, int]) -> bool:
    """Whether a person is another patient; `places`: begin of the present one, of the new one, end of the clause."""
    begin, at, end = places
    limit = _next_person(scene, person, end)
    if person.role == "another" and any(m.kind in _AGE for m in scene.mentions_in(person.end, end)):
        return True
    if not scene.content(person.start, min(limit, _told_by(scene.text, person, end))):
        return False
    if person.role == "another":
        return scene.identified(person.end, limit) or scene.content(begin, at)
    if person.role == "plural":
        return bool(current) and scene.content(begin, at)
    return bool(current) and person.key != current and scene.content(begin, at) and person.start - at <= 6


def _told_by(text: str, person: Person, end: int) -> int:
    """Up to where something must be told of a person who is another patient: his clause (儿媳妇拿热水袋给他敷 tells
    nothing of her), or the next ones when it only names him (另外还有一位, 58岁, 胸痛)."""
    more = FURTHER if person.role != "kin" else 1 if end - person.end <= ONLY_NAMED else 0
    if _LOOKS_ON.match(text, person.end):
        more = 0
    for _, border in zip(range(more), _CLAUSE.finditer(text, end), strict=False):
        end = border.start()
    return end if more < FURTHER or end < len(text) - 1 else len(text)


def _one_event(scene: Scene, person: Person, patient: Patient) -> bool:
    """两个人都昏过去了 一个叫不醒: help goes to one place for all of them, so it stays one report."""
    words = scene.text[person.end : patient.end]
    if _COMMON_CAUSE.search(words) or (_ATE.search(words) and _SICK.search(words)):
        return True
    found = [f for f in scene.findings_in(person.start, patient.end) if f.kind != "qualifier"]
    sudden = any("sticky" in f.concept.flags or f.kind == "exposure" for f in found)
    return sudden and bool(_ONE_OF_THEM.search(words))


def _next_person(scene: Scene, person: Person, end: int) -> int:
    at = bisect_left(scene.others, max(person.end, end))
    return scene.others[at] if at < len(scene.others) else len(scene.text)


def _several(scene: Scene, patient: Patient) -> list[Patient]:
    """双胞胎都发烧, 夫妻俩都阳了: as many patients as people, all with the same words."""
    for person in scene.people_in(patient.start, patient.end):
        if person.role != "plural" or person.teller:
            continue
        ill = scene.content(person.end, patient.end)
        if ill and _one_event(scene, person, patient):
            return [patient]
        if ill and _BOTH.match(scene.text[person.end : person.end + 8]):
            return [patient] * person.count
    return [patient]
