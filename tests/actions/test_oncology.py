"""Dates of cancer patients: read, counted on, listed the evening before, and remembered when fever comes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from actions.models import OncologyDue
from actions.oncology.kinds import kinds_of
from nlu.programmes.oncology import oncology_dates
from nlu.programmes.said import OncologyDate
from nlu.programmes.words import ONCOLOGY, faults
from tests.actions.commands import CENTRAL, CHEN, LI, ROOM, ZHANG, ZONE, Chat

AT = datetime(2022, 4, 4, 9, tzinfo=ZONE)
WORKDAYS = frozenset(range(1, 6))
DAY = 24 * 60
ONCO = "report level=4 category=ONCO specialty=ONC town=佘山镇"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("肺癌，4月6号第三次化疗，车子出不去", {"kind": "chemo", "day": date(2022, 4, 6)}),
        ("放疗每天，还剩8次", {"kind": "radio", "every": 1, "left": 8}),
        ("PICC周三该维护了", {"kind": "line", "day": date(2022, 4, 6)}),
        ("PICC置管，上次维护3月28日", {"kind": "line", "last": date(2022, 3, 28)}),
        ("靶向药还剩2天", {"kind": "drug", "day": date(2022, 4, 6)}),
        ("升白针今晚要打", {"kind": "injection", "day": date(2022, 4, 4)}),
        ("上次化疗3月20号，每三周一次", {"kind": "chemo", "last": date(2022, 3, 20), "every": 21}),
        ("PICC每周维护", {"kind": "line", "every": 7}),
        ("今天化疗做好了", {"kind": "chemo", "last": date(2022, 4, 4)}),
        ("3月28日刚做完化疗，今天发烧38.5", {"kind": "chemo", "last": date(2022, 3, 28)}),
        ("化疗以后不用提醒了", {"kind": "chemo", "stops": True}),
        ("放疗，周一到周五，还有12次", {"kind": "radio", "every": 1, "left": 12, "weekdays": WORKDAYS}),
        ("放疗每周五次，还剩8次", {"kind": "radio", "every": 1, "left": 8, "weekdays": WORKDAYS}),
        ("今天放疗做了，还有11次", {"kind": "radio", "last": date(2022, 4, 4), "left": 11}),
        ("化疗，21天一个周期，上次3月16号", {"kind": "chemo", "last": date(2022, 3, 16), "every": 21}),
        ("化疗间隔21天，上周期3月18日", {"kind": "chemo", "last": date(2022, 3, 18), "every": 21}),
        ("化疗周期是14天，上次3月28日", {"kind": "chemo", "last": date(2022, 3, 28), "every": 14}),
        ("化疗双周方案，上次3月28号", {"kind": "chemo", "last": date(2022, 3, 28), "every": 14}),
        ("升白针每周一三五打", {"kind": "injection", "every": 1, "weekdays": frozenset({1, 3, 5})}),
        ("卡培他滨还有3天的量", {"kind": "drug", "day": date(2022, 4, 7)}),
        ("靶向药只够吃到周三", {"kind": "drug", "day": date(2022, 4, 6)}),
    ],
)
def test_what_is_told_of_dates(text: str, told: dict[str, Any]) -> None:
    assert oncology_dates(text, AT) == (OncologyDate(**told),)


@pytest.mark.parametrize(
    "text",
    [
        "化疗后白细胞低",
        "化疗做完了吗",
        "化疗没做成",
        "PICC 10天没维护了",
        "PICC昨天没维护上",
        "3月28日化疗没做成",
        "明天验血",
    ],
)
def test_what_tells_no_date(text: str) -> None:
    assert oncology_dates(text, AT) == ()


def test_the_table_has_no_fault() -> None:
    assert faults(ONCOLOGY) == []


@pytest.fixture
def chat(tmp_path: Path) -> Iterator[Chat]:
    played = Chat(tmp_path)
    yield played
    played.close()


def dates(chat: Chat) -> dict[str, OncologyDue]:
    with chat.player.app.sessions() as session:
        return {row.kind: row for row in session.scalars(select(OncologyDue).order_by(OncologyDue.case_id))}


def lists(posts: list[dict[str, Any]]) -> list[str]:
    return [post["text"] for post in posts if "肿瘤病人的日子" in post["text"]]


def sent(chat: Chat, words: str) -> None:
    """A patient whose case a hospital has accepted."""
    chat.say(ZHANG, f"{words} || {ONCO}")
    chat.say(CHEN, f"送 || transfer n=1 h={CENTRAL}")
    chat.say(CHEN, f"收了 || accept n=1 h={CENTRAL}")


def test_radiotherapy_rests_at_the_weekend_and_ends_with_its_last(chat: Chat) -> None:
    sent(chat, "放疗，周一到周五，还有7次，今天做了")
    named = lists(chat.wait(12 * DAY))
    told = ["还剩7次", "还剩6次", "还剩5次", "还剩4次", "还剩3次", "还剩2次", "还剩1次"]
    assert [next(each for each in told if each in text) for text in named] == told
    assert dates(chat)["radio"].day is None  # Tuesday to Friday, then Monday to Wednesday


def test_the_next_cycle_is_counted_from_the_last(chat: Chat) -> None:
    sent(chat, "化疗，21天一个周期，上次3月16号")
    assert dates(chat)["chemo"].day == date(2022, 4, 6)
    chat.say(LI, "化疗做好了 || update n=1", after=2 * DAY)
    assert dates(chat)["chemo"].day == date(2022, 4, 27)


def test_a_medicine_is_listed_two_evenings_before_and_its_last_day_is_urgent(chat: Chat) -> None:
    sent(chat, "靶向药还有3天的量")
    assert lists(chat.wait(DAY - 60)) == []
    assert ["后天" in text for text in lists(chat.wait(DAY))] == [True]
    assert chat.case()["level"] == 4
    assert ["明天" in text for text in lists(chat.wait(DAY))] == [True]
    assert chat.case()["level"] == 3


def test_a_level_that_a_person_lowered_is_not_raised_by_the_clock(chat: Chat) -> None:
    chat.say(ZHANG, f"靶向药还有2天 || {ONCO.replace('level=4', 'level=3')}")
    chat.say(CHEN, "四级 || update n=1 set=4")
    chat.wait(3 * DAY)
    assert chat.case()["level"] == 4


def test_a_missed_week_of_a_line_is_asked_for_until_it_is_told(chat: Chat) -> None:
    sent(chat, "PICC每周维护，上次维护3月29日")
    evening = lists(chat.wait(DAY - 60))
    assert len(evening) == 1 and "明天" in evening[0]
    late = lists(chat.wait(3 * DAY))
    assert len(late) == 2 and all("已过期（4月5日）" in text for text in late)
    chat.say(LI, "PICC今天维护好了 || update n=1")
    assert dates(chat)["line"].day == date(2022, 4, 15)
    assert lists(chat.wait(3 * DAY)) == []


def stop(chat: Chat, words: str, **more: Any) -> list[dict[str, Any]]:
    given = " ".join(f"{key}={value}" for key, value in more.items())
    return chat.say(CHEN, f"{words} || hospital_status state=closed at={CENTRAL} {given}")


def test_a_machine_that_stands_still_is_told_to_those_whose_dates_it_takes(chat: Chat) -> None:
    sent(chat, "放疗，每天，还剩8次")
    posts = [post for post in stop(chat, "放疗机坏了", hours=72) if post["kind"] == "relay"]
    assert [(post["room"], post["case"]) for post in posts] == [(ROOM, "0404-001")]
    assert "4月5日、4月6日做不了，下一次暂记4月7日" in posts[0]["text"]
    assert {CHEN, ZHANG} <= set(posts[0]["mentions"])
    assert (dates(chat)["radio"].left, chat.case()["level"]) == (8, 4)


def test_a_gap_of_more_than_two_is_urgent(chat: Chat) -> None:
    sent(chat, "放疗，每天，还剩8次")
    posts = stop(chat, "放疗机坏了", hours=97)
    assert chat.case()["level"] == 3
    assert "升为Ⅲ级" in next(post["text"] for post in posts if post["kind"] == "relay")


def test_without_an_end_the_series_waits_for_the_word_that_it_goes_on(chat: Chat) -> None:
    sent(chat, "放疗，每天，还剩8次")
    posts = stop(chat, "放疗机坏了")
    assert "什么时候恢复还不知道" in next(post["text"] for post in posts if post["kind"] == "relay")
    assert lists(chat.wait(2 * DAY)) == []
    posts = chat.say(CHEN, f"恢复了 || hospital_status state=open at={CENTRAL}")
    assert "恢复了" in next(post["text"] for post in posts if post["kind"] == "relay")
    assert (dates(chat)["radio"].day, dates(chat)["radio"].left) == (date(2022, 4, 7), 8)


def test_who_is_not_due_in_that_time_is_not_told(chat: Chat) -> None:
    sent(chat, "4月9号第三次化疗")
    assert [post["kind"] for post in stop(chat, "停了", hours=48)] == ["confirm"]


@pytest.mark.parametrize(
    ("department", "kinds"),
    [
        ("放疗科", ("radio",)),
        ("日间化疗", ("chemo",)),
        ("放疗化疗", ("radio", "chemo")),
        ("肿瘤科", ("radio", "chemo")),
        (None, ("radio", "chemo")),
        ("血透室", ()),
    ],
)
def test_which_treatment_a_department_gives(department: str | None, kinds: tuple[str, ...]) -> None:
    assert kinds_of(department) == kinds


@pytest.mark.parametrize(
    ("words", "joins"),
    [
        ("周美芳PICC穿刺点红肿 || report level=3 category=CARE symptoms=红肿", True),
        ("周美芬PICC穿刺点红肿 || report level=3 category=CARE symptoms=红肿", False),
        ("周美芳PICC穿刺点红肿 || report level=3 category=CARE symptoms=红肿 age=80", False),
        ("周美芳PICC穿刺点红肿 || report level=3 category=CARE symptoms=红肿 town=泗泾镇", False),
        ("另一位周美芳穿刺点红肿 || report level=3 category=CARE symptoms=红肿 another=1", False),
    ],
)
def test_a_bare_full_name_is_of_the_case_that_has_it(chat: Chat, words: str, joins: bool) -> None:
    chat.say(ZHANG, f"周美芳 PICC每周维护 || {ONCO} age=49 called=周美芳")
    chat.say(LI, words, after=3 * DAY)
    assert len(chat.state["cases"]) == (1 if joins else 2)


def test_fever_of_somebody_named_is_judged_with_the_chemotherapy_that_is_known(chat: Chat) -> None:
    chat.say(ZHANG, f"李秀英 上次化疗3月28号 || {ONCO} age=58 called=李秀英")
    chat.say(CHEN, "化疗办结 || close n=1")
    chat.say(LI, "李秀英发烧 || report level=4 category=FEVER symptoms=发热 temp=38.6", after=DAY)
    follows = [event.detail["earlier"] for event in chat.events("follows")]
    assert follows == ["0404-001"]
