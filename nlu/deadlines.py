"""Until when: 一小时后, 明早8点, 10点半, 晚点, 这两天. A moment in the time zone of the message.

The same word means two things: a reminder put off to 今晚 comes this evening, a ward closed 今晚 opens tomorrow.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from nlu.mention import left_of, right_of
from nlu.numbers import CHINESE, value
from nlu.times import days, spans

MORNING = time(8, 0)
"""When a day begins for offices: 明天再说 is 08:00."""
VAGUE = timedelta(hours=1)
"""晚点, 过会儿: an hour."""

_PART_HOURS = {
    "凌晨": 3, "天亮": 6, "清早": 7, "一早": 8, "早上": 8, "早晨": 8, "早": 8, "上班": 8, "上午": 9, "中午": 12, "饭后": 13, "下午": 14,
    "傍晚": 18, "下班": 17, "晚饭后": 19, "晚上": 20, "晚间": 20, "晚": 20, "夜里": 22, "夜": 22, "半夜": 24,
}  # fmt: skip
_NIGHT = frozenset({"半夜", "夜里", "夜"})
"""After midnight these belong to the next day: 夜里两点."""
_EVENING = frozenset({"下午", "傍晚", "晚上", "晚间", "晚", "夜里", "晚饭后", "夜", "半夜"})
_PART = "|".join(sorted(_PART_HOURS, key=len, reverse=True))
_HOUR = rf"(?:\d{{1,2}}|{CHINESE})"
_CLOCK = re.compile(
    rf"(?:(?P<part>{_PART})\s*)?(?<![\d.:])(?:(?P<h>{_HOUR})\s*[点时]\s*(?:(?P<half>半)|(?P<quarter>[一三])刻|(?P<m>{_HOUR})分?)?"
    rf"|(?P<h2>\d{{1,2}}):(?P<m2>\d{{2}}))"
)
_AFTER_ONE = re.compile(r"\s*(?:钟|整|多|前|后|到|至|以|之|左右|开|停|关|起|再|来|[,，。;；]|$)")
_RANGE = re.compile(r"\s*钟?\s*(?:到|至|[-—–~～－])\s*(?:当天|当晚|次日|第二天|明天|明|隔天|翌日)?\s*")
_PART_ONLY = re.compile(
    rf"(?<![零一二三四五六七八九十半\d])(?:(?P<day>今|明|后|当|昨)(?:天|日|朝)?)?\s*(?P<part>{_PART})(?!点)"
)
_VAGUE = re.compile(
    r"晚[一]?点|晚些|过[一]?会|过一阵|过阵|待[一]?会|等[一]?会|回头|过后|稍后|稍晚|等下|一会|缓缓|缓一缓"
)
_AHEAD = re.compile(r"^\s*(?:钟|的时间|时间)?\s*(?:后|以后|之后|过后|再|内|里|,|$)")
_BEFORE_SPAN = re.compile(
    r"(?:再过|过|推迟|延后|延|推后|往后推|暂停|停诊?|封闭?|闭环|关[闭停]?|休诊|歇|消[杀毒]|给我|再给我?|等|缓|停业|大概|预计|约)\s*$"
)
_DAYS_AHEAD = re.compile(r"这([一两二三几])[天日]")
_WEEK = re.compile(r"(?:本|这|这个)(?:周|星期|礼拜)(?![一二三四五六日天末])|(?:本周|这周|周)末")
_MONTH_END = re.compile(r"月底|本月")
_TODAY = re.compile(r"今天|今日|今朝|当天|目前今")


def moment(text: str, at: datetime) -> datetime | None:
    """When something is to be taken up again: the beginning of what is named. None when no time is named."""
    return _length(text, at) or _clock(text, at) or _part(text, at) or _day(text, at) or _vague(text, at)


def through(text: str, at: datetime) -> datetime | None:
    """Until when a state lasts: the end of what is named. None when no time is named."""
    return _length(text, at) or _clock(text, at) or _period(text, at)


def _length(text: str, at: datetime) -> datetime | None:
    for span in spans(text):
        ahead = _AHEAD.match(right_of(text, span.end)) or _BEFORE_SPAN.search(left_of(text, span.start))
        if not span.nth and ahead and not text.endswith("这", 0, span.start) and 0 < span.hours <= 24 * 31:
            return at + timedelta(hours=span.hours)
    return None


def named_moments(text: str, at: datetime, before: str = "") -> list[datetime]:
    """All moments that `text` names, in order: clock times, else lengths from now (三小时后), else the days' mornings.

    `before` is what stands in front of it, for the day a clock time belongs to.
    """
    whole = before + text
    clocks = [_resolved(found, whole, at) for found in _clocks(whole) if found.start() >= len(before)]
    known = [moment_ for moment_ in clocks if moment_ is not None]
    if known:
        return known
    other = _length(text, at) or _noon(text, at) or _part(text, at) or _day(text, at)
    return [other] if other else []


def between(text: str, at: datetime) -> tuple[datetime, datetime] | None:
    """The first range of clock times (8点到11点半, 13:00-16:30): begin and end, of today unless a day is named."""
    found = _clocks(text)
    for first, last in pairwise(found):
        if not _RANGE.fullmatch(text[first.end() : last.start()]):
            continue
        begin, end = _plain(first, text, at), _plain(last, text, at)
        if begin is None or end is None:
            return None
        if end <= begin:
            end += timedelta(hours=12 if not last["part"] and end + timedelta(hours=12) > begin else 24)
        return begin, end
    return None


def _plain(found: re.Match[str], text: str, at: datetime) -> datetime | None:
    """A clock time as it stands: of the day named before it, else of today, past or not."""
    hour, minute = _hour_of(found), _minute_of(found)
    if hour is None or not (0 <= hour <= 24 and 0 <= minute < 60):
        return None
    part = _part_of(found, text)
    if part in _EVENING and hour < 12:
        hour += 24 if part in _NIGHT and hour < 6 else 12
    return _at(_day_before(text, found.start(), at) or at.date(), hour, minute, at)


def _clocks(text: str) -> list[re.Match[str]]:
    """The clock times of a text; 一点 is one only where a time can be meant (一点半, 下午一点), not in 存一点水."""
    return [found for found in _CLOCK.finditer(text) if found["h"] != "一" or _is_one_o_clock(found, text)]


def _is_one_o_clock(found: re.Match[str], text: str) -> bool:
    """Not 晚上一点都没睡: not at all."""
    if re.match(r"都|就", text[found.end() :]):
        return False
    return bool(found["part"] or _AFTER_ONE.match(text, found.end()) or "半" in found.group())


def clock_ending(text: str, at: datetime) -> datetime | None:
    """The clock time with which `text` ends (今晚8点|停止接诊), unless it is said to be an end (到8点)."""
    found = _clocks(text)
    if not found or found[-1].end() != len(text) or re.search(r"(?:到|至|前)\s*$", text[: found[-1].start()]):
        return None
    return _resolved(found[-1], text, at)


def _part_of(found: re.Match[str], text: str) -> str | None:
    """The part of the day of a clock time; 下午三点到四点 says it of both."""
    own: str | None = found["part"] or _part_before(text[: found.start()])
    if own:
        return own
    first = next((one for one in _CLOCK.finditer(text) if one.end() < found.start()), None)
    hour, earlier = _hour_of(found), _hour_of(first) if first else None
    if first and first["part"] and hour and earlier and earlier < hour:
        return first["part"] if _RANGE.fullmatch(text[first.end() : found.start()]) else None
    return None


def _clock(text: str, at: datetime) -> datetime | None:
    """The last clock time of the text: of 今天8点到明早8点 the one that ends it."""
    found = _clocks(text)
    return _resolved(found[-1], text, at) if found else None


def _resolved(found: re.Match[str], text: str, at: datetime) -> datetime | None:
    """The moment to come that a clock time means; None for 25点."""
    moment_ = _plain(found, text, at)
    if moment_ is None or moment_ > at or _day_before(text, found.start(), at):
        return moment_
    hour = _hour_of(found) or 0
    if not _part_of(found, text) and hour < 12 and moment_ + timedelta(hours=12) > at:
        return moment_ + timedelta(hours=12)
    return moment_ + timedelta(days=1)


def _noon(text: str, at: datetime) -> datetime | None:
    """The end of 上午 or 下午 where nothing but that is said of today: 上午不看 ends at noon."""
    return _part_of_today(text, at) if re.fullmatch(r"[^明后周]*(?:上午|下午)", text) else None


def _hour_of(clock: re.Match[str]) -> int | None:
    number = value(clock["h"] or clock["h2"])
    return None if number is None else int(number)


def _minute_of(clock: re.Match[str]) -> int:
    if clock["half"]:
        return 30
    if clock["quarter"]:
        return 15 if clock["quarter"] == "一" else 45
    number = value(clock["m"] or clock["m2"] or "")
    return int(number) if number is not None else 0


def _part_before(text: str) -> str | None:
    found = re.search(rf"({_PART})\s*$", text)
    return found[1] if found else None


def _day_before(text: str, position: int, at: datetime) -> date | None:
    """The day named nearest before a clock time, 明早 and 明晚 too."""
    named = [day for day in days(text, at.date()) if day.start < position]
    short = list(re.finditer(r"(今|明|后)(?=早|晚|晨|夜)", text[:position]))
    if short and (not named or short[-1].start() >= named[-1].start):
        return at.date() + timedelta(days="今明后".index(short[-1][1]))
    return named[-1].day if named else None


def _part(text: str, at: datetime) -> datetime | None:
    """明早, 下午, 晚上: its usual hour, the next one to come."""
    found = list(_PART_ONLY.finditer(text))
    found = [match for match in found if not re.match(r"点|些", text[match.end() :])]
    if not found:
        return None
    last = found[-1]
    day = (
        at.date() + timedelta(days="今明后".index(last["day"])) if last["day"] in ("今", "明", "后") else None
    )
    named = day or _day_before(text, last.start(), at)
    moment_ = _at(named or at.date(), _PART_HOURS[last["part"]], 0, at)
    return moment_ if named or moment_ > at else moment_ + timedelta(days=1)


def _day(text: str, at: datetime) -> datetime | None:
    ahead = [day.day for day in days(text, at.date()) if day.day > at.date()]
    return _at(ahead[-1], MORNING.hour, 0, at) if ahead else None


def _vague(text: str, at: datetime) -> datetime | None:
    return at + VAGUE if _VAGUE.search(text) else None


def _period(text: str, at: datetime) -> datetime | None:
    """The end of 今晚 (tomorrow 08:00), 今天 (midnight), 这两天, 本周; the beginning of a day that 恢复 names."""
    return _days_on(text, at) or _part_of_today(text, at) or _part_or_day(text, at) or _end_of_today(text, at)


def _days_on(text: str, at: datetime) -> datetime | None:
    today = at.date()
    few = _DAYS_AHEAD.search(text)
    if few:
        return _at(today + timedelta(days={"一": 1, "两": 2, "二": 2, "三": 3, "几": 3}[few[1]]), 0, 0, at)
    if _WEEK.search(text):
        return _at(today + timedelta(days=7 - today.weekday()), 0, 0, at)
    if _MONTH_END.search(text):
        return _at((today.replace(day=1) + timedelta(days=32)).replace(day=1), 0, 0, at)
    return None


def _part_of_today(text: str, at: datetime) -> datetime | None:
    today = at.date()
    if re.search(r"今晚|今夜|晚上|夜间|夜里|夜班", text):
        return _at(today + timedelta(days=1), MORNING.hour, 0, at)
    if re.search(r"上午|下午", text) and not re.search(r"明|后天", text):
        return _at(today, 12 if "上午" in text else 17, 0, at)
    return None


def _end_of_today(text: str, at: datetime) -> datetime | None:
    return _at(at.date() + timedelta(days=1), 0, 0, at) if _TODAY.search(text) else None


def _part_or_day(text: str, at: datetime) -> datetime | None:
    part = _part(text, at)
    return part if part and re.search(r"明|后天|周|星期|礼拜|月", text) else _day(text, at)


def _at(day: date, hour: int, minute: int, at: datetime) -> datetime:
    """A moment of that day; hour 24 and more run into the next."""
    return datetime.combine(day, time(0, minute), tzinfo=at.tzinfo) + timedelta(hours=hour)
