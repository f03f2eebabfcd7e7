"""One sender for all channels: limits, spread, and a channel that fails while the others go on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from actions.models import Post
from bot.channels.base import MaybeSent, NotSent, Outgoing, Refused, Unreachable
from bot.channels.fake import FakeChannel
from bot.clock import VirtualClock
from bot.database import open_database
from bot.outbox import AGAIN, Outbox
from bot.sender import MINUTE, TRIES, Pace, Sender

T = TypeVar("T")
NOW = datetime(2022, 4, 4, 1, 0, tzinfo=UTC)


class Desk:
    """A sender over a database with two channels of a room each."""

    def __init__(self, folder: Path, *, per_room: int = 20, overall: int = 60, spread: float = 0) -> None:
        self.engine = open_database(f"sqlite:///{folder / 'bot.db'}")
        self.sessions: sessionmaker[Session] = sessionmaker(self.engine, expire_on_commit=False)
        self.clock = VirtualClock(NOW)
        self.one, self.other = FakeChannel(["甲群"], "one"), FakeChannel(["乙群"], "other")
        self.out: list[Outgoing] = []
        self.given_up: list[Outgoing] = []
        pace = Pace(per_room, overall, spread)
        channels = [self.one, self.other]
        outbox = Outbox(self.sessions)
        self.sender = Sender(channels, outbox, pace, self.clock.now, self.here, self.out.append, self.lost)

    async def here(self, call: Callable[[], T], /) -> T:
        return call()

    async def lost(self, post: Outgoing) -> None:
        self.given_up.append(post)

    def add(self, room: str, *texts: str, urgent: bool = False) -> None:
        with self.sessions.begin() as session:
            for text in texts:
                post = Post(key=f"{room}{text}", at=NOW, room=room, kind="receipt", text=text)
                post.urgent, post.case_ids, post.mentions = urgent, [], []
                session.add(post)

    def deliver(self) -> None:
        asyncio.run(self.sender.deliver())

    def states(self, room: str) -> list[str]:
        with self.sessions() as session:
            return list(session.scalars(select(Post.state).where(Post.room == room).order_by(Post.id)))

    @property
    def said(self) -> tuple[list[str], list[str]]:
        return [post.text for post in self.one.sent], [post.text for post in self.other.sent]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_channel_that_fails_does_not_stop_the_others(desk: Desk) -> None:
    desk.one.broken = OSError()
    desk.add("甲群", "1", "2")
    desk.add("乙群", "3", "4")
    desk.deliver()
    assert desk.said == ([], ["3", "4"]) and desk.states("甲群") == ["waiting", "waiting"]
    desk.one.broken = None
    desk.deliver()
    assert desk.said == (["1", "2"], ["3", "4"])
    assert [post.text for post in desk.out] == ["3", "4", "1", "2"]


def test_a_channel_that_is_away_keeps_its_posts_untouched(desk: Desk) -> None:
    desk.one.state = "away"
    desk.one.broken = AssertionError("nothing may be sent")
    desk.add("甲群", "1", urgent=True)
    desk.add("乙群", "2")
    for _ in range(2 * TRIES):
        desk.deliver()
    assert desk.states("甲群") == ["waiting"] and desk.said[1] == ["2"]


def test_what_the_platform_refuses_is_given_up_after_some_tries(desk: Desk) -> None:
    desk.one.broken = Refused()
    desk.add("甲群", "1", "2")
    for _ in range(TRIES):
        desk.deliver()
    assert desk.states("甲群") == ["undeliverable", "waiting"]
    desk.one.broken = None
    desk.deliver()
    assert desk.said[0] == ["2"] and [post.text for post in desk.given_up] == ["1"]


def test_a_connection_that_is_away_is_no_refusal(desk: Desk) -> None:
    desk.one.broken = NotSent()
    desk.add("甲群", "1")
    for _ in range(3 * TRIES):
        desk.deliver()
    assert desk.states("甲群") == ["waiting"]


def test_where_there_is_no_way(desk: Desk) -> None:
    desk.one.broken = Unreachable()
    desk.add("甲群", "1")
    desk.add("丙群", "2")
    desk.deliver()
    assert desk.states("甲群") == desk.states("丙群") == ["undeliverable"]
    assert [post.text for post in desk.given_up] == ["1", "2"]


def test_what_may_have_gone_out_is_repeated_only_when_urgent(desk: Desk) -> None:
    desk.one.broken = desk.other.broken = MaybeSent()
    desk.add("甲群", "calm")
    desk.add("乙群", "urgent", urgent=True)
    desk.deliver()
    assert desk.states("甲群") == ["unconfirmed"]
    assert desk.states("乙群") == [
        "unconfirmed"
    ]  # said again at once, and again without an answer: not for ever
    with desk.sessions() as session:
        assert session.scalars(select(Post.text).order_by(Post.id)).all() == ["calm", AGAIN + "urgent"]


def test_the_limit_of_an_account_holds_for_all_its_rooms(tmp_path: Path) -> None:
    desk = Desk(tmp_path, overall=3)
    desk.one.paced = True
    desk.add("甲群", *"12345")
    desk.add("甲群", "6", urgent=True)
    desk.add("乙群", *"abcde")
    desk.deliver()
    assert desk.said == (["1", "2", "3", "6"], list("abcde"))
    desk.clock.move_to(NOW + MINUTE)
    desk.deliver()
    assert desk.said[0] == ["1", "2", "3", "6", "4", "5"]


def test_posts_of_an_account_are_spread_and_the_urgent_is_not(tmp_path: Path) -> None:
    desk = Desk(tmp_path, spread=5)
    desk.one.paced = True
    desk.add("甲群", "1", "2", "3")
    desk.add("甲群", "4", urgent=True)
    desk.deliver()
    assert desk.said[0] == ["1", "4"]
    desk.clock.move_to(NOW + timedelta(seconds=6))
    desk.deliver()
    assert desk.said[0] == ["1", "4", "2"]


@given(st.lists(st.integers(0, 90), max_size=60), st.integers(1, 5), st.integers(1, 9))
def test_no_minute_has_more_than_the_limits(times: list[int], per_room: int, overall: int) -> None:
    """Whatever moments posts are tried at."""
    pace, sent = Pace(per_room, overall, 0), []
    for second in sorted(times):
        now = NOW + timedelta(seconds=second)
        if "群" not in pace.full(now) and not pace.rests(now):
            pace.noted("群", now, paced=True)
            sent.append(second)
    assert all(sum(start <= each < start + 60 for each in sent) <= min(per_room, overall) for start in sent)
