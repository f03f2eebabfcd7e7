"""The dialysis story: a unit stops, its thirty patients of tomorrow are spread over the others within their places."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from actions.site import Site, load_site
from actions.site_types import Places
from bot.replay import Player
from tests.conftest import builtin_reader

CENTRAL, CITY, SIJING = "松江区中心医院", "上海市第一人民医院(南部)", "松江区泗泾医院"
PATIENTS = 30
TOWNS = ("岳阳", "永丰", "中山", "方松", "泗泾", "九亭")
INTAKE, EXPERTS = "医疗保障群", "血透协调群"


def with_places(site: Site, counts: dict[str, int]) -> Site:
    """The place with other numbers of dialysis places."""
    changed = {
        name: replace(site.institutions[name], places=(Places("血透", count, daily=True, assumed=True),))
        for name, count in counts.items()
    }
    return replace(site, institutions={**site.institutions, **changed})


def played(site: Site, path: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The posts that the closing caused, and the cases after it."""
    lines: list[dict[str, Any]] = []
    reader = builtin_reader("songjiang")
    player = Player(
        site, reader, f"sqlite:///{path}", lambda line: lines.append(json.loads(line)), lambda: None
    )
    try:
        for number in range(PATIENTS):
            town = TOWNS[number % len(TOWNS)]
            text = f"{town}{40 + number}岁男 血透病人 明天要透析 一直在区中心医院做 电话0000-{2000 + number}"
            say(player, f"08:{number:02d}", f"{town}防控办-小联", text)
        lines.clear()
        say(player, "08:40", "区中心-门办小黄", "我们血透室明天停一天，水处理坏了")
    finally:
        player.close()
    posts = [line for line in lines if line["type"] == "post"]
    state = next(line for line in lines if line["type"] == "state")
    return posts, state["cases"]


def say(player: Player, clock: str, who: str, text: str) -> None:
    body = {"type": "say", "id": clock, "at": f"2022-04-04T{clock}:00+08:00", "room": INTAKE, "from": who}
    role = {} if who.startswith("区中心") else {"role": "contact"}
    assert player.play([json.dumps({**body, **role, "text": text}, ensure_ascii=False)]) == 0


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    return played(load_site("songjiang"), tmp_path_factory.mktemp("stops") / "a.db")


def test_all_thirty_find_a_place(stopped: tuple[list[dict[str, Any]], list[dict[str, Any]]]) -> None:
    _, cases = stopped
    counts = Counter(case["hospital"] for case in cases)
    site = load_site("songjiang")
    assert len(cases) == PATIENTS
    assert {case["category"] for case in cases} == {"DIALYSIS"}
    assert counts.keys() == {CITY, SIJING}
    assert counts[CITY] + counts[SIJING] == PATIENTS
    for name, count in counts.items():
        places = site.institutions[name].places_for("血透")
        assert places is not None and count <= places.count


def test_they_are_told_together(stopped: tuple[list[dict[str, Any]], list[dict[str, Any]]]) -> None:
    posts, cases = stopped
    assert [(post["kind"], post["room"]) for post in posts] == [
        ("confirm", INTAKE),
        ("proposal", INTAKE),
        ("prompt", EXPERTS),
        ("prompt", EXPERTS),
    ]
    _, room, *lists = posts
    for case in cases:
        assert room["text"].count(case["case"]) == 1
        assert [case["case"] in each["text"] and case["hospital"] in each["text"] for each in lists].count(
            True
        ) == 1
    assert not any("0000-20" in each["text"] for each in lists)
    assert not any(post["mentions"] for post in posts)


def test_nobody_is_sent_where_no_place_is_left(tmp_path: Path) -> None:
    site = with_places(load_site("songjiang"), {CITY: 12, SIJING: 10})
    posts, cases = played(site, tmp_path / "b.db")
    counts = Counter(case["hospital"] for case in cases)
    assert counts == {CITY: 12, SIJING: 10, None: 8}
    room = next(post for post in posts if post["kind"] == "proposal")
    named = room["text"].split("还没有着落的8件")[1]
    assert all((case["case"] in named) == (case["hospital"] is None) for case in cases)
    assert room["mentions"] == ["专班-陈老师", "专班-周主任"]
