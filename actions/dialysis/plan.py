"""Who is dialysed when: the register's days with what became of them, and where they were moved for a day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from actions.desk import Desk
from actions.dialysis.register import active, is_due
from actions.models import DialysisPatient, DialysisSession
from actions.passes.facts import moment

EXPECTED, ASKED, DONE, MISSED = "expected", "asked", "done", "missed"
STILL_OPEN = (EXPECTED, ASKED)
_AHEAD = 8
"""Days in which every patient comes at least once."""


@dataclass(frozen=True)
class Planned:
    """One session of one day as it stands; `row` once something is known of it."""

    patient: DialysisPatient
    day: date
    hospital: str
    shift: str
    start: str
    begins: datetime
    row: DialysisSession | None

    @property
    def state(self) -> str:
        return self.row.state if self.row else EXPECTED

    @property
    def moved(self) -> bool:
        """Whether it is at another unit than the patient's own."""
        return self.hospital != self.patient.hospital


def planned(desk: Desk, days: Iterable[date]) -> list[Planned]:
    """The sessions of these days in the order in which they begin."""
    wanted = list(days)
    query = select(DialysisSession).where(DialysisSession.day.in_(wanted))
    rows = {(row.patient_id, row.day): row for row in desk.session.scalars(query)}
    found = [
        _planned(desk, patient, day, rows.get((patient.id, day)))
        for patient in active(desk)
        for day in wanted
        if is_due(patient, day) or (patient.id, day) in rows
    ]
    return sorted(found, key=lambda each: (each.begins, each.hospital, each.patient.id))


def _planned(desk: Desk, patient: DialysisPatient, day: date, row: DialysisSession | None) -> Planned:
    start = row.start if row and row.start else patient.start
    return Planned(
        patient=patient,
        day=day,
        hospital=row.hospital if row and row.hospital else patient.hospital,
        shift=row.shift if row and row.shift else patient.shift,
        start=start,
        begins=moment(day, start, desk.site.tz),
        row=row,
    )


def row_of(desk: Desk, session: Planned) -> DialysisSession:
    """The session's row, made when there is none yet."""
    if session.row is not None:
        return session.row
    row = DialysisSession(patient_id=session.patient.id, day=session.day, state=EXPECTED)
    desk.session.add(row)
    desk.session.flush()
    return row


def next_moment(desk: Desk, after: datetime, later: timedelta) -> datetime | None:
    """The first moment past `after` that lies `later` than the beginning of a session."""
    query = select(DialysisPatient.days, DialysisPatient.start).where(DialysisPatient.active).distinct()
    starts = {(weekdays, start) for weekdays, start in desk.session.execute(query)}
    if not starts:
        return None
    first = desk.local(after - later).date()
    days = [first + timedelta(days=n) for n in range(_AHEAD + 1)]
    moments = {moment(day, start, desk.site.tz) + later for day, start in _begins(desk, starts, days)}
    return min((each for each in moments if each > after), default=None)


def _begins(desk: Desk, starts: set[tuple[str, str]], days: list[date]) -> Iterator[tuple[date, str]]:
    for weekdays, start in starts:
        yield from ((day, start) for day in days if str(day.isoweekday()) in weekdays)
    moved = select(DialysisSession.day, DialysisSession.start).where(
        DialysisSession.day >= days[0], DialysisSession.start.is_not(None)
    )
    for day, changed in desk.session.execute(moved):
        yield day, str(changed)


def group_room(desk: Desk) -> str | None:
    """The room in which dialysis is arranged: the experts' one, else the first intake room."""
    experts = desk.site.expert_room("DIALYSIS")
    rooms = [experts] if experts else desk.site.rooms_for("intake")
    return rooms[0].name if rooms else None


def speakers_for(desk: Desk, hospitals: Iterable[str], room: str | None) -> list[str]:
    """Who of these hospitals is in the room; of one without anybody there, the experts or coordinator on duty."""
    named: list[str] = []
    for hospital in hospitals:
        there = [each.name for each in desk.site.hospital_members(hospital) if room in each.rooms]
        named += there or _on_duty(desk)
    return list(dict.fromkeys(named))


def _on_duty(desk: Desk) -> list[str]:
    experts = (desk.on_duty(code) for code in desk.site.expert_codes("DIALYSIS"))
    return [name for name in experts if name][:1] or desk.first_on_duty()
