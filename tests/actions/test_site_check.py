"""Every kind of fault in a site pack is one line that names file and line; what a place may change, it can."""

from __future__ import annotations

import shutil
from datetime import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.site import SITES, SiteError, load_site
from actions.site_check import check


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    shutil.copytree(SITES / "songjiang", tmp_path / "songjiang")
    return tmp_path


def replace(root: Path, file: str, old: str, new: str) -> int:
    """Changes the first place where `old` stands; the number of its line."""
    path = root / "songjiang" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("institutions.csv", "松江区乐都医院,", "松江区乐都医院,,", "columns"),
        ("institutions.csv", "REHAB|GERI", "REHAB|GERY", "departments: GERY is unknown"),
        ("institutions.csv", "急诊|血透|24h窗口", "急诊|血头|24h窗口", "services: 血头 is unknown"),
        ("institutions.csv", ",康复,区内", ",复康,区内", "kind: 复康 is unknown"),
        ("institutions.csv", "31.013,121.232", "abc,121.232", "lat, lon"),
        ("institutions.csv", "31.013,121.232", "121.232,31.013", "outside the box"),
        ("institutions.csv", "五康|", "五康|六院|", "already means"),
        ("institutions.csv", "松江区九亭医院,", "松江区泗泾医院,", "stands twice"),
        ("institutions.csv", "佘新路18号", '"佘新路18号', "quotation mark"),
        ("institutions.csv", "0000-2001", "问总机", "direct_line"),
        ("institutions.csv", "血透:36/day?", "血透:36/week", "places: 血透:36/week must be"),
        ("institutions.csv", "血透:36/day?", "血头:36/day", "places: 血头 is unknown"),
        ("institutions.csv", "血透:36/day?", "血透:36/day|血透:9", "places: 血透 stands twice"),
        ("towns.csv", "陈坊桥", "陈坊桥|九亭", "already means"),
        ("towns.csv", "31.105,121.2,", "31.105,,", "lat, lon"),
        ("towns.csv", "九亭镇|泗泾镇,31.143", "九亭镇|泗泾镇|亭林镇,31.143", "亭林镇 is unknown"),
        ("towns.csv", "九亭镇|泗泾镇,31.143", "九亭镇,31.143", "in return"),
        ("members.csv", "contact,医疗保障群,", "contact,医疗保障大群,", "rooms: 医疗保障大群 is unknown"),
        ("members.csv", "contact,医疗保障群,", "contacts,医疗保障群,", "role: contacts is unknown"),
        (
            "members.csv",
            "泗泾医院-小冯,hospital,医疗保障群|血透协调群,松江区泗泾医院",
            "泗泾医院-小冯,hospital,医疗保障群,",
            "no hospital",
        ),
        ("members.csv", "产科-李主任,expert,孕产妇专家联络群", "产科-李主任,expert,", "not in the room"),
        ("roster.csv", "OB,1-7,08:00", "OBB,1-7,08:00", "code: OBB is unknown"),
        ("roster.csv", "OB,1-7,08:00", "OB,1-8,08:00", "days"),
        ("roster.csv", "OB,1-7,08:00", "OB,1-7,8点", "times"),
        ("roster.csv", "08:00,20:00,产科-李主任", "08:00,20:00,产科-李", "member: 产科-李 is unknown"),
        ("rooms.yml", "purpose: pharmacist", "purpose: pharmacy", "purpose pharmacy is unknown"),
        ("rooms.yml", "  category: DIALYSIS\n", "", "needs a category"),
        ("rooms.yml", "town: 佘山镇", "town: 畲山镇", "town 畲山镇 is unknown"),
        ("site.yml", "phase: LOCKDOWN", "phase: LOCKED", "phase"),
        ("site.yml", "time_zone: Asia/Shanghai", "time_zone: Asia/Songjiang", "no time zone"),
        ("site.yml", "box:", "bocks:", "bocks is unknown"),
        ("site.yml", "experts: [MATERNAL", "experts: [CHILD, MATERNAL", "CHILD has no room"),
        ("site.yml", "  ENT: [3, 4]", "  ENT: [3, 5]", "specialist_first"),
        ("site.yml", "name: 松江区", 'name: "松江区', "broken YAML"),
        ("institutions.csv", "REHAB|GERI", "REHAB|GERY", "did you mean GERI?"),
        ("institutions.csv", "name,aliases", "name,alias", "alias is unknown, did you mean aliases?"),
        ("institutions.csv", "name,aliases,kind", "aliases,kind", "name is missing"),
        ("institutions.csv", "五康|", "五康|永丰|", "永丰 also means the town 永丰街道 (towns.csv line 5)"),
        ("institutions.csv", "五康|", "五康|乐都医院|", "stands twice"),
        ("institutions.csv", "departments:OB", "departments:OBB", "departments:OBB marks nothing"),
        ("institutions.csv", "31.013,121.232", "121.232,31.013", "lat and lon are swapped"),
        ("institutions.csv", "31.013,121.232", "23.013,113.232", "outside the box"),
        ("towns.csv", "aliases:天马", "aliases:天妈", "did you mean 天马?"),
        ("towns.csv", "name,aliases,neighbours", "name;aliases;neighbours", "is unknown"),
        ("towns.csv", "九亭镇|泗泾镇,31.143", "九里亭街道|九亭镇|泗泾镇,31.143", "is the town itself"),
        ("members.csv", "contact,医疗保障群,", "contact,医疗保障大群,", "did you mean 医疗保障群?"),
        (
            "members.csv",
            ",松江区中心医院",
            ",松江中心医院",
            "hospital: 松江中心医院 is unknown, did you mean",
        ),
        ("rooms.yml", "purpose: chc", "purpose: hospital", "needs a hospital"),
        ("rooms.yml", "town: 佘山镇", "towm: 佘山镇", "towm is unknown, did you mean town?"),
        (
            "rooms.yml",
            "- name: 社区医务科长群",
            "- name: 社区科长群\n  purpose: chc\n- name: 社区医务科长群",
            "nobody is in it",
        ),
        ("site.yml", "time_zone:", "timezone:", "did you mean time_zone?"),
        ("site.yml", "specialist_first:", "specialists_first:", "did you mean specialist_first?"),
    ],
)
def test_every_fault_is_named_with_file_and_line(
    pack: Path, file: str, old: str, new: str, words: str
) -> None:
    line = replace(pack, file, old, new)
    faults = check("songjiang", pack)
    assert all("\n" not in f and "songjiang/" in f for f in faults)
    hits = [f for f in faults if words in f]
    assert hits, faults
    if words not in ("broken YAML", "needs a category", "specialist_first"):
        assert any(f"{file}:{line}: " in f or f"(line {line})" in f or "in return" in f for f in hits), hits
    assert any(f"{file}:" in f for f in hits)


