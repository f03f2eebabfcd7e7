"""Loading the tables: what is read, and how a fault is named."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from nlu.check import check
from nlu.lexicon import load_lexicon
from nlu.phrases import PhraseError, expand
from nlu.protocol import load_protocol
from nlu.tables import DATA, Faults, TableError, read_rows


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A small folder of tables that is free of faults."""
    folder = tmp_path / "data"
    (folder / "lexicon").mkdir(parents=True)
    (folder / "protocol").mkdir()
    for name in ("parts", "complaints", "compose", "unions", "drugs", "cues", "persons"):
        (folder / "lexicon" / f"{name}.csv").write_text(
            (DATA / "lexicon" / f"{name}.csv").read_text(encoding="utf-8").splitlines()[0] + "\n",
            encoding="utf-8",
        )
    for path in (DATA / "protocol").glob("*.csv"):
        (folder / "protocol" / path.name).write_text(
            path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8"
        )
    write(
        folder,
        "lexicon/own.csv",
        "concept,kind,specialty,says,is,flags,note",
        "头痛,symptom,NEURO,头疼|脑壳痛,,,",
    )
    write(folder, "protocol/red-flags.csv", RULES, "R1,2,NEURO,头痛+temp>=39,,烧得头痛,[K]")
    return folder


RULES = "id,level,specialty,when,unless,why,source"


def write(folder: Path, name: str, *lines: str) -> None:
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def faults(folder: Path) -> list[str]:
    return [f"{Path(f.file).name}:{f.line}: {f.fault}" for f in check(folder)]


def test_the_shipped_tables_have_no_fault() -> None:
    assert [str(fault) for fault in check()] == []


def test_a_small_folder_loads(data: Path) -> None:
    assert faults(data) == []
    lexicon = load_lexicon(data)
    assert {phrase.pieces for phrase in lexicon.phrases} == {(("头痛",),), (("头疼",),), (("脑壳痛",),)}
    rule = load_protocol(lexicon, data).rules[0]
    assert (rule.id, rule.level, rule.specialties, rule.why) == ("R1", 2, ("NEURO",), "烧得头痛")


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("咳嗽,sympton,,咳,,,", "own.csv:2: kind 'sympton'"),
        ("咳嗽,symptom,LUNG,咳,,,", "own.csv:2: specialty 'LUNG'"),
        ("咳嗽,symptom,,咳,,loud,", "own.csv:2: flags 'loud'"),
        ("咳嗽,symptom,,{咳,嗽,,,", "own.csv:2: .*brace is not closed"),
        ("咳嗽,symptom,,咳,呼吸道症状,,", "own.csv:2: .*broader concept '呼吸道症状'"),
        ("咳嗽,,,咳,,,", "own.csv:2: .*one row of a concept must name its kind"),
        ('咳嗽,symptom,,"咳,,,', "own.csv:2: .*quote"),
        ("咳嗽,symptom,,咳,,,a,b", "own.csv:2: .*cells"),
        (",symptom,,咳,,,", "own.csv:2: concept is empty"),
    ],
)
def test_a_fault_in_a_concept_names_file_and_line(data: Path, line: str, fault: str) -> None:
    write(data, "lexicon/own.csv", "concept,kind,specialty,says,is,flags,note", line, "头痛,symptom,,,,,")
    assert any(re.search(fault, found) for found in faults(data)), faults(data)


def test_one_way_of_saying_belongs_to_one_concept(data: Path) -> None:
    write(data, "lexicon/two.csv", "concept,kind,specialty,says,is,flags", "偏头痛,disease,,头疼,,")
    assert faults(data) == ["two.csv:2: '头疼' of 偏头痛 already belongs to 头痛 (own.csv:2)"]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("R1,2,,头疼欲裂,,,", "concept '头疼欲裂' is in no concept file"),
        ("R1,5,,头痛,,,", "level '5' must be 1, 2, 3 or 4"),
        ("R1,2,BRAIN,头痛,,,", "specialty 'BRAIN'"),
        ("R1,2,,头痛++,,,", "an operand is empty"),
        ("R1,2,,群:火星人,,,", "group '火星人' is not in groups.csv"),
        ("R1,2,,药:仙丹,,,", "drug or class '仙丹' is not in drugs.csv"),
        ("R1,2,,头痛,heat>3,,", "unless: .*'heat' is no measure"),
    ],
)
def test_a_fault_in_a_rule_names_file_and_line(data: Path, line: str, fault: str) -> None:
    write(data, "protocol/red-flags.csv", RULES, "# a remark", line)
    found = faults(data)
    assert found[0].startswith("red-flags.csv:3: ")
    assert re.search(fault, found[0])


