"""Case numbers in any writing, hospitals, people, and whether all cases are meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.case_numbers import case_numbers
from nlu.gazetteer import Gazetteer
from nlu.pointers import point
from tests.nlu.engine import AT, engine

PLACE = Gazetteer(
    towns={"中山": "中山街道", "中山街道": "中山街道", "泗泾": "泗泾镇"},
    institutions={
        "红房子": "复旦大学附属妇产科医院",
        "中心医院": "松江区中心医院",
        "区中心医院": "松江区中心医院",
        "中山": "复旦大学附属中山医院",
        "中山医院": "复旦大学附属中山医院",
        "泗泾医院": "松江区泗泾医院",
    },
)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("#3", ("3",)),
        ("＃3 结案", ("3",)),
        ("# 12到了", ("12",)),
        ("#003", ("3",)),
        ("3号到了", ("3",)),
        ("三号那个怎么样", ("3",)),
        ("十二号收", ("12",)),
        ("二十三号", ("23",)),
        ("0404-003结案", ("0404-003",)),
        ("0404-3到了", ("0404-003",)),
        ("0404003接走了", ("0404-003",)),
        ("0404－003", ("0404-003",)),
        ("0404-003和0404-005重复", ("0404-003", "0404-005")),
        ("#1 #2 都结", ("1", "2")),
        ("1号和2号都收", ("1", "2")),
        ("1、2号都结", ("1", "2")),
        ("1到3号", ("1", "2", "3")),
        ("第三个", ("3",)),
        ("案3", ("3",)),
        ("3号病人", ("3",)),
        ("佘山3号那个", ("3",)),
    ],
)
def test_case_numbers(text: str, numbers: tuple[str, ...]) -> None:
    assert point(text, PLACE).case_numbers == numbers


@pytest.mark.parametrize(
    "text",
    [
        "云桦苑3号楼",
        "住8号线边上",
        "4月3号做的",
        "3号下午透析",
        "上次3号透的",
        "复兴路18号",
        "电话0000-0001",
        "13800000000",
        "血压120-80",
        "孕38+2周",
        "第3天了",
        "120打了",
        "三楼",
        "胰岛素30R",
        "5号楼502",
        "新源村3组12号",
        "江虹花园8号601",
        "秋月苑12号",
    ],
)
def test_houses_days_and_values_are_no_case_numbers(text: str) -> None:
    assert point(text, PLACE).case_numbers == ()


@given(st.integers(1, 12), st.integers(1, 28), st.integers(1, 999))
def test_full_numbers_come_back_as_written(month: int, day: int, number: int) -> None:
    written = f"{month:02d}{day:02d}-{number:03d}"
    assert case_numbers(f"{written} 收到") == (written,)


@given(st.text(max_size=40))
def test_any_text_gives_numbers_of_known_shape(text: str) -> None:
    assert all(n.isdigit() or (n[4] == "-" and len(n) == 8) for n in case_numbers(text))


def test_hospitals_by_alias_in_order_the_longest_first() -> None:
    found = point("区中心医院不收，红房子呢，再问区中心医院", PLACE).hospitals
    assert found == ("松江区中心医院", "复旦大学附属妇产科医院")


def test_an_alias_that_is_a_town_is_no_hospital() -> None:
    assert point("中山那边有个居民", PLACE).hospitals == ()
    assert point("送中山医院", PLACE).hospitals == ("复旦大学附属中山医院",)


@pytest.mark.parametrize(
    ("text", "persons"),
    [
        ("@专班-陈老师 看一下", ("专班-陈老师",)),
        ("@小张\u2005@小李 你们看看", ("小张", "小李")),
        ("转给李主任", ("李主任",)),
        ("请产科周主任看3号", ("周主任",)),
        ("交给王建国处理", ("王建国",)),
        ("小吴你跟一下", ("小吴",)),
        ("@所有人 开会", ()),
        ("佘山镇有居民发热", ()),
        ("小区门口", ()),
        ("转发通知", ()),
    ],
)
def test_persons(text: str, persons: tuple[str, ...]) -> None:
    assert point(text, PLACE).persons == persons


@pytest.mark.parametrize(
    "text",
    [
        "全部结案",
        "两个都收",
        "两个我都来跟",
        "这两件都归我",
        "都结了吧",
        "3个都到了",
        "所有的都取消",
        "一起结掉",
    ],
)
def test_everything(text: str) -> None:
    assert point(text, PLACE).everything


@pytest.mark.parametrize(
    "text", ["@所有人 注意", "我都等了两个小时了", "都两个小时了", "首都机场", "3号结案"]
)
def test_not_everything(text: str) -> None:
    assert not point(text, PLACE).everything


def test_concepts_are_passed_on_once() -> None:
    assert point("那个鱼刺的", PLACE, ["鱼刺卡喉", "血透", "鱼刺卡喉"]).concepts == ("鱼刺卡喉", "血透")


@pytest.mark.parametrize(
    ("text", "act", "hospitals", "refused"),
    [
        ("#1 泗泾接了", "accept", ["松江区泗泾医院"], []),
        ("方塔说可以收", "accept", ["松江区方塔中医医院"], []),
        ("问了泗泾，收", "accept", ["松江区泗泾医院"], []),
        ("乐都没人接电话", "decline", ["松江区乐都医院"], []),
        ("眼耳鼻喉科浦江院区门诊说送来就行", "accept", ["复旦大学附属眼耳鼻喉科医院"], []),
        ("改送九亭吧", "transfer", ["松江区九亭医院"], []),
        ("泗泾的老人方塔收了", "accept", ["松江区方塔中医医院"], []),
        ("佘山这个我们收", "accept", [], []),
        ("市一不收，泗泾接了", "accept", ["松江区泗泾医院"], ["市一不收"]),
        ("#3 市一不接，问了方塔可以", "accept", ["松江区方塔中医医院"], ["市一不接"]),
        ("市一和区中心都收不了", "decline", ["上海市第一人民医院(南部)", "松江区中心医院"], []),
    ],
)
def test_a_town_s_name_may_stand_for_its_hospital(
    text: str, act: str, hospitals: list[str], refused: list[str]
) -> None:
    """Where somebody says who takes a patient; one that cannot and one that can are told apart."""
    meaning = engine().understand(text, AT, role="coordinator")
    assert (meaning.act, list(meaning.pointers.hospitals)) == (act, hospitals)
    assert [span.quote for span in meaning.also] == refused
