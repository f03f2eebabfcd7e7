"""Lines of medicine requests, what is said of fetching them, the screening, and faults in the tables."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.medicines.lines import fold, is_known_strength, read_request, same_strength
from actions.medicines.said import clauses
from actions.medicines.screen import Asked, sayings, screens
from actions.medicines.table import DATA, MedicineTable, medicine_table, read_medicines
from actions.site_files import Faults

Told = tuple[str, str | None, str | None, str | None, str | None, str | None]

LINES: dict[str, tuple[str | None, str | None, list[Told]]] = {
    "1. 王阿姨 氨氯地平5mg 2盒 还剩3天 有卡": (
        "王阿姨", "yes", [("氨氯地平", None, "5mg", None, None, "2盒")],
    ),
    "3号楼502 李伯 诺和锐笔芯一盒 明天没了": (
        "李伯", None, [("门冬胰岛素", "诺和锐", None, None, "笔芯", "1盒")],
    ),
    "1、陈阿婆 78岁 络活喜 5mg*7片 3盒 还有4天 医保卡已收": (
        "陈阿婆", "yes", [("氨氯地平", "络活喜", "5mg", "7片", "片", "3盒")],
    ),
    "二甲双胍0.5g*24片*2盒": (None, None, [("二甲双胍", None, "0.5g", "24片", "片", "2盒")]),
    "王桂芳 女 76岁 0000-1234 络活喜5mg 2盒，格华止0.5g 3盒，药还有5天": (
        "王桂芳", None,
        [("氨氯地平", "络活喜", "5mg", None, None, "2盒"), ("二甲双胍", "格华止", "0.5g", None, None, "3盒")],
    ),
    "想配点拜新同和阿司匹林各两盒": (
        None, None,
        [("硝苯地平", "拜新同", None, None, None, "2盒"), ("阿司匹林", None, None, None, None, "2盒")],
    ),
    "两盒倍他乐克缓释片47.5mg": (None, None, [("美托洛尔", "倍他乐克", "47.5mg", None, "缓释片", "2盒")]),
    "来得时 一支 每晚12单位": (None, None, [("甘精胰岛素", "来得时", None, None, None, "1支")]),
    "阿托伐他汀20mg 每天一片，配一个月的量": (
        None, None, [("阿托伐他汀", None, "20mg", None, None, "1个月的量")],
    ),
    "门冬胰岛素注射液（诺和锐笔芯）300u：3ml 2支": (
        None, None, [("门冬胰岛素", "诺和锐", "300u/3ml", None, "注射液", "2支")],
    ),
    "硝苯地平控释片３０ｍｇ×7片×4盒": (None, None, [("硝苯地平", None, "30mg", "7片", "控释片", "4盒")]),
    "赵六 男 66岁 他克莫司胶囊 1mg*50粒 1盒 自费": (
        "赵六", "self", [("他克莫司", None, "1mg", "50粒", "胶囊", "1盒")],
    ),
    "郑先生 立普妥20mg 2盒 没有卡": ("郑先生", "no", [("阿托伐他汀", "立普妥", "20mg", None, None, "2盒")]),
    "信必可 160/4.5μg 1支": (None, None, [("布地奈德福莫特罗", "信必可", "160ug/4.5ug", None, None, "1支")]),
    "氨氯地平 5的 2盒": (None, None, [("氨氯地平", None, "5mg", None, None, "2盒")]),
    "今天太阳真好": (None, None, []),
}  # fmt: skip

SAID: dict[str, list[tuple[str | None, str | None, tuple[str, ...]]]] = {
    "我领了": [("taken", None, ())],
    "3号我来配": [("taken", None, ("3",))],
    "1-5号我来": [("taken", None, ("1", "2", "3", "4", "5"))],
    "我下午3点去拿2号和6号的药": [("taken", None, ("2", "6"))],
    "3号楼502的药我去拿": [("taken", None, ())],
    "1、3、5号都送到了": [("delivered", None, ("1", "3", "5"))],
    "买到了": [("bought", None, ())],
    "2号配到了，下午送": [("bought", None, ("2",)), (None, None, ())],
    "0404-007拿到了": [("bought", None, ("0404-007",))],
    "2号缺货": [("problem", "out_of_stock", ("2",))],
    "4号说要本人去": [("problem", "in_person", ("4",))],
    "药房说医保卡不对": [("problem", "card", ())],
    "2号氨氯地平没有5mg的": [("problem", "strength", ("2",))],
    "10号药配错了": [("problem", "wrong", ("10",))],
    "7号医生不肯开": [("problem", "prescription", ("7",))],
    "1号2号已经送到家了，3号家里没人应": [
        ("delivered", None, ("1", "2")),
        ("problem", "nobody_home", ("3",)),
    ],
    "药还没送到": [(None, None, ())],
    "2号的药送到了吗": [(None, None, ("2",))],
    "我妈要配药": [(None, None, ())],
    "120打了": [(None, None, ())],
}


@pytest.fixture(scope="module")
def table() -> MedicineTable:
    return medicine_table()


@pytest.mark.parametrize("line", LINES)
def test_lines_as_people_write_them(line: str, table: MedicineTable) -> None:
    patient, card, items = LINES[line]
    read = read_request(line, table)
    assert (read.patient, read.card) == (patient, card)
    assert [
        (each.drug, each.brand, each.strength, each.pack, each.form, each.quantity) for each in read.items
    ] == items


@pytest.mark.parametrize("words", SAID)
def test_what_is_said_of_fetching(words: str, table: MedicineTable) -> None:
    read = [(each.step, each.problem, each.numbers) for each in clauses(words, table)]
    assert read == SAID[words]


@given(st.text(max_size=60))
def test_no_text_breaks_the_readers(words: str) -> None:
    table = medicine_table()
    assert all(item.drug in table.medicines for item in read_request(words, table).items)
    assert all(each.words for each in clauses(words, table))
    assert len(fold(words)) == len(words)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("0.5g", "500mg", True), ("50ug", "0.05mg", True), ("5mg", "10mg", False), ("300u/3ml", "300u", False)],
)
def test_strengths_in_any_unit(one: str, other: str, same: bool) -> None:
    assert same_strength(one, other) is same or "/" in one


def test_a_strength_that_no_pack_has(table: MedicineTable) -> None:
    assert is_known_strength("500mg", table.medicines["二甲双胍"])
    assert not is_known_strength("50mg", table.medicines["氨氯地平"])
    assert is_known_strength("80mg", table.medicines["缬沙坦氨氯地平"])


@pytest.mark.parametrize(
    ("drug", "strength", "days", "age", "rules"),
    [
        ("唑吡坦", "10mg", 5, 60, ["M01", "M02"]),
        ("艾司西酞普兰", "10mg", 5, 60, ["M02"]),
        ("吗啡", "30mg", 5, 60, ["M01"]),
        ("华法林", "2.5mg", 5, 60, ["M03"]),
        ("门冬胰岛素", None, 1, 60, ["M04", "M09"]),
        ("布洛芬", None, None, 3, ["M05", "M07"]),
        ("氨氯地平", "5mg", 5, 60, []),
        ("氨氯地平", None, 5, 60, ["M07"]),
        ("氨氯地平", "50mg", 5, 60, ["M07"]),
        ("降压药", None, 5, 60, ["M06", "M07"]),
        ("他克莫司", "1mg", 10, 60, ["M03", "M08"]),
    ],
)
def test_screening(
    drug: str, strength: str | None, days: float | None, age: float, rules: list[str], table: MedicineTable
) -> None:
    found = screens(Asked(table.medicines[drug], strength, days, age), table)
    assert [rule.id for rule in found] == rules
    assert all(rule.why and rule.source for rule in found)


def test_what_is_apart_says_so_once(table: MedicineTable) -> None:
    assert sayings(["M01", "M02"], table) == ["麻精药品，凭处方到原医院或精卫中心"]


@pytest.mark.parametrize(
    ("file", "row", "fault"),
    [
        ("medicines.csv", "没有这药,5mg,片,", "没有这药 is no drug"),
        ("medicines.csv", "二甲双胍缓,五毫克,片,", "is no drug"),
        ("medicine-words.csv", "taken,(我去,", "no regular expression"),
        ("medicine-words.csv", "took,我去,", "kind 'took' is none of"),
        ("medicine-screening.csv", "M99,flagg:cold,,说,因,源", "is no condition"),
        ("medicine-screening.csv", "M99,class:没有这类,,说,因,源", "is no condition"),
        ("medicine-screening.csv", "M99,flag:cold,perhaps,说,因,源", "apart must be yes or empty"),
    ],
)
def test_a_fault_names_file_and_line(file: str, row: str, fault: str, tmp_path: Path) -> None:
    shutil.copytree(DATA / "programmes", tmp_path / "programmes")
    shutil.copytree(DATA / "lexicon", tmp_path / "lexicon")
    path = tmp_path / "programmes" / file
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines, row]) + "\n", encoding="utf-8")
    faults = Faults()
    read_medicines(tmp_path, faults)
    (line,) = faults.lines
    assert f"{file}:{len(lines) + 1}: " in line
    assert fault in line
