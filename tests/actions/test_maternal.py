"""Pregnancies: weeks counted on, appointments with their windows, what a birth changes."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.maternal import weeks
from actions.maternal.windows import read_windows, windows, windows_in
from actions.site_types import SiteError

TODAY = date(2022, 4, 4)


def told(gestation: str, days_ago: int) -> dict[str, str]:
    """The fields of a case whose weeks were told some days ago."""
    return dict(weeks.told_on({"gestation": gestation}, TODAY - timedelta(days=days_ago)))


@given(days=st.integers(21, 308), later=st.integers(0, 300))
def test_a_day_more_is_a_day_more(days: int, later: int) -> None:
    fields = told(weeks.as_weeks(days), later)
    counted = weeks.pregnant_days(fields, TODAY)
    assert counted == (days + later if days + later <= weeks.LAST_DAYS else None)
    assert weeks.pregnant_days(fields) == days
    assert fields["gestation"] == weeks.as_weeks(days)


@pytest.mark.parametrize(
    ("gestation", "days_ago", "words"),
    [
        ("36+6", 0, "孕36+6周"),
        ("36+6", 1, "孕37+0周"),
        ("39+6", 1, "孕40+0周"),
        ("40+0", 8, "孕41+1周"),
        ("44+0", 0, "孕44+0周"),
        ("44+0", 1, ""),
        ("20", 3, "孕20+3周"),
    ],
)
def test_weeks_as_of_today(gestation: str, days_ago: int, words: str) -> None:
    assert weeks.person_words(told(gestation, days_ago), TODAY) == words


@pytest.mark.parametrize(
    ("days_ago", "words", "begins"),
    [
        (0, "今天分娩", "产后。"),
        (1, "产后1天", "产后1天。"),
        (42, "产后42天", "产后42天。"),
        (43, "", "发热"),
    ],
)
def test_after_the_birth(days_ago: int, words: str, begins: str) -> None:
    born = (TODAY - timedelta(days=days_ago)).isoformat()
    fields = {**told("38+2", 60), weeks.BORN_ON: born, "age": 29}
    assert weeks.person_words(fields, TODAY) == words
    assert weeks.known_today(fields, TODAY) == {"age": 29}
    assert weeks.story_today(["发热"], fields, TODAY).startswith(begins)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("孕22周 要做大排畸，约不到", ["大排畸"]),
        ("孕25周想约糖耐和NT", ["NT检查", "糖耐"]),
        ("孕12周还没建卡", ["建卡"]),
        ("孕26周，大排畸做过了，想约糖耐", ["糖耐"]),
        ("唐筛高风险，想问怎么办", []),
        ("孕22周产检预约大排畸", ["大排畸"]),
        ("孕30周要产检", ["产检", "产检"]),
        ("产后42天检查去哪里做", ["产后42天检查"]),
        ("包nta一盒", []),
        ("肚子痛", []),
    ],
)
def test_which_appointment_is_asked_for(text: str, wanted: list[str]) -> None:
    assert [each.what for each in windows_in(text)] == wanted


def test_windows_of_the_table_last_some_time() -> None:
    assert len(windows()) > 8
    assert all(each.last is None or each.last - each.first >= 7 for each in windows())


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("大排畸,排畸,pregnancy,20,24+6,,x", "from: 20 must be weeks and days, like 24\\+6"),
        ("大排畸,排畸,pregnancy,25+0,24+6,,x", "from: 25\\+0 is after 24\\+6"),
        ("大排畸,排畸,wedding,20+0,24+6,,x", "after: wedding must be pregnancy or birth"),
        ("大排畸,排畸,pregnancy,20+0,,,x", "to: what is not repeated needs a last week"),
        ("大排畸,排畸,pregnancy,20+0,,often,x", "every_days: often must be a whole number"),
        ("大排畸,(排畸,pregnancy,20+0,24+6,,x", "says: no regular expression"),
    ],
)
def test_a_fault_of_the_table_names_its_line(tmp_path: Path, row: str, fault: str) -> None:
    table = tmp_path / "pregnancy-windows.csv"
    table.write_text(f"what,says,after,from,to,every_days,source\n{row}\n", encoding="utf-8")
    with pytest.raises(SiteError, match=rf"pregnancy-windows.csv:2: {fault}"):
        read_windows(table)