def test_an_id_stands_once_in_all_rule_tables(data: Path) -> None:
    write(data, "protocol/ordinary.csv", RULES, "R1,4,,头痛,,,")
    assert faults(data) == ["red-flags.csv:2: id R1 is already used in ordinary.csv:2"]


def test_a_missing_file_and_a_wrong_header_are_faults(data: Path) -> None:
    (data / "protocol" / "groups.csv").unlink()
    write(data, "protocol/raise.csv", "id,wenn,unless,why,source")
    found = faults(data)
    assert any(f.startswith("groups.csv:0: file is missing") for f in found)
    assert any(f.startswith("raise.csv:1: column when is missing; column wenn is unknown") for f in found)


def test_without_a_collection_the_first_fault_is_raised(data: Path) -> None:
    shutil.rmtree(data / "lexicon")
    with pytest.raises(TableError, match="holds no concept file"):
        load_lexicon(data)


def test_quoted_cells_may_hold_commas(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('a,b\n"x,y",2\n\n#,no row\n', encoding="utf-8")
    rows = list(read_rows(path, ("a", "b"), Faults(strict=True)))
    assert [(row["a"], row["b"], row.line) for row in rows] == [("x,y", "2", 2)]


def test_braces_and_gaps_expand() -> None:
    assert expand("喘不{上,过}{,来}气") == [("喘不上气",), ("喘不上来气",), ("喘不过气",), ("喘不过来气",)]
    assert expand("口水…{咽,吞}不下|A{b{1,2},c}") == [
        ("口水", "咽不下"),
        ("口水", "吞不下"),
        ("ab1",),
        ("ab2",),
        ("ac",),
    ]


@pytest.mark.parametrize("cell", ["{a", "a}", "…a", "a…", "a……b"])
def test_a_way_of_saying_that_cannot_be_read(cell: str) -> None:
    with pytest.raises(PhraseError):
        expand(cell)


def test_a_class_of_words_stands_for_all_of_them(data: Path) -> None:
    write(data, "lexicon/classes.csv", "class,says", "脑,头|脑袋", "脑壳,<脑>|脑壳")
    write(
        data,
        "lexicon/own.csv",
        "concept,kind,specialty,says,is,flags,note",
        '头痛,symptom,NEURO,"<脑壳>{痛,疼}",,,',
    )
    said = {way for phrase in load_lexicon(data).phrases for way in phrase.pieces[0]}
    assert said == {"头痛", "头疼", "脑袋痛", "脑袋疼", "脑壳痛", "脑壳疼"}


def test_a_class_that_is_nowhere_is_a_fault(data: Path) -> None:
    write(
        data, "lexicon/own.csv", "concept,kind,specialty,says,is,flags,note", "头痛,symptom,NEURO,<脑>痛,,,"
    )
    assert any("own.csv:2: <脑> is no class" in fault for fault in faults(data))


def test_broad_ways_of_saying_give_way(data: Path) -> None:
    write(
        data,
        "lexicon/own.csv",
        "concept,kind,specialty,says,is,flags,note",
        '恶心,symptom,GI,"{想,要}吐|作呕",,broad,',
        "呕吐,symptom,GI,要吐,,,",
    )
    said = {(way, phrase.name) for phrase in load_lexicon(data).phrases for way in phrase.pieces[0]}
    assert {("想吐", "恶心"), ("作呕", "恶心"), ("要吐", "呕吐")} <= said
    assert ("要吐", "恶心") not in said
