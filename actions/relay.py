"""Words carried between the room of origin and the experts': advice one way, what the reporter adds the other."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from actions.case import OPEN
from actions.models import Case, Message, Post
from actions.privacy import for_outsiders
from actions.speaker import ACTING
from actions.turn import Turn

# How long an expert's question waits for the reporter; later his words are news like any other.
ANSWERED_WITHIN = timedelta(hours=2)
# How long a patient told of without place or age is the one that was asked about.
ANSWER_EXPECTED = timedelta(minutes=30)
LOOKED_AT = 20
SETTLED = frozenset({"accept", "decline", "transfer"})
"""What an expert says with these waits for no answer: 好的马上送 is not carried back to him."""


def relay(turn: Turn, case: Case) -> None:
    """Pass the message on if those in the other room wait for it."""
    here = turn.message.room
    if case.private or case.expert_room is None:
        return
    if here == case.expert_room and here != case.room:
        case.expert_answered = case.expert_answered or turn.speaker.role in ACTING
        _carry(turn, case, case.room, case.opened_by, turn.message.text)
    elif here == case.room and case.expert_answered:
        asked = _question(turn, case)
        open_question = asked is not None and asked.act not in SETTLED
        answers = open_question and turn.speaker.name == case.opened_by
        told = turn.meaning.reports[0].entities if turn.meaning.reports else turn.meaning.entities
        if told.keys() - {"phone"} or answers:
            _carry(
                turn,
                case,
                case.expert_room,
                asked.sender if asked else None,
                for_outsiders(turn.message.text, names_told(turn, case)),
            )


def names_told(turn: Turn, case: Case) -> list[str]:
    """What the patient is called, in the message or before it."""
    hint = turn.meaning.triage_hint
    return [*(hint.called if hint else ()), *case.fields.get("called", [])]


def _carry(turn: Turn, case: Case, room: str | None, to: str | None, words: str) -> None:
    turn.desk.post(
        f"{case.number}:relay:m{turn.message.id}",
        "relay",
        turn.say("relay", number=case.number, who=turn.speaker.name, words=words),
        room=room,
        to=to,
        cases=[case],
        mentions=[to],
    )


def _question(turn: Turn, case: Case) -> Message | None:
    """The last thing the experts said of the case, if it was not long ago: whoever said it wants to know."""
    query = (
        select(Message)
        .where(Message.room == case.expert_room, Message.at >= turn.desk.now - ANSWERED_WITHIN)
        .order_by(Message.id.desc())
        .limit(LOOKED_AT)
    )
    said = turn.desk.session.scalars(query)
    return next((each for each in said if case.id in each.case_ids and each.role in ACTING), None)


def asked_of(turn: Turn) -> Case | None:
    """The case about which an expert has just asked the speaker here: what he says next is the answer."""
    query = (
        select(Post)
        .where(Post.kind == "relay", Post.room == turn.message.room)
        .where(Post.at >= turn.desk.now - ANSWER_EXPECTED, Post.case_number.is_not(None))
        .order_by(Post.id.desc())
        .limit(LOOKED_AT)
    )
    post = next(
        (each for each in turn.desk.session.scalars(query) if turn.speaker.name in each.mentions), None
    )
    case = turn.desk.session.get(Case, post.case_ids[0]) if post else None
    return case if case is not None and case.status in OPEN and case.opened_by == turn.speaker.name else None
