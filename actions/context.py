"""Which case is meant: by number, by quote, by the prompt it answers, by words, or because only one fits.

Never a guess where a wrong one would harm (contract §5.4): then `Binding.choices` holds those that fit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import or_, select

from actions.case import OPEN, open_cases
from actions.likeness import described
from actions.member_meant import spoken_to
from actions.models import Case, Message, Post
from actions.open_marks import Mark, first, ids, more_than, most_alike, of_person, with_any
from actions.places import compatible
from actions.speaker import ACTING
from actions.turn import Turn
from nlu.numbers import WHOLE, value
from nlu.understanding import Entities

ANSWERED_WITHIN = timedelta(minutes=5)
"""How long what is said next answers the question before it."""
# How long the reporter's own last case is what a fragment without a name is about.
OWN_REPORT_WITHIN = timedelta(hours=2)

# The statuses in which an act makes sense.
FITS: dict[str, tuple[str, ...]] = {
    "accept": ("open", "proposed", "in_transit", "accepted"),
    "decline": ("proposed", "accepted", "in_transit"),
    "dispatched": ("open", "proposed", "accepted"),
    "arrived": ("open", "proposed", "accepted", "in_transit"),
    "reopen": ("closed", "cancelled"),
    "pass": ("accepted", "in_transit", "arrived"),
}
# Of several in which an act makes sense, those that were waiting for it: who arrives had left.
EXPECTED: dict[str, tuple[tuple[str, ...], ...]] = {
    "arrived": (("in_transit",), ("accepted",)),
    "dispatched": (("accepted",),),
    "accept": (("open", "proposed"),),
}
"""Of the first of these groups that has any."""
# More open cases in one room than anybody has in mind; then only those the words may mean are looked at.
CROWDED = 40
LIKELY = 8
LATEST_ENDED = 100
SHOWN = 6
"""How many of those that fit are named when the bot asks which one."""
DAYS = [f"{date(2000, 1, 1) + timedelta(days=day):%m%d}" for day in range(366)]
"""What a case number can begin with."""
# Acts that must never go to the wrong case (contract §5.4).
CAREFUL = frozenset({"accept", "decline", "close", "reopen", "pass"})
# Acts of a reporter about his own reports; of these, the ones that are about the last when he does not say which.
OF_ONESELF = frozenset({"update", "correct", "dispatched", "arrived", "chase"})
# What tells who and where somebody is; a fragment with it completes a case that lacks it.
COMPLETING = frozenset({"age", "age_months", "sex", "town", "address", "phone", "gestation"})
# How long after the last word on a case others still complete it without saying which.
LATELY = timedelta(minutes=30)
_COUNTED = re.compile(rf"(?P<n>{WHOLE})(?:位|个(?!小时|钟|多|半|月)|例|家|人|单)")
LOOSE = frozenset({"update", "correct", "chase"})


@dataclass(frozen=True)
class Binding:
    """The case meant, or the ones between which somebody must choose."""

    case: Case | None = None
    choices: tuple[Case, ...] = ()
    pointed: bool = False  # by number or quote: not to be doubted


def bind(turn: Turn, act: str) -> Binding:
    """Find the case the message is about; of one that was joined to another, that other."""
    found = _find(turn, act)
    if act == "reopen" or found.case is None:
        return found
    return replace(found, case=standing(turn, found.case))


def standing(turn: Turn, case: Case) -> Case:
    """The case itself, or the one that its patient is seen to under since they were joined."""
    seen = {case.id}
    while case.status == "merged" and case.merged_into:
        into = turn.desk.session.scalar(select(Case).where(Case.number == case.merged_into))
        if into is None or into.id in seen:
            break
        seen.add(into.id)
        case = into
    return case


def _find(turn: Turn, act: str) -> Binding:
    if pointed := turn.forced or _pointed(turn, act):
        return Binding(pointed, pointed=True)
    if turn.meaning.pointers.case_numbers:
        return Binding(choices=tuple(near_by(turn, act)))  # a number that is none: never another case instead
    near = [case for case in by_quote(turn) or near_by(turn, act) if case.status in FITS.get(act, OPEN)]
    return _choose(turn, act, near)


def _pointed(turn: Turn, act: str) -> Case | None:
    """The case whose number or quote is in the message."""
    for number in turn.meaning.pointers.case_numbers:
        if case := by_number(turn, number, act):
            return case
    quoted = by_quote(turn)
    return quoted[0] if len(quoted) == 1 else None


def _choose(turn: Turn, act: str, near: list[Case]) -> Binding:
    if act in OF_ONESELF and (mine := _reported_by_speaker(turn, near)):
        near = mine  # what a reporter adds is about his own report; findings in it are news, not pointers
        if act in LOOSE and not _says_which(turn) and (last := own_last(turn, near)):
            return Binding(last)
    if turn.meaning.pointers.own or (act in CAREFUL and turn.speaker.role in ("contact", "volunteer")):
        mine = _reported_by_speaker(turn, near)
        tasks = [case for case in near if turn.speaker.name in (case.owner, *case.assignees)]
        near = [case for case in near if case in mine or case in tasks] or near  # no say in the others
    likely = described(turn, near)
    if not likely and act in CAREFUL and _speaks_of_another(turn, near):
        return Binding(choices=tuple(near))
    if act in CAREFUL and turn.meaning.pointers.everything and _not_so_many(turn, likely):
        return Binding(choices=tuple(near))
    near = likely or (of_those_spoken_to(turn, near) if act not in CAREFUL else []) or near
    if act == "update" and not likely and (news := news_of_somebody(turn)):
        fits = completing(turn, near, news)
        if not fits and turn.speaker.role not in ACTING:
            return Binding(choices=tuple(near))
        near = fits or near
    for group in (near, _expected(act, near), _by_prompt(turn, near)):
        if len(group) == 1:
            return Binding(group[0])
    own = own_last(turn, near) if act in LOOSE else None
    if (
        own is None
        and act not in CAREFUL
        and turn.speaker.role in ACTING
        and not turn.meaning.pointers.everything
    ):
        own = _of_who_asked_last(turn, near)
    return Binding(own) if own else Binding(choices=tuple(near))


def _not_so_many(turn: Turn, likely: list[Case]) -> bool:
    """产检的三位都办结, where one case speaks of 产检: which three they are nobody can tell."""
    said = _COUNTED.search(turn.message.text)
    count = value(said["n"]) if said else None
    return count is not None and count > 1 and bool(likely) and len(likely) != count


def _expected(act: str, near: list[Case]) -> list[Case]:
    """Those that were waiting for it."""
    groups = ([case for case in near if case.status in statuses] for statuses in EXPECTED.get(act, ()))
    return next((group for group in groups if group), [])


def news_of_somebody(turn: Turn) -> Entities:
    """What a fragment says of a patient who is not named in it: 75岁, 住云桦苑3号楼, 电话…"""
    said = turn.meaning.entities
    return {key: value for key, value in said.items() if key in COMPLETING}


def completing(turn: Turn, near: list[Case], news: Entities) -> list[Case]:
    """The cases that a fragment of another member completes: first those the bot has asked about just that."""
    lately = [case for case in near if turn.desk.now - (case.last_human_at or case.opened_at) <= LATELY]
    fits = [case for case in lately or near if _completes(case, news)]
    asked = [case for case in fits if any(key in case.asked and key not in case.fields for key in news)]
    return asked or fits


def _completes(case: Case, news: Entities) -> bool:
    """Nothing is said otherwise of it: a second telephone number is, another age is not."""
    said = case.fields
    if not compatible(str(said.get("address", "")), str(news.get("address", ""))):
        return False
    return all(said[key] == news[key] for key in news if key in said and key not in ("address", "phone"))


def _reported_by_speaker(turn: Turn, near: list[Case]) -> list[Case]:
    """Those he reported, first or again."""
    name = turn.speaker.name
    return [case for case in near if name in (case.opened_by, *case.fields.get("also_by", []))]


def by_number(turn: Turn, number: str, act: str = "") -> Case | None:
    """`0404-003`, or `3`: the newest fitting case that ends so, else the newest open one, else the newest."""
    wanted = number if "-" in number else f"-{int(number):03d}"
    numbers = [wanted] if "-" in number else [day + wanted for day in DAYS]
    query = select(Case.id, Case.status).where(Case.number.in_(numbers)).order_by(Case.id.desc())
    cases = turn.desk.session.execute(query).all()
    fitting = [each for each, status in cases if status in FITS.get(act, OPEN)]
    still_open = [each for each, status in cases if status in OPEN]
    every = [each for each, _ in cases]
    found = next((group[0] for group in (fitting, still_open, every) if group), None)
    return turn.desk.session.get(Case, found) if found is not None else None


def by_numbers(turn: Turn) -> list[Case]:
    """The cases whose numbers are in the message, each where its patient is seen to now."""
    numbers = turn.meaning.pointers.case_numbers
    return [standing(turn, case) for number in numbers if (case := by_number(turn, number)) is not None]


def by_quote(turn: Turn) -> list[Case]:
    """The cases of the message or post that is quoted."""
    quote = turn.message.quote
    if not quote:
        return []
    session = turn.desk.session
    message = session.scalar(
        select(Message).where(Message.channel == turn.message.channel, Message.message_id == quote)
    )
    ids = list(message.case_ids) if message else []
    if not ids and quote.startswith("b") and quote[1:].isdigit():
        post = session.get(Post, int(quote[1:]))
        ids = list(post.case_ids) if post else []
    return [case for case in (session.get(Case, each) for each in ids) if case is not None]


def near_by(turn: Turn, act: str) -> list[Case]:
    """Those the speaker can be talking about: of this room, or his own when he writes privately."""
    statuses = FITS.get(act, OPEN)
    if act == "reopen":
        return _ended_near(turn, statuses)
    message, speaker = turn.message, turn.speaker
    here = [case for case in _here(turn, message.room) if case.status in statuses] if message.room else []
    own_house = _of_own_hospital(turn, here)
    if own_house:
        return own_house
    if here:
        return here
    leads = speaker.leads and message.room is None
    everywhere = open_cases(turn.desk.session) if leads else with_any(turn.desk.session, _own_marks(turn))
    return [case for case in everywhere if case.status in statuses]


def _own_marks(turn: Turn) -> list[Mark]:
    """What the speaker's own cases are found by, and those of his hospital."""
    house = turn.speaker.hospital
    return [("member", turn.speaker.name), *([("hospital", house)] if house else [])]


