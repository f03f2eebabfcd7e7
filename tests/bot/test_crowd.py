"""However many cases there are, a message looks at few of them (`lianluo bench` measures the time it takes)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select

from actions.models import Case, Event, Post, Reminder
from actions.phrasebook import Phrasebook
from bot.app import Application, Parts
from bot.bench import ROOM, ROUND, START
from bot.channels.base import Incoming
from bot.clock import VirtualClock
from bot.crowd import fill, make_due
from bot.database import open_database
from tests.actions.commands import site
from tests.conftest import builtin_reader

OPENED, ENDED = 900, 600
LOOKED_AT = 60  # cases loaded for one message, at most


@pytest.fixture
def crowded(new_database: Callable[[], str]) -> Iterator[Application]:
    engine = open_database(new_database())
    fill(engine, site(), START, opened=OPENED, ended=ENDED)
    app = Application(Parts(site(), builtin_reader("songjiang"), engine, VirtualClock(START), Phrasebook()))
    yield app
    app.close()


def test_a_message_loads_few_cases(crowded: Application) -> None:
    loaded: list[int] = []
    event.listen(Case, "load", listener := lambda case, _context: loaded.append(case.id))
    try:
        for number, text in enumerate(ROUND * 2):
            loaded.clear()
            at = START + timedelta(seconds=number)
            words = text.format(n=number)
            crowded.receive(Incoming("test", str(number), at, ROOM, "联络员3", words, "contact"))
            crowded.work()
            assert len(loaded) <= LOOKED_AT, f"{words}: {len(loaded)} cases"
    finally:
        event.remove(Case, "load", listener)


def test_a_sweep_takes_all_that_is_due(crowded: Application) -> None:
    make_due(crowded.engine, START, 200)
    crowded.tick()
    with crowded.sessions() as session:
        due = session.scalar(select(func.count(Reminder.case_id)).where(Reminder.due_at <= START))
        nudged = session.scalars(select(Event.case_id).where(Event.what.in_(("reminded", "escalated")))).all()
        posts = session.scalars(select(Post).where(Post.state == "waiting")).all()
    assert due == 0
    assert len(nudged) == len(set(nudged)) >= 200
    assert {each for post in posts for each in post.case_ids} == set(nudged)
