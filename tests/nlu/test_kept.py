"""What is kept between starts: it is what would be made, is made anew when anything is the matter, and never stale."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu.kept import made_once
from nlu.phrases import expand, ways
from nlu.segmenter import segmenter
from nlu.vocabulary import Vocabulary

CELLS = ("{头,脑袋}…{痛,疼{,得慌}}|头痛", "口水…{咽,吞}不{下,下去}…喉咙", "a{b…c,d}e", "{,好}晕")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    (folder / "lexicon").mkdir(parents=True)
    (folder / "lexicon" / "a.csv").write_text("concept\n", encoding="utf-8")
    return folder


def test_it_is_made_once_and_again_when_a_table_changes(data: Path, tmp_path: Path) -> None:
    made: list[int] = []

    def make() -> list[int]:
        made.append(len(made))
        return list(made)

    assert made_once("x", make, data, tmp_path) == [0]
    assert made_once("x", make, data, tmp_path) == [0]
    other = data.parent / "other" / "data"
    (other / "lexicon").mkdir(parents=True)
    (other / "lexicon" / "a.csv").write_text("concept,kind\n", encoding="utf-8")
    assert made_once("x", make, other, tmp_path) == [0, 1]


def test_what_cannot_be_read_is_made_anew(data: Path, tmp_path: Path) -> None:
    assert made_once("x", lambda: "first", data, tmp_path) == "first"
    (file,) = tmp_path.glob("x-*.pickle")
    file.write_bytes(b"cut off")
    assert made_once("x", lambda: "second", data, tmp_path) == "second"
    assert made_once("x", lambda: "third", data, tmp_path) == "second"


def test_what_is_faulty_is_not_kept_and_a_closed_folder_does_no_harm(data: Path, tmp_path: Path) -> None:
    assert made_once("x", lambda: "faulty", data, tmp_path, worth=lambda _: False) == "faulty"
    assert made_once("x", lambda: "good", data, tmp_path / "lexicon.csv") == "good"
    assert not list(tmp_path.glob("x-*"))


@pytest.mark.parametrize("cell", CELLS)
def test_choices_are_all_the_ways_of_saying(cell: str) -> None:

    assert {pieces for way in ways(cell) for pieces in product(*way)} == set(expand(cell))


@settings(deadline=None)  # jieba's own dictionary is loaded by the first one
@given(st.text(alphabet="老人今天早上头晕眼花在小区医院门口摔了一跤血压abc12,。 的", max_size=60))
def test_the_words_are_those_of_jieba(text: str) -> None:
    import jieba

    assert list(segmenter().cut(text)) == list(jieba.dt.cut(text))
    assert list(segmenter().tokenize(text, HMM=False)) == list(jieba.dt.tokenize(text, HMM=False))


@given(st.text(max_size=30), st.sets(st.text(min_size=1, max_size=3), min_size=1, max_size=20))
def test_the_vocabulary_finds_its_grams_and_no_others(text: str, grams: set[str]) -> None:
    known = sorted(grams | {text[at : at + 2] for at in range(len(text) - 1)})
    found = {known[column] for column in Vocabulary(known).columns(text).tolist()}
    assert found == {gram for gram in known if gram in text}
