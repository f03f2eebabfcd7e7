"""One sender: takes posts from the outbox in order and hands them to the channel, at a bearable pace.

Level Ⅰ–Ⅱ never waits for the pace.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Collection
from datetime import datetime, timedelta

import structlog

from bot.channels.base import Outgoing

log = structlog.get_logger()
MINUTE = timedelta(minutes=1)


class Pace:
    """How many posts a room gets in a minute."""

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._sent: dict[str, deque[datetime]] = defaultdict(deque)

    def noted(self, room: str | None, now: datetime) -> None:
        """A post went to the room."""
        if room is not None:
            self._sent[room].append(now)

    def full(self, now: datetime) -> list[str]:
        """The rooms that have had enough for this minute."""
        for times in self._sent.values():
            while times and now - times[0] >= MINUTE:
                times.popleft()
        return [room for room, times in self._sent.items() if len(times) >= self._per_minute]


async def deliver(
    claim: Callable[[Collection[str]], Awaitable[Outgoing | None]],
    settle: Callable[[Outgoing, bool], Awaitable[None]],
    send: Callable[[Outgoing], Awaitable[None]],
    pace: Pace,
    now: Callable[[], datetime],
) -> None:
    """Send everything that may go out now. A channel that fails keeps its posts waiting for the next time."""
    while (post := await claim(pace.full(now()))) is not None:
        try:
            await send(post)
        except Exception as error:
            log.warning("not_sent", id=post.post_id, kind=post.kind, error=type(error).__name__)
            await settle(post, False)
            return
        pace.noted(post.room, now())
        await settle(post, True)
