"""Readings that one mechanism decides: whose number it is, what was only believed, which part a complaint is about."""

from __future__ import annotations

import pytest

from nlu.understanding import Entities
from tests.nlu.engine import AT, engine


def told(text: str) -> Entities:
    hint = engine().understand(text, AT).triage_hint
    assert hint is not None
    return hint.entities


@pytest.mark.parametrize("text", ["6个月 发烧38.5", "6个月 高热惊厥", "6个月，体温38.9"])
def test_months_before_a_fever_are_an_age(text: str) -> None:
    assert told(text)["age_months"] == 6
    assert "duration_h" not in told(text)


@pytest.mark.parametrize("text", ["6个月 腰痛", "腰痛6个月", "发烧三天，6个月前开过刀"])
def test_months_before_what_lasts_are_no_age(text: str) -> None:
    assert "age_months" not in told(text)


@pytest.mark.parametrize(
    ("text", "there", "believed"),
    [
        ("以为只是感冒 结果喘不上气", "呼吸困难", "上呼吸道感染"),
        ("我以为是阑尾炎，结果是肚子胀", "腹胀", "右下腹痛"),
        ("以为睡着了叫不醒", "意识障碍", "感冒"),
    ],
)
def test_what_was_only_believed_is_not_there(text: str, there: str, believed: str) -> None:
    symptoms = told(text)["symptoms"]
    assert there in symptoms
    assert believed not in symptoms


@pytest.mark.parametrize("text", ["血氧夹了一下是八十八", "血氧测了下88", "血氧夹着88"])
def test_a_reading_after_how_it_was_taken(text: str) -> None:
    assert told(text)["spo2"] == 88


@pytest.mark.parametrize("text", ["右手抬不起来 嘴也歪了", "右手没力气 嘴也歪了"])
def test_a_complaint_goes_to_the_nearer_part(text: str) -> None:
    symptoms = told(text)["symptoms"]
    assert "口角歪斜" in symptoms
    assert "肢体变形" not in symptoms


@pytest.mark.parametrize(
    ("text", "symptom"),
    [("肝癌 疼得睡不着", "疼痛"), ("82岁 吐得厉害", "呕吐"), ("昨夜起 咳得睡不着觉", "咳嗽")],
)
def test_a_word_with_its_degree_is_a_complaint(text: str, symptom: str) -> None:
    assert symptom in told(text)["symptoms"]


@pytest.mark.parametrize("text", ["人还没接走", "病人到现在还没接走"])
def test_who_has_not_been_fetched_is_asked_after(text: str) -> None:
    assert engine().understand(text, AT).act == "chase"


def test_a_fever_goes_before_a_normal_reading() -> None:
    assert "发热" in told("早上36.5,晚上又38.1")["symptoms"]
    assert "发热" not in told("今天36.5 肚子疼").get("symptoms", [])


def test_the_first_steps_are_no_head() -> None:
    assert "头痛" not in told("起床头几步脚底疼")["symptoms"]


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("老伯65 这两天屁股下面发木 小便解不干净", 48),
        ("爷叔58 心里荡了三天了 一阵一阵", 72),
        ("女40 尿多一周了 人清醒", 168),
        ("男35 半小时前突然上腹像刀割", 0.5),
    ],
)
def test_a_length_belongs_to_whatever_was_found_beside_it(text: str, hours: float) -> None:
    assert told(text)["duration_h"] == hours


@pytest.mark.parametrize(
    "text",
    [
        "腰突好几年 男50 想配膏药",
        "老伯90岁 尿管放了五周该换了",
        "家里制氧机报警了 氧气瓶还能撑两个钟头 老伯80",
        "爷爷走失5小时刚找到 手脚冰凉",
    ],
)
def test_a_length_of_something_else_is_none(text: str) -> None:
    assert "duration_h" not in told(text)


@pytest.mark.parametrize(
    ("text", "listed"),
    [("阿姨60 喉咙痛 37.7", False), ("阿姨60 喉咙痛 38.2", True), ("阿姨60 昨晚发烧 现在37.6", True)],
)
def test_a_reading_alone_is_listed_as_a_fever_from_38(text: str, listed: bool) -> None:
    assert ("发热" in told(text)["symptoms"]) is listed


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("12床 男77 尿管堵了", 77),
        ("血氧97 女31 咳嗽", 31),
        ("半夜小腿抽筋 我72了 配点钙片", 72),
        ("女同志，52，左脚肿", 52),
    ],
)
def test_the_number_behind_the_sex_is_the_age(text: str, age: int) -> None:
    assert told(text)["age"] == age


def test_thirty_eight_may_be_a_fever_and_no_age() -> None:
    assert "age" not in told("头晕 我38了")


def test_the_last_letter_of_a_complaint_is_no_part() -> None:
    assert told("女孩摔了一跤 手腕肿得像馒头 有点歪")["symptoms"] == ["腕关节肿胀"]


def test_redness_and_swelling_denied_together_are_one_finding() -> None:
    assert told("缝针第十天 伤口不红不肿 要拆线")["negated"] == ["局部红肿"]


def test_a_child_pulled_by_the_hand_has_no_stroke() -> None:
    hint = engine().understand("两岁小囡 被外婆拎了一把 左胳膊垂着不肯抬", AT).triage_hint
    assert hint is not None
    assert (hint.level, "牵拉肘" in hint.entities["symptoms"]) == (3, True)


@pytest.mark.parametrize("text", ["刚进的货水泡破了一箱", "烫了一下 水泡破了 男30"])
def test_a_blister_is_no_bag_of_waters(text: str) -> None:
    assert "破水" not in told(text).get("symptoms", [])
