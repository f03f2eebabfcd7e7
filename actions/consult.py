"""General and medicine questions: to the pharmacists' room, and the answer back. No case, no advice of the bot's."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from actions.duty import group_on_duty
from actions.models import Consult, Message, Post
from actions.privacy import for_outsiders
from actions.turn import Turn

ANSWERED_WITHIN = timedelta(hours=24)
# How an answer may be read; what does something to a case is none.
ANSWERS = frozenset({"update", "correct", "consult", "report"})


def consult(turn: Turn) -> None:
    """Pass the question on to those who may answer it: the pharmacists, else the experts."""
    site = turn.desk.site
    rooms = site.rooms_for("pharmacist") or site.rooms_for(
        "expert"
    )  # where no pharmacist is, those who prescribe
    if not rooms or turn.message.room == rooms[0].name:
        return
    category = rooms[0].category or "CONSULT"
    asked = group_on_duty(turn.desk, category) or turn.desk.first_on_duty()
    text = turn.say(
        "consult", who=turn.speaker.name, room=turn.message.room or "", words=for_outsiders(turn.message.text)
    )
    post = turn.desk.post(f"consult:m{turn.message.id}", "prompt", text, room=rooms[0].name, mentions=asked)
    turn.desk.session.add(
        Consult(
            at=turn.desk.now,
            room=turn.message.room,
            asked_by=turn.speaker.name,
            asked_in=rooms[0].name,
            message_id=turn.message.id,
            post_id=post.id if post else None,
        )
    )


def answers_consult(turn: Turn) -> bool:
    """Whether the message answered a question that waits in this room; then it has been passed back."""
    question = _answered(turn)
    if question is None:
        return False
    question.answered_at = turn.desk.now
    turn.log(None, "consult_answered", consult=question.id)
    text = turn.say("consult_answer", asker=question.asked_by, who=turn.speaker.name, words=turn.message.text)
    turn.desk.post(
        f"consult:relay:m{turn.message.id}",
        "relay",
        text,
        room=question.room,
        to=question.asked_by,
        mentions=[question.asked_by],
    )
    return True


def _answered(turn: Turn) -> Consult | None:
    session, message = turn.desk.session, turn.message
    waiting = list(
        session.scalars(
            select(Consult)
            .where(Consult.asked_in == message.room, Consult.at > turn.desk.now - ANSWERED_WITHIN)
            .order_by(Consult.id.desc())
        )
    )
    if quoted := _quoted(turn, waiting):
        return quoted
    still = [each for each in waiting if each.answered_at is None]
    knows = turn.speaker.role in ("expert", "hospital", "leader", "coordinator")
    says = turn.meaning.act in ANSWERS or (turn.meaning.act == "chatter" and len(message.text) > 12)
    about_a_case = turn.meaning.pointers.case_numbers or turn.meaning.names_patient
    return still[0] if len(still) == 1 and knows and says and not about_a_case else None


def _quoted(turn: Turn, waiting: list[Consult]) -> Consult | None:
    quote = turn.message.quote
    if not quote:
        return None
    session = turn.desk.session
    for each in waiting:
        post = session.get(Post, each.post_id) if each.post_id else None
        asked = session.get(Message, each.message_id)
        if (post and post.public_id == quote) or (asked and asked.message_id == quote):
            return each
    return None
