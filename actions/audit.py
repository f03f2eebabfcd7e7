"""Looks over all cases now and then, in case the rule "one next thing due for each open case" was ever broken.

Nothing should be found; what is, is put right and written into the timeline, so that somebody can ask why.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import contains_eager

from actions.case import OPEN, rhythm_of, set_due
from actions.desk import BOT, Desk
from actions.models import Case, Reminder
from actions.schedule import next_due

EVERY = timedelta(minutes=10)
# What falls due in the same minute is reminded of together, a little early.
TOGETHER = timedelta(minutes=1)


def audit(desk: Desk) -> int:
    """Mend what is not due as it should be; how many cases were. The caller commits."""
    query = (
        select(Case)
        .outerjoin(Reminder)
        .where(or_(Case.status.in_(OPEN), Reminder.case_id.is_not(None)))
        .options(contains_eager(Case.reminder))
        .order_by(Case.id)
    )
    faults = [(case, fault) for case in desk.session.scalars(query) if (fault := _fault(desk, case))]
    for case, fault in faults:
        was = case.reminder.due_at.isoformat() if case.reminder else None
        set_due(desk, case)
        desk.log(case, BOT, "mended", fault=fault, was=was)
    return len(faults)


def _fault(desk: Desk, case: Case) -> str | None:
    """`not_due`: open and nothing due; `ended`: due though it has ended; `too_late`: later than its rhythm has it."""
    if case.status not in OPEN:
        return "ended"
    if case.reminder is None:
        return "not_due"
    return "too_late" if case.reminder.due_at > _latest(desk, case) else None


def _latest(desk: Desk, case: Case) -> datetime:
    return next_due(rhythm_of(case), desk.site.policy, desk.site.tz, desk.now + TOGETHER)
