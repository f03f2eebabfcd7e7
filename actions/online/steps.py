"""Consultation → prescription → payment → delivery, as people tell of it; delivered is the end of the case."""

from __future__ import annotations

from actions import close
from actions.binding import clarify
from actions.case import acknowledge, heard_from, move, set_due
from actions.context import bind, by_numbers, by_quote, near_by
from actions.models import Case
from actions.online.shown import is_online
from actions.online.table import step_told
from actions.permissions import may, refuse
from actions.turn import Turn

# Acts that decide something of a case themselves: the step is noted, the act goes on.
DECISIVE = frozenset({"accept", "reopen", "correct", "assign"})
AGAINST_DELIVERY = frozenset({"reopen", "correct"})
BEFORE_SEEN = ("open", "proposed", "accepted")


def told(turn: Turn, act: str) -> bool:
    """Whether the message tells of a step and of nothing else; then it is noted, and a delivery ends the case."""
    step = step_told(turn.message.text)
    if step is None or (act == "report" and not _points(turn)):
        return False
    meant, clear = _meant(turn)
    online = [case for case in meant if is_online(turn.desk, case)]
    ends = step == "delivered"
    if not online or (ends and act in AGAINST_DELIVERY):
        return False
    if not clear and len(online) > 1:
        clarify(turn, tuple(online))
        return True
    if act in DECISIVE and not ends:
        for case in online:
            _note(turn, case, step)
        return False
    for case in online:
        _take(turn, case, step)
    return True


def _points(turn: Turn) -> bool:
    return bool(turn.forced or turn.meaning.pointers.case_numbers or turn.message.quote)


def _meant(turn: Turn) -> tuple[list[Case], bool]:
    """The cases meant, and whether there is no doubt that it is all of them."""
    if turn.forced is not None:
        return [turn.forced], True
    if turn.meaning.pointers.case_numbers:
        return by_numbers(turn), True
    if quoted := by_quote(turn):
        return quoted, len(quoted) == 1
    if turn.meaning.pointers.everything:
        return near_by(turn, "update"), True
    binding = bind(turn, "update")
    if binding.case is not None:
        return [binding.case], True
    return list(binding.choices), False


def _take(turn: Turn, case: Case, step: str) -> None:
    turn.touch(case)
    needs = "close" if step == "delivered" else "update"
    if not may(turn, needs, case):
        refuse(turn, needs, case)
        return
    _note(turn, case, step)
    if step == "delivered":
        turn.message.act = "close"
        close.finish(turn, case, "closed", "delivered")
        close.confirm(turn, case)
        return
    turn.message.act = "update"
    heard_from(turn.desk, case, turn.speaker, answers=True)
    if case.status in BEFORE_SEEN:
        move(turn.desk, case, "arrived", turn.speaker.name, turn.message.id)
    acknowledge(turn.desk, case, turn.speaker.name)  # whoever tells of it: the hospital has the patient
    set_due(turn.desk, case)


def _note(turn: Turn, case: Case, step: str) -> None:
    turn.touch(case)
    turn.log(case, "online", step=step)
