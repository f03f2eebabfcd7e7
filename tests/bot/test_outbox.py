"""The outbox: once, in order; what a kill leaves behind; nothing said of a case that has ended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import sessionmaker

from actions.models import Case, Post
from bot.database import open_database
from bot.outbox import AGAIN, Outbox, Places

NOW = datetime(2022, 4, 4, 1, 0, tzinfo=UTC)


@pytest.fixture
def sessions(new_database):  # type: ignore[no-untyped-def]
    engine = open_database(new_database())
    yield sessionmaker(engine, expire_on_commit=False)
    engine.dispose()


@pytest.fixture
def add(sessions) -> Callable[..., None]:  # type: ignore[no-untyped-def]
    def add_post(key: str, **more: object) -> None:
        values = {"at": NOW, "room": "群", "kind": "receipt", "text": key, "case_ids": [], "mentions": []}
        with sessions.begin() as session:
            session.add(Post(key=key, **(values | more)))

    return add_post


def case(number: str, status: str) -> Case:
    return Case(
        number=number, opened_at=NOW, opened_by="a", status=status, level=3, specialty="ENT",
        category="TRAUMA", disposition="HOSP_TODAY", rhythm_from=NOW, candidates=[], declined=[],
        reasons_for={}, asked=[], assignees=[], stage=0,
    )  # fmt: skip


def test_posts_go_out_once_and_in_order(sessions, add) -> None:  # type: ignore[no-untyped-def]
    outbox = Outbox(sessions)
    for key in ("a", "b"):
        add(key)
    first = outbox.claim(NOW)
    assert first and first.text == "a"
    assert outbox.claim(NOW) is None  # the room's next one waits until this one has gone out
    outbox.sent(first.post_id, NOW)
    second = outbox.claim(NOW)
    assert second and second.text == "b"
    assert outbox.claim(NOW) is None
    outbox.put_back(second.post_id)
    again = outbox.claim(NOW)
    assert again and again.text == "b"


def test_a_claim_that_died_is_repeated_only_when_urgent(sessions, add) -> None:  # type: ignore[no-untyped-def]
    outbox = Outbox(sessions)
    add("quiet")
    add("urgent", urgent=True, room="另一个群")
    assert outbox.claim(NOW) and outbox.claim(NOW)
    assert outbox.recover(NOW, all_claims=True) == 1
    again = outbox.claim(NOW)
    assert again and again.text == AGAIN + "urgent"
    assert outbox.claim(NOW) is None


def test_the_claims_of_a_living_sender_are_left_alone(sessions, add) -> None:  # type: ignore[no-untyped-def]
    outbox = Outbox(sessions)
    add("urgent", urgent=True)
    assert outbox.claim(NOW)
    outbox.recover(NOW + timedelta(seconds=5), all_claims=False)
    assert outbox.claim(NOW) is None
    outbox.recover(NOW + timedelta(minutes=5), all_claims=False)
    assert outbox.claim(NOW) is not None


def test_a_room_does_not_wait_for_a_sender_that_hangs(sessions, add) -> None:  # type: ignore[no-untyped-def]
    outbox = Outbox(sessions)
    add("first")
    add("second")
    assert outbox.claim(NOW)
    assert outbox.claim(NOW + timedelta(seconds=5)) is None
    second = outbox.claim(NOW + timedelta(seconds=15))
    assert second and second.text == "second"


def test_a_post_that_another_sender_took_over_is_not_put_back(sessions, add) -> None:  # type: ignore[no-untyped-def]
    outbox = Outbox(sessions)
    add("urgent", urgent=True)
    slow = outbox.claim(NOW)
    assert slow
    outbox.recover(NOW + timedelta(minutes=5), all_claims=False)
    quick = outbox.claim(NOW + timedelta(minutes=5))
    assert quick and quick.text == AGAIN + "urgent"
    outbox.sent(quick.post_id, NOW + timedelta(minutes=5))
    outbox.put_back(slow.post_id)
    assert outbox.claim(NOW + timedelta(minutes=6)) is None


def test_a_full_room_gets_only_what_is_urgent(sessions, add) -> None:  # type: ignore[no-untyped-def]
    outbox = Outbox(sessions)
    add("calm")
    add("urgent", urgent=True)
    first = outbox.claim(NOW, full=Places(frozenset(["群"])))
    assert first and first.text == "urgent"
    assert outbox.claim(NOW, full=Places(frozenset(["群"]))) is None


def test_a_reminder_loses_the_lines_of_ended_cases(sessions, add) -> None:  # type: ignore[no-untyped-def]
    with sessions.begin() as session:
        session.add_all([case("0404-001", "closed"), case("0404-002", "proposed")])
    add("both", text="两件：\n0404-001 甲\n0404-002 乙", case_ids=[1, 2], only_while_open=True)
    add("ended", text="0404-001 甲", case_ids=[1], only_while_open=True)
    outbox = Outbox(sessions)
    post = outbox.claim(NOW)
    assert post and "0404-001" not in post.text and "0404-002" in post.text
    assert outbox.claim(NOW) is None
