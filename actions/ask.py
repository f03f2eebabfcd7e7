"""Questions to the bot: how a case stands, why nobody has acted, and what has a file of its own (lists, duty, help)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select

from actions import acceptance, consult, daily, duty_list, help, lists, propose, refused, wording
from actions.binding import clarify
from actions.case import is_open
from actions.context import bind
from actions.likeness import described
from actions.maternal import appointments
from actions.member_meant import spoken_to
from actions.models import Case, Event
from actions.online import shown as online
from actions.permissions import may, refuse
from actions.turn import Turn

# Whoever chases twice within this time has been told already.
TOLD_WITHIN = timedelta(minutes=5)
LISTED = 20  # cases in an answer to a chase


def ask(turn: Turn) -> None:
    """The state of one case, a list, the duty list, the figures so far, or what can be said here."""
    wanted = turn.meaning.asks_for
    if wanted == "help" and turn.message.quote is None:
        help.tell(turn)  # guests too: it says what they may do
    elif wanted == "help":
        consult.consult(turn)  # 怎么用, of something that was said
    elif not may(turn, "ask", None):
        refuse(turn, "ask", None)
    else:
        _ANSWERS.get(wanted or "", _one)(turn)


def _asks_a_member(turn: Turn) -> bool:
    """@小吴 看到了吗: who is asked by name answers himself."""
    asked = any(name in turn.desk.site.members for name in spoken_to(turn))
    return asked and not turn.meaning.pointers.case_numbers


def _figures(turn: Turn) -> None:
    text = daily.day_so_far(turn.desk) or turn.say("no_figures")
    turn.reply("answer", text, mentions=[turn.speaker.name])


def _one(turn: Turn) -> None:
    """The case asked about; a question that points at none (在吗) needs no answer of the bot's."""
    if _asks_a_member(turn):
        return
    binding = bind(turn, "ask")
    case = binding.case
    if case is None and turn.meaning.pointers.concepts and binding.choices:
        clarify(turn, binding.choices)
    if case is None or not (binding.pointed or turn.meaning.pointers.concepts or _concerns(turn, case)):
        return
    turn.touch(case)
    text = "\n".join(
        filter(
            None,
            [
                _state(turn, case),
                online.progress(turn.desk, case),
                appointments.told(turn.desk, case),
                _others(turn, case),
            ],
        )
    )
    turn.reply("answer", text, cases=[case], mentions=[turn.speaker.name])


def _others(turn: Turn, case: Case) -> str:
    """Where else the patient could go, while nobody has accepted."""
    told = [turn.say("other_hospital", hospital=name, why=why) for name, why in propose.others(case)]
    return turn.say("other_hospitals", hospitals="；".join(told)) if told else ""


def _concerns(turn: Turn, case: Case) -> bool:
    """Whoever reported a case or has it may ask without saying which; others by words for the patient (王阿婆)."""
    if not turn.meaning.pointers.progress:
        return False
    return turn.speaker.name in (case.opened_by, case.owner) or bool(described(turn, [case]))


def chase(turn: Turn) -> None:
    """Why has nobody acted? Says who has it, and names them."""
    if not may(turn, "chase", None):
        refuse(turn, "chase", None)
        return
    binding = bind(turn, "chase")
    cases = (
        [binding.case] if binding.case else [each for each in binding.choices if each.acknowledged_at is None]
    )
    fresh = [case for case in cases if is_open(case) and not _told_lately(turn, case)]
    for case in cases:
        turn.touch(case)
        turn.log(case, "chased")
    if not fresh:
        return
    text = "\n".join(_state(turn, case) for case in fresh[:LISTED])
    mentions = [name for case in fresh for name in _responsible(turn, case)]
    turn.reply("answer", text, cases=fresh, mentions=mentions)


def _told_lately(turn: Turn, case: Case) -> bool:
    query = (
        select(Event.id)
        .where(Event.case_id == case.id, Event.what == "chased", Event.at > turn.desk.now - TOLD_WITHIN)
        .limit(1)
    )
    return turn.desk.session.scalar(query) is not None


def _responsible(turn: Turn, case: Case) -> list[str]:
    return [case.owner] if case.owner else turn.desk.first_on_duty()


def _state(turn: Turn, case: Case) -> str:
    text = turn.say(
        "state",
        case=lists.shown(turn, case),
        status=wording.status_name(turn.desk, case),
        owner=case.owner or turn.say("nobody_yet"),
        since=turn.desk.local(case.opened_at).strftime("%H:%M"),
    )
    return "\n".join(filter(None, [text, acceptance.as_it_stands(turn, case), _not_taken(turn, case)]))


def _not_taken(turn: Turn, case: Case) -> str:
    """Who was asked and why not, while nobody has accepted."""
    if case.private or not case.declined or case.status not in ("open", "proposed"):
        return ""
    return turn.say("asked_so_far", tried=refused.tried(turn.desk, case))


_ANSWERS: dict[str, Callable[[Turn], None]] = {
    "open": lists.open_list,
    "mine": lists.my_list,
    "duty": duty_list.duty_list,
    "figures": _figures,
}
