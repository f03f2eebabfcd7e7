"""A bot of its own process for tests of several on one database: `python -m tests.bot.sharing URL SENT NAME WORDS`.

It does what it is told on standard input, a JSON line each, and answers with a line when there is nothing left
to do: {"say": [[id, room, who, text], …]} are messages delivered to it, {"minutes": n} lets its clock jump.
What it sends is a line of the file SENT, written before the post is marked as sent. WORDS is a JSON list of all
that will be said, so that each process understands what another received.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from actions.phrasebook import Phrasebook
from bot.app import Application, Parts
from bot.channels.base import Incoming
from bot.database import open_database
from bot.replay import Player
from bot.settings import ROOT
from tests.actions.commands import START, CommandReader, members_line, site, spoken


@dataclass
class JumpingClock:
    """Runs like the machine's, from START on, and can be put forward."""

    began: datetime
    jumped: timedelta = timedelta()

    def now(self) -> datetime:
        return START + (datetime.now(UTC) - self.began) + self.jumped


class Worker:
    """The application without a page."""

    def __init__(self, url: str, sent: Path, name: str) -> None:
        self.clock = JumpingClock(datetime.now(UTC))
        self.app = Application(Parts(site(), CommandReader(), open_database(url), self.clock, Phrasebook()))
        self.app.site = with_people()
        self._sent = os.open(sent, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self._name = name
        self.app.start()

    def obey(self, line: str) -> None:
        body = json.loads(line)
        self.clock.jumped += timedelta(minutes=body.get("minutes", 0))
        for id_, room, who, text in body.get("say", ()):
            self.app.receive(Incoming("test", id_, self.clock.now(), room, who, spoken(text)))
            self._all()
        self._all()

    def _all(self) -> None:
        self.app.work()
        self.app.tick()
        while (post := self.app.outbox.claim(self.clock.now())) is not None:
            line = {
                "id": post.post_id,
                "by": self._name,
                "room": post.room,
                "kind": post.kind,
                "text": post.text,
            }
            os.write(self._sent, (json.dumps(line, ensure_ascii=False) + "\n").encode())
            self.app.outbox.sent(post.post_id, self.clock.now())


def with_people():  # type: ignore[no-untyped-def]
    """The site with the members of the tests."""
    player = object.__new__(Player)
    player.site, player.app = site(), object.__new__(Application)
    player._members(json.loads(members_line()))
    return player.site


class Started:
    """A worker seen from the test."""

    def __init__(self, url: str, sent: Path, name: str, words: Path) -> None:
        command = [sys.executable, "-m", "tests.bot.sharing", url, str(sent), name, str(words)]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.wait()

    def tell(self, **body: object) -> None:
        """Give it something to do, without waiting."""
        assert self.process.stdin
        self.process.stdin.write(json.dumps(body) + "\n")
        self.process.stdin.flush()

    def wait(self) -> None:
        """Until it has done what it was told."""
        assert self.process.stdout
        assert self.process.stdout.readline() == "done\n"

    def end(self) -> None:
        """Let it go."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.close()
        self.process.wait(30)
        self.process.stdout.close()


def main(url: str, sent: str, name: str, words: str) -> None:
    """Obey until standard input ends."""
    for text in json.loads(Path(words).read_text(encoding="utf-8")):
        spoken(text)
    worker = Worker(url, Path(sent), name)
    print("done", flush=True)
    for line in sys.stdin:
        worker.obey(line)
        print("done", flush=True)
    worker.app.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
