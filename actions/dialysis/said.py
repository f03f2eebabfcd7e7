"""How sessions went, in the words of the unit or the contact: 今天早班都透完了, 除了李四都透完了, 李四没来."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from actions import close, intake
from actions.case import heard_from, is_open, set_due
from actions.dialysis.plan import ASKED, DONE, MISSED, STILL_OPEN, Planned, planned, row_of
from actions.dialysis.register import named
from actions.models import Case, DialysisSession, Post
from actions.permissions import may
from actions.turn import Turn
from nlu.programmes.said import DialysisWords

MAY_SAY = frozenset({"contact", "volunteer", "hospital", "expert", "coordinator", "leader"})


def sessions_told(turn: Turn, said: DialysisWords) -> bool:
    """Whether the message says of sessions of the register that they are over or were missed; then it is noted."""
    if turn.speaker.role not in MAY_SAY:
        return False
    scope = _scope(turn, said)
    apart = {each.id for each in named(turn.desk, said.excepted)} if said.excepted else set()
    chosen = _chosen(turn, said, scope, apart)
    absent = [each for each in scope if each.patient.id in apart] if said.absent else []
    if said.does == MISSED:
        chosen, absent = [], chosen
    for each in chosen:
        _done(turn, each)
    for each in absent:
        _missed(turn, each, tells=len(absent) == 1 or turn.meaning.danger)
    return bool(chosen or absent)


def _scope(turn: Turn, said: DialysisWords) -> list[Planned]:
    """The sessions that can be meant: of the day named, else of today and those still asked for."""
    today = turn.desk.local(turn.desk.now).date()
    days = said.when.single or (today - timedelta(days=1), today)
    own = turn.speaker.hospital if turn.speaker.role == "hospital" else None
    houses = turn.meaning.pointers.hospitals
    return [
        each
        for each in planned(turn.desk, [day for day in days if day <= today])
        if each.state in STILL_OPEN
        and (each.day == today or each.day in said.when.single or each.state == ASKED)
        and own in (None, each.hospital)
        and (not houses or each.hospital in houses)
        and said.when.shift in (None, each.shift)
    ]


def _chosen(turn: Turn, said: DialysisWords, scope: list[Planned], apart: set[int]) -> list[Planned]:
    meant = {each.id for each in named(turn.desk, turn.message.text)} - apart
    if meant:
        return [each for each in scope if each.patient.id in meant]
    begun = [each for each in scope if each.begins <= turn.desk.now and each.patient.id not in apart]
    asked = _asked(turn, begun)
    if said.everybody or apart:
        return asked if turn.message.quote else begun if said.does == DONE else asked
    if said.when.shift and said.does == DONE:
        return begun
    return asked if len(asked) == 1 else []


def _asked(turn: Turn, sessions: list[Planned]) -> list[Planned]:
    """Those that were asked for in this room; of a quoted question its own alone."""
    quote = turn.message.quote or ""
    found = []
    for each in sessions:
        post = turn.desk.session.get(Post, each.row.post_id) if each.row and each.row.post_id else None
        if post and post.room == turn.message.room and quote in ("", post.public_id):
            found.append(each)
    return found


def _note(turn: Turn, session: Planned, state: str) -> DialysisSession:
    row = row_of(turn.desk, session)
    row.state, row.told_at, row.told_by = state, turn.desk.now, turn.speaker.name
    return row


def _done(turn: Turn, session: Planned) -> None:
    """Silent. A case that was opened because he had missed one ends with it, by whoever may end it."""
    _note(turn, session, DONE)
    turn.log(None, "dialysis_done", patient=session.patient.id, day=str(session.day))
    case = open_case_of(turn, session)
    if case is not None and may(turn, "close", case):
        close.close(replace(turn, forced=case, meaning=replace(turn.meaning, act="close", outcome="treated")))
    elif case is not None:
        turn.touch(case)
        turn.log(case, "update", brings=[])
        heard_from(turn.desk, case, turn.speaker, answers=True)
        set_due(turn.desk, case)


def _missed(turn: Turn, session: Planned, *, tells: bool) -> None:
    """Confirmed: a case by the ordinary rules, or more on the one that is open. `tells`: the words are of him."""
    row = _note(turn, session, MISSED)
    turn.log(None, "dialysis_missed", patient=session.patient.id, day=str(session.day))
    story, known = _story(turn, session), _known(session)
    words = f"{story}。{turn.message.text}" if tells else story
    report = turn.reader.patient(words, turn.message.at, known)
    report = replace(
        report, quote=words, called=(session.patient.name,), entities={**report.entities, **known}
    )
    case = open_case_of(turn, session)
    if case is not None:
        intake.join(turn, case, report)
    else:
        case = intake.open_case(turn, report)
    row.case_id = case.id


def open_case_of(turn: Turn, session: Planned) -> Case | None:
    """The open case that an earlier missed session of the patient led to."""
    for row in sorted(session.patient.sessions, key=lambda each: each.day, reverse=True):
        case = turn.desk.session.get(Case, row.case_id) if row.case_id else None
        if case is not None and is_open(case):
            return case
    return None


def _story(turn: Turn, session: Planned) -> str:
    """What is known of it as a report would say it: how many he has missed, and how long it is since the last."""
    desk, patient = turn.desk, session.patient
    rows = {row.day: row.state for row in patient.sessions}
    count, last = 1, None
    for back in range(1, 15):
        day = session.day - timedelta(days=back)
        if str(day.isoweekday()) not in patient.days and day not in rows:
            continue
        if rows.get(day) == MISSED:
            count += 1
            continue
        last = day
        break
    gap = (desk.local(desk.now).date() - last).days if last else None
    said = turn.say("dialysis_story", hospital=session.hospital, count=count)
    return said + (turn.say("dialysis_story_gap", days=gap) if gap else "")


def _known(session: Planned) -> dict[str, object]:
    patient = session.patient
    told = {
        "town": patient.town,
        "age": float(patient.age) if patient.age is not None else None,
        "sex": patient.sex,
        "address": patient.address,
        "phone": patient.phone,
        "orig_hospital": patient.hospital,
    }
    return {key: value for key, value in told.items() if value not in (None, "")}
