"""Complaints listed one after another: 没有红肿、发热和疼痛. Each place of a text is walked over once, whoever asks."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from nlu.by_place import ByPlace
from nlu.cuewords import Cues
from nlu.findings import Finding
from nlu.mention import left_of

_SENTENCE_END = re.compile(r"[。!！?？;；\n]")
_SEPARATORS = ", ，"
_COMMAS = (",", "，")
_JOINING = ("link", "link_after")
_BARE = 2
"""So many complaints without any other words are a list."""
_A_WORD = 6
"""Characters at most of a complaint that stands right behind another in a list."""
_NO_LIST = -(10**9)


class _Step(NamedTuple):
    """How far a list has been read: `listed` complaints, whether a comma or space came after one."""

    at: int
    listed: int = 0
    separated: bool = False
    told: bool = False
    """Whether the last step was a complaint."""
    bare: bool = False
    """Whether one stood right behind another."""


@dataclass(frozen=True)
class _Walk:
    """The steps from one place on, and where each ends."""

    steps: list[_Step]
    places: list[int]


class Lists:
    """The findings of a text with the words between them."""

    def __init__(self, text: str, findings: Sequence[Finding], cues: Cues) -> None:
        self._text = text
        self._cues = cues
        self._ends: dict[int, list[int]] = {}
        for finding in findings:
            self._ends.setdefault(finding.start, []).append(finding.end)
        self._over = ByPlace(findings)
        self._walks: dict[int, _Walk] = {}
        self._counts: dict[tuple[int, bool], int] = {}
        """Complaints from a place to the end of its sentence, when there is nothing else; by whether commas part them."""
        self._behind: dict[int, int] = {}

    def chained(self, begin: int, end: int, *, bare: bool = True) -> bool:
        """Whether begin … end is a plain list: 没有|红肿、发热和|疼痛; a comma only when the list is closed with 等.

        Without `bare` its complaints must be joined by words: 不咳和|喘, but not 胃不疼|后背疼.
        """
        step: _Step | None = self._farthest(begin, end)
        while step is not None and step.at < end:
            step = self._step(step, end)
        if step is None or (step.listed and self._begins_anew(end)):
            return False
        if step.told and (not bare or self._told_at_length(end)):
            return False
        if not bare and step.bare:
            return False
        return not step.separated or self._closed_from(end)

    def _begins_anew(self, at: int) -> bool:
        """没有感冒|突然闻不到: a new beginning ends the list."""
        return bool(self._cues.longest(self._text, at, len(self._text), ("now",)))

    def _told_at_length(self, at: int) -> bool:
        """没有发烧|喝水会从鼻子里出来: what is told in a sentence of its own stands in no list of words."""
        return max(self._ends.get(at, ()), default=at) - at > _A_WORD

    def behind(self, at: int) -> int:
        """Where a list that goes on from a place comes to its end: 发烧|、咳嗽都|没有."""
        trail: list[int] = []
        while at not in self._behind:
            ends = self._ends.get(at)
            passed = max(ends) if ends else self._cues.passed(self._text, at, len(self._text), _JOINING)
            if passed <= at:
                self._behind[at] = at
            else:
                trail.append(at)
                at = passed
        self._behind.update(dict.fromkeys(trail, self._behind[at]))
        return self._behind[at]

    def _farthest(self, begin: int, end: int) -> _Step:
        """The walk from `begin` as far as it comes without looking beyond `end`; kept for the next who asks."""
        walk = self._walks.setdefault(begin, _Walk([_Step(begin)], [begin]))
        while walk.places[-1] < end:
            step = self._step(walk.steps[-1], len(self._text))
            if step is None:
                break
            walk.steps.append(step)
            walk.places.append(step.at)
        return walk.steps[bisect_right(walk.places, max(begin, end)) - 1]

    def _step(self, step: _Step, end: int) -> _Step | None:
        """Over a complaint, over words that join complaints, or over a separator; None when the list is at its end."""
        if step.listed and self._begins_anew(step.at):
            return None
        ends = [stop for stop in self._ends.get(step.at, ()) if step.at < stop <= end]
        if ends:
            return _Step(max(ends), step.listed + 1, step.separated, True, step.bare or step.told)
        passed = self._cues.passed(self._text, step.at, end, ("filler", "link"))
        if passed > step.at:
            return _Step(passed, step.listed, step.separated, bare=step.bare)
        sign = self._text[step.at : step.at + 1]
        if not sign or sign not in _SEPARATORS or (sign != " " and not step.listed):
            return None
        return _Step(step.at + 1, step.listed, step.separated or step.listed > 0, bare=step.bare)

    def _closed_from(self, at: int) -> bool:
        """From here to the end of the sentence nothing but complaints and separators, closed by 等 or as a bare list.

        没有外伤,羊水发绿 快生出来了 is none: what commas part is not parted by spaces, and what has come about (了)
        stands in no list of what is missing.
        """
        commas = left_of(self._text, at).rstrip(" ").endswith(_COMMAS)
        trail: list[tuple[int, int]] = []
        while (at, commas) not in self._counts:
            following, counted = self._onward(at, commas)
            if following == at:
                self._counts[at, commas] = counted
            else:
                trail.append((at, counted))
                at = following
        count = self._counts[at, commas]
        for place, counted in reversed(trail):
            count += counted
            self._counts[place, commas] = count
        return count >= _BARE

    def _onward(self, at: int, commas: bool) -> tuple[int, int]:
        """The next place of a list and what this one counts; the same place when it ends here, and then as what."""
        if at >= len(self._text) or _SENTENCE_END.match(self._text, at):
            return at, 0
        ends = [finding.end for finding in self._over.at(at)]
        if ends:
            return (at, _NO_LIST) if self._come_about(max(ends)) else (max(ends), 1)
        if self._cues.longest(self._text, at, len(self._text), ("list_end",)):
            return at, _BARE
        passed = self._cues.passed(self._text, at, len(self._text), ("link",))
        if passed == at and self._text[at] in _SEPARATORS:
            if commas and self._text[at] == " " and not self._text.endswith(_COMMAS, 0, at):
                return at, _NO_LIST
            passed += 1
        return (passed, 0) if passed > at else (at, _NO_LIST)

    def _come_about(self, end: int) -> bool:
        """快生出来了: told as having happened."""
        return self._text.startswith("了", end) or self._text.endswith("了", 0, end)
