"""What a message does: one transaction from the row in the inbox to the posts in the outbox."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from actions import (
    answer,
    ask,
    assign,
    close,
    consult,
    follow,
    hospital_state,
    intake,
    introduce,
    merge,
    next_day,
    question,
    recall,
    settle,
    split,
    stand_in,
)
from actions.binding import clarify
from actions.context import bind, by_numbers
from actions.desk import Desk
from actions.dialysis import handle as dialysis
from actions.maternal import handle as maternal
from actions.medicines import fetch, picture
from actions.models import Case
from actions.models import Message as Row
from actions.online import steps as online
from actions.passes import handle as passes
from actions.roll import note_room
from actions.speaker import Speaker, identify
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
    "assign": assign.assign,
    "snooze": follow.snooze,
    "ask": ask.ask,
    "consult": consult.consult,
    "hospital_status": hospital_state.hospital_status,
    "pass": passes.again,
}
"""`notice`, `chatter` and `rumour` need nothing said or done (contract §5.1)."""

# Acts that open no case by themselves.
ASIDE = ("consult", "ask", "chase", "chatter")
UNSURE = 0.8
"""Below it a question is not taken for what has happened."""
# Acts as which a word on messages and cases themselves (发错了, 拆开, 是同一个人) may be read.
UPKEEP = frozenset(
    {"close", "reopen", "correct", "update", "chase", "ask", "assign", "chatter", "notice", "rumour"}
)
# Acts by which mere words for a patient may still say something of him: 82岁.
NEWS = frozenset({"update", "report"})
# Of these, the ones as which "they are one patient" is taken with a single number or quote.
JOINS = frozenset({"close"})


def handle(desk: Desk, reader: Reader, message: Row, meaning: Understanding) -> None:
    """Act on a message. The caller commits."""
    speaker = identify(desk.site, message.sender, message.role)
    turn = Turn(desk, reader, message, speaker, meaning)
    message.act = meaning.act
    message.handled_at = desk.now
    _note_where(desk, speaker, message.room)
    rest = introduce.introduces(turn)
    if rest is not None:
        _also_reported(turn, rest)
        return
    if (
        settle.settles_clarification(turn, _act)
        or passes.handles(turn)
        or picture.settles_reading(turn)
        or dialysis.handles(turn)
        or stand_in.stands_down(turn)
        or consult.answers_consult(turn)
        or maternal.handles(turn)
        or _answers_question(turn)
    ):
        return
    if next_day.answers(turn, close.reopen):
        return
    act = follow.of_a_case_told(turn) or ("update" if follow.is_about_a_known_patient(turn) else meaning.act)
    if (act != "report" or _numbers_known(turn)) and _of_each_number(turn, act):
        return
    if act != "report" and not _shared_out(turn, act):
        _act(turn, act)
    for span in meaning.also:
        _also(turn, span)
    if act == "report":
        _act(turn, act)  # after what the message says of earlier cases: 药收到了，另外隔壁阿公…


def _note_where(desk: Desk, speaker: Speaker, room: str | None) -> None:
    """Somebody who was introduced is in the rooms where he speaks."""
    member = desk.site.members.get(speaker.name)
    if member is not None and member.introduced and room is not None and room not in member.rooms:
        note_room(desk.session, member, room)


def _also_reported(turn: Turn, rest: str) -> None:
    """What a message that says who somebody is says besides: a patient is not lost; of other things it spoke already."""
    turn.message.act = "notice"
    if not rest:
        return
    part = turn.reader.understand(rest, turn.message.at, turn.speaker.role)
    if part.act == "report":
        turn.message.act = part.act
        _act(turn.part(part), part.act)


def _act(turn: Turn, act: str) -> None:
    if fetch.fetched(turn, act) or online.told(turn, act) or _points_at_nothing(turn, act):
        return
    if act in UPKEEP and _upkeep(turn, act):
        return
    hint = turn.meaning.triage_hint
    if act in ASIDE and turn.meaning.danger and hint is not None and hint.category == "PSYCH":
        intake.take(turn, hint)  # words of suicide open a case from whoever, however said (§8.11)
        return
    if act == "transfer" and assign.hands_to_a_member(turn):
        act = "assign"
    if act in ("dispatched", "arrived") and turn.meaning.asks and turn.meaning.act_score < UNSURE:
        return  # 能不能社区的车先送: nobody has left
    if act in ("decline", "hospital_status") and answer.takes_at_another_time(turn):
        return
    handler = HANDLERS.get(act)
    if handler is not None:
        handler(turn)


def _numbers_known(turn: Turn) -> bool:
    """1号办结，2号又开始胸痛: of cases that there are; a list of new patients has numbers too."""
    numbers = turn.meaning.pointers.case_numbers
    return len(turn.meaning.by_number) > 1 and len(by_numbers(turn)) == len(numbers)


def _of_each_number(turn: Turn, act: str) -> bool:
    """1号 3号办结，2号继续跟: what is done to one is not done to the other."""
    if settle.is_join(turn.meaning):
        return False
    parts = [
        turn.reader.understand(words, turn.message.at, turn.speaker.role) for words in turn.meaning.by_number
    ]
    if all(part.act == act for part in parts):
        return False
    for part in parts:
        # 2号又开始胸痛: with a number it is news, whatever it resembles
        _act(turn.part(part), "update" if part.act == "report" else part.act)
    return True


def _shared_out(turn: Turn, act: str) -> bool:
    """车墩那个方塔能看，新桥的市一，都说好了: each patient to the hospital named for him, if all of them are found."""
    parts: list[tuple[Turn, Case]] = []
    for hospital, words in turn.meaning.shares:
        meaning = turn.reader.understand(words, turn.message.at, turn.speaker.role)
        pointers = replace(meaning.pointers, hospitals=(hospital,))
        part = turn.part(replace(meaning, act=act, reports=(), also=(), pointers=pointers))
        case = bind(part, act).case
        if case is None:
            return False
        parts.append((part, case))
    if len({case.id for _, case in parts}) < max(2, len(parts)):
        return False
    for part, case in parts:
        _act(replace(part, forced=case), act)
    return True


def _also(turn: Turn, span: ActSpan) -> None:
    """The other act of a message that has two, read from its own part of the text."""
    part = turn.reader.understand(span.quote, turn.message.at, turn.speaker.role)
    pointers = part.pointers
    if not (pointers.case_numbers or pointers.concepts):
        # 2号已到急诊，办结: the number stands in the other half
        pointers = replace(pointers, case_numbers=turn.meaning.pointers.case_numbers)
    meaning = replace(part, act=span.act, reports=(), also=(), pointers=pointers)
    _act(replace(turn.part(meaning), forced=turn.forced or _same_case(turn, meaning)), span.act)


def _same_case(turn: Turn, meaning: Understanding) -> Case | None:
    """The one case that the message has been about so far, where its other half names none."""
    told = turn.message.case_ids
    if len(told) != 1 or meaning.pointers.case_numbers or meaning.pointers.concepts:
        return None
    return turn.desk.session.get(Case, told[0])


def _points_at_nothing(turn: Turn, act: str) -> bool:
    """佘山那个, where nothing was asked: whatever it resembles, nobody said what to do."""
    meaning = turn.meaning
    if not meaning.pointers.only or meaning.danger or turn.message.mentions:
        return False
    if act == "hospital_status" or (meaning.unanswered and meaning.pointers.case_numbers):
        return False  # 恢复了: of a department; 1号没人接: at the hospital that was rung
    told = meaning.triage_hint.entities if meaning.triage_hint else {}
    if meaning.pointers.case_numbers and told.get("symptoms"):
        return False  # 0404-001 破水了: the number says which one, so the words are news
    tells = act in NEWS and bool(told.keys() - {"town", "symptoms"})
    return not tells and "?" not in meaning.text and "？" not in meaning.text


def _upkeep(turn: Turn, act: str) -> bool:
    """Whether the message was about messages and cases themselves; then that has been done."""
    meaning = turn.meaning
    if meaning.upkeep == "recall":
        return recall.recall(turn)
    if meaning.upkeep == "split":
        return split.split(turn)
    if not settle.is_join(meaning) or (act not in JOINS and len(meaning.pointers.case_numbers) < 2):
        return False
    merge.join(turn)
    return True


def _answers_question(turn: Turn) -> bool:
    """Whether a half sentence answered what was asked of a patient; of two that fit alike, which one is asked."""
    cases = question.answered(turn) if not turn.meaning.upkeep else []
    if not cases:
        return False
    if len(cases) == 1:
        follow.update(question.taken_as_news(turn, cases[0]))
    else:
        turn.message.act = "update"
        clarify(turn, tuple(cases))
    return True
