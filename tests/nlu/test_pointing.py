"""How messages point at reports and patients of before."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.called import called
from nlu.case_numbers import case_numbers
from nlu.clauses import fold
from nlu.gazetteer import Gazetteer
from nlu.pointing import LAST, place_in_list, points_only, upkeep
from tests.nlu.engine import AT, engine


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("【撤回】", "recall"),
        ("“佘山-小张”撤回了一条消息", "recall"),
        ("撤回上一条", "recall"),
        ("刚才那条发错了", "recall"),
        ("不好意思，发错群了", "recall"),
        ("上面那条作废", "recall"),
        ("撤回结案", None),
        ("是不是我发错地方了？", None),
        ("#3里后面那个是另一个人", "split"),
        ("0404-003拆开，不是同一个人", "split"),
        ("并错了 分开登记", "split"),
        ("#3和#5是同一个人", "join"),
        ("5号跟3号重复了", "join"),
        ("5号并到3号", "join"),
        ("收到，谢谢", None),
        ("120已经到了", None),
    ],
)
def test_what_is_wanted_of_messages_and_cases(text: str, wanted: str | None) -> None:
    assert upkeep(fold(text), news=False) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"), [("刚才那条发错了，是72岁", None), ("发错群了，上面72岁那个请忽略", "recall")]
)
def test_with_news_it_is_a_correction(text: str, wanted: str | None) -> None:
    assert upkeep(fold(text), news=True) == wanted


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("第一个", 1),
        ("第2个", 2),
        ("前面那个", 1),
        ("上面那个", 1),
        ("后面那个", LAST),
        ("最后那个", LAST),
        ("3号", None),
    ],
)
def test_places_in_a_list(text: str, place: int | None) -> None:
    assert place_in_list(fold(text)) == place


@pytest.mark.parametrize(
    ("text", "only"),
    [
        ("3号", True),
        ("003", True),
        ("第二个", True),
        ("是那个", True),
        ("3号结案", False),
        ("3号收了", False),
        ("", False),
    ],
)
def test_nothing_but_pointing(text: str, only: bool) -> None:
    assert points_only(fold(text), []) is only


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("佘山镇 王桂芳 女 82岁 摔跤", ("王桂芳",)),
        ("患者：李建国，男，67岁", ("李建国",)),
        ("王阿婆发烧", ("王",)),
        ("患者高烧，女，35岁", ()),
        ("有位居民胸闷", ()),
        ("张建国 58岁男 肺癌", ("张建国",)),
        ("张建国58岁，胸闷", ("张建国",)),
        ("佘山镇张建国，58男，胸闷", ("张建国",)),
        ("王强 四十五岁女 腹痛", ("王强",)),
        ("居民李某 58岁男", ("李",)),
        ("王阿姨 58岁 头晕", ("王",)),
        ("张某某 58岁男", ("张",)),
        ("患者甲 58岁男", ()),
        ("金山 58岁男", ()),
        ("江西人 58岁男", ()),
        ("周围 58岁女", ()),
        ("方舱 58岁男", ()),
        ("白内障 58岁男", ()),
        ("陈老师 45岁 女", ()),
        ("王强 45岁", ()),
    ],
)
def test_names(text: str, names: tuple[str, ...]) -> None:
    assert called(text) == names


@pytest.mark.parametrize("text", ["方松 58岁男 胸痛", "康华 58岁男 胸痛", "康华，男，58岁"])
def test_a_town_or_a_hospital_is_no_name(text: str) -> None:
    place = Gazetteer(towns={"方松": "方松街道"}, institutions={"康华": "东莞康华医院"})
    assert called(text, place) == ()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("高血压 58岁女 头晕", ()),
        ("黄疸 58岁男", ()),
        ("白内障 58岁男 眼痛", ()),
        ("佘山镇 张建国 58岁男 肺癌", ("张建国",)),
    ],
)
def test_a_disease_is_no_name(text: str, names: tuple[str, ...]) -> None:
    (patient,) = engine().patients(text, AT)
    assert patient.called == names


@given(st.integers(1, 99))
def test_a_number_with_zeros_is_a_case_s_and_a_room_s_is_not(number: int) -> None:
    assert case_numbers(f"{number:03d}办结") == (str(number),)
    assert case_numbers(f"{number:03d}室") == ()


@given(st.text(max_size=40))
def test_any_text_is_read(text: str) -> None:
    folded = fold(text)
    assert upkeep(folded, news=False) in (None, "recall", "split", "join")
    place_in_list(folded)
    called(text)
    assert isinstance(points_only(folded, []), bool)
