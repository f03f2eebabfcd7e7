"""A woman whose pregnancy or birth is in the rows, when she is spoken of again: her weeks are known and not asked for."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from actions.desk import Desk
from actions.maternal.appointments import CATEGORY
from actions.maternal.models import MotherName
from actions.maternal.weeks import LAST_DAYS, known_today, person_words, story_today
from actions.models import Case
from actions.same_patient import differs
from actions.turn import Turn
from nlu.understanding import Entities, Report

LONGEST = 8
NAME_LENGTHS = (2, 3, 4)
LOOKED_AT = 200
_CHINESE = re.compile(r"[\u4e00-\u9fff]+")
KEPT = ("age", "sex", "town", "address", "phone", "parity", "gestation")
"""What stays true of her between two matters."""


def remember(desk: Desk, case: Case) -> None:
    """Her full name leads to her case from now on, also when that has ended."""
    if CATEGORY not in (case.category, *case.tags):
        return
    for name in full_names(case):
        if desk.session.get(MotherName, (name, case.id)) is None:
            desk.session.add(MotherName(name=name, case_id=case.id))


def full_names(case: Case) -> list[str]:
    """The names that are more than a family name."""
    return [name for each in case.fields.get("called", []) if len(name := str(each)[:LONGEST]) > 1]


def named(turn: Turn, words: str) -> list[Case]:
    """The mothers of the last months whose full name stands in the words, of each the newest case."""
    query = (
        select(Case)
        .join(MotherName, MotherName.case_id == Case.id)
        .where(MotherName.name.in_(_may_be_names(words)))
        .where(Case.opened_at >= turn.desk.now - timedelta(days=LAST_DAYS), Case.status != "merged")
        .order_by(Case.id)
    )
    return list({str(case.fields["called"]): case for case in turn.desk.session.scalars(query)}.values())


def _may_be_names(words: str) -> set[str]:
    """Every run of two to four Chinese characters; names stand near the beginning."""
    runs = _CHINESE.findall(words[:LOOKED_AT])
    return {run[at : at + length] for run in runs for at in range(len(run)) for length in NAME_LENGTHS}


def with_history(turn: Turn, report: Report) -> tuple[Report, Case | None]:
    """The report judged with the weeks, or the birth, that the rows know of; and the case that knows them.

    Nothing is added to a request without a complaint, nor to what is said of a newborn.
    """
    mother = _mother(turn, report)
    if mother is None:
        return report, None
    today = turn.desk.today
    known = {key: value for key, value in known_today(mother.fields, today).items() if key in KEPT}
    story = story_today([report.quote], mother.fields, today)
    weeks = person_words(mother.fields, today) if "gestation" in known else ""
    again = turn.reader.patient(
        "。".join(part for part in (weeks, story) if part), turn.message.at, {**known, **report.entities}
    )
    called = tuple(dict.fromkeys([*mother.fields["called"], *report.called]))
    if again.level > report.level:
        again = replace(report, category=again.category, entities={**known, **report.entities})
    return replace(again, quote=report.quote, called=called, missing=_missing(again, known)), mother


def _missing(report: Report, known: Entities) -> tuple[str, ...]:
    return tuple(item for item in report.missing if item not in known)


def _mother(turn: Turn, report: Report) -> Case | None:
    said = report.entities
    ill = said.get("symptoms") or report.category == CATEGORY
    if (
        not ill
        or said.get("sex") == "M"
        or report.another
        or report.category == "CHILD"
        or "age_months" in said
    ):
        return None
    found = [case for case in named(turn, report.quote) if not differs(case, report)]
    return found[0] if len(found) == 1 else None