def _here(turn: Turn, room: str) -> list[Case]:
    """The open cases of a room. Of more than anybody could mean: the first, and those the words may point at."""
    session = turn.desk.session
    if turn.meaning.pointers.everything or not more_than(session, "room", room, CROWDED):
        return with_any(session, [("room", room)])
    hint = turn.meaning.triage_hint
    said = {**(hint.entities if hint else {}), **turn.meaning.entities}
    pointers = turn.meaning.pointers
    marks = [*of_person(said), *(("word", word) for word in pointers.concepts)]
    marks += [("hospital", name) for name in pointers.hospitals]
    chosen = {*first(session, "room", room, SHOWN), *_talked_of(turn, OWN_REPORT_WITHIN)[:LIKELY]}
    asked = [("asked_in", room)] if turn.speaker.role in ("expert", "hospital") else []
    for wanted in (marks, asked, _own_marks(turn)):
        chosen.update(most_alike(session, room, wanted, LIKELY))
    query = select(Case).where(Case.id.in_(chosen), Case.id.in_(ids([("room", room)])))
    return [case for case in session.scalars(query.order_by(Case.id)) if case.status in OPEN]


def _ended_near(turn: Turn, statuses: tuple[str, ...]) -> list[Case]:
    """What ended not long ago in this room, else what the speaker reported or had."""
    message, speaker = turn.message, turn.speaker
    query = (
        select(Case)
        .where(Case.closed_at >= turn.desk.now - turn.desk.reopen_within, Case.status.in_(statuses))
        .order_by(Case.closed_at.desc())
        .limit(LATEST_ENDED)
    )
    in_room = query.where(or_(Case.room == message.room, Case.expert_room == message.room))
    here = sorted(turn.desk.session.scalars(in_room), key=_in_order) if message.room else []
    if here:
        return _of_own_hospital(turn, here) or here
    ended = sorted(turn.desk.session.scalars(query), key=_in_order)
    if speaker.leads and message.room is None:
        return ended
    name, house = speaker.name, speaker.hospital
    return [
        case
        for case in ended
        if name in (case.opened_by, case.owner, *case.assignees, *case.fields.get("also_by", []))
        or (house and case.hospital == house)
    ]


