"""The running bot: the application in one worker thread, the tick, the channels, Rasa beside it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import structlog
import uvicorn
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from actions.phrasebook import Phrasebook
from actions.site import load_site
from bot.app import Application, Parts
from bot.board import Board
from bot.channels.base import Channel, Incoming, Outgoing
from bot.channels.http import HttpChannel
from bot.channels.http_open import open_http, serve
from bot.channels.web import WebChannel
from bot.clock import SystemClock
from bot.database import open_database
from bot.errors import UserError
from bot.host import Host
from bot.passes import PassOffice
from bot.pictures import PictureReader, UnreadablePicture
from bot.rasa_server import RasaServer
from bot.reader import MessageReader, load_understander, no_ranking
from bot.sender import Pace, Sender
from bot.settings import Settings
from bot.web.page import create_app as create_page

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from fastapi import FastAPI
    from sqlalchemy.orm import Session, sessionmaker

log = structlog.get_logger()
T = TypeVar("T")
TICK_SECONDS = 1
# Asked last which rooms they carry: a bridge takes what lives in no WeChat group, the page what lives nowhere else.
LAST = {"http": 1, "web": 2}


class Service:
    """Owns everything that runs; `start` and `stop` are the only ways in and out."""

    def __init__(self, settings: Settings, channels: Collection[str]) -> None:
        self._settings = settings
        site = load_site(settings.site)
        self._rasa = RasaServer(settings) if settings.engine == "rasa" else None
        rank = self._rasa.client.rank if self._rasa else no_ranking
        self._clock = SystemClock()
        engine = open_database(settings.database)
        reader = MessageReader(lambda: load_understander(site), site.tz, rank)
        parts = Parts(site, reader, engine, self._clock, Phrasebook(), settings.pass_secret)
        self._app = Application(parts)
        self.passes = PassOffice(self._app.sessions, site, parts.phrases, self._clock, parts.pass_key)
        self.board = Board(self._app, self.receive, self._engine_name, self.channel_states)
        # One thread for the database and the understanding: messages are handled in the order they came.
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="desk")
        # Another to keep what comes in, so that a message is safe while those before it are being handled.
        self._keeper = ThreadPoolExecutor(max_workers=1, thread_name_prefix="inbox")
        self._host = Host(self._app, self._in_keeper, self._wake)
        names = sorted(channels, key=lambda name: LAST.get(name, 0))
        opened = (_channel(name, settings, self._host, self._app.sessions) for name in names)
        self._channels = [channel for channel in opened if channel is not None]
        pace = Pace(settings.room_posts_per_minute, settings.posts_per_minute, settings.post_spread)
        self._sender = Sender(
            self._channels,
            self._app.outbox,
            pace,
            self._clock.now,
            self._in_worker,
            self.board.posted,
            self._gave_up,
        )
        self._woken = asyncio.Event()
        self._desk: asyncio.Task[None] | None = None
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._sending = asyncio.Lock()
        self._pictures = PictureReader()
        self._reading: set[asyncio.Task[None]] = set()
        self._preparing: asyncio.Task[None] | None = None

    def serve_channels(self, page: FastAPI) -> None:
        """Give the channels that are asked over HTTP their place beside the pages."""
        for channel in self._channels:
            if isinstance(channel, HttpChannel):
                serve(channel, page)

    def _engine_name(self) -> str:
        rasa = self._rasa
        return "rasa" if rasa is not None and rasa.answers and not rasa.client.resting else "builtin"

    def channel_states(self) -> dict[str, str]:
        """How each channel is, in a word."""
        return {channel.name: channel.state for channel in self._channels}

    @property
    def rasa_pid(self) -> int | None:
        """Of our own Rasa server, while it runs."""
        return self._rasa.pid if self._rasa is not None else None

    async def start(self, failed: Callable[[], None] = lambda: None) -> None:
        """Return at once, so that the page answers; messages said meanwhile wait their turn and are kept.

        `failed` is called when the bot cannot be made ready; `ready` then raises why.
        """
        self._preparing = asyncio.create_task(self._prepare())
        self._preparing.add_done_callback(lambda task: failed() if _fault(task) else None)

    @property
    def fault(self) -> BaseException | None:
        """Why the bot could not be made ready, if it could not."""
        return _fault(self._preparing) if self._preparing is not None and self._preparing.done() else None

    async def ready(self) -> None:
        """Wait until everything runs. Raises what went wrong."""
        if self._preparing is not None:
            await self._preparing

    async def _prepare(self) -> None:
        """Listen, catch up on what was missed, then handle and tick."""
        for channel in self._channels:
            await channel.start(self.keep)
        await self._in_worker(self._app.warm_up)
        await self._in_worker(self._app.start)
        if self._rasa is not None:
            await self._rasa.start()  # after the bot itself: nobody waits for it
        self._desk = asyncio.create_task(self._work())
        self._scheduler.add_job(
            self._tick,
            "interval",
            seconds=TICK_SECONDS,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )
        self._scheduler.start()
        log.info("started", site=self._settings.site, channels=[channel.name for channel in self._channels])

    async def stop(self) -> None:
        """Stop ticking and listening, end Rasa, let go of the database. What waits is sent at the next start."""
        if self._preparing is not None:
            self._preparing.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await self._preparing
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        for channel in self._channels:
            with suppress(Exception):
                await channel.stop()
        if self._desk is not None:
            self._desk.cancel()
            await asyncio.gather(self._desk, return_exceptions=True)
        if self._rasa is not None:
            await self._rasa.stop()
        for reading in list(self._reading):
            reading.cancel()
        self._pictures.close()
        await self._in_worker(self._app.close)
        self._worker.shutdown(wait=True)
        self._keeper.shutdown(wait=True)

    async def receive(self, incoming: Incoming) -> None:
        """A message from the page: kept, handled, and what it causes sent, when this returns."""
        await self._keep(incoming)
        await self._in_worker(self._app.work)
        await self._deliver()

    async def keep(self, incoming: Incoming) -> None:
        """A message from a channel. It is safe in the database when this returns, and handled soon."""
        await self._keep(incoming)
        self._wake()

    async def _keep(self, incoming: Incoming) -> None:
        is_new = await self._in_keeper(partial(self._app.receive, incoming))
        if is_new and incoming.pictures:
            reading = asyncio.create_task(self._read_pictures(incoming))
            self._reading.add(reading)
            reading.add_done_callback(self._reading.discard)

    async def _read_pictures(self, incoming: Incoming) -> None:
        """What is on them is posted when it has been read; nothing waits for it."""
        lines: list[str] = []
        for each in incoming.pictures:
            try:
                lines += await self._pictures.lines(each)
            except UnreadablePicture as error:
                log.warning("picture_not_read", why=str(error))
        await self._in_worker(partial(self._app.picture_read, replace(incoming, pictures=()), lines))
        self._wake()

    def _wake(self) -> None:
        """There may be something to handle or to send."""
        self._woken.set()

    async def _gave_up(self, post: Outgoing) -> None:
        self.board.posted(post, "undeliverable")
        await self._host.undeliverable(post)

    async def _work(self) -> None:
        """Handle what waits, one by one, so that a post need not wait for the end of a burst."""
        while True:
            await self._woken.wait()
            self._woken.clear()
            try:
                while await self._in_worker(partial(self._app.work, at_most=1)):
                    await self._deliver()
                await self._deliver()
            except Exception as error:  # the next tick wakes it again
                log.error("desk_failed", error=type(error).__name__, exc_info=error)

    async def _tick(self) -> None:
        await self._in_worker(self._app.tick)
        self._wake()

    async def _deliver(self) -> None:
        async with self._sending:
            await self._sender.deliver()

    async def _in_keeper(self, call: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._keeper, call)

    async def _in_worker(self, call: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._worker, call)


def _fault(task: asyncio.Task[None]) -> BaseException | None:
    return None if task.cancelled() else task.exception()


def _channel(name: str, settings: Settings, host: Host, sessions: sessionmaker[Session]) -> Channel | None:
    """None when it says why it does not open; the others go on. Raises UserError for one that does not exist."""
    match name:
        case "web":
            return WebChannel()
        case "wechaty":
            from bot.channels.wechaty import make_channel  # noqa: PLC0415 (only who uses it has its libraries)

            return make_channel(settings, host)
        case "http":
            return open_http(settings, host, sessions)
        case _:
            raise UserError(f"there is no channel {name!r}; use --channel web, wechaty or http", status=2)


def create_app(service: Service, failed: Callable[[], None]) -> FastAPI:
    """The page, with the service's life tied to the server's; `failed` has to end the server."""
    page = create_page(service.board, service.passes)
    service.serve_channels(page)
    inner = page.router.lifespan_context

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with inner(app):
            await service.start(failed)
            try:
                yield
            finally:
                await service.stop()

    page.router.lifespan_context = lifespan
    return page


def run(settings: Settings, site: str, channels: Collection[str]) -> int:
    """Serve until Ctrl-C. Raises UserError for a port in use and whatever else the user can mend."""
    _free(settings.host, settings.port)
    service = Service(settings, channels)
    config = uvicorn.Config(
        create_app(service, lambda: setattr(server, "should_exit", True)),
        host=settings.host,
        port=settings.port,
        log_level="warning",
        access_log=False,
        log_config=None,  # bot/logs.py decides what is written
        timeout_graceful_shutdown=3,
    )
    print(f"联络 · {service.board.site_name} · http://{settings.host}:{settings.port}", flush=True)
    server = uvicorn.Server(config)
    server.run()
    if service.fault is not None:
        raise service.fault
    return 0


def _free(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise UserError(
                f"port {port} on {host} cannot be used ({error.strerror}); choose another with --port"
            ) from error
