"""SIGKILL at every step between receiving and having sent: nothing is lost, nothing is doubled.

A step is the moment before or after a commit, or before or after a post leaves. `LIANLUO_KILL_POINTS` sets how
many of them are tried (default 30, spread over the chat; `all` tries every one).
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session, sessionmaker

from actions.models import Case, Event, Message, Post, Reminder
from bot.outbox import AGAIN
from bot.replay import Player
from tests.actions.commands import (
    CHEN,
    EENT_DOCTOR,
    LI,
    OB,
    OB_ROOM,
    ROOM,
    START,
    VOLUNTEER,
    ZHANG,
    CommandReader,
    QuickPlayer,
    members_line,
    site,
    spoken,
)

LINES: list[tuple[float, str, str | None, str]] = [
    (0, ZHANG, ROOM, "佘山镇鱼刺卡喉 || report level=3 town=佘山镇 age=40 symptoms=鱼刺卡喉"),
    (
        1,
        LI,
        ROOM,
        "岳阳街道见红 || report level=2 town=岳阳街道 age=29 sex=F symptoms=见红",
    ),
    (2, VOLUNTEER, ROOM, "药能不能一起吃 || consult"),
    (3, OB, OB_ROOM, "可以来 || accept n=2"),
    (10, EENT_DOCTOR, ROOM, "收不了 || decline n=1"),
    (20, ZHANG, ROOM, "更正年纪 || correct n=1 age=76 address=和平新村"),
    (23, ZHANG, ROOM, "昏过去了 || update n=1 level=1 symptoms=昏迷"),
    (29, CHEN, ROOM, "我来跟 || assign n=1 me=1"),
    (30, CHEN, ROOM, "说的哪件 || close"),
    (31, CHEN, ROOM, "办结 || close n=1+2"),
    (32, ZHANG, ROOM, "又卡了 || reopen n=1 level=3"),
    (60, CHEN, ROOM, ""),
]


class Killed(BaseException):
    """What SIGKILL is to the program: nothing may catch it."""


@dataclass
class Killer:
    """Counts steps and kills at one of them."""

    at: int | None = None
    step: int = 0
    where: list[str] = field(default_factory=list)

    def __call__(self, where: str) -> None:
        self.step += 1
        self.where.append(where)
        if self.step == self.at:
            raise Killed(where)

    def watch(self, sessions: sessionmaker[Session]) -> None:
        """Steps before and after every commit."""
        event.listen(sessions, "before_commit", lambda _session: self("before a commit"))
        event.listen(sessions, "after_commit", lambda _session: self("after a commit"))


@dataclass
class Run:
    """One chat, killed at most once; the channel delivers again whatever it had no answer to."""

    folder: Path
    killer: Killer
    sent: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.player = self._new_player()
        self._play(members_line())
        self._watch()

    def _new_player(self) -> Player:
        url = f"sqlite:///{self.folder / 'kill.db'}"
        return QuickPlayer(site(), CommandReader(), url, self._send, lambda: None)

    def _watch(self) -> None:
        self.killer.watch(self.player.app.sessions)

    def _send(self, line: str) -> None:
        body = json.loads(line)
        if body["type"] != "post":
            return
        if hasattr(self, "player"):
            self.killer("before a send")
        self.sent.append(body)
        if hasattr(self, "player"):
            self.killer("after a send")

    def _play(self, line: str) -> None:
        assert self.player.play(iter([line])) == 0

    def chat(self) -> Run:
        """The whole chat."""
        for number, (minutes, who, room, text) in enumerate(LINES, start=1):
            line = _line(f"m{number}", minutes, who, room, text)
            try:
                self._play(line)
            except Killed:
                self._play('{"type": "restart"}')
                self._play(line)
        return self

    def rows(self) -> dict[str, Any]:
        """Everything that must survive."""
        with self.player.app.sessions() as session:
            return {
                "inbox": [
                    (row.message_id, row.act, row.handled_at is not None, row.case_ids)
                    for row in session.scalars(select(Message).order_by(Message.id))
                ],
                "cases": self.player.app.states(),
                "reminders": [
                    (row.case_id, row.due_at)
                    for row in session.scalars(select(Reminder).order_by(Reminder.case_id))
                ],
                "timeline": [
                    (row.case_id, row.at, row.who, row.what, row.detail)
                    for row in session.scalars(select(Event).order_by(Event.id))
                ],
                "outbox": [
                    (row.key, row.at, row.kind, row.text.replace(AGAIN, ""), row.mentions)
                    for row in session.scalars(select(Post).order_by(Post.id))
                ],
            }

    def outbox(self) -> dict[str, Post]:
        """All posts by the id members see."""
        with self.player.app.sessions() as session:
            return {row.public_id: row for row in session.scalars(select(Post))}


def _line(message: str, minutes: float, who: str, room: str | None, text: str) -> str:
    at = (START + timedelta(minutes=minutes)).isoformat()
    if not text:
        return json.dumps({"type": "wait", "until": at})
    return json.dumps(
        {"type": "say", "id": message, "at": at, "room": room, "from": who, "text": spoken(text)}
    )


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Run, Killer]]:
    killer = Killer()
    run = Run(tmp_path_factory.mktemp("whole"), killer).chat()
    yield run, killer
    run.player.close()


def _points(steps: int) -> list[int]:
    wanted = os.environ.get("LIANLUO_KILL_POINTS", "30")
    count = steps if wanted == "all" else min(steps, int(wanted))
    return sorted({1 + round(index * (steps - 1) / max(count - 1, 1)) for index in range(count)})


def test_the_chat_has_all_kinds_of_steps(undisturbed: tuple[Run, Killer]) -> None:
    run, killer = undisturbed
    assert set(killer.where) == {"before a commit", "after a commit", "before a send", "after a send"}
    assert {post["kind"] for post in run.sent} >= {
        "receipt",
        "prompt",
        "confirm",
        "reminder",
        "escalation",
        "proposal",
    }
    assert killer.step > 100


def test_a_kill_at_any_step_loses_and_doubles_nothing(
    undisturbed: tuple[Run, Killer], tmp_path: Path
) -> None:
    whole, counted = undisturbed
    expected = whole.rows()
    for point in _points(counted.step):
        folder = tmp_path / str(point)
        folder.mkdir()
        killer = Killer(at=point)
        run = Run(folder, killer).chat()
        where = f"killed at step {point}, {counted.where[point - 1]}"
        assert killer.step >= point, where
        found = run.rows()
        for table, rows in expected.items():
            assert found[table] == rows, f"{where}: {table}"
        _sent_as_allowed(run, where)
        run.player.close()


def _sent_as_allowed(run: Run, where: str) -> None:
    """Every post once; twice only Ⅰ–Ⅱ and then saying so; one that may have gone out already may be given up."""
    times = Counter(post["id"] for post in run.sent)
    given_up = []
    for public_id, post in run.outbox().items():
        assert post.state in ("sent", "lost", "dropped"), f"{where}: {post.key} is {post.state}"
        if post.state == "dropped":
            assert times[public_id] == 0, where
        elif post.urgent:
            assert times[public_id] in (1, 2), f"{where}: {post.key} went out {times[public_id]} times"
        else:
            assert times[public_id] <= 1, f"{where}: {post.key} went out {times[public_id]} times"
            if times[public_id] == 0:
                given_up.append(post.key)
                assert post.state == "lost", where
    assert len(given_up) <= 1, f"{where}: {given_up}"
    again = [post for post in run.sent if post["text"].startswith(AGAIN)]
    assert len(again) <= 1, where
    for public_id, count in times.items():
        texts = [post["text"] for post in run.sent if post["id"] == public_id]
        assert count == 1 or texts[1] == AGAIN + texts[0], where


def test_what_was_received_and_not_handled_is_handled_at_the_next_start(tmp_path: Path) -> None:
    """The kill comes right after the inbox has the message, and the channel does not deliver it again."""
    run = Run(tmp_path, Killer())
    run.killer = Killer(at=_step_of_handling(tmp_path))
    run._watch()
    with pytest.raises(Killed):
        run._play(_line("m1", *LINES[0]))
    with run.player.app.sessions() as session:
        assert [row.handled_at for row in session.scalars(select(Message))] == [None]
        assert session.scalar(select(Case)) is None
    run._play('{"type": "restart"}')
    assert [case["case"] for case in run.player.app.states()] == ["0404-001"]
    assert [post["kind"] for post in run.sent] == ["receipt"]
    run.player.close()


def _step_of_handling(folder: Path) -> int:
    """The step before the commit that writes the case, counted in a chat of its own."""
    (folder / "counted").mkdir()
    killer = Killer()
    run = Run(folder / "counted", killer)
    made: list[int] = []
    event.listen(Case, "after_insert", lambda *_: made.append(killer.step + 1))
    started = killer.step
    run._play(_line("m1", *LINES[0]))
    run.player.close()
    return made[0] - started
