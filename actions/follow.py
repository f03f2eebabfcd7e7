"""Following a case: news, corrections, who sees to it, when to ask again, what the level is."""

from __future__ import annotations

import re
from datetime import timedelta

from actions import intake, propose, same_patient, wording
from actions.binding import clarify, on_the_case
from actions.case import acknowledge, change_level, heard_from, is_open, set_due
from actions.context import bind, own_last_open
from actions.intake import absorb, announce_change, bring_in
from actions.models import Case
from actions.open_marks import first
from actions.permissions import may, refuse
from actions.privacy import for_outsiders
from actions.speaker import ACTING
from actions.turn import Turn
from nlu.understanding import Entities, Report, Understanding

SNOOZE = timedelta(hours=1)
# How long after a report findings without a person still belong to it.
FRAGMENT_WITHIN = timedelta(minutes=15)
# 她怀孕36周了: said of somebody who was spoken of before.
_PRONOUN = re.compile(r"^\s*(?:现在|刚刚|刚才|今天|目前)?(?:她|他|伊|病人|患者|家属说)")


def update(turn: Turn) -> None:
    """News of a case. Without one, dangerous findings open a case rather than be lost."""
    binding = bind(turn, "update")
    if binding.case is None:
        _loose_update(turn, binding.choices)
        return
    case = binding.case
    turn.touch(case)
    if turn.meaning.level is not None:
        set_level(turn, case, turn.meaning.level)
    elif not is_open(case):
        _news_of_an_ended_case(turn, case)
    else:
        _add(turn, case)


def _add(turn: Turn, case: Case) -> None:
    heard_from(turn.desk, case, turn.speaker, answers=True)
    brought = _brought(turn)
    turn.log(case, "update", brings=sorted(brought))
    raised = absorb(turn, case, brought, turn.message.text)
    relay(turn, case)
    if raised:
        announce_change(turn, case)
    bring_in(turn, case)


def _news_of_an_ended_case(turn: Turn, case: Case) -> None:
    """Noted. New danger is never only noted: it is a case again, that names the old one."""
    turn.log(case, "update_after_end", brings=sorted(_brought(turn)))
    if turn.meaning.danger and turn.meaning.triage_hint is not None:
        intake.open_case(turn, turn.meaning.triage_hint, follows=case)


def _brought(turn: Turn) -> Entities:
    """What the message says of the patient, whatever it was taken for."""
    reports = turn.meaning.reports
    return reports[0].entities if reports else turn.meaning.entities


def is_about_a_known_patient(turn: Turn) -> bool:
    """Findings without any person are about the patient just spoken of, not about a new one.

    So it is with the reporter himself soon after his report, and with an expert in the room where he was asked.
    """
    meaning = turn.meaning
    if meaning.act not in ("report", "consult", "ask") or len(meaning.reports) > 1:
        return False
    if meaning.act != "report" and turn.message.room in (None, *_intake_rooms(turn)):
        return False
    if meaning.names_patient and not _PRONOUN.match(turn.message.text):
        return False
    case = _asked_about(turn) or own_last_open(turn, FRAGMENT_WITHIN)
    if case is None or (meaning.act != "report" and case.expert_room != turn.message.room):
        return False
    mine = case.opened_by == turn.speaker.name and case.room == turn.message.room
    asked = case.expert_room == turn.message.room and turn.speaker.role in ACTING
    return (mine or asked) and not (meaning.reports and same_patient.differs(case, meaning.reports[0]))


def _intake_rooms(turn: Turn) -> list[str]:
    return [room.name for room in turn.desk.site.rooms_for("intake")]


def _asked_about(turn: Turn) -> Case | None:
    """The one case an expert was asked about in this room."""
    if turn.message.room is None or turn.speaker.role not in ACTING:
        return None
    asked = first(turn.desk.session, "asked_in", turn.message.room, 2)
    return turn.desk.session.get(Case, asked[0]) if len(asked) == 1 else None


def _loose_update(turn: Turn, choices: tuple[Case, ...]) -> None:
    """News of no case in particular. A patient nobody has reported, or danger, opens one rather than be lost."""
    hint = turn.meaning.triage_hint
    if hint is not None and (turn.meaning.danger or _tells_of_a_patient(turn.meaning, hint)):
        intake.take(turn, hint)
    elif choices and turn.speaker.role in ACTING and (turn.meaning.entities or turn.meaning.level):
        clarify(turn, choices)


def _tells_of_a_patient(meaning: Understanding, hint: Report) -> bool:
    """Somebody, somewhere, with something: a report in all but its wording."""
    said = hint.entities
    somewhere = any(key in said for key in ("town", "address", "phone"))
    return meaning.names_patient and somewhere and bool(said.get("symptoms") or said.get("drugs"))


