"""A dialysis unit stops: its patients of the coming days are spread over the others, and their passes no longer hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import delete

from actions.closing import codes_of
from actions.desk import BOT, Desk
from actions.dialysis.places import led_elsewhere, places_taken
from actions.dialysis.plan import EXPECTED, Planned, group_room, planned, row_of
from actions.dialysis.spread import Move, Point, Seat, Unit, spread
from actions.dialysis.stop_told import tell, withdraw_passes
from actions.dialysis.wording import masked
from actions.models import DialysisSession, HospitalNote

SERVICE = "血透"
_STOPPED = "closed"
Span = tuple[datetime | None, datetime | None]
"""From when (None: now) until when (None: until further word)."""
AHEAD = 7
"""Days for which patients are moved at once when it is known how long the unit stops."""


def unit_said(desk: Desk, hospital: str, department: str | None, state: str) -> None:
    """After word on a hospital's department: move its patients of the coming days, or let them come back."""
    if not _is_unit(department):
        return
    today = desk.local(desk.now).date()
    week = [today + timedelta(days=n) for n in range(AHEAD)]
    if state == _STOPPED:
        _, until = _stopped(desk).get(hospital, (None, None))
        # Until further word: a day at a time, the next ones when their list is made.
        move_those_of_stopped_units(desk, week if until else week[:2])
    elif state == "open":
        _bring_back(desk, hospital, week)


def _is_unit(department: str | None) -> bool:
    """The department of the tables that dialyses; a clinic for bag dialysis (腹透) alone is no unit."""
    return department is None or ("NEPH" in codes_of(department) and "腹透" not in department)


def move_those_of_stopped_units(desk: Desk, days: Sequence[date]) -> None:
    """Another unit for every session to come of these days whose unit is closed then; posted once."""
    stopped = _stopped(desk)
    if not stopped:
        return
    moved: list[Planned] = []
    for day in days:
        sessions = [each for each in planned(desk, [day]) if each.begins > desk.now]
        stranded = [
            each
            for each in sessions
            if each.state == EXPECTED and _is_closed(stopped, each.hospital, each.begins)
        ]
        if stranded:
            _move(desk, stranded, stopped)
            moved += stranded
    if moved:
        tell(desk, moved)
        withdraw_passes(desk, moved)


def _stopped(desk: Desk) -> dict[str, Span]:
    """Units that are closed or will be: from when, until when. The last word on a unit counts."""
    state: dict[str, HospitalNote] = {}
    for note in [*desk.hospital_notes(), *desk.announced_closings(timedelta(days=AHEAD))]:
        if _is_unit(note.department):
            state[note.hospital] = note
    return {hospital: (note.since, note.until) for hospital, note in state.items() if note.state == _STOPPED}


def _is_closed(stopped: dict[str, Span], hospital: str, at: datetime) -> bool:
    if hospital not in stopped:
        return False
    since, until = stopped[hospital]
    return (since is None or since <= at) and (until is None or at < until)


def _move(desk: Desk, stranded: list[Planned], stopped: dict[str, Span]) -> None:
    """Whose case already leads to another unit goes there; the others are spread over what is left."""
    moves = _led(desk, stranded, stopped)
    others = [each for each in stranded if each.patient.id not in moves]
    seats = [Seat(each.patient.id, each.shift, _home(desk, each)) for each in others]
    if seats:
        moves |= {move.key: move for move in spread(seats, _units(desk, others, stopped))}
    for each in stranded:
        move = moves.get(each.patient.id)
        if move is not None:
            row = row_of(desk, each)
            row.hospital, row.shift = move.unit, move.shift
            if move.shift != each.shift:
                row.start = f"{desk.site.policy.dialysis_shifts[move.shift]:%H:%M}"
            desk.log(None, BOT, "dialysis_moved", patient=each.patient.id, day=str(each.day), to=move.unit)
    desk.session.flush()


def _units(desk: Desk, stranded: Sequence[Planned], stopped: dict[str, Span]) -> list[Unit]:
    """The place's other units with what is left of their places; a day's places are shared out over its shifts."""
    shifts = desk.site.policy.dialysis_shifts
    day, begins = stranded[0].day, stranded[0].begins
    taken = Counter(
        (place.hospital, place.shift)
        for place in places_taken(desk, day, patients=[each.patient.id for each in stranded])
    )
    units = []
    for house in desk.site.institutions.values():
        if house.reach != "区内" or not house.states(SERVICE) or _is_closed(stopped, house.name, begins):
            continue
        places = house.places_for(SERVICE)
        each_shift = None if places is None else places.count // len(shifts)
        free = {
            shift: None if each_shift is None else max(0, each_shift - taken[house.name, shift])
            for shift in shifts
        }
        _take_anywhere(free, taken[house.name, None])
        units.append(Unit(house.name, _point(house.lat, house.lon), free))
    return units


def _led(desk: Desk, stranded: Sequence[Planned], stopped: dict[str, Span]) -> dict[int, Move]:
    """Those whose case leads them to a unit that works: they have their place there."""
    where = led_elsewhere(desk, stranded[0].day)
    return {
        each.patient.id: Move(each.patient.id, where[each.patient.id], each.shift)
        for each in stranded
        if each.patient.id in where and not _is_closed(stopped, where[each.patient.id], each.begins)
    }


def _take_anywhere(free: dict[str, int | None], patients: int) -> None:
    """Patients whose shift nobody has told take it where most is left."""
    for _ in range(patients):
        known = {shift: left for shift, left in free.items() if left}
        if not known:
            return
        most = max(known, key=lambda shift: known[shift])
        free[most] = known[most] - 1


def _home(desk: Desk, session: Planned) -> Point:
    town = desk.site.towns.get(session.patient.town or "")
    return (town.lat, town.lon) if town else None


def _point(lat: float | None, lon: float | None) -> Point:
    return None if lat is None or lon is None else (lat, lon)


def _bring_back(desk: Desk, hospital: str, days: Sequence[date]) -> None:
    """The unit works again: its patients' sessions to come are where the register has them."""
    back = [
        each
        for each in planned(desk, days)
        if each.moved
        and each.patient.hospital == hospital
        and each.state == EXPECTED
        and each.begins > desk.now
    ]
    if back:
        withdraw_passes(desk, back, stopped=False)
        _forget(desk, back)
        names = "、".join(masked(each.patient) for each in back)
        text = desk.phrases.say("dialysis_back", hospital=hospital, names=names)
        desk.post(f"dialysis:back:{desk.now.isoformat()}", "relay", text, room=group_room(desk))


def _forget(desk: Desk, sessions: Iterable[Planned]) -> None:
    for each in sessions:
        desk.session.execute(
            delete(DialysisSession).where(
                DialysisSession.patient_id == each.patient.id, DialysisSession.day == each.day
            )
        )
