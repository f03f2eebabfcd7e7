"""Looks again just before sending: nobody is called for a case that has ended meanwhile."""

from __future__ import annotations

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.case import OPEN
from actions.models import Case, Event, Post

# What the timeline says of whom a list called for a case; each carries `named`.
_END = r"(?=[\s、，：:]|$)"  # of a name after @
CALLS = ("reminded", "escalated", "handed_over", "listed")


def still_holds(session: Session, post: Post) -> bool:
    """Whether the post may go out; what has ended is taken out of its text and its mentions first."""
    if not post.only_while_open:
        return True
    cases = [session.get_one(Case, each) for each in post.case_ids]
    going_on = [case for case in cases if case.status in OPEN]
    if not going_on:
        return False
    if len(going_on) < len(cases):
        _take_out(session, post, [case for case in cases if case.status not in OPEN], going_on)
    return True


def _take_out(session: Session, post: Post, ended: list[Case], going_on: list[Case]) -> None:
    kept = _called_for(session, post, going_on)
    text = "\n".join(
        line for line in post.text.splitlines() if not any(case.number in line for case in ended)
    )
    for name in post.mentions:
        if name not in kept:
            text = re.sub(rf"、@{re.escape(name)}{_END}|@{re.escape(name)}{_END}[、 ]?", "", text)
    post.text = text.strip()
    post.mentions = [name for name in post.mentions if name in kept]


def _called_for(session: Session, post: Post, cases: list[Case]) -> set[str]:
    """Who was called for these cases when the post was made; everybody of it if the timeline does not say."""
    query = select(Event.detail).where(
        Event.case_id.in_([case.id for case in cases]), Event.at == post.at, Event.what.in_(CALLS)
    )
    found = [name for detail in session.scalars(query) for name in detail.get("named", [])]
    return set(found) or set(post.mentions)
