"""Who is busy comes later, who is full is passed over and it is said; what the database holds counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from actions.desk import Desk
from actions.dialysis.models import DialysisPatient
from actions.hospital_figures import hospital_figures
from actions.hospital_load import hospital_load
from actions.load import Load, services_used
from actions.matching import Need, StatusNote, explain, rank
from actions.phrasebook import Phrasebook
from actions.site import Site, load_site
from actions.site_types import Places
from tests.actions.commands import CHEN, START, ZHANG, Chat
from tests.actions.test_matching import AT, CENTRAL, EYE_ENT, SOUTH, dialysis, fishbone, names

SIJING = "松江区泗泾医院"
SONGJIANG = load_site("songjiang")


@pytest.fixture
def chat(tmp_path: Path) -> Iterator[Chat]:
    chat = Chat(tmp_path)
    yield chat
    chat.close()


def stated(site: Site, hospital: str, service: str, count: int) -> Site:
    """The place with a figure that the hospital has confirmed."""
    places = (Places(service, count, daily=True, assumed=False),)
    changed = replace(site.institutions[hospital], places=places)
    return replace(site, institutions={**site.institutions, hospital: changed})


def surgery(town: str = "岳阳街道", level: int = 3) -> Need:
    return Need(level, "GENSURG", ("GENSURG",), "CHRONIC", (), "HOSP_TODAY", town, None, AT)


def test_the_less_loaded_of_two_that_are_near_comes_first() -> None:
    need = surgery("中山街道")
    assert names(rank(SONGJIANG, need, [], []))[0] == CENTRAL
    busy = Load({(CENTRAL, "GENSURG"): 20})
    assert names(rank(SONGJIANG, need, [], [], load=busy))[0] == SOUTH
    both = Load({(CENTRAL, "GENSURG"): 20, (SOUTH, "GENSURG"): 20})
    assert names(rank(SONGJIANG, need, [], [], load=both))[0] == CENTRAL


def test_load_never_moves_the_nearest_emergency_room_of_level_one() -> None:
    need = Need(1, "EM", ("EM",), "CRITICAL", (), "D120", "泗泾镇", None, AT)
    busy = Load({(SIJING, "急诊"): 500, (SIJING, "EM"): 500}, {SIJING: 9})
    assert names(rank(SONGJIANG, need, [], [], load=busy)) == names(rank(SONGJIANG, need, [], []))


def test_a_full_service_is_passed_over_and_that_is_said() -> None:
    first = rank(SONGJIANG, dialysis(), [], [], load=Load({(SIJING, "血透"): 24}))
    assert SIJING not in names(first)
    assert f"{SIJING}血透今日名额已满" in first[0].why
    assert "已满" not in first[1].why
    assert names(rank(SONGJIANG, dialysis(), [], [], load=Load({(SIJING, "血透"): 23})))[0] == SIJING


def test_the_own_hospital_is_left_only_when_it_said_it_is_full() -> None:
    full = Load({(CENTRAL, "血透"): 36})
    assert names(rank(SONGJIANG, dialysis(own=CENTRAL), [], [], load=full))[0] == CENTRAL
    sure = stated(SONGJIANG, CENTRAL, "血透", 36)
    assert CENTRAL not in names(rank(sure, dialysis(own=CENTRAL), [], [], load=full))
    assert names(rank(sure, dialysis(own=CENTRAL), [], []))[0] == CENTRAL


def test_an_unconfirmed_figure_keeps_nobody_urgent_away() -> None:
    need = Need(2, "EM", ("EM",), "TRAUMA", (), "D120", "九亭镇", None, AT)
    full = Load({("松江区九亭医院", "急诊"): 30})
    assert "松江区九亭医院" in names(rank(SONGJIANG, need, [], [], load=full))[:2]


def test_with_all_full_somebody_is_still_named() -> None:
    used = {(name, service): 999 for name in SONGJIANG.institutions for service in ("ENT", "急诊")}
    site = replace(
        SONGJIANG,
        institutions={n: stated(SONGJIANG, n, "ENT", 1).institutions[n] for n in SONGJIANG.institutions},
    )
    found = rank(site, fishbone(), [], [], load=Load(used))
    assert found[0].name == EYE_ENT
    assert all("先电话确认" in each.why for each in found)


def test_who_declined_others_lately_comes_a_little_later() -> None:
    need = surgery("中山街道")
    assert names(rank(SONGJIANG, need, [], [], load=Load(declines={CENTRAL: 1})))[0] == SOUTH
    near = surgery("岳阳街道")
    assert names(rank(SONGJIANG, near, [], [], load=Load(declines={CENTRAL: 1})))[0] == CENTRAL


def test_the_explanation_names_who_was_left_out_and_why() -> None:
    notes = [StatusNote(SOUTH, "耳鼻喉科", "closed", AT + timedelta(hours=3))]
    ranking = explain(SONGJIANG, fishbone(), notes, [CENTRAL], Load({(EYE_ENT, "ENT"): 40}))
    why = {each.name: each.reason for each in ranking.left_out}
    assert why[SOUTH] == "closed"
    assert why[CENTRAL] == "declined"
    assert why[EYE_ENT] == "full"
    assert why["松江区乐都医院"] == "cannot"
    assert why.keys().isdisjoint(each.name for each in ranking.candidates)
    explained = list(explain(SONGJIANG, fishbone(), [], []).candidates)
    assert names(explained) == names(rank(SONGJIANG, fishbone(), [], []))
    sums = [
        (each.factors.points, sum(v for _, v in each.factors.parts)) for each in explained if each.factors
    ]
    assert len(sums) == len(explained)
    assert all(points == parts for points, parts in sums)


@pytest.mark.parametrize(
    ("need", "services"),
    [
        ((3, "DIALYSIS", "OWN_HOSPITAL", "NEPH"), ("血透",)),
        ((4, "FEVER", "ONLINE", "INF"), ("互联网医院",)),
        ((3, "FEVER", "FEVER_CLINIC", "INF"), ("发热门诊",)),
        ((3, "TRAUMA", "HOSP_TODAY", "ENT"), ("ENT",)),
        ((2, "CRITICAL", "D120", "CARD"), ("急诊", "CARD", "床位")),
    ],
)
def test_what_a_patient_takes_a_place_of(need: tuple[int, str, str, str], services: tuple[str, ...]) -> None:
    assert services_used(*need) == services


def test_what_the_database_holds_is_counted(chat: Chat) -> None:
    chat.say(ZHANG, "佘山镇鱼刺卡喉 || report level=3 about=鱼刺卡喉 town=佘山镇")
    hospital = chat.case()["hospital"]
    with chat.player.app.sessions() as session:
        desk = Desk(session, chat.player.app.site, Phrasebook(), chat.now)
        assert hospital_load(desk, "ENT").used[hospital, chat.case()["specialty"]] == 1
        assert hospital_load(desk, "ENT", 1).used == {}
        tomorrow = Desk(session, desk.site, desk.phrases, chat.now + timedelta(days=1))
        assert hospital_load(tomorrow, "ENT").used == {}
        today = str(desk.local(desk.now).isoweekday())
        session.add(
            DialysisPatient(
                name="王某", hospital=SIJING, days=today, shift="早", start="07:00",
                registered_at=START, registered_by="x",
            )
        )  # fmt: skip
        assert hospital_load(desk, "NEPH").used[SIJING, "血透"] == 1


def test_how_hospitals_answer_is_counted_from_the_timelines(chat: Chat) -> None:
    chat.say(ZHANG, "佘山镇鱼刺卡喉 || report level=3 about=鱼刺卡喉 town=佘山镇")
    first = chat.case()["hospital"]
    chat.say(CHEN, "五官科收不了 || decline n=1", after=10)
    second = chat.case()["hospital"]
    chat.say(CHEN, "下一家收了 || accept n=1", after=4)
    with chat.player.app.sessions() as session:
        rows = {row.hospital: row for row in hospital_figures(session, START, chat.now)}
    assert (rows[first].asked, rows[first].declined, rows[first].accepted, rows[first].median_min) == (
        1,
        1,
        0,
        10,
    )
    assert (rows[second].asked, rows[second].declined, rows[second].accepted) == (1, 0, 1)
    assert (rows[second].median_min, rows[second].waiting) == (4, 0)
