"""What open cases are found by: one row for each mark of an open case, kept in step with the case by itself.

So a message costs the same among ten thousand open cases and a hundred thousand closed ones: whoever looks
for cases of a room, a member or a patient asks for their marks and loads only those few.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Select, delete, event, exists, func, insert, inspect, or_, select, tuple_
from sqlalchemy.orm import Mapper, Session

from actions.case import OPEN
from actions.models import Case, OpenMark

Mark = tuple[str, str]
LENGTH = 96
"""Characters of a mark that are kept."""
_WATCHED = ("status", "fields", "story", "room", "expert_room", "hospital", "opened_by", "owner", "assignees")
_UNIT = re.compile(r"\d+(?:弄|号楼|号|幢|栋|座|单元|室|房|楼|层|村|期|组)?")
_GRAM = 2
_LISTS = ("symptoms", "history", "drugs", "concepts")


def marks_of(case: Case) -> set[Mark]:
    """All that an open case is found by; nothing when it has ended."""
    if case.status not in OPEN:
        return set()
    marks = {
        ("room", case.room),
        ("room", case.expert_room),
        ("asked_in", case.expert_room),
        ("hospital", case.hospital),
        *(("room", room) for room in case.fields.get("also_in", [])),
        *(("member", name) for name in (case.opened_by, case.owner, *case.assignees)),
        *(("member", name) for name in case.fields.get("also_by", [])),
        *(("word", word) for key in _LISTS for word in case.fields.get(key, [])),
        *of_person(case.fields),
        *(("digits", each) for told in case.story[:1] for each in _digits(told, case.fields)),
    }
    return {(kind, value[:LENGTH]) for kind, value in marks if value}


def of_person(fields: Mapping[str, Any]) -> Iterator[Mark]:
    """What tells of one patient: telephone, age, weeks, town, names, address."""
    for key in ("phone", "gestation", "town"):
        if fields.get(key):
            yield key, str(fields[key])
    if "age" in fields or "age_months" in fields:
        yield "age", f"{float(fields.get('age', fields.get('age_months', 0) / 12)):.3f}"
    for name in fields.get("called", []):
        yield "called", str(name)[:1]
    yield from _of_address(str(fields.get("address", "")))


def _of_address(address: str) -> Iterator[Mark]:
    """Every two characters of its name, the last two for themselves, and its numbers.

    One name that is part of another has its last two characters in it.
    """
    plain = re.sub(r"[\s,，。·-]", "", address)
    name = re.sub(r"[\d\W_]", "", _UNIT.sub("", plain))
    for start in range(max(len(name) - _GRAM + 1, min(len(name), 1))):
        yield "place", name[start : start + _GRAM]
    if name:
        yield "place_end", name[-_GRAM:]
    for number in re.findall(r"\d+", plain):
        yield "door" if name else "bare_door", number


def _digits(text: str, fields: Mapping[str, Any]) -> list[str]:
    """The numbers in a text; of one without any, that it has none and its town: forwards agree in them."""
    found = "-".join(re.findall(r"\d+", text))
    return [found] if found else [f"none {fields.get('town', '')}"]


def like_patient(fields: Mapping[str, Any], words: str) -> list[Mark]:
    """The marks of which another report of this patient must have one."""
    wanted: list[Mark] = []
    for kind, value in of_person(fields):
        match kind:
            case "phone" | "age" | "gestation" | "called" | "bare_door":
                wanted.append((kind, value))
            case "place":
                wanted.append(("place_end", value))
            case "place_end":
                wanted.append(("place", value))
        if kind in ("door", "bare_door"):
            wanted.append(("bare_door" if kind == "door" else "door", value))
    wanted += [("digits", each) for each in {*_digits(words, fields), *_digits(words, {})}]
    return [(kind, value[:LENGTH]) for kind, value in wanted]


def ids(marks: Collection[Mark]) -> Select[Any]:
    """The cases that have one of these marks."""
    by_kind: dict[str, set[str]] = {}
    for kind, value in marks:
        by_kind.setdefault(kind, set()).add(value)
    any_of = [(OpenMark.kind == kind) & OpenMark.value.in_(values) for kind, values in by_kind.items()]
    return select(OpenMark.case_id).where(or_(*any_of))


def with_any(session: Session, marks: Collection[Mark]) -> list[Case]:
    """The open cases that have one of these marks, in order of creation."""
    return list(session.scalars(select(Case).where(Case.id.in_(ids(marks))).order_by(Case.id)))


def first(session: Session, kind: str, value: str, most: int) -> list[int]:
    """The first open cases with a mark."""
    return list(session.scalars(_of(kind, value).order_by(OpenMark.case_id).limit(most)))


def more_than(session: Session, kind: str, value: str, number: int) -> bool:
    """Whether more than `number` open cases have a mark."""
    query = _of(kind, value).order_by(OpenMark.case_id).offset(number).limit(1)
    return session.scalar(query) is not None


def _of(kind: str, value: str) -> Select[Any]:
    return select(OpenMark.case_id).where(OpenMark.kind == kind, OpenMark.value == value[:LENGTH])


def most_alike(session: Session, room: str, marks: Collection[Mark], most: int) -> list[int]:
    """The open cases of a room that share most with these marks."""
    if not marks:
        return []
    here = _of("room", room)
    found = ids(marks).subquery()
    query = (
        select(found.c.case_id)
        .where(found.c.case_id.in_(here))
        .group_by(found.c.case_id)
        .order_by(func.count().desc(), found.c.case_id.desc())
        .limit(most)
    )
    return list(session.scalars(query))


def write(connection: Connection, case: Case) -> None:
    """Bring a case's rows up to date."""
    kept = select(OpenMark.kind, OpenMark.value).where(OpenMark.case_id == case.id)
    before = {(kind, value) for kind, value in connection.execute(kept)}
    now = marks_of(case)
    if gone := before - now:
        here = tuple_(OpenMark.kind, OpenMark.value).in_(gone)
        connection.execute(delete(OpenMark).where(OpenMark.case_id == case.id, here))
    _add(connection, case.id, now - before)


def complete(session: Session) -> int:
    """Give open cases that have no marks theirs: those of a database from before there were any. Returns how many."""
    marked = exists().where(OpenMark.case_id == Case.id)
    missing = session.scalars(select(Case).where(Case.status.in_(OPEN), ~marked)).all()
    for case in missing:
        write(session.connection(), case)
    return len(missing)


def _add(connection: Connection, case_id: int, marks: Iterable[Mark]) -> None:
    rows = [{"kind": kind, "value": value, "case_id": case_id} for kind, value in marks]
    if rows:
        connection.execute(insert(OpenMark), rows)


@event.listens_for(Case, "after_insert")
def _opened(_mapper: Mapper[Any], connection: Connection, case: Case) -> None:
    _add(connection, case.id, marks_of(case))


@event.listens_for(Case, "after_update")
def _changed(_mapper: Mapper[Any], connection: Connection, case: Case) -> None:
    state = inspect(case)
    if any(state.attrs[name].history.has_changes() for name in _WATCHED):
        write(connection, case)
