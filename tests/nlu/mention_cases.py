"""The table of wordings, mentions.csv, and a small invented-address gazetteer to read it with."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from nlu.gazetteer import Gazetteer
from nlu.mention import Mention
from nlu.mentions import extract
from nlu.normalise import normalise

AT = datetime.fromisoformat("2022-04-04T09:12:00+08:00")
"""A Monday."""
TABLE = Path(__file__).with_name("mentions.csv")

_TOWNS = [
    "岳阳街道",
    "永丰街道",
    "方松街道",
    "中山街道",
    "广富林街道",
    "九里亭街道",
    "泗泾镇",
    "佘山镇",
    "车墩镇",
    "新桥镇",
    "洞泾镇",
    "九亭镇",
    "泖港镇",
    "石湖荡镇",
    "新浜镇",
    "叶榭镇",
    "小昆山镇",
]
_INSTITUTIONS = {
    "松江区中心医院": "区中心医院 区中心 中心医院",
    "复旦大学附属中山医院": "中山医院",
    "复旦大学附属肿瘤医院": "肿瘤医院",
    "上海市胸科医院": "胸科医院",
    "国际和平妇幼保健院": "国妇婴",
    "上海市公共卫生临床中心": "公卫中心",
    "复旦大学附属眼耳鼻喉科医院": "五官科 五官科医院",
    "复旦大学附属妇产科医院": "红房子",
    "上海市第一人民医院(南部)": "市一",
    "松江区泗泾医院": "泗泾医院",
    "松江区九亭医院": "九亭医院",
    "上海中医药大学附属岳阳中西医结合医院": "岳阳医院",
    "上海市第六人民医院": "六院",
    "上海交通大学医学院附属瑞金医院": "瑞金 瑞金医院",
}
GAZETTEER = Gazetteer(
    {alias: town for town in _TOWNS for alias in (town, town.removesuffix("街道").removesuffix("镇"))},
    {alias: full for full, aliases in _INSTITUTIONS.items() for alias in (full, *aliases.split())},
)


@dataclass(frozen=True)
class Case:
    """A wording and the first value of one kind in it; an empty `value`: none may be found."""

    text: str
    kind: str
    value: str
    at: datetime

    def __str__(self) -> str:
        return f"{self.kind}={self.value or 'none'}: {self.text}"


def cases(*kinds: str) -> list[Case]:
    """Rows of the table about these kinds; all rows when none is named."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [
        Case(row["text"], row["kind"], row["value"], _day(row["at"]))
        for row in rows
        if not kinds or row["kind"] in kinds
    ]


def _day(words: str | None) -> datetime:
    if not words:
        return AT
    year, month, day = (int(part) for part in words.split("-"))
    return AT.replace(year=year, month=month, day=day)


def read(text: str, at: datetime = AT) -> list[Mention]:
    """What a raw text yields."""
    return extract(normalise(text).text, at, GAZETTEER)


def values(text: str, kind: str, at: datetime = AT) -> list[object]:
    """The values of one kind, in order."""
    return [one.value for one in read(text, at) if one.kind == kind]


def check(case: Case) -> None:
    """The first value of the kind is the one in the table."""
    found = values(case.text, case.kind, case.at)
    assert (str(found[0]) if found else "") == case.value, read(case.text, case.at)
