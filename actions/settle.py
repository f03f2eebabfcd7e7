"""The answer to "which one do you mean?": a number, a place in the list, the patient's words, a quote, or all of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from actions.binding import CLARIFY_KEY
from actions.case import OPEN
from actions.context import FITS, by_quote
from actions.likeness import described
from actions.models import Case, Clarification, Post
from actions.models import Message as Row
from actions.turn import Turn
from nlu.understanding import Understanding

# How long a question "which one?" waits for its answer.
CLARIFY_WITHIN = timedelta(minutes=15)
# How "那个鱼刺的" may be read when it stands alone, and how long such an answer is at most.
BARE_ANSWERS = ("update", "chatter", "report", "correct", "consult")
BARE_LENGTH = 16
# Of a join any case may be the other one, also one that has ended.
ANY = ("open", "proposed", "accepted", "in_transit", "arrived", "closed")

_BETWEEN = re.compile(r"[、,，和跟\s]+")

Act = Callable[[Turn, str], None]


def settles_clarification(turn: Turn, do: Act) -> bool:
    """Whether the message answers "which one?"; then what was asked about has been done, by `do`."""
    waiting = _waiting(turn)
    if waiting is None:
        return False
    first = turn.desk.session.get_one(Row, waiting.message_id)
    pointers = turn.meaning.pointers
    if turn.meaning.act == first.act and pointers.case_numbers and not pointers.only:
        waiting.settled = True  # said again, with its number: done as it stands
        return False
    if not _is_bare(turn.meaning):
        return False
    if pointers.none:
        waiting.settled = True
        return True
    meaning = turn.reader.understand(first.text, first.at, turn.speaker.role)
    chosen = _chosen(turn, _offered(turn, waiting, meaning, first.act or ""))
    if not chosen:
        return False
    waiting.settled = True
    for case in chosen:
        turn.touch(case)
    _do_again(replace(turn, message=first, meaning=meaning), chosen, first.act or meaning.act, do)
    return True


def _do_again(turn: Turn, chosen: Sequence[Case], act: str, do: Act) -> None:
    """What was asked about, as it was said first, now that it is known of which case."""
    if is_join(turn.meaning):
        numbers = [*turn.meaning.pointers.case_numbers, *(case.number for case in chosen)]
        pointers = replace(turn.meaning.pointers, case_numbers=tuple(dict.fromkeys(numbers)))
        do(turn.part(replace(turn.meaning, pointers=pointers)), act)
        return
    for case in chosen:
        do(replace(turn, forced=case), act)


def is_join(meaning: Understanding) -> bool:
    """Whether cases are said to be of one patient."""
    return meaning.upkeep == "join" or (meaning.act == "close" and meaning.outcome == "duplicate")


def _waiting(turn: Turn) -> Clarification | None:
    """The last one that the speaker was asked; of those who lead, also one they quote: they answer for others."""
    query = (
        select(Clarification)
        .where(Clarification.settled.is_(False), Clarification.at > turn.desk.now - CLARIFY_WITHIN)
        .order_by(Clarification.id.desc())
    )
    if turn.speaker.leads and (message := _quoted_question(turn)) is not None:
        return turn.desk.session.scalar(query.where(Clarification.message_id == message))
    return turn.desk.session.scalar(query.where(Clarification.speaker == turn.speaker.name).limit(1))


def _quoted_question(turn: Turn) -> int | None:
    """The row of the message that a quoted "which one?" is about."""
    quote = turn.message.quote or ""
    post = turn.desk.session.get(Post, int(quote[1:])) if quote[1:].isdecimal() and quote[0] == "b" else None
    if post is None or not post.key.startswith(CLARIFY_KEY):
        return None
    return int(post.key.removeprefix(CLARIFY_KEY).partition("@")[0])


def _is_bare(meaning: Understanding) -> bool:
    """Nothing but which one: no act of its own, no news."""
    if meaning.pointers.only or meaning.pointers.none:
        return True
    own = meaning.to_self or meaning.until or meaning.level or meaning.outcome or meaning.pointers.hospitals
    news = set(meaning.entities) - {"town", "address", "age", "sex", "symptoms"}
    return meaning.act in BARE_ANSWERS and len(meaning.text) <= BARE_LENGTH and not own and not news


def _offered(turn: Turn, waiting: Clarification, meaning: Understanding, act: str) -> list[Case]:
    """The choices that were named, in the order they were, as far as they still fit."""
    statuses = ANY if is_join(meaning) else FITS.get(act, OPEN)
    named = [turn.desk.session.get(Case, each) for each in waiting.case_ids]
    return [case for case in named if case is not None and case.status in statuses]


def _chosen(turn: Turn, offered: list[Case]) -> list[Case]:
    """Those of the choices that a short answer names; none when it does not tell."""
    pointers = turn.meaning.pointers
    if pointers.everything:
        return offered
    if pointers.place is not None:
        return offered[pointers.place - 1 : pointers.place] if pointers.place > 0 else offered[-1:]
    numbers = pointers.case_numbers or _bare_number(turn.meaning.text)
    if numbers:
        return _numbered(offered, numbers)
    quoted = {case.id for case in by_quote(turn)}
    for group in ([case for case in offered if case.id in quoted], described(turn, offered)):
        if len(group) == 1:
            return group
    return []


def _numbered(offered: list[Case], numbers: Sequence[str]) -> list[Case]:
    """The choices with these numbers; nothing when one of the numbers was not offered."""
    found: list[Case] = []
    for number in numbers:
        wanted = number if "-" in number else f"-{int(number):03d}"
        named = [case for case in offered if case.number.endswith(wanted)]
        if len(named) != 1:
            return []
        found += named
    return found


def _bare_number(text: str) -> tuple[str, ...]:
    """3, or 1、3, without 号 or #, are numbers only as an answer."""
    pieces = [piece for piece in _BETWEEN.split(text.strip(" 。.!！,，")) if piece]
    short = all(piece.isdecimal() and len(piece) <= 3 and int(piece) > 0 for piece in pieces)
    return tuple(str(int(piece)) for piece in pieces) if short else ()