def test_all_faults_are_listed_not_only_the_first(pack: Path) -> None:
    replace(pack, "institutions.csv", "REHAB|GERI", "REHAB|GERY")
    replace(pack, "towns.csv", "陈坊桥", "陈坊桥|九亭")
    replace(pack, "members.csv", "contact,医疗保障群,", "contact,医疗保障大群,")
    assert {Path(f.split(":")[0]).name for f in check("songjiang", pack)} == {
        "institutions.csv",
        "towns.csv",
        "members.csv",
    }


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("towns.csv", "31.105,121.2,", "31.105,,"),
        ("rooms.yml", "purpose: intake\n  town", "purpose: inteke\n  town"),
        ("institutions.csv", "31.118,121.259", "31.118,E121"),
    ],
)
def test_a_broken_entry_is_told_once_not_wherever_it_is_named(
    pack: Path, file: str, old: str, new: str
) -> None:
    replace(pack, file, old, new)
    (fault,) = check("songjiang", pack)
    assert f"/{file}:" in fault


def test_gap_in_the_duty_roster_says_when(pack: Path) -> None:
    replace(pack, "roster.csv", "DUTY1,1-7,20:00", "DUTY1,1-6,20:00")
    (fault,) = (f for f in check("songjiang", pack) if "DUTY1" in f and "Sun" in f)
    assert "Sun 20:00" in fault and "roster.csv" in fault


def test_an_expert_room_whose_category_has_no_codes(pack: Path) -> None:
    replace(pack, "rooms.yml", "category: DIALYSIS", "category: TRAUMA")
    assert any(
        "site.yml: expert_codes: TRAUMA has the room 血透协调群" in f for f in check("songjiang", pack)
    )


def without(root: Path, file: str, *starts: str) -> None:
    """Takes the rows away that begin so."""
    path = root / "songjiang" / file
    kept = [x for x in path.read_text(encoding="utf-8").splitlines() if not x.startswith(starts)]
    path.write_text("\n".join(kept) + "\n", encoding="utf-8")


def test_hours_without_any_expert_of_a_category_are_a_gap(pack: Path) -> None:
    without(pack, "roster.csv", "OB", "GYN2", "GYN,1-7,20:00")
    (fault,) = (f for f in check("songjiang", pack) if "MATERNAL" in f)
    assert "MATERNAL (OB, GYN): nobody is on duty every day 20:00 to 08:00; add a shift" in fault


