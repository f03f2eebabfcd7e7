"""The figures as a room reads them: a few lines, no case numbers (contract §8.19)."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from actions import wording
from actions.desk import Desk
from actions.figures import Figures, Spread

TOWNS_NAMED = 5
"""The towns with the most matters; the others are only counted."""


def of_day(desk: Desk, today: Figures) -> str:
    """The digest of a day."""
    return _text(desk, today, desk.phrases.say("digest_today"))


def of_span(desk: Desk, counted: Figures, since: date, until: date) -> str:
    """The figures of several days; of none, that there is nothing."""
    if not counted.count:
        return desk.phrases.say("digest_none")
    days = [f"{day.month}月{day.day}日" for day in (since, until)]
    when = days[0] if since == until else desk.phrases.say("digest_span", since=days[0], until=days[1])
    return _text(desk, counted, when)


def _text(desk: Desk, counted: Figures, when: str) -> str:
    lines = [
        _counts(desk, counted, when),
        _towns(desk, counted.by_town),
        _times(desk, counted),
        _waiting(desk, counted),
    ]
    return "\n".join(line for line in lines if line)


def length(desk: Desk, minutes: float) -> str:
    """12分钟, 1小时5分钟, 2天3小时."""
    whole = round(minutes)
    for name, size, smaller in (("days", 1440, 60), ("hours", 60, 1)):
        if whole >= size:
            rest = whole % size // smaller
            return desk.phrases.say(
                f"length_{name}" if rest else f"length_full_{name}", count=whole // size, rest=rest
            )
    return desk.phrases.say("length_minutes", count=whole)


def _counts(desk: Desk, today: Figures, when: str) -> str:
    levels = sorted(today.by_level)
    return desk.phrases.say(
        "digest",
        when=when,
        in_all=desk.phrases.say("digest_in_all", count=today.in_all) if today.in_all > today.count else "",
        count=today.count,
        levels="，".join(f"{wording.LEVELS[level]}级{today.by_level[level]}" for level in levels),
        kinds="，".join(f"{wording.category_name(code)}{count}" for code, count in today.by_category.items()),
        ended=today.count - today.open,
        open=today.open,
    )


def _towns(desk: Desk, towns: Counter[str | None]) -> str:
    named = [(town, count) for town, count in towns.most_common() if town]
    if len(named) < 2:
        return ""
    shown = "，".join(f"{town}{count}" for town, count in named[:TOWNS_NAMED])
    rest = sum(count for _, count in named[TOWNS_NAMED:])
    return desk.phrases.say("digest_towns_more" if rest else "digest_towns", towns=shown, rest=rest)


def _times(desk: Desk, today: Figures) -> str:
    say, first, taken = desk.phrases.say, today.acknowledged, today.accepted
    parts = [
        say("digest_acknowledged", **_spread(desk, first)) if first else "",
        say("digest_accepted", **_spread(desk, taken)) if taken else "",
    ]
    return "".join(parts)


def _spread(desk: Desk, spread: Spread) -> dict[str, str]:
    return {"median": length(desk, spread.median), "p90": length(desk, spread.p90)}


def _waiting(desk: Desk, today: Figures) -> str:
    longest = today.longest_waiting
    if not today.overdue or longest is None:
        return ""
    waited = (today.now - longest.opened_at) / timedelta(minutes=1)
    return desk.phrases.say("digest_waiting", overdue=today.overdue, longest=length(desk, waited))
