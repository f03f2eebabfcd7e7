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
