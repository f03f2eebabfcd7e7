"""Which words must stand in a text for a way of saying to be found in it: a cheap look before the expensive search.

It reads the same writing as the table of cues (nlu/cues.py): braces, `…`, `<class>`, `^` and `$`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Union

Words = Union[frozenset[str], None]  # noqa: UP007  (evaluated when imported on 3.10 as well)
"""Words of which at least one must be there; None when it may be found without any."""
_MOST = 120
"""More ways than this are not spelled out."""
_NOTHING = frozenset([""])
_SIGNS = frozenset("…^$")
_BREAKS = _SIGNS | frozenset("{}<,")


@dataclass(frozen=True)
class _Part:
    """A piece of a way of saying: all that it can be, when that is few words, and the words that it needs."""

    spelled: frozenset[str] | None
    words: Words


_ANYTHING = _Part(None, None)


def needed(text: str, classes: Mapping[str, Words]) -> Words:
    """The words that a way of saying needs. `classes`: those of the classes that it may name.

    >>> sorted(needed("已{送,转}到<院词>", {"院词": frozenset(["医院"])}))
    ['已转到', '已送到']
    >>> sorted(needed("{收,接}…<院词>", {"院词": frozenset(["医院", "卫生院"])}))
    ['医院', '卫生院']
    """
    return _read(text, 0, classes)[0].words


def needed_by_all(each: Iterable[Words]) -> Words:
    """The words of a choice: those of every alternative; None when one of them needs none."""
    joined: set[str] = set()
    for words in each:
        if words is None:
            return None
        joined |= words
    return frozenset(joined) if joined else None


def _read(text: str, at: int, classes: Mapping[str, Words]) -> tuple[_Part, int]:
    """The choice from a place up to the closing brace (or the end), and where reading goes on."""
    ways: list[list[_Part]] = [[]]
    outermost = at == 0
    while at < len(text) and text[at] != "}":
        char = text[at]
        at += 1
        if char == "{":
            inner, at = _read(text, at, classes)
            ways[-1].append(inner)
        elif char == "<":
            end = text.index(">", at)
            ways[-1].append(_Part(None, classes.get(text[at:end])))
            at = end + 1
        elif char == "," and not outermost:
            ways.append([])
        elif char in _SIGNS:
            ways[-1].append(_ANYTHING)
        else:
            begin = at - 1
            while at < len(text) and text[at] not in _BREAKS:
                at += 1
            word = frozenset([text[begin:at]])
            ways[-1].append(_Part(word, word if _telling(word) else None))
    return _choice([_sequence(way) for way in ways]), at + 1


def _choice(ways: list[_Part]) -> _Part:
    spelled: set[str] = set()
    for way in ways:
        if way.spelled is None or len(spelled) > _MOST:
            return _Part(None, needed_by_all(way.words for way in ways))
        spelled |= way.spelled
    return _Part(frozenset(spelled), needed_by_all(way.words for way in ways))


def _sequence(way: list[_Part]) -> _Part:
    """Parts that follow each other: runs of them are spelled out together, the best run counts."""
    if len(way) == 1:
        return way[0]
    runs: list[frozenset[str]] = []
    run = _NOTHING
    whole = True
    for part in way:
        fits = part.spelled is not None and len(run) * len(part.spelled) <= _MOST
        if not fits:
            runs.append(run)
            whole, run = False, part.spelled or _NOTHING
        elif part.spelled is not None:
            run = frozenset(first + second for first in run for second in part.spelled)
        if part.words is not None:
            runs.append(part.words)
    runs.append(run)
    best = max((words for words in runs if _telling(words)), key=_worth, default=None)
    return _Part(run if whole else None, best)


def _telling(words: frozenset[str]) -> bool:
    return all(word.strip() for word in words)


def _worth(words: frozenset[str]) -> tuple[int, int]:
    """The longest words are the rarest; of those the fewest."""
    return min(map(len, words)), -len(words)
