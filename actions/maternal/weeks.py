"""Weeks of pregnancy and days after a birth, counted on from the day they were told.

A case keeps what was said (`gestation`) with the day it was said on; what holds today is computed, never stored,
so that nothing has to be kept up to date and a case that is read again later is judged by the weeks of then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

GESTATION = "gestation"
TOLD_ON = "gestation_on"
"""The day (ISO) on which the weeks were told. For the program's own use (INTERNAL of actions/case.py)."""
BORN_ON = "born_on"
"""The day (ISO) of the birth, once it was told. For the program's own use."""

LOST_ON = "lost_on"
"""The day (ISO) on which the pregnancy ended without a living child. For the program's own use."""
SYMPTOMS_BEFORE = "symptoms_before"
"""What she suffered from until then. For the program's own use."""
ENDED_MARK = "（分娩后）"
"""Stands in the story where the pregnancy ended: what was said before is not how the mother is now."""

TERM_DAYS = 280
LAST_DAYS = 44 * 7
"""No pregnancy lasts longer: whoever would be further has given birth unnoticed."""
POSTPARTUM_DAYS = 42
_AFTER_BIRTH = "产后"
_AFTER_LOSS = "流产后"


def days_of(weeks: str) -> int:
    """Days of pregnancy of weeks written as "38+2": 268. Raises ValueError when they are not written so."""
    whole, _, rest = weeks.partition("+")
    return int(whole) * 7 + int(rest or 0)


def as_weeks(days: int) -> str:
    """268 days are "38+2"."""
    return f"{days // 7}+{days % 7}"


def told_on(brought: Mapping[str, Any], day: date) -> dict[str, Any]:
    """What a message of `day` brings; weeks of pregnancy go with the day they were told."""
    dated = {TOLD_ON: day.isoformat()} if GESTATION in brought else {}
    return {**brought, **dated}


def pregnant_days(fields: Mapping[str, Any], today: date | None = None) -> int | None:
    """Days of pregnancy as of `today`; without a day as they were told. None when unknown or already over."""
    told = fields.get(GESTATION)
    if told is None or BORN_ON in fields or LOST_ON in fields:
        return None
    days, since = days_of(str(told)), fields.get(TOLD_ON)
    if today is not None and since is not None:
        days += max(0, (today - date.fromisoformat(str(since))).days)
    return days if days <= LAST_DAYS else None


def days_since_birth(fields: Mapping[str, Any], today: date) -> int | None:
    """Days since the birth while she counts as a new mother (to the 42nd day); None else."""
    if BORN_ON not in fields:
        return None
    days = (today - date.fromisoformat(str(fields[BORN_ON]))).days
    return days if 0 <= days <= POSTPARTUM_DAYS else None


def person_words(fields: Mapping[str, Any], today: date | None) -> str:
    """孕38+2周, 产后3天, as far as known."""
    days = pregnant_days(fields, today)
    if days is not None:
        return f"孕{as_weeks(days)}周"
    since = days_since_birth(fields, today) if today is not None else None
    return "" if since is None else f"{_AFTER_BIRTH}{since}天" if since else "今天分娩"


def known_today(fields: Mapping[str, Any], today: date) -> dict[str, Any]:
    """The fields with the weeks as of today; without weeks when the pregnancy is over."""
    known = {
        key: value
        for key, value in fields.items()
        if key not in (TOLD_ON, BORN_ON, LOST_ON, SYMPTOMS_BEFORE, GESTATION)
    }
    days = pregnant_days(fields, today)
    return known if days is None else {**known, GESTATION: as_weeks(days)}


def story_today(story: Iterable[str], fields: Mapping[str, Any], today: date) -> str:
    """What was said of a patient as one text; of a new mother it begins with how long ago the birth was.

    Pains and waters of before the birth are over; what she had suffered from before is not.
    """
    words = list(story)
    if ENDED_MARK in words:
        words = [*_history(fields), *words[words.index(ENDED_MARK) + 1 :]]
    if LOST_ON in fields and (today - date.fromisoformat(str(fields[LOST_ON]))).days <= POSTPARTUM_DAYS:
        words.insert(0, _AFTER_LOSS)
    if days_since_birth(fields, today) is not None:
        words.insert(0, person_words(fields, today).replace("今天分娩", _AFTER_BIRTH))
    return "。".join(words)


def _history(fields: Mapping[str, Any]) -> list[str]:
    known = [str(each) for each in fields.get("history", [])]
    return [f"病史：{'、'.join(known)}"] if known else []
