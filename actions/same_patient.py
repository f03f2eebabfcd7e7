"""Is this patient on the list already? Joined by what two reports share (contract §8.10).

A neighbour with the same complaint is another case: something that tells persons apart must agree, and one
thing that contradicts (another age, town, address, name) rules it out.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from rapidfuzz import fuzz
from sqlalchemy import select

from actions.case import OPEN
from actions.maternal.weeks import pregnant_days
from actions.models import Case
from actions.open_marks import ids, like_patient, with_any
from actions.places import agree, compatible
from actions.turn import Turn
from nlu.understanding import Report

WITHIN = timedelta(hours=48)
# How long age, town and complaint alone speak for one patient.
SOON = timedelta(hours=3)
ENOUGH = 5
# What two reports of one patient cannot differ in.
FIXED = ("sex", "town", "phone", "parity")
# Weeks of pregnancy are rounded, and go on between two reports; more than these days apart is another woman.
WEEKS_DIFFER = 7
# Ages are often guessed; more than this is another person.
AGES_DIFFER = 2
FULL_NAME = 3
# With one of these a report tells itself who it is of.
TELLS_WHO = ("age", "age_months", "town", "address", "phone")
NEARLY_THE_SAME = 88  # of 100, between two texts that are forwards of one another
LONG_ENOUGH = 12


def find(turn: Turn, report: Report) -> Case | None:
    """The open case of the same patient, reported before this message."""
    query = (
        select(Case)
        .where(Case.id.in_(ids(like_patient({**report.entities, "called": report.called}, report.quote))))
        .where(Case.status.in_(OPEN), Case.opened_at >= turn.desk.now - WITHIN)
        .where(Case.id.not_in(turn.message.case_ids))
        .order_by(Case.id.desc())
    )
    scored = [(likeness(case, report, turn.desk.now), case) for case in turn.desk.session.scalars(query)]
    best = max(scored, key=lambda pair: pair[0], default=None)
    return best[1] if best and best[0] >= ENOUGH else _named(turn, report)


def _named(turn: Turn, report: Report) -> Case | None:
    """The one open case of this room whose patient's full name stands in words that tell nothing else of who it is."""
    if report.another or tells_who(report):
        return None
    alike = with_any(turn.desk.session, [("called", char) for char in set(report.quote)])
    here = [case for case in alike if turn.message.room in (case.room, *case.fields.get("also_in", []))]
    named = [case for case in here if case.id not in turn.message.case_ids and is_named(case, report)]
    return named[0] if len(named) == 1 else None


def tells_who(report: Report) -> bool:
    """Whether it says where somebody is or how old, so that a name in it need not be of anybody known."""
    return any(key in report.entities for key in TELLS_WHO)


def is_named(case: Case, report: Report) -> bool:
    """Whether the patient's full name stands in the words, and nothing says otherwise."""
    names = (name for name in case.fields.get("called", []) if len(name) > 1)
    return any(name in report.quote for name in names) and not differs(case, report)


def is_certain(case: Case, report: Report) -> bool:
    """Whether a full name, a telephone or an address says that it is this patient, and nothing says otherwise."""
    old, new = case.fields, report.entities
    if report.another or differs(case, report):
        return False
    telephone = bool(old.get("phone")) and old.get("phone") == new.get("phone")
    address = agree(str(old.get("address", "")), str(new.get("address", "")))
    return telephone or address or _by_name(old, report.called) >= FULL_NAME


def likeness(case: Case, report: Report, now: datetime) -> int:
    """How much speaks for one patient; negative when something speaks against it."""
    old, new = case.fields, report.entities
    telephone = bool(old.get("phone")) and old.get("phone") == new.get("phone")
    forward = _is_forward(case, report.quote)
    if (report.another and not (telephone or forward)) or differs(case, report):
        return -1
    certain = (5 if telephone else 0) + (5 if forward else 0) + _by_name(old, report.called)
    certain += 3 if agree(str(old.get("address", "")), str(new.get("address", ""))) else 0
    personal = certain + _personal(old, new)
    if personal == 0 or (not certain and not _soon(case, report, now)):
        return 0
    shared = set(old.get("symptoms", [])) & set(new.get("symptoms", []))
    same = [key for key in ("town", "duration_h", "orig_hospital") if key in old and old[key] == new.get(key)]
    return personal + len(same) + (2 if shared else 0) + (1 if case.category == report.category else 0)


def differs(case: Case, report: Report) -> bool:
    """Whether the report cannot be of this patient."""
    return differ(case.fields, {**report.entities, "called": report.called})


def differ(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether what is known of two patients cannot be of one."""
    if any(key in old and key in new and old[key] != new[key] for key in FIXED):
        return True
    weeks = [pregnant_days(each) for each in (old, new)]
    if weeks[0] is not None and weeks[1] is not None and abs(weeks[0] - weeks[1]) > WEEKS_DIFFER:
        return True
    before, after = _years(old), _years(new)
    if before is not None and after is not None and abs(before - after) > AGES_DIFFER:
        return True
    if not compatible(str(old.get("address", "")), str(new.get("address", ""))):
        return True
    names, others = old.get("called", ()), new.get("called", ())
    return bool(names and others) and not any(_one_name(one, other) for one in names for other in others)


def _personal(old: Mapping[str, Any], new: Mapping[str, Any]) -> int:
    """What tells one person from the next; a sex alone does not."""
    score = 2 if _years(old) is not None and _years(old) == _years(new) else 0
    score += 2 if old.get("gestation") and old.get("gestation") == new.get("gestation") else 0
    return score + 1 if score and old.get("sex") and old.get("sex") == new.get("sex") else score


def _by_name(old: Mapping[str, Any], called: Collection[str]) -> int:
    """A full name says much, a family name a little."""
    shared = [name for name in old.get("called", []) if any(_one_name(name, other) for other in called)]
    return FULL_NAME if any(len(name) > 1 and name in called for name in shared) else 1 if shared else 0


def _one_name(one: str, other: str) -> bool:
    """王 and 王桂芳 can be one person, 王桂芳 and 王桂英 cannot."""
    return one == other or (1 in (len(one), len(other)) and one[0] == other[0])


def _soon(case: Case, report: Report, now: datetime) -> bool:
    """Age and complaint alone are shared by many; most of all among those who only want their medicine."""
    return now - case.opened_at <= SOON and "MEDS" not in (case.category, report.category)


def _is_forward(case: Case, words: str) -> bool:
    """Nearly the same text, with the same numbers in it."""
    if not case.story or len(words) < LONG_ENOUGH:
        return False
    first = case.story[0]
    return (
        re.findall(r"\d+", first) == re.findall(r"\d+", words) and fuzz.ratio(first, words) >= NEARLY_THE_SAME
    )


def _years(fields: Mapping[str, Any]) -> float | None:
    if "age" in fields:
        return float(fields["age"])
    return float(fields["age_months"]) / 12 if "age_months" in fields else None
