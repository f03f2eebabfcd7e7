"""A pass is taken back: by a person, or because what it leads to has stopped."""

from __future__ import annotations

from actions.desk import Desk
from actions.models import Case, Pass


def withdraw(desk: Desk, row: Pass, who: str, message: int | None = None, *, outdated: bool = False) -> None:
    """It no longer holds; the timeline of its case says so. `outdated`: the unit it leads to has stopped."""
    row.withdrawn_at, row.withdrawn_by, row.outdated = desk.now, who, outdated
    case = desk.session.get(Case, row.case_id) if row.case_id else None
    desk.log(case, who, "pass_withdrawn", message, serial=row.serial, outdated=outdated)
