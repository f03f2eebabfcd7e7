"""What members said of hospitals: which departments are closed or full at a moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from actions.site_files import Faults, read_table
from actions.site_policy import PROTOCOL
from actions.site_types import OUTPATIENT, SiteError


@dataclass(frozen=True)
class StatusNote:
    """A hospital (`department` None) or one of its departments is open, closed or full.

    `department` is a specialty code or a name as members write it. `until` None: until further word.
    """

    hospital: str
    department: str | None
    state: str
    until: datetime | None = None


@dataclass(frozen=True)
class Wanted:
    """Specialty codes that a patient needs, closed with the whole hospital unless something else was said of them;
    and services, closed when they themselves were spoken of."""

    codes: frozenset[str]
    names: frozenset[str]


@dataclass
class Closing:
    """One hospital: the note that closed all of it, if any, and the last word on single departments."""

    whole: StatusNote | None = None
    departments: dict[str, StatusNote] = field(default_factory=dict)

    def of(self, wanted: Wanted, outpatient: bool) -> StatusNote | None:
        """The note that closes something wanted; None when all of it is open.

        `outpatient`: the patient is no emergency, so that a closed out-patient clinic closes everything.
        """
        if outpatient and (note := self.departments.get(OUTPATIENT)) and note.state != "open":
            return note
        notes = [self.departments.get(code, self.whole) for code in wanted.codes]
        notes += [self.departments.get(name) for name in wanted.names]
        return next((note for note in notes if note is not None and note.state != "open"), None)


def closings(statuses: Sequence[StatusNote], at: datetime | None) -> dict[str, Closing]:
    """Closings by hospital at a moment. A later note wins over an earlier one about the same."""
    found: dict[str, Closing] = {}
    for note in statuses:
        if note.until is not None and at is not None and note.until <= at:
            continue
        if note.department is None:
            found[note.hospital] = Closing(whole=note)
        else:
            departments = found.setdefault(note.hospital, Closing()).departments
            departments |= dict.fromkeys({note.department, *codes_of(note.department)}, note)
    return found


@lru_cache(maxsize=1)
def _departments() -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Code, short name and ways of saying of every department."""
    faults = Faults()
    rows = read_table(PROTOCOL / "departments.csv", ("code", "name", "says"), faults)
    if faults.lines:
        raise SiteError(faults.lines[0])
    return tuple((row["code"], row["name"], row.many("says")) for row in rows)


@lru_cache(maxsize=1)
def short_names() -> dict[str, str]:
    """Specialty codes with the short names people use (ENT: 耳鼻喉科)."""
    return {code: name for code, name, _ in _departments()}


@lru_cache(maxsize=256)
def codes_of(text: str) -> frozenset[str]:
    """Specialty codes that a department's name means; the longest way of saying in it decides."""
    if text in short_names():
        return frozenset({text})
    hits = [(len(say), code) for code, _, says in _departments() for say in says if say in text]
    longest = max((length for length, _ in hits), default=0)
    return frozenset(code for length, code in hits if length == longest)
