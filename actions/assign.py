"""Somebody takes a case, or is charged with it."""

from __future__ import annotations

import re

from actions import wording
from actions.binding import on_the_case
from actions.case import acknowledge, heard_from, set_due
from actions.member_meant import Called, called
from actions.models import Case
from actions.relay import relay
from actions.turn import Turn

# Whoever takes a case may ask for something in the same breath: 量一下血压报给我.
_ASKS = re.compile(
    r"[?？]|吗|有没有|有无|是不是|多少|几[点周天胎次个]|[报发][给到]我|量一下|测一下|问[一问]下?家属"
)


def assign(turn: Turn) -> None:
    """我来跟, 转给李主任. Silent for those who can read it; whoever is in another room is told there."""
    on_the_case(turn, "assign", _assign, instead=_sees_to_his_own)


def _sees_to_his_own(turn: Turn, case: Case) -> bool:
    """在联系了, of whoever reported it: he does what he was told to, and takes nothing from anybody."""
    if turn.speaker.name != case.opened_by or turn.meaning.pointers.persons or "我" in turn.message.text:
        return False
    turn.log(case, "update", brings=[])
    heard_from(turn.desk, case, turn.speaker, answers=False)
    set_due(turn.desk, case)
    return True


def hands_to_a_member(turn: Turn) -> bool:
    """转给王建国 sounds like a transfer; it is none when it names a member and no hospital."""
    pointers = turn.meaning.pointers
    members = turn.desk.site.members
    return not pointers.hospitals and any(
        name in members or any(each.endswith(name) for each in members) for name in pointers.persons
    )


def _assign(turn: Turn, case: Case) -> None:
    meant = None if turn.meaning.to_self else called(turn, case)
    if meant is not None and len(meant.members) != 1:
        turn.log(case, "assigned", to=None, name=meant.name)
        _ask_who(turn, case, meant)
        return
    who = meant.members[0] if meant is not None else turn.speaker.name
    turn.log(case, "assigned", to=who)
    case.assignees = list(dict.fromkeys([*case.assignees, who]))
    case.owner = who
    heard_from(turn.desk, case, turn.speaker, answers=True)
    if case.acknowledged_at is not None:
        acknowledge(turn.desk, case, who, take=True)
    if turn.message.room == case.expert_room:
        case.expert_answered = True
        if _ASKS.search(turn.message.text):
            relay(turn, case)
    set_due(turn.desk, case)
    if who != turn.speaker.name:
        _tell(turn, case, who)


def _ask_who(turn: Turn, case: Case, meant: Called) -> None:
    """One line: nobody is called so, or several are. Nothing is done until it is said again."""
    if meant.members:
        text = turn.say(
            "several_called_so",
            who=turn.speaker.name,
            called=meant.name,
            members=wording.names(meant.members),
        )
    else:
        text = turn.say("nobody_called_so", who=turn.speaker.name, called=meant.name)
    turn.reply("clarify", text, cases=[case], mentions=[turn.speaker.name])


def _tell(turn: Turn, case: Case, who: str) -> None:
    """He cannot read what was said where he is not: told in the experts' room, else privately."""
    desk, here = turn.desk, turn.message.room
    rooms = desk.site.members[who].rooms
    if here in rooms:
        return
    private = case.private or case.expert_room not in rooms
    text = turn.say(
        "assigned",
        number=case.number,
        who=turn.speaker.name,
        to=who,
        level=wording.level_name(desk, case.level),
        town=case.town or "",
        case="" if case.private else wording.for_experts(case, desk.today),
        status=wording.status_name(desk, case),
    )
    desk.post(
        f"{case.number}:assigned:m{turn.message.id}",
        "prompt",
        text,
        room=None if private else case.expert_room,
        to=who,
        cases=[case],
        mentions=[] if private else [who],
        only_while_open=True,
    )
