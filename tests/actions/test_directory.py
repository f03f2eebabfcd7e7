"""Both directories say what the collected facts say (directory.csv), entry by entry, and nothing that is unsure."""

from __future__ import annotations

import csv
from math import cos, hypot, radians
from pathlib import Path

import pytest

from actions.site import Institution, Site, Town, load_site

SITES = {name: load_site(name) for name in ("songjiang", "dongguan")}
TABLE = Path(__file__).with_name("directory.csv")
ROWS = list(csv.DictReader(x for x in TABLE.read_text("utf-8").splitlines() if not x.startswith("#")))
TOWNS = {
    "songjiang": "岳阳街道 永丰街道 方松街道 中山街道 广富林街道 九里亭街道 泗泾镇 佘山镇 车墩镇 新桥镇 洞泾镇 九亭镇 "
    "泖港镇 石湖荡镇 新浜镇 叶榭镇 小昆山镇",
    "dongguan": "莞城街道 东城街道 南城街道 万江街道 石龙镇 石排镇 茶山镇 企石镇 桥头镇 东坑镇 横沥镇 常平镇 虎门镇 长安镇 "
    "沙田镇 厚街镇 寮步镇 大岭山镇 大朗镇 黄江镇 樟木头镇 谢岗镇 塘厦镇 清溪镇 凤岗镇 麻涌镇 中堂镇 高埗镇 石碣镇 "
    "望牛墩镇 洪梅镇 道滘镇 松山湖(生态园)",
}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_an_entry_is_as_the_facts_say(row: dict[str, str]) -> None:
    found = SITES[row["site"]].institutions[row["name"]]
    assert (found.tier or "") == row["tier"]
    if row["town"] or found.reach == "区内":
        assert (found.town or "") == row["town"]
    assert all(part in found.address for part in row["address"].split("|"))
    point = (found.lat, found.lon)
    assert point == ((float(row["lat"]), float(row["lon"])) if row["lat"] else (None, None))
    assert [each for each in row["has"].split("|") if not found.states(each)] == []
    names = SITES[row["site"]].gazetteer().institutions
    assert {names[said] for said in row["says"].split("|")} == {found.name}


@pytest.mark.parametrize("row", [r for r in ROWS if r["unsure"]], ids=lambda row: row["name"])
def test_what_is_unsure_is_marked_and_not_a_fact(row: dict[str, str]) -> None:
    found = SITES[row["site"]].institutions[row["name"]]
    shown = {"tier": found.tier, "town": found.town, "address": found.address, "coordinates": found.lat}
    for what in row["unsure"].split("|"):
        if what == "name":
            assert found.existence_unsure
        elif what in shown:
            assert not shown[what] and what in found.unsure
        else:
            assert not found.may_have(what) and f"departments:{what}" in found.unsure


@pytest.mark.parametrize("name", SITES)
def test_nobody_is_proposed_who_is_not_in_the_facts(name: str) -> None:
    proposed = {i.name for i in SITES[name].institutions.values() if i.kind != "名录外"}
    assert proposed == {row["name"] for row in ROWS if row["site"] == name}


def test_the_counts_of_the_facts() -> None:
    of = [i for i in SITES["songjiang"].institutions.values() if i.kind != "名录外"]
    assert len([i for i in of if i.reach == "市级"]) == 21
    assert len([i for i in of if i.reach == "区内" and i.kind != "社区"]) == 8
    assert len([i for i in of if i.kind == "社区"]) == 17
    assert len([i for i in of if i.kind == "社区" and not i.existence_unsure]) == 15
    assert {i.name for i in of if i.states("血透")} == {
        "上海市第一人民医院(南部)",
        "松江区中心医院",
        "松江区泗泾医院",
    }


@pytest.mark.parametrize("name", SITES)
def test_towns_are_those_of_the_facts(name: str) -> None:
    assert list(SITES[name].towns) and set(SITES[name].towns) == set(TOWNS[name].split())


@pytest.mark.parametrize(
    ("site", "said", "meant"),
    [
        ("songjiang", "老城", "岳阳街道"),
        ("songjiang", "松江老城", "岳阳街道"),
        ("songjiang", "松江新城", "方松街道"),
        ("songjiang", "九亭北", "九里亭街道"),
        ("songjiang", "昆岗", "小昆山镇"),
        ("songjiang", "陈坊桥", "佘山镇"),
        ("songjiang", "佘山度假区", "佘山镇"),
        ("songjiang", "仓桥", "永丰街道"),
        ("dongguan", "高步", "高埗镇"),
        ("dongguan", "高涉", "高埗镇"),
        ("dongguan", "道窖", "道滘镇"),
        ("dongguan", "石竭", "石碣镇"),
        ("dongguan", "缪步", "寮步镇"),
        ("dongguan", "松山湖", "松山湖(生态园)"),
    ],
)
def test_names_and_common_wrong_characters_of_towns(site: str, said: str, meant: str) -> None:
    assert SITES[site].gazetteer().towns[said] == meant


def test_unsure_names_of_towns_are_not_used() -> None:
    assert not {"茸北", "天马", "大学城", "松江大学城"} & SITES["songjiang"].gazetteer().towns.keys()


@pytest.mark.parametrize("who", ["经开区", "佘山度假区", "大学城"])
def test_posters_that_are_no_towns_are_contacts(who: str) -> None:
    (member,) = (m for m in SITES["songjiang"].members.values() if m.name.startswith(f"{who}防控办"))
    assert member.role == "contact" and "医疗保障群" in member.rooms


@pytest.mark.parametrize("name", SITES)
def test_neighbours_are_mutual_and_near(name: str) -> None:
    """Not farther than 20 km, and at least one of a town's three nearest is a neighbour."""
    towns = SITES[name].towns
    for town in towns.values():
        assert town.neighbours and town.name not in town.neighbours
        assert all(town.name in towns[other].neighbours for other in town.neighbours)
        assert all(_km(town, towns[other]) < 20 for other in town.neighbours)
        nearest = sorted((t for t in towns.values() if t != town), key=lambda t: _km(town, t))[:3]
        assert {t.name for t in nearest} & set(town.neighbours), town.name


def test_every_place_of_dongguan_has_internet_hospitals_its_own_first() -> None:
    site = SITES["dongguan"]
    online = [i for i in site.institutions.values() if i.states("互联网医院") and i.kind in ("综合", "中医")]
    for town in site.towns.values():
        serving = [i for i in online if town.name in i.serves]
        assert 1 <= len(serving) <= 4, town.name
        own = [i for i in online if i.town == town.name]
        around = [i for i in online if i.town in town.neighbours]
        if own:
            assert serving == own
        elif around:
            assert {i.name for i in around} & {i.name for i in serving}
        else:
            assert {i.name for i in serving} == _nearest(site, online, town)


def _nearest(site: Site, online: list[Institution], town: Town) -> set[str]:
    return {i.name for i in sorted(online, key=lambda i: _km(town, i))[:2]}


def _km(one: Town, other: Town | Institution) -> float:
    assert other.lat is not None and other.lon is not None
    return hypot(one.lat - other.lat, (one.lon - other.lon) * cos(radians(one.lat))) * 111.2
