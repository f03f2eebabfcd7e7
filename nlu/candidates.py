"""Which rows of a table can hold for a patient at all: looked up by what they ask for, instead of trying every row.

A key is one thing that a condition may ask for (a concept, a drug, a measure …). Of a condition it is worked out once
which keys it rests on: unless one of them is known of the patient, it cannot hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Generic, TypeVar

from nlu.conditions import WORDS, All_, Any_, Compare, Node, Operand

Row = TypeVar("Row")
Key = tuple[str, str]
"""What is asked for: its sort (concept, drug, kind, number, word) and its name."""
_MODES = frozenset(["drug", "kind"])
_COST = {"concept": 1, "drug": 1, "number": 4, "word": 10, "kind": 60}
"""How often a key of a sort is known of a patient, roughly: of several choices the one that is seldom met is taken."""


class Candidates(Generic[Row]):
    """Rows with their conditions (None: always holds), ready to be asked which of them may hold."""

    def __init__(self, rows: Iterable[tuple[Row, Node | None]], groups: Mapping[str, Node]) -> None:
        self._rows: list[Row] = []
        self._always: list[int] = []
        self._by_key: dict[Key, list[int]] = {}
        self._besides: list[tuple[frozenset[Key], ...]] = []
        """For each row what else it rests on: of each of these sets a key must be known as well."""
        for place, (row, when) in enumerate(rows):
            self._rows.append(row)
            rests_on = keys(when, groups) if when is not None else None
            self._besides.append(tuple(one for one in _each(when, groups) if one != rests_on))
            if rests_on is None:
                self._always.append(place)
            else:
                for key in rests_on:
                    self._by_key.setdefault(key, []).append(place)

    def among(self, known: Iterable[Key]) -> list[Row]:
        """The rows that may hold, in the order of the table. `known`: all keys that the patient's facts answer to."""
        places, answered = set(self._always), frozenset(known)
        for key in answered & self._by_key.keys():
            places.update(self._by_key[key])
        return [
            self._rows[place]
            for place in sorted(places)
            if not any(answered.isdisjoint(one) for one in self._besides[place])
        ]


def keys(
    node: Node, groups: Mapping[str, Node], within: frozenset[str] = frozenset()
) -> frozenset[Key] | None:
    """Keys of which at least one must be known for the condition to hold; None when it may hold without any.

    `within`: the groups being looked into, so that one that asks for itself comes to an end.
    """
    if isinstance(node, Operand):
        return _of_operand(node, groups, within)
    if isinstance(node, Compare):
        return frozenset(
            [("word", f"{node.name}={node.value}") if node.name in WORDS else ("number", node.name)]
        )
    if isinstance(node, Any_):
        return _of_any([keys(term, groups, within) for term in node.terms])
    if isinstance(node, All_):
        found = [known for term in node.terms if (known := keys(term, groups, within)) is not None]
        return min(found, key=_cost, default=None)
    return None


def _each(node: Node | None, groups: Mapping[str, Node]) -> list[frozenset[Key]]:
    """What each of the parts rests on that must all hold."""
    terms = node.terms if isinstance(node, All_) else ()
    return [known for term in terms if (known := keys(term, groups)) is not None]


def _of_operand(node: Operand, groups: Mapping[str, Node], within: frozenset[str]) -> frozenset[Key] | None:
    if node.mode != "group":
        return frozenset([(node.mode if node.mode in _MODES else "concept", node.name)])
    if node.name in within:
        return None
    inside = groups.get(node.name)
    return keys(inside, groups, within | {node.name}) if inside is not None else frozenset()


def _of_any(found: Iterable[frozenset[Key] | None]) -> frozenset[Key] | None:
    joined: set[Key] = set()
    for one in found:
        if one is None:
            return None
        joined |= one
    return frozenset(joined)


def _cost(found: frozenset[Key]) -> int:
    return sum(_COST[sort] for sort, _ in found)
