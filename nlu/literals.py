"""Which words must stand in a text for a way of saying to be found in it: a cheap look before the expensive search.

It reads the same writing as the table of cues (nlu/cues.py): braces, `…`, `<class>`, `^` and `$`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Union

Words = Union[frozenset[str], None]  # noqa: UP007  (evaluated when imported on 3.10 as well)
"""Words of which at least one must be there; None when it may be found without any."""
Piece = Union[str, Words]  # noqa: UP007
"""What stands in a sequence: a word, or a choice with the words that it needs."""


def needed(text: str, classes: Mapping[str, Words]) -> Words:
    """The words that a way of saying needs. `classes`: those of the classes that it may name.

    >>> sorted(needed("已{送,转}到<院词>", {"院词": frozenset(["医院", "卫生院"])}))
    ['医院', '卫生院']
    >>> sorted(needed("{收,接}了", {}))
    ['了']
    """
    return _read(text, 0, classes)[0]


def needed_by_all(each: Iterable[Words]) -> Words:
    """The words of a choice: those of every alternative; None when one of them needs none."""
    joined: set[str] = set()
    for words in each:
        if words is None:
            return None
        joined |= words
    return frozenset(joined) if joined else None


def _read(text: str, at: int, classes: Mapping[str, Words]) -> tuple[Words, int]:
    """What the alternatives from a place up to the closing brace (or the end) need, and where reading goes on."""
    ways: list[list[Piece]] = [[""]]
    outermost = at == 0
    while at < len(text) and text[at] != "}":
        char = text[at]
        at += 1
        if char == "{":
            inner, at = _read(text, at, classes)
            ways[-1] += [inner, ""]
        elif char == "<":
            end = text.index(">", at)
            ways[-1] += [classes.get(text[at:end]), ""]
            at = end + 1
        elif char == "," and not outermost:
            ways.append([""])
        elif char in "…^$":
            ways[-1].append("")
        else:
            ways[-1][-1] = f"{ways[-1][-1]}{char}"
    return needed_by_all(map(_best, ways)), at + 1


def _best(way: Iterable[Piece]) -> Words:
    """Of all that a sequence needs the longest words, and of those the fewest."""
    found = [frozenset([piece]) if isinstance(piece, str) else piece for piece in way if piece]
    return max(found, key=lambda words: (min(map(len, words)), -len(words)), default=None)
