"""The dates of a cancer patient's case: written down from what is said, counted on, kept for what they explain later."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import select

from actions import same_patient
from actions.case import is_open
from actions.desk import Desk
from actions.models import Case, OncologyDue
from actions.oncology.kinds import CHEMO, LINE
from actions.turn import Turn
from nlu.programmes.said import OncologyDate
from nlu.understanding import Report

LINE_DAYS = 7
"""A line is cared for weekly (facts R54)."""
FEVER_AFTER = timedelta(days=21)
"""Fever so long after chemotherapy is taken for neutropenic (facts R52)."""
_NO_MORE = frozenset({"died", "cancelled", "withdrawn", "false_alarm", "duplicate"})
_NUMBER = re.compile(r"(?<![月\d.])\d{1,3}号")


def note(turn: Turn, case: Case, words: str) -> None:
    """Write down what `words` say of the dates of a cancer patient."""
    if "ONCO" not in (case.category, *case.tags):
        return
    if turn.meaning.pointers.case_numbers:
        words = _NUMBER.sub(" ", words)  # 1号化疗做好了: a case, no day
    for told in turn.reader.oncology_dates(words, turn.message.at):
        _take(turn, case, told)


def _take(turn: Turn, case: Case, told: OncologyDate) -> None:
    row = turn.desk.session.get(OncologyDue, (case.id, told.kind))
    if row is None:
        row = OncologyDue(case_id=case.id, kind=told.kind, stopped=False)
        turn.desk.session.add(row)
    row.told_at, row.told_by = turn.desk.now, turn.speaker.name
    row.every = told.every or row.every
    row.weekdays = "".join(str(day) for day in sorted(told.weekdays)) or row.weekdays
    row.left = told.left if told.left is not None else row.left
    row.last = told.last or row.last
    row.stopped = told.stops
    today = turn.desk.local(turn.desk.now).date()
    if told.last == today == row.day and told.left is None and row.left:
        row.left -= 1
    if told.day is not None:
        row.day = told.day
    elif told.last is not None or row.day is None:
        row.day = _following(row, today)
    turn.desk.session.flush()


def _following(row: OncologyDue, today: date) -> date | None:
    """The one after the last; with only a rhythm known the first is tomorrow's, so that nothing is missed."""
    step = row.every or (LINE_DAYS if row.kind == LINE and row.last else None)
    if step is None:
        return None
    if row.last is None:
        return on_its_days(row, today + timedelta(days=1)) if step == 1 else None
    return on_its_days(row, row.last + timedelta(days=step))


def on_its_days(row: OncologyDue, day: date) -> date:
    """The day itself, or the first after it on which the rhythm has one: no radiotherapy on a Sunday."""
    while row.weekdays and str(day.isoweekday()) not in row.weekdays:
        day += timedelta(days=1)
    return day


def count_on(desk: Desk) -> None:
    """What was due up to this evening has been, and the next of its rhythm is due.

    A line waits until its care is told; so does for this evening what was told of today for today.
    """
    today = desk.local(desk.now).date()
    query = select(OncologyDue).where(
        OncologyDue.stopped.is_(False), OncologyDue.day <= today, OncologyDue.kind != LINE
    )
    for row in desk.session.scalars(query):
        over = today if desk.local(row.told_at).date() < today else today - timedelta(days=1)
        while row.day is not None and row.day <= over:
            row.last = row.day
            row.left = row.left - 1 if row.left is not None else None
            ends = row.every is None or row.left == 0
            row.day = None if ends else on_its_days(row, row.day + timedelta(days=row.every or 0))


def wanted(case: Case, row: OncologyDue) -> bool:
    """Whether the date is still to be spoken of: the case is open, or its rhythm goes on after it."""
    return is_open(case) or (
        row.every is not None and case.status == "closed" and case.outcome not in _NO_MORE
    )


def with_history(turn: Turn, report: Report) -> tuple[Report, Case | None]:
    """The report judged with the chemotherapy of the last weeks that the rows know of; and the case that knows it."""
    words = {"发热", "寒战", "畏寒"} & set(report.entities.get("symptoms", []))
    if not words and float(report.entities.get("temp", 0)) < 38:
        return report, None
    case = _treated(turn, report)
    if case is None:
        return report, None
    story = f"{turn.say('oncology_story')}。{report.quote}"
    again = turn.reader.patient(story, turn.message.at)
    if again.level > report.level:
        return report, None
    return replace(again, quote=report.quote, called=report.called, another=report.another), case


def _is_of(case: Case, report: Report) -> bool:
    """Known by name, telephone or address; by the bare name in words that say nothing else of who it is."""
    bare = not same_patient.tells_who(report) and same_patient.is_named(case, report)
    return bare or same_patient.is_certain(case, report)


def _treated(turn: Turn, report: Report) -> Case | None:
    today = turn.desk.local(turn.desk.now).date()
    since = today - FEVER_AFTER
    query = (
        select(OncologyDue, Case)
        .join(Case, Case.id == OncologyDue.case_id)
        .where(OncologyDue.kind == CHEMO, Case.status != "merged")
        .where(OncologyDue.last.between(since, today) | OncologyDue.day.between(since, today))
        .order_by(OncologyDue.case_id.desc())
    )
    for _, case in turn.desk.session.execute(query):
        if case.outcome not in _NO_MORE and _is_of(case, report):
            return case
    return None
