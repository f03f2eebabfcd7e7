"""What hospitals and those who telephoned them say: accepted, cannot, send elsewhere, on the way, there."""

from __future__ import annotations

import re
from dataclasses import replace

from actions import acceptance, hospital_state, propose, reassign, refused, wording
from actions.binding import on_the_case
from actions.case import acknowledge, heard_from, move, set_due
from actions.context import bind, question_before
from actions.intake import ask_hospital
from actions.models import Case
from actions.permissions import may
from actions.proposal import say_proposal
from actions.relay import relay
from actions.turn import Turn

_TAKES = re.compile(r"[收接]|送来|过来|来吧|安排|床")
_OF_A_PLACE = re.compile(r"[收接]|哪|床|医院|急诊|门诊|科|送|转")
"""Words by which a question is about who takes somebody."""
WAITING = frozenset({"open", "proposed"})
# How far along a case is; late word of an earlier step changes nothing.
STEPS = ("open", "proposed", "accepted", "in_transit", "arrived")


def accept(turn: Turn) -> None:
    """The patient is taken, or several: 都收."""
    if _grants_something_else(turn):
        return
    taken: list[acceptance.Taken] = []
    on_the_case(turn, "accept", lambda turn, case: taken.extend(_accept(turn, case)))
    acceptance.confirm(turn, taken)


def takes_at_another_time(turn: Turn) -> bool:
    """下午满了，晚班17:30可以, said by a hospital that somebody waits for: he is taken, for the evening."""
    offer = turn.meaning.offer
    if offer is None or turn.speaker.role != "hospital":
        return False
    meaning = replace(
        turn.meaning, act="accept", requirements=(("time", offer),), hospital_status=None, also=()
    )
    part = turn.part(meaning)
    case = bind(part, "accept").case
    if case is None or case.status not in WAITING or case.hospital != turn.speaker.hospital:
        return False
    turn.message.act = "accept"
    accept(replace(part, forced=case))
    return True


def _grants_something_else(turn: Turn) -> bool:
    """可以，带好通行证, said to 他自己开车去行不行？: leave to do something, and no hospital's answer."""
    said = turn.meaning.pointers
    pointed = turn.forced or turn.message.quote or said.case_numbers or said.hospitals or said.back
    if pointed or turn.speaker.role == "hospital" or _TAKES.search(turn.message.text):
        return False
    before = question_before(turn)
    return before is not None and not _OF_A_PLACE.search(before.text)


def _accept(turn: Turn, case: Case) -> list[acceptance.Taken]:
    """Nothing when it was said before, else what is to be confirmed."""
    desk, who = turn.desk, turn.speaker
    hospital = _hospital_of_answer(turn, case)
    held = acceptance.told(turn, hospital)
    before = acceptance.accepted_before(turn, case) if hospital == case.hospital else None
    again = before is not None and (before.who == who.name or case.status != "accepted")
    if again and not turn.meaning.requirements:
        if case.status == "in_transit" and turn.meaning.instead is not None:
            move(desk, case, "arrived", who.name, turn.message.id)  # 脑梗，已经溶栓，收入院
        heard_from(desk, case, who, answers=True)
        set_due(desk, case)
        return []  # said twice, or of one who is on the way already
    if hospital and hospital != case.hospital:
        case.candidates = [hospital, *(name for name in case.candidates if name != hospital)]
        case.declined = [name for name in case.declined if name != hospital]
        case.hospital = hospital
    heard_from(desk, case, who, answers=False)
    acknowledge(desk, case, who.name, take=True)
    case.expert_answered = True
    if case.status in ("open", "proposed"):
        move(desk, case, "accepted", who.name, turn.message.id, **held)
    else:
        turn.log(case, "accepted", **held)
    set_due(desk, case)
    return [acceptance.Taken(case, held)]


def _hospital_of_answer(turn: Turn, case: Case) -> str | None:
    """A hospital speaks for itself; else the one named, an expert's own, or the one proposed."""
    named, own = _named(turn), turn.speaker.hospital
    if turn.speaker.role == "hospital" and own:
        return own
    if named:
        return named[0]
    return own if turn.speaker.role == "expert" and own else case.hospital


def _named(turn: Turn) -> tuple[str, ...]:
    """The hospitals in the message; one that the directory does not have is written in by whoever leads."""
    pointers = turn.meaning.pointers
    return pointers.hospitals or (pointers.outside if turn.speaker.leads else ())


def decline(turn: Turn) -> None:
    """They cannot, or nobody answers: on to the next one. A whole department that cannot is no one case's matter."""
    if hospital_state.says_more_than_no(turn):
        hospital_state.hospital_status(turn)
    else:
        on_the_case(turn, "decline", _decline)


