"""What a clause tells of as done: neither denied, nor still to come, nor asked about."""

from __future__ import annotations

import re

from nlu.clauses import clauses, fold

_DENIED = re.compile(r"(?:没有?|未|还没|不|别|不用|无法|没法|等)[^,。\d]{0,2}$")
_TO_COME = re.compile(
    r"(?:准备|马上|才能?|才会|明天|明早|明后天|待会儿?|等会儿?|晚点|稍后)[^,。\d]{0,3}$|要$"
)
_NOT_INSIDE = re.compile(r"没|未|不|马上|才能|明天")


def is_asked(clause: str) -> bool:
    """Whether the clause asks."""
    return any(each.asked for each in clauses(fold(clause)))


def is_said(clause: str, found: re.Match[str]) -> bool:
    """Whether the words found in it are said, and not denied before."""
    return not is_asked(clause) and not _DENIED.search(clause[: found.start()])


def is_done(clause: str, found: re.Match[str]) -> bool:
    """Whether what the words found tell of has happened."""
    ahead = _TO_COME.search(clause[: found.start()]) or _NOT_INSIDE.search(found.group())
    return is_said(clause, found) and not ahead
