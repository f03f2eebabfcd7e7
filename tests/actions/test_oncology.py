"""Dates of cancer patients: read, counted on, listed the evening before, and remembered when fever comes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from nlu.programmes.oncology import oncology_dates
from nlu.programmes.said import OncologyDate
from nlu.programmes.words import ONCOLOGY, faults
from tests.actions.commands import ZONE

AT = datetime(2022, 4, 4, 9, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("肺癌，4月6号第三次化疗，车子出不去", {"kind": "chemo", "day": date(2022, 4, 6)}),
        ("放疗每天，还剩8次", {"kind": "radio", "every": 1, "left": 8}),
        ("PICC周三该维护了", {"kind": "line", "day": date(2022, 4, 6)}),
        ("PICC置管，上次维护3月28日", {"kind": "line", "last": date(2022, 3, 28)}),
        ("靶向药还剩2天", {"kind": "drug", "day": date(2022, 4, 6)}),
        ("升白针今晚要打", {"kind": "injection", "day": date(2022, 4, 4)}),
        ("上次化疗3月20号，每三周一次", {"kind": "chemo", "last": date(2022, 3, 20), "every": 21}),
        ("PICC每周维护", {"kind": "line", "every": 7}),
        ("今天化疗做好了", {"kind": "chemo", "last": date(2022, 4, 4)}),
        ("3月28日刚做完化疗，今天发烧38.5", {"kind": "chemo", "last": date(2022, 3, 28)}),
        ("化疗以后不用提醒了", {"kind": "chemo", "stops": True}),
    ],
)
def test_what_is_told_of_dates(text: str, told: dict[str, Any]) -> None:
    assert oncology_dates(text, AT) == (OncologyDate(**told),)


@pytest.mark.parametrize(
    "text", ["化疗后白细胞低", "化疗做完了吗", "化疗没做成", "PICC 10天没维护了", "明天验血"]
)
def test_what_tells_no_date(text: str) -> None:
    assert oncology_dates(text, AT) == ()


def test_the_table_has_no_fault() -> None:
    assert faults(ONCOLOGY) == []
