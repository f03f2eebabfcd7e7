"""Levels, raises, specialties, categories: the tables at work."""

from __future__ import annotations

import pytest

from nlu.pipeline import Understander
from nlu.tables import DATA
from tests.nlu.engine import AT, engine, triaged, understand


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("血氧78", 1),
        ("血氧85", 2),
        ("血氧92", 3),
        ("3岁宝宝血氧88", 1),
        ("3岁宝宝血氧92", 2),
        ("血糖2.8", 1),
        ("血糖仪显示HI 人还好", 2),
        ("心率190", 1),
        ("心率155", 2),
        ("5个月宝宝心率145 能玩", 4),
        ("5个月宝宝心率165", 3),
        ("高压65", 1),
        ("高压75", 2),
        ("体温41.5", 1),
        ("血钾7.2", 1),
        ("4岁孩子呼吸每分钟45次", 2),
    ],
)
def test_measured_values(text: str, level: int) -> None:
    assert triaged(text).level == level


@pytest.mark.parametrize(
    "text",
    [
        "我妈的药一盒吃完了，要再配",
        "我爸的降压药一瓶吃完了，麻烦再配一瓶",
        "外婆一整瓶降压药都吃完了，能帮忙配吗",
        "王阿姨一盒阿托伐他汀昨天吃完了",
        "药盒空了，要再配一盒",
        "吃完一瓶降压药，想再配一瓶",
        "我爸三盒拜新同吃完了 想配药",
        "帮我配一瓶降压药",
        "阿莫西林一次吃几粒",
    ],
)
def test_a_package_that_is_used_up_is_no_overdose(text: str) -> None:
    assert triaged(text).level == 4


@pytest.mark.parametrize(
    "text",
    [
        "一口气吃了一盒安眠药",
        "把一瓶安眠药全吃了",
        "女儿把一盒对乙酰氨基酚都吃了",
        "吃了一整瓶降压药",
        "一下子吃完了一瓶药",
        "吃了20片安定",
        "一次性吃了30片降压药",
        "安眠药两板空了 女儿17岁 叫得醒",
        "家里发现两个空药板，人迷迷糊糊",
        "一瓶安眠药吃完了，人叫不醒",
        "2岁宝宝 一盒药吃完了",
    ],
)
def test_a_package_that_was_eaten_is_an_overdose(text: str) -> None:
    assert triaged(text).level == 1


def test_words_of_urgency_move_nothing() -> None:
    for words in ("", "急急急!!", "不急,"):
        assert triaged(f"{words}降压药只剩5天了").level == 4
        assert triaged(f"{words}我爸胸痛出冷汗").level == 2


@pytest.mark.parametrize(
    "text", ["孕妇想配叶酸 孕8周", "化疗病人开张证明", "90岁老人配降压药", "血透病人求出入证"]
)
def test_a_group_alone_raises_no_request(text: str) -> None:
    assert triaged(text).level == 4


def test_an_acute_symptom_in_a_group_at_risk_is_raised_once() -> None:
    plain, old = triaged("50岁 腹泻两天"), triaged("80岁 腹泻两天")
    assert old.level == plain.level - 1
    assert old.reasons[0].rule.startswith("RA")
    assert "80岁" in old.reasons[0].quote


def test_a_raise_never_makes_level_one_of_an_old_man() -> None:
    assert triaged("80岁 嘴巴歪了 右手没力气").level == 2


def test_reasons_quote_the_writers_words() -> None:
    report = triaged("我爸胸口痛 出冷汗")
    assert "胸口痛" in "".join(reason.quote for reason in report.reasons)
    assert all(reason.why for reason in report.reasons)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("8岁 咳嗽三天", "PED"),
        ("40岁 咳嗽气急", "RESP"),
        ("孕30周 头痛", "OB"),
        ("牙痛", "DENT"),
        ("5岁 眼睛被铁丝扎了", "OPH"),
        ("我要配药", "GP"),
        ("碳酸锂没了", "PSY"),
    ],
)
def test_specialty(text: str, code: str) -> None:
    assert triaged(text).specialty == code


def test_scores_add_up_to_one_and_fall() -> None:
    scores = [score for _, score in triaged("我爸胸痛 咳嗽 头晕").specialties]
    assert sum(scores) == pytest.approx(1)
    assert scores == sorted(scores, reverse=True)


def test_category_order_and_tags() -> None:
    report = triaged("孕20周 发烧38.5")
    assert (report.category, report.tags) == ("MATERNAL", ("FEVER",))
    assert triaged("6岁 发烧38.5").category == "CHILD"


def test_the_phase_changes_where_a_fever_goes() -> None:
    open_city = Understander(engine().gazetteer, DATA, phase="REOPEN")
    report = open_city.understand("30岁 发烧38 喉咙痛", AT).triage_hint
    assert report is not None
    assert report.disposition == "ONLINE"
    assert triaged("30岁 发烧38 喉咙痛").disposition == "FEVER_CLINIC"


def test_what_is_known_is_not_asked_for() -> None:
    asked = triaged("岳阳街道云桦苑3号楼 67岁男 咳嗽三天 电话0000-0001").missing
    assert not {"age", "address", "phone", "duration_h"} & set(asked)


def test_first_aid_only_for_the_urgent() -> None:
    assert "120" in triaged("没呼吸了").first_aid or triaged("没呼吸了").first_aid
    assert triaged("配降压药").first_aid == ""


def test_a_fever_is_read_from_the_temperature_but_no_symptom_from_other_values() -> None:
    assert triaged("35岁 38.5度").entities["symptoms"] == ["发热"]
    assert "symptoms" not in triaged("血压185/95 血氧92").entities


def test_an_update_brings_its_values_outside_the_reports() -> None:
    result = understand("刚测了血糖2.8")
    assert (result.act, result.entities, result.reports) == ("update", {"glucose": 2.8}, ())
    assert result.danger


def test_quotes_of_others_say_nothing() -> None:
    assert not understand("「小王:我爸胸痛出冷汗」\n- - - - - -\n收到").danger


@pytest.mark.parametrize(
    "text", ["", " ", "。。。", "🙏", "\n\n", "a" * 3000, "痛" * 500, "1." * 300, "(((((", "\x00\x1f"]
)
def test_any_text_is_taken(text: str) -> None:
    assert understand(text).to_dict()["act"]


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("我爸拿着手机突然没反应了", 1),
        ("昨天做肠镜切了息肉 今天肚子胀痛越来越厉害 按不得", 2),
        ("奶奶80 有房颤 突然肚子痛得打滚", 2),
        ("2岁男孩 夜里咳得像小狗叫 哭的时候吸气响 安静下来就没声音", 3),
        ("PICC七天没冲 管子没动过 61岁女", 4),
        ("孕36周 没动过了 从昨晚", 2),
        ("屁眼旁边一个硬包 三天了 只好趴着睡 37岁男", 3),
        ("中风是前年的事了，右手右脚一直不灵活，没新毛病", 4),
    ],
)
def test_danger_and_what_only_sounds_like_it(text: str, level: int) -> None:
    assert triaged(text).level == level


def test_a_cry_for_help_is_a_report_in_however_few_words() -> None:
    assert understand("心梗了快救人").act == "report"


def test_the_younger_of_two_has_his_months() -> None:
    _, younger = understand("大的8岁39度5 精神好 小的五个月拉了十几趟 尿布一天没湿过").reports
    assert (younger.entities["age_months"], younger.level) == (5, 2)
