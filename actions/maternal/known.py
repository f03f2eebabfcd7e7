"""A woman whose pregnancy or birth is in the rows, when she is spoken of again: her weeks are known and not asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from actions.maternal.appointments import CATEGORY
from actions.maternal.weeks import LAST_DAYS, known_today, person_words, story_today
from actions.models import Case
from actions.same_patient import differs
from actions.turn import Turn
from nlu.understanding import Entities, Report

KEPT = ("age", "sex", "town", "address", "phone", "parity", "gestation")
"""What stays true of her between two matters."""


def named(turn: Turn, words: str) -> list[Case]:
    """The mothers of the last months whose full name stands in the words, of each the newest case."""
    since = turn.desk.now - timedelta(days=LAST_DAYS)
    query = select(Case).where(Case.category == CATEGORY, Case.opened_at >= since, Case.status != "merged")
    found = [case for case in turn.desk.session.scalars(query.order_by(Case.id)) if _is_named(case, words)]
    return list({str(case.fields["called"]): case for case in found}.values())


def _is_named(case: Case, words: str) -> bool:
    return any(len(str(name)) > 1 and str(name) in words for name in case.fields.get("called", []))


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
    if not ill or report.another or report.category == "CHILD" or "age_months" in said:
        return None
    found = [case for case in named(turn, report.quote) if not differs(case, report)]
    return found[0] if len(found) == 1 else None
