"""Spreading the patients of a unit that stopped over the others: near, in the same shift, within their places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import cos, hypot, radians

_KM_PER_DEGREE = 111.2
_FAR_KM = 999.0
Point = tuple[float, float] | None


@dataclass(frozen=True)
class Seat:
    """Somebody who needs a place: whoever `key` stands for, in a shift, from a place."""

    key: int
    shift: str
    at: Point


@dataclass(frozen=True)
class Unit:
    """A unit with the places it has left by shift; None where nobody has said how many."""

    name: str
    at: Point
    free: Mapping[str, int | None]


@dataclass(frozen=True)
class Move:
    """Where somebody goes."""

    key: int
    unit: str
    shift: str


def spread(seats: Sequence[Seat], units: Sequence[Unit]) -> list[Move]:
    """A place for each for whom there is one. First everybody who can keep the shift, then the others.

    Whoever has it nearest is placed first, so that a near place goes to the one nearest to it.
    """
    left = {(unit.name, shift): count for unit in units for shift, count in unit.free.items()}
    placed: dict[int, Move] = {}
    for keeps in (True, False):
        waiting = [seat for seat in seats if seat.key not in placed]
        for _, seat, unit, shift in sorted(_choices(waiting, units, keeps=keeps), key=_order):
            if seat.key not in placed and left[unit.name, shift] != 0:
                placed[seat.key] = Move(seat.key, unit.name, shift)
                count = left[unit.name, shift]
                left[unit.name, shift] = None if count is None else count - 1
    return [placed[seat.key] for seat in seats if seat.key in placed]


Choice = tuple[float, Seat, Unit, str]


def _choices(seats: Sequence[Seat], units: Sequence[Unit], *, keeps: bool) -> Iterator[Choice]:
    for seat in seats:
        for unit in units:
            for shift in unit.free:
                if (shift == seat.shift) is keeps:
                    yield km(seat.at, unit.at), seat, unit, shift


def _order(choice: Choice) -> tuple[float, int, str, str]:
    distance, seat, unit, shift = choice
    return distance, seat.key, unit.name, shift


def km(one: Point, other: Point) -> float:
    """Straight-line distance; very far when one of them is not known."""
    if one is None or other is None:
        return _FAR_KM
    return hypot(one[0] - other[0], (one[1] - other[1]) * cos(radians(one[0]))) * _KM_PER_DEGREE
