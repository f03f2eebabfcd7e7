"""A ledger of past matters: read cell by cell, kept whole or not at all, counted like any others."""

from __future__ import annotations

import random
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from PIL import Image
from typer.testing import CliRunner

from actions.site import load_site
from bot import ledger_file
from bot.cli import app
from bot.errors import UserError

HEAD = [
    "编号",
    "上报时间",
    "街镇",
    "类别",
    "级别",
    "接收医院",
    "接手时间",
    "接收时间",
    "办结时间",
    "办理人",
    "结果",
]
MATTERS = 3454
SITE = load_site("songjiang")
DAY = datetime(2022, 4, 1)


def workbook(path: Path, rows: list[list[Any]], head: list[str] = HEAD) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["松江区医疗保障专班台账"])
    sheet.append(head)
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def matter(number: int, **changed: Any) -> list[Any]:
    """A row as people keep it, times now and then as text."""
    opened = DAY + timedelta(minutes=7 * number)
    values = {
        "编号": number + 1,
        "上报时间": opened if number % 2 else f"{opened:%Y-%m-%d %H:%M}",
        "街镇": ["佘山", "泗泾镇", "岳阳街道"][number % 3],
        "类别": ["孕产妇", "血透", "发热", "配药", "急危重症"][number % 5],
        "级别": ["Ⅳ级", 3, "Ⅲ"][number % 3],
        "接收医院": ["市一南部", "松江区泗泾医院", None][number % 3],
        "接手时间": opened + timedelta(minutes=4),
        "接收时间": opened + timedelta(minutes=20) if number % 3 < 2 else None,
        "办结时间": opened + timedelta(hours=2),
        "办理人": "专班-陈老师",
        "结果": "已到院交接",
    } | changed
    return [values[name] for name in HEAD]


def lianluo(*args: object) -> str:
    """Run a command; its output. A fault of the user's is raised."""
    done = CliRunner().invoke(app, [str(arg) for arg in args], standalone_mode=False)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def test_thousands_of_matters_are_imported_and_counted(tmp_path: Path) -> None:
    rows = [matter(number) for number in range(MATTERS)]
    random.Random(1).shuffle(rows)
    file, db = workbook(tmp_path / "台账.xlsx", rows), f"sqlite:///{tmp_path / 'l.db'}"
    assert f"{MATTERS} matters (2022-04-01 to 2022-04-17); --apply imports them" in lianluo(
        "ledger", "import", file, "--db", db
    )
    assert f"{MATTERS} matters imported" in lianluo("ledger", "import", file, "--db", db, "--apply")
    out = tmp_path / "数.xlsx"
    text = lianluo("figures", "--db", db, "--since", "2022-04-01", "--until", "2022-04-30", "--out", out)
    assert f"4月1日到4月30日共{MATTERS}件。" in text and "一半在4分钟内" in text
    _check_cells(out)


def test_figures_are_drawn_as_well(tmp_path: Path) -> None:
    file, db = (
        workbook(tmp_path / "a.xlsx", [matter(number) for number in range(30)]),
        f"sqlite:///{tmp_path / 'l.db'}",
    )
    lianluo("ledger", "import", file, "--db", db, "--apply")
    out = tmp_path / "数.png"
    assert "4月1日共30件" in lianluo(
        "figures", "--db", db, "--since", "2022-04-01", "--until", "2022-04-01", "--out", out
    )
    page = Image.open(out)
    assert (
        page.format == "PNG" and page.width == 1080 and len(page.convert("RGB").getcolors(1 << 20) or []) > 5
    )
    with pytest.raises(UserError, match=r"must end in \.xlsx or \.png"):
        lianluo("figures", "--db", db, "--out", tmp_path / "数.pdf")


