"""SIGKILL at every step between receiving and having sent: nothing is lost, nothing is doubled.

A step is the moment before or after a commit, or before or after a post leaves. `LIANLUO_KILL_POINTS` sets how
many of them are tried (default 30 on SQLite and 8 on PostgreSQL, spread over the chat). `make soak` tries many
more of a longer chat.
"""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from sqlalchemy import event, select

from actions.models import Case, Message
from tests.bot.killing import LINES, Killed, Killer, Run, check_points, line_of, points

POINTS = {"sqlite": 30, "postgresql": 8}


def test_a_kill_at_any_step_loses_and_doubles_nothing(new_database: Callable[[], str]) -> None:
    """Whatever the chat writes in the database, it writes as well with a kill in the middle."""
    counted = Killer()
    whole = Run(new_database(), counted).chat()
    assert set(counted.where) == {"before a commit", "after a commit", "before a send", "after a send"}
    kinds = {"receipt", "prompt", "confirm", "reminder", "escalation", "proposal"}
    assert {post["kind"] for post in whole.sent} >= kinds
    assert counted.step > 100
    kind = whole.url.partition(":")[0].partition("+")[0]
    wanted = int(os.environ.get("LIANLUO_KILL_POINTS", POINTS[kind]))
    check_points(whole, counted, points(counted.step, wanted), new_database)
    whole.player.close()


def test_what_was_received_and_not_handled_is_handled_at_the_next_start(
    new_database: Callable[[], str],
) -> None:
    """The kill comes right after the inbox has the message, and the channel does not deliver it again."""
    run = Run(new_database(), Killer())
    run.killer = Killer(at=_step_of_handling(new_database()))
    run.watch()
    with pytest.raises(Killed):
        run.play(line_of("m1", *LINES[0]))
    with run.player.app.sessions() as session:
        assert [row.handled_at for row in session.scalars(select(Message))] == [None]
        assert session.scalar(select(Case)) is None
    run.play('{"type": "restart"}')
    assert [case["case"] for case in run.player.app.states()] == ["0404-001"]
    assert [post["kind"] for post in run.sent] == ["receipt"]
    run.player.close()


def _step_of_handling(url: str) -> int:
    """The step before the commit that writes the case, counted in a chat of its own."""
    killer = Killer()
    run = Run(url, killer)
    made: list[int] = []
    event.listen(Case, "after_insert", lambda *_: made.append(killer.step + 1))
    started = killer.step
    run.play(line_of("m1", *LINES[0]))
    run.player.close()
    return made[0] - started
