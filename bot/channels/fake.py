"""The smallest channel there is: for tests, and to copy when you write one of your own.

Nothing leaves the program. `say` is a message as a platform would bring it, `sent` what the bot answered.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import UTC, datetime

from bot.channels.base import Incoming, Outgoing, Receive


class FakeChannel:
    """Has the rooms it is given; `broken` is raised by every send while it is set."""

    paced = False

    def __init__(self, rooms: Collection[str], name: str = "fake") -> None:
        self.name, self.state = name, "ready"
        self.sent: list[Outgoing] = []
        self.broken: Exception | None = None
        self._rooms = frozenset(rooms)
        self._receive: Receive | None = None

    def carries(self, room: str | None, to: str | None) -> bool:
        return room in self._rooms

    async def start(self, receive: Receive) -> None:
        self._receive = receive

    async def say(self, room: str, sender: str, text: str) -> None:
        """Somebody writes. The message is safe when this returns."""
        assert self._receive is not None, "the channel is not started"
        await self._receive(Incoming(self.name, uuid.uuid4().hex, datetime.now(UTC), room, sender, text))

    async def send(self, post: Outgoing) -> str | None:
        if self.broken is not None:
            raise self.broken
        self.sent.append(post)
        return f"fake-{len(self.sent)}"

    async def stop(self) -> None:
        self._receive = None
