"""The morning after: how are those whose case was closed the day before? Asked once, in the reporters' rooms.

It concerns what a person closed as done (arrived, admitted, treated, delivered, seen online, better): within the
hours in which a case may be reopened somebody can still fall ill again. After which outcomes nobody is asked (the
dead, what was withdrawn, merged or no medical matter) is written in data/programmes/outcomes.csv. Nobody is called
by name either: the case has ended.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select

from actions import outcomes, wording
from actions.audience import Place, places
from actions.context import own_last_open
from actions.desk import BOT, Desk
from actions.models import Case, Event, Post
from actions.turn import Turn

LISTED = 20
# How long an answer to the question is looked for, and what good news may be taken for.
ANSWERED_WITHIN = timedelta(hours=4)
WELL = frozenset({"close", "chatter", "update", "arrived"})
_YESTERDAY = re.compile(r"昨[天日晚]?(?:那|的|办|报|送|去|看)")


def ask_next_day(desk: Desk, moment: datetime) -> None:
    """Post the question of `moment` for everything closed before its day and not asked after yet."""
    today = desk.local(moment).replace(hour=0, minute=0, second=0, microsecond=0)
    query = (
        select(Case)
        .where(Case.status == "closed", Case.closed_at < today, Case.closed_at >= moment - desk.reopen_within)
        .order_by(Case.id)
    )
    listed: dict[Place, list[Case]] = defaultdict(list)
    for case in desk.session.scalars(query):
        if _makes_sense(case) and not _asked(desk, case):
            for place in places(desk, case):
                listed[place].append(case)
    for (room, to), cases in listed.items():
        _post(desk, today, room, to, cases)


def _makes_sense(case: Case) -> bool:
    known = outcomes.outcomes().get(case.outcome or outcomes.DONE)
    return known is None or known.asked


def _asked(desk: Desk, case: Case) -> bool:
    query = select(Event.id).where(
        Event.case_id == case.id, Event.what == "asked_next_day", Event.at > case.closed_at
    )
    return desk.session.scalar(query.limit(1)) is not None


def _post(desk: Desk, day: datetime, room: str | None, to: str | None, cases: list[Case]) -> None:
    private = any(case.private for case in cases)
    lines = [desk.phrases.say("next_day_private" if private else "next_day_head")]
    lines += [_line(desk, case) for case in cases[:LISTED]]
    if len(cases) > LISTED:
        lines.append(desk.phrases.say("next_day_more", count=len(cases)))
    key = f"next-day:{'private:' if private else ''}{day.date()}"
    if desk.post(key, "question", "\n".join(lines), room=room, to=to, cases=cases):
        for case in cases:
            desk.log(case, BOT, "asked_next_day")


def _line(desk: Desk, case: Case) -> str:
    return desk.phrases.say("next_day_line", case=wording.short(case, desk.today), who=case.opened_by)


def answers(turn: Turn, reopen: Callable[[Turn], None]) -> bool:
    """Whether the message answers the question; then it is noted, and who has fallen ill again is a case again.

    Good news must never close a case that is still open because it says "all right now" and no number.
    """
    post = _question(turn)
    if post is None or turn.meaning.pointers.case_numbers:
        return False
    listed = [turn.desk.session.get_one(Case, each) for each in post.case_ids]
    mine = [case for case in listed if case.opened_by == turn.speaker.name and case.status == "closed"]
    said = turn.message.quote == post.public_id or _YESTERDAY.search(turn.message.text)
    if not mine or not (said or _only_well(turn)):
        return False
    ill = turn.meaning.triage_hint is not None and turn.meaning.triage_hint.entities.get("symptoms")
    if ill and said:
        if len(mine) > 1:
            return False
        turn.touch(mine[0])
        reopen(replace(turn, forced=mine[0]))
        return True
    for case in mine:
        turn.touch(case)
        turn.log(case, "well_next_day")
    return turn.meaning.act in WELL


def _question(turn: Turn) -> Post | None:
    query = (
        select(Post)
        .where(Post.key.startswith("next-day:"), Post.room == turn.message.room)
        .where(Post.to.is_(None) if turn.message.room else Post.to == turn.speaker.name)
        .where(Post.at >= turn.desk.now - ANSWERED_WITHIN)
        .order_by(Post.id.desc())
    )
    return turn.desk.session.scalars(query).first()


def _only_well(turn: Turn) -> bool:
    """好多了: nothing but that, from somebody who has spoken of no other case since the question."""
    if turn.meaning.act != "close" or turn.meaning.outcome != "better" or turn.message.quote:
        return False
    return own_last_open(turn, ANSWERED_WITHIN) is None
