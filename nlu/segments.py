"""Which part of a message is about which patient: lists (nlu/patient_lists.py), 另外, 隔壁, 我爸 … 我妈, twins."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice, pairwise
from typing import TypeVar

from nlu.by_place import ByPlace, Piece
from nlu.findings import Finding
from nlu.kinsfolk import frightening
from nlu.mention import Mention
from nlu.patient import Patient
from nlu.patient_lists import houses, listed
from nlu.persons import Person, Persons

Thing = TypeVar("Thing")

_CLAUSE = re.compile(r"[。!！?？;；,，\n]+|(?<=[^\x00-\x7f]) +(?=\S)|(?<=\S) +(?=[^\x00-\x7f])")
_IDENTITY = frozenset(["age", "age_months", "age_days", "sex"])
_AGE = frozenset(["age", "age_months"])
_POISONED = "外伤异物中毒"
"""What injuries, poisons and the like are kinds of."""
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
_HELPER = re.compile(
    r"[^,，。;；!?\s]{0,6}(?:抱|背|扶|搬|抬|弄)不动(?:他|她|伊|老人|人|[,，。;；!?\s]|$)"
    r"|(?:用|拿|骑|开)[^,，。;；!?\s]{0,6}(?:送|拉|驮|推|载)(?:到|去|来|他|她|伊|我|老人)"
)
"""妈妈腿不好抱不动他, 邻居用三轮车送到医院: who carries the patient, or cannot."""
_BOTH = re.compile(r"^.{0,6}(都|均|全|双双|也都|同时|先后|一起|各)")
_NAMED = re.compile(
    r"患者[甲乙丙丁戊己庚辛]|[\u4e00-\u9fff](?:某某?|[xX*]{1,2}|阿婆|阿姨|先生|女士|老伯|爷叔|师傅|奶奶|爷爷)"
)
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
        return listed(self)

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
        return [one.start for one in self.people if one.role in {"kin", "another"} and not one.teller]

    @cached_property
    def frightening(self) -> list[tuple[int, int]]:
        """What befell somebody known and only frightens the patient."""
        return frightening(self.text)

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


def looked_at(people: Sequence[Person], findings: Sequence[Finding]) -> list[Person]:
    """The people of a text; whom a complaint's own words only name (吃了|妈妈的药, 不认得|儿子, 说|邻居下毒) introduces nobody."""
    words = ByPlace(Piece(*piece) for one in findings for piece in one.pieces)
    return [
        replace(one, teller=True)
        if any(piece.start < one.start and one.end <= piece.end for piece in words.at(one.start))
        else one
        for one in people
    ]


def patients(scene: Scene) -> tuple[Patient, ...]:
    """The patients of a message in the order of the text; at least one, whoever it is."""
    found = scene.listed or houses(scene) or _running(scene)
    head = _told_first(scene) if len(found) > 1 else None
    if head is None:
        return tuple(copy for patient in found for copy in _several(scene, patient))
    opening = [one for one in found if one.start < head[1]]  # told of one by one, so nobody twice
    others = [replace(one, shared=one.shared or head) for one in found if one.start >= head[1]]
    return (*opening, *(copy for patient in others for copy in _several(scene, patient)))


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
    return [Patient(start, end) for start, end in spans]


def _told_first(scene: Scene) -> tuple[int, int] | None:
    """What opens a message and holds for everybody told of after it, one by one.

    Either it is said of several: 泗泾老夫妻都阳了。老头子 … 老太 …. Or it befell them: 夫妻俩昨晚关窗烧煤 … 男的36 … 女的33.
    """
    plural = next((one for one in scene.people if one.role == "plural" and not one.teller), None)
    if plural and _BOTH.match(scene.text[plural.end : plural.end + 8]):
        end = next(stop for _, stop in _clauses(scene.text) if plural.start < stop)
        people = scene.people_in(0, end)
        return (0, end) if all(one is plural or one.start == plural.end for one in people) else None
    first = min([*scene.others, *(one.start for one in scene.mentions if one.kind in _AGE)], default=0)
    end = next((start for start, stop in _clauses(scene.text) if start <= first < stop), 0)
    told = [one for one in scene.findings_in(0, end) if one.kind != "request" and one.end <= end]
    befell = all(one.kind in {"exposure", "qualifier"} or _POISONED in one.concept.broader for one in told)
    nobody = all(one.role == "plural" or one.teller for one in scene.people_in(0, end)) and not any(
        one.kind in _IDENTITY for one in scene.mentions_in(0, end)
    )
    return (0, end) if told and befell and nobody else None


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
    if person.role == "kin" and (
        _HELPER.match(scene.text, person.end)
        or any(start <= person.start < stop for start, stop in scene.frightening)
    ):
        return False
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
    more = FURTHER if person.role != "kin" else int(end - person.end <= ONLY_NAMED)
    if not more or _LOOKS_ON.match(text, person.end):
        return end
    borders = [border.start() for border in islice(_CLAUSE.finditer(text, end), more)]
    return borders[-1] if len(borders) == more else len(text)


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
