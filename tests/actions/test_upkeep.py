"""Cases joined, split, recalled: nothing is lost, the level is never lowered, whoever acted is told (contract §5, §8)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.actions.commands import CENTRAL_DOCTOR, CHEN, EENT_DOCTOR, GUEST, LI, LIU, ZHANG, Chat, kinds

FISH = "佘山镇鱼刺卡喉 || report level=3 town=佘山镇 age=40 symptoms=鱼刺卡喉"
WORSE = "佘山镇鱼刺的喘不上气 || report level=1 town=佘山镇 sex=F symptoms=胸闷"
FEVER = "岳阳街道发热 || report level=3 town=岳阳街道 age=70 symptoms=发热"
DANGER = "佘山镇胸闷 || report level=2 town=佘山镇 age=60 symptoms=胸闷"
JOIN = "话 || close outcome=duplicate n=1+2"
SPLIT = "话 || correct upkeep=split"
RECALL = "话 || correct upkeep=recall"


@pytest.fixture
def chat(tmp_path: Path) -> Iterator[Chat]:
    played = Chat(tmp_path)
    yield played
    played.close()


def test_the_older_one_is_kept_and_gains_fields_and_the_higher_level(chat: Chat) -> None:
    chat.say(ZHANG, FISH)
    chat.say(LI, WORSE)
    assert kinds(chat.say(CHEN, JOIN)) == ["confirm"]
    kept, away = chat.case(1), chat.case(2)
    assert (kept["status"], kept["level"], away["status"]) == ("proposed", 1, "merged")
    assert kept["fields"]["age"] == 40 and kept["fields"]["sex"] == "F"
    assert kept["fields"]["symptoms"] == ["鱼刺卡喉", "胸闷"]
    assert [row.reminder is None for row in chat.cases()] == [False, True]


def test_the_one_that_has_come_further_is_kept(chat: Chat) -> None:
    chat.say(ZHANG, FISH)
    chat.say(LI, FEVER)
    chat.say(CHEN, "话 || accept n=2", after=1)
    chat.say(CHEN, JOIN, after=1)
    assert [case["status"] for case in chat.state["cases"]] == ["merged", "accepted"]
    chat.say(CHEN, "话 || arrived n=1", after=1)
    assert chat.case(2)["status"] == "arrived"


@pytest.mark.parametrize("who", [LI, GUEST, EENT_DOCTOR])
def test_who_may_not_close_may_not_join(chat: Chat, who: str) -> None:
    chat.say(ZHANG, FISH)
    chat.say(ZHANG, FEVER)
    chat.say(who, JOIN, after=1)
    assert [case["status"] for case in chat.state["cases"]] == ["proposed", "proposed"]


@pytest.mark.parametrize("number", [1, 2])
def test_what_was_joined_is_split_with_all_that_each_had(chat: Chat, number: int) -> None:
    chat.say(ZHANG, FISH)
    chat.say(LI, WORSE)
    before = [dict(case["fields"]) for case in chat.state["cases"]]
    chat.say(CHEN, JOIN, after=1)
    assert kinds(chat.say(CHEN, f"{SPLIT} n={number}", after=1)).count("confirm") == 1
    kept, out = chat.case(1), chat.case(2)
    assert [kept["fields"], out["fields"]] == before
    assert (out["status"], out["level"]) == ("proposed", 1)
    assert kept["level"] == 1  # the machine lowers nothing
    assert all(row.reminder is not None for row in chat.cases())


def test_a_report_that_was_joined_gets_a_number_of_its_own(chat: Chat) -> None:
    chat.say(ZHANG, f"{DANGER} phone=0000-1234")
    chat.say(LI, "胸闷的，0000-1234 || report level=3 phone=0000-1234 sex=F symptoms=心悸", after=1)
    assert len(chat.state["cases"]) == 1
    posts = chat.say(LI, SPLIT, after=1)
    assert sorted(kinds(posts)) == ["confirm", "receipt"]
    kept, out = chat.case(1), chat.case(2)
    assert "sex" not in kept["fields"] and kept["fields"]["symptoms"] == ["胸闷"]
    assert (out["opened_by"], out["level"], out["fields"]["sex"]) == (LI, 3, "F")
    assert kept["fields"]["phone"] == "0000-1234"


def test_nothing_joined_is_nothing_to_split(chat: Chat) -> None:
    chat.say(ZHANG, FISH)
    before = chat.state["cases"]
    assert kinds(chat.say(CHEN, f"{SPLIT} n=1", after=1)) == ["answer"]
    assert chat.state["cases"] == before


@pytest.mark.parametrize(
    ("report", "who", "status", "kind"),
    [
        (FISH, ZHANG, "cancelled", "confirm"),
        (DANGER, ZHANG, "proposed", "question"),
        (FISH, GUEST, "proposed", "question"),
    ],
)
def test_a_recalled_report(chat: Chat, report: str, who: str, status: str, kind: str) -> None:
    chat.say(who, report)
    posts = chat.say(who, RECALL, after=1)
    assert (chat.case()["status"], kinds(posts)) == (status, [kind])
    if kind == "question":
        assert posts[0]["mentions"] == [CHEN]


def test_what_somebody_has_acted_on_is_asked_about(chat: Chat) -> None:
    chat.say(ZHANG, FISH)
    chat.say(LIU, "话 || assign me=1 n=1", after=1)
    posts = chat.say(ZHANG, RECALL, after=1)
    assert (kinds(posts), posts[0]["mentions"]) == (["question"], [LIU, CHEN])
    assert chat.case()["status"] == "proposed"


def test_recalled_news_is_taken_out_and_the_level_stays(chat: Chat) -> None:
    chat.say(ZHANG, FISH)
    fields = dict(chat.case()["fields"])
    chat.say(ZHANG, "昏过去了 || update level=1 symptoms=昏迷 age=41", after=1)
    assert chat.case()["level"] == 1
    posts = chat.say(ZHANG, RECALL, after=1)
    assert kinds(posts) == ["confirm"] and "仍是" in posts[0]["text"]
    assert (chat.case()["level"], chat.case()["fields"]) == (1, fields)


def test_a_recalled_end_is_no_end_and_a_recalled_acceptance_is_asked_about(chat: Chat) -> None:
    chat.say(LI, FEVER)
    chat.say(CENTRAL_DOCTOR, "话 || accept", after=1)
    assert kinds(chat.say(CENTRAL_DOCTOR, RECALL, after=1)) == ["question"]
    assert chat.case()["status"] == "accepted"
    chat.say(CHEN, "话 || close n=1", after=1)
    assert kinds(chat.say(CHEN, RECALL, after=1)) == ["confirm"]
    assert chat.case()["status"] == "proposed"


@pytest.mark.parametrize("between", ["话 || chatter", "今天风真大呀大家小心 || chatter"])
def test_another_s_message_or_one_of_no_case_is_not_taken_back(chat: Chat, between: str) -> None:
    chat.say(ZHANG, FISH)
    chat.say(LI, RECALL, after=1)
    assert chat.case()["status"] == "proposed"
    chat.say(ZHANG, between + "，周末一起去钓鱼 || chatter" if "||" not in between else between, after=1)
    chat.say(ZHANG, RECALL, after=40)
    assert chat.case()["status"] == "proposed"


@pytest.mark.parametrize(
    ("answer", "closed"),
    [
        ("第二个 || chatter place=2 n=2 only=1", [2]),
        ("后面那个 || chase place=-1 only=1", [3]),
        ("3 || chatter", [3]),
        ("发热那个 || ask about=发热 only=1", [2]),
        ("9 || chatter", []),
        ("1号和3号 || update n=1+3 only=1", [1, 3]),
    ],
)
def test_a_short_answer_settles_which_one(chat: Chat, answer: str, closed: list[int]) -> None:
    chat.say(ZHANG, FISH)
    chat.say(LI, FEVER)
    chat.say(LI, "泗泾镇腹痛 || report level=3 town=泗泾镇 age=20 symptoms=腹痛")
    assert kinds(chat.say(CHEN, "办结 || close", after=1)) == ["clarify"]
    chat.say(CHEN, answer, after=1)
    ended = [number for number in (1, 2, 3) if chat.case(number)["status"] == "closed"]
    assert ended == closed


def test_what_was_asked_about_keeps_its_own_words(chat: Chat) -> None:
    chat.say(ZHANG, FISH)
    chat.say(LI, FEVER)
    assert kinds(chat.say(CHEN, "体温39 || update temp=39", after=1)) == ["clarify"]
    chat.say(CHEN, "2号 || update n=2 only=1", after=1)
    assert chat.case(2)["fields"]["temp"] == 39
    assert chat.cases()[1].story[-1] == "体温39"