def _in_order(case: Case) -> int:
    return case.id


def _of_own_hospital(turn: Turn, cases: list[Case]) -> list[Case]:
    """The hospital that speaks is talking about the cases proposed to it."""
    hospital = turn.speaker.hospital
    if hospital is None or turn.speaker.role != "hospital":
        return []
    return [case for case in cases if case.hospital == hospital]


def _says_which(turn: Turn) -> bool:
    """Whether the message points back at a patient: 血透那个, 上次说胸痛的叔叔."""
    return turn.meaning.pointers.back


def _speaks_of_another(turn: Turn, cases: list[Case]) -> bool:
    """Whether the words tell of a patient who is none of these (那个骨折的, with a fishbone alone open)."""
    hint = turn.meaning.triage_hint
    if hint is None or not cases or not hint.entities.get("symptoms"):
        return False
    return all(hint.specialty not in case.specialties for case in cases)


def of_those_spoken_to(turn: Turn, cases: list[Case]) -> list[Case]:
    """@小吴 叫120: the patients of the member whom a coordinator calls by name."""
    named = spoken_to(turn)
    return [case for case in cases if case.opened_by in named] if turn.speaker.role in ACTING else []


def question_before(turn: Turn) -> Message | None:
    """What somebody else has just asked in this room, if it was the last thing said there."""
    before = turn.desk.session.scalar(
        select(Message)
        .where(Message.room == turn.message.room, Message.id < turn.message.id)
        .where(Message.at >= turn.message.at - ANSWERED_WITHIN)
        .order_by(Message.id.desc())
        .limit(1)
    )
    if before is None or before.sender == turn.speaker.name:
        return None
    return before if turn.reader.understand(before.text, before.at, before.role).asks else None


