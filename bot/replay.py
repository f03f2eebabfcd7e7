"""Plays a scripted chat against the real application on a virtual clock (contract §4).

Line by line: all that a line causes is written and flushed before the next is read.
"""

from __future__ import annotations

import json
import secrets
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any
from zoneinfo import ZoneInfo

from actions.phrasebook import Phrasebook
from actions.site import Site, load_site
from actions.site_types import ROLES, Member
from actions.turn import Reader
from bot.analyse import ranking
from bot.app import Application, Parts
from bot.channels.base import Incoming, Outgoing
from bot.clock import VirtualClock
from bot.database import open_database
from bot.reader import MessageReader, load_understander
from bot.settings import load

CHANNEL = "replay"
BEFORE_ALL = datetime(2000, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai"))


class BadLine(Exception):
    """A line that cannot be played; the text says why."""


def main(
    site: str,
    engine: str,
    db: str | None,
    source: IO[str],
    sink: IO[str],
    *,
    say: Callable[[str], None] | None = None,
) -> int:
    """Play `source`; 1 when a line could not be played, else 0. Raises UserError, SiteError."""
    place = load_site(site)
    with ExitStack() as stack:
        url = db or stack.enter_context(_throw_away_database())
        understander = load_understander(place)
        settings = load(site=site, engine=engine)
        rank = stack.enter_context(ranking(settings, say))
        reader = MessageReader(understander, place.tz, rank)
        player = Player(place, reader, url, sink.write, sink.flush, settings.pass_secret)
        stack.callback(player.close)
        return player.play(source)


@contextmanager
def _throw_away_database() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="lianluo-replay-") as folder:
        yield f"sqlite:///{Path(folder) / 'replay.db'}"


@dataclass
class Player:
    """The application, its clock, and where the output goes."""

    site: Site
    reader: Reader
    url: str
    write: Callable[[str], Any]
    flush: Callable[[], None]
    pass_key: str = field(default_factory=secrets.token_urlsafe)

    def __post_init__(self) -> None:
        self.clock = VirtualClock(BEFORE_ALL)
        self.app = self._open()

    def play(self, lines: Iterator[str] | IO[str]) -> int:
        """Every line, one after the other; faults go to standard error and the rest goes on."""
        status = 0
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                self._line(line)
            except BadLine as fault:
                print(f"line {number}: {fault}", file=sys.stderr, flush=True)
                status = 1
        return status

    def close(self) -> None:
        self.app.close()

    def _open(self) -> Application:
        engine = open_database(self.url)
        parts = Parts(self.site, self.reader, engine, self.clock, Phrasebook(), self.pass_key)
        app = Application(parts)
        app.start()
        return app

    def _line(self, line: str) -> None:
        try:
            body = json.loads(line)
        except ValueError as error:
            raise BadLine(f"not JSON ({error})") from None
        if not isinstance(body, dict):
            raise BadLine('not an object like {"type": "say", …}')
        match body.get("type"):
            case "members":
                self._members(body)
                self._state("members")
            case "say":
                self._say(body)
                self._state(str(body["id"]))
            case "wait":
                until = _moment(body, "until", self.site)
                self._advance(until)
                self._state(f"wait:{body['until']}")
            case "restart":
                self._restart(body)
                self._state("restart")

    def _members(self, body: dict[str, Any]) -> None:
        members = body.get("members")
        if not isinstance(members, list):
            raise BadLine("`members` must be a list")
        self.site = self.site.with_members([_member(each) for each in members])
        self.app.site = self.site

    def _say(self, body: dict[str, Any]) -> None:
        incoming = _incoming(body, self.site)
        self._advance(incoming.at)
        self.app.receive(incoming)
        self.app.work()
        self._drain()

    def _restart(self, body: dict[str, Any]) -> None:
        """What SIGKILL and a new start do: memory is gone, the database is opened again."""
        self.app.close()
        if body.get("down_until") is not None:
            self.clock.move_to(_moment(body, "down_until", self.site))
        self.app = self._open()
        self._drain()

    def _advance(self, until: datetime) -> None:
        """Everything due up to `until`, each thing at its own time."""
        while (due := self.app.next_due()) is not None and due <= until:
            self.clock.move_to(due)
            self.app.tick()
            self._drain()
        self.clock.move_to(until)
        self.app.tick()
        self._drain()

    def _drain(self) -> None:
        while (post := self.app.outbox.claim(self.clock.now())) is not None:
            self._post(post)
            self.app.outbox.sent(post.post_id, self.clock.now())

    def _post(self, post: Outgoing) -> None:
        self._write(
            {
                "type": "post",
                "id": post.post_id,
                "at": self._shown(post.at),
                "room": post.room,
                "to": post.to,
                "kind": post.kind,
                "case": post.case,
                "text": post.text,
                "mentions": list(post.mentions),
            }
        )

    def _state(self, after: str) -> None:
        now = self._shown(self.clock.now())
        self._write({"type": "state", "after": after, "at": now, "cases": self.app.states()})

    def _shown(self, moment: datetime) -> str:
        return moment.astimezone(self.site.tz).isoformat()

    def _write(self, body: dict[str, Any]) -> None:
        self.write(json.dumps(body, ensure_ascii=False) + "\n")
        self.flush()


def _incoming(body: dict[str, Any], site: Site) -> Incoming:
    for key in ("id", "from", "text"):
        if not isinstance(body.get(key), str) or (key != "text" and not body[key]):
            raise BadLine(f"a say needs `{key}`, a string")
    role = body.get("role")
    if role is not None and role not in ROLES:
        raise BadLine(f"role {role!r} is none of {', '.join(ROLES)}")
    return Incoming(
        channel=CHANNEL,
        message_id=body["id"],
        at=_moment(body, "at", site),
        room=body.get("room"),
        sender=body["from"],
        text=body["text"],
        role=role,
        quote=body.get("quote"),
        mentions=tuple(str(name) for name in body.get("mentions") or ()),
    )


def _member(body: object) -> Member:
    if not isinstance(body, dict) or not isinstance(body.get("name"), str):
        raise BadLine("a member needs `name`, a string")
    role = body.get("role", "contact")
    if role not in ROLES:
        raise BadLine(f"member {body['name']}: role {role!r} is none of {', '.join(ROLES)}")
    return Member(
        name=body["name"],
        role=role,
        rooms=tuple(body.get("rooms") or ()),
        hospital=body.get("hospital"),
        on_call=tuple(body.get("on_call") or ()),
    )


def _moment(body: dict[str, Any], key: str, site: Site) -> datetime:
    try:
        moment = datetime.fromisoformat(body[key])
    except (KeyError, TypeError, ValueError):
        raise BadLine(f"`{key}` must be a time like 2022-04-04T09:12:00+08:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=site.tz)
