"""Missing items: asked once, one at a time, and only while the case needs them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from nlu.answers import ANSWERS, load_answers, read_answer
from tests.actions.commands import CHEN, EENT, FIRST, LI, ZHANG, Chat
from tests.conftest import builtin_reader

REPORT = "鱼刺卡喉 || report about=鱼刺卡喉 level=3 town=佘山镇 missing=age,address,phone"
AGE, PHONE, COVID = "患者多大年纪", "能接电话的号码", "报核酸"


@pytest.fixture
def chat(tmp_path: Path) -> Iterator[Chat]:
    made = Chat(tmp_path)
    yield made
    made.close()


def test_one_question_in_the_receipt_and_none_of_its_own(chat: Chat) -> None:
    (receipt,) = chat.say(ZHANG, REPORT)
    assert receipt["text"].count("？") == 1
    assert AGE in receipt["text"]
    assert chat.say(ZHANG, "七十六 || update age=76", after=1) == []
    assert [post["kind"] for post in chat.wait(10)] == []


def test_an_unanswered_question_is_not_followed_by_another(chat: Chat) -> None:
    chat.say(ZHANG, REPORT)
    (proposal,) = chat.say(CHEN, f"换一家 || decline h={EENT}", after=1)
    assert "？" not in proposal["text"]


def test_what_placing_needs_goes_with_the_next_post(chat: Chat) -> None:
    chat.say(ZHANG, REPORT)
    chat.say(ZHANG, "七十六 || update age=76", after=1)
    (proposal,) = chat.say(CHEN, f"换一家 || decline h={EENT}", after=1)
    assert COVID in proposal["text"], "the general hospital wants to hear of a result beforehand"
    assert f"@{ZHANG}" in proposal["text"]
    (accepted,) = chat.say(CHEN, f"可以收 || accept h={FIRST}", after=1)
    assert "？" not in accepted["text"], "that question still waits"


def test_what_nobody_can_say_is_not_asked_again(chat: Chat) -> None:
    chat.say(ZHANG, REPORT)
    assert chat.say(ZHANG, "不清楚 || chatter unknown=1", after=1) == []
    (accepted,) = chat.say(CHEN, f"可以收 || accept h={EENT}", after=1)
    assert AGE not in accepted["text"]
    assert "人现在在哪里" in accepted["text"], "transport needs the address now"
    assert [event.detail["item"] for event in chat.events("not_known")] == ["age"]
    assert [event.detail["item"] for event in chat.events("asked")] == ["age", "address"]


def test_no_telephone_said_beforehand(chat: Chat) -> None:
    chat.say(
        ZHANG,
        "鱼刺卡喉，家里没有电话 || report about=鱼刺卡喉 level=3 town=佘山镇 address=云桦苑 none=phone missing=age,phone",
    )
    chat.say(ZHANG, "七十六 || update age=76", after=1)
    (accepted,) = chat.say(CHEN, f"可以收 || accept h={EENT}", after=1)
    assert PHONE not in accepted["text"]


def test_a_bare_answer_goes_to_the_patient_that_was_asked_about(chat: Chat) -> None:
    chat.say(ZHANG, REPORT)
    chat.say(ZHANG, "见红 || report about=见红 level=3 town=泗泾镇 missing=gestation", after=1)
    chat.say(ZHANG, "七十六 || chatter age=76", after=1)
    assert (chat.case(1)["fields"].get("age"), chat.case(2)["fields"].get("age")) == (76, None)


def test_two_that_the_answer_fits_are_named(chat: Chat) -> None:
    chat.say(ZHANG, REPORT)
    chat.say(ZHANG, "发热 || report about=发热 level=3 town=泗泾镇 missing=age", after=1)
    (which,) = chat.say(ZHANG, "七十六 || chatter age=76", after=1)
    assert which["kind"] == "clarify"
    assert chat.say(ZHANG, "2号 || ask n=2 only=1", after=1) == []
    assert (chat.case(1)["fields"].get("age"), chat.case(2)["fields"].get("age")) == (None, 76)


def test_somebody_elses_number_is_no_answer(chat: Chat) -> None:
    chat.say(ZHANG, REPORT)
    chat.say(LI, "七十六 || chatter age=76", after=1)
    assert "age" not in chat.case()["fields"]


def test_level_one_asks_after_the_first_aid_line(chat: Chat) -> None:
    (receipt,) = chat.say(ZHANG, "没有呼吸 || report about=胸闷 level=1 town=佘山镇 missing=address,phone")
    lines = receipt["text"].splitlines()
    assert "120" in lines[0]
    assert next(n for n, line in enumerate(lines) if "？" in line or "请写到" in line) > 1


def test_private_matters_are_not_asked_about(chat: Chat) -> None:
    receipt, _ = chat.say(ZHANG, "不想活了 || report about=失眠 level=2 town=佘山镇 private=1 missing=age")
    assert "多大" not in receipt["text"]
    assert chat.events("asked") == []


FRAGMENTS = [
    ("age", "76", {"age": 76}),
    ("age", "八十几", {"age": 80}),
    ("age", "三个月", {"age_months": 3}),
    ("gestation", "36", {"gestation": "36+0"}),
    ("gestation", "38周加2", {"gestation": "38+2"}),
    ("dialysis_gap_days", "前天", {"dialysis_gap_days": 2}),
    ("orig_hospital", "区中心", {"orig_hospital": "松江区中心医院"}),
    ("spo2", "九十二", {"spo2": 92}),
    ("sbp", "180 110", {"sbp": 180, "dbp": 110}),
    ("glucose", "20多", {"glucose": 20}),
    ("days_left", "没了", {"days_left": 0}),
    ("covid", "阴的", {"covid": "negative"}),
    ("phone", "0000-1234", {"phone": "0000-1234"}),
]
NO_ANSWERS = [
    ("age", "8点"),
    ("age", "120打了"),
    ("age", "1"),
    ("age", "收到"),
    ("age", "等了30分钟"),
    ("age", "不知道哪家能收"),
    ("spo2", "怎么测"),
    ("phone", "打120了"),
    ("days_left", "2号办结"),
]


@pytest.mark.parametrize(("item", "text", "brings"), FRAGMENTS)
def test_half_sentences(item: str, text: str, brings: dict[str, object]) -> None:
    answer = builtin_reader("songjiang").answer(text, Chat.now, item)
    assert answer is not None
    assert answer.entities == brings


@pytest.mark.parametrize(("item", "text"), NO_ANSWERS)
def test_what_is_no_answer(item: str, text: str) -> None:
    assert builtin_reader("songjiang").answer(text, Chat.now, item) is None


@pytest.mark.parametrize(
    ("item", "text"),
    [("age", "年纪不清楚"), ("phone", "没有电话"), ("spo2", "没有那个夹子"), ("sbp", "没量")],
)
def test_nobody_can_say(item: str, text: str) -> None:
    answer = builtin_reader("songjiang").answer(text, Chat.now, item)
    assert answer is not None
    assert answer.unknown


def test_what_a_report_settles_is_not_asked() -> None:
    reader = builtin_reader("songjiang")
    items = ["phone", "strength", "age"]
    assert reader.settled("家里没有电话，氨氯地平5mg两盒", items) == ["phone", "strength"]
    assert reader.settled("氨氯地平没有了", items) == []


def test_a_time_answers_since_when_without_a_value() -> None:
    answer = read_answer("duration_h", "昨天晚上8点", lambda _: {})
    assert answer is not None
    assert (answer.entities, answer.unknown) == ({}, False)


def test_every_item_of_the_protocol_can_be_answered() -> None:
    missing = (ANSWERS.parents[1] / "protocol" / "missing.csv").read_text(encoding="utf-8").splitlines()[1:]
    items = {line.split(",")[0] for line in missing if line and not line.startswith(('"', "#"))}
    assert items <= set(load_answers())