def _of_who_asked_last(turn: Turn, cases: list[Case]) -> Case | None:
    """What is said right after somebody's question is about the one patient he has reported."""
    before = question_before(turn)
    if before is None:
        return None
    mine = [case for case in cases if before.sender in (case.opened_by, *case.fields.get("also_by", []))]
    return mine[0] if len(mine) == 1 else None


def _by_prompt(turn: Turn, cases: list[Case]) -> list[Case]:
    """The cases of the unanswered prompts in this room that name the speaker."""
    waiting = [case for case in cases if not case.expert_answered and case.expert_room == turn.message.room]
    if turn.speaker.role not in ("expert", "hospital") or not waiting:
        return []
    posts = turn.desk.session.scalars(
        select(Post)
        .where(Post.case_number.in_([case.number for case in waiting]))
        .where(Post.room == turn.message.room, Post.kind == "prompt")
    )
    named = {each for post in posts if turn.speaker.name in post.mentions for each in post.case_ids}
    return [case for case in waiting if case.id in named]


def own_last(turn: Turn, cases: list[Case], within: timedelta = OWN_REPORT_WITHIN) -> Case | None:
    """The one of `cases` that the speaker's own last message about one was about, if it was not long ago."""
    by_id = {case.id: case for case in cases}
    return next((by_id[each] for each in _talked_of(turn, within) if each in by_id), None)


def own_last_open(turn: Turn, within: timedelta) -> Case | None:
    """The same among all open cases."""
    cases = (turn.desk.session.get_one(Case, each) for each in _talked_of(turn, within))
    return next((case for case in cases if case.status in OPEN), None)


def _talked_of(turn: Turn, within: timedelta) -> list[int]:
    """The cases of the speaker's last messages, the latest first."""
    query = (
        select(Message)
        .where(Message.sender == turn.speaker.name, Message.id != turn.message.id)
        .where(Message.at >= turn.desk.now - within)
        .order_by(Message.id.desc())
        .limit(20)
    )
    messages = turn.desk.session.scalars(query)
    return list(dict.fromkeys(each for message in messages for each in reversed(message.case_ids)))
