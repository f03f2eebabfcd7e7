"""Where the dates of a cancer patient are told, and to whom by name."""

from __future__ import annotations

from actions.case import is_open
from actions.desk import Desk
from actions.models import Case

Place = tuple[str | None, str | None]
"""A room, or a member who is told privately."""


def places(desk: Desk, case: Case) -> list[Place]:
    """The room of origin; of a private case the coordinator on duty alone."""
    if case.private:
        return [(None, name) for name in desk.first_on_duty()]
    return [(case.room, None) if case.room else (None, case.opened_by)]


def who(desk: Desk, case: Case) -> list[str]:
    """Who has the case, else the coordinator on duty; and who reported it, to see that the patient gets there."""
    has = [case.owner] if case.owner and is_open(case) else desk.first_on_duty()
    return [*has, case.opened_by]
