"""The HTTP channel: signed requests bring messages and fetch posts, or posts are sent to a webhook."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar
from urllib.parse import urlsplit

import httpx
import structlog
from sqlalchemy.orm import Session, sessionmaker
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, wait_random_exponential

from bot.channels.base import Incoming, Outgoing, Receive
from bot.channels.http_forms import MessageIn, PostOut
from bot.channels.http_queue import Queue
from bot.channels.http_signing import signed_headers
from bot.host import Host

log = structlog.get_logger()
T = TypeVar("T")

# How often it is looked whether another process has put a post there.
LOOK_SECONDS = 1.0
AHEAD = timedelta(minutes=5)
RECALL = "撤回了一条消息"
NEVER = (410, 422)
"""Answers of a webhook that mean: this post can never be shown here."""


class NotReady(Exception):
    """The bot is still starting."""


class NoSuchRoom(Exception):
    """A room that the site pack does not have."""


class WrongTime(Exception):
    """A message from the future; the text is one line."""


class HttpChannel:
    """Posts wait in the database until they are acknowledged; whoever is here is told at once."""

    name = "http"
    paced = False
    state = "ready"  # posts wait in the database, whether anybody is on the other side or not

    def __init__(
        self,
        host: Host,
        sessions: sessionmaker[Session],
        *,
        secret: str,
        webhook: str = "",
        slowest_retry: float = 60.0,
    ) -> None:
        """`webhook`: where posts are sent; empty: they are fetched. `slowest_retry` in seconds."""
        self.queue = Queue(sessions)
        self.secret = secret
        self._host, self._webhook = host, webhook
        self._slowest_retry = slowest_retry
        self._receive: Receive | None = None
        self._news = asyncio.Event()
        self._pushing: asyncio.Task[None] | None = None

    async def start(self, receive: Receive) -> None:
        """From now on messages are taken."""
        await self._in_thread(partial(self.queue.catch_up, self._host.now()))
        self._receive = receive
        if self._webhook:
            self._pushing = asyncio.create_task(self._push_all())

    def carries(self, room: str | None, to: str | None) -> bool:
        """Everything that is in no WeChat group."""
        return True

    async def send(self, post: Outgoing) -> None:
        """Safe in the queue when this returns."""
        await self._in_thread(partial(self.queue.put, post.post_id, self._host.now()))
        self._news.set()

    async def stop(self) -> None:
        self._receive = None
        if self._pushing is not None:
            self._pushing.cancel()
            with suppress(asyncio.CancelledError):
                await self._pushing

    async def take(self, message: MessageIn) -> None:
        """A message from the other side. Raises NotReady, NoSuchRoom, WrongTime."""
        if self._receive is None:
            raise NotReady
        if message.room is not None and message.room not in self._host.rooms:
            await self._host.tell("channel_unknown_room", f"unknown:{message.room}", room=message.room)
            raise NoSuchRoom(message.room)
        now = self._host.now()
        if message.at is not None and message.at > now + AHEAD:
            raise WrongTime(f"at: {message.at.isoformat()} has not come yet; is the clock right?")
        await self._receive(_incoming(message, now))

    async def posts(self, after: int, limit: int, wait: float) -> list[PostOut]:
        """What is waiting; with nothing there, whatever comes within `wait` seconds."""
        deadline = asyncio.get_running_loop().time() + wait
        while True:
            self._news.clear()
            found = await self._in_thread(partial(self.queue.waiting, after, limit, self._host.now()))
            left = deadline - asyncio.get_running_loop().time()
            if found or left <= 0:
                return found
            with suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), min(left, LOOK_SECONDS))

    async def acknowledge(self, cursor: int) -> int:
        """The other side has shown everything up to `cursor`."""
        return await self._in_thread(partial(self.queue.acknowledge, cursor, self._host.now()))

    async def _push_all(self) -> None:
        """One post after the other; the next waits until the one before it has arrived."""
        async with httpx.AsyncClient(timeout=10, trust_env=False) as client:
            while True:
                async for attempt in self._tries():
                    with attempt:
                        await self._push_next(client)

    def _tries(self) -> AsyncRetrying:
        """Without an end: a webhook that is away for the night gets its posts in the morning."""
        return AsyncRetrying(
            wait=wait_random_exponential(multiplier=0.5, max=self._slowest_retry),
            retry=retry_if_exception_type(Exception),
            before_sleep=_say_so,
        )

    async def _push_next(self, client: httpx.AsyncClient) -> None:
        """Read anew at each try: what has no further use meanwhile is not sent. Raises httpx.HTTPError."""
        for post in await self.posts(0, 1, LOOK_SECONDS):
            body = post.model_dump_json().encode()
            headers = signed_headers(self.secret, "POST", _path(self._webhook), body)
            headers["Content-Type"] = "application/json"
            answer = await client.post(self._webhook, content=body, headers=headers)
            if answer.status_code in NEVER:
                log.warning("webhook_refuses", id=post.id, kind=post.kind, status=answer.status_code)
                await self._in_thread(partial(self.queue.refused, post.cursor, self._host.now()))
                await self._host.undeliverable(_outgoing(post))
                return
            answer.raise_for_status()
            await self.acknowledge(post.cursor)

    async def _in_thread(self, call: Callable[[], T]) -> T:
        return await asyncio.to_thread(call)


def _incoming(message: MessageIn, now: datetime) -> Incoming:
    recalled = message.recalled
    return Incoming(
        channel=HttpChannel.name,
        message_id=f"{message.id}:recalled" if recalled else message.id,
        at=min(message.at or now, now),
        room=message.room,
        sender=message.sender,
        text=RECALL if recalled else message.text,
        quote=message.id if recalled else message.quote,
        mentions=tuple(message.mentions),
    )


def _outgoing(post: PostOut) -> Outgoing:
    return Outgoing(
        post.id, post.at, post.room, post.to, post.kind, post.case, post.text, tuple(post.mentions)
    )


def _path(url: str) -> str:
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _say_so(state: RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome else None
    log.warning("webhook_not_reached", tries=state.attempt_number, error=type(error).__name__)
