"""A coordinator or leader tells the bot who somebody is: @联络 小张是佘山防控办联络员."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import select

from actions import wording
from actions.desk import BOT
from actions.introduction import SELF, THAT_ONE, Introduction, read
from actions.member_meant import is_titled
from actions.models import Message, TaughtMember
from actions.permissions import may, refuse
from actions.site_types import ROLES, Member
from actions.turn import Turn

# @联络 小张…, not @联络员-小王.
_CALLED = re.compile(rf"@{BOT}(?!员)[\s\u2005]*")
SEEN_WITHIN = timedelta(days=60)


@dataclass(frozen=True)
class _Known:
    """A person as the pack or an earlier word has him; a guest otherwise."""

    name: str
    role: str
    in_pack: bool


@dataclass(frozen=True)
class _Outcome:
    """The words for one person; `is_done`: something was written down."""

    text: str
    is_done: bool = False


def introduces(turn: Turn) -> str | None:
    """Do what the message says of people; None when it says nothing of the kind, else the rest of its words."""
    if not _addressed(turn):
        return None
    others = [name for name in turn.message.mentions if name != BOT]
    reading = read(_CALLED.sub("", turn.message.text), turn.desk.site, others)
    people = [each for each in _last_words(reading.people) if _is_meant(turn, each)]
    if not people:
        return None
    _take(turn, people)
    return reading.rest


def _last_words(people: Sequence[Introduction]) -> list[Introduction]:
    """Of one person the last counts: 小张不是志愿者，是联络员."""
    return list({each.who: each for each in people}.values())


def _is_meant(turn: Turn, said: Introduction) -> bool:
    """Whether it tells of somebody in the groups: 张阿婆是泗泾医院的 tells of a patient."""
    if said.by_word:
        return True
    if said.who in (*SELF, *THAT_ONE, *turn.message.mentions) or turn.desk.site.member_called(said.who):
        return True
    if not said.ends and said.hospital and is_titled(said.who):
        return True
    return not said.ends and bool(_seen(turn, said.who))


def _addressed(turn: Turn) -> bool:
    """The bot was called by its name, or written to privately: what people say among themselves is no order."""
    message = turn.message
    return message.room is None or BOT in message.mentions or bool(_CALLED.search(message.text))


def _take(turn: Turn, people: Sequence[Introduction]) -> None:
    """All of it or nothing: a message that may not be done in part is refused."""
    found = [(each, _person(turn, each.who)) for each in people]
    unclear = next(((each, who) for each, who in found if not isinstance(who, _Known)), None)
    if unclear is not None:
        _ask_who(turn, unclear[0].who, unclear[1])
    elif not all(_allowed(turn, each, who) for each, who in found if isinstance(who, _Known)):
        refuse(turn, "role", None)
    else:
        done = [_one(turn, _of_the_room(turn, each), who) for each, who in found if isinstance(who, _Known)]
        kind = "confirm" if any(each.is_done for each in done) else "clarify"
        turn.reply(kind, "；".join(each.text for each in done) + "。", mentions=[turn.speaker.name])


def _allowed(turn: Turn, said: Introduction, who: _Known) -> bool:
    """Nobody gives more than he has, or takes from one who has more."""
    own = ROLES.index(turn.speaker.role)
    wanted = ROLES.index(said.role) if said.role and not said.ends else 0
    return may(turn, "role", None) and own >= max(wanted, ROLES.index(who.role))


def _of_the_room(turn: Turn, said: Introduction) -> Introduction:
    """In a hospital's room a doctor is that hospital's; in a town's room a contact is that town's."""
    room = turn.desk.site.rooms.get(turn.message.room or "")
    if room is None or said.ends:
        return said
    hospital = said.hospital or (room.hospital if said.role == "hospital" else None)
    town = said.town or (room.town if said.role in ("contact", "volunteer") else None)
    return replace(said, hospital=hospital, town=town, no_hospital=said.no_hospital and hospital is None)


def _one(turn: Turn, said: Introduction, who: _Known) -> _Outcome:
    """Write it down, if it can be; the words for it."""
    if who.in_pack:
        return _Outcome(turn.say("introduced_in_pack", whom=who.name, role=_role_name(turn, who.role)))
    if said.ends or said.role == "guest":
        return _taken_back(turn, said, who)
    if said.role is None:
        return _Outcome(turn.say("introduced_as_what", whom=who.name))
    if said.no_hospital:
        return _Outcome(turn.say("introduced_where", whom=who.name))
    _write_down(turn, said, said.role, who)
    place = said.hospital or said.town
    where = turn.say("introduced_place", place=place) if place else ""
    role = _role_name(turn, said.role)
    return _Outcome(turn.say("introduced_as", whom=who.name, role=role, place=where), is_done=True)


def _write_down(turn: Turn, said: Introduction, role: str, who: _Known) -> None:
    rooms = [turn.message.room, *said.rooms, *_rooms_of(turn, who.name)]
    row = TaughtMember(
        name=who.name,
        role=role,
        rooms=list(dict.fromkeys(room for room in rooms if room)),
        hospital=said.hospital,
        town=said.town,
        said_by=turn.speaker.name,
        at=turn.desk.now,
    )
    turn.desk.session.merge(row)
    turn.log(None, "introduced", name=who.name, was=who.role, now=role, hospital=said.hospital)


def _taken_back(turn: Turn, said: Introduction, who: _Known) -> _Outcome:
    row = turn.desk.session.get(TaughtMember, who.name)
    if row is None or (said.ends and said.role is not None and said.role != row.role):
        return _Outcome(turn.say("introduced_never", whom=who.name, role=_role_name(turn, who.role)))
    turn.desk.session.delete(row)
    turn.log(None, "introduced", name=who.name, was=row.role, now="guest")
    text = turn.say("introduced_no_longer", whom=who.name, role=_role_name(turn, row.role))
    return _Outcome(text, is_done=True)


def _role_name(turn: Turn, role: str) -> str:
    return turn.say(f"role_{role}")


def _rooms_of(turn: Turn, name: str) -> Sequence[str | None]:
    """Where he has spoken."""
    since = turn.desk.now - SEEN_WITHIN
    query = select(Message.room).where(Message.sender == name, Message.at > since).distinct()
    return turn.desk.session.scalars(query.order_by(Message.room)).all()


def _person(turn: Turn, said: str) -> _Known | tuple[str, ...]:
    """Whom a name means; several names when it may be several, none when nobody was pointed at."""
    if said in SELF:
        return _known(turn, turn.speaker.name)
    if said in THAT_ONE:
        query = select(Message.sender).where(Message.message_id == turn.message.quote)
        sender = turn.desk.session.scalar(query) if turn.message.quote else None
        return _known(turn, sender) if sender else ()
    if turn.desk.site.member_called(said) is not None or said in turn.message.mentions:
        return _known(turn, said)
    ends_so = _seen(turn, said)
    if said in ends_so or not ends_so:
        return _known(turn, said)  # who has not spoken yet will be known when he does
    return _known(turn, ends_so[0]) if len(ends_so) == 1 else tuple(ends_so)


def _seen(turn: Turn, said: str) -> list[str]:
    """Guests of this room whose name is or ends so: 小张 is 佘山-小张."""
    query = select(Message.sender).where(Message.room == turn.message.room, Message.role == "guest")
    query = query.where(
        Message.at > turn.desk.now - SEEN_WITHIN, Message.sender.endswith(said, autoescape=True)
    )
    return list(turn.desk.session.scalars(query.distinct().order_by(Message.sender)))


def _known(turn: Turn, name: str) -> _Known:
    member: Member | None = turn.desk.site.member_called(name)
    if member is None:
        role = turn.speaker.role if name == turn.speaker.name else "guest"
        return _Known(name, role, in_pack=False)
    return _Known(member.name, member.role, in_pack=not member.introduced)


def _ask_who(turn: Turn, said: str, members: object) -> None:
    """One line to those who may: nobody is called so, or several are."""
    if not may(turn, "role", None):
        refuse(turn, "role", None)
        return
    names = members if isinstance(members, tuple) else ()
    name = turn.speaker.name
    if names:
        text = turn.say("several_called_so", who=name, called=said, members=wording.names(names))
    else:
        text = turn.say("nobody_called_so", who=name, called=said)
    turn.reply("clarify", text, mentions=[name])
