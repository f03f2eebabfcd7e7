"""Every `*.jsonl` beside this file is a conversation; any post that it does not expect fails it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.replay import Player
from tests.conversations.script import Script

HERE = Path(__file__).parent


@pytest.mark.parametrize("path", sorted(HERE.glob("*.jsonl")), ids=lambda path: path.stem)
def test_conversation(path: Path, make_player: Callable[..., Player]) -> None:
    """The whole conversation, post by post."""
    posts: list[str] = []
    player = make_player(path.name.split("-")[0], posts.append)
    script = Script(path, player)
    player.write = script.write
    script.run()
