"""Which member is called: by @, by the name in the group, by a part of it, by family name and title."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from actions.models import Case
from actions.site_types import Member
from actions.turn import Turn

_TITLES = "副?主任医师|副?主任|医生|医师|大夫|老师|护士长|护士|科长|处长|院长|书记|组长|站长|药师"
_TITLE = re.compile(rf"(?:{_TITLES})$")
_AFFIX = re.compile(r"^[小老阿]")
# 李主任, 小李, 产科李主任, 小何老师: a family name with a title or a nickname; a whole name is no short one.
_SHORT = re.compile(rf"(?P<nick>[小老阿]?)(?P<family>[\u4e00-\u9fff])(?P<title>(?:{_TITLES})?)$")


@dataclass(frozen=True)
class Called:
    """The name as it was said and the members it may be; exactly one is the member meant."""

    name: str
    members: tuple[str, ...]


def spoken_to(turn: Turn) -> frozenset[str]:
    """The names after @ and those that are called upon in the words, as written."""
    return frozenset({*turn.message.mentions, *turn.meaning.pointers.persons} - {turn.speaker.name})


def is_titled(name: str) -> bool:
    """王护士, 小张: a family name with a title, or as colleagues call each other."""
    said = _SHORT.fullmatch(name)
    return said is not None and bool(said["nick"] or said["title"])


def called(turn: Turn, case: Case) -> Called | None:
    """Whom the message calls; None when it calls nobody. The first name that is one member's settles it."""
    names = [*turn.message.mentions, *turn.meaning.pointers.persons] or _written_out(turn)
    found = [Called(name, _fitting(turn, case, name)) for name in dict.fromkeys(names)]
    for wanted in (1, 2):
        for each in found:
            if len(each.members) == 1 if wanted == 1 else len(each.members) > 1:
                return each
    return found[0] if found else None


def _written_out(turn: Turn) -> list[str]:
    """Members whose own name stands in the words, whatever it looks like: 麻烦阿强跑一趟."""
    members = turn.desk.site.members_of(turn.message.room) if turn.message.room else []
    return [
        each.name
        for each in members
        if each.name != turn.speaker.name
        and len(_own(each.name)) > 1
        and _own(each.name) in turn.message.text
    ]


def _own(whole: str) -> str:
    """阿强 of 志愿者-阿强: what stands behind the place."""
    return re.split(r"[-—－_·\s]", whole)[-1]


def _fitting(turn: Turn, case: Case, name: str) -> tuple[str, ...]:
    """The members that fit best: whole name, its end, a part of it, family name with title, family name.

    Of several, where all are called just so, those who are in this room or in that of the case's experts.
    """
    members = [each for each in turn.desk.site.members.values() if each.name != turn.speaker.name]
    for fits, sure in _ways(name):
        group = [each for each in members if fits(each.name)]
        if group:
            here = [each for each in group if sure and _is_here(turn, case, each)]
            return tuple(each.name for each in here or group)
    return ()


def _ways(name: str) -> Iterable[tuple[Callable[[str], bool], bool]]:
    """How a member's name may fit, the surest first, and whether it is written in the name itself."""
    yield lambda whole: whole == name, True
    yield lambda whole: whole.endswith(name), True
    yield lambda whole: name in whole, True
    said = _SHORT.search(name)
    if said is None or not (said["nick"] or said["title"]):
        return
    place, family, title = name[: said.start()], said["family"], said["title"]
    if place:
        yield lambda whole: place in whole and _may_be(whole, family, title), True
    yield lambda whole: whole.endswith(f"{family}{title}"), True
    yield lambda whole: _may_be(whole, family, title), False


def _may_be(whole: str, family: str, title: str) -> bool:
    """李主任 may be 专班-李建国 and 小李; not 产科-李医生, whose title is another. 老师 is everybody's title."""
    own = _own(whole)
    if not _AFFIX.sub("", own).startswith(family):
        return False
    if _AFFIX.match(own) and title not in ("", "老师"):
        return False  # 顾科长 is not called 小顾 in the group
    other = _TITLE.search(own)
    return other is None or title in ("", "老师", other.group())


def _is_here(turn: Turn, case: Case, member: Member) -> bool:
    return bool({turn.message.room, case.expert_room} & set(member.rooms))