def _decline(turn: Turn, case: Case) -> None:
    desk = turn.desk
    refusing = _who_declines(turn, case)
    heard_from(desk, case, turn.speaker, answers=False)
    reason = refused.note(turn, case, refusing)
    if refusing is None:
        set_due(desk, case)
        return  # nobody is proposed any more; that was said when the last one declined
    _refuse_beside(turn, case, refusing)
    note = hospital_state.told_beside(turn, refusing, case)
    told = hospital_state.confirmation(turn, note)
    if refusing == case.hospital:
        if turn.speaker.role == "hospital" and (might := [name for name in _named(turn) if name != refusing]):
            case.candidates = [*might, *(name for name in case.candidates if name not in might)]
        propose.next_candidate(desk, case)
        set_due(desk, case)
        kindly = _kindly(turn, case, reason, refusing)
        named = turn.desk.first_on_duty() if kindly else []
        say_proposal(turn, case, refusing, also="\n".join(filter(None, [told, kindly])), named=named)
        ask_hospital(turn, case)
    elif refusing:
        # One that was asked on the side; the current proposal stands.
        case.declined = list(dict.fromkeys([*case.declined, refusing]))
        case.candidates = [name for name in case.candidates if name != refusing]
        set_due(desk, case)
        if told:
            turn.reply("confirm", told)
    if note is not None:
        reassign.reassign(turn, note)


def _refuse_beside(turn: Turn, case: Case, refusing: str) -> None:
    """市一和区中心都收不了: of several that cannot, none is proposed next."""
    others = [] if turn.speaker.role == "hospital" else [name for name in _named(turn) if name != refusing]
    case.declined = list(dict.fromkeys([*case.declined, *others]))
    case.candidates = [name for name in case.candidates if name not in others]


def _kindly(turn: Turn, case: Case, reason: str, hospital: str | None) -> str:
    """A missing test result never blocks Ⅰ–Ⅱ: whoever coordinates may talk to the hospital again (facts §6.4)."""
    if reason != refused.NO_TEST or case.level > 2 or hospital is None:
        return ""
    who = wording.names(f"@{name}" for name in turn.desk.first_on_duty())
    level = wording.level_name(turn.desk, case.level)
    return turn.say("no_refusal_for_a_test", number=case.number, level=level, who=who, hospital=hospital)


def _who_declines(turn: Turn, case: Case) -> str | None:
    """A hospital or its expert declines for itself; else the one named, else the one proposed."""
    named, own = _named(turn), turn.speaker.hospital
    if turn.speaker.role == "hospital" and own:
        return own
    if named:
        return case.hospital if case.hospital in named else named[0]
    return own if turn.speaker.role == "expert" and own else case.hospital


def transfer(turn: Turn) -> None:
    """Send to another hospital; who owned the case keeps it until that one accepts."""
    on_the_case(turn, "transfer", _transfer)


def _transfer(turn: Turn, case: Case) -> None:
    desk, before = turn.desk, case.hospital
    written_in = turn.meaning.pointers.outside if turn.speaker.leads or turn.speaker.role == "expert" else ()
    named = [name for name in (turn.meaning.pointers.hospitals or written_in) if name != before]
    heard_from(desk, case, turn.speaker, answers=True)
    case.expert_answered = case.expert_answered or turn.message.room == case.expert_room
    turn.log(case, "transfer", was=before, to=named[-1] if named else before)
    if named:
        propose.put_first(desk, case, named[-1])
    elif turn.meaning.pointers.elsewhere and not turn.meaning.pointers.hospitals:
        propose.next_candidate(desk, case)
    else:
        # Where it is going already, or a place the directory does not know: passed on in his own words.
        set_due(desk, case)
        relay(turn, case)
        return
    set_due(desk, case)
    say_proposal(turn, case, before, sentence="sent_elsewhere" if named else "next_proposal")
    ask_hospital(turn, case)


def dispatched(turn: Turn) -> None:
    """An ambulance or a car is on its way. Silent."""
    on_the_case(turn, "dispatched", lambda turn, case: _on_the_way(turn, case, "in_transit"))


def arrived(turn: Turn) -> None:
    """The patient has reached the hospital. Silent."""
    on_the_case(turn, "arrived", lambda turn, case: _on_the_way(turn, case, "arrived"))


def _on_the_way(turn: Turn, case: Case, status: str) -> None:
    named = turn.meaning.pointers.hospitals
    if named and case.status in ("open", "proposed") and (status == "arrived" or may(turn, "accept", case)):
        propose.put_first(turn.desk, case, named[-1])
    if STEPS.index(status) > STEPS.index(case.status):
        move(turn.desk, case, status, turn.speaker.name, turn.message.id)
    else:
        turn.log(case, status)
    heard_from(turn.desk, case, turn.speaker, answers=True)
    set_due(turn.desk, case)
