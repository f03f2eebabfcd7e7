"""不是同一个人，拆开: a report that was wrongly joined to a case becomes, or is again, a case of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select

from actions import changes, wording
from actions.binding import clarify
from actions.case import apply_triage, set_due
from actions.close import restart
from actions.context import by_number, by_quote, own_last_open, standing
from actions.intake import ask_hospital, bring_in, known_values, open_case
from actions.maternal.weeks import story_today
from actions.models import Case, Event, Message
from actions.open_marks import with_any
from actions.permissions import may, refuse
from actions.propose import propose
from actions.speaker import identify
from actions.turn import Turn
from nlu.understanding import Report

# How long after a report was joined its poster may say, without a number, that it was somebody else.
JUST_JOINED = timedelta(hours=2)


@dataclass(frozen=True)
class Part:
    """What was joined to a case: another case, or one message."""

    at: datetime
    by: str
    case: Case | None = None
    message: Message | None = None


def split(turn: Turn) -> bool:
    """Take one part out of a case; False when the message is about no case that was ever joined to."""
    turn_to = _meant(turn)
    if len(turn_to) != 1:
        if turn_to and turn.speaker.role != "guest":
            clarify(turn, tuple(turn_to))
        return bool(turn_to)
    kept = standing(turn, turn_to[0])
    turn.touch(kept)
    parts = _parts(turn, kept)
    part = _chosen(turn, turn_to[0], parts)
    if not _allowed(turn, kept, part):
        refuse(turn, "split", kept)
    elif part is not None:
        _take_apart(turn, kept, part)
    elif parts:
        listed = "\n".join(_line(turn, each) for each in parts)
        turn.reply("question", turn.say("split_which", number=kept.number, parts=listed), cases=[kept])
    else:
        turn.reply(
            "answer", turn.say("nothing_joined", case=wording.short(kept, turn.desk.today)), cases=[kept]
        )
    return True


def _meant(turn: Turn) -> list[Case]:
    """The case by number or quote; else the one the speaker's own report was just joined to; else those of the room."""
    if turn.forced is not None:
        return [turn.forced]
    pointers = turn.meaning.pointers
    if pointers.case_numbers:
        named = [case for number in pointers.case_numbers if (case := by_number(turn, number))]
        joined = [case for case in named if case.status == "merged" or _parts(turn, standing(turn, case))]
        return (joined or named)[:1]
    if quoted := by_quote(turn):
        return quoted[:1]
    own = own_last_open(turn, JUST_JOINED)
    if own is not None and any(part.by == turn.speaker.name for part in _parts(turn, own)):
        return [own]
    return [
        case
        for case in with_any(turn.desk.session, [("room", turn.message.room or "")])
        if turn.message.room in (case.room, case.expert_room)
        and any(turn.desk.now - part.at <= JUST_JOINED for part in _parts(turn, case))
    ]


def _parts(turn: Turn, case: Case) -> list[Part]:
    """Everything that was joined to the case and still is, in the order it was."""
    session = turn.desk.session
    cases = session.scalars(select(Case).where(Case.merged_into == case.number, Case.status == "merged"))
    found = [Part(each.closed_at or turn.desk.now, each.opened_by, case=each) for each in cases]
    events = session.scalars(
        select(Event).where(Event.case_id == case.id, Event.what == "reported_again").order_by(Event.id)
    )
    for event in events:
        message = session.get(Message, event.message_id) if event.message_id else None
        if message is None or case.id not in message.case_ids:
            continue  # taken out since
        if _report_of(turn, message, case) is not None:
            found.append(Part(event.at, message.sender, message=message))
    return sorted(found, key=lambda part: part.at)


def _report_of(turn: Turn, message: Message, case: Case) -> Report | None:
    """The report of that message whose words stand in the case's story; None once they were taken out."""
    meaning = turn.reader.understand(message.text, message.at, message.role)
    reports = meaning.reports or ((meaning.triage_hint,) if meaning.triage_hint else ())
    return next((report for report in reports if report.quote in case.story[1:]), None)


def _chosen(turn: Turn, pointed: Case, parts: Sequence[Part]) -> Part | None:
    """The part meant: the case or message itself that is pointed at, 后面那个, the speaker's own, or the only one."""
    quote, place = turn.message.quote, turn.meaning.pointers.place
    for part in parts:
        if part.case is pointed or (part.message is not None and quote == part.message.message_id):
            return part
    own = [part for part in parts if part.by == turn.speaker.name]
    if len(parts) == 1:
        return parts[0]
    if place is not None and parts:
        # The second of a case is the first that was joined to it.
        return parts[-1] if place < 0 else next(iter(parts[max(place - 2, 0) :]), None)
    return own[0] if len(own) == 1 else None


def _allowed(turn: Turn, kept: Case, part: Part | None) -> bool:
    """Whoever may correct the case, and the one whose report was joined to it."""
    return may(turn, "correct", kept) or (part is not None and part.by == turn.speaker.name)


def _take_apart(turn: Turn, kept: Case, part: Part) -> None:
    if part.case is not None:
        stays = changes.take_out(turn, kept, part.case.story)
        out = _again(turn, part.case)
    else:
        stays, out = _anew(turn, kept, part)
    turn.touch(out)
    turn.log(kept, "split", other=out.number)
    text = turn.say(
        "split_done",
        number=kept.number,
        case="" if kept.private else wording.short(kept, turn.desk.today),
        other=out.number if out.private else wording.short(out, turn.desk.today),
        hospital=wording.hospital(turn.desk, out),
        who=turn.speaker.name,
    )
    text = "\n".join(filter(None, [text, stays]))
    turn.tell("confirm", text, kept, mentions=[kept.owner, *turn.desk.first_on_duty()])
    if out.room not in (kept.room, turn.message.room):
        key = f"{out.number}:confirm:m{turn.message.id}"
        turn.desk.post(key, "confirm", text, room=out.room, to=out.opened_by, cases=[out])
    changes.tell_those_asked(turn, kept, changes.for_those_asked(turn, kept))


def _again(turn: Turn, case: Case) -> Case:
    """A case that was joined to another is open under its own number."""
    restart(turn, case)
    again = turn.reader.patient(
        story_today(case.story, case.fields, turn.desk.today),
        turn.desk.now,
        known_values(case.fields, turn.desk.today),
    )
    apply_triage(turn.desk, case, again, turn.message.id)
    propose(turn.desk, case)
    set_due(turn.desk, case)
    bring_in(turn, case)
    ask_hospital(turn, case)
    return case


def _anew(turn: Turn, kept: Case, part: Part) -> tuple[str, Case]:
    """A report that was joined opens a case with a number of its own, in its room and for its poster.

    Returns what there is to say of the level of the kept one, and the new case.
    """
    message = part.message
    report = _report_of(turn, message, kept) if message is not None else None
    if message is None or report is None:
        raise LookupError(f"{kept.number}: nothing is left to take out")
    stays = changes.take_out(turn, kept, [report.quote])
    message.case_ids = [each for each in message.case_ids if each != kept.id]
    meaning = turn.reader.understand(message.text, message.at, message.role)
    speaker = identify(turn.desk.site, message.sender, message.role)
    own = replace(turn, message=message, speaker=speaker, meaning=meaning, forced=None)
    out = open_case(own, report)
    turn.log(out, "split_from", other=kept.number)
    return stays, out


def _line(turn: Turn, part: Part) -> str:
    when = turn.desk.local(part.at).strftime("%H:%M")
    number = f"{part.case.number} " if part.case else ""
    return turn.say("split_part", number=number, when=when, who=part.by)
