"""When somebody goes to a hospital: days, the days of the week that repeat, a shift, hours: 4月1日到5日 二四六 7:00–13:00."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from nlu.case_numbers import CASE
from nlu.clauses import fold
from nlu.deadlines import between
from nlu.numbers import value
from nlu.phones import ID_CARD, PHONE
from nlu.programmes.said import Visits
from nlu.programmes.words import SCHEDULE, words
from nlu.times import WEEKDAYS, Day, days, spans

SHIFTS = {"早": "早班", "中": "中班", "晚": "晚班"}
"""The three shifts of a dialysis unit, each with the class of words that says it."""
TRANSPORTS = ("120", "志愿者接送", "专车", "出租车", "自行前往")
LONGEST = timedelta(days=92)
"""Dates farther apart belong to no one range."""

_CLOCK = r"(?:\d{1,2}[:：]\d{2}|\d{1,2}[点时](?:半|\d{1,2}分?)?)"
_CLOCKS = re.compile(rf"{_CLOCK}\s*(?:(?:到|至|[-—–~～－])\s*{_CLOCK})?")
_START = re.compile(
    r"(?P<part>下午|晚上|晚|早上|早|上午|中午)?\s*(?P<h>\d{1,2})(?:[:：](?P<m>\d{2})|[点时](?P<half>半)?(?P<m2>\d{1,2})?)"
)
_JOIN = r"\s*(?:日|号)?\s*"
_TO = re.compile(rf"{_JOIN}(?:到|至|[-—–~～－])\s*(?:(?P<d>\d{{1,2}})\s*(?:日|号|(?![\d月./:点岁])))?")
_AND = re.compile(rf"{_JOIN}(?:、|和|及|,|/|\s)\s*(?P<d>\d{{1,2}})\s*(?:日|号)")
_UNTIL = re.compile(r"(?:到|至|截至|截止到?|直到)\s*$")
_DAY = "[一二三四五六日天]"
_EVERY = re.compile(
    rf"(?<![第月\d初])(?:每?(?:周|星期|礼拜)(?P<one>{_DAY}(?:[、,/和\s]?(?:周|星期|礼拜)?{_DAY}){{0,6}})|"
    rf"(?<![一二三四五六七八九十百])(?P<bare>[一二三四五六日](?:[、,/]?[一二三四五六日]){{1,6}}))(?![个位人次天楼号年岁月点周名件例十百千])"
)
_DIGITS = re.compile(
    r"(?:每?(?:周|星期|礼拜)(?P<days>[1-7](?:[、,/]?[1-7]){0,6})|(?<![\w.:\-])(?P<usual>1[、,/]?3[、,/]?5|2[、,/]?4[、,/]?6))(?![\d:.\-号日月楼弄室岁人点])"
)
_WEEK = re.compile(r"(?:(?P<next>下)|这|本)个?(?:一)?(?:周|星期|礼拜)")
_WHOLE_WEEK = re.compile(_WEEK.pattern + rf"(?!{_DAY}|[1-7])")
_BLANK = "＿"
_HOUSE = re.compile(r"\d+\s?(?:号楼|弄|室|幢|栋|单元|岁)\d*")
_NUMBER = re.compile(CASE)
_RANGED = re.compile("[到至]")
"""1号到5号 are rather days than cases."""


def visits(text: str, at: datetime) -> Visits:
    """Read days, weekdays, shift and hours. `at`: the moment of the message in the place's zone."""
    plain = _plain(text)
    begin, end = _hours(plain, at)
    dated = _CLOCKS.sub(_blank, plain)
    weekdays, rest = _weekdays(dated)
    first, last, single = _dates(rest, at.date())
    if weekdays and last is None and not single:
        first, last = _week(_WEEK, dated, at.date())
    return Visits(first, last, single, weekdays, shift(text), begin, end)


def shift(text: str) -> str | None:
    """早, 中 or 晚; None when no shift is named."""
    return next((name for name, said in SHIFTS.items() if words(said, SCHEDULE).search(fold(text))), None)


def transport(text: str) -> str | None:
    """How the patient gets there, by the name of its class; None when nothing is said."""
    folded = fold(PHONE.sub(" ", text))
    return next((name for name in TRANSPORTS if words(name, SCHEDULE).search(folded)), None)


