"""Hospitals by the short names staff use beside a department or a state: 方塔骨伤科, 泗泾急诊, 永丰社区药房.

The directory lists whole names; in a group the ending is dropped as soon as what follows makes clear that a hospital is
meant. Such a name is one only there: 泗泾 alone is a town, 中心 alone is nothing.
"""

from __future__ import annotations

import re
from functools import lru_cache

from nlu.clauses import fold
from nlu.cues import word_class
from nlu.gazetteer import Gazetteer
from nlu.pointers import hospital_spans

Span = tuple[int, int, str]
"""Start, end, full name."""

_ENDING = re.compile(r"(?:医院|卫生中心|中心|保健院)$")
_CENTRE = re.compile(r"(?:社区|社卫|卫生院|地段|卫生中心)(?:卫生服务中心|服务中心|卫生中心|医院|中心)?")
_COMMUNITY = re.compile(r"社区卫生服务(?:中心|站)$")
_NO_NAME = frozenset(
    ["社区", "儿童", "妇产科", "口腔", "肿瘤", "胸科", "肺科", "儿科", "皮肤病", "地段", "中医", "人民"]
)
"""What is left of a name and says a kind of department, not a house."""
_SPEAKS = re.compile(r"(?:回电|回话|回复|来电)?(?:说|讲)|回电|回话|回复|点头|松口")
_WHERE = re.compile(
    r"\s*(?:[\u4e00-\u9fff]{1,4}院区|总院|本部|分院|新院|老院|[东西南北]院)?(?:的|那边|那里|这边|那儿)?\s*"
)
_ANSWERS = re.compile(
    r"(?:的?(?:急诊|门诊|总?值班|电话|老师|医生|医务科|那头|也|都|又|刚刚?|已经?|终于|总算|今天|现在|这次|明确|口头|直接)|回电|回话)*"
    r"(?:我们?|咱们?)?(?:已经?|都|刚刚?|也)?(?:打[过好了]|联系|说[好妥过]|讲[好妥过]|谈|沟通|协调|落实|敲定|同意|答应|愿意|肯|接|收(?!到|拾|藏)|可以|能|行|安排|有床|没|不|无|打不通|占线|拒|推|婉拒|说|讲|回)"
)
"""After a hospital's name: whether it takes somebody."""
_ASKED = re.compile(r"(?:问|联系|找|打|致电|落实|协调|对接|送|转|改送|改去|改|定|换|去)[了过好到给往]*$")
"""Before a hospital's name: where somebody was asked for, or is sent to."""


def houses(folded: str, gazetteer: Gazetteer, *, settling: bool = False) -> list[Span]:
    """Where hospitals are named in a folded text, whole names and short ones, in order.

    `settling`: it is known to say who takes somebody, so that 泗泾接了 and 问了方塔 are hospitals as well.
    """
    found = [_without_department(span, folded, gazetteer) for span in hospital_spans(folded, gazetteer)]
    taken = {place for start, end, _ in found for place in range(start, end)}
    for pattern, names in _short_names(tuple(gazetteer.institutions.items()), tuple(gazetteer.towns.items())):
        for match in pattern.finditer(folded):
            start, stem = match.start(), match[1]
            end = match.end()
            if taken.isdisjoint(range(start, end)) and (
                _meant(folded, end, "centre" in match.re.groupindex)
                or (settling and _answers(folded, start, end))
            ):
                taken.update(range(start, end))
                found.append((start, end, names[stem]))
    return sorted(found)


def _without_department(span: Span, folded: str, gazetteer: Gazetteer) -> Span:
    """区中心急诊 is an alias of its own; what it names is the department of 区中心."""
    start, end, name = span
    alias = folded[start:end]
    for cut in range(2, len(alias) - 1):
        shorter, rest = alias[:cut], alias[cut:]
        if gazetteer.institutions.get(shorter) == name and word_class("科").fullmatch(rest):
            return start, start + cut, name
    return span


def _meant(folded: str, end: int, certain: bool) -> bool:
    """Whether what follows a short name makes it a hospital: a department, or a state of one."""
    if certain:
        return True
    after = folded[_WHERE.match(folded, end).end() :]  # type: ignore[union-attr]
    if _SPEAKS.match(after) or word_class("科").match(after) or word_class("项目").match(after):
        return True
    return _said_of(after)


def _answers(folded: str, start: int, end: int) -> bool:
    place = _WHERE.match(folded, end)
    return bool(_ASKED.search(folded[:start]) or (place and _ANSWERS.match(folded, place.end())))


def _said_of(after: str) -> bool:
    plain = re.sub(r"^(?:今天|今日|今晚|明天|这两天|目前|现在|又|也|已经|已|都|全|暂时)*", "", after)
    return any(word_class(name).match(plain) for name in ("停态", "满态", "开态", "修态", "限态"))


@lru_cache(maxsize=4)
def _short_names(
    institutions: tuple[tuple[str, str], ...], towns: tuple[tuple[str, str], ...]
) -> tuple[tuple[re.Pattern[str], dict[str, str]], ...]:
    """Patterns of short names with the full name of each: community centres by town, and names without ending."""
    whole = dict(institutions)
    centres = {
        fold(alias): name
        for alias, town in towns
        if (name := _centre_of(town, frozenset(whole.values()))) is not None
    }
    stems: dict[str, str] = {}
    for alias, name in sorted(institutions, key=lambda one: not one[1].endswith("医院")):
        stem = fold(_ENDING.sub("", alias))
        if stem != fold(alias) and len(stem) >= 2 and stem not in _NO_NAME and not _COMMUNITY.search(alias):
            stems.setdefault(stem, name)
    made = []
    if centres:
        made.append((re.compile(rf"({_any(centres)})(?P<centre>{_CENTRE.pattern})"), centres))
    if stems:
        made.append((re.compile(rf"({_any(stems)})"), stems))
    return tuple(made)


def _centre_of(town: str, names: frozenset[str]) -> str | None:
    return next((name for name in sorted(names) if name.startswith(town) and _COMMUNITY.search(name)), None)


def _any(words: dict[str, str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
