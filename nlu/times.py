"""Spans of time and days of the calendar in a text: 两个半小时, 半个月, 第四天, 昨天, 上礼拜五, 4月3号."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from nlu.by_place import Taken
from nlu.numbers import CHINESE, NUMBER, WHOLE, value

HOURS = {
    "秒": 1 / 3600, "秒钟": 1 / 3600, "分": 1 / 60, "分钟": 1 / 60, "刻": 0.25, "刻钟": 0.25, "小时": 1.0, "钟头": 1.0, "钟": 1.0, "h": 1.0, "min": 1 / 60, "d": 24.0,
    "天": 24.0, "日": 24.0, "夜": 12.0, "晚": 12.0, "晚上": 12.0, "周": 168.0, "星期": 168.0, "礼拜": 168.0, "月": 720.0, "年": 8760.0,
}  # fmt: skip
SOME = 3
"""What 几天, 好几个小时 is taken for."""
_UNIT = r"(?:小时|钟头|h(?![a-z])|min(?![a-z])|d(?![a-z\d])|分钟|刻钟|秒钟|秒|天天?|日(?![期常子前])|夜|晚上?|周|星期|礼拜|月(?![板经子饼亮光份底初])|年(?![级度龄纪轻]))"
SPAN = re.compile(
    rf"(?:(?P<whole>一整|整整一?|整)个?(?P<u0>天|日|夜|晚上?|星期|礼拜|周|月|年)|(?P<lead>大?半)个?(?:多)?(?P<u1>小时|钟头|天|月(?![板经子饼亮光份底初])|年|日)(?:多)?|"
    rf"(?P<n>{NUMBER})\s*(?:来|多|几|余)?\s*(?P<mid>个半|个多|个余|个|半)?\s*(?P<u2>{_UNIT})(?P<tail>半(?![夜天小个年])|多)?(?:(?<=天){NUMBER}夜)?|"
    rf"(?P<some>好几|几)(?:个)?(?P<u3>小时|钟头|天|周|星期|礼拜|月|年))"
)
_NTH = re.compile(rf"第\s*(?P<n>{WHOLE})\s*(?P<u>天|日|周|夜|个?星期|个?礼拜)")

WEEKDAYS = {char: n for n, char in enumerate("一二三四五六")} | {
    "日": 6,
    "天": 6,
    "1": 0,
    "2": 1,
    "3": 2,
    "4": 3,
    "5": 4,
    "6": 5,
    "7": 6,
}
WEEKDAY = re.compile(
    r"(?P<week>上上个?|上个?|前个?|这个?|本|下下个?|下个?)?(?:周|星期|礼拜)(?P<day>[一二三四五六日天]|[1-7](?![\d次天周]))"
)
_RELATIVE = {
    "大前天": -3, "大前日": -3, "前天": -2, "前日": -2, "前晚": -2, "前夜": -2, "昨天": -1, "昨日": -1, "昨晚": -1, "昨夜": -1, "隔夜": -1,
    "今天": 0, "今日": 0, "今朝": 0, "今早": 0, "今晚": 0, "当天": 0, "明天": 1, "明日": 1, "明朝": 1, "明早": 1, "明晚": 1, "后天": 2, "后日": 2, "大后天": 3,
}  # fmt: skip
RELATIVE = re.compile("|".join(sorted(_RELATIVE, key=len, reverse=True)))
_DATE = re.compile(
    rf"(?:(?P<y>20\d\d|\d\d(?=年))\s*[年./\-])?\s{{0,40}}(?P<m>(?<![\d.])\d{{1,2}}|{CHINESE})\s*(?:月\s*(?P<d>{WHOLE})\s*(?:号|日)?|[./\-](?P<d2>\d{{1,2}})(?![\d.%]))"
)
_DAY_OF_MONTH = re.compile(rf"(?<![\d月])(?P<d>{WHOLE})号(?!楼|线|院|病|床|弄|门|那|案|院区|机|的病)")
_AGO = re.compile(rf"(?P<n>{NUMBER}|半)\s*(?:个)?(?P<u>天|日|周|星期|礼拜|月)(?:之|以)?前")


@dataclass(frozen=True)
class Span:
    """A length of time, in hours."""

    start: int
    end: int
    hours: float
    nth: bool = False
    """第四天: a day that is counted, not a length."""


@dataclass(frozen=True)
class Day:
    """A day of the calendar named in the text."""

    start: int
    end: int
    day: date
    words: str


def spans(text: str) -> list[Span]:
    """All lengths of time in order, longest reading first; 第四天 is four days."""
    found = [
        Span(nth.start(), nth.end(), (value(nth["n"]) or 0) * HOURS[nth["u"].lstrip("个")], True)
        for nth in _NTH.finditer(text)
    ]
    taken = Taken(found)
    for one in SPAN.finditer(text):
        hours = None if re.search(r"[年月]\s*$", text[max(0, one.start() - 2) : one.start()]) else _hours(one)
        if hours and not taken.meets(*one.span()):
            taken.add(*one.span())
            found.append(Span(one.start(), one.end(), hours))
    return sorted(found, key=lambda one: one.start)


def _hours(found: re.Match[str]) -> float | None:
    if found["whole"]:
        return HOURS[found["u0"]]
    if found["lead"]:
        return HOURS[found["u1"]] / 2
    if found["some"]:
        return HOURS[found["u3"]] * SOME
    return _counted(found)


def _counted(found: re.Match[str]) -> float | None:
    number = value(found["n"])
    unit = found["u2"].replace("天天", "天")
    if number is None:
        return None
    if unit == "月" and not found["mid"]:
        return None  # 4月 is a month of the calendar
    if unit == "年" and number > 100:
        return None
    half = 0.5 if (found["mid"] or "").endswith("半") or (found["tail"] or "") == "半" else 0.0
    return (number + half) * HOURS[unit]


def weekday_back(day: int, week: str | None, today: date, weekday_today: int | None = None) -> int:
    """Days since the weekday meant (0 Monday). 上周四 is that of the week before; bare 周四 the last one gone by.

    `weekday_today`: what the text itself calls today, when it says so.
    """
    now = today.weekday() if weekday_today is None else weekday_today
    if week and week.startswith("上上"):
        return 14 + now - day
    if week and week.startswith(("上", "前")):
        return 7 + now - day
    return (now - day) % 7


def weekday_ahead(day: int, week: str | None, today: date) -> int:
    """Days until the weekday meant; bare 周五 the next one to come, today included."""
    now = today.weekday()
    if week and week.startswith("下"):
        return 7 + day - now
    return (day - now) % 7


def month_day(text: str, today: date) -> date | None:
    """The day a phrase begins with: 4月20, 4.20, 20号, 明天, 下周三. None when it names none."""
    for day in days(text, today):
        if day.start <= 2:
            return day.day
    return None


def days(text: str, today: date, forward: bool = True) -> list[Day]:
    """Days named in a text, in order. Weekdays look ahead (`forward`) or back; dates without a year are near today."""
    found = [
        *_relative_days(text, today),
        *_dates(text, today, forward),
        *_weekday_days(text, today, forward),
    ]
    for ago in _AGO.finditer(text):
        number = 0.5 if ago["n"] == "半" else value(ago["n"]) or 0
        back = timedelta(hours=min(number * HOURS[ago["u"]], 24 * 3650))
        found.append(Day(ago.start(), ago.end(), today - back, ago.group()))
    return sorted(found, key=lambda day: day.start)


def _relative_days(text: str, today: date) -> Iterator[Day]:
    for found in RELATIVE.finditer(text):
        day = today + timedelta(days=_RELATIVE[found.group()])
        yield Day(found.start(), found.end(), day, found.group())


def _weekday_days(text: str, today: date, forward: bool) -> Iterator[Day]:
    for found in WEEKDAY.finditer(text):
        number, week = WEEKDAYS[found["day"]], found["week"]
        ahead = forward and not (week and week.startswith(("上", "前")))
        offset = weekday_ahead(number, week, today) if ahead else -weekday_back(number, week, today)
        yield Day(found.start(), found.end(), today + timedelta(days=offset), found.group())


def _dates(text: str, today: date, forward: bool) -> Iterator[Day]:
    for found in _DATE.finditer(text):
        day = _date(found["y"], found["m"], found["d"] or found["d2"], today, forward)
        if day is not None:
            yield Day(found.start(), found.end(), day, found.group())
    for found in _DAY_OF_MONTH.finditer(text):
        day = _date(None, str(today.month), found["d"], today, forward)
        if day is not None:
            yield Day(found.start(), found.end(), day, found.group())


def _date(year: str | None, month: str, day: str, today: date, forward: bool) -> date | None:
    """A day of the calendar; without a year the one around today (looking back: of the last year)."""
    number, month_number = value(day), value(month)
    if number is None or month_number is None:
        return None
    whole_year = today.year if not year else int(year) + (2000 if len(year) == 2 else 0)
    try:
        found = date(whole_year, int(month_number), int(number))
    except (ValueError, OverflowError):
        return None
    if year:
        return found
    if (found - today).days > (300 if forward else 60):
        return found.replace(year=found.year - 1) if (found.month, found.day) != (2, 29) else None
    if (today - found).days > 300:
        return found.replace(year=found.year + 1) if (found.month, found.day) != (2, 29) else None
    return found
