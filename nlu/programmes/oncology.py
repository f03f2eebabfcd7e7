"""Dates of chemo- and radiotherapy, care of lines, injections and the end of medicines: 4月6号第三次化疗, PICC周三该维护了."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from nlu.clauses import fold
from nlu.numbers import NUMBER, value
from nlu.programmes.said import OncologyDate
from nlu.programmes.visits import visits
from nlu.programmes.words import ONCOLOGY, words

KINDS = {"化疗": "chemo", "放疗": "radio", "维护": "line", "打针": "injection", "药": "drug"}
_CLAUSE = re.compile(r"[,。;!?\n]")
_GOES_ON = re.compile(r"下次|下一次|上次|上一次|每|一次|还[剩有]|约[在到的]|定在|该|安排在")
_EVERY = re.compile(
    rf"每(?:隔)?(?P<n>{NUMBER})?(?:个)?(?P<u>天|日|周|星期|礼拜)(?![一二三四五六日1-7](?!次))(?:一次|1次)?|"
    rf"(?P<n2>{NUMBER})(?:个)?(?P<u2>天|周|星期|礼拜)(?:一|1)次"
)
_LEFT = re.compile(rf"(?:还剩|还有|剩下|剩|再做|还要做)\s*(?P<n>{NUMBER})\s*次")
_DAYS_LEFT = re.compile(rf"(?:还剩下?|只剩下?|剩|还有|只够|还够|够)(?:吃|用|大概)?\s*(?P<n>{NUMBER})\s*天")


def oncology_dates(text: str, at: datetime) -> tuple[OncologyDate, ...]:
    """All that a text tells, a kind each, in order. A clause without a kind goes on with the one before it."""
    found: dict[str, OncologyDate] = {}
    kind: str | None = None
    for clause in _CLAUSE.split(fold(text)):
        own = _kind(clause)
        kind = own or kind
        if kind is not None and (own or _GOES_ON.search(clause)):
            found[kind] = _joined(found.get(kind), _read(kind, clause, at))
    return tuple(each for each in found.values() if each != OncologyDate(each.kind))


def _kind(clause: str) -> str | None:
    return next((kind for name, kind in KINDS.items() if words(name, ONCOLOGY).search(clause)), None)


def _read(kind: str, clause: str, at: datetime) -> OncologyDate:
    if words("停", ONCOLOGY).search(clause):
        return OncologyDate(kind, stops=True)
    today = at.date()
    every = _EVERY.search(clause)
    days = visits(_EVERY.sub(" ", clause), at)
    ranged = (days.first,) if days.first is not None and days.first != today else ()
    named = days.single or ranged  # a bare length (10天没维护) is no date
    left = _LEFT.search(clause)
    gone = words("做过", ONCOLOGY).search(clause) is not None
    done = words("做完", ONCOLOGY).search(clause) is not None and not words("没做", ONCOLOGY).search(clause)
    if kind == "drug":
        ends = _DAYS_LEFT.search(clause)
        return OncologyDate(kind, today + timedelta(days=int(value(ends["n"]) or 0)) if ends else None)
    past = [day for day in named if day <= today] if gone or done else [day for day in named if day < today]
    to_come = [day for day in named if day >= today and day not in past]
    return OncologyDate(
        kind,
        day=min(to_come, default=None),
        last=max(past, default=today if done and not named else None),
        every=_days(every) if every else None,
        left=int(value(left["n"]) or 0) if left else None,
    )


def _days(found: re.Match[str]) -> int | None:
    number = value(found["n"] or found["n2"] or "1") or 1
    length = int(number * (1 if (found["u"] or found["u2"]) in ("天", "日") else 7))
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
    )
