"""A department that closes, is full or opens again, and until when: 血透室今天满了, 产科急诊停诊到明早8点.

The words are classes of data/lexicon/acts.csv (停态, 修态, 满态, 开态 …). What counts is the state of the moment: 关了,
明早8点重开 is closed until then, 照常, 开到四点半 is open until then.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from nlu.clauses import Clause, clauses, fold
from nlu.cues import word_class
from nlu.deadlines import between, named_moments, through
from nlu.gazetteer import Gazetteer
from nlu.houses import Span, houses
from nlu.understanding import HospitalStatus

_OWN = re.compile(r"我们(?!小区|楼|村|居委|家|镇|街道)|我院|我科|本院|本科|本部门|我这|这边|阿拉|咱")
_UNTIL = re.compile(r"(?:到|至|截至|截止|直到|为止|以前|之前|前)")
_NOW_ON = re.compile(r"(?:今天|今日|今朝|今晨|今早|即日|即时|现在|目前|刚刚?|已经?|马上)起?[^,。]{0,4}$")
_NOT_YET = re.compile(r"(?:没|未|不|没有|尚未|暂不|还没|无法|不能)$")
_STATES = (("closed", "停态"), ("closed", "修态"), ("full", "满态"), ("open", "开态"))


@dataclass(frozen=True)
class _Said:
    """One state said: where, in which clause."""

    place: int
    state: str
    clause: Clause


def status(text: str, at: datetime, gazetteer: Gazetteer) -> HospitalStatus | None:
    """The state said of a hospital's department, None when none is.

    `hospital` is empty when the speaker says it of the own house (我们科停诊了); `department` is None for the whole.
    """
    folded = fold(text)
    stated = [part for part in clauses(folded) if not (part.asked or part.supposed)]
    if not any(_states_in(part, ()) for part in stated):
        return None
    named = houses(folded, gazetteer)
    if not named and word_class("那个").search(folded):
        return None  # 昨天那个做透析的 又没车, 请恢复: of a case
    departments = _departments(folded, named)
    if not (named or departments or _OWN.search(folded) or word_class("整院").search(folded)):
        return None
    said = [one for part in stated for one in _states_in(part, named)]
    if not said:
        return None
    state, until, place = _now(said, stated, folded, at)
    return HospitalStatus(named[0][2] if named else "", _nearest(departments, place), state, until)


def _states_in(part: Clause, named: Sequence[Span]) -> list[_Said]:
    """The states of a clause in order; words inside a hospital's name and look-alikes are passed over."""
    text = word_class("非态").sub(lambda match: "＿" * len(match.group()), part.text)
    for start, end, _ in named:
        first, last = max(0, start - part.start), min(len(text), end - part.start)
        if first < last:
            text = text[:first] + "＿" * (last - first) + text[last:]
    found: list[_Said] = []
    for state, name in _STATES:
        for match in word_class(name).finditer(text):
            undone = state == "open" and _NOT_YET.search(text[: match.start()])
            found.append(_Said(part.start + match.start(), "closed" if undone else state, part))
    shut = [one.place for one in found if one.state != "open"]
    # 停诊, 不开诊: the opening word is part of the closing one
    found = [one for one in found if one.state != "open" or not any(0 <= one.place - s <= 3 for s in shut)]
    return sorted(found, key=lambda one: one.place)


def _now(
    said: Sequence[_Said], stated: Sequence[Clause], folded: str, at: datetime
) -> tuple[str, datetime | None, int]:
    """The state of the moment, until when it lasts, and where it is said."""
    hours = _opening_hours(said, folded, at)
    if hours is not None:
        return hours
    shut = [one for one in said if one.state != "open"]
    opened = [one for one in said if one.state == "open"]
    reopening = _reopening(stated, at)
    if shut and (not opened or reopening is not None or opened[-1].place < shut[-1].place):
        first = shut[0]
        if opened and reopening is None and opened[0].place < first.place:
            end = _ends(first.clause, at)
            if end is not None:
                return "open", end, opened[0].place
        if not opened and reopening is None and (start := _starts(first.clause, at)) is not None:
            return "open", start, first.place
        return first.state, reopening or through(folded, at), first.place
    last = opened[-1]
    if not shut and reopening is not None and _still_to_come(stated, at):
        return "closed", reopening, last.place
    return "open", _open_until(stated, at), last.place


