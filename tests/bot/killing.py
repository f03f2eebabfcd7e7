"""A chat that is killed at one step: what the tests and the soak of kills share.

`python -m tests.bot.killing [--points 300]` kills a long chat at so many steps on SQLite, and again on PostgreSQL.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import Session, sessionmaker

from actions.models import Case, Consult, Event, Message, Post, Reminder
from bot.outbox import AGAIN
from bot.replay import Player
from tests.actions.commands import (
    CHEN,
    EENT_DOCTOR,
    GUEST,
    LI,
    LIU,
    OB,
    OB_ROOM,
    PHARM_ROOM,
    PHARMACIST,
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
from tests.postgres import Missing, running_cluster

Line = tuple[float, str, str | None, str]

LINES: tuple[Line, ...] = (
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
)


LONG: tuple[Line, ...] = (
    *LINES,
    (61, LI, ROOM, "岳阳街道发热 || report level=3 town=岳阳街道 age=50 symptoms=发热"),
    (62, ZHANG, ROOM, "佘山镇配药 || report level=4 town=佘山镇 age=70 symptoms=配药 days_left=1"),
    (63, GUEST, None, "睡不着不想活 || report level=2 town=泗泾镇 age=19 symptoms=失眠"),
    (64, ZHANG, OB_ROOM, "又是他 || report level=3 town=岳阳街道 age=50 symptoms=发热"),
    (65, CHEN, ROOM, "小李去看 || assign n=3 who=岳阳-小李"),
    (66, LIU, ROOM, "送一院 || transfer n=3 h=上海市第一人民医院(南部)"),
    (67, LI, ROOM, "在路上 || dispatched n=3"),
    (70, LI, ROOM, "到了 || arrived n=3"),
    (71, PHARMACIST, PHARM_ROOM, "可以一起吃 || update"),
    (72, CHEN, ROOM, "晚点再问 || snooze n=1 hours=2"),
    (73, VOLUNTEER, ROOM, "怎么没人 || chase n=4"),
    (74, ZHANG, ROOM, "几号了 || ask n=1"),
    (75, EENT_DOCTOR, ROOM, "五官科满了 || hospital_status at=复旦大学附属眼耳鼻喉科医院 state=full hours=5"),
    (76, GUEST, ROOM, "办结 || close n=3"),
    (77, LIU, ROOM, "胸闷加重 || report level=1 town=车墩镇 age=66 symptoms=胸闷"),
    (78, CHEN, ROOM, "区中心收 || accept n=6 h=松江区中心医院"),
    (79, LI, ROOM, "办结 || close n=6"),
    (80, CHEN, ROOM, "办结 || close n=6"),
    (81, CHEN, ROOM, "降为四级 || update n=1 set=4"),
    (82, CHEN, ROOM, "心理的好了 || close n=5"),
    (83, CHEN, ROOM, "办结 || close n=3"),
    (300, CHEN, ROOM, ""),
    (1381, CHEN, ROOM, ""),
    (1382, CHEN, ROOM, "都好了 || close n=1+2+4"),
)
"""Every act, every kind of post, a night, the digest and the medicine list."""


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

    url: str
    killer: Killer
    lines: tuple[Line, ...] = LINES
    sent: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.player = self._new_player()
        self.play(members_line())
        self.watch()

    def _new_player(self) -> Player:
        return QuickPlayer(site(), CommandReader(), self.url, self._send, lambda: None)

    def watch(self) -> None:
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

    def play(self, line: str) -> None:
        assert self.player.play(iter([line])) == 0

    def chat(self) -> Run:
        """The whole chat."""
        for number, (minutes, who, room, text) in enumerate(self.lines, start=1):
            line = line_of(f"m{number}", minutes, who, room, text)
            try:
                self.play(line)
            except Killed:
                self.play('{"type": "restart"}')
                self.play(line)
        return self

    def rows(self) -> dict[str, Any]:
        """Everything that must survive; cases by number, as PostgreSQL gives no id of a lost transaction again."""
        with self.player.app.sessions() as session:
            number = {row.id: row.number for row in session.execute(select(Case.id, Case.number))}
            consults = list(session.scalars(select(Consult.id).order_by(Consult.id)))
            return {
                "inbox": [
                    (
                        row.message_id,
                        row.act,
                        row.handled_at is not None,
                        [number[each] for each in row.case_ids],
                    )
                    for row in session.scalars(select(Message).order_by(Message.id))
                ],
                "cases": self.player.app.states(),
                "reminders": [
                    (number[row.case_id], row.due_at)
                    for row in session.scalars(select(Reminder).order_by(Reminder.case_id))
                ],
                "timeline": [
                    (number.get(row.case_id), row.at, row.who, row.what, _numbered(row.detail, consults))
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


def _numbered(detail: dict[str, Any], consults: list[int]) -> dict[str, Any]:
    """A consult is the first, the second …, whatever its id."""
    return {**detail, "consult": consults.index(detail["consult"])} if "consult" in detail else detail


def line_of(message: str, minutes: float, who: str, room: str | None, text: str) -> str:
    at = (START + timedelta(minutes=minutes)).isoformat()
    if not text:
        return json.dumps({"type": "wait", "until": at})
    return json.dumps(
        {"type": "say", "id": message, "at": at, "room": room, "from": who, "text": spoken(text)}
    )


def sent_as_allowed(run: Run, where: str) -> None:
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


def points(steps: int, wanted: int) -> list[int]:
    """So many steps, spread over all."""
    count = min(steps, wanted)
    return sorted({1 + round(index * (steps - 1) / max(count - 1, 1)) for index in range(count)})


def check_points(whole: Run, counted: Killer, at: Iterable[int], new_database: Callable[[], str]) -> None:
    """Play the chat again for each point, killed there; AssertionError names the first promise that broke."""
    expected = whole.rows()
    for point in at:
        killer = Killer(at=point)
        run = Run(new_database(), killer, whole.lines).chat()
        where = f"killed at step {point}, {counted.where[point - 1]}"
        assert killer.step >= point, where
        found = run.rows()
        for table, rows in expected.items():
            assert found[table] == rows, f"{where}: {table}"
        sent_as_allowed(run, where)
        run.player.close()


def _soak(name: str, wanted: int, new_database: Callable[[], str]) -> None:
    began = time.monotonic()
    counted = Killer()
    whole = Run(new_database(), counted, LONG).chat()
    chosen = points(counted.step, wanted)
    try:
        check_points(whole, counted, chosen, new_database)
    finally:
        whole.player.close()
    kinds = Counter(post["kind"] for post in whole.sent)
    told = ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items()))
    print(
        f"kills on {name}: {len(chosen)} of {counted.step} steps, nothing lost or doubled, "
        f"{time.monotonic() - began:.0f} s ({told})",
        flush=True,
    )


def main() -> int:
    """Both databases; 1 when a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=300, help="steps at which the chat is killed")
    wanted = parser.parse_args().points
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lianluo-kills-")))
        try:
            _soak("SQLite", wanted, lambda: f"sqlite:///{tempfile.mkdtemp(dir=folder)}/kill.db")
            _soak("PostgreSQL", wanted, stack.enter_context(running_cluster()).database)
        except Missing as error:
            print(f"kills on PostgreSQL SKIPPED: {error}", file=sys.stderr)
        except AssertionError as error:
            print(f"BROKEN {str(error)[:2000]}")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
