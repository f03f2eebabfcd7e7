"""3号和5号是同一个人: two cases of one patient become one; nothing that was said in either is lost."""

from __future__ import annotations

from dataclasses import replace

from actions import changes, close, propose, wording
from actions.answer import STEPS
from actions.binding import clarify, on_the_case
from actions.case import apply_triage, change_level, heard_from, is_open, move, set_due
from actions.context import by_number, by_quote, near_by, own_last, standing
from actions.desk import BOT
from actions.intake import bring_in, change_told, known_values, merged
from actions.maternal.weeks import story_today
from actions.models import Case
from actions.permissions import may, refuse
from actions.same_patient import differ
from actions.turn import Turn


def join(turn: Turn) -> None:
    """The cases that are named go into one: into the one that has come furthest, of two alike into the older."""
    named = _named(turn)
    if len(named) < 2:
        others = _others(turn, named)
        named = _pair(named, others)
        if len(named) < 2:
            likely = [case for case in others if not named or not differ(named[0].fields, case.fields)]
            _ask(turn, named, likely or others)
            return
    kept = max(named, key=lambda case: (_progress(case), -case.id))
    for away in named:
        if away is not kept and is_open(away):
            _take_in(turn, kept, away)


def _named(turn: Turn) -> list[Case]:
    """Those pointed at by number or quote, each where it stands now."""
    pointers = turn.meaning.pointers
    found = [case for number in pointers.case_numbers if (case := by_number(turn, number))]
    found += by_quote(turn)
    where = {case.id: case for case in (standing(turn, each) for each in found)}
    return [where[each] for each in sorted(where) if where[each].status not in ("cancelled", "merged")]


def _pair(named: list[Case], others: list[Case]) -> list[Case]:
    """The one named with the only other that can be the same patient; of none named, the only two there are."""
    if named:
        fit = [case for case in others if not differ(named[0].fields, case.fields)]
        return [*named, *fit] if len(fit) == 1 else named
    return others if len(others) == 2 and not differ(others[0].fields, others[1].fields) else []


def _others(turn: Turn, named: list[Case]) -> list[Case]:
    """Which cases the other one can be: the speaker's own last, else those of the room."""
    near = [case for case in near_by(turn, "close") if case not in named]
    if not named and turn.meaning.pointers.case_numbers:
        return []  # a number that is none: never another case instead
    own = own_last(turn, near)
    return [own] if named and own and own.opened_by == turn.speaker.name else near


def _ask(turn: Turn, named: list[Case], others: list[Case]) -> None:
    """Which one is it the same as? With nothing else to be seen to, the one named is a duplicate and no more."""
    if turn.speaker.role == "guest":
        return
    if others:
        clarify(turn, tuple(others))
    elif len(named) == 1:
        ended = replace(turn.meaning, outcome="duplicate")
        on_the_case(replace(turn, forced=named[0], meaning=ended), "close", close.end, needs="cancel")


def _progress(case: Case) -> int:
    return STEPS.index(case.status) if case.status in STEPS else len(STEPS)


def _take_in(turn: Turn, kept: Case, away: Case) -> None:
    turn.touch(away)
    if not may(turn, "cancel", away):
        refuse(turn, "merge", away)
        return
    desk, who = turn.desk, turn.speaker
    move(desk, away, "merged", who.name, turn.message.id, outcome="duplicate", into=kept.number)
    away.merged_into, away.outcome = kept.number, "duplicate"
    away.closed_at, away.closed_by = desk.now, who.name
    set_due(desk, away)
    turn.touch(kept)
    turn.log(kept, "took_in", other=away.number)
    heard_from(desk, kept, who, answers=False)
    before = kept.level
    _unite(turn, kept, away)
    _confirm(turn, kept, away, raised=kept.level < before)
    changes.tell_those_asked(turn, away, turn.say("merged_elsewhere", number=away.number, into=kept.number))
    if is_open(kept):
        bring_in(turn, kept)


def _unite(turn: Turn, kept: Case, away: Case) -> None:
    """The kept case knows, wants and weighs what both did."""
    first, second = sorted((kept, away), key=lambda case: case.id)
    kept.fields = merged(first.fields, second.fields)
    kept.town = kept.fields.get("town", kept.town or away.town)
    kept.story = [*first.story, *second.story]
    kept.private = kept.private or away.private
    kept.tags = list(dict.fromkeys([*kept.tags, *away.tags]))
    kept.missing = [item for item in dict.fromkeys([*kept.missing, *away.missing]) if item not in kept.fields]
    kept.asked = list(dict.fromkeys([*kept.asked, *away.asked]))
    kept.assignees = list(dict.fromkeys([*kept.assignees, *away.assignees]))
    kept.owner = kept.owner or away.owner
    kept.acknowledged_at = kept.acknowledged_at or away.acknowledged_at
    if kept.expert_room is None or kept.expert_room == away.expert_room:
        kept.expert_room = away.expert_room or kept.expert_room
        kept.expert_answered = kept.expert_answered or away.expert_answered
    if is_open(kept):
        _triage_both(turn, kept, away)


def _triage_both(turn: Turn, kept: Case, away: Case) -> None:
    before = kept.level
    if away.level < kept.level:
        change_level(turn.desk, kept, away.level, BOT, turn.message.id)
        kept.reasons, kept.first_aid = list(away.reasons), away.first_aid
        kept.specialty, kept.specialties = away.specialty, list(away.specialties)
        kept.disposition = away.disposition
    kept.machine_level = min(kept.machine_level, away.machine_level)
    if wording.comes_first(away.category, kept.category):
        kept.category = away.category
    again = turn.reader.patient(
        story_today(kept.story, kept.fields, turn.desk.today),
        turn.desk.now,
        known_values(kept.fields, turn.desk.today),
    )
    apply_triage(turn.desk, kept, again, turn.message.id)
    if kept.level < before:
        propose.propose(turn.desk, kept)
    set_due(turn.desk, kept)


def _confirm(turn: Turn, kept: Case, away: Case, *, raised: bool) -> None:
    """One word of it in every room that had either."""
    text = turn.say("ended_merged", number=away.number, into=kept.number, who=turn.speaker.name)
    if raised:
        text = f"{change_told(turn, kept)}\n{text}"
    mentions = [kept.owner, *turn.desk.first_on_duty()] if raised else [away.owner]
    turn.tell("confirm", text, away, mentions=mentions)
    if kept.room not in (away.room, turn.message.room):
        key = f"{kept.number}:confirm:m{turn.message.id}"
        turn.desk.post(
            key, "confirm", text, room=kept.room, to=kept.opened_by, cases=[kept], mentions=mentions
        )
