"""A Wechaty puppet service of its own process for a test: a mock account, driven over a control port."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.bot.running import free_port

HERE = Path(__file__).parent
TOKEN = "puppet_tests"
ME = "wxid_bot"


class Missing(Exception):
    """The gateway cannot be started on this machine; the text says what is not there."""


def check() -> None:
    """Raises Missing when node or the gateway's packages are not there."""
    if shutil.which("node") is None:
        raise Missing("no node on PATH")
    if not (HERE / "node_modules" / ".made-from").exists():
        raise Missing("tests/gateway/node_modules is not there (scripts/setup.py gateway)")


@dataclass
class World:
    """Who and what the account knows. Ids are made from the names, by a way that `again` changes."""

    people: dict[str, dict[str, Any]] = field(default_factory=dict)  # name → what else there is to say
    rooms: dict[str, list[str]] = field(default_factory=dict)  # topic → names of the members
    echo: bool = False
    logged_in: bool = True
    turn: int = 1
    me: str = "小联"
    titles: dict[str, str] = field(default_factory=dict)  # topic → as it is shown now
    invitations: list[dict[str, Any]] = field(default_factory=list)

    def person(self, name: str) -> str:
        """The id of somebody."""
        return ME if name == self.me else f"wxid_{self.turn}_{list(self.people).index(name)}"

    def room(self, topic: str) -> str:
        """The id of a group."""
        return f"room{self.turn}_{list(self.rooms).index(topic)}@chatroom"

    def again(self) -> None:
        """Every id is another from now on, as at a login of some puppets."""
        self.turn += 1

    def as_json(self) -> dict[str, Any]:
        """As the gateway reads it."""
        contacts = [
            {"id": self.person(name), "name": more.get("nick", name), "alias": more.get("remark", "")}
            | {"friend": more.get("friend", True)}
            for name, more in self.people.items()
        ]
        rooms = [
            {
                "id": self.room(topic),
                "topic": self.titles.get(topic, topic),
                "members": [ME, *map(self.person, members)],
                "aliases": {self.person(name): self.people[name].get("in_room", "") for name in members},
            }
            for topic, members in self.rooms.items()
        ]
        return {
            "self": {"id": ME, "name": self.me},
            "contacts": contacts,
            "rooms": rooms,
            "invitations": self.invitations,
            "echo": self.echo,
            "loggedIn": self.logged_in,
        }


class Gateway:
    """Starts, kills, freezes and drives the service; what the bot sent is in a file that outlives it."""

    def __init__(self, folder: Path, world: World) -> None:
        self.world, self._folder = world, folder
        folder.mkdir(parents=True, exist_ok=True)
        self.port, self._control = free_port(), free_port()
        self.endpoint = f"127.0.0.1:{self.port}"
        self._sent = folder / "sent.jsonl"
        self._process: subprocess.Popen[bytes] | None = None
        self._sent.touch()

    def start(self) -> None:
        """Start it and wait until it answers."""
        (self._folder / "world.json").write_text(json.dumps(self.world.as_json()), encoding="utf-8")
        env = os.environ | {
            "TOKEN": TOKEN,
            "GRPC_PORT": str(self.port),
            "CONTROL_PORT": str(self._control),
            "WORLD": str(self._folder / "world.json"),
            "SENT": str(self._sent),
            "WECHATY_LOG": "silent",
        }
        log = (self._folder / "gateway.log").open("ab")
        self._process = subprocess.Popen(
            ["node", "gateway.mjs"], cwd=HERE, env=env, stdout=log, stderr=log, start_new_session=True
        )
        log.close()
        for _ in range(600):
            assert self._process.poll() is None, (self._folder / "gateway.log").read_text(encoding="utf-8")
            try:
                self.tell("/state")
                return
            except httpx.TransportError:
                time.sleep(0.05)
        raise AssertionError("the gateway does not answer")

    def renew(self, world: World) -> None:
        """As new, in another world; started again only if it has to be."""
        self.world = world
        self._sent.write_text("")
        if self._process is None or self._process.poll() is not None:
            self.start()
        self.thaw()
        self.tell("/fault")
        self.relogin()

    def kill(self) -> None:
        """SIGKILL, as by the system."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait(10)

    def freeze(self) -> None:
        """It stops answering without going away."""
        assert self._process
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """It goes on."""
        assert self._process
        self._process.send_signal(signal.SIGCONT)

    def tell(self, path: str, /, **body: Any) -> dict[str, Any]:
        """A command over the control port."""
        response = httpx.post(f"http://127.0.0.1:{self._control}{path}", json=body, timeout=10)
        assert response.status_code == 200, response.text
        return dict(response.json())

    def changed(self) -> None:
        """The world is another now; nobody is told."""
        self.tell("/world", **self.world.as_json())

    def relogin(self) -> None:
        """Logged out and in again, in the world as it is now."""
        self.tell("/relogin", **self.world.as_json())

    def say(self, room: str | None, who: str, text: str, **more: Any) -> str:
        """Somebody writes; the message's id. `count`: how often it is delivered."""
        where = {"room": self.world.room(room)} if room else {}
        mentions = [self.world.person(name) for name in more.pop("mentions", ())]
        body = {"from": self.world.person(who), "text": text, "mentionIdList": mentions, **where, **more}
        return str(self.tell("/say", **body)["id"])

    def say_all(self, said: list[tuple[str, str, str]]) -> None:
        """Group, writer and words, one message right after the other."""
        lines = [
            {"room": self.world.room(room), "from": self.world.person(who), "text": text}
            for room, who, text in said
        ]
        self.tell("/say_all", messages=lines)

    def sent(self) -> list[dict[str, Any]]:
        """Everything the bot did that can be seen, oldest first; who is called with @ by name."""
        lines = [json.loads(line) for line in self._sent.read_text(encoding="utf-8").splitlines()]
        names = {self.world.person(name): name for name in self.world.people}
        return [
            line | {"mentions": [names.get(each, each) for each in line.get("mentions", ())]}
            for line in lines
        ]

    def heard(self, room: str | None) -> list[str]:
        """The texts that went to a group, or privately to anybody, as people read them."""
        lines = [line for line in self.sent() if line["kind"] == "text" and line["room"] == room]
        return [line["text"].replace("\u2005", " ") for line in lines]
