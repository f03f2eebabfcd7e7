"""What is still to be asked of a patient: once each, one at a time, the item that matters most for the case.

The receipt carries the first question. When that is answered, or nobody can say, the next item without which the
patient cannot be placed may go with the next post about the case; there is never a post for a question alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from actions.case import OPEN
from actions.context import by_quote
from actions.desk import BOT, Desk
from actions.medicines import record
from actions.models import Case, Event
from actions.same_patient import differs
from actions.turn import Turn
from nlu.understanding import Answer, Report, is_known

# How long a short message of whoever was asked may be the answer.
ANSWERED_WITHIN = timedelta(hours=2)
# What a half sentence may be taken for that answers a question; anything else does what it says.
_FRAGMENTS = frozenset({"report", "update", "correct", "chatter", "consult", "ask", "notice", "rumour"})
# Found in a message, it tells of somebody else than the patient that was asked about.
_NEWS = ("symptoms", "history", "drugs")

# Without these nobody can be sent anywhere, in this order.
_TRANSPORT = ("address", "phone")
_PLACING = ("gestation", "orig_hospital", "dialysis_gap_days", "drugs", "strength", "days_left")
# The place is asked for first of a patient of no known town; where the matter itself decides, that goes first.
_MATTER_FIRST = frozenset({"MATERNAL", "DIALYSIS", "ONCO", "MEDS"})
_ON_THE_WAY = frozenset({"in_transit", "arrived"})
# A hospital that wants to hear of a test result first; 不因核酸… says the opposite.
_WANTS_COVID = re.compile(r"(?<!不因)(?<!不看)(?<!不需)(?:核酸|抗原)")


def first(turn: Turn, case: Case) -> str:
    """The question of a receipt, to whoever reported; empty when nothing is missing or the matter is private."""
    _note_settled(turn, case, case.story[0])
    if record.strength_settled(turn.desk, case) is False:  # 50mg两盒 says one, but no pack has it
        case.asked = [item for item in case.asked if item != "strength"]
        case.missing = list(dict.fromkeys(["strength", *case.missing]))
    items = list(case.missing)
    if "address" in items and _is_nowhere(turn.desk, case) and case.category not in _MATTER_FIRST:
        items = ["address", *(item for item in items if item != "address")]
    return _ask(turn.desk, case, items, turn.speaker.name)


def following(desk: Desk, case: Case, who: str | None = None, *, at_once: bool = False) -> str:
    """The question that goes with a later post about the case; empty as long as one waits for its answer.

    `who` is asked, else the reporter. `at_once`: the level has risen, an earlier question no longer holds it up.
    """
    if pending(case) is not None and not at_once:
        return ""
    return _ask(desk, case, _items(desk, case), who or case.opened_by)


def pending(case: Case) -> str | None:
    """The item asked for last, while it is missing."""
    last = case.asked[-1] if case.asked else None
    return last if last in case.missing else None


def still_missing(case: Case, again: Report) -> list[str]:
    """What is missing after triage of the whole story; what nobody could say does not come back."""
    settled = set(case.asked) - set(case.missing)
    wanted = dict.fromkeys([*again.missing, *(item for item in case.missing if item in case.asked)])
    return [item for item in wanted if item not in settled and not is_known(item, case.fields)]


def settle(turn: Turn, case: Case) -> Answer | None:
    """The answer of this message to what was asked of the case, written down as such; None when it is none."""
    item = pending(case)
    answer = turn.reader.answer(turn.message.text, turn.message.at, item) if item else None
    if item is None or answer is None:
        _note_settled(turn, case, turn.message.text)
        return None
    if not answer.partly:
        case.missing = [each for each in case.missing if each != item]
    if answer.unknown:
        turn.log(case, "not_known", item=item)
    return answer


def answered(turn: Turn) -> list[Case]:
    """The cases of which this fragment answers the question; more than one when two patients' fit it alike."""
    meaning = turn.meaning
    if meaning.pointers.case_numbers or turn.forced is not None or _tells_of_somebody(turn):
        return []
    cases = [case for case in by_quote(turn) or _asked_of(turn) if case.status in OPEN]
    fitting = [(case, answer) for case in cases if (answer := _fitting(turn, case)) is not None]
    if len(fitting) > 1 and all(answer.unknown for _, answer in fitting):
        fitting = fitting[-1:]  # 不知道 is said of what was asked last
    return [case for case, _ in fitting]


