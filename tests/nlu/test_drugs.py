"""Drugs by their generic names."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlu.drugs import DOSE, drug_names, find_drugs

HEADER = "drug,says,class,specialty,special,note\n"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "drugs.csv"
    rows = ['甲药,"牌一|牌{二,三}|abc",降压药,CARD,,', "甲药缓释片,牌一缓释,降压药,CARD,,"]
    path.write_text(HEADER + "\n".join(rows), encoding="utf-8")
    return path


def found(text: str, path: Path) -> list[tuple[str, object]]:
    return [(one.kind, one.value) for one in find_drugs(text, path)]


def test_brands_abbreviations_and_the_longest_name_win(table: Path) -> None:
    assert found("牌一和牌三", table) == [("drug", "甲药"), ("drug", "甲药")]
    assert found("牌一缓释片", table) == [("drug", "甲药缓释片")]
    assert found("吃abc的", table) == [("drug", "甲药")]


def test_latin_inside_a_longer_word_is_no_drug(table: Path) -> None:
    assert found("xabc abcd", table) == []


def test_an_allergy_is_no_medicine_taken(table: Path) -> None:
    assert found("牌一过敏 在吃牌二", table) == [("drug_allergy", "甲药"), ("drug", "甲药")]


def test_every_way_of_saying_in_the_shipped_table_is_found() -> None:
    names = drug_names()
    lost = [
        says
        for says, drug in names.items()
        if drug not in [one.value for one in find_drugs(f"患者在吃{says},只剩两天")]
    ]
    assert names and not lost


@pytest.mark.parametrize("text", ["5mg*2盒", "0.5g×3盒", "20毫克", "30单位", "两盒", "100ml"])
def test_strength_and_packs(text: str) -> None:
    assert DOSE.fullmatch(text)


@pytest.mark.parametrize("text", ["mg", "g2p1", "两个人", "18.6mg/dl"])
def test_no_strength(text: str) -> None:
    assert not DOSE.search(text)
