"""A wave in Dongguan through the real application: mild cases are spread over the internet hospitals of their towns."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from actions.load import ONLINE
from actions.site import Site, load_site
from bot.replay import Player
from tests.conftest import builtin_reader

ROOM, WHO = "互联网医院联络群", "虎门防控办-小王"
START = datetime.fromisoformat("2022-12-19T09:00:00+08:00")
LARGE = {
    "虎门镇": 7,
    "长安镇": 7,
    "塘厦镇": 6,
    "东城街道": 6,
    "厚街镇": 5,
    "寮步镇": 5,
    "常平镇": 5,
    "南城街道": 5,
}
"""Towns with more cases than the two of every other."""
MILD = ("发烧38.1一天，喉咙痛", "鼻塞，嗓子疼", "浑身酸痛，发烧38.3", "发烧37.9，嗓子疼")
DANGER = (
    "虎门镇和平家园201号楼，76岁男，抗原阳性，血氧88，气喘得说不出整句话",
    "长安镇和平家园202号楼，81岁女，抗原阳性三天，叫不醒，嘴唇发紫",
    "塘厦镇和平家园203号楼，孕32周，29岁，抗原阳性，发烧38.5，阴道流血，肚子痛",
    "东城街道和平家园204号楼，2个月宝宝，发烧39，不吃奶，精神差，一直嗜睡",
    "常平镇和平家园205号楼，58岁男，抗原阳性，胸口压着痛，出冷汗，喘不上气",
)


@pytest.fixture(scope="module")
def site() -> Site:
    return load_site("dongguan")


@pytest.fixture(scope="module")
def cases(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[dict[str, Any]]]:
    """The state after a hundred mild cases and five with danger signs among them."""
    written: list[str] = []
    url = f"sqlite:///{tmp_path_factory.mktemp('spread') / 'bot.db'}"
    player = Player(site, builtin_reader("dongguan"), url, written.append, lambda: None)
    for number, text in enumerate(texts(site)):
        at = (START + timedelta(seconds=20 * number)).isoformat()
        said = {"type": "say", "id": f"m{number}", "at": at, "room": ROOM, "from": WHO, "text": text}
        assert player.play(iter([json.dumps(said)])) == 0
    yield json.loads(written[-1])["cases"]
    player.close()


def texts(site: Site) -> list[str]:
    """A hundred mild cases from all towns, mixed, with one of the dangerous behind every twenty."""
    towns = [town for town in site.towns for _ in range(LARGE.get(town, 2))]
    mixed = [towns[n * 37 % len(towns)] for n in range(100)]
    mild = [
        f"{town}和平家园{n + 1}号楼，{20 + n % 25}岁{'男女'[n % 2]}，抗原阳性，{MILD[n % len(MILD)]}，吃喝都正常"
        for n, town in enumerate(mixed)
    ]
    return [text for n in range(5) for text in (*mild[n * 20 : n * 20 + 20], DANGER[n])]


def test_a_hundred_mild_cases_are_spread_over_the_internet_hospitals_of_their_towns(
    site: Site, cases: list[dict[str, Any]]
) -> None:
    mild = [case for n, case in enumerate(cases) if n % 21 != 20]
    assert len(mild) == 100
    assert {case["level"] for case in mild} == {4}
    sent = Counter(case["hospital"] for case in mild)
    assert all(ONLINE in site.institutions[name].services for name in sent)
    serving = {town: [i for i in site.institutions.values() if town in i.serves] for town in site.towns}
    away = {case["town"]: case["hospital"] for case in mild if case["town"] not in towns_of(site, case)}
    assert away == {}
    fair = dict.fromkeys(site.institutions, 0.0)
    for case in mild:
        share = {i.name: places.count for i in serving[case["town"]] if (places := i.places_for(ONLINE))}
        for name, count in share.items():
            fair[name] += count / sum(share.values())
    assert {name: n for name, n in sent.items() if n > fair[name] + max(4, fair[name] / 2)} == {}
    assert len(sent) >= 12


def towns_of(site: Site, case: dict[str, Any]) -> tuple[str, ...]:
    """The towns that the hospital of a case is for."""
    return site.institutions[case["hospital"]].serves


def test_those_with_danger_signs_do_not_go_online(site: Site, cases: list[dict[str, Any]]) -> None:
    dangerous = cases[20::21]
    assert len(dangerous) == 5
    assert all(case["level"] <= 2 for case in dangerous)
    assert all(site.institutions[case["hospital"]].may_have("急诊") for case in dangerous)