def awaits(turn: Turn, items: Collection[str]) -> bool:
    """Whether the speaker was asked for one of these of a patient here, and it waits."""
    return any(pending(case) in items for case in _asked_of(turn))


def taken_as_news(turn: Turn, case: Case) -> Turn:
    """The same message as news of that case."""
    turn.message.act = "update"
    return replace(turn, meaning=replace(turn.meaning, act="update", reports=()), forced=case)


def _fitting(turn: Turn, case: Case) -> Answer | None:
    """The answer to what was asked of the case, if the message does nothing else."""
    item, act = pending(case), turn.meaning.act
    if any(differs(case, each) for each in turn.meaning.reports):
        return None  # 吴静 33岁 孕9周: somebody else, whatever in it looks like an answer
    answer = turn.reader.answer(turn.message.text, turn.message.at, item) if item else None
    if answer is None or act in _FRAGMENTS:
        return answer
    own_hospital = act == "transfer" and item == "orig_hospital"
    none_left = act == "decline" and (answer.unknown or item == "days_left")
    return answer if own_hospital or none_left else None


def _tells_of_somebody(turn: Turn) -> bool:
    """Whether it is a report of its own rather than a fragment."""
    meaning = turn.meaning
    if meaning.danger or len(meaning.reports) > 1:
        return True
    told = meaning.reports[0].entities if meaning.reports else {}
    return meaning.names_patient and any(told.get(key) for key in _NEWS)


def _asked_of(turn: Turn) -> list[Case]:
    """The cases of this room with a question to the speaker that waits, the one asked last at the end."""
    query = (
        select(Event)
        .where(Event.who == BOT, Event.what == "asked", Event.at >= turn.desk.now - ANSWERED_WITHIN)
        .order_by(Event.id)
    )
    last = {event.case_id: event for event in turn.desk.session.scalars(query)}
    his = [event for event in last.values() if event.detail["of"] == turn.speaker.name]
    asked = [event.case for event in sorted(his, key=lambda event: event.id) if event.case]
    return [case for case in asked if case.room == turn.message.room and pending(case) is not None]


def _note_settled(turn: Turn, case: Case, words: str) -> None:
    """Whoever says that there is no telephone is not asked for its number."""
    settled = [item for item in turn.reader.settled(words, case.missing) if item not in case.asked]
    case.asked = [*settled, *case.asked]
    case.missing = [item for item in case.missing if item not in settled]


def _ask(desk: Desk, case: Case, items: list[str], who: str) -> str:
    """The first of the items that has a sentence and was never asked, noted as asked."""
    for item in items:
        own = record.strength_question(desk, case) if item == "strength" else None
        sentence = (
            own or desk.phrases.maybe(f"ask_{item}_{case.specialty}") or desk.phrases.maybe(f"ask_{item}")
        )
        if sentence and item not in case.asked and not case.private:
            case.asked = [*case.asked, item]
            case.missing = list(dict.fromkeys([*case.missing, item]))
            desk.log(case, BOT, "asked", item=item, of=who)
            return desk.phrases.say("question", who=who, question=sentence)
    return ""


def _items(desk: Desk, case: Case) -> list[str]:
    """What matters for sending the patient somewhere now, of what is missing."""
    if case.status in _ON_THE_WAY:
        return []
    urgent = case.level <= 2 or case.status == "accepted"
    wanted = [*_TRANSPORT, *_PLACING] if urgent else [*_PLACING, *_TRANSPORT[: _is_nowhere(desk, case)]]
    items = [item for item in wanted if item in case.missing]
    return [*items, "covid"] if _wants_covid(desk, case) else items


def _wants_covid(desk: Desk, case: Case) -> bool:
    """Never of Ⅰ–Ⅱ: no test result may hold those up."""
    institution = desk.site.institutions.get(case.hospital or "")
    if institution is None or case.level <= 2 or "covid" in case.fields:
        return False
    return _WANTS_COVID.search(institution.epidemic) is not None


def _is_nowhere(desk: Desk, case: Case) -> bool:
    room = desk.site.rooms.get(case.room or "")
    return case.town is None and "address" not in case.fields and not (room and room.town)
