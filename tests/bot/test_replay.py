"""The replay format: flushed line by line, same message once, faults named, restarts that lose nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from bot.replay import Player

FISH = "佘山镇有位居民鱼刺卡喉三天了，饭也吃不下"


def say(id_: str, at: str, text: str, **more: Any) -> str:
    body = {"type": "say", "id": id_, "at": f"2022-04-04T{at}:00+08:00", "room": "医疗保障群"}
    return json.dumps(body | {"from": "佘山防控办-小张", "role": "contact", "text": text} | more)


class Played:
    """Lines in, bodies out."""

    def __init__(self, make: Callable[..., Player]) -> None:
        self.out: list[dict[str, Any]] = []
        self.player = make("songjiang", lambda line: self.out.append(json.loads(line)))

    def __call__(self, *lines: str) -> list[dict[str, Any]]:
        self.out.clear()
        self.status = self.player.play(list(lines))
        return list(self.out)


@pytest.fixture
def played(make_player: Callable[..., Player]) -> Played:
    return Played(make_player)


def test_every_line_that_counts_ends_with_a_state(played: Played) -> None:
    out = played(
        '{"type": "members", "members": []}',
        '{"type": "note", "text": "ignored"}',
        say("m1", "09:00", FISH),
        '{"type": "wait", "until": "2022-04-04T09:10:00+08:00"}',
        '{"type": "restart"}',
    )
    states = [body["after"] for body in out if body["type"] == "state"]
    assert states == ["members", "m1", "wait:2022-04-04T09:10:00+08:00", "restart"]


def test_a_message_delivered_twice_is_one(played: Played) -> None:
    first = played(say("m1", "09:00", FISH))
    again = played(say("m1", "09:01", FISH))
    assert [body["type"] for body in first] == ["post", "state"]
    assert [body["type"] for body in again] == ["state"]
    assert len(again[-1]["cases"]) == 1


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("{nonsense", "not JSON"),
        ("[]", "not an object"),
        ('{"type": "say", "id": "x"}', "needs `from`"),
        ('{"type": "say", "id": "x", "from": "a", "text": "b"}', "`at` must be a time"),
        ('{"type": "wait", "until": "soon"}', "`until` must be a time"),
        ('{"type": "members", "members": [{"name": "a", "role": "king"}]}', "'king' is none of"),
    ],
)
def test_a_bad_line_is_named_and_the_rest_goes_on(
    played: Played, capsys: pytest.CaptureFixture[str], line: str, fault: str
) -> None:
    out = played(line, say("m1", "09:00", FISH))
    assert played.status == 1
    told = capsys.readouterr().err
    assert told.startswith("line 1: ")
    assert fault in told
    assert told.count("\n") == 1
    assert out[-1]["cases"][0]["case"] == "0404-001"


def test_a_restart_at_every_line_changes_nothing(make_player: Callable[..., Player]) -> None:
    lines = [
        say("m1", "09:00", FISH),
        '{"type": "wait", "until": "2022-04-04T09:40:00+08:00"}',
        say("m2", "09:41", "我来跟", **{"from": "专班-陈老师", "role": "coordinator"}),
        '{"type": "wait", "until": "2022-04-04T12:00:00+08:00"}',
        say("m3", "12:01", "1号办结", **{"from": "专班-陈老师", "role": "coordinator"}),
        '{"type": "wait", "until": "2022-04-04T15:00:00+08:00"}',
    ]
    plain, broken = Played(make_player), Played(make_player)
    posts = [body for body in plain(*lines) if body["type"] == "post"]
    restarted = [part for line in lines for part in (line, '{"type": "restart"}')]
    again = [body for body in broken(*restarted) if body["type"] == "post"]
    assert posts == again
    assert len(posts) >= 5
