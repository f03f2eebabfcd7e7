"""What a message does: one transaction from the row in the inbox to the posts in the outbox."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from actions import answer, ask, close, consult, follow, hospital_state, intake, question
from actions.binding import clarify
from actions.case import OPEN
from actions.context import FITS, described
from actions.desk import Desk
from actions.models import Case, Clarification
from actions.models import Message as Row
from actions.speaker import identify
from actions.turn import Reader, Turn
from nlu.understanding import ActSpan, Understanding

HANDLERS: dict[str, Callable[[Turn], None]] = {
    "report": intake.report,
    "update": follow.update,
    "correct": follow.correct,
    "accept": answer.accept,
    "decline": answer.decline,
    "transfer": answer.transfer,
    "dispatched": answer.dispatched,
    "arrived": answer.arrived,
    "close": close.close,
    "reopen": close.reopen,
    "chase": ask.chase,
    "assign": follow.assign,
    "snooze": follow.snooze,
    "ask": ask.ask,
    "consult": consult.consult,
    "hospital_status": hospital_state.hospital_status,
}
"""`notice`, `chatter` and `rumour` need nothing said or done (contract §5.1)."""

# How long a question "which one?" waits for its answer.
CLARIFY_WITHIN = timedelta(minutes=15)
# Acts that open no case by themselves.
ASIDE = ("consult", "ask", "chase", "chatter")
# How "1号" or "那个鱼刺的" may be read when it stands alone, and how long such an answer is at most.
BARE_ANSWERS = ("update", "chatter", "report", "correct", "consult")
BARE_LENGTH = 16
_NUMBER = re.compile(r"[\d#＃\-－—号案件第个那这是的,，。.!！\s]")


def handle(desk: Desk, reader: Reader, message: Row, meaning: Understanding) -> None:
    """Act on a message. The caller commits."""
    speaker = identify(desk.site, message.sender, message.role)
    turn = Turn(desk, reader, message, speaker, meaning)
    message.act = meaning.act
    message.handled_at = desk.now
    if _settles_clarification(turn) or consult.answers_consult(turn) or _answers_question(turn):
        return
    act = "update" if follow.is_about_a_known_patient(turn) else meaning.act
    if act != "report":
        _act(turn, act)
    for span in meaning.also:
        _also(turn, span)
    if act == "report":
        _act(turn, act)  # after what the message says of earlier cases: 药收到了，另外隔壁阿公…


def _act(turn: Turn, act: str) -> None:
    hint = turn.meaning.triage_hint
    if act in ASIDE and turn.meaning.danger and hint is not None and hint.category == "PSYCH":
        intake.take(turn, hint)  # words of suicide open a case from whoever, however said (§8.11)
        return
    handler = HANDLERS.get(act)
    if handler is not None:
        handler(turn)


def _also(turn: Turn, span: ActSpan) -> None:
    """The other act of a message that has two, read from its own part of the text."""
    part = turn.reader.understand(span.quote, turn.message.at, turn.speaker.role)
    pointers = part.pointers
    if not (pointers.case_numbers or pointers.concepts):
        # 2号已到急诊，办结: the number stands in the other half
        pointers = replace(pointers, case_numbers=turn.meaning.pointers.case_numbers)
    _act(turn.part(replace(part, act=span.act, reports=(), also=(), pointers=pointers)), span.act)


def _settles_clarification(turn: Turn) -> bool:
    """Whether the message answers "which one?"; then what was asked about has been done."""
    waiting = _waiting(turn)
    if waiting is None:
        return False
    first = turn.desk.session.get_one(Row, waiting.message_id)
    if turn.meaning.act == first.act and turn.meaning.pointers.case_numbers:
        waiting.settled = True  # said again, with its number: done as it stands
        return False
    chosen = _chosen(turn, waiting, first.act or "") if _is_bare(turn.meaning) else None
    if chosen is None:
        return False
    meaning = turn.reader.understand(first.text, first.at, turn.speaker.role)
    waiting.settled = True
    turn.touch(chosen)
    again = replace(turn, meaning=meaning, forced=chosen)
    _act(again, first.act or meaning.act)
    return True


def _answers_question(turn: Turn) -> bool:
    """Whether a half sentence answered what was asked of a patient; of two that fit alike, which one is asked."""
    cases = question.answered(turn)
    if not cases:
        return False
    if len(cases) == 1:
        follow.update(question.taken_as_news(turn, cases[0]))
    else:
        turn.message.act = "update"
        clarify(turn, tuple(cases))
    return True


def _waiting(turn: Turn) -> Clarification | None:
    query = (
        select(Clarification)
        .where(Clarification.speaker == turn.speaker.name, Clarification.settled.is_(False))
        .where(Clarification.at > turn.desk.now - CLARIFY_WITHIN)
        .order_by(Clarification.id.desc())
        .limit(1)
    )
    return turn.desk.session.scalar(query)


def _is_bare(meaning: Understanding) -> bool:
    """Nothing but which one: no act of its own, no news."""
    if not _NUMBER.sub("", meaning.text):
        return True
    own = meaning.to_self or meaning.until or meaning.level or meaning.outcome or meaning.pointers.hospitals
    news = set(meaning.entities) - {"town", "address", "age", "sex", "symptoms"}
    return meaning.act in BARE_ANSWERS and len(meaning.text) <= BARE_LENGTH and not own and not news


def _chosen(turn: Turn, waiting: Clarification, act: str) -> Case | None:
    """The one of the choices that a short answer names by number or by its patient."""
    session = turn.desk.session
    offered = [session.get(Case, each) for each in waiting.case_ids]
    cases = [case for case in offered if case and case.status in FITS.get(act, OPEN)]
    for number in turn.meaning.pointers.case_numbers:
        wanted = number if "-" in number else f"-{int(number):03d}"
        named = [case for case in cases if case.number.endswith(wanted)]
        if len(named) == 1:
            return named[0]
    by_words = described(turn, cases)
    return by_words[0] if len(by_words) == 1 else None
