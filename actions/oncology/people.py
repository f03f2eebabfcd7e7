"""To whom the dates of a cancer patient are told by name."""

from __future__ import annotations

from actions.case import is_open
from actions.desk import Desk
from actions.models import Case


def who(desk: Desk, case: Case) -> list[str]:
    """Who has the case, else the coordinator on duty; and who reported it, to see that the patient gets there."""
    has = [case.owner] if case.owner and is_open(case) else desk.first_on_duty()
    return [*has, case.opened_by]
