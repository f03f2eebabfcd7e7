"""What many tests need: the real understanding (made once for each site), databases of both kinds, players on them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from itertools import count
from pathlib import Path

import pytest

from actions.site import load_site
from bot.reader import MessageReader
from bot.replay import Player
from nlu.pipeline import Understander
from tests.postgres import Cluster, Missing, running_cluster

SITES = ("songjiang", "dongguan")


@cache
def builtin_reader(site: str) -> MessageReader:
    """The built-in engine with a site's names."""
    place = load_site(site)
    return MessageReader(Understander(place.gazetteer(), phase=place.phase), place.tz)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL server; tests that need it are skipped by name where there is none."""
    with ExitStack() as stack:
        try:
            own = stack.enter_context(running_cluster())
        except Missing as error:
            pytest.skip(f"real PostgreSQL: {error}")
        yield own


@pytest.fixture(params=["sqlite", "postgresql"])
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Makes databases and gives their URLs: what uses it runs on SQLite and on PostgreSQL."""
    if request.param == "postgresql":
        cluster: Cluster = request.getfixturevalue("cluster")
        return cluster.database
    numbers = count()
    return lambda: f"sqlite:///{tmp_path / f'{next(numbers)}.db'}"


@pytest.fixture
def make_player(new_database: Callable[[], str]) -> Iterator[Callable[..., Player]]:
    """Makes players; the site is songjiang unless the name given is that of another."""
    made: list[Player] = []

    def make(site: str, write: Callable[[str], object]) -> Player:
        name = site if site in SITES else "songjiang"
        player = Player(load_site(name), builtin_reader(name), new_database(), write, lambda: None)
        made.append(player)
        return player

    yield make
    for player in made:
        player.close()