def _check_cells(out: Path) -> None:
    book = load_workbook(out)
    counts = {row[0]: row[1] for row in book["总览"].iter_rows(min_row=2, values_only=True)}
    assert (counts["合计"], counts["在办"], counts["已办结"]) == (MATTERS, 0, MATTERS)
    assert (counts["接手：中位（分钟）"], counts["医院答应：中位（分钟）"]) == (4, 20)
    towns = dict(book["街镇"].iter_rows(min_row=2, values_only=True))
    named = ("佘山镇", "泗泾镇", "岳阳街道")
    assert towns == Counter(named[number % 3] for number in range(MATTERS))
    kinds = list(book["类别与级别"].iter_rows(min_row=2, values_only=True))
    assert all(sum(row[1:5]) == row[5] for row in kinds)
    assert kinds[-1][5] == sum(row[5] for row in kinds[:-1]) == MATTERS
    hospitals = dict(book["医院"].iter_rows(min_row=2, values_only=True))
    assert set(hospitals) == {"上海市第一人民医院(南部)", "松江区泗泾医院", "未说明"}
    ends = list(book["结果"].iter_rows(min_row=2, values_only=True))
    assert ends[-2:] == [("在办", 0), ("合计", MATTERS)] and sum(count for _, count in ends[:-1]) == MATTERS
    lines = list(book["明细"].iter_rows(min_row=2, values_only=True))
    assert len(lines) == MATTERS and lines[0][:3] == ("0401-001", DAY, "佘山镇")
    assert len({line[0] for line in lines}) == MATTERS


def test_the_same_file_is_not_counted_twice(tmp_path: Path) -> None:
    file, db = workbook(tmp_path / "a.xlsx", [matter(0)]), f"sqlite:///{tmp_path / 'l.db'}"
    lianluo("ledger", "import", file, "--db", db, "--apply")
    with pytest.raises(UserError, match="was imported already"):
        lianluo("ledger", "import", file, "--db", db, "--apply")
    other = workbook(tmp_path / "b.xlsx", [matter(0, 编号=99)])
    lianluo("ledger", "import", other, "--db", db, "--apply")
    assert "共2件" in lianluo("figures", "--db", db, "--since", "2022-04-01", "--until", "2022-04-01")


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"办结时间": None}, "Sheet row 4, 办结时间: is empty; an open matter is not imported"),
        ({"上报时间": "不详"}, "Sheet row 4, 时间: 不详 is no time"),
        ({"上报时间": "2022-13-45 09:00"}, "Sheet row 4, 时间: 2022-13-45 09:00 is no time"),
        ({"街镇": "火星镇"}, "Sheet row 4, 街镇: 火星镇 is no town of this place"),
        ({"类别": "杂项"}, "Sheet row 4, 类别: 杂项 is no category"),
        ({"级别": "特级"}, "Sheet row 4, 级别: 特级 is no level"),
        ({"办结时间": "2022-03-01"}, "Sheet row 4: ends at 03-01 00:00, before it begins"),
    ],
)
def test_a_fault_names_its_cell_and_nothing_is_kept(
    tmp_path: Path, changed: dict[str, Any], fault: str
) -> None:
    file = workbook(tmp_path / "a.xlsx", [matter(0), matter(1, **changed), matter(2)])
    db = f"sqlite:///{tmp_path / 'l.db'}"
    output = lianluo("ledger", "import", file, "--db", db, "--apply")
    assert fault in output and "nothing was imported: 1 rows have faults, 2 have none" in output
    assert "没有事项" in lianluo("figures", "--db", db, "--since", "2022-04-01", "--until", "2022-04-30")


@pytest.mark.parametrize(
    ("written", "level"),
    [
        ("II", 2),
        ("Ⅱ级急重", 2),
        ("III", 3),
        ("IV级", 4),
        ("三级", 3),
        ("一", 1),
        (4, 4),
        ("2级", 2),
        (None, 4),
    ],
)
def test_a_level_in_any_writing(tmp_path: Path, written: object, level: int) -> None:
    file = workbook(tmp_path / "a.xlsx", [matter(0, 级别=written)])
    read = ledger_file.read(file, SITE, 2022)
    assert (read.faults, [entry.level for entry in read.entries]) == ([], [level])


def test_what_is_no_ledger_is_one_clear_line(tmp_path: Path) -> None:
    text = tmp_path / "a.xlsx"
    text.write_text("编号,时间", encoding="utf-8")
    with pytest.raises(UserError, match="is no Excel workbook"):
        lianluo("ledger", "import", text)
    with pytest.raises(UserError, match="no sheet has a row of headers with 时间、类别、办结时间"):
        lianluo("ledger", "import", workbook(tmp_path / "b.xlsx", [], ["姓名", "电话"]))
    with pytest.raises(UserError, match="there is no such file"):
        lianluo("ledger", "import", tmp_path / "nowhere.xlsx")
