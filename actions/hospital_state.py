"""A department opens, closes or is full: remembered until its time, and open proposals there are made anew."""

from __future__ import annotations

from actions import propose, wording
from actions.case import set_due
from actions.dialysis import stop
from actions.models import HospitalNote
from actions.open_marks import with_any
from actions.permissions import may, refuse
from actions.proposal import say_proposal
from actions.turn import Turn
from nlu.understanding import HospitalStatus


def hospital_status(turn: Turn) -> None:
    """Take the word of those who may speak for the hospital."""
    status = turn.meaning.hospital_status
    hospital = (status.hospital if status else None) or turn.speaker.hospital
    if status is None or not hospital:
        return
    if not _may_speak_for(turn, hospital):
        refuse(turn, "hospital_status", None)
        return
    turn.reply("confirm", _note(turn, hospital, status))
    stop.unit_said(turn.desk, hospital, status.department, status.state)
    if status.state != "open":
        propose_again(turn, hospital)


def told_beside(turn: Turn, hospital: str | None) -> str:
    """A decline that gives a time or speaks of a whole department says so of the hospital too (§8.7).

    Returns the sentence for the confirmation, empty when there is nothing to note.
    """
    status = turn.meaning.hospital_status
    if status is None or hospital is None or status.state == "open":
        return ""
    if status.until is None and status.department is None:
        return ""
    if status.hospital and status.hospital != hospital:
        return ""
    return _note(turn, hospital, status) if _may_speak_for(turn, hospital) else ""


def propose_again(turn: Turn, hospital: str) -> None:
    """Open proposals that this word makes impossible go to the next hospital."""
    there = with_any(turn.desk.session, [("hospital", hospital)])
    for case in [case for case in there if case.status == "proposed"]:
        if hospital in [each.name for each in propose.ranked(turn.desk, case)][:1]:
            continue  # another department than the one it needs
        propose.next_candidate(turn.desk, case)
        set_due(turn.desk, case)
        say_proposal(turn, case, hospital)


def _may_speak_for(turn: Turn, hospital: str) -> bool:
    own = turn.speaker.role != "hospital" or hospital == turn.speaker.hospital
    return own and may(turn, "hospital_status", None)


def _note(turn: Turn, hospital: str, status: HospitalStatus) -> str:
    """Write down what was said; returns how to confirm it."""
    turn.desk.session.add(
        HospitalNote(
            hospital=hospital,
            department=status.department,
            state=status.state,
            until=status.until,
            at=turn.desk.now,
            said_by=turn.speaker.name,
        )
    )
    turn.log(None, "hospital_status", hospital=hospital, state=status.state)
    turn.desk.session.flush()
    until = turn.desk.local(status.until).strftime("%m月%d日%H:%M") if status.until else ""
    return turn.say(
        f"hospital_{status.state}",
        hospital=hospital,
        department=wording.specialty_name(status.department or ""),
        until=turn.say("until", time=until) if until else "",
    )
