"""Which case is meant: by number, by quote, by the prompt it answers, by words, or because only one fits.

Never a guess where a wrong one would harm (contract §5.4): then `Binding.choices` holds those that fit.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import ColumnElement, or_, select

from actions.case import OPEN
from actions.models import Case, Event, Message, Post
from actions.places import compatible
from actions.speaker import ACTING
from actions.turn import Turn
from nlu.understanding import Entities

# How long the reporter's own last case is what a fragment without a name is about.
OWN_REPORT_WITHIN = timedelta(hours=2)

# The statuses in which an act makes sense.
FITS: dict[str, tuple[str, ...]] = {
    "accept": ("open", "proposed", "in_transit", "accepted"),
    "decline": ("proposed", "accepted", "in_transit"),
    "dispatched": ("open", "proposed", "accepted"),
    "arrived": ("open", "proposed", "accepted", "in_transit"),
    "reopen": ("closed", "cancelled"),
}
# Acts that must never go to the wrong case (contract §5.4).
CAREFUL = frozenset({"accept", "decline", "close", "reopen"})
# Acts of a reporter about his own reports; of these, the ones that are about the last when he does not say which.
OF_ONESELF = frozenset({"update", "correct", "dispatched", "arrived", "chase"})
# What tells who and where somebody is; a fragment with it completes a case that lacks it.
COMPLETING = frozenset({"age", "age_months", "sex", "town", "address", "phone", "gestation"})
# How long after the last word on a case others still complete it without saying which.
LATELY = timedelta(minutes=30)
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
    likely = described(turn, near)
    if not likely and act in CAREFUL and _speaks_of_another(turn, near):
        return Binding(choices=tuple(near))
    near = likely or near
    if act == "update" and not likely and (news := news_of_somebody(turn)):
        fits = completing(turn, near, news)
        if not fits and turn.speaker.role not in ACTING:
            return Binding(choices=tuple(near))
        near = fits or near
    for group in (near, _by_prompt(turn, near)):
        if len(group) == 1:
            return Binding(group[0])
    own = own_last(turn, near) if act in LOOSE else None
    return Binding(own) if own else Binding(choices=tuple(near))


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
    again = reported_again(turn)
    return [case for case in near if case.opened_by == turn.speaker.name or case.id in again]


def by_number(turn: Turn, number: str, act: str = "") -> Case | None:
    """`0404-003`, or `3`: the newest fitting case that ends so, else the newest open one, else the newest."""
    wanted = number if "-" in number else f"-{int(number):03d}"
    query = select(Case).where(Case.number.endswith(wanted)).order_by(Case.id.desc())
    cases = list(turn.desk.session.scalars(query))
    fitting = [case for case in cases if case.status in FITS.get(act, OPEN)]
    still_open = [case for case in cases if case.status in OPEN]
    return next((group[0] for group in (fitting, still_open, cases) if group), None)


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
    session, message, speaker = turn.desk.session, turn.message, turn.speaker
    statuses = FITS.get(act, OPEN)
    query = select(Case).where(Case.status.in_(statuses)).order_by(Case.id)
    if act == "reopen":
        query = query.where(Case.closed_at >= turn.desk.now - turn.desk.reopen_within)
    here = list(session.scalars(query.where(_known_in(message.room))) if message.room else [])
    own_house = _of_own_hospital(turn, here)
    if own_house:
        return own_house
    if here:
        return here
    everywhere = list(session.scalars(query))
    if speaker.leads and message.room is None:
        return everywhere
    name = speaker.name
    again = reported_again(turn)
    return [
        case
        for case in everywhere
        if name in (case.opened_by, case.owner)
        or case.id in again
        or name in case.assignees
        or (speaker.hospital is not None and case.hospital == speaker.hospital)
    ]


def _known_in(room: str) -> ColumnElement[bool]:
    """Cases of a room: those that came from it, those its experts were asked about, those it reported again."""
    again = (
        select(Event.case_id)
        .join(Message, Event.message_id == Message.id)
        .where(Event.what == "reported_again", Message.room == room)
    )
    return or_(Case.room == room, Case.expert_room == room, Case.id.in_(again))


def reported_again(turn: Turn) -> set[int | None]:
    """The cases that the speaker reported after somebody else had."""
    query = select(Event.case_id).where(Event.what == "reported_again", Event.who == turn.speaker.name)
    return set(turn.desk.session.scalars(query))


def _of_own_hospital(turn: Turn, cases: list[Case]) -> list[Case]:
    """The hospital that speaks is talking about the cases proposed to it."""
    hospital = turn.speaker.hospital
    if hospital is None or turn.speaker.role != "hospital":
        return []
    return [case for case in cases if case.hospital == hospital]


def _says_which(turn: Turn) -> bool:
    """Whether the message points back at a patient: 血透那个, 上次说胸痛的叔叔."""
    return turn.meaning.pointers.back


def described(turn: Turn, cases: list[Case]) -> list[Case]:
    """Those whose patient the words describe best; none when no word describes one."""
    scores = [(_likeness(turn, case), case) for case in cases]
    best = max((score for score, _ in scores), default=0)
    return [case for score, case in scores if score == best] if best > 0 else []


def _speaks_of_another(turn: Turn, cases: list[Case]) -> bool:
    """Whether the words tell of a patient who is none of these (那个骨折的, with a fishbone alone open)."""
    hint = turn.meaning.triage_hint
    if hint is None or not cases or not hint.entities.get("symptoms"):
        return False
    return all(hint.specialty not in case.specialties for case in cases)


def _likeness(turn: Turn, case: Case) -> int:
    """How many of the words agree with the case; one that contradicts counts against it."""
    hint, fields, pointers = turn.meaning.triage_hint, case.fields, turn.meaning.pointers
    said = {**(hint.entities if hint else {}), **turn.meaning.entities}
    told = {*fields.get("symptoms", []), *fields.get("history", []), *fields.get("drugs", [])}
    told |= set(fields.get("concepts", []))
    score = 2 * len(told & set(pointers.concepts))
    score += 2 * sum(1 for name in pointers.hospitals if name == case.hospital)
    score += 1 if hint and pointers.concepts and hint.category == case.category != "CHRONIC" else 0
    for key in ("town", "age", "sex", "phone", "address", "gestation"):
        if key in said and key in fields:
            score += 1 if said[key] == fields[key] else -2
    names = hint.called if hint else ()
    score += 2 * len({name[0] for name in names} & {name[0] for name in fields.get("called", [])})
    return score


def _by_prompt(turn: Turn, cases: list[Case]) -> list[Case]:
    """The cases of the unanswered prompts in this room that name the speaker."""
    waiting = [case for case in cases if not case.expert_answered and case.expert_room == turn.message.room]
    if turn.speaker.role not in ("expert", "hospital") or not waiting:
        return []
    posts = turn.desk.session.scalars(
        select(Post).where(Post.room == turn.message.room, Post.kind == "prompt").order_by(Post.id)
    )
    named = {each for post in posts if turn.speaker.name in post.mentions for each in post.case_ids}
    return [case for case in waiting if case.id in named]


def own_last(turn: Turn, cases: list[Case], within: timedelta = OWN_REPORT_WITHIN) -> Case | None:
    """The case of the speaker's own last message about one, if it was not long ago."""
    query = (
        select(Message)
        .where(Message.sender == turn.speaker.name, Message.id != turn.message.id)
        .where(Message.at >= turn.desk.now - within)
        .order_by(Message.id.desc())
        .limit(20)
    )
    ids = {case.id: case for case in cases}
    for message in turn.desk.session.scalars(query):
        for case_id in reversed(message.case_ids):
            if case_id in ids:
                return ids[case_id]
    return None
