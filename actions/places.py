"""Whether two addresses can be one place: the same estate or road, and no number that contradicts."""

from __future__ import annotations

import re

_UNIT = re.compile(r"(\d+)\s*(弄|号楼|号|幢|栋|座|单元|室|房|楼|层|村|期|组)?")
_SAME_UNIT = {"栋": "号楼", "幢": "号楼", "座": "号楼", "房": "室", "层": "楼"}
_HAN = re.compile(r"[\u4e00-\u9fffA-Za-z]+")
_GENERAL = re.compile(r"^.{1,5}(?:街道|镇|区|市)(?=.)")
_SAYS_SOMETHING = 4
"""Characters an address must have to speak for one patient."""
_DIGITS = str.maketrans("一二三四五六七八九", "123456789")


def compatible(one: str, other: str) -> bool:
    """True when nothing tells the two apart; an address that says less than the other contradicts nothing."""
    names, numbers = _shared(one, other)
    return names is not False and numbers is not False


def agree(one: str, other: str) -> bool:
    """Whether both name the same estate or road, or the same door, and so speak for one patient."""
    names, numbers = _shared(one, other)
    said = min(len(_plain(one)), len(_plain(other))) >= _SAYS_SOMETHING
    return said and False not in (names, numbers) and True in (names, numbers)


def completed(old: str, new: str) -> str:
    """What is known of a place after a later word on it: it holds, but one that only says less takes nothing away."""
    before, after = _plain(old), _plain(new)
    if after in before:
        return old
    door_only = bool(_numbers(after)) and not _name(after)
    return old + new if before and door_only and not _numbers(before) else new


def _shared(one: str, other: str) -> tuple[bool | None, bool | None]:
    """Whether the names, and whether the numbers, are the same; None where one of them does not say."""
    first, second = _plain(one), _plain(other)
    if first and second and (first in second or second in first):
        return True, None
    names = _name(first), _name(second)
    named = (names[0] in names[1] or names[1] in names[0]) if all(names) else None
    numbers, others = _numbers(first), _numbers(second)
    common = numbers.keys() & others.keys()
    return named, all(numbers[unit] == others[unit] for unit in common) if common else None


def _plain(address: str) -> str:
    return re.sub(r"[\s,，。·-]", "", address)


def _name(plain: str) -> str:
    """The estate, village or road, without the town before it."""
    return "".join(_HAN.findall(_UNIT.sub("", _GENERAL.sub("", plain))))


def _numbers(plain: str) -> dict[str, str]:
    """Numbers by what they count (弄, 号楼, 室); a bare one at the end is the door."""
    found: dict[str, str] = {}
    for number, unit in _UNIT.findall(plain.translate(_DIGITS)):
        found.setdefault(_SAME_UNIT.get(unit, unit) or "室", number)
    return found