def start(text: str) -> time | None:
    """The first clock time as it stands: 早班6:30, 下午1点."""
    found = _START.search(_plain(text))
    if found is None:
        return None
    hour, minute = int(found["h"]), 30 if found["half"] else int(found["m"] or found["m2"] or 0)
    if found["part"] in ("下午", "晚上", "晚") and hour < 12:
        hour += 12
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _plain(text: str) -> str:
    """Folded, without what has digits and is no time: telephones, identity cards, houses."""
    folded = fold(text)
    for found in (ID_CARD, PHONE, _HOUSE):
        folded = found.sub(_blank, folded)
    return _NUMBER.sub(lambda one: one.group() if _RANGED.search(one.group()) else _blank(one), folded)


def _blank(found: re.Match[str]) -> str:
    return _BLANK * len(found.group())


def _hours(plain: str, at: datetime) -> tuple[time | None, time | None]:
    ranged = between(plain, at)
    if ranged is not None:
        return ranged[0].time(), ranged[1].time()
    return start(plain), None


def _weekdays(text: str) -> tuple[frozenset[int], str]:
    """The days of the week that repeat, and the text without them. 周二 alone is a day, 每周二 repeats."""
    found: set[int] = set()
    rest = text
    for one in (*_EVERY.finditer(text), *_DIGITS.finditer(text)):
        written = re.sub(r"周|星期|礼拜", "", next((said for said in one.groupdict().values() if said), ""))
        numbers = [WEEKDAYS[char] + 1 for char in written if char in WEEKDAYS]
        if len(numbers) < 2 and not one.group().startswith("每"):
            continue
        if numbers != sorted(set(numbers)):
            continue  # 三一 is no list of days
        found |= set(numbers)
        rest = rest[: one.start()] + _BLANK * len(one.group()) + rest[one.end() :]
    return frozenset(found), rest


def _dates(text: str, today: date) -> tuple[date | None, date | None, tuple[date, ...]]:
    """First and last day of the range, and the days named by themselves."""
    named = [one for one in days(text, today) if not one.words.endswith("前")]
    first = last = None
    single: list[date] = []
    skip = 0
    for index, one in enumerate(named):
        if index < skip:
            continue
        after = named[index + 1] if index + 1 < len(named) else None
        until = _range_end(text, one, after)
        if until is not None:
            first, last = one.day, until
            skip = index + 2 if after is not None and until == after.day else index + 1
        elif _UNTIL.search(text[: one.start]) and one.day >= today:
            first, last = today, one.day
        else:
            single += [one.day, *_more(text, one)]
    if last is None and not single:
        first, last = _length(text, today)
    if first is not None and last is not None and not timedelta() <= last - first <= LONGEST:
        return None, None, tuple(dict.fromkeys(single))
    return first, last, tuple(dict.fromkeys(single))


def _range_end(text: str, one: Day, after: Day | None) -> date | None:
    """The day up to which a range runs that begins with `one`: 4月1日到5日, 4月1日至4月5日."""
    found = _TO.match(text, one.end)
    if found is None:
        return None
    if found["d"]:
        return _same_month(one.day, int(found["d"]))
    return after.day if after is not None and after.start <= found.end() + 1 else None


def _more(text: str, one: Day) -> list[date]:
    """4月2日、4日、6日: the days that share the month."""
    found, place, listed = _AND.match(text, one.end), one.end, []
    while found is not None:
        day = _same_month(one.day, int(value(found["d"]) or 0))
        if day is None:
            break
        listed.append(day)
        place = found.end()
        found = _AND.match(text, place)
    return listed


def _same_month(day: date, number: int) -> date | None:
    """The day of that number in the month, or in the next when it would lie before."""
    try:
        found = day.replace(day=number)
        if found < day:
            found = (day.replace(day=1) + timedelta(days=32)).replace(day=number)
    except ValueError:
        return None
    return found


def _length(text: str, today: date) -> tuple[date | None, date | None]:
    """两周, 10天 from today; 本周, 下周."""
    for one in spans(text):
        if 24 <= one.hours <= 24 * 62 and not one.nth:
            return today, today + timedelta(days=round(one.hours / 24) - 1)
    return _week(_WHOLE_WEEK, text, today)


def _week(words: re.Pattern[str], text: str, today: date) -> tuple[date | None, date | None]:
    """What is left of this week, or the next one."""
    found = words.search(text)
    if found is None:
        return None, None
    monday = today - timedelta(days=today.weekday())
    if found["next"]:
        return monday + timedelta(days=7), monday + timedelta(days=13)
    return today, monday + timedelta(days=6)
