"""What stands around the scorer: the baselines, the real texts, the table."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from nlu.evaluation import real, stock
from nlu.evaluation.annotate import Annotator
from nlu.evaluation.engines import Engine, EngineError, ask
from nlu.evaluation.keywords import Keywords
from nlu.evaluation.labels import AT
from nlu.evaluation.report import BEGIN, END, write
from nlu.evaluation.table import Column, table
from nlu.evaluation.tally import Tally
from nlu.evaluation.worker import Request, peak_mb
from nlu.tables import DATA


def keywords(text: str) -> dict:
    return Keywords().answer(Request(text, AT))


class TestKeywords:
    def test_the_highest_level_and_its_specialty_come_first(self) -> None:
        [report] = keywords("佘山镇67岁老伯头晕,胸痛,38.5度")["reports"]
        assert report["level"] == 2
        assert report["specialties"][0]["code"] == "CARD"
        assert report["entities"]["age"] == 67
        assert report["entities"]["temp"] == 38.5
        assert report["entities"]["town"] == "佘山镇"

    def test_a_word_that_is_denied_does_not_count(self) -> None:
        assert keywords("没有发烧")["act"] == "chatter"

    def test_a_word_inside_a_longer_one_counts_once(self) -> None:
        assert keywords("剧烈头痛")["hint"]["entities"]["symptoms"] == ["头痛"]
        assert Keywords().spans(Request("他剧烈头痛", AT)) == [(1, 5)]

    def test_acts(self) -> None:
        assert keywords("我们这里没床,收不了")["act"] == "decline"
        assert keywords("大家早上好")["act"] == "chatter"


class TestStock:
    def test_marks_have_the_values(self) -> None:
        annotator = Annotator(DATA / "sites" / "songjiang")
        assert annotator.mark("佘山一位67岁老伯牙疼") == (
            '[佘山]{"entity": "town", "value": "佘山镇"}一位[67岁]{"entity": "age", "value": "67"}老伯'
            '[牙疼]{"entity": "symptoms", "value": "牙痛"}'
        )

    def test_what_is_denied_is_not_marked(self) -> None:
        assert Annotator(DATA / "sites" / "songjiang").mark("没有发烧") == "没有发烧"

    def test_levels_and_specialties_are_taken_apart(self) -> None:
        content = stock._rasa([("level_1/EM", ["a"]), ("level_2/EM", ["b"]), ("level_2/GI", ["c", "d"])])
        assert list(stock.intents_of(stock.labelled(content, 0))) == [
            ("level_1", ["a"]),
            ("level_2", ["b", "c", "d"]),
        ]
        assert list(stock.intents_of(stock.labelled(content, 1))) == [("EM", ["a", "b"]), ("GI", ["c", "d"])]

    def test_a_missing_environment_is_said(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("LIANLUO_RASA_PYTHON", "/nowhere/python")
        with pytest.raises(stock.StockError, match="make setup"):
            stock._python()


class TestReal:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        files = {
            "smp2020_weibo_chitchat.jsonl": [{"text": f"帖子{n}"} for n in range(10)],
            "toyhom_internal_dept.jsonl": [
                {"text": "胃胀", "department": "消化科"},
                {"text": "乏力", "department": "普通内科"},  # no specialty of ours
            ],
            "fenzhen_symptom_ner_test.jsonl": [
                {
                    "text": "发烧又咳嗽",
                    "entities": [
                        {"type": "SYMPTOM", "start": 0, "end": 2, "text": "发烧"},
                        {"type": "SYMPTOM", "start": 3, "end": 5, "text": "咳嗽"},
                        {"type": "DISEASE", "start": 0, "end": 5, "text": "…"},
                    ],
                }
            ],
        }
        for name, rows in files.items():
            body = "\n".join(json.dumps(row) for row in rows)
            (tmp_path / name).write_text(body, encoding="utf-8")
        return tmp_path

    def test_samples_at_even_steps(self, folder: Path) -> None:
        posts = [case for case in real.cases(folder, 5) if "smp" in case.source.file]
        assert [case.request.text for case in posts] == ["帖子0", "帖子2", "帖子4", "帖子6", "帖子8"]

    def test_figures(self, folder: Path) -> None:
        cases = real.cases(folder, None)
        nothing = {"act": "chatter", "reports": [], "hint": None}
        report = {
            "act": "report",
            "reports": [{"level": 2}],
            "hint": {"level": 2, "specialties": [{"code": "GI"}]},
        }
        answers = [report, *[nothing] * 9, report, nothing]
        spans = [[]] * 11 + [[(1, 3)]]
        counts = real.judge(cases, answers, spans).counts
        assert (counts["posts: false reports"].hits, counts["posts: false reports"].total) == (1, 10)
        assert counts["posts: false Ⅰ–Ⅱ"].hits == 1
        assert (counts["toyhom: specialty first"].hits, counts["toyhom: specialty first"].total) == (1, 1)
        assert (counts["fenzhen: symptom spans"].hits, counts["fenzhen: symptom spans"].total) == (1, 2)


class TestTable:
    def test_what_an_engine_cannot_have_is_left_empty(self) -> None:
        tally = Tally()
        for right in (True, True, False):
            tally.add("level", right)
            tally.add("category", right)
        columns = [
            Column(Engine("a", "A", list), tally),
            Column(Engine("b", "B", list, frozenset(["category"])), tally),
        ]
        assert table(columns).splitlines() == [
            "| measure | A | B |",
            "| --- | ---: | ---: |",
            "| level among the accepted | 66.7 % (2/3) | 66.7 % (2/3) |",
            "| category | 66.7 % (2/3) | – |",
        ]

    def test_kinds_of_entities_are_summed(self) -> None:
        tally = Tally()
        tally.add("age recall", True)
        tally.add("symptoms recall", False)
        assert "| entities recall | 50.0 % (1/2) |" in table([Column(Engine("a", "A", list), tally)])

    def test_written_between_the_marks(self, tmp_path: Path) -> None:
        path = tmp_path / "evaluation.md"
        path.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n", encoding="utf-8")
        write("new", path)
        text = path.read_text(encoding="utf-8")
        assert "old" not in text
        assert text.index("before") < text.index("new") < text.index("after")
        with pytest.raises(ValueError, match="marks"):
            path.write_text("nothing", encoding="utf-8")
            write("new", path)


class TestAsking:
    def test_an_engine_answers_from_a_process_of_its_own(self) -> None:
        engine = Engine("keywords", "", lambda: [sys.executable, "-m", "nlu.evaluation.keywords"])
        said = ask(engine, [Request("胸痛", AT, spans=True), Request("早", AT)])
        assert [answer["act"] for answer in said.answers] == ["report", "chatter"]
        assert said.spans == [[(0, 2)], []]
        assert 0 < said.median_ms < 1000
        if peak_mb() is not None:
            assert 5 < (said.peak_mb or 0) < 1000

    def test_one_that_fails_is_said(self) -> None:
        engine = Engine("broken", "", lambda: [sys.executable, "-c", "raise SystemExit(3)"])
        with pytest.raises(EngineError, match="broken: ended with status 3"):
            ask(engine, [])
