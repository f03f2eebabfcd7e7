"""Entering a patient into the register, and changing what it says of one."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import select

from actions.desk import Desk
from actions.models import DialysisPatient

NEW, CHANGED, SAME = "new", "changed", "same"


@dataclass(frozen=True)
class Entry:
    """What is told of a patient. Empty or None: not told, so what is known stays."""

    name: str
    hospital: str
    days: str
    shift: str
    start: str
    sex: str | None = None
    age: int | None = None
    town: str | None = None
    address: str = ""
    phone: str = ""
    transport: str = ""
    since: date | None = None


def enter(desk: Desk, entry: Entry, by: str, room: str | None) -> tuple[DialysisPatient, str]:
    """Put the entry into the register; the patient, and whether he is new, changed or the same."""
    known = find(desk, entry)
    if known is None:
        patient = DialysisPatient(
            **asdict(entry), active=True, room=room, registered_at=desk.now, registered_by=by
        )
        desk.session.add(patient)
        desk.session.flush()
        return patient, NEW
    changes = differences(known, entry)
    for key, value in changes.items():
        setattr(known, key, value)
    if not known.active:
        known.active, known.registered_at = True, desk.now
        changes["active"] = True
    return known, CHANGED if changes else SAME


def differences(known: DialysisPatient, entry: Entry) -> dict[str, object]:
    """What the entry tells otherwise than the register has it."""
    return {
        key: value
        for key, value in asdict(entry).items()
        if value not in (None, "") and getattr(known, key) != value
    }


def find(desk: Desk, entry: Entry) -> DialysisPatient | None:
    """The same person: the name, and neither telephone nor town that says otherwise."""
    query = select(DialysisPatient).where(DialysisPatient.name == entry.name).order_by(DialysisPatient.id)
    for patient in desk.session.scalars(query):
        if _agree(patient.phone, entry.phone) and _agree(patient.town, entry.town):
            return patient
    return None


def _agree(one: str | None, other: str | None) -> bool:
    return not one or not other or one == other


def start_of(desk: Desk, shift: str, told: str | None) -> str:
    """When the session begins: as told, else as the place's shifts do."""
    return told or f"{desk.site.policy.dialysis_shifts[shift]:%H:%M}"


def shift_of(desk: Desk, start: str) -> str:
    """The shift that a start belongs to: the last that has begun by then, else the first."""
    shifts = sorted(desk.site.policy.dialysis_shifts.items(), key=lambda each: each[1])
    begun = [name for name, clock in shifts if f"{clock:%H:%M}" <= start]
    return begun[-1] if begun else shifts[0][0]