def test_a_gap_over_the_end_of_the_week_is_one(pack: Path) -> None:
    replace(pack, "roster.csv", "DUTY1,1-7,20:00", "DUTY1,2-6,20:00")
    faults = [f.partition("duty ")[2] for f in check("songjiang", pack) if "DUTY1" in f]
    assert faults == ["Mon 20:00 to Tue 08:00; add a shift", "Sun 20:00 to Mon 08:00; add a shift"]


def test_one_specialty_off_duty_while_another_of_its_group_is_there_is_no_gap(pack: Path) -> None:
    without(pack, "roster.csv", "HEMA", "GYN", "OB2", "PHARM2")
    assert check("songjiang", pack) == []


@pytest.mark.parametrize(
    ("encoding", "words"), [("gbk", "is in GBK"), ("utf-16", "is UTF-16"), ("big5", "save")]
)
def test_a_file_in_another_encoding_says_how_to_save_it(pack: Path, encoding: str, words: str) -> None:
    path = pack / "songjiang" / "members.csv"
    text = "name,role,rooms,hospital\n小明,contact,中文,\n"
    path.write_bytes(text.encode(encoding))
    hits = [f for f in check("songjiang", pack) if "members.csv:" in f and words in f]
    assert hits and "UTF-8" in hits[0]


def test_a_workbook_named_csv_is_pointed_to_the_import(pack: Path) -> None:
    (pack / "songjiang" / "towns.csv").write_bytes(b"PK\x03\x04\xff\xfe")
    assert any("lianluo site import" in f for f in check("songjiang", pack))


def test_a_column_marked_unsure_is_no_fact(pack: Path) -> None:
    line = "松江区乐都医院"
    path = pack / "songjiang" / "institutions.csv"
    text = path.read_text(encoding="utf-8")
    old = next(x for x in text.splitlines() if x.startswith(line))
    new = old.removesuffix(",,") + ",direct_line|departments|aliases,"
    path.write_text(text.replace(old, new), encoding="utf-8")
    found = load_site("songjiang", pack).institutions[line]
    assert (found.direct_line, found.departments, found.aliases) == (None, frozenset(), ())
    assert found.may_have("GP") and found.address == "乐都路279号"


def test_code_without_anybody_is_a_gap(pack: Path) -> None:
    path = pack / "songjiang" / "roster.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(x for x in lines if not x.startswith("LEADER")) + "\n", encoding="utf-8")
    assert any("LEADER: nobody is on duty" in f for f in check("songjiang", pack))


def test_town_that_nobody_serves(pack: Path) -> None:
    path = pack / "songjiang" / "institutions.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(x for x in lines if not x.startswith("新浜镇社区")) + "\n", encoding="utf-8")
    assert any("新浜镇: no institution serves it" in f for f in check("songjiang", pack))


@pytest.mark.parametrize(
    "file", ["site.yml", "institutions.csv", "towns.csv", "rooms.yml", "members.csv", "roster.csv"]
)
@pytest.mark.parametrize(
    "content",
    [None, b"", b"\xff\xfe\x00", b"- [", b"a,b\n1,2\n", b"x: &a [*a]\n", b"\x00", "名,称\n".encode("gbk")],
)
def test_missing_and_mangled_files_never_end_in_a_traceback(
    pack: Path, file: str, content: bytes | None
) -> None:
    path = pack / "songjiang" / file
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content)
    if file == "site.yml" and content is None:
        with pytest.raises(SiteError, match="unknown"):
            load_site("songjiang", pack)
    else:
        with pytest.raises(SiteError) as error:
            load_site("songjiang", pack)
        assert file in str(error.value) and "\n" not in str(error.value)
    assert any(file in f for f in check("songjiang", pack))


@settings(deadline=None, max_examples=40)
@given(
    cut=st.integers(0, 4000),
    file=st.sampled_from(["institutions.csv", "rooms.yml", "site.yml", "roster.csv"]),
)
def test_a_file_cut_anywhere_is_reported_or_still_sound(
    cut: int, file: str, tmp_path_factory: object
) -> None:
    root = tmp_path_factory.mktemp("cut")  # type: ignore[attr-defined]
    shutil.copytree(SITES / "songjiang", root / "songjiang")
    path = root / "songjiang" / file
    path.write_bytes(path.read_bytes()[:cut])
    assert all("\n" not in fault for fault in check("songjiang", root))


def test_excel_byte_order_mark_is_no_fault(pack: Path) -> None:
    path = pack / "songjiang" / "members.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert check("songjiang", pack) == []


