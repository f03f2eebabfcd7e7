"""The figures: the same count everywhere, merged ones left out, times from the opening."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions import figures, figures_text
from actions.desk import Desk
from actions.figures import Figures, spread
from actions.phrasebook import Phrasebook
from tests.actions.commands import CENTRAL_DOCTOR, CHEN, LI, ZHANG, Chat, site

FISH = "佘山镇鱼刺卡喉 || report level=3 town=佘山镇 age=40 symptoms=鱼刺卡喉"
FEVER = "岳阳街道发热 || report level=2 town=岳阳街道 age=70 symptoms=发热"
SHOW = "佘山镇见红 || report level=3 town=佘山镇 age=30 symptoms=见红"


@pytest.fixture
def chat(tmp_path: Path) -> Iterator[Chat]:
    played = Chat(tmp_path)
    yield played
    played.close()


def today(chat: Chat) -> tuple[Figures, str]:
    """The figures of the day so far, and as a room reads them."""
    with chat.player.app.sessions() as session:
        desk = Desk(session, site(), Phrasebook(), chat.now)
        counted = figures.of_day(desk, chat.now)
        return counted, figures_text.of_day(desk, counted)


def test_a_day_is_counted_by_level_category_town_and_hospital(chat: Chat) -> None:
    chat.say(ZHANG, FISH)
    chat.say(LI, FEVER, after=1)
    chat.say(ZHANG, SHOW, after=1)
    counted, text = today(chat)
    assert (counted.count, counted.open, counted.urgent) == (3, 3, 1)
    assert counted.by_level == {3: 2, 2: 1}
    assert counted.by_category == {"TRAUMA": 1, "FEVER": 1, "MATERNAL": 1}
    assert list(counted.by_town.items()) == [("佘山镇", 2), ("岳阳街道", 1)]
    assert sum(counted.by_hospital.values()) == 3
    assert "今日共3件" in text and "佘山镇2，岳阳街道1" in text
    assert "0404-" not in text


def test_merged_ones_do_not_count_and_yesterday_is_in_all_only(chat: Chat) -> None:
    chat.say(ZHANG, FISH)
    chat.say(CHEN, "话 || close n=1", after=5)
    chat.say(ZHANG, FEVER, after=24 * 60)
    chat.say(LI, SHOW, after=1)
    chat.say(CHEN, "话 || correct upkeep=join n=1+2", after=1)
    counted, text = today(chat)
    assert (counted.count, counted.in_all) == (1, 2)
    assert "今日共1件，累计2件" in text


def test_times_run_from_the_opening_to_the_first_of_its_kind(chat: Chat) -> None:
    chat.say(ZHANG, FISH)
    chat.say(LI, FEVER)
    chat.say(CHEN, "话 || assign me=1 n=1", after=3)
    chat.say(CHEN, "话 || accept n=1", after=7)
    chat.say(CHEN, "话 || accept n=1", after=20)
    chat.say(CHEN, "话 || accept n=2", after=0)
    counted, text = today(chat)
    assert counted.acknowledged == figures.Spread(2, 16.5, 30)
    assert counted.accepted == figures.Spread(2, 20, 30)
    assert "九成在30分钟内" in text


def test_the_longest_waiting_is_one_that_nobody_has(chat: Chat) -> None:
    chat.say(ZHANG, FISH)
    chat.say(LI, FEVER, after=5)
    chat.say(CHEN, "话 || assign me=1 n=1", after=1)
    chat.wait(70)
    counted, text = today(chat)
    assert counted.overdue == 1
    assert counted.longest_waiting is not None and counted.longest_waiting.level == 2
    assert "还有1件过了时间没人接，最久的等了1小时11分钟" in text


def test_what_is_asked_for_and_the_digest_of_the_evening_are_the_same(chat: Chat) -> None:
    chat.say(ZHANG, FISH)
    chat.say(CHEN, "话 || close n=1", after=5)
    posts = chat.wait(11 * 60)
    digest = next(post["text"] for post in posts if post["kind"] == "digest")
    assert digest == today(chat)[1]


def test_a_hospital_is_counted_where_the_case_is(chat: Chat) -> None:
    chat.say(LI, FEVER)
    chat.say(CENTRAL_DOCTOR, "话 || accept n=1", after=1)
    counted, _ = today(chat)
    assert list(counted.by_hospital) == [chat.case(1)["hospital"]]


@given(st.lists(st.one_of(st.none(), st.floats(0, 1e5)), max_size=40))
def test_nine_of_ten_are_within_the_ninth_decile(minutes: list[float | None]) -> None:
    known = [each for each in minutes if each is not None]
    found = spread(minutes)
    if found is None:
        assert not known
        return
    assert found.count == len(known)
    assert min(known) <= found.median <= max(known) and found.p90 in known
    assert sum(each <= found.p90 for each in known) >= 0.9 * len(known)
    assert sum(each <= found.median for each in known) * 2 >= len(known)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "0分钟"), (59.4, "59分钟"), (60, "1小时"), (125, "2小时5分钟"), (1440, "1天"), (3000, "2天2小时")],
)
def test_lengths(chat: Chat, minutes: float, words: str) -> None:
    with chat.player.app.sessions() as session:
        assert figures_text.length(Desk(session, site(), Phrasebook(), chat.now), minutes) == words
