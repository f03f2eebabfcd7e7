"""Fifteen cancer patients of one day: dates listed, a machine that stops, fever and lines told apart, figures that add up."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from actions.site import load_site
from bot.noise import ENOUGH, posts_of_cases
from bot.replay import Player
from tests.conftest import builtin_reader
from tests.conversations.whole_day import assert_told

DAY = Path(__file__).parent / "days" / "oncology.jsonl"
PATIENTS = 15
URGENT = {"0406-012", "0406-013"}
ENDED = {2, 4, 5, 7, 10, 11, 12, 13, 15}
Line = dict[str, Any]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Line], dict[str, Line], dict[int, int]]:
    """All posts of the day, the cases at its end, and how many posts each had."""
    posts: list[Line] = []
    states: list[Line] = []

    def write(line: str) -> None:
        body = json.loads(line)
        (posts if body["type"] == "post" else states).append(body)

    url = f"sqlite:///{tmp_path_factory.mktemp('oncology') / 'day.db'}"
    player = Player(load_site("songjiang"), builtin_reader("songjiang"), url, write, lambda: None)
    try:
        assert player.play(DAY.read_text(encoding="utf-8").splitlines()) == 0
        with player.app.sessions() as session:
            counted = dict(posts_of_cases(session))
    finally:
        player.close()
    return posts, {case["case"]: case for case in states[-1]["cases"]}, counted


Played = tuple[list[Line], dict[str, Line], dict[int, int]]


def one(posts: list[Line], words: str) -> Line:
    (found,) = (post for post in posts if words in post["text"])
    return found


def test_each_patient_is_one_case_of_the_tumour_group(played: Played) -> None:
    posts, cases, _ = played
    assert len(cases) == PATIENTS
    assert {case["category"] for case in cases.values()} == {"ONCO"}
    assert {number for number, case in cases.items() if case["level"] == 2} == URGENT
    prompts = [post for post in posts if post["kind"] == "prompt"]
    assert sorted(post["case"] for post in prompts) == sorted(cases)
    assert {post["room"] for post in prompts} == {"肿瘤化疗专家联络群"}


def test_the_machine_that_stops_is_told_once_with_those_it_stops(played: Played) -> None:
    posts, cases, _ = played
    told = one(posts, "这几位的日子在里面")
    assert [line[:8] for line in told["text"].split("\n") if line.startswith("0406")] == [
        "0406-001", "0406-002", "0406-015",
    ]  # fmt: skip
    assert "4月7日、4月8日、4月11日做不了，下一次暂记4月12日" in told["text"]
    assert cases["0406-001"]["level"] == 3


def test_the_evening_names_tomorrow_s_dates_and_what_ends(played: Played) -> None:
    posts, _, _ = played
    lines = one(posts, "肿瘤病人的日子")["text"].split("\n")[1:-1]
    assert [line.partition("：")[0][:14].strip() for line in lines] == [
        "已过期（4月5日） 0406", "明天 0406-003 岳阳", "后天（4月8日） 0406-",
    ]  # fmt: skip


def test_what_was_done_is_closed_and_the_figures_add_up(played: Played) -> None:
    posts, cases, _ = played
    ended = {int(number[-3:]) for number, case in cases.items() if case["status"] == "closed"}
    assert ended == ENDED
    (digest,) = (post for post in posts if post["kind"] == "digest")
    assert_told(digest["text"], list(cases.values()), f"今日共{PATIENTS}件")
    assert sum(case["status"] != "closed" for case in cases.values()) == PATIENTS - len(ENDED)


def test_few_posts_for_each(played: Played) -> None:
    _, cases, counted = played
    ordinary = [index for index, case in enumerate(cases.values(), start=1) if case["level"] == 4]
    assert ordinary and all(counted[index] <= ENOUGH for index in ordinary)