def _opening_hours(
    said: Sequence[_Said], folded: str, at: datetime
) -> tuple[str, datetime | None, int] | None:
    """发热门诊8点到20点开放: open within the hours, closed before them."""
    opened = [one for one in said if one.state == "open"]
    if not opened or len(opened) < len(said):
        return None
    span = between(folded, at)
    if span is None:
        return None
    begin, end = span
    if begin <= at < end:
        return "open", end, opened[0].place
    return ("closed", begin, opened[0].place) if at < begin else None


def _reopening(stated: Sequence[Clause], at: datetime) -> datetime | None:
    """When it opens again, where that is said of a time to come: 明早八点开, 三个小时以后才有出院的, 恢复:4/6 13:00."""
    for part in reversed(stated):
        for match in word_class("来态").finditer(word_class("非态").sub(_blank, part.text)):
            before, after = part.text[: match.start()], part.text[match.end() :]
            if _NOW_ON.search(before) or _NOT_YET.search(before):
                continue
            if re.match(r"\s*(?:到|至)", after):
                continue
            moment = _time_in(before, at) or _time_in(_after_colon(after), at)
            if moment is not None and moment > at and not _UNTIL.search(_behind_time(before)):
                return moment
    return None


def _blank(match: re.Match[str]) -> str:
    return "＿" * len(match.group())


def _after_colon(after: str) -> str:
    found = re.match(r"\s*(?:时间|日期)?\s*(?:[:是为在]|预计)?\s*(.*)", after)
    return found[1] if found else ""


def _behind_time(before: str) -> str:
    """What stands between a time and the word after it: 明早8点|前."""
    return before[-2:]


def _time_in(text: str, at: datetime) -> datetime | None:
    """The last time to come named in a piece of a clause; a day alone counts from its morning."""
    moments = named_moments(text, at)
    return moments[-1] if moments else None


def _still_to_come(stated: Sequence[Clause], at: datetime) -> bool:
    """明早8点恢复, 预计周五开放: an opening alone that is said of later."""
    return _open_until(stated, at) is None


def _open_until(stated: Sequence[Clause], at: datetime) -> datetime | None:
    """开到晚上九点, 11点半下班: until when it stays open; None when that is not said."""
    for part in stated:
        end = _ends(part, at)
        if end is not None:
            return end
    return None


def _ends(part: Clause, at: datetime) -> datetime | None:
    """The moment a clause names as the end of an opening."""
    till = re.search(
        r"(?:开放|开门|开诊|营业|接诊|看诊|服务|加班|延长|延时|开|看|收|做|上班|值班)?(?:到|至|截至)(?!位|院|岗|了|期)(.*)",
        part.text,
    )
    if till:
        moments = named_moments(till[1], at, before=part.text[: till.start()])
        if moments:
            return moments[0]
    closing = word_class("歇点").search(part.text)
    moments = named_moments(part.text[: closing.start()], at) if closing else []
    return moments[-1] if moments else None


def _starts(part: Clause, at: datetime) -> datetime | None:
    """下午四点起停诊, 11点后不收: a closing that begins at an hour to come."""
    found = re.search(r"(.*\d|.*[点分半])(?:钟|整)?(?:以后|之后|过后|开始|后|起)", part.text)
    if not found or _UNTIL.search(found[1]):
        return None
    moments = named_moments(found[1], at)
    return moments[-1] if moments and moments[-1] > at else None


def _departments(folded: str, named: Sequence[Span]) -> list[tuple[int, str]]:
    """The departments that are not part of a hospital's name, with their places; bare ones (透析) only failing others."""
    inside = {position for start, end, _ in named for position in range(start, end)}
    for name in ("科", "项目"):
        found = [
            (match.start(), match.group())
            for match in word_class(name).finditer(folded)
            if inside.isdisjoint(range(match.start(), match.end()))
        ]
        if found:
            return found
    return []


def _nearest(departments: Sequence[tuple[int, str]], place: int) -> str | None:
    """The department spoken of where the state is said: the last one before it, else the first."""
    before = [name for start, name in departments if start <= place]
    if before:
        return before[-1]
    return departments[0][1] if departments else None
