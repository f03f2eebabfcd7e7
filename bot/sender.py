"""One sender: takes posts from the outbox in order and hands each to the channel its room lives on, at a bearable pace.

Level Ⅰ–Ⅱ never waits for the pace. A channel that is away keeps its posts; the others go on.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict, deque
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol, TypeVar

import structlog

from bot.channels.base import Channel, MaybeSent, NotSent, Outgoing, Refused, Unreachable
from bot.outbox import NOWHERE, Outbox, Places

log = structlog.get_logger()
T = TypeVar("T")
MINUTE = timedelta(minutes=1)
TRIES = 5
"""How often a post that the platform refuses is tried."""


class InThread(Protocol):
    """Runs a call that uses the database in a thread of its own."""

    async def __call__(self, call: Callable[[], T], /) -> T: ...


class Pace:
    """How many posts a room, and all rooms of paced channels together, get in a minute; and how far apart."""

    def __init__(self, per_room: int, overall: int, spread: float) -> None:
        """`spread`: up to so many seconds pass between two posts of a paced channel, at random."""
        self._per_room, self._overall, self._spread = per_room, overall, spread
        self._rooms: dict[str, deque[datetime]] = defaultdict(deque)
        self._all: deque[datetime] = deque()
        self._not_before: datetime | None = None

    def noted(self, room: str | None, now: datetime, *, paced: bool) -> None:
        """A post went to the room."""
        if room is not None:
            self._rooms[room].append(now)
        if paced:
            self._all.append(now)
            self._not_before = now + timedelta(seconds=random.uniform(0, self._spread))

    def full(self, now: datetime) -> frozenset[str]:
        """The rooms that have had enough for this minute."""
        for times in self._rooms.values():
            _forget(times, now)
        return frozenset(room for room, times in self._rooms.items() if len(times) >= self._per_room)

    def rests(self, now: datetime) -> timedelta:
        """For how long paced channels get nothing but what is urgent."""
        _forget(self._all, now)
        waits = [self._not_before - now] if self._not_before else []
        if len(self._all) >= self._overall:
            waits.append(self._all[0] + MINUTE - now)
        return max([timedelta(), *waits])


def _forget(times: deque[datetime], now: datetime) -> None:
    while times and now - times[0] >= MINUTE:
        times.popleft()


@dataclass
class Sender:
    """`went_out` is told of every post that did, `gave_up` of every one that has no way."""

    channels: Collection[Channel]
    outbox: Outbox
    pace: Pace
    now: Callable[[], datetime]
    in_thread: InThread
    went_out: Callable[[Outgoing], None]
    gave_up: Callable[[Outgoing], Awaitable[None]]

    def __post_init__(self) -> None:
        self._tries: Counter[str] = Counter()

    async def deliver(self) -> None:
        """Send everything that may go out now."""
        failed = NOWHERE
        while True:
            full, closed = await self._held()
            claim = partial(self.outbox.claim, self.now(), full=full, closed=closed | failed)
            post = await self.in_thread(claim)
            if post is None:
                return
            if not await self._handed_over(post):
                failed |= _place(post)

    async def _held(self) -> tuple[Places, Places]:
        """Where only what is urgent goes now, and where nothing can go."""
        full = Places(self.pace.full(self.now()))
        rests = self.pace.rests(self.now()) > timedelta()
        if not rests and all(channel.state == "ready" for channel in self.channels):
            return full, NOWHERE
        waiting = await self.in_thread(self.outbox.waiting)
        slow = self._those(waiting, lambda channel: rests and channel is not None and channel.paced)
        return full | slow, self._those(
            waiting, lambda channel: channel is not None and channel.state != "ready"
        )

    def _those(self, places: Places, is_so: Callable[[Channel | None], bool]) -> Places:
        return Places(
            frozenset(room for room in places.rooms if is_so(self.way(room, None))),
            frozenset(to for to in places.members if is_so(self.way(None, to))),
        )

    def way(self, room: str | None, to: str | None) -> Channel | None:
        """The channel that a post takes: where its room lives; the page for what lives nowhere else."""
        return next((channel for channel in self.channels if channel.carries(room, to)), None)

    async def _handed_over(self, post: Outgoing) -> bool:
        """Whether the place's next post may follow at once."""
        channel = self.way(post.room, post.to)
        try:
            if channel is None:
                raise Unreachable
            channel_id = await channel.send(post)
        except MaybeSent:
            log.warning("unconfirmed", id=post.post_id, kind=post.kind)
            self.pace.noted(post.room, self.now(), paced=True)
            await self.in_thread(partial(self.outbox.unconfirmed, post.post_id, self.now()))
        except Exception as error:
            return await self._not_sent(post, error)
        else:
            assert channel is not None
            self.pace.noted(post.room, self.now(), paced=channel.paced)
            done = partial(self.outbox.sent, post.post_id, self.now(), channel.name, channel_id)
            await self.in_thread(done)
            self.went_out(post)
        self._tries.pop(post.post_id, None)
        return True

    async def _not_sent(self, post: Outgoing, error: Exception) -> bool:
        log.warning("not_sent", id=post.post_id, kind=post.kind, error=type(error).__name__)
        if not isinstance(error, NotSent) or isinstance(error, Refused):
            self._tries[post.post_id] += 1
        if not isinstance(error, Unreachable) and self._tries[post.post_id] < TRIES:
            await self.in_thread(partial(self.outbox.put_back, post.post_id))
            return False
        self._tries.pop(post.post_id, None)
        await self.in_thread(partial(self.outbox.given_up, post.post_id))
        await self.gave_up(post)
        return True


def _place(post: Outgoing) -> Places:
    if post.room is not None:
        return Places(frozenset([post.room]))
    return Places(members=frozenset([post.to] if post.to else []))
