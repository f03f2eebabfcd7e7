"""Until when, which level, to whom, and how it ended."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.deadlines import moment, through
from nlu.details import details, is_self, level_set
from nlu.outcomes import close_outcome

AT = datetime.fromisoformat("2022-04-04T15:30:00+08:00")  # a Monday


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2022-{text}:00+08:00")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一小时后再提醒", at("04-04T16:30")),
        ("半小时后再叫我", at("04-04T16:00")),
        ("20分钟后再看", at("04-04T15:50")),
        ("过两个半小时再说", at("04-04T18:00")),
        ("给我40分钟", at("04-04T16:10")),
        ("10点再看", at("04-04T22:00")),
        ("5点半再催", at("04-04T17:30")),
        ("16:45提醒", at("04-04T16:45")),
        ("晚上八点再提醒", at("04-04T20:00")),
        ("明早再说", at("04-05T08:00")),
        ("明天下午3点再催", at("04-05T15:00")),
        ("明天再处理", at("04-05T08:00")),
        ("今晚再看", at("04-04T20:00")),
        ("下周一再提醒", at("04-11T08:00")),
        ("晚点再说", at("04-04T16:30")),
        ("上午9点再说", at("04-05T09:00")),
        ("1号22点再提醒", at("04-04T22:00")),
        ("1号要透到九点半，22点再提醒", at("04-04T22:00")),
        ("1号晚上十点再提醒我", at("04-04T22:00")),
    ],
)
def test_snooze_until(text: str, expected: datetime) -> None:
    assert details(text, AT, "snooze").until == expected


def test_until_belongs_to_a_snooze_only() -> None:
    assert details("明早8点透析", AT, "update").until is None
    assert details("先别提醒", AT, "snooze").until is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("停到明早8点", at("04-05T08:00")),
        ("今天", at("04-05T00:00")),
        ("今晚", at("04-05T08:00")),
        ("这两天", at("04-06T00:00")),
        ("本周", at("04-11T00:00")),
        ("今天8点到20点", at("04-04T20:00")),
        ("停诊三天", at("04-07T15:30")),
    ],
)
def test_a_state_lasts_through_what_is_named(text: str, expected: datetime) -> None:
    assert through(text, AT) == expected


@given(st.integers(1, 300))
def test_minutes_ahead_are_added(minutes: int) -> None:
    assert moment(f"{minutes}分钟后再提醒", AT) == AT + timedelta(minutes=minutes)


@given(st.text(max_size=30))
def test_any_text_has_a_later_moment_or_none(text: str) -> None:
    for found in (moment(text, AT), through(text, AT)):
        assert found is None or found.tzinfo == AT.tzinfo


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("改为ⅱ级", 2),
        ("3号按三级处理", 3),
        ("升到1级", 1),
        ("降为四级", 4),
        ("应该是二级", 2),
        ("3号 二级", 2),
        ("从四级调到三级", 3),
        ("几级？", None),
        ("送三级医院", None),
        ("三级甲等", None),
        ("刚测血压", None),
    ],
)
def test_level_a_person_sets(text: str, level: int | None) -> None:
    assert level_set(text) == level


def test_roman_figures_in_full_width() -> None:
    assert details("改为Ⅱ级", AT, "correct").level == 2


@pytest.mark.parametrize(
    ("text", "to_self"),
    [
        ("我来跟", True),
        ("交给我", True),
        ("我来联系红房子", True),
        ("3号我负责", True),
        ("我马上打电话", True),
        ("归我", True),
        ("转给李主任", False),
        ("我请李主任看一下", False),
        ("小张你跟一下", False),
    ],
)
def test_who_takes_it(text: str, to_self: bool) -> None:
    assert is_self(text) is to_self


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("已取出，结案", "treated"),
        ("药收到了谢谢", "delivered"),
        ("ok了已入院", "admitted"),
        ("已到院交接", "handed_over"),
        ("不需要了", "cancelled"),
        ("误报", "false_alarm"),
        ("重复了", "duplicate"),
        ("好多了，退烧了", "better"),
        ("线上看过了", "online"),
        ("老人去世了", "died"),
        ("老人昨晚走了", "died"),
        ("车接走了,已到院交接", "handed_over"),
        ("120拉走了,到急诊了", "handed_over"),
        ("症状没了", "better"),
        ("不是去世", None),
        ("病人一个人打车到医院了,交接好了", "handed_over"),
        ("和2号是一个人", "duplicate"),
        ("前面报过的", "duplicate"),
        ("核酸测试做好了,已入院", "admitted"),
        ("药给阿婆送上门了", "delivered"),
        ("转到青浦区处理了", "moved"),
        ("转到松江区中心医院收治", "admitted"),
        ("转给城运中心了", "non_medical"),
        ("转到街道医院处理了", "treated"),
        ("结案", None),
    ],
)
def test_how_it_ended(text: str, outcome: str | None) -> None:
    assert close_outcome(text) == outcome
