"""An administrator's workbook: the round trip changes nothing, a preview says what would, and no fault gets in."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from actions.pack_file import read_pack_file
from actions.sheet_cells import CellFault, same, text_of
from actions.sheet_tables import FILES, names, words
from actions.site import SITES, SiteError, load_site
from actions.site_check import check
from actions.site_export import export
from actions.site_import import Plan, plan_import, write


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("exported")
    books = {site: folder / f"{site}.xlsx" for site in ("songjiang", "dongguan")}
    for site, book in books.items():
        assert export(SITES / site, book) > 100
    return books


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    shutil.copytree(SITES / "songjiang", tmp_path / "songjiang")
    return tmp_path / "songjiang"


Change = Callable[[Any], None]


@pytest.fixture(scope="module")
def single(exported: dict[str, Path]) -> dict[str, Path]:
    """Workbooks that hold one sheet of songjiang each."""
    found = {}
    for sheet in FILES:
        book = load_workbook(exported["songjiang"])
        for other in [s for s in book.sheetnames if s != sheet]:
            book.remove(book[other])
        found[sheet] = exported["songjiang"].with_name(f"{sheet}.xlsx")
        book.save(found[sheet])
    return found


@pytest.fixture
def laid(single: dict[str, Path], pack: Path, tmp_path: Path) -> Callable[[str, Change], Plan]:
    """Lays a workbook with one sheet of the pack, changed, over the pack."""

    def lay(sheet: str, change: Change) -> Plan:
        book = load_workbook(single[sheet])
        change(book[sheet])
        book.save(tmp_path / "changed.xlsx")
        return plan_import(tmp_path / "changed.xlsx", pack)

    return lay


def put(at: str, value: object, number_format: str | None = None) -> Change:
    def change(sheet: Any) -> None:
        sheet[at].value = value
        if number_format:
            sheet[at].number_format = number_format

    return change


def row_of(sheet: Any, name: str) -> int:
    return next(r for r in range(1, 200) if sheet.cell(r, 1).value == name)


# --- the round trip ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("site", ["songjiang", "dongguan"])
def test_what_was_exported_changes_nothing(exported: dict[str, Path], site: str, tmp_path: Path) -> None:
    plan = plan_import(exported[site], SITES / site)
    assert (plan.changes, plan.notes, plan.faults, plan.texts) == ([], [], [], {})
    assert plan.summary() == "nothing changes"


@pytest.mark.parametrize("site", ["songjiang", "dongguan"])
def test_a_pack_made_only_from_the_workbook_is_the_same_place(
    exported: dict[str, Path], site: str, tmp_path: Path
) -> None:
    folder = tmp_path / site
    folder.mkdir()
    shutil.copy(SITES / site / "site.yml", folder)
    plan = plan_import(exported[site], folder)
    assert plan.faults == []
    assert {path.name for path in write(plan)} == {file for file, _ in FILES.values()}
    assert load_site(site, tmp_path) == load_site(site)


def test_a_file_written_back_unchanged_is_the_same_to_the_letter() -> None:
    for site in ("songjiang", "dongguan"):
        for file, columns in FILES.values():
            path = SITES / site / file
            read = read_pack_file(path, columns)
            assert read.fault is None
            assert read.render(read.entries)[0] == path.read_text(encoding="utf-8")


def test_every_column_of_the_packs_has_a_header_and_words_mean_values() -> None:
    for sheet, (_, columns) in FILES.items():
        assert all(names().column(sheet, names().header(sheet, column)) == column for column in columns)
    assert words().value("code", "产科2") == "OB2" and words().value("departments", "眼科") == "OPH"
    assert words().value("assumed", "发热门诊") == "发热门诊"  # a service first, a department else
    assert words().value("role", "联络员") == "contact" and words().value("role", "船长") == "船长"


def test_the_empty_workbook_has_headers_and_explanations(tmp_path: Path) -> None:
    assert export(SITES / "songjiang", tmp_path / "empty.xlsx", empty=True) == 0
    book = load_workbook(tmp_path / "empty.xlsx")
    assert book.sheetnames == [*FILES, "说明"]
    assert [cell.value for cell in book["值班"][1]] == ["岗位", "星期", "开始", "结束", "人员"]
    assert book["机构"].max_row == 1 and book["说明"].max_row > 60


def test_a_pack_with_a_fault_can_be_exported_to_be_mended(pack: Path, tmp_path: Path) -> None:
    path = pack / "towns.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("31.105,121.2,", "北纬31,,"), encoding="utf-8")
    assert export(pack, tmp_path / "broken.xlsx") > 100
    assert any("街镇!" in f and "纬度" in f for f in plan_import(tmp_path / "broken.xlsx", pack).faults)


def test_an_export_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "mine.xlsx").write_text("my work")
    with pytest.raises(SiteError, match="is there already"):
        export(SITES / "songjiang", tmp_path / "mine.xlsx")


# --- what changes -----------------------------------------------------------------------------------------


def test_a_preview_names_every_cell_and_writes_nothing(laid: Callable[..., Plan], pack: Path) -> None:
    before = (pack / "institutions.csv").read_bytes()

    def change(sheet: Any) -> None:
        row = row_of(sheet, "松江区九亭医院")
        sheet.cell(row, 7).value = "九新公路157号"
        sheet.cell(row, 2).value += "、九亭人民医院"
        sheet.delete_rows(row_of(sheet, "华东医院"))
        sheet.append(
            [
                "松江区新建医院",
                "新建医院",
                "综合",
                "区内",
                "二级",
                "新桥镇",
                "新南街1号",
                31.06,
                121.31,
                "急诊科、内分泌",
            ]
        )

    plan = laid("机构", change)
    assert plan.faults == []
    told = [str(c) for c in plan.changes]
    assert "机构 changed: 松江区九亭医院 · 地址: 九新公路155号 → 九新公路157号 (机构!G5)" in told
    assert "机构 changed: 松江区九亭医院 · 别名: +九亭人民医院 (机构!B5)" in told
    assert "机构 removed: 华东医院" in told
    assert any(line.startswith("机构 added: 松江区新建医院 (机构 row ") for line in told)
    assert plan.summary() == "机构 1 added, 1 changed, 1 removed"
    assert (pack / "institutions.csv").read_bytes() == before


def test_applied_only_the_changed_lines_are_others_and_comments_stay(
    laid: Callable[..., Plan], pack: Path
) -> None:
    before = (pack / "institutions.csv").read_text(encoding="utf-8").splitlines()
    plan = laid("机构", put("G5", "九新公路157号"))
    assert [path.name for path in write(plan)] == ["institutions.csv"]
    after = (pack / "institutions.csv").read_text(encoding="utf-8").splitlines()
    assert [line for line in after if line not in before] == [
        line.replace("九新公路155号", "九新公路157号")
        for line in before
        if line.startswith("松江区九亭医院,")
    ]
    assert [line for line in before if line.startswith("#")] == [x for x in after if x.startswith("#")]
    assert check("songjiang", pack.parent) == []


def test_a_room_and_its_people_arrive_together(exported: dict[str, Path], pack: Path, tmp_path: Path) -> None:
    book = load_workbook(exported["songjiang"])
    book["群"].append(["儿科专家联络群", "专家", "儿童"])
    book["成员"].append(["儿科-丁主任", "专家", "儿科专家联络群"])
    book["值班"].append(["儿科", "周一至周日", "0:00", "24:00", "儿科-丁主任"])
    del book["机构"], book["街镇"]
    book.save(tmp_path / "more.xlsx")
    plan = plan_import(tmp_path / "more.xlsx", pack)
    assert plan.faults == [] and plan.summary() == "群 1 added; 成员 1 added; 值班 1 added"
    write(plan)
    site = load_site("songjiang", pack.parent)
    assert site.rooms["儿科专家联络群"].category == "CHILD"
    assert site.on_duty("PED", datetime.fromisoformat("2022-04-10T03:00+08:00")) == "儿科-丁主任"


def test_a_column_that_the_file_does_not_have_yet_is_added_when_filled(
    laid: Callable[..., Plan], pack: Path
) -> None:
    path = pack / "members.csv"
    head = "# what the head says stays\n"
    path.write_text(head + path.read_text(encoding="utf-8"), encoding="utf-8")
    plan = laid("成员", put("E2", "岳阳小沈"))
    assert [str(c) for c in plan.changes] == [
        "成员 changed: 岳阳防控办-小沈 · 别名: (empty) → 岳阳小沈 (成员!E2)"
    ]
    assert plan.faults == []
    write(plan)
    site = load_site("songjiang", pack.parent)
    assert site.members["岳阳防控办-小沈"].aliases == ("岳阳小沈",)
    assert len(site.members) == len(load_site("songjiang").members)
    assert path.read_text(encoding="utf-8").startswith(head + "name,role,rooms,hospital,aliases\n")


def test_another_order_of_rows_is_a_change(laid: Callable[..., Plan]) -> None:
    def swap(sheet: Any) -> None:
        for column in range(1, 6):
            one, other = sheet.cell(2, column), sheet.cell(3, column)
            one.value, other.value = other.value, one.value

    plan = laid("值班", swap)
    assert [c.kind for c in plan.changes] == ["reordered"] and list(plan.texts) == ["roster.csv"]


def test_a_column_that_is_left_out_stays_as_it_is(laid: Callable[..., Plan]) -> None:
    plan = laid("机构", lambda sheet: sheet.delete_cols(10, 4))
    assert plan.changes == [] and plan.faults == []
    assert plan.notes == ["机构: no column 科室, 服务, 一般具备, 服务街镇; what stands there stays"]


def test_a_pack_file_that_cannot_be_read_is_written_anew(laid: Callable[..., Plan], pack: Path) -> None:
    text = (pack / "members.csv").read_text(encoding="utf-8")
    (pack / "members.csv").write_bytes(text.encode("gbk"))
    plan = laid("成员", lambda sheet: None)
    assert plan.faults == [] and "is in GBK" in plan.notes[0] and "replaces the whole file" in plan.notes[0]
    write(plan)
    assert load_site("songjiang", pack.parent).members == load_site("songjiang").members


# --- what Excel does to what was typed --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "value", "number_format"),
    [
        ("P2", 2001, None),  # 0000-2001 typed without its dash
        ("P2", 2001, "0000-0000"),
        ("P2", " ００００-２００１ ", None),
        ("H2", 31.035999999999998, None),
        ("H2", "３１．０３６", None),
        ("A2", "  上海市第一人民医院(南部)\u00a0", None),
    ],
)
def test_numbers_that_excel_changed_are_what_they_were(
    laid: Callable[..., Plan], at: str, value: object, number_format: str | None
) -> None:
    plan = laid("机构", put(at, value, number_format))
    assert plan.changes == [] and plan.faults == []


@pytest.mark.parametrize(
    ("column", "value", "text"),
    [
        ("from", time(8), "08:00"),
        ("from", datetime(1899, 12, 30, 20, 30), "20:30"),
        ("from", 0.3333333333, "08:00"),
        ("from", timedelta(days=1), "00:00"),
        ("from", 1, "00:00"),
        ("from", "８：００", "08:00"),
        ("from", "8点半", "08:30"),
        ("from", "20:00:00", "20:00"),
        ("days", datetime(2026, 1, 5), "1-5"),
        ("days", date(2026, 6, 7), "6-7"),
        ("days", 6, "6"),
        ("days", 6.0, "6"),
        ("days", "周一至周五", "1-5"),
        ("days", "星期六、星期日", "6|7"),
        ("days", "工作日", "1-5"),
        ("days", "１－７", "1-7"),
        ("name", 600, "600"),
        ("name", 12.5, "12.5"),
        ("address", "新松江路６５０号\n东门", "新松江路650号 东门"),
        ("aliases", "市一、 市一南部；公济医院\n", "市一|市一南部|公济医院"),
        ("departments", "急诊科/眼科、ob", "EM|OPH|OB"),
        ("services", "透析室，急诊", "血透|急诊"),
        ("places", "血透：３０/day？", "血透:30/day?"),
        ("lat", 31.0, "31"),
        ("direct_line", 67720001, "67720001"),
        ("hours", time(8, 30), "08:30"),
        ("epidemic", "闭环接诊，到院前报核酸；急危重不等", "闭环接诊，到院前报核酸；急危重不等"),
        ("role", "街镇联络员", "contact"),
        ("name", None, ""),
    ],
)
def test_a_cell_is_read_as_it_was_meant(column: str, value: object, text: str) -> None:
    assert text_of(column, value) == text


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("direct_line", 2160001234, "zeros in front may be lost"),
        ("direct_line", datetime(2001, 1, 1), "made the date 2001-01-01"),
        ("aliases", datetime(2026, 3, 1), "made the date 2026-03-01"),
        ("days", datetime(2026, 10, 12), "weekdays like 1-5"),
        ("from", datetime(2026, 4, 1), "a time like 08:00"),
        ("from", 8, "8 is no time"),
        ("name", True, "TRUE"),
    ],
)
def test_a_cell_that_nobody_can_know_is_a_fault(column: str, value: object, words: str) -> None:
    with pytest.raises(CellFault, match=words):
        text_of(column, value)


@settings(deadline=None)
@given(st.sampled_from(sorted({c for _, cs in FILES.values() for c in cs})), st.text(max_size=20))
def test_any_text_is_read_and_reading_it_again_changes_nothing(column: str, said: str) -> None:
    once = text_of(column, said)
    assert "\n" not in once and text_of(column, once) == once and same(column, once, once)


def test_a_name_with_other_brackets_is_the_same_institution(laid: Callable[..., Plan]) -> None:
    plan = laid("机构", put("A2", "上海市第一人民医院（南部）"))
    assert plan.changes == [] and plan.faults == []


def test_a_sheet_with_only_the_new_rows_is_told_of(laid: Callable[..., Plan]) -> None:
    plan = laid("成员", lambda sheet: sheet.delete_rows(4, 200))
    (note,) = plan.notes
    assert "rows of the pack are not in the sheet and would be removed" in note
    assert plan.faults


def test_a_town_that_nobody_serves_names_the_column_by_its_header(
    exported: dict[str, Path], pack: Path, tmp_path: Path
) -> None:
    book = load_workbook(exported["songjiang"])
    book["街镇"].append(["新农镇", "新农", "", 30.95, 121.2])
    book.save(tmp_path / "town.xlsx")
    plan = plan_import(tmp_path / "town.xlsx", pack)
    assert plan.faults == [
        "街镇!A19 (名称): 新农镇: no institution serves it; name it in the column 服务街镇 of the sheet 机构"
    ]


def test_cells_merged_down_a_column_have_one_value(laid: Callable[..., Plan]) -> None:
    def merge(sheet: Any) -> None:
        assert {sheet.cell(r, 2).value for r in range(2, 19)} == {"联络员"}
        sheet.merge_cells("B2:B18")

    assert laid("成员", merge).changes == []


def test_a_title_above_the_header_blanks_and_remarks_do_not_matter(laid: Callable[..., Plan]) -> None:
    def dress(sheet: Any) -> None:
        sheet.insert_rows(1, 2)
        sheet["A1"] = "值班表（二季度）"
        sheet.merge_cells("A1:E1")
        sheet["F3"], sheet["F4"] = "备注", "节假日另排"
        sheet["A3"], sheet["C3"] = "岗位 *", " 开始（时间）"
        sheet.cell(sheet.max_row + 3, 2).value = "  "

    plan = laid("值班", dress)
    assert plan.changes == [] and plan.faults == []


# --- what is refused --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sheet", "at", "value", "words"),
    [
        (
            "机构",
            "J4",
            "急诊科、妇瓶科",
            "机构!J4 (科室): departments: 妇瓶科 is unknown, did you mean 妇科?",
        ),
        ("机构", "K4", "急诊|血头", "机构!K4 (服务): services: 血头 is unknown"),
        ("机构", "H4", 121.259, "机构!H4 (纬度): lat, lon: 松江区泗泾医院"),
        ("机构", "H4", "北纬31度", "机构!H4 (纬度): lat, lon: must be two numbers"),
        ("机构", "F4", "泗泾", "机构!F4 (街镇): town: 泗泾 is unknown, did you mean 泗泾镇?"),
        ("机构", "A4", "松江区九亭医院", "机构!A5 (名称): name: 松江区九亭医院 stands twice"),
        ("机构", "A4", "松江区四泾医院", "members.csv:"),
        ("机构", "B4", "六院", "机构!B45 (别名): aliases: 六院 already means 松江区泗泾医院 (机构 row 4)"),
        ("机构", "Z1", "电话号码", "机构!Z1: column 电话号码 is unknown, did you mean"),
        ("机构", "Z1", "名称", "机构!Z1: column 名称 stands twice"),
        ("街镇", "C2", "永丰街道", "岳阳街道 (街镇 row 2) does not name 方松街道 in return"),
        ("群", "B2", "报告", "群!B2 (用途): room 医疗保障群: purpose 报告 is unknown"),
        ("群", "A2", "医疗保障大群", "did you mean 医疗保障大群?"),
        ("成员", "B2", "船长", "成员!B2 (角色): role: 船长 is unknown"),
        ("成员", "C2", "医疗保障大群", "rooms: 医疗保障大群 is unknown, did you mean 医疗保障群?"),
        ("群", "B2", "会诊专家", "purpose 会诊专家 is unknown, did you mean 会诊?"),
        ("值班", "A2", "产斜", "值班!A2 (岗位): code: 产斜 is unknown, did you mean"),
        ("值班", "E2", "专班-陈", "值班!E2 (人员): member: 专班-陈 is unknown, did you mean 专班-陈老师?"),
        ("值班", "B2", "1-8", "值班!B2 (星期): days: 1-8 must be like"),
        ("值班", "D2", "12:00", "值班: DUTY1: nobody is on duty every day 12:00 to 20:00"),
        ("值班", "C2", datetime(2026, 4, 1), "值班!C2 (开始): is the date 2026-04-01"),
        ("值班", "E2", "=A1", "值班!E2: a formula without its result"),
        ("值班", "A1", "船", "值班!A1: column 船 is unknown"),
    ],
)
def test_a_fault_is_named_by_sheet_row_and_column_and_nothing_is_written(
    laid: Callable[..., Plan], pack: Path, sheet: str, at: str, value: object, words: str
) -> None:
    plan = laid(sheet, put(at, value))
    assert [f for f in plan.faults if words in f], plan.faults
    assert all("\n" not in f and "lianluo-import" not in f for f in plan.faults)
    before = {path.name: path.read_bytes() for path in pack.iterdir()}
    assert write(plan) == []
    assert {path.name: path.read_bytes() for path in pack.iterdir()} == before


def test_a_sheet_without_rows_would_empty_the_file_and_is_refused(laid: Callable[..., Plan]) -> None:
    plan = laid("成员", lambda sheet: sheet.delete_rows(2, 200))
    assert plan.faults and "has no rows; take the sheet out" in plan.faults[0]


def test_a_sheet_of_another_name_is_told_of(laid: Callable[..., Plan]) -> None:
    plan = laid("成员", lambda sheet: setattr(sheet, "title", "成员2"))
    assert plan.notes == [
        "sheet 成员2 is not read, did you mean 成员?; sheets are 机构, 街镇, 群, 成员, 值班"
    ]
    assert plan.faults and "no sheet to read" in plan.faults[0]


def test_cells_merged_across_columns_are_refused(laid: Callable[..., Plan]) -> None:
    plan = laid("值班", lambda sheet: sheet.merge_cells("C3:D3"))
    assert any("值班!C3:D3: cells are merged across columns" in f for f in plan.faults)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old", "old .xls or has a password"),
        (b"name,role\n", "no Excel workbook"),
        (b"", "no Excel workbook"),
        (b"PK\x03\x04broken", "cannot be read as a workbook"),
        (None, "cannot be read"),
    ],
)
def test_a_file_that_is_no_workbook_is_one_line(tmp_path: Path, content: bytes | None, words: str) -> None:
    path = tmp_path / "book.xlsx"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SiteError, match=words) as error:
        plan_import(path, SITES / "songjiang")
    assert "\n" not in str(error.value)


def test_a_name_that_looks_like_a_comment_or_a_formula_survives(pack: Path, tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "成员"
    sheet.append(["名称", "角色", "群"])
    old = read_pack_file(pack / "members.csv", FILES["成员"][1])
    for entry in old.entries:
        sheet.append([entry.cells["name"], entry.cells["role"], entry.cells["rooms"]])
    sheet.append(["#1号志愿者, 小王", "志愿者", "医疗保障群"])
    book.save(tmp_path / "names.xlsx")
    plan = plan_import(tmp_path / "names.xlsx", pack)
    assert plan.faults == []
    write(plan)
    assert load_site("songjiang", pack.parent).members["#1号志愿者, 小王"].role == "volunteer"
