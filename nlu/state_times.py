"""When the state of a department ends or begins: 停诊到明早8点, 周三恢复, 开到四点半, 下午四点起停诊, 明天停一天."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from nlu.clauses import Clause
from nlu.cues import word_class
from nlu.deadlines import between, clock_ending, named_moments, through
from nlu.state_words import NOT_YET, Said
from nlu.times import days, spans

_UNTIL = re.compile(r"(?:到|至|截至|截止|直到|为止|以前|之前|前)")
_NOW_ON = re.compile(r"(?:今天|今日|今朝|今晨|今早|即日|即时|现在|目前|刚刚?|已经?|马上)起?[^,。]{0,4}$")
_ROUND_THE_CLOCK = re.compile(r"(?:24小时|全天|通宵|全天候)$")
_TO = re.compile(r"\s*(?:到|至|[-—~～－])\s*")
_STOPS = re.compile(r"(?:停止?|中止|暂停|暂缓)$")
_OPENS_TILL = re.compile(
    r"(?:开放|开门|开诊|营业|接诊|看诊|服务|加班|延长|延时|开|看|收|做|上班|值班)?(?:到|至|截至)(?!位|院|岗|了|期)(.*)"
)
_BEGINS = re.compile(r"(.*\d|.*[点分半])(?:钟|整)?(?:以后|之后|过后|开始|后|起)")
_NO_END = re.compile(r"(?:到|至|前|以内|内|恢复|再|才)$")
_RIGHT_BEFORE = re.compile(r"(?:钟|整)?\s*(?:起|就|要|将|会|准时)?$")


def opening_hours(said: Sequence[Said], folded: str, at: datetime) -> tuple[str, datetime | None, int] | None:
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


_OFFER = re.compile(r"(?:可以|可|能|会)")


def reopening(stated: Sequence[Clause], at: datetime, *, alone: bool = False) -> datetime | None:
    """When it opens again, where that is said of a time to come: 明早八点开, 三个小时以后才有出院的, 恢复:4/6 13:00.

    `alone`: nothing else is said of a state; then 下午能看 is an offer, and no word of its being closed till then.
    """
    for part in reversed(stated):
        for match in word_class("来态").finditer(word_class("非态").sub(_blank, part.text)):
            before, after = part.text[: match.start()], part.text[match.end() :]
            if _NOW_ON.search(before) or NOT_YET.search(before) or _STOPS.search(before):
                continue
            if alone and _OFFER.match(match.group()):
                continue
            if re.match(r"\s*(?:到|至)", after) or _ROUND_THE_CLOCK.search(before):
                continue
            moment = _last(before, at) or _last(_after_colon(after), at)
            if moment is not None and moment > at and not _UNTIL.search(before[-2:]):
                return moment
    return None


def _blank(match: re.Match[str]) -> str:
    return "＿" * len(match.group())


def _after_colon(after: str) -> str:
    found = re.match(r"\s*(?:时间|日期)?\s*(?:[:是为在]|预计)?\s*(.*)", after)
    return found[1] if found else ""


def _last(text: str, at: datetime) -> datetime | None:
    """The last time to come named in a piece of a clause; a day alone counts from its morning."""
    moments = named_moments(text, at)
    return moments[-1] if moments else None


def open_until(stated: Sequence[Clause], at: datetime) -> datetime | None:
    """开到晚上九点, 11点半下班: until when it stays open; None when that is not said."""
    return next((end for part in stated if (end := ends(part, at)) is not None), None)


def ends(part: Clause, at: datetime) -> datetime | None:
    """The moment a clause names as the end of an opening."""
    till = _OPENS_TILL.search(part.text)
    if till:
        moments = named_moments(till[1], at, before=part.text[: till.start()])
        if moments:
            return moments[0]
    closing = word_class("歇点").search(part.text)
    moments = named_moments(part.text[: closing.start()], at) if closing else []
    return moments[-1] if moments else None


def begins(one: Said, at: datetime) -> datetime | None:
    """下午四点起停诊, 11点后不收, 晚上8点停止接诊: the hour to come at which a closing begins."""
    text = one.clause.text
    found = _BEGINS.search(text)
    if found and not _UNTIL.search(found[1]):
        moments = named_moments(found[1], at)
        return moments[-1] if moments and moments[-1] > at else None
    if one.of:
        return None  # 到明早七点只收抢救
    before = _RIGHT_BEFORE.sub("", text[: one.place - one.clause.start])
    clock = clock_ending(before, at)
    return clock if clock is not None and clock > at else None


def closed_between(one: Said, at: datetime) -> tuple[datetime, datetime] | None:
    """今晚八点到明早六点停诊, 周三到周五不开, 明天停一天: from when to when a closing is announced."""
    text = one.clause.text
    place = one.place - one.clause.start
    hours = between(text[:place], at)
    if hours is not None:
        return hours
    named = [day for day in days(text, at.date()) if day.end <= place]
    if not named or text[named[-1].end : place].strip("都也就全要会起，, 暂时"):
        return None
    last = named[-1]
    first = named[-2] if len(named) > 1 and _TO.fullmatch(text[named[-2].end : last.start]) else last
    if first is last and (last.day <= at.date() or _NO_END.search(text[: last.start])):
        return None
    length = next((span.hours for span in spans(text) if span.start >= place and span.hours >= 24), 24.0)
    return _midnight(first.day, at), _midnight(last.day, at) + timedelta(hours=length)


def _midnight(day: date, at: datetime) -> datetime:
    return datetime.combine(day, time(0), tzinfo=at.tzinfo)


def lasts(folded: str, at: datetime) -> datetime | None:
    """Until when a closing lasts that is said without a reopening."""
    return through(folded, at)
