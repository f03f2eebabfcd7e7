"""Words of Shanghai and Canton in plain Chinese, character by character."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.dialect import plain
from nlu.tables import TableError
from tests.nlu.engine import AT, engine


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ("阿公唔瞓得低 脚肿晒", "阿公不睡得低 脚肿了"),
        ("佢哋话冇嘢", "他们话没嘢"),
        ("嘴歪特了 立勿起", "嘴歪掉了 立不起"),
        ("特别企业 抑郁 饮食 没关系", "特别企业 抑郁 饮食 没关系"),
        ("坐牢的疤痕 冷冻食品", "坐牢的疤痕 冷冻食品"),
    ],
)
def test_each_word_keeps_its_place(said: str, means: str) -> None:
    assert plain(said) == means


@given(st.text(alphabet="唔冇咗佢瞓食饮冻痕牢特晒成身个今朝抑郁冷业饭0 ,x"))
def test_no_text_grows_or_shrinks(text: str) -> None:
    assert len(plain(text)) == len(text)
    assert plain(plain(text)) == plain(text)


def test_words_of_other_lengths_are_a_fault(tmp_path: Path) -> None:
    table = tmp_path / "dialect.csv"
    table.write_text("says,means,unless,note\n唔该,谢谢你,,\n", encoding="utf-8")
    with pytest.raises(TableError, match=r"dialect.csv:2: 唔该 and 谢谢你 must be of one length"):
        plain("唔该", table)


@pytest.mark.parametrize(
    ("text", "symptom"),
    [
        ("阿公今日唔瞓得低", "端坐呼吸"),
        ("爷叔一只脚肿晒", "下肢水肿"),
        ("阿婆冇胃口", "食欲减退"),
        ("嘴巴歪特了", "口角歪斜"),
    ],
)
def test_what_is_known_in_plain_words_is_known_in_dialect(text: str, symptom: str) -> None:
    hint = engine().understand(text, AT).triage_hint
    assert hint is not None
    assert symptom in hint.entities["symptoms"]
