"""What hospitals answer: why not, what they ask for, who said so, and houses the directory does not have."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from nlu.acceptance import person_told, requirements
from nlu.outside import outside
from nlu.pointers import hospital_spans
from nlu.refusal import refusal
from tests.nlu.engine import engine

AT = datetime(2022, 4, 4, 9, tzinfo=timezone(timedelta(hours=8)))


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


@pytest.mark.parametrize(
    ("text", "role", "offer"),
    [
        ("下午满了，晚班17:30可以", "hospital", "晚班17:30可以"),
        ("上午没位置了，下午两点以后可以", "hospital", "下午两点以后可以"),
        ("明天上午可以，今天没号了", "hospital", "明天上午可以"),
        ("下午满了", "hospital", None),
        ("骨科停诊了，内科正常", "hospital", None),
        ("下午满了，晚班17:30可以", "contact", None),
    ],
)
def test_a_full_hospital_may_take_somebody_at_another_time(text: str, role: str, offer: str | None) -> None:
    assert engine().understand(text, AT, role=role).offer == offer


@pytest.mark.parametrize(
    ("text", "role", "act"),
    [
        ("我们没有高压氧，送市一南部", "hospital", "decline"),
        ("我们没有神外，转市一吧", "hospital", "decline"),
        ("转市一", "hospital", "transfer"),
        ("转市一", "coordinator", "transfer"),
    ],
)
def test_who_cannot_and_names_another_has_declined(text: str, role: str, act: str) -> None:
    assert engine().understand(text, AT, role=role).act == act


def test_who_somebody_is_is_no_talk_and_an_errand_is_no_question_for_pharmacists() -> None:
    who = engine().understand("钱德才，电话0000-3322，石湖荡镇新源村3组12号", AT, role="contact")
    assert who.act in {"update", "report"}
    assert engine().understand("我们镇核酸今天几点开始有人知道吗", AT, role="contact").act == "chatter"


@pytest.mark.parametrize("text", ["又来一个胸痛的", "再来一个骨折的", "又有一位发烧的老人"])
def test_another_is_brought_in_in_however_few_words(text: str) -> None:
    assert engine().understand(text, AT, role="coordinator").act == "report"


def test_an_expert_who_calls_somebody_to_his_own_hospital_takes_him() -> None:
    assert engine().understand("#7 马上来妇幼做胎监，左侧卧等车", AT, role="expert").act == "accept"


def test_whoever_wants_no_patients_brought_says_how_his_department_is() -> None:
    text = "导管室故障 今天心梗的、胸痛的一律不要往我们这送"
    assert engine().understand(text, AT, role="hospital").act == "hospital_status"


@pytest.mark.parametrize("text", ["我们镇核酸今天几点开始有人知道吗", "怎么过去？要出门证吗"])
def test_an_everyday_errand_is_no_question_of_progress(text: str) -> None:
    assert engine().understand(text, AT, role="contact").act == "chatter"


@pytest.mark.parametrize(
    "text", ["刚报的那个大出血孕妇怎么过去？车安排好了吗", "早上报的抗原阳性发烧的老人有消息了吗"]
)
def test_a_question_about_a_patient_is_no_errand(text: str) -> None:
    assert engine().understand(text, AT, role="contact").act != "chatter"
