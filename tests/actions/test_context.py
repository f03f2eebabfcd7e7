"""Which case is meant (contract §5.4): by number, quote, prompt, words, or the only one; never a guess."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.actions.commands import (
    CENTRAL,
    CENTRAL_DOCTOR,
    CHEN,
    EENT_DOCTOR,
    LI,
    LIU,
    OB,
    OB_ROOM,
    ZHANG,
    Chat,
    kinds,
)

FISH = "佘山镇鱼刺卡喉 || report level=3 town=佘山镇 age=40 symptoms=鱼刺卡喉"
FEVER = "岳阳街道发热 || report level=3 town=岳阳街道 age=70 symptoms=发热"
BIRTH = "岳阳街道见红 || report level=3 town=岳阳街道 age=29 sex=F symptoms=见红"
TWINS = "泗泾镇见红 || report level=3 town=泗泾镇 age=33 sex=F symptoms=见红"
NEVER_GUESSED = ("close", "accept", "decline", "reopen")


@pytest.fixture
def chat(tmp_path: Path) -> Iterator[Chat]:
    played = Chat(tmp_path)
    yield played
    played.close()


def statuses(chat: Chat) -> list[str]:
    return [case["status"] for case in chat.state["cases"]]


def test_by_full_number_by_short_number_by_quote_of_message_and_of_post(chat: Chat) -> None:
    for text in (FISH, FEVER):
        chat.say(ZHANG, text)
    for town, age in (("泗泾镇", 20), ("九亭镇", 55)):
        chat.say(LI, f"{town}{age}岁 || report level=3 town={town} age={age} symptoms=腹痛")
    receipts = {post["case"]: post["id"] for post in chat.posts if post["kind"] == "receipt"}
    chat.say(CHEN, "话 || close n=0404-002")
    chat.say(CHEN, "话 || close n=1")
    chat.say(CHEN, "话 || close", quote="m3")
    assert statuses(chat) == ["closed", "closed", "closed", "proposed"]
    chat.say(CHEN, "话 || reopen", quote=receipts["0404-002"])
    assert statuses(chat) == ["closed", "proposed", "closed", "proposed"]


def test_a_short_number_is_the_newest_open_case_that_ends_so(chat: Chat) -> None:
    chat.say(ZHANG, FISH)
    chat.restart(24 * 60)
    chat.say(ZHANG, FEVER)
    assert [case["case"] for case in chat.state["cases"]] == ["0404-001", "0405-001"]
    chat.say(CHEN, "话 || close n=1")
    assert statuses(chat) == ["proposed", "closed"]
    chat.say(CHEN, "话 || close n=1")
    assert statuses(chat) == ["closed", "closed"]


@pytest.mark.parametrize(
    "act", ["close", "accept", "decline", "snooze hours=1", "assign me=1", "correct set=1"]
)
def test_a_number_that_is_nobody_s_is_not_taken_for_the_only_case(chat: Chat, act: str) -> None:
    chat.say(ZHANG, FISH)
    before = dict(chat.case())
    chat.say(CHEN, f"话 || {act} n=0404-009", after=1)
    assert chat.case() == before


@pytest.mark.parametrize("act", NEVER_GUESSED[:3])
def test_two_fit_so_the_bot_asks_and_names_them(chat: Chat, act: str) -> None:
    chat.say(ZHANG, FISH)
    chat.say(LI, FEVER)
    before = chat.state["cases"]
    posts = chat.say(CHEN, f"话 || {act}", after=1)
    assert kinds(posts) == ["clarify"]
    assert posts[0]["mentions"] == [CHEN]
    assert "0404-001" in posts[0]["text"] and "0404-002" in posts[0]["text"]
    assert chat.state["cases"] == before


@pytest.mark.parametrize(
    ("answer", "closed"), [("2号 || update n=2", 1), ("发热那个 || update about=发热", 1)]
)
def test_the_answer_settles_what_was_asked(chat: Chat, answer: str, closed: int) -> None:
    chat.say(ZHANG, FISH)
    chat.say(LI, FEVER)
    chat.say(CHEN, "办结 || close", after=1)
    assert kinds(chat.say(CHEN, answer, after=1)) == ["confirm"]
    assert statuses(chat)[closed] == "closed"
    assert statuses(chat)[1 - closed] == "proposed"


@pytest.mark.parametrize(
    "other",
    [
        "2号我来跟 || assign me=1 n=2",
        "2号现在什么情况，家属在问 || ask n=2",
        "2号家属说体温降到38度 || update n=2 temp=38",
        "2号改成Ⅱ级 || correct set=2 n=2",
        "2号到了 || arrived n=2",
        "2号收了 || accept n=2",
    ],
)
def test_something_else_about_one_of_them_is_no_answer(chat: Chat, other: str) -> None:
    chat.say(ZHANG, FISH)
    chat.say(LI, FEVER)
    chat.say(CHEN, "办结 || close", after=1)
    chat.say(CHEN, other, after=1)
    assert "closed" not in statuses(chat)


def test_an_answer_by_somebody_else_or_too_late_settles_nothing(chat: Chat) -> None:
    chat.say(ZHANG, FISH)
    chat.say(LI, FEVER)
    chat.say(CHEN, "办结 || close", after=1)
    chat.say(LIU, "2号 || update n=2", after=1)
    chat.say(CHEN, "2号 || update n=2", after=20)
    assert "closed" not in statuses(chat)


def test_which_one_to_reopen_can_be_answered(chat: Chat) -> None:
    chat.say(ZHANG, FISH)
    chat.say(LI, FEVER)
    chat.say(CHEN, "办结 || close n=1+2", after=1)
    assert statuses(chat) == ["closed", "closed"]
    assert kinds(chat.say(CHEN, "重新打开 || reopen", after=1)) == ["clarify"]
    chat.say(CHEN, "1号 || update n=1", after=1)
    assert statuses(chat) == ["proposed", "closed"]


def test_with_one_left_it_is_that_one(chat: Chat) -> None:
    chat.say(ZHANG, FISH)
    chat.say(LI, FEVER)
    chat.say(CHEN, "话 || close n=2", after=1)
    assert kinds(chat.say(CHEN, "话 || close", after=1)) == ["confirm"]
    assert statuses(chat) == ["closed", "closed"]


def test_words_for_the_patient_point(chat: Chat) -> None:
    chat.say(ZHANG, FISH)
    chat.say(LI, FEVER)
    chat.say(CHEN, "那个鱼刺的 || close about=鱼刺卡喉", after=1)
    assert statuses(chat) == ["closed", "proposed"]
    posts = chat.say(CHEN, "那个鱼刺的 || close about=鱼刺卡喉", after=1)
    assert "confirm" not in kinds(posts)
    assert statuses(chat) == ["closed", "proposed"]


def test_words_that_fit_two_are_asked_about(chat: Chat) -> None:
    chat.say(ZHANG, FEVER)
    chat.say(LI, "佘山镇发热 || report level=3 town=佘山镇 age=30 symptoms=发热")
    assert kinds(chat.say(CHEN, "发热的 || close about=发热", after=1)) == ["clarify"]


def test_the_hospital_that_speaks_means_its_own(chat: Chat) -> None:
    chat.say(ZHANG, FISH)
    chat.say(LI, FEVER)
    assert [case["hospital"] == CENTRAL for case in chat.state["cases"]] == [False, True]
    chat.say(CENTRAL_DOCTOR, "可以收 || accept", after=1)
    assert statuses(chat) == ["proposed", "accepted"]
    chat.say(EENT_DOCTOR, "收不了 || decline", after=1)
    assert statuses(chat) == ["proposed", "accepted"]
    assert chat.case(1)["hospital"] != chat.case(1)["candidates"][-1]


def test_the_prompt_that_is_answered(chat: Chat) -> None:
    chat.say(ZHANG, FISH)
    prompts = [post for post in chat.say(ZHANG, BIRTH) if post["kind"] == "prompt"]
    assert (prompts[0]["room"], prompts[0]["mentions"]) == (OB_ROOM, [OB])
    chat.say(OB, "可以来 || accept", room=OB_ROOM, after=1)
    assert statuses(chat) == ["proposed", "accepted"]


def test_two_prompts_wait_so_an_answer_to_neither_is_asked_about_and_a_quote_settles(chat: Chat) -> None:
    chat.say(ZHANG, BIRTH)
    second = next(post for post in chat.say(LI, TWINS) if post["kind"] == "prompt")
    assert kinds(chat.say(OB, "可以来 || accept", room=OB_ROOM, after=1)) == ["clarify"]
    chat.say(OB, "可以来 || accept", room=OB_ROOM, quote=second["id"], after=1)
    assert statuses(chat) == ["proposed", "accepted"]


@pytest.mark.parametrize("news", ["update temp=39.5", "update symptoms=发热", "dispatched", "arrived"])
def test_a_fragment_is_about_the_speaker_s_own_report(chat: Chat, news: str) -> None:
    chat.say(ZHANG, FISH)
    chat.say(LI, FEVER)
    before = dict(chat.case(2))
    chat.say(ZHANG, f"话 || {news}", after=2)
    assert chat.case(2) == before


@pytest.mark.parametrize(
    "act", ["accept", "decline", "dispatched", "arrived", "transfer", "close", "snooze hours=1"]
)
@pytest.mark.parametrize("by", ["number", "quote"])
def test_an_ended_case_is_not_acted_on(chat: Chat, act: str, by: str) -> None:
    chat.say(ZHANG, FISH)
    chat.say(CHEN, "话 || close n=1", after=1)
    before = dict(chat.case())
    more: dict[str, Any] = {"quote": "m1"} if by == "quote" else {}
    posts = chat.say(CHEN, f"话 || {act}{' n=1' if by == 'number' else ''}", after=1, **more)
    assert chat.case() == before
    assert set(kinds(posts)) <= {"answer"}
    assert [row.act for row in chat.messages() if row.act == "failed"] == []


def test_late_words_never_turn_the_case_back(chat: Chat) -> None:
    chat.say(ZHANG, FISH)
    chat.say(ZHANG, "话 || arrived n=1", after=5)
    assert chat.say(ZHANG, "话 || dispatched n=1", after=1) == []
    assert statuses(chat) == ["arrived"]


@pytest.mark.parametrize("act", ["assign me=1", "accept", "close", "snooze hours=5"])
def test_two_numbers_are_two_cases(chat: Chat, act: str) -> None:
    chat.say(ZHANG, FISH)
    chat.say(LI, FEVER)
    chat.say(CHEN, f"话 || {act} n=1+2", after=1)
    if act == "snooze hours=5":
        assert chat.wait(60) == []
        return
    key = "owner" if act == "assign me=1" else "status"
    one, two = (case[key] for case in chat.state["cases"])
    assert one == two
    assert one in (CHEN, "accepted", "closed")
