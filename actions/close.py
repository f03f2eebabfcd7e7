"""The end of a case, and its return."""

from __future__ import annotations

from dataclasses import replace

from actions import propose, wording
from actions.binding import on_the_case
from actions.case import apply_triage, heard_from, is_open, move, set_due
from actions.context import by_number, by_quote
from actions.intake import bring_in, merged, open_case
from actions.models import Case
from actions.turn import Turn
from nlu.understanding import Report

# Outcomes that end a case without care having been given.
CANCELLED = frozenset({"cancelled", "false_alarm", "withdrawn"})


def close(turn: Turn) -> None:
    """Handed over, admitted, delivered, better, withdrawn …: a person says so."""
    outcome = turn.meaning.outcome
    if outcome == "duplicate":
        _merge(turn)
        return
    on_the_case(turn, "close", _close, needs="cancel" if outcome in CANCELLED else "close")


def _merge(turn: Turn) -> None:
    """这个和1号重复: the quoted case, or the later of two numbers, goes into the other."""
    named = [case for number in turn.meaning.pointers.case_numbers if (case := by_number(turn, number))]
    quoted = by_quote(turn)
    pair = [named[0], quoted[0]] if len(quoted) == 1 and named else sorted(named, key=lambda case: case.id)
    if len(pair) < 2 or pair[0].id == pair[1].id:
        on_the_case(turn, "close", _close, needs="cancel")
        return
    into, away = pair[0], pair[1]
    away.merged_into = into.number
    on_the_case(replace(turn, forced=away), "close", _close, needs="cancel")


def _close(turn: Turn, case: Case) -> None:
    if not is_open(case):
        return  # closed already; nobody needs to hear it twice
    outcome = turn.meaning.outcome or "done"
    status = "merged" if outcome == "duplicate" else "cancelled" if outcome in CANCELLED else "closed"
    move(turn.desk, case, status, turn.speaker.name, turn.message.id, outcome=outcome)
    case.closed_at = turn.desk.now
    case.closed_by = turn.speaker.name
    case.outcome = outcome
    heard_from(turn.desk, case, turn.speaker, answers=False)
    set_due(turn.desk, case)
    text = turn.say(
        f"ended_{status}",
        number=case.number,
        case="" if case.private else wording.complaint(case),
        who=turn.speaker.name,
        into=case.merged_into or turn.say("the_other"),
    )
    turn.tell("confirm", text, case)


def reopen(turn: Turn) -> None:
    """Back to work on a closed case: same number within the policy's hours, else a new one that names it (§8.14)."""
    on_the_case(turn, "reopen", _reopen)


def _reopen(turn: Turn, case: Case) -> None:
    desk = turn.desk
    if is_open(case):
        return
    now_said = turn.reader.patient(turn.message.text, desk.now, {}, fragment=True)
    if case.closed_at and desk.now - case.closed_at > desk.reopen_within:
        open_case(turn, _with_story(turn, case), follows=case)
        return
    case.closed_at = case.closed_by = case.outcome = case.acknowledged_at = case.merged_into = None
    case.owner = case.snoozed_until = case.proposed_at = None
    case.rhythm_from, case.stage, case.brought_in, case.expert_answered = desk.now, 0, 0, False
    case.declined, case.expert_room = [], None
    case.fields = merged(case.fields, now_said.entities)
    case.story = [*case.story, turn.message.text]
    move(desk, case, "open", turn.speaker.name, turn.message.id)
    apply_triage(desk, case, now_said, turn.message.id)
    propose.propose(desk, case)
    set_due(desk, case)
    text = turn.say(
        "reopened",
        number=case.number,
        level=wording.level_name(desk, case.level),
        hospital=case.hospital or turn.say("no_hospital"),
        who=turn.speaker.name,
    )
    turn.tell("confirm", text, case, mentions=desk.first_on_duty())
    bring_in(turn, case)


def _with_story(turn: Turn, case: Case) -> Report:
    known = {key: value for key, value in case.fields.items() if not isinstance(value, list)}
    return turn.reader.patient("。".join([*case.story[:1], turn.message.text]), turn.desk.now, known)
