"""A department that closes, is full or opens again, and until when: 血透室今天满了, 产科急诊停诊到明早8点.

What counts is the state of the moment: 关了, 明早8点重开 is closed until then, 照常, 开到四点半 is open until then.
The words are in nlu/state_words.py, the times in nlu/state_times.py.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from nlu.clauses import Clause, clauses, fold
from nlu.cues import word_class
from nlu.gazetteer import Gazetteer
from nlu.houses import houses
from nlu.state_times import begins, closed_between, ends, lasts, open_until, opening_hours, reopening
from nlu.state_words import Said, departments, is_bare, nearest, states_in, whole_house
from nlu.understanding import HospitalStatus

_OWN = re.compile(r"我们(?!小区|楼|村|居委|家|镇|街道)|我院|我科|本院|本科|本部门|我这|这边|阿拉|咱")
_ALL = re.compile(r"(?:都|全部|一律|统统|一个都|什么都)[收接看停关不]")
HOUSE = "hospital"
"""The role of those who say 今天满了 of no other house than their own."""


@dataclass(frozen=True)
class _Now:
    """The state of the moment, until when it lasts, where it is said, and when an announced closing begins."""

    state: str
    until: datetime | None
    place: int
    since: datetime | None = None
    resumes: bool = False


def status(text: str, at: datetime, gazetteer: Gazetteer, role: str | None = None) -> HospitalStatus | None:
    """The state said of a hospital's department, None when none is.

    `hospital` is empty when the speaker says it of the own house (我们科停诊了); `department` is None for the whole.
    `role`: who speaks. A member of a hospital need not say whose state it is: 停诊到明早8点.
    """
    folded = fold(text)
    stated = [part for part in clauses(folded) if not (part.asked or part.supposed)]
    if not word_class("来态").search(folded) and not any(states_in(part, ()) for part in stated):
        return None
    named = houses(folded, gazetteer)
    if not named and word_class("那个").search(folded):
        return None  # 昨天那个做透析的 又没车, 请恢复: of a case
    found = departments(folded, named)
    said = [one for part in stated for one in states_in(part, named)]
    anchored = named or found or _OWN.search(folded) or word_class("整院").search(folded)
    if not anchored:
        said = [one for one in said if is_bare(one)] if role == HOUSE else []
    now = _now(said, found, stated, folded, at) if said else _only_later(found, stated, at)
    if now is None:
        return None
    clause = next((part for part in stated if part.start <= now.place < part.end), None)
    of = next((one.of for one in said if one.place == now.place and one.of), None)
    whole = clause is not None and whole_house(clause, found)
    return HospitalStatus(
        named[0][2] if named else "",
        of or (None if whole else nearest(found, now.place)),
        now.state,
        now.until,
        since=now.since,
        resumes=now.resumes,
        whole=not found and bool(word_class("整院").search(folded) or _ALL.search(folded)),
    )


def _now(
    said: Sequence[Said],
    found: Sequence[tuple[int, str]],
    stated: Sequence[Clause],
    folded: str,
    at: datetime,
) -> _Now:
    hours = opening_hours(said, folded, at)
    if hours is not None:
        return _Now(*hours)
    shut = [one for one in said if one.state != "open"]
    opened = [one for one in said if one.state == "open"]
    again = reopening(stated, at)
    if shut and opened and nearest(found, opened[0].place) != nearest(found, shut[0].place):
        opened = []  # 急诊照常, 门诊停到周四: of two departments; the closed one must be known
    if shut and (not opened or again is not None or opened[-1].place < shut[-1].place):
        return _shut(shut, opened, again, folded, at)
    last = opened[-1]
    if not shut and again is not None and open_until(stated, at) is None:
        return _Now(
            "closed", again, last.place, resumes=True
        )  # 明早8点恢复: an opening alone that is said of later
    return _Now("open", open_until(stated, at), last.place)


def _shut(
    shut: Sequence[Said], opened: Sequence[Said], again: datetime | None, folded: str, at: datetime
) -> _Now:
    """Closed or full: from now, from an hour to come, or on days to come."""
    first = shut[0]
    if opened and again is None and opened[0].place < first.place:
        end = ends(first.clause, at)
        if end is not None:
            return _Now("open", end, opened[0].place)
    if again is None and (coming := closed_between(first, at)) is not None:
        begin, end = coming
        return _Now(first.state, end, first.place, since=begin if begin > at else None)
    if not opened and again is None and (start := begins(first, at)) is not None:
        return _Now("open", start, first.place, since=start)
    return _Now(first.state, again or lasts(folded, at), first.place)


def _only_later(found: Sequence[tuple[int, str]], stated: Sequence[Clause], at: datetime) -> _Now | None:
    """输液室在喷药水, 一小时后好: a department that will be well again is closed till then."""
    again = reopening(stated, at, alone=True) if found else None
    return _Now("closed", again, found[0][0]) if again is not None else None
