"""The parts of the WeChat channel that need no gateway: groups and names, texts, echoes, the package without side effects."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels import wechaty_reading as reading
from bot.channels.wechaty import make_channel
from bot.channels.wechaty_echo import Echoes, Handed
from bot.channels.wechaty_people import People
from bot.channels.wechaty_rooms import Rooms
from bot.errors import UserError
from bot.settings import ROOT, Settings
from nlu.pipeline import Understander
from tests.conftest import builtin_reader

OURS = ("医疗保障群", "血透协调群")
topics = st.dictionaries(st.sampled_from("abcdef"), st.sampled_from([*OURS, "老乡群"]))


def test_a_room_keeps_its_purpose_when_it_is_renamed_or_gets_a_new_id() -> None:
    rooms = Rooms(OURS, {"医疗保障群": "a"})
    assert rooms.learn({"a": "医疗保障群（新）", "b": "医疗保障群", "c": "老乡群"}) == ["b", "c"]
    assert rooms.name("a") == "医疗保障群" and rooms.name("b") is None
    rooms.begin()
    assert rooms.learn({"x": "医疗保障群", "y": "血透协调群"}) == []
    assert rooms.ids == {"医疗保障群": "x", "血透协调群": "y"}


def test_two_groups_of_one_name_are_neither() -> None:
    rooms = Rooms(OURS, {})
    assert rooms.learn({"a": "医疗保障群", "b": "医疗保障群"}) == ["a", "b"]
    assert rooms.ids == {}


@given(st.lists(topics, max_size=6))
def test_no_group_is_two_and_none_moves_while_it_is_there(logins: list[dict[str, str]]) -> None:
    """Whatever groups are shown at whatever logins."""
    rooms = Rooms(OURS, {})
    for shown in logins:
        before = dict(rooms.ids)
        rooms.begin()
        rooms.learn(shown)
        assert len(set(rooms.ids.values())) == len(rooms.ids)
        for name, room in before.items():
            assert rooms.ids[name] == room or room not in shown


def people(**named: tuple[str, str, str]) -> People:
    """People of group `g`: remark, name there, own name. Members are those with a dash in their names."""
    known = People(lambda name: name if "-" in name else None)
    known._names = {("g", contact): names for contact, names in named.items()}
    return known


def test_a_remark_is_surer_than_what_people_call_themselves() -> None:
    known = people(real=("专班-陈老师", "", "陈"), liar=("", "专班-陈老师", "某人"), plain=("", "", "路人"))
    assert known.ids("g", ["专班-陈老师", "路人", "没有这人"]) == ["real", "plain"]
    assert known.anywhere("专班-陈老师") == "real"


def test_one_of_two_with_the_same_name_is_nobody() -> None:
    known = people(one=("", "佘山-小张", "a"), two=("", "佘山-小张", "b"))
    assert known.ids("g", ["佘山-小张"]) == [] and known.anywhere("佘山-小张") is None


def test_which_name_is_known() -> None:
    known = people()
    assert known.known(("老同学", "佘山-小张", "张张")) == "佘山-小张"
    assert known.known(("", "小张（佘山）", "张张")) == "小张（佘山）"
    assert known.known(("", "", "张张")) == "张张"
    assert known.known(("", "", "")) is None


@pytest.mark.parametrize("kind", [*range(20), 99])
def test_what_is_no_text_is_a_mark_that_opens_nothing(kind: int) -> None:
    text = reading.words(kind, "胸痛半小时")
    if kind == reading.TEXT:
        assert text == "胸痛半小时"
        return
    engine: Understander = builtin_reader("songjiang")._understander
    assert not engine.understand(text, datetime(2022, 4, 4, 9, tzinfo=UTC)).reports


def test_quotes() -> None:
    line = "\n- - - - - - - - - - - - - - -\n"
    assert reading.quoted(f"「小张：第一行\n第二行」{line}好的") == reading.Quoted("小张", "第一行\n第二行")
    assert reading.quoted("「小张:有人吗」\n在") == reading.Quoted("小张", "有人吗")
    assert reading.quoted("他说「鱼刺：卡喉」怎么办") is None


def test_names_after_an_at_sign() -> None:
    assert reading.called("@小联\u2005进度", "小联", "联络") == "@联络 进度"
    assert reading.called("问一下@小联", "小联", "联络") == "问一下@联络"
    assert reading.called("@小联合国 进度", "小联", "联络") is None
    assert reading.called("小联 进度", "小联", "联络") is None


def test_when_it_was_written() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    stamp = datetime(2025, 12, 31, 23, 59, tzinfo=UTC)
    assert reading.moment(stamp.timestamp(), now) == reading.moment(stamp.timestamp() * 1000, now) == stamp
    assert reading.moment(0, now) == reading.moment(now.timestamp() + 60, now) == now


def test_an_echo_confirms_and_its_absence_is_noticed() -> None:
    echoes = Echoes(30)
    handed = [Handed(f"b{n}", "g", f"text {n}", at=n) for n in range(4)]
    for each in handed:
        echoes.expect(each)
    echoes.named(handed[0], "id0")
    assert echoes.overdue(1000) == [], "this puppet may show nothing"
    for each in handed:
        echoes.expect(each)
    assert echoes.seen("id0", "g", "written otherwise") == "b0"
    assert echoes.seen("id1", "g", "text 1") == "b1"
    assert echoes.seen("id9", "g", "by hand") is None
    echoes.named(handed[2], "id9")  # its answer came after its echo, which the platform had written otherwise
    assert echoes.overdue(1000) == ["b3"] and echoes.overdue(1000) == []


@pytest.mark.parametrize("endpoint", ["", "somewhere", ":18788", "host:port"])
def test_no_gateway_is_named(endpoint: str) -> None:
    """One line that names the setting and what belongs there."""
    with pytest.raises(UserError, match=r"^LIANLUO_WECHATY_ENDPOINT is .*host:port"):
        make_channel(Settings(wechaty_endpoint=endpoint), None)  # type: ignore[arg-type]


SIDE_EFFECTS = """
import asyncio, json, os, sys, threading
opened = []
def watch(event, arguments):
    if event in ("socket.bind", "socket.connect", "socket.getaddrinfo"):
        opened.append([event, str(arguments[1] if event != "socket.getaddrinfo" else arguments[:2])])