def relay(turn: Turn, case: Case) -> None:
    """What experts say goes to the room of origin; what the reporter adds, to the experts who asked."""
    here = turn.message.room
    if case.private or case.expert_room is None:
        return
    if here == case.expert_room and here != case.room:
        case.expert_answered = case.expert_answered or turn.speaker.role in ACTING
        text = turn.say("relay", number=case.number, who=turn.speaker.name, words=turn.message.text)
        turn.desk.post(
            f"{case.number}:relay:m{turn.message.id}",
            "relay",
            text,
            room=case.room,
            to=case.opened_by,
            cases=[case],
            mentions=[case.opened_by],
        )
    elif here == case.room and case.expert_answered and turn.meaning.entities:
        words = for_outsiders(turn.message.text)
        text = turn.say("relay", number=case.number, who=turn.speaker.name, words=words)
        turn.desk.post(
            f"{case.number}:relay:m{turn.message.id}", "relay", text, room=case.expert_room, cases=[case]
        )


def set_level(turn: Turn, case: Case, level: int) -> None:
    """A person with the role sets the level, down as well; the timeline says who."""
    if not may(turn, "level", case):
        refuse(turn, "level", case)
        return
    before = case.level
    change_level(turn.desk, case, level, turn.speaker.name, turn.message.id)
    heard_from(turn.desk, case, turn.speaker, answers=True)
    set_due(turn.desk, case)
    if level != before:
        text = turn.say(
            "level_set", number=case.number, level=wording.level_name(turn.desk, level), who=turn.speaker.name
        )
        turn.tell("confirm", text, case)


def correct(turn: Turn) -> None:
    """Earlier information was wrong; triage runs again with all rules (§8.15)."""
    binding = bind(turn, "correct")
    if binding.case is None and not binding.choices:
        _loose_update(turn, ())
        return
    on_the_case(turn, "correct", _correct)


def _correct(turn: Turn, case: Case) -> None:
    if turn.meaning.level is not None:
        set_level(turn, case, turn.meaning.level)
        return
    before = _told(case)
    brought = _brought(turn)
    heard_from(turn.desk, case, turn.speaker, answers=True)
    turn.log(case, "correct", brings=sorted(brought))
    denied = set(brought.get("negated", []))
    case.fields = case.fields | {
        "symptoms": [each for each in case.fields.get("symptoms", []) if each not in denied]
    }
    raised = absorb(turn, case, brought, turn.message.text, corrects=True)
    _propose_anew(turn, case)
    set_due(turn.desk, case)
    bring_in(turn, case)
    if raised:
        announce_change(turn, case)
    elif _told(case) != before:
        text = turn.say(
            "corrected",
            number=case.number,
            level=wording.level_name(turn.desk, case.level),
            hospital=wording.hospital(turn.desk, case),
            address="" if case.private else str(case.fields.get("address", case.town or "")),
        )
        turn.tell("confirm", text, case, mentions=[case.owner])


def _told(case: Case) -> tuple[object, ...]:
    """What is confirmed when a correction changes it (contract §5.10)."""
    return (case.level, case.hospital, case.fields.get("town"), case.fields.get("address"))


def _propose_anew(turn: Turn, case: Case) -> None:
    """Another age, town or complaint may need another hospital; one that a person chose stays."""
    named = turn.meaning.pointers.hospitals
    if case.status not in ("open", "proposed"):
        return
    if named and named[-1] != case.hospital and may(turn, "transfer", case):
        propose.put_first(turn.desk, case, named[-1])
    else:
        propose.propose(turn.desk, case)


def assign(turn: Turn) -> None:
    """Somebody takes the case, or is charged with it. Silent."""
    on_the_case(turn, "assign", _assign)


def _assign(turn: Turn, case: Case) -> None:
    who = turn.speaker.name if turn.meaning.to_self else _member_meant(turn)
    if who is None and not _names_somebody(turn):
        who = turn.speaker.name
    turn.log(case, "assigned", to=who)
    if who is not None:
        case.assignees = list(dict.fromkeys([*case.assignees, who]))
        case.owner = who
    heard_from(turn.desk, case, turn.speaker, answers=True)
    if case.acknowledged_at is not None and who is not None:
        acknowledge(turn.desk, case, who, take=True)
    if turn.message.room == case.expert_room:
        case.expert_answered = True
    set_due(turn.desk, case)


def _names_somebody(turn: Turn) -> bool:
    return bool(turn.message.mentions or turn.meaning.pointers.persons)


def _member_meant(turn: Turn) -> str | None:
    """The member who is called: by @, or by a name that only one of them ends with (王主任, 刘老师)."""
    members = turn.desk.site.members
    for name in (*turn.message.mentions, *turn.meaning.pointers.persons):
        if name in members:
            return name
        fitting = [each for each in members if each.endswith(name)]
        here = [each for each in fitting if turn.message.room in members[each].rooms]
        for group in (here, fitting):
            if len(group) == 1:
                return group[0]
    return None


def snooze(turn: Turn) -> None:
    """Ask again later; it moves the next reminder only (§6, §8.5)."""
    on_the_case(turn, "snooze", _snooze)


def _snooze(turn: Turn, case: Case) -> None:
    if case.level == 1:
        refuse(turn, "snooze", case)
        return
    until = turn.meaning.until or turn.desk.now + SNOOZE
    case.snoozed_until = max(until, turn.desk.now)
    turn.log(case, "snoozed", until=until.isoformat())
    set_due(turn.desk, case)
