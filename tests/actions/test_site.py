"""Site packs: what ships is sound; rooms, names, policy, and who is on duty when."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.site import Member, Site, available_sites, load_site
from actions.site_check import check

ZONE = ZoneInfo("Asia/Shanghai")
SONGJIANG = load_site("songjiang")
DONGGUAN = load_site("dongguan")


def at(day: int, clock: str) -> datetime:
    """A moment of April 2022 (the 4th is a Monday)."""
    return datetime.combine(datetime(2022, 4, day).date(), time.fromisoformat(clock), ZONE)


# --- what ships -------------------------------------------------------------------------------------------


def test_both_packs_ship_and_have_no_fault() -> None:
    assert available_sites() == ["dongguan", "songjiang"]
    assert check("songjiang") == []
    assert check("dongguan") == []


def test_rooms_are_those_of_the_contract() -> None:
    assert {(r.name, r.purpose, r.category, r.town) for r in SONGJIANG.rooms.values()} == {
        ("医疗保障群", "intake", None, None),
        ("孕产妇专家联络群", "expert", "MATERNAL", None),
        ("肿瘤化疗专家联络群", "expert", "ONCO", None),
        ("血透协调群", "expert", "DIALYSIS", None),
        ("药师咨询群", "pharmacist", "CONSULT", None),
        ("社区医务科长群", "chc", None, None),
        ("佘山镇医疗对接群", "intake", None, "佘山镇"),
    }
    assert {(r.name, r.purpose, r.category) for r in DONGGUAN.rooms.values()} == {
        ("互联网医院联络群", "intake", None),
        ("发热门诊专家群", "expert", "FEVER"),
    }


def test_expert_rooms_and_codes_by_category() -> None:
    room = SONGJIANG.expert_room("MATERNAL")
    assert room is not None and room.name == "孕产妇专家联络群"
    pharmacists = SONGJIANG.expert_room("CONSULT")
    assert pharmacists is not None and pharmacists.name == "药师咨询群"
    assert SONGJIANG.expert_room("TRAUMA") is None
    assert SONGJIANG.expert_codes("MATERNAL") == ("OB", "GYN")
    assert SONGJIANG.expert_codes("ONCO") == ("ONC", "HEMA")
    assert SONGJIANG.expert_codes("OTHER") == ()
    assert [r.name for r in SONGJIANG.rooms_for("intake")] == ["医疗保障群", "佘山镇医疗对接群"]
    assert SONGJIANG.hospital_room("松江区中心医院") is None


def test_seventeen_towns_each_with_its_own_health_centre_and_contact() -> None:
    assert len(SONGJIANG.towns) == 17
    contacts = {m.name.partition("防控办")[0] for m in SONGJIANG.members.values() if "防控办" in m.name}
    for town in SONGJIANG.towns:
        assert f"{town}社区卫生服务中心" in SONGJIANG.institutions
        assert town.removesuffix("镇").removesuffix("街道") in contacts
    assert len(DONGGUAN.towns) == 33


def test_sixteen_internet_hospitals_in_dongguan() -> None:
    online = [i.name for i in DONGGUAN.institutions.values() if i.states("互联网医院")]
    assert len(online) == 16
    assert "东莞市第七人民医院" not in online


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("五官科医院", "复旦大学附属眼耳鼻喉科医院"),
        ("红房子", "复旦大学附属妇产科医院"),
        ("国妇婴", "国际和平妇幼保健院"),
        ("六院", "上海市第六人民医院"),
        ("九院", "上海交大医学院附属第九人民医院"),
        ("600号", "上海市精神卫生中心"),
        ("市一", "上海市第一人民医院(南部)"),
        ("区中心", "松江区中心医院"),
        ("一妇婴", "上海市第一妇婴保健院"),
        ("泗泾医院", "松江区泗泾医院"),
        ("泗泾卫生院", "泗泾镇社区卫生服务中心"),
        ("佘山镇社区卫生服务中心", "佘山镇社区卫生服务中心"),
        ("区中心医院", "松江区中心医院"),
        ("闵行区中心医院", "闵行区中心医院"),
        ("妇幼保健院", "松江区妇幼保健院"),
        ("青浦妇幼保健院", "青浦区妇幼保健院"),
    ],
)
def test_colloquial_names_of_institutions(said: str, meant: str) -> None:
    assert SONGJIANG.gazetteer().institutions[said] == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("佘山", "佘山镇"),
        ("九里亭", "九里亭街道"),
        ("松江老城", "岳阳街道"),
        ("昆岗", "小昆山镇"),
        ("陈坊桥", "佘山镇"),
    ],
)
def test_names_of_towns(said: str, meant: str) -> None:
    assert SONGJIANG.gazetteer().towns[said] == meant


def test_unsure_aliases_are_not_used() -> None:
    towns = SONGJIANG.gazetteer().towns
    assert "天马" not in towns and "茸北" not in towns


def test_direct_lines_are_fictional() -> None:
    lines = [i.direct_line for s in (SONGJIANG, DONGGUAN) for i in s.institutions.values() if i.direct_line]
    assert lines and all(line.startswith("0000-") for line in lines)


# --- policy -----------------------------------------------------------------------------------------------


def test_reminder_rhythms_of_the_contract() -> None:
    r = SONGJIANG.policy.reminders
    rhythm = {
        n: (p.ack_min, p.remind_min, p.second_min, p.leader_min, p.after_ack_first_min, p.after_ack_min)
        for n, p in r.items()
    }
    assert rhythm == {
        1: (2, 2, 2, 5, 15, 30),
        2: (5, 5, 5, 15, 30, 30),
        3: (15, 15, 30, 60, 120, 120),
        4: (60, 60, 240, None, 1440, 1440),
    }
    assert r[4].after_ack_at == time(9)
    assert (SONGJIANG.policy.medicine_batch, SONGJIANG.policy.digest) == (time(8), time(20))


def test_only_level_four_has_quiet_hours_and_they_cross_midnight() -> None:
    quiet = SONGJIANG.policy.reminders[4]
    assert quiet.is_quiet(time(22)) and quiet.is_quiet(time(3)) and quiet.is_quiet(time(7, 59))
    assert not quiet.is_quiet(time(8)) and not quiet.is_quiet(time(21, 59))
    assert not any(SONGJIANG.policy.reminders[n].is_quiet(time(3)) for n in (1, 2, 3))


@pytest.mark.parametrize(
    ("role", "act", "scope"),
    [
        ("guest", "report", "any"),
        ("guest", "close", None),
        ("contact", "accept", None),
        ("contact", "decline", "own_report"),
        ("contact", "snooze", None),
        ("volunteer", "close", "own_task"),
        ("hospital", "accept", "own_hospital"),
        ("hospital", "correct", None),
        ("expert", "accept", "asked"),
        ("expert", "hospital_status", None),
        ("expert", "transfer", "any"),
        ("coordinator", "accept", "any"),
        ("leader", "level", "any"),
        ("stranger", "report", None),
    ],
)
def test_permissions(role: str, act: str, scope: str | None) -> None:
    permission = SONGJIANG.policy.permission(role, act)
    assert (permission.scope if permission else None) == scope


def test_contacts_and_hospitals_close_only_the_lower_levels() -> None:
    for role in ("contact", "hospital"):
        permission = SONGJIANG.policy.permission(role, "close")
        assert permission is not None and permission.levels == (3, 4)
    decline = SONGJIANG.policy.permission("contact", "decline")
    assert decline is not None and decline.only == "unanswered"


# --- duty -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "day", "clock", "name"),
    [
        ("DUTY1", 4, "08:00", "专班-陈老师"),
        ("DUTY1", 4, "19:59", "专班-陈老师"),
        ("DUTY1", 4, "20:00", "专班-刘老师"),
        ("DUTY1", 5, "07:59", "专班-刘老师"),
        ("LEADER", 8, "07:59", "专班-周主任"),  # Friday morning is still Thursday's shift
        ("LEADER", 8, "08:00", "专班-郑主任"),
        ("LEADER", 11, "07:59", "专班-郑主任"),  # Monday morning is still Sunday's
        ("OB2", 4, "03:00", "产科-李主任"),
        ("DENT", 4, "12:00", None),
    ],
)
def test_on_duty_across_midnight(code: str, day: int, clock: str, name: str | None) -> None:
    assert SONGJIANG.on_duty(code, at(day, clock)) == name


def test_on_duty_counts_in_the_time_of_the_place() -> None:
    moment = at(4, "20:00").astimezone(ZoneInfo("UTC"))
    assert SONGJIANG.on_duty("DUTY1", moment) == "专班-刘老师"


@settings(deadline=None)
@given(minutes=st.integers(0, 14 * 24 * 60), site=st.sampled_from([SONGJIANG, DONGGUAN]))
def test_somebody_of_the_pack_is_always_on_duty(minutes: int, site: Site) -> None:
    moment = at(1, "00:00") + timedelta(minutes=minutes)
    for code in {"DUTY1", "DUTY2", "LEADER", *(s.code for s in site.roster)}:
        assert site.on_duty(code, moment) in site.members


def test_first_and_second_on_duty_are_two_people() -> None:
    for site in (SONGJIANG, DONGGUAN):
        for hour in range(24 * 7):
            moment = at(4, "00:00") + timedelta(hours=hour)
            for code in {s.code.removesuffix("2") for s in site.roster if not s.code.startswith("DUTY")}:
                assert site.on_duty(code, moment) != site.on_duty(f"{code}2", moment), (code, moment)
            assert site.on_duty("DUTY1", moment) != site.on_duty("DUTY2", moment)


def test_handovers_name_who_leaves_and_who_comes() -> None:
    changes = SONGJIANG.handovers(at(4, "12:00"), at(4, "20:00"))
    assert (at(4, "20:00"), "DUTY1", "专班-陈老师", "专班-刘老师") in changes
    assert not [c for c in changes if c[1] == "LEADER"]
    assert SONGJIANG.handovers(at(4, "20:00"), at(4, "20:30")) == []


def test_given_members_replace_people_rooms_and_roster() -> None:
    members = [
        Member("甲", "coordinator", ("医疗保障群",), None, ("DUTY1", "OB")),
        Member("乙", "hospital", ("医疗保障群",), "松江区中心医院", ()),
    ]
    site = SONGJIANG.with_members(members)
    assert list(site.members) == ["甲", "乙"]
    assert [m.name for m in site.members_of("医疗保障群")] == ["甲", "乙"]
    assert site.members_of("血透协调群") == []
    assert [m.name for m in site.hospital_members("松江区中心医院")] == ["乙"]
    assert site.on_duty("DUTY1", at(4, "03:00")) == "甲" == site.on_duty("OB", at(9, "15:00"))
    assert site.on_duty("DUTY2", at(4, "12:00")) is None
    assert site.handovers(at(4, "00:00"), at(6, "00:00")) == []
    assert site.rooms == SONGJIANG.rooms
    assert SONGJIANG.on_duty("DUTY2", at(4, "12:00")) == "专班-赵老师"
