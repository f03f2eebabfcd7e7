"""A gateway and a bot on it, for tests of the WeChat channel: the real service, real gRPC, real database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

import bot.service
from actions.models import Case, Post
from bot.channels.base import Incoming
from bot.service import Service
from bot.settings import Settings
from tests.conftest import builtin_reader
from tests.gateway.running import TOKEN, Gateway, Missing, World, check

T = TypeVar("T")
MORNING = datetime.fromisoformat("2022-04-04T09:00:00+08:00")
INTAKE, MATERNAL = "医疗保障群", "孕产妇专家联络群"
ZHANG, CHEN, LIU = "佘山防控办-小张", "专班-陈老师", "专班-刘老师"


def small_world(**more: Any) -> World:
    """Two groups of the site pack with some of its members."""
    people: dict[str, dict[str, Any]] = {
        ZHANG: {"nick": "张张", "in_room": ZHANG, "friend": False},
        CHEN: {"nick": "陈", "remark": CHEN},
        LIU: {"nick": LIU},
        "路人": {"nick": "路人", "friend": False},
    }
    return World(people, {INTAKE: [ZHANG, CHEN, LIU, "路人"], MATERNAL: [CHEN]}, **more)


@pytest.fixture(scope="session")
def node() -> None:
    """Skips by name what needs a gateway where there is none."""
    try:
        check()
    except Missing as error:
        pytest.skip(f"real gateway: {error}")


@pytest.fixture(scope="session")
def one_gateway(node: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """The process, started once for all tests of a worker."""
    one = Gateway(tmp_path_factory.mktemp("gateway"), small_world())
    yield one
    one.kill()


@pytest.fixture
def gateway(one_gateway: Gateway) -> Gateway:
    """A running gateway with a small world."""
    one_gateway.renew(small_world())
    return one_gateway


class Clock:
    """Runs as the machine's does, from where it was put."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def put(self, moment: datetime) -> None:
        self._ahead = moment - datetime.now(UTC)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Of every service of a test: a Monday morning, whenever the test runs, since duties change in the evening."""
    one = Clock()
    one.put(MORNING)
    monkeypatch.setattr(bot.service, "SystemClock", lambda: one)
    return one


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The understanding is loaded once for all tests."""
    monkeypatch.setattr(bot.service, "load_understander", lambda _: builtin_reader("songjiang")._understander)


def said_on_the_page(number: str, text: str) -> Incoming:
    """A member writes on the page what the group gets to know."""
    return Incoming("web", number, MORNING, INTAKE, ZHANG, text)


class Running:
    """A service seen from a test."""

    def __init__(self, service: Service) -> None:
        self.service = service

    def read(self, call: Callable[[Session], T]) -> T:
        """Ask the database."""
        with self.service.board.sessions() as session:
            return call(session)

    def cases(self) -> list[Case]:
        return self.read(lambda session: list(session.scalars(select(Case).order_by(Case.id))))

    def posts(self, **wanted: object) -> list[Post]:
        query = select(Post).filter_by(**wanted).order_by(Post.id)
        return self.read(lambda session: list(session.scalars(query)))

    async def until(self, holds: Callable[[], object], seconds: float = 15) -> None:
        """Wait until something holds."""
        for _ in range(int(seconds / 0.05)):
            if holds():
                return
            await asyncio.sleep(0.05)
        raise AssertionError(f"it never held: {self.service.board.health()}")

    async def is_now(self, state: str, seconds: float = 20) -> None:
        """Wait until the channel is in that state."""
        await self.until(lambda: self.service.channel_states()["wechaty"] == state, seconds)


@asynccontextmanager
async def running(gateway: Gateway, folder: Path, **more: Any) -> AsyncIterator[Running]:
    """The real service on that gateway, with a page beside it that nobody looks at."""
    given: dict[str, Any] = {
        "db_url": f"sqlite:///{folder / 'bot.db'}",
        "engine": "builtin",
        "wechaty_endpoint": gateway.endpoint,
        "wechaty_token": TOKEN,
        "wechaty_name": "小联",
        "post_spread": 0,
    }
    service = Service(Settings(**(given | more)), ["web", "wechaty"])
    await service.start()
    try:
        await service.ready()
        yield Running(service)
    finally:
        await service.stop()
