"""Load over the internet hospitals of Dongguan's first step, the 16 of the pack, and of its second, 48: 32 invented ones more.

What is ranked is real; cases are counted as they are proposed, without a chat: the real application is test_spread.py.
"""

from __future__ import annotations

import csv
import shutil
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from actions.load import ONLINE, Load
from actions.matching import Need, rank
from actions.site import SITES, Site, load_site
from actions.site_types import Institution

AT = datetime.fromisoformat("2022-12-19T10:00:00+08:00")
FIRST, SECOND = 16, 48
PLACES = 100
EACH_TOWN = 10
"""Mild patients of every town."""


def internet_hospitals(site: Site) -> list[str]:
    return [name for name, each in site.institutions.items() if each.states(ONLINE)]


@pytest.fixture(scope="module", params=[FIRST, SECOND])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The pack as it ships, or a copy of it in which every other town has an internet hospital too."""
    if request.param == FIRST:
        return load_site("dongguan")
    folder = tmp_path_factory.mktemp("packs") / "dongguan"
    shutil.copytree(SITES / "dongguan", folder)
    add_invented(folder, SECOND - FIRST)
    return load_site("dongguan", folder.parent)


def add_invented(folder: Path, count: int) -> None:
    """So many hospitals in the towns that have fewest, each for its own town."""
    path = folder / "institutions.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    head = next(line for line in lines if not line.startswith("#")).split(",")
    with (folder / "towns.csv").open(encoding="utf-8") as rows:
        towns = list(csv.DictReader(line for line in rows if not line.startswith("#")))
    there = Counter(row["town"] for row in csv.DictReader(line for line in lines if not line.startswith("#")))
    towns.sort(key=lambda town: there[town["name"]])
    added = []
    for number in range(count):
        town = towns[number % len(towns)]
        told = {
            "name": f"虚构第{number + 1}互联网医院", "kind": "综合", "reach": "区内", "town": town["name"], "lat": town["lat"],
            "lon": town["lon"], "departments": "GP|INF", "services": ONLINE, "serves": town["name"],
            "places": f"{ONLINE}:{PLACES}/day?",
        }  # fmt: skip
        added.append(",".join(told.get(column, "") for column in head))
    path.write_text("\n".join([*lines, *added]) + "\n", encoding="utf-8")


@dataclass(frozen=True)
class Sent:
    """One patient: where he went, and how full (share of the places) that one and the least full of his own were."""

    town: str
    hospital: str
    share: float
    own: float


def spread(site: Site) -> list[Sent]:
    """Mild patients of all towns, one after the other, towns mixed."""
    towns, houses = list(site.towns), [site.institutions[name] for name in internet_hospitals(site)]
    used: Counter[tuple[str, str]] = Counter()
    sent = []
    for number in range(EACH_TOWN * len(towns)):
        town = towns[number * 7 % len(towns)]
        need = Need(4, "INF", ("INF",), "FEVER", (), "ONLINE", town, None, AT)
        first = rank(site, need, [], [], load=Load(used))[0].name
        share = {house.name: used[house.name, ONLINE] / places(house) for house in houses}
        own = min(share[house.name] for house in houses if town in house.serves)
        sent.append(Sent(town, first, share[first], own))
        used[first, ONLINE] += 1
    return sent


def places(house: Institution) -> int:
    found = house.places_for(ONLINE)
    assert found is not None
    return found.count


@pytest.fixture(scope="module")
def sent(site: Site) -> list[Sent]:
    return spread(site)


def test_the_pack_has_so_many(site: Site) -> None:
    assert len(internet_hospitals(site)) in (FIRST, SECOND)


def test_none_has_more_than_its_share(site: Site, sent: list[Sent]) -> None:
    """At most twice what its places are of all, and four."""
    taken = Counter(each.hospital for each in sent)
    assert taken.keys() <= set(internet_hospitals(site))
    whole = sum(places(site.institutions[name]) for name in internet_hospitals(site))
    most = {name: 4 + 2 * len(sent) * places(site.institutions[name]) / whole for name in taken}
    assert {name: (n, most[name]) for name, n in taken.items() if n > most[name]} == {}


def test_the_own_town_is_preferred(site: Site, sent: list[Sent]) -> None:
    """Nine of ten stay with a hospital that is for their town; others leave only for one that is less full."""
    away = [each for each in sent if each.town not in site.institutions[each.hospital].serves]
    assert len(away) < len(sent) / 10
    assert [each for each in away if each.share >= each.own] == []


def test_a_town_with_a_hospital_of_its_own_uses_it(site: Site, sent: list[Sent]) -> None:
    for name in internet_hospitals(site):
        house = site.institutions[name]
        if len(house.serves) == 1:
            (town,) = house.serves
            assert any(each.hospital == name for each in sent if each.town == town), name
