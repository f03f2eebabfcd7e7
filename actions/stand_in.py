"""Somebody on duty cannot: the next on the list is asked at once, and he is not called for that case again."""

from __future__ import annotations

from actions import wording
from actions.case import is_open, open_cases, set_due
from actions.context import by_number, by_quote
from actions.duty import coordinators, experts, named
from actions.models import Case
from actions.open_marks import with_any
from actions.turn import Turn


def stands_down(turn: Turn) -> bool:
    """Whether the message said so; then it has been done. Nothing is done where it is no duty of the speaker's."""
    if not turn.meaning.stands_down or turn.meaning.danger or turn.meaning.reports:
        return False
    called = [case for case in _meant(turn) if turn.speaker.name in _called(turn, case)]
    asked: dict[tuple[str | None, str], list[Case]] = {}
    for case in called:
        turn.touch(case)
        room, names = _next(turn, case)
        for name in names:
            asked.setdefault((room, name), []).append(case)
    for (room, name), cases in asked.items():
        _ask(turn, room, name, cases)
    return True


def _meant(turn: Turn) -> list[Case]:
    """The cases named or quoted, else all of this place for which he is wanted: who is busy is busy for each."""
    pointed = [case for number in turn.meaning.pointers.case_numbers if (case := by_number(turn, number))]
    pointed = pointed or by_quote(turn)
    if pointed:
        return [case for case in pointed if is_open(case)]
    room = turn.message.room
    if room is None:
        return open_cases(turn.desk.session)
    here = with_any(turn.desk.session, [("room", room)])
    return [
        case for case in here if room == case.room or (room == case.expert_room and not case.expert_answered)
    ]


def _called(turn: Turn, case: Case) -> list[str]:
    """Those who are wanted now; once somebody has the case, only he can give it back."""
    if case.acknowledged_at is None:
        return named(turn.desk, case)
    return [name for name in (case.owner, *case.assignees) if name]


def _next(turn: Turn, case: Case) -> tuple[str | None, list[str]]:
    """Write down that he is out of it; where, and who is asked instead. Nobody when he was not the one to be asked."""
    desk, name = turn.desk, turn.speaker.name
    expert = case.expert_room is not None and not turn.speaker.leads
    before, had_it = _first(turn, case, expert), case.acknowledged_at is not None
    turn.log(case, "stood_down")
    desk.session.flush()
    if had_it:
        _nobody_has_it(turn, case)
    case.assignees = [each for each in case.assignees if each != name]
    case.brought_in = max(case.brought_in, 1)
    set_due(desk, case)
    instead = _first(turn, case, expert)
    return (case.expert_room if expert else case.room), instead if had_it or instead != before else []


def _first(turn: Turn, case: Case, expert: bool) -> list[str]:
    return (experts(turn.desk, case) if expert else []) or coordinators(turn.desk, case)


def _nobody_has_it(turn: Turn, case: Case) -> None:
    """The rhythm of a case that nobody has begins again (§6)."""
    case.acknowledged_at = case.owner = None
    case.rhythm_from = turn.desk.now
    case.brought_in, case.stage = max(case.brought_in, case.stage), 0


def _ask(turn: Turn, room: str | None, name: str, cases: list[Case]) -> None:
    lines = [wording.short(case, turn.desk.today) for case in cases]
    private = any(case.private for case in cases)
    turn.desk.post(
        f"{cases[0].number}:stand-in:m{turn.message.id}",
        "prompt",
        turn.say("stand_in", who=turn.speaker.name, next=name, cases="\n".join(lines)),
        room=None if private else room,
        to=name,
        cases=cases,
        mentions=[name] if room and not private else [],
        only_while_open=True,
    )
