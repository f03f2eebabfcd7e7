"""Two bots on one PostgreSQL, as processes of their own: they share the work, and nothing is done twice or not at all."""

from __future__ import annotations

import json
import signal
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.models import Case, Event, Message, Post, Reminder
from bot.database import open_database
from bot.outbox import AGAIN
from tests.actions.commands import CHEN, LI, ROOM, VOLUNTEER, ZHANG
from tests.bot.sharing import Started
from tests.postgres import Cluster

OTHER_ROOM = "佘山镇医疗对接群"
PATIENTS = 100
Say = tuple[str, str, str, str]


def reports() -> list[Say]:
    """Each patient is told of by two members, in two rooms, with the same telephone number."""
    said = []
    for number in range(PATIENTS):
        what = f"report level={2 + number % 2} town=佘山镇 phone=1380000{number:04d} symptoms=鱼刺卡喉"
        said.append((f"a{number}", ROOM, ZHANG, f"甲说{number} || {what}"))
        said.append((f"b{number}", OTHER_ROOM, (LI, VOLUNTEER)[number % 2], f"乙说{number} || {what}"))
    return said


@contextmanager
def bots(url: str, sent: Path, said: list[Say]) -> Iterator[list[Started]]:
    """Two processes that know the words of all that will be said."""
    words = sent.with_name("words.json")
    words.write_text(json.dumps([text for _, _, _, text in said]), encoding="utf-8")
    started: list[Started] = []
    try:
        for name in ("first", "second"):
            started.append(Started(url, sent, name, words))
        yield started
    finally:
        for bot in started:
            bot.end()


def all_at_once(bots: list[Started], **body: object) -> None:
    """The same order to all; back when all are done."""
    for bot in bots:
        bot.tell(**body)
    for bot in bots:
        bot.wait()


@pytest.fixture
def look(cluster: Cluster) -> Iterator[Callable[[str], Session]]:
    """Opens a database to look into it."""
    opened = []

    def open_(url: str) -> Session:
        engine = open_database(url)
        opened.append((engine, Session(engine)))
        return opened[-1][1]

    yield open_
    for engine, session in opened:
        session.close()
        engine.dispose()


def sent_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_two_processes_share_messages_reminders_and_posts(
    cluster: Cluster, tmp_path: Path, look: Callable[[str], Session]
) -> None:
    url, sent = cluster.database(), tmp_path / "sent"
    said = reports()
    with bots(url, sent, said) as both:
        both[0].tell(say=[*said[0::2], *said[1::2][:50]])  # fifty messages are delivered to both
        both[1].tell(say=said[1::2])
        for bot in both:
            bot.wait()
        for _ in range(3):
            all_at_once(both, minutes=15)
    session = look(url)
    cases = session.scalars(select(Case).order_by(Case.id)).all()
    assert sorted(case.number for case in cases) == [f"0404-{n:03d}" for n in range(1, PATIENTS + 1)]
    assert len({case.fields["phone"] for case in cases}) == PATIENTS
    messages = session.scalars(select(Message)).all()
    assert len(messages) == len(said)
    assert all(row.handled_at and row.act == "report" and len(row.case_ids) == 1 for row in messages)
    assert len(session.scalars(select(Reminder)).all()) == PATIENTS
    _reminded_in_each_round(session, cases)
    _each_post_once(session, sent_lines(sent))


def _reminded_in_each_round(session: Session, cases: Any) -> None:
    """Level Ⅲ is reminded of at 15, 30 and 45 minutes: three times, whoever did it."""
    nudges = session.scalars(select(Event).where(Event.what.in_(("reminded", "escalated"))))
    times = Counter(event.case_id for event in nudges)
    calm = [case for case in cases if case.level == 3]
    assert len(calm) == PATIENTS // 2
    assert {times[case.id] for case in calm} == {3}


def _each_post_once(session: Session, lines: list[dict[str, Any]]) -> None:
    posts = session.scalars(select(Post)).all()
    assert {post.state for post in posts} == {"sent"}
    assert Counter(line["id"] for line in lines) == Counter(post.public_id for post in posts)
    assert len({post.key for post in posts}) == len(posts)
    by_whom = Counter(line["by"] for line in lines)
    assert len(by_whom) == 2, by_whom
    receipts = Counter(post.case_number for post in posts if post.kind == "receipt")
    assert len(receipts) == PATIENTS
    assert set(receipts.values()) == {1}
    places: dict[str, list[int]] = defaultdict(list)
    for line in lines:
        places[line["room"]].append(int(line["id"][1:]))
    assert all(ids == sorted(ids) for ids in places.values()), "a room's posts went out in another order"


def test_one_of_two_is_killed_and_the_other_goes_on(
    cluster: Cluster, tmp_path: Path, look: Callable[[str], Session]
) -> None:
    url, sent = cluster.database(), tmp_path / "sent"
    said = reports()[:120]
    taken = [(f"c{n}", ROOM, CHEN, f"我来跟{n} || assign n={n} me=1") for n in range(1, 31)]
    with bots(url, sent, [*said, *taken]) as (lives, dies):
        lives.tell(say=said[0::2])
        dies.tell(say=said[1::2])
        while not sent.exists() or sent.read_bytes().count(b"\n") < 20:
            time.sleep(0.01)
        dies.process.send_signal(signal.SIGKILL)
        lives.wait()
        lives.tell(say=taken)
        lives.wait()
        lives.tell(say=said[1::2], minutes=2)  # the channel delivers again what it had no answer to
        lives.wait()
        lives.tell(minutes=2)
        lives.wait()
    session = look(url)
    cases = session.scalars(select(Case)).all()
    assert (
        len(cases)
        == len({case.number for case in cases})
        == len({case.fields["phone"] for case in cases})
        == 60
    )
    assert all(row.handled_at for row in session.scalars(select(Message)))
    assert sum(case.owner == CHEN for case in cases) == 30
    times = Counter(line["id"] for line in sent_lines(sent))
    for post in session.scalars(select(Post)):
        assert post.state in ("sent", "lost"), post.key
        most = 2 if post.text.startswith(AGAIN) else 1
        least = 0 if post.state == "lost" else 1
        assert least <= times[post.public_id] <= most, post.key
    assert session.query(Post).filter(Post.state == "lost").count() <= 1
    assert session.query(Post).filter(Post.text.startswith(AGAIN)).count() <= 1
