"""What a channel is: a way for messages in and posts out. Nothing here is of any one platform."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

PICTURE = "[图片]"
"""What stands for a picture in a text, as WeChat writes it."""


@dataclass(frozen=True)
class Attachment:
    """A picture as it came: bytes in memory, never written to the database or to a file."""

    name: str
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class Incoming:
    """A message as somebody wrote it. (`channel`, `message_id`) is unique; a repeat is the same message again.

    `pictures` came with it; the text may then be empty. They are handed over once and kept nowhere: a channel puts
    the bytes here and forgets them.
    """

    channel: str
    message_id: str
    at: datetime
    room: str | None  # None: written to the bot privately
    sender: str
    text: str
    role: str | None = None  # None: as the site pack says; an unknown sender is a guest
    quote: str | None = None  # id of the message or post that is quoted
    mentions: tuple[str, ...] = ()
    pictures: tuple[Attachment, ...] = ()

    @property
    def only_pictures(self) -> bool:
        """Whether nothing was written beside them."""
        return bool(self.pictures) and self.text.replace(PICTURE, "").strip() == ""


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


class NotSent(Exception):
    """The post did not go out; it waits for the next time."""


class Refused(NotSent):
    """The platform did not take the post though it can be reached; after some tries it is given up."""


class Unreachable(NotSent):
    """There is no way to that room or member; trying again would not help."""


class MaybeSent(Exception):
    """The post was handed over and nobody knows whether it went out; only what is urgent is repeated."""


class Channel(Protocol):
    """Receives and sends. `send` returns once the post is handed over and raises when it is not.

    `paced`: whether the limits of all rooms together hold here.
    """

    name: str
    paced: bool

    @property
    def state(self) -> str:
        """How it is, in a word; `ready` when posts can go out."""
        ...

    def carries(self, room: str | None, to: str | None) -> bool:
        """Whether that room, or that member's private chat, lives here."""
        ...

    async def start(self, receive: Receive) -> None: ...

    async def send(self, post: Outgoing) -> str | None:
        """Hand a post over; its id there, if it has one. Raises NotSent or MaybeSent."""
        ...

    async def stop(self) -> None: ...
