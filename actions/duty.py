"""Who has to act on a case: by the roster, by what the case is about, without those who had to stand down."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from actions.desk import Desk
from actions.models import Case, Event

COORDINATORS = ("DUTY1", "DUTY2", "LEADER")


def named(desk: Desk, case: Case) -> list[str]:
    """First whoever has the case; else first on duty, with the second and the leader once brought in (§8.3)."""
    away = stood_down(desk, case)
    if case.acknowledged_at is not None:
        names = [case.owner or "", *coordinators(desk, case, away=away)]
    else:
        names = [*coordinators(desk, case, away=away), *experts(desk, case, away=away)]
        called = max(case.stage, case.brought_in)
        more = [desk.on_duty("DUTY2"), *experts(desk, case, second=True, away=away)] if called >= 1 else []
        more += [desk.on_duty("LEADER")] if called >= 2 else []
        names += [name for name in more if name and name not in away]
    return list(dict.fromkeys(name for name in names if name))


def coordinators(desk: Desk, case: Case, *, away: set[str] | None = None) -> list[str]:
    """The coordinator on duty for the case; one who stood down is followed by the next on the list.

    When all have stood down the first is named again: somebody must be.
    """
    away = stood_down(desk, case) if away is None else away
    on_duty = [name for code in COORDINATORS if (name := desk.on_duty(code))]
    return ([name for name in on_duty if name not in away] or on_duty)[:1]


def experts(desk: Desk, case: Case, *, second: bool = False, away: set[str] | None = None) -> list[str]:
    """The expert on duty of the case's group: of its specialty first, else of the group's in their order.

    Whoever stood down is followed by the second of his specialty, then by the others; nobody left: none.
    """
    if desk.site.expert_room(case.category) is None:
        return []
    codes = sorted(desk.site.expert_codes(case.category), key=lambda code: code != case.specialty)
    away = stood_down(desk, case) if away is None else away
    for code in codes:
        first, other = desk.on_duty(code), desk.on_duty(f"{code}2")
        name = other if second or first in away else first
        if name and name not in away:
            return [name]
    return []


def group_on_duty(desk: Desk, category: str) -> list[str]:
    """The first on duty of the group that serves a category, whatever the case; none without such a group."""
    if desk.site.expert_room(category) is None:
        return []
    return [name for code in desk.site.expert_codes(category) if (name := desk.on_duty(code))][:1]


_STEPS = (
    select(Event.what, Event.who, Event.detail)
    .where(Event.case_id == bindparam("case"), Event.what.in_(("stood_down", "status", "assigned")))
    .order_by(Event.id)
)


def stood_down(desk: Desk, case: Case) -> set[str]:
    """Who was on duty and said that he cannot take this case; a case that is opened again is nobody's refusal."""
    away: set[str] = set()
    for what, who, detail in desk.session.execute(_STEPS, {"case": case.id}):
        if what == "stood_down":
            away.add(who)
        elif what == "assigned":
            away.discard(str(detail.get("to")))  # he has it after all
        elif detail.get("was") in ("closed", "cancelled", "merged"):
            away.clear()
    return away
