"""Numbers as written and spoken."""

from __future__ import annotations

import re

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.numbers import NUMBER, WHOLE, tidy, value


@given(st.integers(0, 9999))
def test_any_whole_number_reads_back_in_both_scripts(number: int) -> None:
    for words in (str(number), cn2an.an2cn(number)):
        assert value(words) == number
        assert re.fullmatch(NUMBER, words)
        assert re.fullmatch(WHOLE, words)


@given(st.integers(0, 999), st.integers(0, 99))
def test_any_decimal_reads_back(whole: int, hundredths: int) -> None:
    number = whole + hundredths / 100
    words = cn2an.an2cn(f"{number:.2f}")
    assert value(words) == pytest.approx(number)


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("一百八", 180),
        ("一百八九", 180),
        ("两千五", 2500),
        ("一百零八", 108),
        ("七八十", 70),
        ("三四", 3),
        ("二十七八", 27),
        ("十七八", 17),
        ("廿三", 23),
        ("幺三八", 138),
        ("两百二", 220),
        ("一千零一", 1001),
    ],
)
def test_spoken_forms(words: str, number: float) -> None:
    assert value(words) == number


def test_numbers_run_together_are_read_one_by_one() -> None:
    assert re.findall(NUMBER, "一百八一百一") == ["一百八", "一百一"]
    assert re.findall(NUMBER, "一百六九十五") == ["一百六", "九十五"]


@given(st.text(max_size=12))
def test_no_text_breaks_it(text: str) -> None:
    number = value(text)
    assert number is None or number >= 0


def test_whole_numbers_stay_whole() -> None:
    assert repr(tidy(38.0)) == "38"
    assert repr(tidy(38.5)) == "38.5"
