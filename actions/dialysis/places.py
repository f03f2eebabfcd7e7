"""Who has a dialysis place on a day: the register's sessions and the cases that go there, every patient once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import and_, or_, select

from actions.case import OPEN
from actions.desk import Desk
from actions.dialysis.models import DialysisPatient, DialysisSession
from actions.load import DIALYSIS, services_used
from actions.models import Case
from actions.open_marks import ids

AT_ONCE = 500
AGES_DIFFER = 2
"""Years by which what is told of one patient's age differs."""


@dataclass(frozen=True)
class Place:
    """One patient's place of a day; `shift` is None for somebody who is not in the register."""

    hospital: str
    shift: str | None


@dataclass(frozen=True)
class _Session:
    """A session of the register, and what its patient is known by."""

    patient: int
    name: str
    town: str | None
    phone: str
    age: int | None
    place: Place


@dataclass(frozen=True)
class _Sent:
    """An open case that goes to a unit."""

    case: int
    hospital: str
    ended: bool


def places_taken(desk: Desk, day: date, *, case: int = 0, patients: Collection[int] = ()) -> list[Place]:
    """The places of a day. Somebody of the register who has a case too has one: where the case leads.

    `case` and `patients` (ids): who is being placed now and does not count against himself, by whichever way known.
    """
    sessions, sent = _sessions(desk, day), _sent(desk, day)
    pairs = _pairs(desk, sessions, sent)
    placed = {patient for patient, of in pairs if of == case} | set(patients)
    left_out = {of for patient, of in pairs if patient in placed} | {case}
    going = [each for each in sent if each.case not in left_out]
    leads = {patient: each.hospital for each in going for patient, of in pairs if of == each.case}
    kept = [each.place for each in sessions if each.patient not in placed and each.patient not in leads]
    own = {each.patient: each.place for each in sessions}
    known = {of: patient for patient, of in pairs}
    return [*kept, *_of_cases(going, known, own)]


def led_elsewhere(desk: Desk, day: date) -> dict[int, str]:
    """Where cases lead patients of the register (by id) who have a session of that day at another unit."""
    sessions, sent = _sessions(desk, day), _sent(desk, day)
    own = {each.patient: each.place.hospital for each in sessions}
    leads = {each.case: each.hospital for each in sent}
    return {
        patient: leads[case] for patient, case in _pairs(desk, sessions, sent) if leads[case] != own[patient]
    }


def _of_cases(going: Sequence[_Sent], known: Mapping[int, int], own: Mapping[int, Place]) -> Iterator[Place]:
    """A place for each case, one for all cases of a patient of the register: the newest says where."""
    seen: set[int] = set()
    for each in sorted(going, key=lambda sent: -sent.case):
        patient = known.get(each.case)
        if patient in seen:
            continue
        if patient is not None:
            seen.add(patient)
        session = own.get(patient) if patient is not None else None
        stays = session is not None and session.hospital == each.hospital
        yield session if session is not None and stays else Place(each.hospital, None)


def _sessions(desk: Desk, day: date) -> list[_Session]:
    """The register's sessions of a day as they stand, in columns: this is asked for with every message."""
    patient, session = DialysisPatient, DialysisSession
    moved = and_(session.patient_id == patient.id, session.day == day)
    query = (
        select(
            patient.id, patient.name, patient.town, patient.phone, patient.age,
            patient.hospital, patient.shift, session.hospital, session.shift,
        )
        .outerjoin(session, moved)
        .where(patient.active, or_(patient.days.contains(str(day.isoweekday())), session.day.is_not(None)))
    )  # fmt: skip
    return [
        _Session(id_, name, town, phone, age, Place(other or own, changed or shift))
        for id_, name, town, phone, age, own, shift, other, changed in desk.session.execute(query)
    ]


def _sent(desk: Desk, day: date) -> list[_Sent]:
    """Cases that go to a unit: open ones hold their place until they are closed, today's closed ones have had it.

    Two queries, each answered from the index alone.
    """
    kind = (Case.category == "DIALYSIS", Case.hospital.is_not(None))
    columns = (Case.id, Case.hospital, Case.status, Case.level, Case.disposition, Case.specialty)
    query = select(*columns).where(*kind)
    found = list(desk.session.execute(query.where(Case.status.in_(OPEN))))
    if day == desk.local(desk.now).date():
        midnight = datetime.combine(day, time(), desk.site.tz)
        found += desk.session.execute(query.where(Case.status == "closed", Case.proposed_at >= midnight))
    return [
        _Sent(id_, hospital or "", status == "closed")
        for id_, hospital, status, level, disposition, specialty in found
        if DIALYSIS in services_used(level, "DIALYSIS", disposition, specialty)
    ]


def _pairs(desk: Desk, sessions: Sequence[_Session], sent: Sequence[_Sent]) -> list[tuple[int, int]]:
    """Patients of the register with the cases that are theirs, as ids."""
    if not (sessions and sent):
        return []
    alike: dict[str, list[_Session]] = defaultdict(list)
    for session in sessions:
        for mark in (session.phone, session.name):
            alike[mark].append(session)
    found = _linked(desk, {each.case for each in sent})
    for case, fields in _fields(desk, sessions, sent):
        marks = (str(fields.get("phone", "")), *fields.get("called", ()))
        near = (session for mark in marks for session in alike.get(mark, ()))
        found |= {(session.patient, case) for session in near if _is_same(session, fields)}
    there = {session.patient for session in sessions}
    return sorted((patient, case) for patient, case in found if patient in there)


def _fields(
    desk: Desk, sessions: Sequence[_Session], sent: Sequence[_Sent]
) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """What is known of those of the cases that may be somebody's of the register: by the marks of open ones."""
    marks = [("phone", each.phone) for each in sessions if each.phone]
    marks += [("called", each.name[:1]) for each in sessions if each.name]
    marked = set(desk.session.scalars(ids(marks))) if marks else set()
    likely = {each.case for each in sent if each.ended or each.case in marked}
    for start in range(0, len(likely), AT_ONCE):
        some = sorted(likely)[start : start + AT_ONCE]
        yield from (
            (id_, fields)
            for id_, fields in desk.session.execute(select(Case.id, Case.fields).where(Case.id.in_(some)))
        )


def _linked(desk: Desk, cases: Collection[int]) -> set[tuple[int, int]]:
    """Cases that were opened because a session was missed."""
    row = DialysisSession
    query = select(row.patient_id, row.case_id).where(row.case_id.is_not(None))
    found = desk.session.execute(query)
    return {(patient, case) for patient, case in found if case is not None and case in cases}


def _is_same(session: _Session, fields: Mapping[str, Any]) -> bool:
    """By telephone, else by full name and town where the ages do not tell them apart."""
    if session.phone and session.phone == fields.get("phone"):
        return True
    told = fields.get("age")
    if told is not None and session.age is not None and abs(told - session.age) > AGES_DIFFER:
        return False
    return session.name in fields.get("called", ()) and session.town == fields.get("town") is not None
