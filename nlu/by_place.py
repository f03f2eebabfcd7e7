"""Things of a text by the places they cover, so that those at one place are found without looking at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Generic, NamedTuple, Protocol, TypeVar


class Extended(Protocol):
    """Whatever stands from `start` to `end` of a text."""

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


class Piece(NamedTuple):
    """A part of a finding's words between gaps."""

    start: int
    end: int


Thing = TypeVar("Thing", bound=Extended)


class ByPlace(Generic[Thing]):
    """Things by each character that they reach over. They are taken to be words: short."""

    def __init__(self, things: Iterable[Thing] = ()) -> None:
        self._at: dict[int, list[Thing]] = {}
        for thing in things:
            self.add(thing)

    def add(self, thing: Thing) -> None:
        for place in range(thing.start, thing.end):
            self._at.setdefault(place, []).append(thing)

    def at(self, place: int) -> list[Thing]:
        """Those that reach over a character, in the order they came."""
        return self._at.get(place, [])

    def within(self, start: int, end: int) -> Iterator[Thing]:
        """Those that reach over any character of a span, each perhaps several times."""
        for place in range(start, end):
            yield from self._at.get(place, ())


class Taken:
    """Places of a text that are spoken for."""

    def __init__(self, things: Iterable[Extended] = ()) -> None:
        self._places: set[int] = set()
        for thing in things:
            self.add(thing.start, thing.end)

    def add(self, start: int, end: int) -> None:
        self._places.update(range(start, end))

    def meets(self, start: int, end: int) -> bool:
        """Whether any character of a span is taken."""
        return not self._places.isdisjoint(range(start, end))
