"""The first hours of the days of both places (whole_day.py), on SQLite; make soak plays them to the end."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from actions.site import load_site
from bot.replay import Player
from tests.conftest import builtin_reader
from tests.conversations.whole_day import play

TWO_HOURS = {"songjiang": "2022-04-04T09:30:00+08:00", "dongguan": "2022-12-19T10:00:00+08:00"}


@pytest.mark.parametrize("site", TWO_HOURS)
def test_the_first_hours_add_up(site: str, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'day.db'}"
    player = Player(load_site(site), builtin_reader(site), url, str, lambda: None)
    try:
        day = play(site, player, url, tmp_path, datetime.fromisoformat(TWO_HOURS[site]))
        assert len(day.opened) > 20
    finally:
        player.close()
