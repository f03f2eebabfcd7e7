"""Lists of cases for those who ask: what is open here, what is mine. Private ones show level and town only."""

from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy import select

from actions import wording
from actions.case import ENDED, is_open, open_cases
from actions.maternal import appointments
from actions.models import Case
from actions.open_marks import with_any
from actions.turn import Turn

LISTED = 20
# Ended cases of one's own are news for so long.
ENDED_WITHIN = timedelta(hours=24)
# 我的 alone may be said of anything.
_ONE_WORD = 2

_URGENT = re.compile(r"急[的件]|重[的症]|[ⅠⅡ一二]级")
_UNTAKEN = re.compile(r"没人[接管跟]")


def open_list(turn: Turn) -> None:
    """What is open in this room; of one town, the urgent or the untaken ones when the words say so."""
    cases = [case for case in _of_this_room(turn) if _wanted(turn, case)]
    if not cases:
        turn.reply("answer", turn.say("nothing_open"), mentions=[turn.speaker.name])
        return
    text = turn.say("open_list", count=_open(cases), cases=_lines(turn, cases))
    turn.reply("answer", text, cases=_shown_first(turn, cases), mentions=[turn.speaker.name])


def my_list(turn: Turn) -> None:
    """What the speaker reported or has, open or ended not long ago, from whatever room."""
    cases = _mine(turn)
    if cases:
        text = turn.say("my_list", who=turn.speaker.name, count=_open(cases), cases=_lines(turn, cases))
        turn.reply("answer", text, cases=_shown_first(turn, cases), mentions=[turn.speaker.name])
    elif len(turn.message.text.strip()) > _ONE_WORD:
        turn.reply("answer", turn.say("nothing_mine"), mentions=[turn.speaker.name])


def line(turn: Turn, case: Case) -> str:
    """One case in a list: which, how it stands, who has it."""
    status = wording.status_name(turn.desk, case)
    if not is_open(case):
        return turn.say("list_line_ended", case=shown(turn, case), status=status)
    owner = case.owner or turn.say("nobody_yet")
    return turn.say("list_line", case=shown(turn, case), status=status, owner=owner)


def shown(turn: Turn, case: Case) -> str:
    """The case as the place may see it: less of the patient where it was neither reported nor asked about."""
    here = turn.message.room
    if here in (case.room, case.expert_room) or (here is None and _is_his(turn, case)):
        return wording.short(case, turn.desk.today)
    return wording.brief(case)


def _is_his(turn: Turn, case: Case) -> bool:
    name = turn.speaker.name
    return turn.speaker.leads or name in (case.opened_by, case.owner) or name in case.assignees


def _of_this_room(turn: Turn) -> list[Case]:
    """Of the room; all of them where coordinators meet without patients; in private whoever leads sees all."""
    session, here = turn.desk.session, turn.message.room
    room = turn.desk.site.rooms.get(here) if here else None
    if turn.speaker.leads and (here is None or (room is not None and room.purpose == "admin")):
        return open_cases(session)
    if here is None:
        return [case for case in with_any(session, [("member", turn.speaker.name)]) if _is_his(turn, case)]
    return [case for case in with_any(session, [("room", here)]) if here in (case.room, case.expert_room)]


def _wanted(turn: Turn, case: Case) -> bool:
    text, hint = turn.message.text, turn.meaning.triage_hint
    town = hint.entities.get("town") if hint else None
    if town is not None and case.town != town:
        return False
    if _URGENT.search(text) and case.level > 2:
        return False
    return not (_UNTAKEN.search(text) and case.acknowledged_at is not None)


def _mine(turn: Turn) -> list[Case]:
    name, since = turn.speaker.name, turn.desk.now - ENDED_WITHIN
    query = (
        select(Case)
        .where(Case.closed_at >= since, Case.status.in_(ENDED), Case.status != "merged")
        .order_by(Case.id)
    )
    ended = [
        case
        for case in turn.desk.session.scalars(query)
        if name in (case.opened_by, case.owner) or name in case.assignees
    ]
    still = with_any(turn.desk.session, [("member", name)])
    still_open = [case for case in still if name in (case.opened_by, case.owner, *case.assignees)]
    return sorted([*ended, *still_open], key=lambda case: case.id)


def _shown_first(turn: Turn, cases: list[Case]) -> list[Case]:
    """The most urgent first, of one level whose window closes first; ended ones at the end; no more than a screen holds."""
    today = turn.desk.today
    return sorted(
        cases,
        key=lambda case: (not is_open(case), case.level, not appointments.presses(case, today), case.id),
    )[:LISTED]


def _lines(turn: Turn, cases: list[Case]) -> str:
    """A line for each that is shown; what does not fit is counted."""
    lines = [line(turn, case) for case in _shown_first(turn, cases)]
    if len(cases) > LISTED:
        lines.append(turn.say("list_more", count=len(cases) - LISTED))
    return "\n".join(lines)


def _open(cases: list[Case]) -> int:
    return sum(1 for case in cases if is_open(case))
