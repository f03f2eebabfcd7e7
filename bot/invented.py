"""An invented place of any size, for measuring: a grid of towns, each with a health centre, and hospitals all over."""

from __future__ import annotations

import random
from dataclasses import replace

from actions.site import Site
from actions.site_types import Institution, Town

_STEP = 0.04
"""Degrees from one town of the grid to the next, about 4 km."""


def invented_place(pattern: Site, institutions: int = 1_000, towns: int = 100) -> Site:
    """A place that works by the rules of `pattern`; its institutions are made after those of `pattern`.

    One health centre a town serves it; the others stand anywhere, in the mixture of kinds that `pattern` has.
    The same numbers give the same place.
    """
    dice = random.Random(institutions * towns)
    grid = _grid(towns)
    offered = [i for i in pattern.institutions.values() if i.kind != "名录外"]
    centre = next(i for i in offered if i.kind == "社区")
    hospitals = [i for i in offered if i.kind != "社区"]
    made = [
        replace(_moved(centre, f"{t.name}社区卫生服务中心", t, dice), serves=(t.name,)) for t in grid.values()
    ]
    places = list(grid.values())
    for number in range(institutions - len(made)):
        made.append(
            _moved(hospitals[number % len(hospitals)], f"第{number + 1}医院", dice.choice(places), dice)
        )
    return replace(pattern, institutions={i.name: i for i in made}, towns=grid)


def _grid(towns: int) -> dict[str, Town]:
    side = max(1, round(towns**0.5))
    names = {(n // side, n % side): f"第{n + 1}镇" for n in range(towns)}
    return {
        name: Town(name, (), _around(names, row, column), 31 + row * _STEP, 121 + column * _STEP)
        for (row, column), name in names.items()
    }


def _around(names: dict[tuple[int, int], str], row: int, column: int) -> tuple[str, ...]:
    steps = ((-1, 0), (1, 0), (0, -1), (0, 1))
    return tuple(names[each] for dy, dx in steps if (each := (row + dy, column + dx)) in names)


def _moved(pattern: Institution, name: str, town: Town, dice: random.Random) -> Institution:
    """One like the pattern, in or near that town."""
    off = _STEP / 2
    return replace(
        pattern,
        name=name,
        aliases=(),
        town=town.name,
        lat=town.lat + dice.uniform(-off, off),
        lon=town.lon + dice.uniform(-off, off),
        unsure=frozenset(),
    )
