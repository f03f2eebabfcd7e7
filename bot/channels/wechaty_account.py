"""The account as `wechaty` gives it: one connection to a puppet service, its events in their order.

`bot.channels.wechaty_repairs.repair` must have run before this is imported.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from grpclib.client import Channel
from wechaty import Contact, Room, Wechaty, WechatyOptions
from wechaty_grpc.wechaty import PuppetStub
from wechaty_puppet import PuppetOptions
from wechaty_puppet_service import PuppetService
from wechaty_puppet_service.utils import extract_host_and_port

log = structlog.get_logger()

# Numbers of the protocol's events that mean something to us.
EVENTS = {
    2: "message",
    16: "error",
    18: "room-invite",
    19: "room-join",
    20: "room-leave",
    21: "room-topic",
    22: "scan",
    25: "login",
    26: "logout",
    27: "dirty",
}
ARTWORK = 3
"""The protocol's number of a picture in full size."""
START_SECONDS = 20.0
"""The service gives the puppet 15 seconds to stop and as many to start."""


@dataclass(frozen=True)
class Event:
    """Something that happened to the account; `data` as the service wrote it."""

    kind: str
    data: dict[str, Any]


class Puppet(PuppetService):
    """The package's client with a deadline for every call, and without its look-ups over the network."""

    def __init__(self, endpoint: str, token: str, deadline: float) -> None:
        super().__init__(PuppetOptions(token=token, end_point=endpoint))
        self._deadline = deadline

    def _init_puppet(self) -> None:
        """No telnet to the port, no question to a server of the vendor."""
        host, port = extract_host_and_port(self.options.end_point)
        self.channel = Channel(host=host, port=port)
        self.channel._authority = self.options.token  # the service reads the token there
        stub = PuppetStub(self.channel)
        call = stub._unary_unary
        stub._unary_unary = lambda *args, **more: call(*args, **{"timeout": self._deadline, **more})
        self._puppet_stub = stub

    async def start(self) -> None:
        """Take the puppet over: whoever had it before loses it. Raises what the connection raises."""
        self._init_puppet()
        usual, self._deadline = self._deadline, START_SECONDS
        try:
            await self.puppet_stub.stop()
            await self.puppet_stub.start()
        finally:
            self._deadline = usual

    async def events(self) -> AsyncIterator[Event]:
        """Everything that happens, until the stream ends. What cannot be read is left out."""
        async for response in self.puppet_stub.event():
            kind = EVENTS.get(int(response.type))
            if kind is None:
                continue
            try:
                data = json.loads(response.payload or "{}")
            except ValueError:
                log.warning("odd_event", kind=kind)
                continue
            yield Event(kind, data if isinstance(data, dict) else {"data": data})

    async def message_payload(self, message_id: str) -> Any:
        """The message with the platform's own number of its type: the package knows only some of them."""
        return await self.puppet_stub.message_payload(id=message_id)

    async def picture(self, message_id: str, most: int) -> bytes:
        """The picture of a message. Raises ValueError for one of more than `most` bytes, else as any call."""
        data = bytearray()
        async with asyncio.timeout(self._deadline):
            # The newer call hands out names of files that this package cannot fetch.
            async for part in self.puppet_stub.message_image_stream(id=message_id, type=ARTWORK):
                data += part.file_box_chunk.data or b""
                if len(data) > most:
                    raise ValueError("too large")
        return bytes(data)

    async def alive(self, seconds: float) -> None:
        """Ask for a sign of life. Raises TimeoutError when there is none in time."""
        async with asyncio.timeout(seconds):
            await self.puppet_stub.version()

    def close(self) -> None:
        """Let go of the connection."""
        if self.channel is not None:
            self.channel.close()
            self.channel = None


class Account(Wechaty):  # type: ignore[misc]
    """Messages, rooms and contacts as objects of the package; its web server and scheduler never start."""

    def __init__(self, puppet: Puppet) -> None:
        super().__init__(WechatyOptions(puppet=puppet, scheduler=AsyncIOScheduler()))

    async def open(self) -> None:
        """Connect. Raises OSError, TimeoutError or GRPCError."""
        self.forget()
        await self.init_puppet()
        await self.puppet.start()

    def forget(self) -> None:
        """The package keeps what it once read of rooms and contacts for good; read it again."""
        Contact._pool.clear()
        Room._pool.clear()
