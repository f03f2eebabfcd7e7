"""Dates of chemo- and radiotherapy, care of lines, injections and the end of medicines: 4月6号第三次化疗, PICC周三该维护了."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from nlu.clauses import fold
from nlu.numbers import NUMBER, value
from nlu.programmes.said import OncologyDate
from nlu.programmes.visits import visits
from nlu.programmes.words import ONCOLOGY, words

KINDS = {"化疗": "chemo", "放疗": "radio", "维护": "line", "打针": "injection", "药": "drug"}
_CLAUSE = re.compile(r"[,。;!?\n]")
_GOES_ON = re.compile(
    r"下次|下一次|上次|上一次|每|一次|还[剩有]|约[在到的]|定在|该|安排在|周期|疗程|间隔|方案|工作日|双休|周末"
)
_EVERY = re.compile(
    rf"每(?:隔)?(?P<n>{NUMBER})?(?:个)?(?P<u>天|日|周|星期|礼拜)(?![一二三四五六日1-7](?!次))(?:一次|1次)?|"
    rf"(?:间隔|隔)?(?P<n2>{NUMBER}|双)(?:个)?(?P<u2>天|周|星期|礼拜)(?:(?:为|算)?(?:一|1)个?(?:次|周期|疗程|轮)|(?:的)?方案)|"
    rf"(?:周期|疗程|间隔)(?:是|为|:)?(?P<n3>{NUMBER})(?:个)?(?P<u3>天|周|星期|礼拜)"
)
_WORKDAYS = re.compile(
    r"(?:周|星期|礼拜)一(?:到|至|[-~—])(?:周|星期|礼拜)?五|工作日|双休日?(?:不做|休息|停)|周末(?:不做|休息|停)|"
    r"(?:每|一)(?:周|星期|礼拜)[五5]次"
)
_MONDAY_TO_FRIDAY = frozenset(range(1, 6))
_LEFT = re.compile(rf"(?:还剩|还有|剩下|剩|再做|还要做)\s*(?P<n>{NUMBER})\s*次")
_LASTS_UNTIL = re.compile(r"(?:吃|用|够|撑|维持)到")
_DAYS_LEFT = re.compile(rf"(?:还剩下?|只剩下?|剩|还有|只够|还够|够)(?:吃|用|大概)?\s*(?P<n>{NUMBER})\s*天")


def oncology_dates(text: str, at: datetime) -> tuple[OncologyDate, ...]:
    """All that a text tells, a kind each, in order. A clause without a kind goes on with the one before it."""
    found: dict[str, OncologyDate] = {}
    kind: str | None = None
    for clause in _CLAUSE.split(fold(text)):
        own = _kind(clause)
        kind = own or kind
        goes_on = own or _GOES_ON.search(clause) or _WORKDAYS.search(clause)
        if kind is not None and goes_on:
            found[kind] = _joined(found.get(kind), _read(kind, clause, at))
    return tuple(each for each in found.values() if each != OncologyDate(each.kind))


def _kind(clause: str) -> str | None:
    return next((kind for name, kind in KINDS.items() if words(name, ONCOLOGY).search(clause)), None)


def _read(kind: str, clause: str, at: datetime) -> OncologyDate:
    if words("停", ONCOLOGY).search(clause):
        return OncologyDate(kind, stops=True)
    today = at.date()
    workdays = _WORKDAYS.search(clause) is not None
    rest = _WORKDAYS.sub(" ", clause)
    every = _EVERY.search(rest)
    days = visits(_EVERY.sub(" ", rest), at)
    weekdays = _MONDAY_TO_FRIDAY if workdays else days.weekdays
    ranged = (days.first,) if days.first is not None and days.first != today else ()
    named = days.single or ranged  # a bare length (10天没维护) is no date
    left = _LEFT.search(clause)
    gone = words("做过", ONCOLOGY).search(clause) is not None
    missed = words("没做", ONCOLOGY).search(clause) is not None
    done = words("做完", ONCOLOGY).search(clause) is not None and not missed
    if kind == "drug":
        return OncologyDate(kind, _ends(clause, at))
    past = [day for day in named if day <= today] if gone or done else [day for day in named if day < today]
    past = [] if missed and not gone else past  # 昨天没维护上
    to_come = [day for day in named if day >= today and day not in past]
    return OncologyDate(
        kind,
        day=min(to_come, default=None),
        last=max(past, default=today if done and not named else None),
        every=1 if weekdays else _days(every) if every else None,
        left=int(value(left["n"]) or 0) if left else None,
        weekdays=weekdays,
    )


def _ends(clause: str, at: datetime) -> date | None:
    """The day on which a medicine runs out: 还有3天, 只够吃到周三."""
    if ends := _DAYS_LEFT.search(clause):
        return at.date() + timedelta(days=int(value(ends["n"]) or 0))
    if not _LASTS_UNTIL.search(clause):
        return None
    until = visits(clause, at)
    return until.last or min(until.single, default=None)


def _days(found: re.Match[str]) -> int | None:
    said = found["n"] or found["n2"] or found["n3"] or "1"
    number = 2 if said == "双" else value(said) or 1
    length = int(number * (1 if (found["u"] or found["u2"] or found["u3"]) in ("天", "日") else 7))
    return length if 1 <= length <= 92 else None


def _joined(one: OncologyDate | None, other: OncologyDate) -> OncologyDate:
    if one is None:
        return other
    return OncologyDate(
        one.kind,
        other.day or one.day,
        other.last or one.last,
        other.every or one.every,
        other.left if other.left is not None else one.left,
        one.stops or other.stops,
        other.weekdays or one.weekdays,
    )
