"""The right hospital: a table of needs, and the rules of ranking one by one."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.matching import Candidate, Need, StatusNote, rank
from actions.matching_rules import read_routing
from actions.site import SITES as PACKS
from actions.site import Site, load_site
from actions.site_files import Faults, Row, read_table
from actions.site_types import CATEGORIES, DISPOSITIONS, SPECIALTIES

TABLE = Path(__file__).with_name("matching.csv")
COLUMNS = [
    *("id", "site", "level", "specialty", "category", "tags", "disposition", "town"),
    *("orig_hospital", "age", "right", "note"),
]
AT = datetime(2022, 4, 4, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
SOUTH = "上海市第一人民医院(南部)"
CENTRAL = "松江区中心医院"
EYE_ENT = "复旦大学附属眼耳鼻喉科医院"
TWO_HAVE = ("PAIN", "PHARM")
"""What only two hospitals of the directory have beside an emergency room: no third without it is named."""
SONGJIANG = load_site("songjiang")
SITES = {"songjiang": SONGJIANG, "dongguan": load_site("dongguan")}


def needs() -> list[Row]:
    faults = Faults()
    rows = read_table(TABLE, COLUMNS, faults)
    assert faults.lines == []
    return rows


def need_of(row: Row) -> Need:
    return Need(
        level=int(row["level"]),
        specialty=row["specialty"],
        specialties=(row["specialty"],),
        category=row["category"],
        tags=row.many("tags"),
        disposition=row["disposition"],
        town=row["town"] or None,
        orig_hospital=row["orig_hospital"] or None,
        at=AT,
        age_years=float(row["age"]) if row["age"] else None,
    )


def names(candidates: list[Candidate]) -> list[str]:
    return [c.name for c in candidates]


def fishbone() -> Need:
    return Need(3, "ENT", ("ENT",), "TRAUMA", (), "HOSP_TODAY", "佘山镇", None, AT)


def dialysis(own: str | None = None, level: int = 3) -> Need:
    return Need(level, "NEPH", ("NEPH",), "DIALYSIS", (), "HOSP_TODAY", "泗泾镇", own, AT)


def test_the_table_is_large_and_names_only_what_the_directory_has() -> None:
    rows = needs()
    assert len(rows) >= 80
    for row in rows:
        site = SITES[row["site"]]
        assert set(row.many("right")) <= set(site.institutions), row["id"]
        assert row["town"] in site.towns, row["id"]


def test_first_candidate_is_right_in_nearly_all_needs() -> None:
    rows = needs()
    firsts = {r["id"]: rank(SITES[r["site"]], need_of(r), [], [])[0].name for r in rows}
    wrong = [
        f"{r['id']} {r['note']}: {firsts[r['id']]}" for r in rows if firsts[r["id"]] not in r.many("right")
    ]
    assert len(wrong) <= 0.05 * len(rows), "\n".join(wrong)


def test_every_need_of_the_table_gets_three_different_candidates() -> None:
    for row in needs():
        found = names(rank(SITES[row["site"]], need_of(row), [], []))
        assert len(found) >= 3, row["id"]
        assert max(Counter(found).values()) == 1, row["id"]


def test_fishbone_goes_to_the_specialist_with_the_district_next() -> None:
    found = rank(SONGJIANG, fishbone(), [], [])
    assert found[0].name == EYE_ENT
    assert SOUTH in names(found)[1:3]
    assert found[0].direct_line and found[0].direct_line.startswith("0000-")


def test_limit_cuts_the_list_and_nothing_else() -> None:
    assert rank(SONGJIANG, fishbone(), [], [], 2) == rank(SONGJIANG, fishbone(), [], [])[:2]


def test_declined_hospitals_are_gone_and_the_order_of_the_others_stays() -> None:
    all_names = names(rank(SONGJIANG, dialysis(), [], []))
    rest = names(rank(SONGJIANG, dialysis(), [], [all_names[0]]))
    assert rest[:2] == all_names[1:3]
    assert all_names[0] not in rest


def test_own_dialysis_hospital_is_first_and_marked() -> None:
    found = rank(SONGJIANG, dialysis(own=CENTRAL), [], [])
    assert (found[0].name, found[0].own) == (CENTRAL, True)
    assert not any(c.own for c in found[1:])


@pytest.mark.parametrize("own", ["某某血透中心", "闵行区中心医院"])
def test_own_hospital_outside_the_directory_is_named_as_such(own: str) -> None:
    found = rank(SONGJIANG, dialysis(own=own), [], [])
    assert (found[0].name, found[0].own) == (own, True)
    assert "名录外" in found[0].why
    assert own not in names(rank(SONGJIANG, dialysis(own=own), [], [own]))
    assert own not in names(rank(SONGJIANG, dialysis(), [], []))


def test_own_hospital_does_not_hold_up_level_one() -> None:
    need = Need(1, "OB", ("OB",), "MATERNAL", (), "D120", "方松街道", "国际和平妇幼保健院", AT)
    assert rank(SONGJIANG, need, [], [])[0].name == SOUTH


def test_child_with_leukaemia_goes_where_children_are_treated() -> None:
    need = Need(3, "HEMA", ("HEMA",), "ONCO", (), "HOSP_TODAY", "方松街道", None, AT, age_years=6)
    assert rank(SONGJIANG, need, [], [])[0].name == "上海儿童医学中心"
    assert rank(SONGJIANG, replace(need, age_years=60), [], [])[0].name == SOUTH


def test_fever_at_level_two_needs_a_fever_clinic_only_while_the_phase_says_so() -> None:
    need = Need(2, "RESP", ("RESP",), "FEVER", (), "D120", "方松街道", None, AT)
    assert rank(SONGJIANG, need, [], [])[0].name == CENTRAL
    reopened = replace(SONGJIANG, phase="REOPEN")
    assert rank(reopened, need, [], [])[0].name == SOUTH


def test_far_own_hospital_is_not_first_at_level_two() -> None:
    far = Need(2, "OB", ("OB",), "MATERNAL", (), "D120", "新浜镇", "上海市第一妇婴保健院", AT)
    assert rank(SONGJIANG, far, [], [])[0].name == SOUTH


@pytest.mark.parametrize("department", ["血透室", "NEPH", "透析中心", None])
@pytest.mark.parametrize("state", ["closed", "full"])
def test_closed_department_is_left_out_until_its_time(department: str | None, state: str) -> None:
    first = rank(SONGJIANG, dialysis(), [], [])[0].name
    note = StatusNote(first, department, state, AT + timedelta(hours=2))
    assert first not in names(rank(SONGJIANG, dialysis(), [note], []))
    past = StatusNote(first, department, state, AT)
    assert rank(SONGJIANG, dialysis(), [past], [])[0].name == first


def test_another_department_closed_changes_nothing() -> None:
    first = rank(SONGJIANG, dialysis(), [], [])[0].name
    note = StatusNote(first, "口腔科", "closed", None)
    assert rank(SONGJIANG, dialysis(), [note], [])[0].name == first


def test_the_last_note_counts() -> None:
    first = rank(SONGJIANG, dialysis(), [], [])[0].name
    shut = StatusNote(first, "血透室", "closed", None)
    opened = StatusNote(first, "血透室", "open", None)
    assert rank(SONGJIANG, dialysis(), [shut, opened], [])[0].name == first
    assert first not in names(rank(SONGJIANG, dialysis(), [opened, shut], []))


def test_open_after_the_whole_hospital_was_closed_opens_that_department_only() -> None:
    first = rank(SONGJIANG, dialysis(), [], [])[0].name
    notes = [StatusNote(first, None, "closed", None), StatusNote(first, "血透室", "open", None)]
    assert rank(SONGJIANG, dialysis(), notes, [])[0].name == first
    surgery = Need(3, "GENSURG", ("GENSURG",), "CHRONIC", (), "HOSP_TODAY", "泗泾镇", None, AT)
    assert first not in names(rank(SONGJIANG, surgery, notes, []))


def test_closed_emergency_room_is_passed_over_at_level_one() -> None:
    need = Need(1, "EM", ("EM",), "CRITICAL", (), "D120", "九亭镇", None, AT)
    assert rank(SONGJIANG, need, [], [])[0].name == "松江区九亭医院"
    note = StatusNote("松江区九亭医院", "急诊", "closed", None)
    assert rank(SONGJIANG, need, [note], [])[0].name == "松江区泗泾医院"


def test_with_everything_closed_the_list_is_not_empty_and_says_so() -> None:
    notes = [StatusNote(name, None, "closed", None) for name in SONGJIANG.institutions]
    found = rank(SONGJIANG, fishbone(), notes, [])
    assert found[0].name == EYE_ENT
    assert all("先电话确认" in c.why for c in found)


def test_nobody_left_is_an_empty_list() -> None:
    assert rank(SONGJIANG, fishbone(), [], list(SONGJIANG.institutions)) == []


def test_non_medical_matters_have_no_hospital() -> None:
    need = Need(4, "GP", ("GP",), "NONMED", (), "NONE", "佘山镇", None, AT)
    assert rank(SONGJIANG, need, [], []) == []


def test_unsure_facts_are_neither_used_nor_shown() -> None:
    need = Need(3, "OB", ("OB",), "MATERNAL", (), "HOSP_TODAY", "岳阳街道", None, AT)
    assert CENTRAL not in names(rank(SONGJIANG, need, [], []))
    assert SONGJIANG.institutions["松江区泗泾医院"].tier is None
    assert SONGJIANG.institutions["松江区精神卫生中心"].lat is None


def test_assumed_departments_are_shown_as_unconfirmed() -> None:
    need = Need(2, "NEURO", ("NEURO",), "CRITICAL", (), "D120", "方松街道", None, AT)
    assert all("待核实" in c.why for c in rank(SONGJIANG, need, [], [])[:2])


def test_look_alike_hospital_is_known_and_never_proposed() -> None:
    assert SONGJIANG.gazetteer().institutions["上海五官科医院"] == "上海五官科医院"
    assert "上海五官科医院" not in names(rank(SONGJIANG, fishbone(), [], [EYE_ENT]))


def test_without_a_town_there_is_still_a_list_and_no_centre_is_called_the_towns_own() -> None:
    need = Need(4, "GP", ("GP",), "MEDS", (), "CHC", None, None, AT)
    found = rank(SONGJIANG, need, [], [])
    assert len(found) >= 3
    assert not any("本街镇" in c.why or "公里" in c.why for c in found)


def test_centres_stand_in_for_missing_internet_hospitals() -> None:
    need = Need(4, "INF", ("INF",), "FEVER", (), "ONLINE", "泗泾镇", None, AT)
    assert rank(SONGJIANG, need, [], [])[0].name == "泗泾镇社区卫生服务中心"


calm = settings(deadline=None)  # a busy machine is no fault of the ranking
any_need = st.builds(
    Need,
    level=st.integers(1, 4),
    specialty=st.sampled_from(SPECIALTIES),
    category=st.sampled_from([c for c in CATEGORIES if c not in ("NONMED", "OTHER")]),
    tags=st.lists(st.sampled_from(CATEGORIES), max_size=2).map(tuple),
    disposition=st.sampled_from(DISPOSITIONS),
    town=st.one_of(st.none(), st.sampled_from(sorted(SONGJIANG.towns))),
    orig_hospital=st.one_of(st.none(), st.sampled_from(sorted(SONGJIANG.institutions))),
    at=st.just(AT),
    age_years=st.one_of(st.none(), st.floats(0, 100)),
)


@calm
@given(need=any_need)
def test_any_need_gets_three_candidates_with_reasons_the_same_each_time(need: Need) -> None:
    found = rank(SONGJIANG, need, [], [])
    assert len(found) >= (2 if need.specialty in TWO_HAVE else 3)
    assert len(set(names(found))) == len(found)
    assert all(c.why and "{" not in c.why for c in found)
    assert all(c.own == (c.name == need.orig_hospital) for c in found)
    assert found == rank(SONGJIANG, need, [], [])


@calm
@given(need=any_need, town=st.sampled_from(sorted(SITES["dongguan"].towns)))
def test_any_need_gets_three_candidates_in_the_other_place_too(need: Need, town: str) -> None:
    found = rank(SITES["dongguan"], replace(need, town=town), [], [])
    assert len(found) >= 3
    assert len(set(names(found))) == len(found)


@calm
@given(need=any_need, share=st.sets(st.sampled_from(sorted(SONGJIANG.institutions)), max_size=20))
def test_declined_and_closed_never_come_back(need: Need, share: set[str]) -> None:
    assert share.isdisjoint(names(rank(SONGJIANG, need, [], share)))
    notes = [StatusNote(name, None, "full", None) for name in share]
    assert share.isdisjoint(names(rank(SONGJIANG, need, notes, [])))


@calm
@given(need=any_need.filter(lambda n: n.category != "CHILD" and not n.specialty.startswith("PED")))
def test_adults_are_not_sent_to_a_childrens_hospital(need: Need) -> None:
    need = replace(need, age_years=60.0)
    children_only = {"复旦大学附属儿科医院", "上海市儿童医院", "上海儿童医学中心"} - {need.orig_hospital}
    assert children_only.isdisjoint(names(rank(SONGJIANG, need, [], [])))


@calm
@given(need=any_need.filter(lambda n: n.level == 1))
def test_level_one_goes_to_an_emergency_room(need: Need) -> None:
    first = SONGJIANG.institutions[rank(SONGJIANG, need, [], [])[0].name]
    assert first.may_have("急诊")


def test_policy_of_the_place_decides_who_is_specialist_first(without_specialists: Site) -> None:
    assert rank(without_specialists, fishbone(), [], [])[0].name == SOUTH


@pytest.fixture
def without_specialists(tmp_path: Path) -> Site:
    for file in (PACKS / "songjiang").iterdir():
        target = tmp_path / "songjiang" / file.name
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(file.read_bytes())
    site = tmp_path / "songjiang" / "site.yml"
    text = site.read_text(encoding="utf-8")
    site.write_text(text[: text.index("specialist_first:")], encoding="utf-8")
    return load_site("songjiang", tmp_path)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("甲,5,,,,,急诊,,x,y", "level"),
        ("甲,1,WRONG,,,,急诊,,x,y", "category"),
        ("甲,1,,,,,急疹,,x,y", "select"),
        ("甲,1,,,,,,,x,y", "select is empty"),
        ("甲,1,,,,,急诊,0,x,y", "take"),
        ("甲,1,,,,weather,急诊,,x,y", "when"),
        ("甲,1,,,,,急诊", "columns"),
    ],
)
def test_a_fault_in_the_routing_table_is_one_line(tmp_path: Path, line: str, fault: str) -> None:
    path = tmp_path / "routing.csv"
    path.write_text(
        f"route,level,category,specialty,disposition,when,select,take,why,source\n{line}\n", "utf-8"
    )
    faults = Faults()
    assert read_routing(path, faults) == ()
    assert len(faults.lines) == 1
    assert "routing.csv:2: " in faults.lines[0] and fault in faults.lines[0]
