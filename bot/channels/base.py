"""What a channel is: a way for messages in and posts out. Nothing here is of any one platform."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Incoming:
    """A message as somebody wrote it. (`channel`, `message_id`) is unique; a repeat is the same message again."""

    channel: str
    message_id: str
    at: datetime
    room: str | None  # None: written to the bot privately
    sender: str
    text: str
    role: str | None = None  # None: as the site pack says; an unknown sender is a guest
    quote: str | None = None  # id of the message or post that is quoted
    mentions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outgoing:
    """A post of the bot. `room` is None for a private one, which `to` (a member's name) gets."""

    post_id: str
    at: datetime
    room: str | None
    to: str | None
    kind: str
    case: str | None
    text: str
    mentions: tuple[str, ...] = ()


Receive = Callable[[Incoming], Awaitable[None]]


class Channel(Protocol):
    """Receives and sends. `send` returns once the post is handed over and raises when it is not."""

    name: str

    async def start(self, receive: Receive) -> None: ...

    async def send(self, post: Outgoing) -> None: ...

    async def stop(self) -> None: ...
