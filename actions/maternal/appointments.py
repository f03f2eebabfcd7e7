"""Until when an appointment of a pregnant woman or a new mother can be kept, put into a few words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from actions.desk import Desk
from actions.maternal.weeks import BORN_ON, as_weeks, pregnant_days
from actions.maternal.windows import BIRTH, Window, windows_in
from actions.models import Case

CATEGORY = "MATERNAL"
LEAST_URGENT = 3
"""Above it nobody thinks of appointments."""
CLOSES_WITHIN = 7
"""Days before the last one from which on the matter goes before the others."""
TOLD = 2


@dataclass(frozen=True)
class Due:
    """An appointment and where its window stands: days (today 0) until it begins and until its last day."""

    window: Window
    opens_in: int
    left: int | None

    @property
    def presses(self) -> bool:
        """Whether the window closes soon or has closed."""
        return self.left is not None and self.left <= CLOSES_WITHIN


def dues(case: Case, today: date) -> list[Due]:
    """The appointments a case asks for, as far as the weeks are known; the one that closes first is first."""
    if case.category != CATEGORY or case.private or case.level < LEAST_URGENT:
        return []
    found = []
    for window in windows_in("。".join(case.story)):
        days = _days(case, window, today)
        if days is not None and not (window.every is not None and _over(window, days)):
            left = None if window.last is None or window.every is not None else window.last - days
            found.append(Due(window, window.first - days, left))
    return sorted(found, key=lambda due: (due.left is None, due.left or 0))


def presses(case: Case, today: date) -> bool:
    """Whether a window of the case closes within the week, or has closed."""
    return any(due.presses for due in dues(case, today))


def told(desk: Desk, case: Case) -> str:
    """The windows in words, for the receipt and the prompt; empty when there is none."""
    return "；".join(_words(desk, due) for due in dues(case, desk.today)[:TOLD])


def pressing(desk: Desk, case: Case) -> str:
    """Only those that close soon or have closed, for reminders and lists."""
    return "；".join(_words(desk, due) for due in dues(case, desk.today)[:TOLD] if due.presses)


def _days(case: Case, window: Window, today: date) -> int | None:
    if window.after != BIRTH:
        return pregnant_days(case.fields, today)
    born = case.fields.get(BORN_ON)
    return None if born is None else (today - date.fromisoformat(str(born))).days


def _over(window: Window, days: int) -> bool:
    """Of what is repeated in several rhythms the others are not told."""
    return days < window.first or (window.last is not None and days > window.last)


def _words(desk: Desk, due: Due) -> str:
    window, today = due.window, desk.today
    since = desk.phrases.say(f"window_of_{window.after}", weeks=_whole(window.first))
    if due.left is None:
        weeks = (window.every or 0) // 7
        return desk.phrases.say(
            "window_repeated", what=window.what, since=since, weeks=weeks if weeks > 1 else ""
        )
    state = "passed" if due.left < 0 else "today" if due.left == 0 else "soon" if due.presses else "open"
    if due.opens_in > 0:
        state = "coming"
    return desk.phrases.say(
        f"window_{state}",
        what=window.what,
        until=desk.phrases.say(f"window_of_{window.after}", weeks=_whole(window.last or 0)),
        first=_day(today + timedelta(days=due.opens_in)),
        last=_day(today + timedelta(days=due.left)),
        days=abs(due.left),
    )


def _whole(days: int) -> str:
    """24+6, and 36 for 36+0."""
    return as_weeks(days).removesuffix("+0")


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"
