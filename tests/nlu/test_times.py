"""Spans of time and days of the calendar."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.times import days, spans, weekday_ahead, weekday_back

MONDAY = date(2022, 4, 4)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("三天", 72),
        ("两个半小时", 2.5),
        ("半个多小时", 0.5),
        ("第四天", 96),
        ("一个半月", 1080),
        ("半个月", 360),
        ("半天", 12),
        ("一天半", 36),
        ("一个礼拜", 168),
        ("两三天", 48),
        ("十几分钟", 1 / 6),
        ("一整天", 24),
        ("好几天", 72),
        ("一刻钟", 0.25),
        ("48h", 48),
    ],
)
def test_length(text: str, hours: float) -> None:
    assert [one.hours for one in spans(text)] == [pytest.approx(hours)]


@pytest.mark.parametrize("text", ["4月3日", "2022年", "半夜", "三个人", "5楼", "2月"])
def test_no_length(text: str) -> None:
    assert spans(text) == []


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("上周四", date(2022, 3, 31)),
        ("上个礼拜五", date(2022, 4, 1)),
        ("上上周五", date(2022, 3, 25)),
        ("昨天", date(2022, 4, 3)),
        ("大前天", date(2022, 4, 1)),
        ("4月1号", date(2022, 4, 1)),
        ("3.31", date(2022, 3, 31)),
        ("三天前", date(2022, 4, 1)),
        ("12月30日", date(2021, 12, 30)),
        ("二号", date(2022, 4, 2)),
    ],
)
def test_day_gone_by(text: str, day: date) -> None:
    assert [one.day for one in days(text, MONDAY, forward=False)] == [day]


@pytest.mark.parametrize("text", ["13月1日", "2月30日", "4月99号", "0月0日"])
def test_no_such_day(text: str) -> None:
    assert days(text, MONDAY) == []


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.integers(0, 6))
def test_weekdays_are_within_their_week(today: date, weekday: int) -> None:
    back, ahead = weekday_back(weekday, None, today), weekday_ahead(weekday, None, today)
    assert 0 <= back < 7 and 0 <= ahead < 7
    assert (today - timedelta(days=back)).weekday() == weekday == (today + timedelta(days=ahead)).weekday()
    last_week = today - timedelta(days=weekday_back(weekday, "上", today))
    assert last_week.isocalendar()[:2] == (today - timedelta(days=7)).isocalendar()[:2]


@given(st.text(max_size=40), st.dates())
def test_no_text_breaks_it(text: str, today: date) -> None:
    places = [(one.start, one.end) for one in spans(text)] + [
        (day.start, day.end) for day in days(text, today)
    ]
    assert all(0 <= start < end <= len(text) for start, end in places)
