"""Vital signs, pregnancy, dialysis, supply and durations: the table of wordings and what must hold of any number."""

from __future__ import annotations

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.measures import find_measures
from nlu.pregnancy import find_pregnancy, weeks_and_days
from tests.nlu.mention_cases import AT, Case, cases, check, values

KINDS = [
    "temp",
    "spo2",
    "sbp",
    "dbp",
    "hr",
    "rr",
    "glucose",
    "k",
    "gestation",
    "amenorrhoea_days",
    "parity",
    "multipara",
    "dialysis_gap_days",
    "missed_sessions",
    "days_left",
    "duration_h",
    "episode_h",
]


@pytest.mark.parametrize("case", cases(*KINDS), ids=str)
def test_wording(case: Case) -> None:
    check(case)


def first(kind: str, text: str) -> object:
    return next((one.value for one in find_measures(text) if one.kind == kind), None)


@given(st.integers(340, 430), st.sampled_from(["体温{}", "烧到{}度", "量了{}℃", "发烧{}"]))
def test_any_temperature(tenths: int, frame: str) -> None:
    assert first("temp", frame.format(f"{tenths / 10:.1f}")) == tenths / 10


@given(st.integers(34, 42), st.integers(1, 9), st.booleans())
def test_degrees_and_tenths(whole: int, tenth: int, chinese: bool) -> None:
    text = f"{cn2an.an2cn(whole)}度{cn2an.an2cn(tenth)}" if chinese else f"{whole}度{tenth}"
    assert first("temp", text) == whole + tenth / 10


@given(
    st.integers(70, 280),
    st.integers(20, 180),
    st.sampled_from(["{}/{}", "血压{}/{}", "高压{}低压{}", "上面{}下面{}"]),
)
def test_any_blood_pressure(upper: int, lower: int, frame: str) -> None:
    if lower >= upper or lower < 30:
        return
    for spell in (str, cn2an.an2cn):
        if frame == "{}/{}" and spell is not str:
            continue
        text = frame.format(spell(upper), spell(lower))
        assert (first("sbp", text), first("dbp", text)) == (upper, lower)


@given(st.integers(0, 49) | st.integers(101, 999))
def test_impossible_saturation_is_no_reading(number: int) -> None:
    assert first("spo2", f"血氧{number}") is None


@given(
    st.integers(4, 43),
    st.integers(0, 6),
    st.sampled_from(["孕{}+{}周", "孕{}周{}天", "怀孕{}w{}d", "孕{}周+{}"]),
)
def test_any_gestation(weeks: int, days: int, frame: str) -> None:
    found = [one.value for one in find_pregnancy(frame.format(weeks, days), AT) if one.kind == "gestation"]
    assert found == [f"{weeks}+{days}"]


@given(st.integers(0, 400))
def test_weeks_and_days_is_a_whole_division(days: int) -> None:
    weeks, rest = map(int, weeks_and_days(days).split("+"))
    assert weeks * 7 + rest == days and 0 <= rest < 7


@given(st.integers(1, 60), st.booleans())
def test_any_number_of_days_left_or_out(days: int, chinese: bool) -> None:
    words = cn2an.an2cn(days) if chinese else str(days)
    assert values(f"降压药还剩{words}天", "days_left") == [days]
    assert values(f"降压药断了{words}天", "days_left") == [-days]


@given(st.integers(1, 30))
def test_any_number_of_days_ill(days: int) -> None:
    assert values(f"喉咙痛{days}天了", "duration_h") == [days * 24]
    assert values(f"阳性{days}天了", "duration_h") == []
