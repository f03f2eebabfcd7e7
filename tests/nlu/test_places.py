"""Towns, institutions, addresses, and who treats the patient."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.gazetteer import Gazetteer
from nlu.places import find_places
from tests.nlu.mention_cases import GAZETTEER, Case, cases, check, values


@pytest.mark.parametrize("case", cases("town", "institution", "orig_hospital", "address"), ids=str)
def test_wording(case: Case) -> None:
    check(case)


@pytest.mark.parametrize("alias", sorted(GAZETTEER.towns))
@pytest.mark.parametrize("frame", ["{}有位老人摔倒", "我们{}这边", "孕妇见红 {}", "{}的"])
def test_every_town_in_every_frame(alias: str, frame: str) -> None:
    assert values(frame.format(alias), "town") == [GAZETTEER.towns[alias]]


@pytest.mark.parametrize("alias", sorted(GAZETTEER.institutions))
def test_an_institution_names_no_town(alias: str) -> None:
    text = f"原来在{alias}透析"
    assert values(text, "town") == []
    assert values(text, "orig_hospital") == [GAZETTEER.institutions[alias]]


@pytest.mark.parametrize("alias", sorted(GAZETTEER.institutions))
@pytest.mark.parametrize("frame", ["能去{}吗", "{}收不收", "可以送{}吗", "帮忙联系{}"])
def test_asking_about_a_hospital_is_no_treatment_there(alias: str, frame: str) -> None:
    assert values(frame.format(alias), "orig_hospital") == []


@given(st.integers(1, 99), st.integers(101, 2999))
def test_any_building_and_room(building: int, room: int) -> None:
    assert values(f"老人住在云桦苑{building}号楼{room}室", "address") == [f"云桦苑{building}号楼{room}室"]


def test_an_empty_gazetteer_finds_nothing() -> None:
    assert find_places("泗泾镇 中山医院", Gazetteer()) == []
