"""What many tests need: the real understanding (made once for each site) and players on a fresh database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from actions.site import load_site
from bot.reader import MessageReader
from bot.replay import Player
from nlu.pipeline import Understander

SITES = ("songjiang", "dongguan")


@cache
def builtin_reader(site: str) -> MessageReader:
    """The built-in engine with a site's names."""
    place = load_site(site)
    return MessageReader(Understander(place.gazetteer(), phase=place.phase), place.tz)


@pytest.fixture
def make_player(tmp_path: Path) -> Iterator[Callable[..., Player]]:
    """Makes players; the site is songjiang unless the name given is that of another."""
    made: list[Player] = []

    def make(site: str, write: Callable[[str], object]) -> Player:
        name = site if site in SITES else "songjiang"
        url = f"sqlite:///{tmp_path / f'{len(made)}.db'}"
        player = Player(load_site(name), builtin_reader(name), url, write, lambda: None)
        made.append(player)
        return player

    yield make
    for player in made:
        player.close()
