"""General and medicine questions: to the pharmacists' room, and the answer back. No case, no advice of the bot's."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import datetime, timedelta

from sqlalchemy import select

from actions.desk import Desk
from actions.duty import group_on_duty
from actions.medicines.lines import fold
from actions.medicines.table import medicine_table
from actions.member_meant import spoken_to
from actions.models import Consult, Message, Post
from actions.privacy import for_outsiders
from actions.schedule import after_quiet
from actions.turn import Turn

ANSWERED_WITHIN = timedelta(hours=24)
_COMMON = frozenset(
    "的了吗呢啊能可以不要还用吃服有没是在和跟一起请问药时会天每次个把被就也都再先后前中上下这那什么怎样多少"
)
_HAS_IT = re.compile(
    r"(?:能|可以|还)(?:不能|不可以)?[^,，。？?]{0,4}(?:配|做|看|收|接|开|查|打|拿)|有(?:没有|货|药|吗)|开吗|收吗"
)
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
    if _asks_somebody_else(turn, rooms[0].name) or _asks_a_hospital(turn):
        return
    category = rooms[0].category or "CONSULT"
    asked = group_on_duty(turn.desk, category) or turn.desk.first_on_duty()
    text = turn.say("consult", who=turn.speaker.name, room=turn.message.room or "", words=_masked(turn))
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


def _masked(turn: Turn) -> str:
    """The question without what would tell outsiders who is meant."""
    hint = turn.meaning.triage_hint
    return for_outsiders(turn.message.text, hint.called if hint else ())


def _asks_a_hospital(turn: Turn) -> bool:
    """儿科医院能配吗: what a hospital has or does, no pharmacist can say."""
    return bool(turn.meaning.pointers.hospitals) and _HAS_IT.search(turn.message.text) is not None


def _asks_somebody_else(turn: Turn, room: str) -> bool:
    """社区有胰岛素吗 @宋科长: a member who is none of those in `room` was asked by name, and answers himself."""
    members = (turn.desk.site.members.get(name) for name in spoken_to(turn))
    return any(member is not None and room not in member.rooms for member in members)


def answers_consult(turn: Turn) -> bool:
    """Whether the message answered a question that waits in this room; then it has been passed back."""
    fits = _answered(turn)
    if len(fits) != 1:
        if fits:
            _ask_which(turn, fits)
        return bool(fits)
    (question,) = fits
    question.answered_at, question.answered_by = turn.desk.now, turn.speaker.name
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


def _answered(turn: Turn) -> list[Consult]:
    """The question this message answers; more than one when its words fit several that wait."""
    session, message = turn.desk.session, turn.message
    waiting = list(
        session.scalars(
            select(Consult)
            .where(Consult.asked_in == message.room, Consult.at > turn.desk.now - ANSWERED_WITHIN)
            .order_by(Consult.id.desc())
        )
    )
    if quoted := _quoted(turn, waiting):
        return [quoted]
    still = [each for each in waiting if each.answered_at is None]
    knows = turn.speaker.role in ("expert", "hospital", "leader", "coordinator")
    says = turn.meaning.act in ANSWERS or (turn.meaning.act == "chatter" and len(message.text) > 12)
    says = says or (
        message.room in _pharmacies(turn)
        and bool(medicine_table().words["advice"].search(fold(message.text)))
    )
    about_a_case = turn.meaning.pointers.case_numbers or turn.meaning.names_patient
    if not still or not knows or not says or about_a_case:
        return []
    return _by_words(turn, still) if len(still) > 1 else still


def _pharmacies(turn: Turn) -> set[str]:
    """Rooms in which nothing but medicines is talked of: 可以 is advice there, no hospital's yes."""
    return {room.name for room in turn.desk.site.rooms_for("pharmacist")}


def _by_words(turn: Turn, waiting: list[Consult]) -> list[Consult]:
    """Of several the one whose asker is named, or whose medicine is spoken of; else all of them."""
    text = fold(turn.message.text)
    named = [each for each in waiting if each.asked_by.rpartition("-")[2] in text]
    drugs = _drugs(text)
    asked = {each.id: turn.desk.session.get_one(Message, each.message_id).text for each in waiting}
    of_drug = [each for each in waiting if drugs & _drugs(fold(asked[each.id]))]
    alike = [each for each in waiting if _telling(text) & _telling(fold(asked[each.id]))]
    return next((group for group in (named, of_drug, alike) if len(group) == 1), waiting)


def _drugs(folded: str) -> set[str]:
    table = medicine_table()
    return {table.names[found.group()] for found in table.pattern.finditer(folded)}


def _telling(folded: str) -> set[str]:
    """Pairs of signs that stand for something: 柚子, 冰箱; none with a sign that any sentence has."""
    pairs = {folded[at : at + 2] for at in range(len(folded) - 1)}
    return {pair for pair in pairs if pair.isalpha() and not pair.isascii() and not set(pair) & _COMMON}


def _ask_which(turn: Turn, fits: list[Consult]) -> None:
    """Once a message: nothing is passed on to somebody who asked something else."""
    turn.message.act = "consult"
    shown = "\n".join(_in_words(turn.desk, each) for each in reversed(fits))
    turn.reply(
        "clarify",
        turn.say("consult_which", who=turn.speaker.name, questions=shown),
        mentions=[turn.speaker.name],
    )


def _in_words(desk: Desk, question: Consult) -> str:
    words = for_outsiders(desk.session.get_one(Message, question.message_id).text)
    return desk.phrases.say("consult_line", who=question.asked_by, words=words)


def next_reminder(desk: Desk) -> datetime | None:
    """When the next question that nobody has answered is reminded of; each is once."""
    due = [_due(desk, each) for each in _unanswered(desk)]
    return min(due, default=None)


def remind_unanswered(desk: Desk) -> None:
    """One post a room for the questions that have waited as long as the policy lets them."""
    rooms: dict[str, list[Consult]] = defaultdict(list)
    for each in _unanswered(desk):
        if _due(desk, each) <= desk.now:
            rooms[each.asked_in].append(each)
    for room, questions in rooms.items():
        for each in questions:
            each.reminded_at = desk.now
        shown = "\n".join(_in_words(desk, each) for each in questions)
        category = desk.site.rooms[room].category if room in desk.site.rooms else None
        desk.post(
            f"consult:remind:{questions[0].id}",
            "reminder",
            desk.phrases.say("consult_waits", questions=shown),
            room=room,
            mentions=group_on_duty(desk, category or "CONSULT") or desk.first_on_duty(),
        )


def _unanswered(desk: Desk) -> list[Consult]:
    query = (
        select(Consult)
        .where(Consult.answered_at.is_(None), Consult.reminded_at.is_(None))
        .where(Consult.at > desk.now - ANSWERED_WITHIN)
        .order_by(Consult.id)
    )
    return list(desk.session.scalars(query))


def _due(desk: Desk, question: Consult) -> datetime:
    """The policy's time after it was asked; not at night."""
    policy = desk.site.policy
    moment = question.at + timedelta(minutes=policy.consult_remind_min)
    return after_quiet(policy.reminders[4], desk.site.tz, moment)


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
