"""What stands along a text, in order: cues and borders, found by their place without looking at all of them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from nlu.cuewords import Cue


class CueLine:
    """Cues in text order. None lies inside another, so that their ends are in order as well."""

    def __init__(self, cues: Iterable[Cue]) -> None:
        self._cues = sorted(cues, key=lambda cue: (cue.start, cue.kind))
        self._starts = [cue.start for cue in self._cues]
        self._ends = [cue.end for cue in self._cues]

    def last(self, place: int) -> Cue | None:
        """The last one that ends before a place or at it."""
        at = bisect_right(self._ends, place)
        return self._cues[at - 1] if at else None

    def inside(self, start: int, end: int) -> Sequence[Cue]:
        """Those that begin and end within a span."""
        return self._cues[bisect_left(self._starts, start) : bisect_right(self._ends, end)]

    def beginning(self, start: int, end: int) -> Sequence[Cue]:
        """Those that begin within a span, its end not counted."""
        return self._cues[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def reaching(self, start: int, end: int) -> Sequence[Cue]:
        """Those that end after `start` and begin at `end` or before."""
        return self._cues[bisect_right(self._ends, start) : bisect_right(self._starts, end)]


class Borders:
    """Where the clauses of a text end: one character each. A space is a border only when something follows it."""

    def __init__(self, pattern: re.Pattern[str], text: str) -> None:
        self._starts = [border.start() for border in pattern.finditer(text)]
        self._seen_from = [at + 2 if text[at] == " " else at + 1 for at in self._starts]
        """How far one must have read to know that it is a border."""
        self._length = len(text)

    def last(self, place: int) -> int:
        """Where the clause begins that a place is in: after the last border that is wholly before it."""
        at = bisect_right(self._seen_from, place)
        return self._starts[at - 1] + 1 if at else 0

    def next(self, place: int) -> int:
        """The first border from a place on, or the end of the text."""
        at = bisect_left(self._starts, place)
        return self._starts[at] if at < len(self._starts) else self._length

    def between(self, start: int, end: int) -> bool:
        """Whether there is one within a span."""
        at = bisect_left(self._starts, start)
        return at < len(self._starts) and self._seen_from[at] <= end
