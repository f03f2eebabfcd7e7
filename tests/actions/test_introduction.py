"""Who somebody is said to be: what is read from the words, and what is no introduction at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.introduction import read
from actions.role_words import TABLE, read_role_words, role_words
from actions.site import load_site
from actions.site_files import Faults
from actions.site_types import ROLES

SITE = load_site("songjiang")
CENTRAL = "松江区中心医院"


def said(text: str, *names: str) -> list[tuple[str, str | None, str | None, bool]]:
    """Name, role, place and whether it ends, of everybody the text tells of."""
    people = read(text, SITE, names).people
    return [(each.who, each.role, each.hospital or each.town, each.ends) for each in people]


@pytest.mark.parametrize(
    ("text", "who", "role", "place"),
    [
        ("小张是佘山防控办联络员", "小张", "contact", "佘山镇"),
        ("小张是佘山防控办的", "小张", "contact", "佘山镇"),
        ("小张是泗泾的联络员。", "小张", "contact", "泗泾镇"),
        ("麻烦记一下 老周是志愿者", "老周", "volunteer", None),
        ("以后老周就是我们的志愿者了", "老周", "volunteer", None),
        ("让老周担任志愿者司机", "老周", "volunteer", None),
        ("王护士是松江区中心医院的", "王护士", "hospital", CENTRAL),
        ("王护士是区中心医院门办的", "王护士", "hospital", CENTRAL),
        ("小黄是松江区中心医院的联络员", "小黄", "hospital", CENTRAL),
        ("小黄是松江区中心医院的负责人", "小黄", "hospital", CENTRAL),
        ("李医生是产科专家", "李医生", "expert", None),
        ("李医生改为会诊医生", "李医生", "expert", None),
        ("小方是专班协调员", "小方", "coordinator", None),
        ("小方是佘山镇的协调员", "小方", "contact", "佘山镇"),
        ("小方是防控办负责人", "小方", "contact", None),
        ("小方是总负责人", "小方", "leader", None),
        ("我是协调员", "我", "coordinator", None),
        ("我是佘山防控办联络员小张", "我", "contact", "佘山镇"),
        ("这位是血透志愿者", "这位", "volunteer", None),
        ("“追风少年”是志愿者", "追风少年", "volunteer", None),
    ],
)
def test_who_it_is(text: str, who: str, role: str, place: str | None) -> None:
    assert said(text) == [(who, role, place, False)]


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("小张不再是联络员", "contact"),
        ("小张已经不是联络员了", "contact"),
        ("小张不再担任佘山防控办联络员", "contact"),
        ("取消小张的联络员身份", "contact"),
        ("撤销小张的身份", None),
    ],
)
def test_who_it_is_no_longer(text: str, role: str | None) -> None:
    assert said(text) == [("小张", role, None, True)]


@pytest.mark.parametrize(
    "text",
    [
        "小张是谁",
        "小张是不是志愿者",
        "小张是志愿者吗？",
        "张阿婆是高血压",
        "张阿婆是松江区中心医院的老病人",
        "1号改为松江区中心医院",
        "1号改为Ⅱ级",
        "张阿婆转为松江区中心医院",
        "患者是志愿者",
        "我妈是居委",
        "他是志愿者的邻居",
        "佘山镇有位居民鱼刺卡喉三天",
        "取消1号",
        "谁是志愿者",
        "",
    ],
)
def test_no_introduction(text: str) -> None:
    assert said(text) == []


def test_a_name_given_with_at_is_taken_whole() -> None:
    assert said("@佘山是我家 是志愿者", "佘山是我家") == [("佘山是我家", "volunteer", None, False)]


def test_several_people_and_what_is_said_besides() -> None:
    text = "小张、小李是佘山防控办联络员，老周是志愿者。佘山镇王阿婆胸痛半小时"
    reading = read(text, SITE, ())
    assert [(each.who, each.role) for each in reading.people] == [
        ("小张", "contact"),
        ("小李", "contact"),
        ("老周", "volunteer"),
    ]
    assert reading.rest == "佘山镇王阿婆胸痛半小时"


def test_what_follows_is_about_the_same() -> None:
    people = read("小张不是志愿者，是联络员", SITE, ()).people
    assert [(each.who, each.role, each.ends) for each in people] == [
        ("小张", "volunteer", True),
        ("小张", "contact", False),
    ]


def test_a_room_that_is_named() -> None:
    (one,) = read("李医生是孕产妇专家联络群的产科专家", SITE, ()).people
    assert (one.role, one.rooms) == ("expert", ("孕产妇专家联络群",))


@given(st.text(alphabet="小张老周是不再联络员志愿者的，、。@佘山医院我他", max_size=30))
def test_any_words_are_read(text: str) -> None:
    for one in read(text, SITE, ("小张",)).people:
        assert one.who and (one.role is None or one.role in ROLES)


def test_the_table_names_each_fault(tmp_path) -> None:  # type: ignore[no-untyped-def]
    assert {word.role for word in role_words()} == set(ROLES)
    broken = tmp_path / "roles.csv"
    broken.write_text(TABLE.read_text() + "老大,boss,\n联络员,contact,\n骑士,volunteer,horse\n")
    faults = Faults()
    read_role_words(broken, faults)
    lines = len(TABLE.read_text().splitlines())
    assert [fault.split("roles.csv:", 1)[1] for fault in faults.lines] == [
        f"{lines + 1}: role: boss is unknown; it must be {', '.join(ROLES)}",
        f"{lines + 2}: word: 联络员 is empty or stands twice",
        f"{lines + 3}: needs: horse is unknown; it must be , hospital",
    ]
