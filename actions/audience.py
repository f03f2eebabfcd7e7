"""Where what concerns a case is said: in its room, or privately."""

from __future__ import annotations

from actions.desk import Desk
from actions.models import Case

Place = tuple[str | None, str | None]
"""A room, or a member privately."""


def places(desk: Desk, case: Case) -> list[Place]:
    """The room of origin; the reporter himself where he wrote privately; of a private case who is on duty alone."""
    if case.private:
        return [(None, name) for name in desk.first_on_duty()]
    return [(case.room, None) if case.room else (None, case.opened_by)]