sys.addaudithook(watch)
from pathlib import Path
from bot.channels.wechaty_repairs import repair
repair(Path("var/wechaty"))
async def main():
    from bot.channels.wechaty_account import Account, Puppet
    account = Account(Puppet("127.0.0.1:9", "secret-token", 5))
    try:
        await account.open()
    except ConnectionRefusedError:
        pass
    account.puppet.close()
asyncio.run(main())
print(json.dumps({"opened": opened, "files": sorted(str(path) for path in Path().rglob("*"))}))
"""


def test_the_package_does_nothing_of_its_own(tmp_path: Path) -> None:
    """No folder but the one it is given, no database, no port, no look-up, no token in what it writes."""
    env = os.environ | {"PYTHONPATH": str(ROOT), "TOKEN": "", "WECHATY_LOG": "nonsense"}
    done = subprocess.run(
        [sys.executable, "-W", "error::UserWarning", "-c", SIDE_EFFECTS],
        cwd=tmp_path, env=env, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert set(seen["files"]) <= {"var", "var/wechaty"}
    assert {where for _, where in seen["opened"]} <= {"('127.0.0.1', 9)", "('::1', 0)"}
    assert "secret-token" not in done.stderr


def test_the_channel_for_tests_brings_and_takes() -> None:
    from bot.channels.base import Incoming
    from bot.channels.fake import FakeChannel

    got: list[Incoming] = []

    async def keep(incoming: Incoming) -> None:
        got.append(incoming)

    async def talk() -> None:
        channel = FakeChannel(["甲群"])
        await channel.start(keep)
        await channel.say("甲群", "小张", "在吗")
        await channel.stop()
        assert channel.carries("甲群", None) and not channel.carries(None, "小张")

    asyncio.run(talk())
    assert [(each.channel, each.room, each.sender, each.text) for each in got] == [
        ("fake", "甲群", "小张", "在吗")
    ]
