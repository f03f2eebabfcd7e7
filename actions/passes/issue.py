"""Issuing a pass: the facts from case or register and from the words that asked for it, signed and posted."""

from __future__ import annotations

from dataclasses import astuple
from datetime import datetime, timedelta

from sqlalchemy import select

from actions import wording
from actions.case import heard_from, is_open, set_due
from actions.desk import Desk
from actions.models import Case, Pass
from actions.passes import facts as paper
from actions.passes.facts import Facts
from actions.passes.seal import Seal, plain
from actions.passes.subject import Subject
from actions.passes.wording import message
from actions.turn import Turn
from nlu.programmes.said import PassWords, Visits


def issue(turn: Turn, subject: Subject, said: PassWords) -> Pass | None:
    """Issue it, or say in one post what is missing: a hospital that has accepted, or dates to come."""
    if subject.case is not None and not is_open(subject.case):
        _over(turn, subject.case)
        return None
    if subject.hospital is None:
        who = {"who": turn.speaker.name, "subject": subject.called(turn)}
        _answer(turn, subject, turn.say("pass_not_accepted", **who))
        return None
    when = said.when
    days = [day for day in when.days(subject.weekdays) if day >= turn.desk.local(turn.desk.now).date()]
    if not days:
        _answer(turn, subject, _asks_when(turn, subject, when), kind="question")
        turn.log(subject.case, "pass_asked", of=turn.speaker.name, patient=_patient_id(subject))
        return None
    hospital, start = subject.place_on(turn.desk, days)
    begin, end = _hours(turn, start, when)
    town, estate = subject.place()
    room = turn.message.room or (subject.case.room if subject.case else None)
    facts = Facts(
        serial=_serial(turn.desk),
        bearer=subject.bearer(turn.desk.today),
        id_tail=said.id_tail or "",
        town=town,
        estate=estate,
        purpose=subject.purpose(turn),
        hospital=hospital,
        days=",".join(day.isoformat() for day in days),
        begin=begin,
        end=end,
        transport=said.transport or (subject.patient.transport if subject.patient else ""),
        plate=said.plate or "",
        escort=said.escort or "",
        approver=turn.speaker.name,
        phone=_phone(turn.desk, room, hospital),
        issued=turn.desk.local(turn.desk.now).strftime("%Y-%m-%d %H:%M"),
    )
    facts = Facts(*(plain(each) for each in astuple(facts)))
    row = _row(turn, subject, facts)
    _post(turn, subject, row, facts)
    return row


def _row(turn: Turn, subject: Subject, facts: Facts) -> Pass:
    desk, zone = turn.desk, turn.desk.site.tz
    signed = Seal(desk.pass_key).code(paper.values(facts))
    told = {key: value for key, value in vars(facts).items() if key not in ("days", "issued")}
    row = Pass(
        **told,
        days=facts.days.split(","),
        case_id=subject.case.id if subject.case else None,
        patient_id=_patient_id(subject),
        issued_at=desk.now,
        valid_from=paper.valid_from(facts, zone),
        valid_to=paper.valid_to(facts, zone),
        room=turn.message.room,
        code=signed,
    )
    desk.session.add(row)
    desk.session.flush()
    turn.log(subject.case, "pass_issued", serial=row.serial, hospital=row.hospital)
    if subject.case is not None:
        heard_from(desk, subject.case, turn.speaker, answers=True)
        set_due(desk, subject.case)
    return row


def _post(turn: Turn, subject: Subject, row: Pass, facts: Facts) -> None:
    """Where it was asked for and where the case came from; of a private matter to whoever asked alone."""
    text = message(turn.desk.phrases, facts, turn.desk.site.policy.board)
    places: list[tuple[str | None, str | None]] = [(turn.message.room, turn.speaker.name)]
    if subject.private:
        places = [(None, turn.speaker.name)]
    elif subject.case is not None:
        places.append((subject.case.room, subject.case.opened_by))
    for room, to in dict.fromkeys((room, None if room else to) for room, to in places):
        cases = [subject.case] if subject.case else []
        turn.desk.post(f"pass:{row.serial}", "pass", text, room=room, to=to, cases=cases)


def _asks_when(turn: Turn, subject: Subject, when: Visits) -> str:
    who = {"who": turn.speaker.name, "subject": subject.called(turn)}
    return turn.say("pass_no_day", **who) if when.dated else turn.say("pass_when", **who)


def _answer(turn: Turn, subject: Subject, text: str, *, kind: str = "answer") -> None:
    cases = [subject.case] if subject.case else []
    turn.reply(kind, text, cases=cases, mentions=[turn.speaker.name])


def _over(turn: Turn, case: Case) -> None:
    turn.log(case, "too_late", act="pass")
    text = turn.say(
        "over_already", case=wording.short(case, turn.desk.today), status=wording.status_name(turn.desk, case)
    )
    turn.reply("answer", text, cases=[case], mentions=[turn.speaker.name])


def _patient_id(subject: Subject) -> int | None:
    return subject.patient.id if subject.patient else None


def _serial(desk: Desk) -> str:
    """T and the local day, counted through: T220401-001."""
    head = desk.local(desk.now).strftime("T%y%m%d-")
    last = desk.session.scalar(
        select(Pass.serial).where(Pass.serial.startswith(head)).order_by(Pass.serial.desc()).limit(1)
    )
    return f"{head}{int(last.removeprefix(head)) + 1 if last else 1:03d}"


def _hours(turn: Turn, known: str | None, when: Visits) -> tuple[str, str]:
    """From when to when on each day: as said, else around the start of the session, else the whole day."""
    if when.begin is not None and when.end is not None:
        return f"{when.begin:%H:%M}", f"{when.end:%H:%M}"
    policy = turn.desk.site.policy
    start = when.begin or (policy.dialysis_shifts.get(when.shift) if when.shift else None)
    clock = f"{start:%H:%M}" if start else known
    if clock is None:
        return paper.WHOLE_DAY
    at = datetime.strptime(clock, "%H:%M")
    before, after = timedelta(minutes=policy.pass_before_min), timedelta(hours=policy.pass_after_hours)
    begin, end = at - before, at + after
    first = begin if begin.date() == at.date() else at.replace(hour=0, minute=0)
    return f"{first:%H:%M}", f"{end:%H:%M}" if end.date() == at.date() else paper.WHOLE_DAY[1]


def _phone(desk: Desk, room: str | None, hospital: str) -> str:
    """Who answers in an emergency: the room's number, else the first room's that has one, else the hospital's."""
    here = desk.site.rooms.get(room or "")
    if here is not None and here.phone:
        return here.phone
    known = next((each.phone for each in desk.site.rooms.values() if each.phone), None)
    house = desk.site.institutions.get(hospital)
    return known or (house.direct_line if house else None) or ""
