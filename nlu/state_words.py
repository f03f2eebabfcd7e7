"""The words that say how a department is: closed, full, open, only for emergencies; and which department is meant.

The words are classes of data/lexicon/acts.csv (停态, 修态, 满态, 开态, 限态).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nlu.clauses import Clause
from nlu.cues import word_class
from nlu.houses import Span

OUTPATIENT = "门诊"
"""只收急诊 is said of this one."""
NOT_YET = re.compile(r"(?:没|未|不|没有|尚未|暂不|还没|无法|不能)$")
_STATES = (("closed", "停态"), ("closed", "修态"), ("full", "满态"), ("open", "开态"))
_TEST_RESULT = re.compile(
    r"(?:没有?|无|缺|要|小时|h|天)[^,。;]{0,4}核酸(?!采|点|检测)|核酸(?=报告|结果|证明|阴性|码|过期|没)"
)
_OF_TIME = re.compile(
    r"[今明后昨当本这下上]?(?:天|日|朝|晚|早|周|星期|礼拜|月)[一二三四五六日天末]?|今|明|上午|下午|中午|凌晨|夜里|夜间|半夜|早上|晚上|天亮|傍晚|"
    r"[\d零一二三四五六七八九十两半几:./-]+(?:点|时|号|日|月|分|刻|个|小时|钟头|天|周)?(?:半|钟|整)?|以?[前后内]|之[前后]|暂时?|目前|现在|刚刚?|"
    r"已经?|都|全部?|又|也|还|要|将|会|大概|大约|预计|约|估计|最快|最早|才|再|先|就|只|能|可以|可|从|到|至|起|等|说|呢|啊|了|的|是|,|\s"
)


@dataclass(frozen=True)
class Said:
    """One state said: where, in which clause; `of` the department that the word itself implies."""

    place: int
    state: str
    clause: Clause
    end: int
    of: str | None = None


def states_in(part: Clause, named: Sequence[Span]) -> list[Said]:
    """The states of a clause in order; words inside a hospital's name and look-alikes are passed over."""
    text = word_class("非态").sub(lambda match: "＿" * len(match.group()), part.text)
    for start, end, _ in named:
        first, last = max(0, start - part.start), min(len(text), end - part.start)
        if first < last:
            text = text[:first] + "＿" * (last - first) + text[last:]
    limited = [
        Said(part.start + match.start(), "closed", part, part.start + match.end(), OUTPATIENT)
        for match in word_class("限态").finditer(text)
    ]
    if limited:
        return limited  # 只收急诊, 其他不接
    found: list[Said] = []
    for state, name in _STATES:
        for match in word_class(name).finditer(text):
            undone = state == "open" and NOT_YET.search(text[: match.start()])
            place, end = part.start + match.start(), part.start + match.end()
            found.append(Said(place, "closed" if undone else state, part, end))
    shut = [one.place for one in found if one.state != "open"]
    # 停诊, 不开诊: the opening word is part of the closing one
    found = [one for one in found if one.state != "open" or not any(0 <= one.place - s <= 3 for s in shut)]
    return sorted(found, key=lambda one: one.place)


def is_bare(one: Said) -> bool:
    """Whether its clause says a state and when, and nothing of whom: 今天满了, 停诊到明早8点. Not 老人恢复了."""
    clause = one.clause
    before, word = clause.text[: one.place - clause.start], clause.text[one.place - clause.start :]
    if word_class("修态").match(word) or before.endswith("＿"):
        return False  # 今晚停电: of the house as a whole, or of the neighbourhood
    return not _OF_TIME.sub("", word_class("我方").sub("", before))


def departments(folded: str, named: Sequence[Span]) -> list[tuple[int, str]]:
    """The departments that are not part of a hospital's name, with their places; bare ones (透析) only failing others."""
    inside = {position for start, end, _ in named for position in range(start, end)}
    folded = _TEST_RESULT.sub(lambda match: "＿" * len(match.group()), folded)
    items = [
        match.span()
        for match in word_class("项目").finditer(folded)
        if inside.isdisjoint(range(*match.span()))
    ]
    found = [
        match.span() for match in word_class("科").finditer(folded) if inside.isdisjoint(range(*match.span()))
    ]
    whose = {end: start for start, end in items}  # 化疗|病房
    spans = [(whose.get(start, start), end) for start, end in found] or items
    return [(start, folded[start:end]) for start, end in spans]


def nearest(found: Sequence[tuple[int, str]], place: int) -> str | None:
    """The department spoken of where the state is said: the last one before it, else the first."""
    before = [name for start, name in found if start <= place]
    if before:
        return before[-1]
    return found[0][1] if found else None


def whole_house(part: Clause, found: Sequence[tuple[int, str]]) -> bool:
    """全院停诊: its clause speaks of the house, and of no department."""
    own = any(part.start <= start < part.end for start, _ in found)
    return not own and bool(word_class("整院").search(part.text))
