"""Every `*.jsonl` beside this file is a conversation; any post that it does not expect fails it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from actions.case import OPEN
from actions.models import Case, Event
from bot.noise import ENOUGH, posts_of_cases
from bot.replay import Player
from tests.conversations.script import Script

HERE = Path(__file__).parent
ORDINARY = 3  # levels from this one on


@pytest.mark.parametrize("path", sorted(HERE.glob("*.jsonl")), ids=lambda path: path.stem)
def test_conversation(path: Path, make_player: Callable[..., Player]) -> None:
    """The whole conversation, post by post."""
    posts: list[str] = []
    player = make_player(path.name.split("-")[0], posts.append)
    script = Script(path, player)
    player.write = script.write
    script.run()
    assert_quiet(player)


def assert_quiet(player: Player) -> None:
    """A case for which nobody had to be called a second time needs few posts."""
    with player.app.sessions() as session:
        counted = posts_of_cases(session)
        called = set(session.scalars(select(Event.case_id).where(Event.what == "escalated")))
        ended = session.scalars(select(Case).where(Case.level >= ORDINARY, Case.status.not_in(OPEN)))
        noisy = {case.number: counted[case.id] for case in ended if case.id not in called}
    assert not {number: count for number, count in noisy.items() if count > ENOUGH}