def test_load_says_one_line_and_how_many_more(pack: Path) -> None:
    line = replace(pack, "institutions.csv", "REHAB|GERI", "REHAB|GERY")
    replace(pack, "members.csv", "contact,医疗保障群,", "contact,医疗保障大群,")
    with pytest.raises(SiteError) as error:
        load_site("songjiang", pack)
    assert f"institutions.csv:{line}: departments: GERY is unknown" in str(error.value)
    assert "1 more" in str(error.value)


@pytest.mark.parametrize("name", ["pudong", "", "..", "../songjiang", "songjiang/"])
def test_unknown_site_names_those_that_exist(name: str) -> None:
    with pytest.raises(SiteError, match="dongguan, songjiang"):
        load_site(name)
    assert [f for f in check(name) if "dongguan, songjiang" in f] == check(name)


# --- changes a place may make -----------------------------------------------------------------------------


def test_a_place_changes_reminders_permissions_and_times(pack: Path) -> None:
    path = pack / "songjiang" / "site.yml"
    more = (
        "reminders:\n  4: {quiet_from: 21:30, ack_min: 90}\n  3: {leader_min: null}\n"
        "permissions:\n  expert: {close: none}\n  contact: {snooze: own_report}\n"
        "medicine_batch: 07:30\ndigest: 20:30\nexpert_codes: {CHILD: [PED]}\n"
    )
    path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")
    policy = load_site("songjiang", pack).policy
    assert (policy.reminders[4].quiet_from, policy.reminders[4].ack_min) == (time(21, 30), 90)
    assert policy.reminders[4].quiet_to == time(8)
    assert policy.reminders[3].leader_min is None and policy.reminders[3].second_min == 30
    assert policy.permission("expert", "close") is None
    snooze = policy.permission("contact", "snooze")
    assert snooze is not None and snooze.scope == "own_report"
    assert (policy.medicine_batch, policy.digest) == (time(7, 30), time(20, 30))
    assert policy.expert_codes["CHILD"] == ("PED",) and policy.expert_codes["MATERNAL"] == ("OB", "GYN")


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("reminders: {5: {ack_min: 3}}", "5 must be a level"),
        ("reminders: {3: {ack_min: 0}}", "above 0"),
        ("reminders: {3: {ack: 3}}", "ack is unknown"),
        ("reminders: {4: {quiet_from: 25:00}}", "quiet_from must be a time"),
        ("permissions: {boss: {close: any}}", "boss must be one of"),
        ("permissions: {contact: {closes: any}}", "closes is no act"),
        ("permissions: {contact: {close: all}}", "close of contact must be"),
        ("permissions: {contact: {close: {levels: [0]}}}", "close of contact must be"),
        ("digest: tonight", "digest must be a time"),
        ("reopen_hours: -1", "reopen_hours must be"),
        ("own_urgent_km: far", "own_urgent_km must be"),
        ("expert_codes: {CHILD: [KID]}", "expert_codes must be"),
    ],
)
def test_a_wrong_policy_is_named(pack: Path, more: str, words: str) -> None:
    path = pack / "songjiang" / "site.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text + more + "\n", encoding="utf-8")
    (fault,) = check("songjiang", pack)
    assert f"site.yml:{text.count(chr(10)) + 1}: " in fault and words in fault


def with_aliases(pack: Path, who: str, aliases: str) -> None:
    """The pack's members with the column aliases, filled in for one of them."""
    path = pack / "songjiang" / "members.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    ends = {line: ",aliases" if line.startswith("name,") else "," for line in lines if line[0] != "#"}
    filled = (line + ends.get(line, "") + aliases * line.startswith(f"{who},") for line in lines)
    path.write_text("\n".join(filled) + "\n", encoding="utf-8")


def test_a_member_is_known_by_his_aliases_however_they_are_written(pack: Path) -> None:
    with_aliases(pack, "佘山防控办-小张", "追风少年|张先生")
    assert check("songjiang", pack) == []
    site = load_site("songjiang", pack)
    for name in ("佘山防控办-小张", "佘山防控办 小张🌸", "追风少年", "【追风少年】"):
        member = site.member_called(name)
        assert member is not None and member.name == "佘山防控办-小张", name
    assert site.member_called("张") is None and site.member_called("小张") is None


@pytest.mark.parametrize("alias", ["佘山居委 小何", "追风少年|追风-少年"])
def test_an_alias_is_one_member_s_only(pack: Path, alias: str) -> None:
    with_aliases(pack, "佘山防控办-小张", alias)
    (fault,) = check("songjiang", pack)
    assert "members.csv:" in fault and ("cannot be told from" in fault or "twice" in fault)
