"""The place that the bench ranks in: as large as asked for, sound by the rules of a pack, and hospitals are found."""

from __future__ import annotations

import pytest

from actions.matching import Need, rank
from actions.site import Site
from bot.bench import NEEDS, START
from bot.invented import invented_place
from tests.actions.commands import site


@pytest.fixture(scope="module")
def place() -> Site:
    return invented_place(site())


def test_it_has_the_size_asked_for(place: Site) -> None:
    assert (len(place.institutions), len(place.towns)) == (1_000, 100)
    small = invented_place(site(), institutions=30, towns=7)
    assert (len(small.institutions), len(small.towns)) == (30, 7)


def test_every_town_is_served_and_has_mutual_neighbours(place: Site) -> None:
    served = {name for i in place.institutions.values() for name in i.serves}
    assert served == set(place.towns)
    for town in place.towns.values():
        assert town.neighbours and all(town.name in place.towns[n].neighbours for n in town.neighbours)


def test_it_is_the_same_place_every_time(place: Site) -> None:
    assert invented_place(site()) == place


@pytest.mark.parametrize(("level", "specialty", "category", "way"), NEEDS)
def test_every_need_of_the_bench_finds_hospitals_there(
    place: Site, level: int, specialty: str, category: str, way: str
) -> None:
    need = Need(level, specialty, (specialty,), category, (), way, "第55镇", None, START)
    assert len(rank(place, need, (), (), limit=3)) == 3
