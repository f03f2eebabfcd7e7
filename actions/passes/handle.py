"""Messages about passes, recognised before what else they might be: 给#3开证, the dates that were asked for, 证作废."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from actions.binding import clarify
from actions.context import bind, by_numbers, by_quote, standing
from actions.dialysis.register import named
from actions.models import Case, DialysisPatient, Event, Pass
from actions.passes.issue import issue
from actions.passes.subject import Subject, may_issue
from actions.passes.withdraw import withdraw
from actions.permissions import refuse
from actions.turn import Turn
from nlu.programmes.said import PassWords

# How long dates are looked for after they were asked for.
ANSWERED_WITHIN = timedelta(hours=2)
# What a message with nothing but dates may be taken for.
DATES = frozenset({"notice", "chatter", "update", "snooze", "correct", "report", "ask", "consult", "close"})

# What a message about passes must never be taken for.
ENDS = frozenset({"close", "reopen", "decline"})


def handles(turn: Turn) -> bool:
    """Whether the message was about a pass; then that has been done."""
    said = turn.reader.pass_words(turn.message.text, turn.message.at)
    if said.wants == "withdraw":
        done = _withdraw(turn, said)
    elif said.wants == "issue":
        done = _issue(turn, said)
    else:
        done = _answers(turn, said)
    if done:
        turn.message.act = "pass"
    return done and not turn.meaning.danger  # what else it tells must not be passed over


def again(turn: Turn) -> None:
    """After "which case?": the same request, now that the case is known."""
    said = turn.reader.pass_words(turn.message.text, turn.message.at)
    if said.wants == "withdraw":
        _withdraw(turn, said)
    else:
        _issue(turn, said)


def _issue(turn: Turn, said: PassWords) -> bool:
    subjects = _pointed(turn)
    if not subjects:
        if turn.meaning.reports or turn.meaning.act == "notice" or not said.when.dated:
            return False
        binding = bind(turn, "pass")
        if binding.case is None and binding.choices:
            turn.message.act = "pass"
            clarify(turn, binding.choices)
            return True
        subjects = [_of_case(turn, binding.case)] if binding.case else []
    for subject in subjects:
        if subject.case is not None:
            turn.touch(subject.case)
        if may_issue(turn, subject):
            issue(turn, subject, said)
        else:
            refuse(turn, "pass", subject.case)
    return bool(subjects)


def _pointed(turn: Turn) -> list[Subject]:
    """By number or quote, else by the name of a patient of the register."""
    if turn.forced is not None:
        return [_of_case(turn, turn.forced)]
    if cases := by_numbers(turn) or [standing(turn, case) for case in by_quote(turn)]:
        return [_of_case(turn, case) for case in dict.fromkeys(cases)]
    return [Subject(patient=patient) for patient in named(turn.desk, turn.message.text)]


def _of_case(turn: Turn, case: Case) -> Subject:
    """The case, with its patient's row of the register where the names or telephones agree."""
    names = "、".join(case.fields.get("called", []))
    known = [each for each in named(turn.desk, names) if each.hospital == case.hospital]
    return Subject(case, known[0] if len(known) == 1 else None)


def _answers(turn: Turn, said: PassWords) -> bool:
    """Whether the message brings the dates that the speaker was asked for."""
    if not said.when.dated or turn.meaning.act not in DATES or turn.meaning.pointers.case_numbers:
        return False
    event = turn.desk.session.scalar(
        select(Event)
        .where(Event.what.in_(("pass_asked", "pass_issued")), Event.who == turn.speaker.name)
        .where(Event.at >= turn.desk.now - ANSWERED_WITHIN)
        .order_by(Event.id.desc())
        .limit(1)
    )
    if event is None or event.what != "pass_asked":
        return False
    patient = event.detail.get("patient")
    subject = Subject(event.case, turn.desk.session.get(DialysisPatient, patient) if patient else None)
    if subject.case is not None:
        turn.touch(subject.case)
    issue(turn, subject, said)
    return True


def _withdraw(turn: Turn, said: PassWords) -> bool:
    rows = _live(turn, said)
    if len(rows) != 1 and not (said.serials or _pointed(turn)):
        rows = []  # which of several is never guessed
    for row in rows:
        subject = _subject(turn, row)
        if not may_issue(turn, subject):
            refuse(turn, "pass", subject.case)
            continue
        withdraw(turn.desk, row, turn.speaker.name, turn.message.id)
        cases = [subject.case] if subject.case else []
        turn.reply(
            "confirm", turn.say("pass_withdrawn", serial=row.serial, who=turn.speaker.name), cases=cases
        )
    if not rows and not (said.serials or _pointed(turn) or turn.meaning.act in ENDS):
        return False  # 通行证取消了，可以自由进出: of no pass of ours
    if not rows:  # never taken for the end of a case
        turn.reply("answer", turn.say("pass_none", who=turn.speaker.name), mentions=[turn.speaker.name])
    return True


def _live(turn: Turn, said: PassWords) -> list[Pass]:
    """The passes meant, of those that still hold: by serial number, by the patient, else those issued in this room."""
    query = select(Pass).where(Pass.withdrawn_at.is_(None), Pass.valid_to > turn.desk.now).order_by(Pass.id)
    if said.serials:
        return list(turn.desk.session.scalars(query.where(Pass.serial.in_(said.serials))))
    subjects = _pointed(turn)
    cases = [each.case.id for each in subjects if each.case]
    patients = [each.patient.id for each in subjects if each.patient]
    if not subjects:
        return list(turn.desk.session.scalars(query.where(Pass.room == turn.message.room)))
    wanted = query.where(Pass.case_id.in_(cases) | Pass.patient_id.in_(patients))
    return list(turn.desk.session.scalars(wanted))


def _subject(turn: Turn, row: Pass) -> Subject:
    session = turn.desk.session
    case = session.get(Case, row.case_id) if row.case_id else None
    patient = session.get(DialysisPatient, row.patient_id) if row.patient_id else None
    return Subject(case, patient)
