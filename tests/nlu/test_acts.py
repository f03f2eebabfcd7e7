"""Which act a message is: on labelled messages, on the wordings the contract names, and against a classifier."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest

from actions.site import load_site
from nlu.acts import Held, classify
from nlu.cues import ACTS_TABLE, read_cues
from nlu.features import ActFeatures
from nlu.learning import examples
from nlu.pipeline import Understander
from nlu.tables import DATA, Faults, TableError
from nlu.understanding import ACTS, Understanding

LABELLED = Path(__file__).parent / "acts.csv"
AT = datetime.fromisoformat("2022-04-04T09:12:00+08:00")
ILL = ActFeatures(has_patient=True, n_findings=2, n_concepts=2, level=1, danger=True)


@cache
def engine() -> Understander:
    return Understander(load_site("songjiang").gazetteer())


def understand(text: str, role: str | None = None) -> Understanding:
    return engine().understand(text, AT, role=role)


def rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8") as lines:
        yield from csv.DictReader(line for line in lines if not line.startswith("#"))


@cache
def judged() -> tuple[tuple[dict[str, str], Understanding], ...]:
    return tuple((row, understand(row["text"], row["role"])) for row in rows(LABELLED))


def right(row: dict[str, str], result: Understanding) -> bool:
    return result.act in row["act"].split("/")


def test_labelled_messages_are_unseen() -> None:
    seen = {text for _, text in examples(DATA / "nlu.yml")}
    assert not [row["text"] for row in rows(LABELLED) if row["text"] in seen]


def test_every_act_is_labelled_often_enough() -> None:
    counts = Counter(act for row in rows(LABELLED) for act in row["act"].split("/"))
    assert sum(counts.values()) >= 400
    assert {act for act in ACTS if counts[act] < 10} == set()


def test_nine_in_ten_acts_are_right_without_a_trained_model() -> None:
    wrong = [f"{row['text']}: {r.act}, not {row['act']}" for row, r in judged() if not right(row, r)]
    assert len(wrong) <= 0.1 * len(judged()), "\n".join(wrong)


@pytest.mark.parametrize("act", ACTS)
def test_no_act_is_neglected(act: str) -> None:
    of_act = [(row, r) for row, r in judged() if row["act"] == act]
    missed = [f"{row['text']}: {r.act}" for row, r in of_act if r.act != act]
    assert len(missed) <= 0.3 * len(of_act), "\n".join(missed)


def test_reports_are_hardly_ever_missed_or_invented() -> None:
    missed = [row["text"] for row, r in judged() if row["act"] == "report" and r.act != "report"]
    reports = sum(1 for row, _ in judged() if row["act"] == "report")
    invented = [row["text"] for row, r in judged() if row["act"] != "report" and r.act == "report"]
    assert len(missed) <= 0.1 * reports, missed
    assert len(invented) <= 0.04 * (len(judged()) - reports), invented


def test_second_acts() -> None:
    asked = [(row, r) for row, r in judged() if row["also"] and not row["also"].startswith("?")]
    missed = [row["text"] for row, r in asked if {a.act for a in r.also} != set(row["also"].split("/"))]
    invented = [row["text"] for row, r in judged() if not row["also"] and r.also]
    assert len(missed) <= 0.34 * len(asked), missed
    assert len(invented) <= 0.02 * len(judged()), invented


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("占线", "decline"),
        ("打了三遍都没人接", "decline"),
        ("换一家吧", "decline"),
        ("这两天都收不了", "decline"),
        ("我们科停诊了", "decline"),
        ("120打了", "update"),
        ("120叫了", "update"),
        ("120已派", "dispatched"),
        ("上车了", "dispatched"),
        ("接走了", "dispatched"),
        ("出发了", "dispatched"),
        ("OK了已入院", "close"),
        ("已取出，结案", "close"),
        ("不需要了", "close"),
        ("误报", "close"),
        ("重复了", "close"),
        ("我来跟", "assign"),
        ("我来联系", "assign"),
        ("交给我", "assign"),
        ("送红房子", "transfer"),
        ("门诊办说可以送过来", "accept"),
        ("收到", "chatter"),
        ("收到，谢谢大家", "chatter"),
        ("还没人管？都两个小时了", "chase"),
        ("刚测了血糖2.8", "update"),
        ("78岁", "update"),
        ("住云桦苑3号楼", "update"),
        ("打错了，是6号楼不是3号楼", "correct"),
        ("#1 改为三级", "correct"),
        ("一小时后再提醒", "snooze"),
        ("#1 重新打开", "reopen"),
        ("人到医院了", "arrived"),
        ("@所有人 今晚6点前把名单报上来", "notice"),
        ("请问小孩子发烧多少度要去医院啊", "consult"),
        ("听说有个孕妇大出血，不知道真假", "rumour"),
        ("中心医院血透室今天满了，明早8点恢复", "hospital_status"),
    ],
)
def test_wordings_that_are_settled(text: str, act: str) -> None:
    assert understand(text).act == act


@pytest.mark.parametrize(
    "text", ["人到医院了吗？", "3号接走了没有", "红房子收了吗", "鱼刺取出来了没", "中心医院能不能收3号"]
)
def test_what_is_asked_is_not_done(text: str) -> None:
    assert understand(text).act in {"ask", "chase"}


@pytest.mark.parametrize("text", ["还没到医院", "人还没接走", "没结案", "鱼刺没取出来"])
def test_what_is_denied_is_not_done(text: str) -> None:
    assert understand(text).act not in {"arrived", "dispatched", "close"}


def test_a_patient_in_danger_is_never_chatter() -> None:
    for noise in ("哈哈哈", "收到谢谢", "今天好冷", "笑死我了"):
        assert (
            classify(noise, ILL, lambda _, _marks: [Held({"chatter": 0.99, "report": 0.01}, 1.0)]).act
            != "chatter"
        )


def test_thanks_and_a_new_patient_are_two_acts() -> None:
    result = understand("昨天配的药收到了，谢谢。另外楼上阿公80岁吐血了，头晕站不住")
    assert result.act == "report"
    assert [span.act for span in result.also] == ["close"]
    assert "药收到了" in result.also[0].quote
    assert len(result.reports) == 1


def test_of_two_acts_the_one_said_first_is_first() -> None:
    result = understand("红房子说收不了，改送国妇婴")
    assert (result.act, [span.act for span in result.also]) == ("decline", ["transfer"])


def test_strong_cues_outweigh_the_classifier_and_weak_ones_do_not() -> None:
    wrong = {"chatter": 0.7, "close": 0.3}
    assert classify("0404-003 结案", ActFeatures(), lambda _, _marks: [Held(wrong, 1.0)]).act == "close"
    for act in ("accept", "snooze"):
        sure = {act: 0.99, "chatter": 0.001}
        assert (
            classify("按老规矩办", ActFeatures(), lambda _, _marks, sure=sure: [Held(sure, 1.0)]).act == act
        )


def test_a_short_yes_is_an_answer_only_from_a_hospital() -> None:
    assert classify("可以", ActFeatures(), role="hospital").act == "accept"
    assert classify("可以", ActFeatures(), role="contact").act == "chatter"


def test_a_broken_training_file_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "nlu.yml"
    broken.write_text("nlu: [", encoding="utf-8")
    with pytest.raises(TableError, match=r"nlu\.yml"):
        list(examples(broken))


def test_the_table_of_cues_is_sound() -> None:
    faults = Faults()
    read_cues(ACTS_TABLE, faults)
    assert [str(fault) for fault in faults.found] == []


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("closing,1,结案,,", "closing"),
        ("close,much,结案,,", "much"),
        ("close,1,,,", "empty"),
        ('close,1,"{结案,关",,', "braces"),
        ("close,1,<无>结案,,", "无"),
        ("close,1,[患者 ]+结案,,", "brackets"),
    ],
)
def test_a_faulty_row_is_named_with_its_line(tmp_path: Path, line: str, fault: str) -> None:
    table = tmp_path / "acts.csv"
    table.write_text(f"act,weight,says,unless,note\nclose,4,结案,,\n{line}\n", encoding="utf-8")
    faults = Faults()
    read_cues(table, faults)
    assert [found.line for found in faults.found] == [3]
    assert fault in faults.found[0].fault


@pytest.mark.parametrize(
    "text",
    [
        "请问二甲双胍是饭前吃还是饭后吃",
        "二甲双胍是饭前吃还是饭后吃",
        "二甲双胍饭前饭后？",
        "药师，二甲双胍啥时候吃",
        "过期的布洛芬还能吃吗",
        "过期药还能吃吗",
        "阿莫西林一次吃几粒",
        "有个居民早上忘了吃倍他乐克，现在补还是晚上一起吃",
        "降压药忘记吃了一次要补吗",
        "漏服了一次华法林怎么办",
        "布洛芬孕妇能不能吃",
        "请问哺乳期可以吃连花清瘟吗",
        "左氧氟沙星18岁以下能用吗",
        "优甲乐和钙片要隔多久吃",
        "想问下感冒药和降压药可不可以同时服用",
        "吃二甲双胍期间能喝酒吗",
        "氯沙坦有什么副作用",
        "缬沙坦吃了干咳，是副作用吗",
        "阿托伐他汀吃了会不会伤肝",
        "胰岛素开封后能放多久",
        "居民问硝苯地平控释片能不能掰开",
        "痛风药秋水仙碱拉肚子正常吗",
        "阿司匹林肠溶片睡前吃好还是早上吃好",
        "奥美拉唑饭前半小时吃对吗",
    ],
)
def test_a_question_on_a_medicine_is_for_the_pharmacists(text: str) -> None:
    meaning = understand(text, "contact")
    assert (meaning.act, meaning.pointers.only, meaning.danger) == ("consult", False, False)


@pytest.mark.parametrize(
    "text", ["佘山镇王阿婆78岁忘了吃降压药，头晕", "佘山镇王阿婆78岁 氨氯地平还有两天，饭前吃的那种"]
)
def test_somebody_who_is_ill_or_runs_out_is_a_report(text: str) -> None:
    assert understand(text, "contact").act == "report"


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("画图画得恶心，又改了三稿，谁懂", "chatter"),
        ("甲减六年了，最近老掉头发，吃什么调理好", "consult"),
        ("playhigh了一晚上", "chatter"),
    ],
)
def test_nobody_here_is_ill(text: str, act: str) -> None:
    assert understand(text).act in act.split("/")


@pytest.mark.parametrize(
    "text",
    [
        "气死我了，楼道里一个孕妇大出血没人管",
        "无语，我爸胸口痛得冒冷汗，120一直占线",
        "吐槽一句，居委没人接电话，外婆喘得躺不下",
        "宝宝烧到40抽了一下，怎么办",
        "我奶奶叫不醒了，是不是低血糖",
    ],
)
def test_danger_is_not_silenced_by_the_tone(text: str) -> None:
    result = understand(text)
    assert result.act == "report"
    assert result.reports[0].level <= 2


@pytest.mark.parametrize("text", ["封了一个月了真的快疯了 想跳楼", "我不想活了", "我想死"])
def test_words_of_dying_are_heard_and_kept_private(text: str) -> None:
    result = understand(text)
    assert result.act == "report"
    assert result.reports[0].entities["private"]


@pytest.mark.parametrize("text", ["[图片] 这个药谁有 家里老人断了一天了", "老人药断了一天了"])
def test_medicine_that_has_run_out_is_a_report(text: str) -> None:
    assert understand(text).act == "report"


def test_a_few_words_on_who_it_is_are_no_question() -> None:
    assert understand("男 56岁 有高血压").act == "update"


def test_a_double_dose_is_no_question_on_a_medicine() -> None:
    assert understand("老伯75岁今天华法林重复吃了一次").act == "report"
