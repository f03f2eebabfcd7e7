"""A department opens, closes or is full: remembered until its time, and open proposals there are made anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from actions import propose, reassign, wording
from actions.context import bind
from actions.dialysis import stop
from actions.matching import StatusNote
from actions.models import Case, HospitalNote
from actions.oncology import stop as oncology
from actions.permissions import may, refuse
from actions.turn import Turn
from nlu.understanding import HospitalStatus

OF_GROUPS = {"DIALYSIS": "血透", "MATERNAL": "产科", "ONCO": "化疗"}
"""The department of which an expert group speaks in its room."""


def hospital_status(turn: Turn) -> None:
    """Take the word of those who may speak for the hospital."""
    status = turn.meaning.hospital_status
    hospital = (status.hospital if status else None) or turn.speaker.hospital
    if status is None or not hospital:
        return
    if not _may_speak_for(turn, hospital):
        refuse(turn, "hospital_status", None)
        return
    if status.resumes and _department(turn, hospital, status) is None and not status.whole:
        turn.reply(
            "clarify", turn.say("which_department", who=turn.speaker.name), mentions=[turn.speaker.name]
        )
        return
    note = _noted(turn, hospital, status)
    turn.reply("confirm", _as_told(turn, note))
    oncology.unit_said(turn.desk, note)
    if note.state != "open":
        reassign.reassign(turn, note)
    # After the cases: whoever of the register has one goes where it leads now.
    stop.unit_said(turn.desk, hospital, note.department, note.state)


def says_more_than_no(turn: Turn) -> bool:
    """Whether a decline is of a department and of no one case.

    血透满了, where nobody or several wait for the hospital's answer, or only somebody who needs another department.
    """
    status = turn.meaning.hospital_status
    hospital = (status.hospital if status else None) or turn.speaker.hospital
    if status is None or not hospital or turn.meaning.act != "decline" or not _may_speak_for(turn, hospital):
        return False
    found = bind(turn, "decline")
    if found.case is not None:
        said = StatusNote(hospital, status.department, status.state, status.until)
        other = status.department is not None and not found.pointed
        return other and not propose.would_shut(turn.desk, found.case, said)
    return not found.choices or status.until is not None or status.department is not None


def told_beside(turn: Turn, hospital: str | None, case: Case) -> HospitalNote | None:
    """A decline that gives a time or speaks of a whole department says so of the hospital too (§8.7).

    今天满了, in answer to one patient, is said of the department that he needs.
    """
    status = turn.meaning.hospital_status
    if status is None or hospital is None or status.state == "open":
        return None
    if status.until is None and status.department is None:
        return None
    if status.hospital and status.hospital != hospital:
        return None
    if status.department is None and not status.whole:
        status = replace(status, department=case.specialty)
    return _noted(turn, hospital, status) if _may_speak_for(turn, hospital) else None


def confirmation(turn: Turn, note: HospitalNote | None) -> str:
    """How a note is confirmed; empty without one."""
    return _as_told(turn, note) if note is not None else ""


def _may_speak_for(turn: Turn, hospital: str) -> bool:
    own = turn.speaker.role != "hospital" or hospital == turn.speaker.hospital
    return own and may(turn, "hospital_status", None)


def _noted(turn: Turn, hospital: str, status: HospitalStatus) -> HospitalNote:
    """Write down what was said. 恢复, 周三恢复 without a department end what was said of the hospital last."""
    department, state, until = _department(turn, hospital, status), status.state, status.until
    if state == "open" and status.since is not None:
        state, until = "closed", None  # 下午四点起停诊: what is to be remembered is the closing
    note = HospitalNote(
        hospital=hospital,
        department=department,
        state=state,
        since=status.since,
        until=until,
        at=turn.desk.now,
        said_by=turn.speaker.name,
    )
    turn.desk.session.add(note)
    turn.log(None, "hospital_status", hospital=hospital, department=department, state=state)
    turn.desk.session.flush()
    return note


def _department(turn: Turn, hospital: str, status: HospitalStatus) -> str | None:
    """The one named; else of 恢复 the one that closed last, and in an expert group's room that of the group."""
    if status.department is not None or status.whole:
        return status.department
    if (status.state == "open" or status.resumes) and (closed := _ended_by(turn, hospital)):
        return closed
    room = turn.desk.site.rooms.get(turn.message.room or "")
    return OF_GROUPS.get(room.category or "") if room is not None else None


def _ended_by(turn: Turn, hospital: str) -> str | None:
    """The department of the newest closing of that hospital; None when it was of the whole, or none is known."""
    notes = [each for each in turn.desk.hospital_notes() if each.hospital == hospital]
    closed = [each for each in notes if each.state != "open"]
    return max(closed, key=lambda each: each.id).department if closed else None


def _as_told(turn: Turn, note: HospitalNote) -> str:
    return turn.say(
        f"hospital_{note.state}",
        hospital=wording.house(turn.desk, note.hospital),
        department=wording.specialty_name(note.department or ""),
        since=turn.say("since", time=_time(turn, note.since)) if note.since else "",
        until=turn.say("until", time=_time(turn, note.until)) if note.until else "",
    )


def _time(turn: Turn, at: datetime) -> str:
    return turn.desk.local(at).strftime("%m月%d日%H:%M")
