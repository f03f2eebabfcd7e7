"""What hospitals answer: why not, what they ask for, who said so, and houses the directory does not have."""

from __future__ import annotations

import pytest

from nlu.acceptance import person_told, requirements
from nlu.outside import outside
from nlu.pointers import hospital_spans
from nlu.refusal import refusal
from tests.nlu.engine import engine


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("占线，打不进去", ("busy", "")),
        ("打了三遍没人接", ("no_answer", "")),
        ("今天满了收不了", ("full", "")),
        ("没有导管室做不了", ("no_equipment", "")),
        ("CT坏了", ("no_equipment", "")),
        ("2号不行，没儿科医生", ("no_doctor", "")),
        ("儿科停诊了", ("closed", "")),
        ("没有48小时核酸不收", ("no_test", "")),
        ("黄码进不来", ("no_test", "")),
        ("收不了", ("other", "")),
        ("1号市一说没有喉镜", ("no_equipment", "")),
        ("0404-002 不收，说要等上级批", ("other", "要等上级批")),
    ],
)
def test_why_not(text: str, expected: tuple[str, str]) -> None:
    assert refusal(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("收，让他10点过来，带48小时核酸", [("time", "10点过来"), ("test", "带48小时核酸")]),
        (
            "可以，走急诊2号门，一名家属陪同，带病历和医保卡",
            [("gate", "走急诊2号门"), ("escort", "一名家属陪同"), ("papers", "带病历和医保卡")],
        ),
        ("收，要24小时核酸，全程闭环转运", [("test", "要24小时核酸"), ("closed_loop", "全程闭环转运")]),
        ("带上产检本、身份证，谢绝陪护", [("papers", "带上产检本、身份证"), ("escort", "谢绝陪护")]),
        ("接，直接到急诊3号门，病历带好", [("gate", "直接到急诊3号门"), ("papers", "病历带好")]),
        ("可以收，陪护一人，空腹来", [("escort", "陪护一人"), ("fasting", "空腹来")]),
        ("同意接收，核酸到了再做，先送来", []),
        ("来吧，不用核酸，走北门", [("gate", "走北门")]),
        ("收，到了补核酸", []),
        ("可以的，送过来", []),
    ],
)
def test_what_is_asked_for(text: str, expected: list[tuple[str, str]]) -> None:
    assert list(requirements(text)) == expected


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("市一急诊王主任同意收，下午两点前到", "王主任"),
        ("已联系嘉定中心医院李医生，同意接收", "李医生"),
        ("电话打通了，收", None),
    ],
)
def test_who_gave_the_answer(text: str, who: str | None) -> None:
    assert person_told(text) == who


@pytest.mark.parametrize(
    ("text", "names", "known"),
    [
        ("已联系嘉定中心医院，同意接收", (), ["嘉定区中心医院"]),
        ("1号送崇明区人民医院，那边收", ("崇明区人民医院",), []),
        ("电话问了奉城医院，可以过来", ("奉城医院",), []),
        ("联系了区中心医院，同意接收", (), ["松江区中心医院"]),
        ("杭州第一人民医院不行，泗泾医院可以", ("杭州第一人民医院",), ["松江区泗泾医院"]),
        ("别的医院也不收", (), []),
        ("送到附近的医院去了", (), []),
        ("他要去医院", (), []),
    ],
)
def test_houses_outside_the_directory(text: str, names: tuple[str, ...], known: list[str]) -> None:
    spans = hospital_spans(text, engine().gazetteer)
    assert [name for _, _, name in spans] == known
    assert outside(text, spans) == names
