"""Reads who somebody is said to be: 小张是佘山防控办联络员, 老周不再是志愿者. Knows no database."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from actions.role_words import RoleWord, role_words
from actions.site import Site
from actions.site_types import ROLES

LEADING = ("coordinator", "leader")
SELF = ("我", "本人", "我自己", "咱")
# Whoever wrote what is quoted.
THAT_ONE = ("他", "她", "这位", "这个", "这", "这是", "此人")

_CLAUSE = re.compile(r"[^,;。!\n]+[?？]?")
_SAYS_IS = (
    r"(?:就|也|都|现在|目前|今后|以后|从今天起|从现在起|已经?)*(?:是|为|系|担任|任|当|做|改任|改为|改成|转为)"
)
_SAYS_IS_NOT = r"(?:现在|以后|今后|已经?|从今天起)*(?:不再|不|没再)(?:继续)?(?:是|为|担任|任|当|做)"
_ASKED_TO = r"(?:请|让|由|安排|任命|设|把|将|登记|备注|记)?"
_IS_NOT = re.compile(rf"{_ASKED_TO}(?P<who>.*?){_SAYS_IS_NOT}(?P<what>.*)")
_IS = re.compile(rf"{_ASKED_TO}(?P<who>.*?){_SAYS_IS}(?P<what>.+)")
_TAKEN_BACK = re.compile(
    r"(?:取消|撤销|收回|去掉|免去|撤掉|注销)(?P<who>.+?)(?:的(?P<what>.*?))?(?:身份|角色|权限)"
)
_AND = re.compile(r"[、和与跟及]")
# Marks of a name that was given with @, so that nothing inside it is read.
_HELD = re.compile(r"[\ue000-\uf8ff]")
_OPENING = re.compile(
    r"^(?:请|麻烦|记一下|登记一下|认识一下|介绍一下|说一下|另外|还有|然后|大家好|你好|刚进群的|新进群的|新来的|群里的|这位|那位|现在|目前|今后|以后|从今天起|从现在起|今天起)+"
)
# What may stand behind a role without changing it.
_ENDING = re.compile(r"(?:了|的|哦|啊|呢|哈|吧|工作人员|人员|同志|同事|老师|那边|那里|一员|之一|身份|角色)+$")
# 我是 … 联络员小张
_OWN_NAME = re.compile(r"(?<=.{2})[小老阿]?[\u4e00-\u9fff]{1,2}$")
# Behind the name of a place: 王护士是中心医院的.
_OF_PLACE = re.compile(r"(?:这边|那边)?的(?:人|员工|工作人员|同事)?[了哦啊哈]?")
_ASKING = re.compile(r"[?？]|吗$|谁|什么|哪|是不是|是否|有没有")
_NO_NAME = re.compile(
    r"^(?:[我你您他她它谁咱那哪]|大家|都|有|没|不|这)|患者|病人|居民$|产妇$|孕妇$|家属$|[#\d]{3,}|号$"
)
LONGEST_NAME = 16


@dataclass(frozen=True)
class Introduction:
    """One person and who it is. `role` None: only the place was said. `ends`: is no longer.

    `who` may be 我 (the speaker) or 这位 (the writer of what is quoted).
    """

    who: str
    role: str | None
    hospital: str | None = None
    town: str | None = None
    rooms: tuple[str, ...] = ()
    ends: bool = False
    no_hospital: bool = False  # the role is a hospital's, and which one was not said
    by_word: bool = False  # a word for a role stands there; 王护士是中心医院的 has none


@dataclass(frozen=True)
class Reading:
    """What a message says of people, and the rest of it."""

    people: tuple[Introduction, ...]
    rest: str


def read(text: str, site: Site, names: Sequence[str]) -> Reading:
    """The introductions in a text. `names`: whole names that stand in it with @."""
    held = {chr(0xE000 + n): name for n, name in enumerate(sorted(names, key=len, reverse=True))}
    for mark, name in held.items():
        text = text.replace(f"@{name}", mark)
    plain = unicodedata.normalize("NFKC", text).replace("@", "")
    people: list[Introduction] = []
    rest: list[str] = []
    for clause in _CLAUSE.findall(plain):
        before = tuple(dict.fromkeys(each.who for each in people[-1:]))
        found = _clause(re.sub(r"\s+", "", clause), site, held, before)
        people += found
        if not found and clause.strip():
            rest.append(_HELD.sub(lambda one: f"@{held.get(one.group(), '')} ", clause))
    return Reading(tuple(people), "，".join(rest))


def _clause(clause: str, site: Site, held: Mapping[str, str], before: Sequence[str]) -> list[Introduction]:
    """The people of one clause; one that names nobody goes on about those `before`."""
    if _ASKING.search(clause):
        return []
    for pattern, ends in ((_TAKEN_BACK, True), (_IS_NOT, True), (_IS, False)):
        said = pattern.fullmatch(clause)
        if said is None:
            continue
        whom = [_name(each, held) for each in _AND.split(said["who"])] if said["who"] else list(before)
        what = _what(said["what"] or "", site, ends=ends, of_self=whom == ["我"])
        return [replace(what, who=who) for who in whom] if what is not None and all(whom) else []
    return []


def _name(said: str, held: Mapping[str, str]) -> str:
    """The name in the words before 是; empty when they are no name."""
    marks = _HELD.findall(said)
    if marks:
        return held.get(marks[0], "") if len(marks) == 1 else ""
    opened = _OPENING.sub("", said) if said not in THAT_ONE else said
    name = opened.strip("“”\"'「」()") or said
    if name in SELF or name in THAT_ONE:
        return name
    return "" if len(name) > LONGEST_NAME or _NO_NAME.search(name) or "的" in name else name


def _what(said: str, site: Site, *, ends: bool, of_self: bool) -> Introduction | None:
    """Role and place of the words behind 是; None when they say neither."""
    rooms = tuple(name for name in site.rooms if name in said)
    for name in rooms:
        said = said.replace(name, "")
    names = site.gazetteer()
    hospital, said = _place(said, names.institutions)
    town, bare = _place(said, names.towns)
    word, before = _last_word(said, named_after=of_self)
    role = _role(word, before, town=town, hospital=hospital)
    if ends:
        return Introduction("", role, ends=True) if role or not said.strip("了的") else None
    if role is None and _OF_PLACE.fullmatch(bare) and (hospital or town):
        role = "hospital" if hospital else None
    elif role is None:
        return None
    no_hospital = role == "hospital" and hospital is None
    return Introduction(
        "", role, hospital, town, rooms, no_hospital=no_hospital, by_word=word is not None and not no_hospital
    )


def _place(said: str, names: Mapping[str, str]) -> tuple[str | None, str]:
    """The longest name of a place in the words, and the words without it."""
    found = max((each for each in names if each and each in said), key=len, default=None)
    return (names[found], said.replace(found, "", 1)) if found else (None, said)


def _role(word: RoleWord | None, before: str, *, town: str | None, hospital: str | None) -> str | None:
    """The role of the word that ends the words.

    Whoever leads one town or hospital, or an office there, leads no district; whoever speaks for a hospital
    is the hospital's.
    """
    if word is None:
        return None
    role = word.role
    if role in LEADING:
        role = "hospital" if hospital else "contact" if town else _under(before) or role
    return "hospital" if role == "contact" and hospital else role


def _last_word(said: str, *, named_after: bool) -> tuple[RoleWord | None, str]:
    """The role word that ends the words, as they stand or without what may follow it; what is before it.

    `named_after`: a name may follow, as in 我是佘山防控办联络员小张.
    """
    for words in (said, _ENDING.sub("", said), *([_OWN_NAME.sub("", said)] if named_after else [])):
        for each in role_words():
            if words.endswith(each.word):
                return each, words[: -len(each.word)]
    return None, said


def _under(before: str) -> str | None:
    """The office in the words before, which the one who leads it stands for: 防控办的负责人."""
    found = [each.role for each in role_words() if each.word in before and each.role not in LEADING]
    return min(found, key=ROLES.index, default=None)
