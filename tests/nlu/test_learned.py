"""The learned judges: what they say by themselves, and that they only ever raise."""

from __future__ import annotations

import copy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nlu.kept import digest
from nlu.learned import Judge, Learned
from nlu.learning import tasks
from nlu.pipeline import Understander
from nlu.tables import TableError
from nlu.understanding import ACTS, Report
from nlu.vocabulary import Vocabulary
from tests.nlu.engine import AT, engine, tables_alone


def judge(chances: dict[str, float], grams: dict[str, str] | None = None) -> Judge:
    """One that holds `chances` of every text, but for n-grams that speak for a class."""
    grams = grams or {}
    weights = np.array([[9.0 * (name == wanted) for name in chances] for wanted in grams.values()])
    return Judge(
        tuple(chances),
        Vocabulary(tuple(grams)),
        np.ones(len(grams), dtype=np.float32),
        weights.reshape(len(grams), len(chances)).astype(np.float32),
        np.log(np.array(list(chances.values()), dtype=np.float32)),
        values=True,
    )


def reported(text: str, levels: Judge) -> Report:
    """What comes of a text when the levels are judged so."""
    made: Understander = copy.copy(tables_alone())
    made.learned = Learned(levels=levels)
    return made.patient(text, AT)


def test_chances_add_up_whatever_the_text() -> None:
    one = judge({"1": 0.1, "2": 0.2, "3": 0.3, "4": 0.4}, {"晕": "1"})
    for text in ("", "从没见过的字", "晕", "晕" * 5000):
        assert sum(one.probabilities(text).values()) == pytest.approx(1)
    assert one.probabilities("没见过")["4"] == pytest.approx(0.4)
    assert one.probabilities("头晕")["1"] > 0.9


def test_grounds_are_words_of_the_text() -> None:
    one = judge({"1": 0.5, "4": 0.5}, {"叫不醒": "1", "复查": "4"})
    assert one.grounds("叫不醒 要复查", ["1"]) == ("叫不醒",)
    assert one.grounds("别的话", ["1"]) == ()


def test_the_file_knows_all_acts_and_levels() -> None:
    learned = engine().learned
    assert learned.acts is not None and set(learned.acts.classes) == set(ACTS)
    assert learned.levels is not None and learned.levels.classes == ("1", "2", "3", "4")


def test_a_level_is_never_lowered() -> None:
    calm = judge({"1": 0.001, "2": 0.001, "3": 0.001, "4": 0.997})
    assert reported("我爸没呼吸了", calm).level == 1
    assert reported("突然嘴歪 一边手脚没力", calm).level == 2


def test_where_the_rules_are_silent_it_raises_and_says_why() -> None:
    report = reported("老周有点不对", judge({"1": 0.1, "2": 0.4, "3": 0.3, "4": 0.2}, {"不对": "2"}))
    assert report.level == 2
    assert (report.reasons[0].rule, report.reasons[0].quote) == ("M1", "老周有点不对")


def test_it_must_be_so_sure_of_danger_whatever_the_rules_have_decided() -> None:
    """R31a: a fishbone for a day is Ⅲ."""
    text = "鱼刺卡喉三天 饭吃不下"
    assert reported(text, judge({"1": 0.1, "2": 0.23, "3": 0.46, "4": 0.21})).level == 3
    assert reported(text, judge({"1": 0.1, "2": 0.32, "3": 0.38, "4": 0.2})).level == 2


def test_it_must_be_twice_as_sure_of_the_day() -> None:
    for text in ("崴脚了 能走路", "老周有点不对"):
        assert tables_alone().patient(text, AT).level == 4
        assert reported(text, judge({"1": 0.01, "2": 0.01, "3": 0.58, "4": 0.4})).level == 4
        assert reported(text, judge({"1": 0.01, "2": 0.01, "3": 0.88, "4": 0.1})).level == 3


def test_marks_of_the_tables_count_beside_the_words() -> None:
    calm = judge({"2": 0.3, "4": 0.7})
    weights = np.array([[0.0, 20.0]], dtype=np.float32)
    one = replace(calm, weights=weights, marks={"level:4": 0}, mark_share=0.1)
    assert one.probabilities("鱼刺") == pytest.approx({"2": 0.3, "4": 0.7})
    assert one.probabilities("鱼刺", ["level:4"])["4"] > 0.9
    assert one.probabilities("鱼刺", ["level:1"]) == pytest.approx({"2": 0.3, "4": 0.7})


def test_a_plain_cold_stays_ordinary() -> None:
    """The tables know it word by word; a mark says so, and the judge of the present messages heeds it."""
    assert engine().patient("30岁 发烧38 喉咙痛", AT).level == 4
    known = tables_alone().marks("30岁 发烧38 喉咙痛", AT)[1].marks
    assert {"level:4", "known:4"} <= known or {"level:4", "known:3"} <= known
    assert "known:0" in tables_alone().marks("隔壁老周那个样子我说不上来", AT)[1].marks


def _act(text: str, report: float, urgent: float) -> str:
    """The act of a text when the judges hold it for a report and for level Ⅱ with these chances."""
    made: Understander = copy.copy(tables_alone())
    acts = judge({"report": report, "chatter": 1 - report})
    made.learned = Learned(
        acts=acts, levels=judge({"1": 0.01, "2": urgent - 0.01, "3": 0.01, "4": 0.99 - urgent})
    )
    return made.understand(text, AT).act


def test_danger_in_words_no_table_knows_is_no_talk() -> None:
    """Both judges together decide: written half like a report, and like those of danger."""
    text = "老周那个样子我说不上来"
    assert _act(text, report=0.35, urgent=0.8) == "report"
    assert _act(text, report=0.25, urgent=0.95) == "report"
    assert _act(text, report=0.35, urgent=0.6) != "report"
    assert _act(text, report=0.1, urgent=0.95) != "report"
    assert _act("昨晚那部电视剧里老周的样子", report=0.35, urgent=0.8) != "report"


def test_the_dead_are_not_raised() -> None:
    """Contract §3: a confirmed death is Ⅳ."""
    sure = judge({"1": 0.97, "2": 0.01, "3": 0.01, "4": 0.01})
    assert reported("外婆今早在家去世了 医生来确认过", sure).level == 4


def test_a_label_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "nlu.yml").write_text("nlu: []", encoding="utf-8")
    (tmp_path / "levels.yml").write_text(
        "nlu:\n- intent: level_9/EM\n  examples: |\n    - 晕倒了\n", encoding="utf-8"
    )
    with pytest.raises(TableError, match="level_9/EM"):
        list(tasks(tmp_path))


def test_other_messages_make_other_judges(tmp_path: Path) -> None:
    (tmp_path / "levels.yml").write_text("a", encoding="utf-8")
    before = digest(tmp_path)
    (tmp_path / "levels.yml").write_text("b", encoding="utf-8")
    assert digest(tmp_path) != before
