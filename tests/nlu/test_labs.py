"""Laboratory values: found whatever stands between name and number, in the unit of the table, and only where they are."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.labs import LABS, find_labs, read_labs
from nlu.normalise import normalise
from nlu.tables import Faults
from tests.nlu.engine import triaged


def found(text: str) -> list[tuple[str, float]]:
    return [(one.kind, one.value) for one in find_labs(normalise(text).text)]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("血红蛋白昨天查出来掉到48了", "hb", 48),
        ("血色素只有五点八", "hb", 58),
        ("Hb：56g/L", "hb", 56),
        ("血小板计数 3万 有点低", "plt", 30),
        ("血小板6个", "plt", 6),
        ("血小板不到20", "plt", 19.99),
        ("白细胞三万多", "wbc", 30),
        ("中性粒细胞绝对值0.3", "anc", 0.3),
        ("Na+ 121mmol/L", "na", 121),
        ("总胆红素 342", "bili", 20),
        ("经皮测黄疸 16.5", "bili", 16.5),
        ("肌钙蛋白120 ng/L", "troponin", 0.12),
        ("碳氧血红蛋白25%", "cohb", 25),
        ("糖化血红蛋白7.2", "hba1c", 7.2),
        ("胎心只有90", "fhr", 90),
        ("胎心90次", "fhr", 90),
        ("血小板从120掉到8", "plt", 8),
        ("血小板只有2千", "plt", 2),
        ("血小板两千", "plt", 2),
        ("血色素52 月经量多", "hb", 52),
        ("血色素58 天天头晕", "hb", 58),
        ("血小板6 支架术后", "plt", 6),
        ("新生儿 血色素21.5", "hb", 215),
        ("肌钙蛋白12.5", "troponin", 12.5),
        ("钠只有118", "na", 118),
    ],
)
def test_a_value_is_read(text: str, kind: str, value: float) -> None:
    assert found(text) == [(kind, pytest.approx(value, abs=0.01))]


@pytest.mark.parametrize(
    "text",
    [
        "尿白细胞3+",
        "尿常规 白细胞 156",
        "查血小板3次",
        "血小板、白细胞都好的",
        "salt 5",
        "血钠盐3包",
        "中性粒85%",
        "查血白细胞高 38.5度",
        "白细胞低 38.6",
        "血小板低三十年了",
        "血小板8点到医院查",
        "去年血小板6 现在正常",
        "氯化钠 100",
    ],
)
def test_what_is_none(text: str) -> None:
    assert found(text) == []


def test_several_on_one_sheet_and_one_taken_back() -> None:
    assert found("Hb 56 PLT 8 WBC 0.6") == [("hb", 56), ("plt", 8), ("wbc", 0.6)]
    assert found("血小板8打错了，是80") == []


def test_the_number_decides_and_not_its_first_figure() -> None:
    assert triaged("血色素131 复查一下 男40岁").level >= 3
    assert triaged("血小板210 复查一下 男40岁").level == 4
    assert triaged("血小板21 牙龈出血 男40岁").level == 2


def test_a_fetus_lends_its_heart_to_nobody() -> None:
    report = triaged("孕30周 胎心率150 产检预约")
    assert "hr" not in report.entities and report.level == 4


@given(st.text(alphabet="血小板白细胞红蛋钠钙hbpltwbcinr0123456789.千万个不到%+ ，只有掉", max_size=60))
def test_no_text_is_too_odd(text: str) -> None:
    bounds = {lab.kind: (lab.low, lab.high) for lab in read_labs(LABS, Faults(strict=True))}
    for one in find_labs(normalise(text).text):
        low, high = bounds[one.kind]
        assert low - 0.01 <= one.value <= high


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("HB,血色素,20,260,,", "small letters"),
        ("hb,,20,260,,", "says is empty"),
        ("hb,血色素,low,260,,", "must be numbers"),
        ("hb,血色素,20,260,times ten,", "must be like"),
    ],
)
def test_a_faulty_row_is_named_and_left_out(tmp_path: Path, row: str, fault: str) -> None:
    table = tmp_path / "labs.csv"
    head = next(line for line in LABS.read_text(encoding="utf-8").splitlines() if line.startswith("lab,"))
    table.write_text(f"{head}\n{row}\nplt,血小板,0.5,2000,,\n", encoding="utf-8")
    faults = Faults()
    assert [lab.kind for lab in read_labs(table, faults)] == ["plt"]
    assert fault in str(faults.found[0]) and "labs.csv:2" in str(faults.found[0])
