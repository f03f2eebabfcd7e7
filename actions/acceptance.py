"""What an acceptance holds: the hospital, the person there, whether it was telephoned, what is asked of those who come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from actions import propose, question, wording
from actions.models import Case, Event
from actions.turn import Turn
from nlu.acceptance import TEST

Detail = dict[str, object]
TOGETHER = 3
"""From so many acceptances in one message on, they are confirmed in one post for a room."""


@dataclass(frozen=True)
class Taken:
    """A case that was accepted, with what was told of it."""

    case: Case
    held: Detail


def told(turn: Turn, hospital: str | None) -> Detail:
    """What the message says of the acceptance, for the timeline; nothing that it does not say."""
    speaker, meaning = turn.speaker, turn.meaning
    own = speaker.hospital is not None and speaker.hospital == hospital
    held: Detail = {"hospital": hospital}
    if meaning.person:
        held["person"] = meaning.person
    if not own:
        held["by_phone"] = speaker.name
    if meaning.requirements:
        held["requires"] = [list(each) for each in meaning.requirements]
    return held


def confirm(turn: Turn, taken: Sequence[Taken]) -> None:
    """The reporters hear who takes their patients and what to bring."""
    rooms: dict[str, list[Taken]] = defaultdict(list)
    for each in taken:
        if not each.case.private and each.case.room is not None:
            rooms[each.case.room].append(each)
    together = {room: group for room, group in rooms.items() if len(group) >= TOGETHER}
    for each in taken:
        if each.case.private or each.case.room not in together:
            _confirm_one(turn, each.case, each.held)
    for room, group in together.items():
        _confirm_together(turn, room, group)
    elsewhere = [each for room, group in together.items() if room != turn.message.room for each in group]
    if elsewhere and turn.message.room is not None:
        _confirm_together(turn, turn.message.room, elsewhere)


def _confirm_together(turn: Turn, room: str, taken: Sequence[Taken]) -> None:
    """One post for several patients; who reported them is named where they were reported."""
    cases = [each.case for each in taken]
    held = taken[0].held
    text = turn.say(
        "accepted_together",
        count=len(cases),
        numbers=wording.names(case.number for case in cases),
        hospital=wording.names(dict.fromkeys(wording.house(turn.desk, case.hospital) for case in cases)),
        who=by_whom(turn, held, turn.speaker.name),
    )
    urgent = next((each for each in taken if each.case.level <= 2), taken[0])
    lines = [text, asked_for(turn, held), _no_waiting(turn, urgent.case, held)]
    key = f"{cases[0].number}+{len(cases) - 1}:confirm:m{turn.message.id}"
    mentions = [case.opened_by for case in cases if case.room == room]
    turn.desk.post(key, "confirm", "\n".join(filter(None, lines)), room=room, cases=cases, mentions=mentions)


def _confirm_one(turn: Turn, case: Case, held: Detail) -> None:
    desk, hospital = turn.desk, held.get("hospital")
    line = propose.direct_line(desk, case.hospital)
    text = turn.say(
        "accepted",
        number=case.number,
        hospital=wording.house(desk, case.hospital) if hospital else turn.say("the_hospital"),
        who=by_whom(turn, held, turn.speaker.name),
        line=turn.say("direct_line", line=line) if line else "",
        case="" if case.private else wording.complaint(case),
    )
    lines = [text, asked_for(turn, held), _no_waiting(turn, case, held)]
    asks = question.following(desk, case)
    turn.tell("confirm", "\n".join(filter(None, lines)), case, mentions=[case.opened_by], asks=asks)


def by_whom(turn: Turn, held: Detail, name: str) -> str:
    """区中心血透-赵老师; 王主任，经专班-陈老师电话."""
    if "by_phone" not in held:
        return wording.names(filter(None, [str(held.get("person") or ""), name]))
    by_phone = turn.say("by_phone", who=held["by_phone"])
    return turn.say("person_by_phone", person=held["person"], by=by_phone) if "person" in held else by_phone


def asked_for(turn: Turn, held: Detail) -> str:
    """要求：带48小时核酸、走急诊2号门; empty when nothing is."""
    words = [str(words) for _, words in _requires(held)]
    return turn.say("accepted_requires", requirements=wording.names(words)) if words else ""


def _no_waiting(turn: Turn, case: Case, held: Detail) -> str:
    asks_test = any(item == TEST for item, _ in _requires(held))
    return turn.say("urgent_without_test") if asks_test and case.level <= 2 else ""


def _requires(held: Detail) -> list[tuple[str, str]]:
    asked = held.get("requires")
    return [(str(item), str(words)) for item, words in asked] if isinstance(asked, list) else []


def as_it_stands(turn: Turn, case: Case) -> str:
    """Who accepted and what was asked for, for whoever asks how the case stands; empty when nobody has."""
    event = None if case.private else accepted_before(turn, case)
    if event is None:
        return ""
    who = by_whom(turn, event.detail, event.who)
    return "\n".join(filter(None, [turn.say("accepted_by", who=who), asked_for(turn, event.detail)]))


def accepted_before(turn: Turn, case: Case) -> Event | None:
    """When the hospital that the patient goes to last said that it takes him; None when it has not."""
    if case.status not in ("accepted", "in_transit", "arrived"):
        return None
    query = (
        select(Event)
        .where(Event.case_id == case.id, Event.what.in_(("status", "accepted")))
        .order_by(Event.id.desc())
    )
    for event in turn.desk.session.scalars(query):
        accepted = event.what == "accepted" or event.detail.get("now") == "accepted"
        if accepted and event.detail.get("hospital") == case.hospital:
            return event
    return None
