"""WeChat groups through a Wechaty puppet service (docs/wechat.md).

The heavy package is imported when the channel starts (bot/channels/wechaty_repairs.py).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog
from grpclib.exceptions import GRPCError

from bot.channels.base import MaybeSent, NotSent, Outgoing, Receive, Refused, Unreachable
from bot.channels.wechaty_directory import CHANNEL, Directory
from bot.channels.wechaty_echo import Echoes, Handed
from bot.channels.wechaty_inbox import Inbox
from bot.channels.wechaty_link import LOST, Link, Timing
from bot.errors import UserError

if TYPE_CHECKING:
    from bot.channels.wechaty_account import Account, Event
    from bot.host import Host
    from bot.settings import Settings

log = structlog.get_logger()
REFRESH_SECONDS = 3600.0
"""How often names of groups and people are read again without any event."""
AT_END = "\u2005"
"""What WeChat writes after the name of somebody who is called with @."""


def make_channel(settings: Settings, host: Host) -> WechatyChannel:
    """The channel as the settings say. Raises UserError when they do not say where the gateway is."""
    name, _, port = settings.wechaty_endpoint.rpartition(":")
    if not name or not port.isdigit():
        given = f"is {settings.wechaty_endpoint!r}" if settings.wechaty_endpoint else "is not set"
        raise UserError(
            f"LIANLUO_WECHATY_ENDPOINT {given}; --channel wechaty needs host:port of a puppet service "
            "(docs/wechat.md)",
            status=2,
        )
    return WechatyChannel(settings, host, Timing())


class WechatyChannel:
    """One WeChat account in its groups."""

    name = CHANNEL
    paced = True

    def __init__(self, settings: Settings, host: Host, timing: Timing) -> None:
        self._settings, self._host, self._timing = settings, host, timing
        self._directory = Directory(host)
        self._inbox = Inbox(host, self._directory, settings.wechaty_name)
        self._echoes = Echoes(settings.wechaty_confirm)
        self._link = Link(self._account, self._handle, timing)
        self._me = ""
        self._receive: Receive | None = None
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def state(self) -> str:
        """connecting, logged out, ready, away, taken or refused."""
        return self._link.state

    def carries(self, room: str | None, to: str | None) -> bool:
        """The groups and members that the account was ever seen to have."""
        return room in self._directory.rooms.ids if room is not None else to in self._directory.members

    async def start(self, receive: Receive) -> None:
        """Return at once; the connection is made, and made again, beside."""
        self._receive = receive
        await self._directory.load()
        self._tasks = [asyncio.create_task(each) for each in (self._run(), self._look())]

    async def stop(self) -> None:
        """Let go of the gateway."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._directory.close()

    async def _run(self) -> None:
        """Load the package beside everything else, then hold the connection."""
        try:
            await asyncio.to_thread(_load, self._settings.var / "wechaty")
            await self._link.run()
        except Exception as error:
            log.error("wechat_failed", error=type(error).__name__, exc_info=error)

    def _account(self) -> Account:
        from bot.channels.wechaty_account import Account, Puppet  # noqa: PLC0415 (_load has imported it)

        settings = self._settings
        return Account(Puppet(settings.wechaty_endpoint, settings.wechaty_token, self._timing.deadline))

    async def _look(self) -> None:
        """Now and then: posts nobody saw arrive; names that may have changed without a word."""
        refreshed = time.monotonic()
        while True:
            await asyncio.sleep(1)
            for post_id in self._echoes.overdue(time.monotonic()):
                await self._host.unconfirmed(post_id)
            account = self._link.account
            if time.monotonic() - refreshed > REFRESH_SECONDS and account and self.state == "ready":
                refreshed = time.monotonic()
                with suppress(GRPCError, *LOST):
                    await self._directory.refresh(account)

    # -- out

    async def send(self, post: Outgoing) -> str | None:
        """Raises NotSent while the account is away, Unreachable, Refused, or MaybeSent."""
        account = self._link.account
        if account is None or self.state != "ready":
            raise NotSent
        room_id = self._directory.rooms.ids.get(post.room) if post.room else None
        conversation = room_id if post.room else self._directory.members.get(post.to or "")
        if conversation is None:
            raise Unreachable
        called = [name for name in post.mentions if self._directory.people.ids(room_id, [name])]
        ids = self._directory.people.ids(room_id, called) if room_id else []
        handed = Handed(post.post_id, conversation, _with_at(post.text, called), time.monotonic())
        self._echoes.expect(handed)
        channel_id = await self._hand_over(account, handed, ids)
        self._echoes.named(handed, channel_id)
        return channel_id

    async def _hand_over(self, account: Account, handed: Handed, ids: list[str]) -> str | None:
        send = account.puppet.message_send_text
        try:
            return str(await send(handed.conversation, handed.text, ids)) or None
        except ConnectionRefusedError as error:
            self._echoes.forget(handed)
            raise NotSent from error
        except GRPCError as error:
            self._echoes.forget(handed)
            raise Refused from error
        except LOST as error:
            raise MaybeSent from error

    # -- in

    async def _handle(self, account: Account, event: Event) -> None:
        """One event; what a handler raises is the link's to judge."""
        data = event.data
        match event.kind:
            case "message":
                await self._on_message(account, str(data.get("messageId") or ""))
            case "login":
                await self._on_login(account, str(data.get("contactId") or ""))
            case "logout" | "scan":  # a code that waits to be scanned: nobody is logged in
                self._link.is_now("logged out")
            case "room-invite":
                await self._directory.invited(account, data)
            case "room-join":
                await self._directory.joined(account, data, self._me)
            case "room-leave":
                await self._directory.left(account, data, self._me)
            case "room-topic" | "dirty":
                await self._directory.changed(account, data)
            case "error":
                _complaint(data)

    async def _on_login(self, account: Account, me: str) -> None:
        self._me = account.puppet.login_user_id = me
        await self._directory.login(account)
        self._link.is_now("ready")
        self._host.wake()

    async def _on_message(self, account: Account, message_id: str) -> None:
        message = account.Message.load(message_id)
        try:
            await message.ready()
        except GRPCError:  # the gateway has forgotten it
            log.warning("message_unreadable")
            return
        payload = message.payload
        if payload.from_id and payload.from_id == self._me:
            conversation = payload.room_id or payload.to_id
            post_id = self._echoes.seen(message_id, conversation, payload.text)
            if post_id:
                await self._host.confirmed(post_id)
            return
        incoming = await self._inbox.incoming(account, message, self._me)
        if incoming is not None and self._receive is not None:
            await self._receive(incoming)


def _load(cache: Path) -> None:
    from bot.channels.wechaty_repairs import repair  # noqa: PLC0415 (in a thread: it takes seconds)

    repair(cache)


def _complaint(data: Mapping[str, Any]) -> None:
    """What the gateway reports may hold people's words: it is not written down."""
    log.warning("wechat_error", keys=sorted(data))


def _with_at(text: str, names: list[str]) -> str:
    """As WeChat writes it: a special space after the name."""
    for name in names:
        text = text.replace(f"@{name} ", f"@{name}").replace(f"@{name}", f"@{name}{AT_END}")
    return text
