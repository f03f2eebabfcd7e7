"""【撤回】, 刚才那条发错了, 发错群了: what a message did is undone, or asked about where a person has acted on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from actions import changes, close, wording
from actions.case import is_open
from actions.context import by_number
from actions.desk import BOT
from actions.maternal import births
from actions.models import Case, Clarification, Event, Message
from actions.permissions import may
from actions.turn import Turn

# How long after it was written 刚才那条 can mean a message.
LAST_WITHIN = timedelta(minutes=30)
# A nod between the message and its recall (不好意思) is not what is taken back.
NOD_LENGTH = 6
SAID = ("update", "correct", "reported_again")


def recall(turn: Turn) -> bool:
    """Take back the message that is meant; False when the words are about a case of somebody else's."""
    message = _meant(turn)
    if message is None:
        return turn.meaning.act != "close" or not _points(turn)
    turn.desk.log(None, turn.speaker.name, "recalled", turn.message.id, recalled=message.id)
    _forget_questions(turn, message)
    events = list(turn.desk.session.scalars(select(Event).where(Event.message_id == message.id)))
    for case_id in dict.fromkeys(event.case_id for event in events if event.case_id is not None):
        case = turn.desk.session.get_one(Case, case_id)
        turn.touch(case)
        births.forget_message(turn, case, message.id)
        _undo(turn, message, case, [event for event in events if event.case_id == case_id])
    return True


def _points(turn: Turn) -> bool:
    return bool(turn.message.quote or turn.meaning.pointers.case_numbers)


def _meant(turn: Turn) -> Message | None:
    """The speaker's own message: the quoted one, the one that opened the case he names, or his last in this room."""
    session, message, name = turn.desk.session, turn.message, turn.speaker.name
    if message.quote:
        query = select(Message).where(
            Message.channel == message.channel, Message.message_id == message.quote, Message.sender == name
        )
        return session.scalar(query)
    for number in turn.meaning.pointers.case_numbers:
        case = by_number(turn, number)
        return _opened_with(turn, case) if case is not None and case.opened_by == name else None
    query = (
        select(Message)
        .where(Message.sender == name, Message.id < message.id, Message.room == message.room)
        .where(Message.at >= turn.desk.now - LAST_WITHIN)
        .order_by(Message.id.desc())
        .limit(10)
    )
    done = _recalls(turn)
    return next((each for each in session.scalars(query) if not _is_nod(each) and each.id not in done), None)


def _recalls(turn: Turn) -> set[object]:
    """The messages that the speaker has taken back already, and those that did so."""
    query = select(Event).where(
        Event.what == "recalled", Event.case_id.is_(None), Event.who == turn.speaker.name
    )
    events = list(turn.desk.session.scalars(query))
    return {event.message_id for event in events} | {event.detail.get("recalled") for event in events}


def _is_nod(message: Message) -> bool:
    return message.act == "chatter" and len(message.text) <= NOD_LENGTH and not message.case_ids


def _opened_with(turn: Turn, case: Case) -> Message | None:
    query = select(Event).where(Event.case_id == case.id, Event.what == "opened").order_by(Event.id.desc())
    opened = turn.desk.session.scalar(query.limit(1))
    return turn.desk.session.get(Message, opened.message_id) if opened and opened.message_id else None


def _forget_questions(turn: Turn, message: Message) -> None:
    """What was asked about the message needs no answer any more."""
    for asked in turn.desk.session.scalars(
        select(Clarification).where(Clarification.message_id == message.id, Clarification.settled.is_(False))
    ):
        asked.settled = True


def _undo(turn: Turn, message: Message, case: Case, events: Sequence[Event]) -> None:
    """What one message did to one case."""
    did = {event.what for event in events}
    steps = [event.detail.get("now") for event in events if event.what == "status" and event.who != BOT]
    if "opened" in did:
        _take_back_report(turn, case, message)
    elif steps:
        _take_back_step(turn, case, str(steps[-1]))
    elif did & set(SAID) and is_open(case):
        _without_words(turn, case, message)


def _take_back_report(turn: Turn, case: Case, message: Message) -> None:
    if not is_open(case):
        return
    if _others_reported(turn, case):
        _without_words(turn, case, message)
        return
    turn.log(case, "recalled")
    if not changes.acted_on(turn, case) and may(turn, "cancel", case):
        close.end(replace(turn, meaning=replace(turn.meaning, outcome="withdrawn")), case)
        changes.tell_those_asked(turn, case, turn.say("recalled_elsewhere", number=case.number))
    else:
        _ask_about(turn, case)


def _others_reported(turn: Turn, case: Case) -> bool:
    query = select(Event.id).where(
        Event.case_id == case.id,
        Event.what.in_(("reported_again", "took_in")),
        Event.who != turn.speaker.name,
    )
    return turn.desk.session.scalar(query.limit(1)) is not None


def _ask_about(turn: Turn, case: Case) -> None:
    """Ⅰ–Ⅱ, and whatever somebody has acted on, a person decides: whoever has the case, else the one on duty."""
    who = list(dict.fromkeys(name for name in (case.owner, *turn.desk.first_on_duty()) if name))
    text = turn.say(
        "recalled_ask",
        case=wording.short(case, turn.desk.today),
        status=wording.status_name(turn.desk, case),
        reporter=turn.speaker.name,
        number=case.number,
    )
    key = f"{case.number}:question:m{turn.message.id}"
    if case.private or case.room is None:
        for name in who:
            turn.desk.post(key, "question", text, to=name, cases=[case])
    else:
        turn.desk.post(key, "question", text, room=case.room, cases=[case], mentions=who)
    if changes.acted_on(turn, case):
        changes.tell_those_asked(turn, case, turn.say("recalled_wait", number=case.number))


def _take_back_step(turn: Turn, case: Case, status: str) -> None:
    """A step of the case was a slip: an end that is no end is undone, any other is asked about."""
    if case.status != status:
        return
    turn.log(case, "recalled", status=status)
    if status in ("closed", "cancelled") and may(turn, "reopen", case):
        close.open_again(turn, case)
        return
    text = turn.say(
        "recalled_step",
        who=turn.speaker.name,
        case=wording.short(case, turn.desk.today),
        status=wording.status_name(turn.desk, case),
    )
    turn.reply("question", text, cases=[case], mentions=[turn.speaker.name])


def _without_words(turn: Turn, case: Case, message: Message) -> None:
    """Triage again without them; those who act hear of it when the level, the place or the hospital hung on them."""
    turn.log(case, "recalled")
    before = changes.told(case)
    stays = changes.take_out(turn, case, [each for each in case.story if each in message.text])
    if changes.told(case) == before and not stays:
        return
    text = "\n".join(filter(None, [turn.say("recalled_changed", **changes.as_it_is(turn, case)), stays]))
    mentions = [case.owner, *(turn.desk.first_on_duty() if stays else [])]
    turn.tell("confirm", text, case, mentions=mentions)
    changes.tell_those_asked(turn, case, changes.for_those_asked(turn, case))
