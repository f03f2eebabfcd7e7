"""A department closed: all who were proposed there go to the next hospital, told together, not one by one.

Patients of a dialysis unit are spread over the others within the places of the directory; those for whom no place is
left are named to whoever coordinates. Their sessions of the register (actions/dialysis) move with them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from actions import propose, refused, wording
from actions.case import set_due
from actions.desk import Desk
from actions.intake import ask_hospital
from actions.models import Case, HospitalNote
from actions.open_marks import with_any
from actions.places_left import PlacesLeft
from actions.proposal import say_proposal
from actions.turn import Turn


def reassign(turn: Turn, note: HospitalNote) -> None:
    """Open proposals that this word makes impossible go on; one post for a room, one list for a receiving hospital."""
    moved = _moved(turn, note)
    alone = [case for case in moved if case.private or case.room is None]
    rooms: dict[str, list[Case]] = defaultdict(list)
    for case in moved:
        if case not in alone:
            rooms[str(case.room)].append(case)
    for room, cases in rooms.items():
        if len(cases) > 1:
            _tell_together(turn, note, room, cases)
        else:
            alone += cases
    for case in alone:
        say_proposal(turn, case, note.hospital)
        ask_hospital(turn, case)
    _tell_receiving(turn, note, [case for cases in rooms.values() if len(cases) > 1 for case in cases])


def _moved(turn: Turn, note: HospitalNote) -> list[Case]:
    """Each case that was proposed there and cannot stay, with its next hospital; the most urgent choose first."""
    desk = turn.desk
    there = with_any(desk.session, [("hospital", note.hospital)])
    waiting = sorted((case for case in there if case.status == "proposed"), key=lambda c: (c.level, c.id))
    places = PlacesLeft(desk, desk.local(note.since or desk.now).date())
    with (
        desk.session.no_autoflush
    ):  # nothing moves yet: how busy the hospitals are is read once for all of them
        shut = [
            case for case in waiting if propose.is_shut_by(desk, case, note)
        ]  # it is the department they need
    moved = []
    for case in shut:
        refused.pass_over(desk, case, note.hospital, note.state)
        if case.category == "DIALYSIS" and places.known():
            propose.next_with_place(desk, case, places.take)
        else:
            propose.next_candidate(desk, case)
        set_due(desk, case)
        moved.append(case)
    return moved


def _tell_together(turn: Turn, note: HospitalNote, room: str, cases: Sequence[Case]) -> None:
    """One post in the room of origin: who goes where now, and for whom somebody must be found by hand."""
    desk = turn.desk
    placed, without = _by_hospital(cases), [case for case in cases if case.hospital is None]
    lines = [turn.say("moved_head", hospital=note.hospital, reason=_reason(desk, note), count=len(cases))]
    for hospital, group in placed.items():
        lines.append(_hospital_line(desk, hospital, len(group)))
        lines += [wording.short(case) for case in group]
    mentions: list[str | None] = []
    if without:
        lines.append(turn.say("moved_nowhere", count=len(without)))
        lines += [wording.short(case) for case in without]
        mentions = [*desk.first_on_duty(), desk.on_duty("LEADER")]
    key = f"{cases[0].number}+{len(cases) - 1}:moved:m{turn.message.id}"
    desk.post(key, "proposal", "\n".join(lines), room=room, cases=cases, mentions=mentions)


def _tell_receiving(turn: Turn, note: HospitalNote, cases: Sequence[Case]) -> None:
    """One list for each receiving hospital, in its own room or in the group of its experts."""
    desk = turn.desk
    for hospital, group in _by_hospital(cases).items():
        own = desk.site.hospital_room(hospital)
        rooms = {own.name} if own else {case.expert_room for case in group if case.expert_room}
        for room in sorted(rooms):
            shown = [case for case in group if own or case.expert_room == room]
            if room == shown[0].room:
                continue  # read there already
            lines = [
                turn.say("receiving_head", hospital=hospital, before=note.hospital, count=len(shown)),
                *(turn.say("receiving_line", number=case.number, level=wording.LEVELS[case.level],
                           town=case.town or "", case=wording.for_experts(case)) for case in shown),
            ]  # fmt: skip
            key = f"{shown[0].number}+{len(shown) - 1}:receiving:m{turn.message.id}"
            desk.post(key, "prompt", "\n".join(lines), room=room, cases=shown, only_while_open=True)


def _by_hospital(cases: Sequence[Case]) -> dict[str, list[Case]]:
    groups: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        if case.hospital is not None:
            groups[case.hospital].append(case)
    return groups


def _hospital_line(desk: Desk, hospital: str, count: int) -> str:
    line = propose.direct_line(desk, hospital)
    shown = desk.phrases.say("direct_line", line=line) if line else ""
    return desk.phrases.say("moved_hospital", hospital=hospital, count=count, line=shown)


def _reason(desk: Desk, note: HospitalNote) -> str:
    department = wording.specialty_name(note.department or "")
    return department + refused.in_words(desk, {"reason": note.state})
