"""The same patient keeps one case; a neighbour with the same complaint is another (contract §5.8, §8.10)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.actions.commands import CHEN, LI, ROOM, ZHANG, Chat, kinds

SHESHAN = "佘山镇医疗对接群"
FIRST = "佘山镇和平新村3号楼201室王阿婆82岁胸闷两天，电话0000-1234"
FIRST_READ = "report level=2 town=佘山镇 age=82 sex=F phone=0000-1234 address=和平新村3号楼201室 symptoms=胸闷 duration_h=48 called=王"


@pytest.fixture
def chat(tmp_path: Path) -> Iterator[Chat]:
    played = Chat(tmp_path)
    yield played
    played.close()


SAME = {
    "telephone": ("胸闷的老太，打0000-1234", "report level=2 phone=0000-1234 symptoms=胸闷"),
    "forward": (FIRST, FIRST_READ),
    "address, age, complaint": (
        "和平新村3号楼201室82岁阿婆胸口闷",
        "report level=2 town=佘山镇 age=82 sex=F address=和平新村3号楼201室 symptoms=胸闷",
    ),
    "age a year off": (
        "王阿婆83岁，胸闷，0000-1234",
        "report level=2 town=佘山镇 age=83 sex=F phone=0000-1234 symptoms=胸闷",
    ),
}
OTHER = {
    "another town": (
        "泗泾镇王阿婆82岁胸闷两天",
        "report level=2 town=泗泾镇 age=82 sex=F symptoms=胸闷 duration_h=48",
    ),
    "a man": (
        "佘山镇王老伯82岁胸闷两天",
        "report level=2 town=佘山镇 age=82 sex=M symptoms=胸闷 duration_h=48",
    ),
    "another age": (
        "佘山镇王阿婆67岁胸闷两天",
        "report level=2 town=佘山镇 age=67 sex=F symptoms=胸闷 duration_h=48",
    ),
    "another telephone": (
        "佘山镇王阿婆82岁胸闷两天，电话0000-9999",
        "report level=2 town=佘山镇 age=82 sex=F phone=0000-9999 symptoms=胸闷 duration_h=48",
    ),
    "another flat": (
        "佘山镇和平新村5号楼402室王阿婆82岁胸闷两天",
        "report level=2 town=佘山镇 age=82 sex=F address=和平新村5号楼402室 symptoms=胸闷 duration_h=48",
    ),
    "another name": (
        "佘山镇和平新村李阿婆82岁胸闷两天",
        "report level=2 called=李 town=佘山镇 age=82 sex=F symptoms=胸闷 duration_h=48",
    ),
    "a neighbour": (
        "佘山镇隔壁邻居也是胸闷两天",
        "report level=2 another=1 town=佘山镇 symptoms=胸闷 duration_h=48",
    ),
    "only town and complaint": (
        "佘山镇有位居民胸闷两天了",
        "report level=2 town=佘山镇 symptoms=胸闷 duration_h=48",
    ),
}


@pytest.mark.parametrize(
    ("words", "room"), list(zip(SAME.values(), (ROOM, SHESHAN, SHESHAN, ROOM), strict=True)), ids=SAME.keys()
)
def test_the_same_patient_joins_and_the_poster_is_told(chat: Chat, words: tuple[str, str], room: str) -> None:
    chat.say(ZHANG, f"{FIRST} || {FIRST_READ}")
    posts = chat.say(LI, " || ".join(words), after=2, room=room)
    assert len(chat.state["cases"]) == 1
    assert kinds(posts) == ["answer"]
    assert posts[0]["room"] == room
    assert "0404-001" in posts[0]["text"]
    assert chat.case()["opened_by"] == ZHANG


@pytest.mark.parametrize(
    ("words", "who"), list(zip(OTHER.values(), (ZHANG, LI) * 4, strict=True)), ids=OTHER.keys()
)
def test_somebody_like_him_is_another_case(chat: Chat, words: tuple[str, str], who: str) -> None:
    chat.say(ZHANG, f"{FIRST} || {FIRST_READ}")
    posts = chat.say(who, " || ".join(words), after=2)
    assert [case["case"] for case in chat.state["cases"]] == ["0404-001", "0404-002"]
    assert kinds(posts) == ["receipt"]


def test_what_is_new_is_added_and_may_raise_the_level(chat: Chat) -> None:
    chat.say(ZHANG, f"{FIRST} || {FIRST_READ}")
    posts = chat.say(LI, "王阿婆昏过去了，0000-1234 || report level=1 phone=0000-1234 symptoms=昏迷", after=2)
    assert sorted(kinds(posts)) == ["answer", "confirm"]
    case = chat.case()
    assert case["level"] == 1
    assert case["fields"]["symptoms"] == ["胸闷", "昏迷"]
    assert case["fields"]["address"] == "和平新村3号楼201室"


def test_a_report_again_lowers_nothing(chat: Chat) -> None:
    chat.say(ZHANG, f"{FIRST} || {FIRST_READ}")
    chat.say(
        LI, "王阿婆配药，0000-1234 || report level=4 phone=0000-1234 category=MEDS symptoms=胸闷", after=2
    )
    assert (chat.case()["level"], chat.case()["category"]) == (2, "CRITICAL")


def test_a_case_that_has_ended_takes_nobody_in(chat: Chat) -> None:
    chat.say(ZHANG, f"{FIRST} || {FIRST_READ}")
    chat.say(CHEN, "办结 || close n=1", after=1)
    assert kinds(chat.say(ZHANG, f"{FIRST} || {FIRST_READ}", after=1)) == ["receipt"]
    assert [case["status"] for case in chat.state["cases"]] == ["closed", "proposed"]


def test_two_cases_never_share_one_report(chat: Chat) -> None:
    chat.say(ZHANG, f"{FIRST} || {FIRST_READ}")
    chat.say(LI, f"{FIRST} || {FIRST_READ}", after=1)
    chat.say(ZHANG, "泗泾镇王老伯 || report level=3 town=泗泾镇 age=70 sex=M symptoms=发热", after=1)
    chat.say(LI, f"{FIRST} || {FIRST_READ}", after=1)
    assert [case["case"] for case in chat.state["cases"]] == ["0404-001", "0404-002"]
    assert chat.case(2)["fields"] == {"town": "泗泾镇", "age": 70, "sex": "M", "symptoms": ["发热"]}
