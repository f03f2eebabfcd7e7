"""The morning's list as an Excel file, cell by cell, and on the terminal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from actions.medicines.sheet import COLUMNS
from actions.site import load_site
from bot.errors import UserError
from bot.medicines import excel, main
from bot.replay import Player
from tests.conftest import builtin_reader

ROOM = "医疗保障群"
COORDINATOR, VOLUNTEER = "专班-陈老师", "志愿者-小杨"
MEMBERS = [
    {"name": COORDINATOR, "role": "coordinator", "rooms": [ROOM], "on_call": ["DUTY1"]},
    {"name": VOLUNTEER, "role": "volunteer", "rooms": [ROOM]},
]
EVENING = (
    "方松街道：\n1. 陈阿婆 女78岁 玉荣小区3号楼502 0000-1234 络活喜5mg*7片 3盒，格华止0.5g 2盒 还有6天 医保卡已收\n"
    "2. 李伯 男72岁 玉荣小区8号楼201 诺和锐30笔芯 2盒 还剩5天\n3. 赵阿姨 女65岁 玉荣小区2号楼303 思诺思10mg 1盒 还有5天"
)
FANGSONG = "方松街道社区卫生服务中心"
APART = "麻精药品、精神科用药，不走社区和网上"


def say(at: str, who: str, words: str) -> str:
    body = {"type": "say", "id": at, "at": f"{at}:00+08:00", "room": ROOM, "from": who, "text": words}
    return json.dumps(body, ensure_ascii=False)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> str:
    """An evening's requests, and what was done by the next noon."""
    url = f"sqlite:///{tmp_path_factory.mktemp('list') / 'list.db'}"
    player = Player(
        load_site("songjiang"), builtin_reader("songjiang"), url, lambda _line: None, lambda: None
    )
    player.play(
        iter(
            [
                json.dumps({"type": "members", "members": MEMBERS}, ensure_ascii=False),
                say("2022-04-04T19:00", VOLUNTEER, EVENING),
                say("2022-04-05T08:30", VOLUNTEER, "1、2号我去"),
                say("2022-04-05T09:30", VOLUNTEER, "2号缺货"),
                say("2022-04-05T10:30", VOLUNTEER, "陈阿婆的络活喜送到了"),
                say("2022-04-05T12:00", VOLUNTEER, "永丰街道王阿姨 女70岁 拜新同30mg 1盒 还有4天"),
            ]
        )
    )
    player.close()
    return url


def test_the_file_cell_by_cell(database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "list.xlsx"
    assert main("songjiang", database, "2022-04-05", file) == 0
    assert capsys.readouterr().out == f"{file}: 4 medicines of 3 requests\n"
    book = load_workbook(file)
    assert book.sheetnames == ["按医院", "按志愿者"]
    rows = [tuple(cell.value for cell in row) for row in book["按医院"].iter_rows()]
    chen = ("方松街道", "陈阿婆", "78岁女", "玉荣小区3号楼502", "****1234", "有卡")
    told = (VOLUNTEER, "04-04 19:00")
    # fmt: off
    assert rows == [
        COLUMNS,
        ("0404-001", FANGSONG, VOLUNTEER, *chen, "氨氯地平", "络活喜", "5mg", "7片", "片", "3盒", 6, "够到4月10日", None,
         "已送到", *told),
        ("0404-001", FANGSONG, VOLUNTEER, *chen, "二甲双胍", "格华止", "0.5g", None, None, "2盒", 6, "够到4月10日", None,
         "志愿者-小杨在办", *told),
        ("0404-002", FANGSONG, VOLUNTEER, "方松街道", "李伯", "72岁男", "玉荣小区8号楼201", None, None, "门冬胰岛素30", "诺和锐30",
         None, None, "笔芯", "2盒", 5, "够到4月9日", "冷藏，随取随送", "缺货，志愿者-小杨在办", *told),
        ("0404-003", APART, None, "方松街道", "赵阿姨", "65岁女", "玉荣小区2号楼303", None, None, "唑吡坦", "思诺思", "10mg", None,
         None, "1盒", 5, "够到4月9日", "麻精药品，凭处方到原医院或精卫中心", "没人领", *told),
    ]
    # fmt: on
    by_volunteer = [row[0].value for row in book["按志愿者"].iter_rows(min_row=2)]
    assert by_volunteer == ["0404-001", "0404-001", "0404-002", "0404-003"]


def test_another_morning_has_its_own_list(database: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main("songjiang", database, "2022-04-06", None) == 0
    assert "0405-001" in (lines := capsys.readouterr().out)
    assert "拜新同" in lines
    assert main("songjiang", database, "2022-04-04", None) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_mistakes_are_one_line(database: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="write it like 2022-04-05"):
        main("songjiang", database, "5.4.", None)
    with pytest.raises(UserError, match="cannot be written"):
        main("songjiang", database, "2022-04-05", tmp_path / "no" / "list.xlsx")


def test_what_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    row = ("=1+1", *[None] * (len(COLUMNS) - 1))
    file = tmp_path / "formula.xlsx"
    file.write_bytes(excel([row]))
    cell = load_workbook(file)["按医院"]["A2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")
