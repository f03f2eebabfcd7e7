"""What hospitals and those who telephoned them say: accepted, cannot, send elsewhere, on the way, there."""

from __future__ import annotations

from actions import hospital_state, propose, question, wording
from actions.binding import on_the_case
from actions.case import acknowledge, heard_from, move, set_due
from actions.intake import ask_hospital
from actions.models import Case
from actions.permissions import may
from actions.proposal import say_proposal
from actions.relay import relay
from actions.turn import Turn

# How far along a case is; late word of an earlier step changes nothing.
STEPS = ("open", "proposed", "accepted", "in_transit", "arrived")


def accept(turn: Turn) -> None:
    """The patient is taken."""
    on_the_case(turn, "accept", _accept)


def _accept(turn: Turn, case: Case) -> None:
    desk, who = turn.desk, turn.speaker
    hospital = _hospital_of_answer(turn, case)
    if case.status == "accepted" and hospital == case.hospital and case.owner == who.name:
        return  # said twice
    if hospital and hospital != case.hospital:
        case.candidates = [hospital, *(name for name in case.candidates if name != hospital)]
        case.declined = [name for name in case.declined if name != hospital]
        case.hospital = hospital
    heard_from(desk, case, who, answers=False)
    acknowledge(desk, case, who.name, take=True)
    case.expert_answered = True
    if case.status in ("open", "proposed"):
        move(desk, case, "accepted", who.name, turn.message.id, hospital=hospital)
    else:
        turn.log(case, "accepted", hospital=hospital)
    set_due(desk, case)
    line = propose.direct_line(desk, hospital)
    text = turn.say(
        "accepted",
        number=case.number,
        hospital=hospital or turn.say("the_hospital"),
        who=who.name,
        line=turn.say("direct_line", line=line) if line else "",
        case="" if case.private else wording.complaint(case),
    )
    turn.tell("confirm", text, case, mentions=[case.opened_by], asks=question.following(desk, case))


def _hospital_of_answer(turn: Turn, case: Case) -> str | None:
    """A hospital speaks for itself; else the one named, an expert's own, or the one proposed."""
    named, own = turn.meaning.pointers.hospitals, turn.speaker.hospital
    if turn.speaker.role == "hospital" and own:
        return own
    if named:
        return named[0]
    return own if turn.speaker.role == "expert" and own else case.hospital


def decline(turn: Turn) -> None:
    """They cannot, or nobody answers: on to the next one."""
    on_the_case(turn, "decline", _decline)


def _decline(turn: Turn, case: Case) -> None:
    desk = turn.desk
    refusing = _who_declines(turn, case)
    heard_from(desk, case, turn.speaker, answers=False)
    turn.log(case, "declined", hospital=refusing)
    told = hospital_state.told_beside(turn, refusing)
    if refusing == case.hospital:
        propose.next_candidate(desk, case)
        set_due(desk, case)
        say_proposal(turn, case, refusing, also=told)
        ask_hospital(turn, case)
    elif refusing:
        # One that was asked on the side; the current proposal stands.
        case.declined = list(dict.fromkeys([*case.declined, refusing]))
        case.candidates = [name for name in case.candidates if name != refusing]
        set_due(desk, case)
        if told:
            turn.reply("confirm", told)
    if told and refusing:
        hospital_state.propose_again(turn, refusing)


def _who_declines(turn: Turn, case: Case) -> str | None:
    """A hospital or its expert declines for itself; else the one named, else the one proposed."""
    named, own = turn.meaning.pointers.hospitals, turn.speaker.hospital
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
    named = [name for name in turn.meaning.pointers.hospitals if name != before]
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
    if named and case.status in ("open", "proposed") and may(turn, "accept", case):
        propose.put_first(turn.desk, case, named[-1])
    if STEPS.index(status) > STEPS.index(case.status):
        move(turn.desk, case, status, turn.speaker.name, turn.message.id)
    else:
        turn.log(case, status)
    heard_from(turn.desk, case, turn.speaker, answers=True)
    set_due(turn.desk, case)
