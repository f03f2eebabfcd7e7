"""Keeps the connection to the puppet service up: tries again, notices when it hangs, hands events over in order.

What happens while it is away cannot be fetched later: the service keeps no messages.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import structlog
from grpclib.const import Status
from grpclib.exceptions import GRPCError, StreamTerminatedError

if TYPE_CHECKING:
    from bot.channels.wechaty_account import Account, Event

log = structlog.get_logger()

State = Literal["connecting", "logged out", "ready", "away", "taken", "refused"]
SAID = {
    "away": "the gateway does not answer; trying again",
    "taken": "the gateway ended the connection: another client has taken it, or it stops; trying again",
    "refused": "the gateway refuses the token; set LIANLUO_WECHATY_TOKEN and start again",
    "logged out": "connected; the account is not logged in at the gateway",
    "ready": "connected and logged in",
}
LOST = (OSError, TimeoutError, StreamTerminatedError, EOFError)
"""What a call raises when the connection is gone or hangs."""
MANY = 10_000  # events that may wait


@dataclass(frozen=True)
class Timing:
    """Seconds. `patience` is what a sign of life may take, `every` the time between two."""

    every: float = 4.0
    patience: float = 5.0
    deadline: float = 10.0
    first: float = 0.5
    longest: float = 4.0
    refused: float = 60.0
    steady: float = 30.0  # a connection that lived so long was a good one


class Link:
    """One connection after another, for good."""

    def __init__(
        self,
        connect: Callable[[], Account],
        handle: Callable[[Account, Event], Awaitable[None]],
        timing: Timing,
    ) -> None:
        """`handle` gets the events one by one; one that raises LOST is handed over again when it is back."""
        self._connect, self._handle, self._timing = connect, handle, timing
        self.account: Account | None = None
        self.state: State = "connecting"
        self._waiting: deque[Event] = deque(maxlen=MANY)
        self._more = asyncio.Event()
        self._taken = 0

    def is_now(self, state: State) -> None:
        """Note the state; each change is a line of the log."""
        if state != self.state:
            self.state = state
            level = log.info if state == "ready" else log.warning
            level("wechat", state=state, note=SAID.get(state, ""))

    async def run(self) -> None:
        """Until cancelled."""
        tries = 0
        while True:
            began = time.monotonic()
            try:
                await self._once()
                self.is_now("taken")
            except GRPCError as error:
                self.is_now("refused" if error.status is Status.UNAUTHENTICATED else "away")
            except LOST:
                self.is_now("away")
            tries = 0 if time.monotonic() - began > self._timing.steady else tries + 1
            await asyncio.sleep(self._pause(tries))

    def _pause(self, tries: int) -> float:
        timing = self._timing
        if self.state == "refused":
            return timing.refused
        self._taken = self._taken + 1 if self.state == "taken" and tries else 0
        # Two programs that take the gateway from each other must not do so for ever at full speed.
        longest = timing.refused if self._taken > 3 else timing.longest
        return min(longest, timing.first * 2.0 ** min(tries, 10)) * random.uniform(0.8, 1.2)

    async def _once(self) -> None:
        """One connection, until it ends (returns) or fails (raises)."""
        account = self._connect()
        self.account = account
        tasks: list[asyncio.Task[None]] = []
        try:
            await account.open()
            self.is_now("logged out")  # until the gateway says who it is
            tasks = [asyncio.create_task(each) for each in (self._read(account), self._work(account))]
            tasks.append(asyncio.create_task(self._watch(account)))
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            account.puppet.close()

    async def _read(self, account: Account) -> None:
        async for event in account.puppet.events():
            self._waiting.append(event)
            self._more.set()

    async def _work(self, account: Account) -> None:
        """In order; what fails by its own fault is left out, what failed with the connection stays."""
        while True:
            while self._waiting:
                event = self._waiting[0]
                try:
                    await self._handle(account, event)
                except LOST:
                    raise
                except Exception as error:
                    log.error("event_failed", kind=event.kind, error=type(error).__name__, exc_info=error)
                self._waiting.popleft()
            self._more.clear()
            await self._more.wait()

    async def _watch(self, account: Account) -> None:
        while True:
            await asyncio.sleep(self._timing.every)
            await account.puppet.alive(self._timing.patience)
