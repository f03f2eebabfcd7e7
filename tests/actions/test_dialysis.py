"""The register of dialysis patients: who is due, what the chat says of it, the Excel file, a unit that stops."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from sqlalchemy import select

from actions.desk import Desk
from actions.dialysis.register import next_session
from actions.dialysis.spread import Seat, Unit, km, spread
from actions.models import Case, DialysisPatient, DialysisSession
from actions.phrasebook import Phrasebook
from bot.cli import _status_of
from bot.dialysis import import_file
from bot.errors import UserError
from bot.settings import Settings
from nlu.programmes.dialysis import dialysis_words
from nlu.programmes.passes import pass_words
from nlu.programmes.visits import visits
from nlu.programmes.words import faults, words
from tests.actions.commands import CENTRAL, CENTRAL_DOCTOR, CHEN, LI, ROOM, ZHANG, ZONE, Chat, kinds, site

AT = datetime(2022, 3, 31, 9, 12, tzinfo=ZONE)  # a Thursday
APRIL = "2022-04-0"
ROW = "登记血透：张三丰 男 67 佘山镇 0000-1234 区中心 二四六 早班 自行前往"
SHIFTS = ("早", "中", "晚")


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("4月1日到5日 二四六", "25"),
        ("4月1日至4月5日，周二周六", "25"),
        ("4.1-4.5", "12345"),
        ("4月2日、4日、6日", "246"),
        ("#1 4月5日8:10-11:30", "5"),
        ("明天到周日", "123"),
        ("本周 二四六", "2"),
        ("下周的", "456789"),
        ("佘山镇和平新村6号楼302 0000-1234", ""),
        ("沪A·12345 身份证尾号1234 家属1人陪同", ""),
        ("3号 二四六 早班", ""),
    ],
)
def test_days_of_a_visit(text: str, days: str) -> None:
    found = [str(day) for day in visits(text, AT).days()]
    assert [each for each in found if APRIL <= each <= "2022-04-09"] == [APRIL + each for each in days]


@pytest.mark.parametrize(
    ("text", "weekdays", "shift", "begin"),
    [
        ("一三五 早班", {1, 3, 5}, "早", None),
        ("每周135 下午班", {1, 3, 5}, "中", None),
        ("周二、周四、周六 晚班17:30", {2, 4, 6}, "晚", "17:30"),
        ("246 早6:30", {2, 4, 6}, None, "06:30"),
        ("三四天没透了", set(), None, None),
        ("67 岁 12楼", set(), None, None),
    ],
)
def test_a_schedule(text: str, weekdays: set[int], shift: str | None, begin: str | None) -> None:
    said = visits(text, AT)
    assert (said.weekdays, said.shift) == (weekdays, shift)
    assert (f"{said.begin:%H:%M}" if said.begin else None) == begin


@given(st.text(alphabet="一二三四五六日周到至月号4135、-:7开证透完没来 #", max_size=25))
def test_any_text_is_read(text: str) -> None:
    said = visits(text, AT)
    assert list(said.days()) == sorted(said.days())
    assert said.weekdays <= set(range(1, 8))
    dialysis_words(text, AT)
    pass_words(text, AT)


@pytest.mark.parametrize(
    ("text", "does"),
    [
        ("今天早班都透完了", "done"),
        ("都下机了", "done"),
        ("透完了吗", None),
        ("下机了没", None),
        ("CT都做完了", None),
        ("等他透完再送回来", None),
        ("还没透完", None),
        ("李四没来透析", "missed"),
        ("明天血透名单", "list"),
        ("血透病人，气急", None),
        ("注销血透 张三", "end"),
    ],
)
def test_what_is_said_of_sessions(text: str, does: str | None) -> None:
    assert dialysis_words(text, AT).does == does


def test_the_tables_of_words(tmp_path: Path) -> None:
    assert faults() == []
    slip = tmp_path / "slip.csv"
    slip.write_text("class,says\n<甲>,{开,办\n<乙>,透完\n", encoding="utf-8")
    assert [(each.line, Path(each.file)) for each in faults(slip)] == [(2, slip)]
    assert words("甲", slip).search("开") is None and words("乙", slip).search("透完了")


@pytest.fixture
def chat(tmp_path: Path) -> Iterator[Chat]:
    played = Chat(tmp_path)
    yield played
    played.close()


def rows(chat: Chat, kind: Any) -> list[Any]:
    with chat.player.app.sessions() as session:
        return list(session.scalars(select(kind)))


def test_the_next_session(chat: Chat) -> None:
    chat.say(CENTRAL_DOCTOR, f"{ROW} || update town=佘山镇 phone=0000-1234 sex=M")
    with chat.player.app.sessions() as session:
        desk = Desk(session, site(), Phrasebook(), chat.now)
        patient = session.scalars(select(DialysisPatient)).one()
        first = next_session(desk, patient, datetime(2022, 4, 5, 7, 0, tzinfo=ZONE))
        assert first == datetime(2022, 4, 7, 7, 0, tzinfo=ZONE)
        assert next_session(desk, patient, first - timedelta(seconds=1)) == first
    assert (patient.name, patient.hospital, patient.days, patient.start) == (
        "张三丰",
        CENTRAL,
        "246",
        "07:00",
    )
    assert (patient.age, patient.transport, patient.room) == (67, "自行前往", ROOM)


def test_a_short_name_is_not_found_in_a_long_one(chat: Chat) -> None:
    chat.say(CHEN, f"{ROW} || update h={CENTRAL}")
    chat.say(CHEN, f"{ROW.replace('张三丰', '张三')} || update h={CENTRAL}")
    assert [each.name for each in rows(chat, DialysisPatient)] == ["张三丰", "张三"]
    chat.now = datetime(2022, 4, 5, 10, 30, tzinfo=ZONE)
    chat.say(CENTRAL_DOCTOR, "张三丰透完了 || close")
    assert [(each.patient_id, each.state) for each in rows(chat, DialysisSession)] == [(1, "done")]


@pytest.mark.parametrize("who", [ZHANG, LI])
def test_contacts_do_not_enter_anybody(chat: Chat, who: str) -> None:
    assert kinds(chat.say(who, f"{ROW} || update h={CENTRAL}")) == ["refusal"]
    assert rows(chat, DialysisPatient) == []


def test_a_hospital_enters_its_own_patients_alone(chat: Chat) -> None:
    other = ROW.replace("区中心", "泗泾医院")
    assert kinds(chat.say(CENTRAL_DOCTOR, f"{other} || update h=松江区泗泾医院")) == ["refusal"]
    assert rows(chat, DialysisPatient) == []
    lacking = chat.say(CHEN, "登记血透：张三丰 男 67 佘山镇 || update")
    assert kinds(lacking) == ["question"] and "张三" not in lacking[0]["text"]


def test_a_silent_session_is_asked_for_once_also_after_downtime(chat: Chat) -> None:
    chat.say(CHEN, f"{ROW} || update h={CENTRAL}")
    assert kinds(chat.wait(60 * 12)) == ["batch"]  # the list of the evening, till 21:00
    posts = chat.restart(down_minutes=60 * 15)  # noon of the next day: due at 11:00
    assert kinds(posts) == ["question"] and "张*" in posts[0]["text"] and "张三丰" not in posts[0]["text"]
    assert chat.restart(down_minutes=5) == []
    assert kinds(chat.wait(60 * 8)) == ["batch"]  # who was not spoken of
    assert [each.state for each in rows(chat, DialysisSession)] == ["asked"]


def test_danger_in_good_news_is_not_passed_over(chat: Chat) -> None:
    chat.say(CHEN, f"{ROW} || update h={CENTRAL}")
    chat.now = datetime(2022, 4, 5, 11, 30, tzinfo=ZONE)
    chat.wait(0)
    posts = chat.say(LI, "张三丰透完了，回去路上晕倒了 || report level=2 town=佘山镇 symptoms=晕厥", after=1)
    assert kinds(posts)[0] == "receipt" and chat.case()["level"] == 2
    assert [each.state for each in rows(chat, DialysisSession)] == ["done"]


def test_two_missed_in_a_row_are_one_case(chat: Chat) -> None:
    chat.say(CHEN, f"{ROW} || update h={CENTRAL}")
    for day in (5, 7):
        chat.now = datetime(2022, 4, day, 10, 0, tzinfo=ZONE)
        chat.wait(0)
        chat.say(CENTRAL_DOCTOR, "张三丰没来 || chatter", after=1)
    assert len(chat.state["cases"]) == 1
    assert [(each.state, each.case_id) for each in rows(chat, DialysisSession)] == [("missed", 1)] * 2
    assert "漏了2次血透" in "".join(rows(chat, Case)[0].story)


def test_nothing_is_said_while_the_register_is_empty(chat: Chat) -> None:
    assert chat.say(CENTRAL_DOCTOR, "今天早班都透完了 || chatter") == []
    assert chat.wait(60 * 48) == []


points = st.tuples(st.floats(30.9, 31.2), st.floats(121.0, 121.4))
seats = st.lists(st.tuples(st.sampled_from(SHIFTS), points), max_size=12)
units = st.lists(
    st.tuples(points, st.fixed_dictionaries({each: st.none() | st.integers(0, 3) for each in SHIFTS})),
    max_size=3,
)


@given(seats, units)
def test_spreading_keeps_within_the_places(people: Any, houses: Any) -> None:
    waiting = [Seat(key, shift, at) for key, (shift, at) in enumerate(people)]
    there = [Unit(str(number), at, free) for number, (at, free) in enumerate(houses)]
    moves = spread(waiting, there)
    assert len({move.key for move in moves}) == len(moves)
    for unit in there:
        for shift, count in unit.free.items():
            taken = sum(1 for move in moves if (move.unit, move.shift) == (unit.name, shift))
            assert count is None or taken <= count
    room = sum(len(waiting) if n is None else n for unit in there for n in unit.free.values())
    assert len(moves) == min(len(waiting), room)


@given(points, points)
def test_the_nearest_unit_that_keeps_the_shift_is_taken(one: Any, other: Any) -> None:
    home = (31.1, 121.2)
    free: dict[str, int | None] = {"早": 1, "中": 1}
    (move,) = spread([Seat(1, "早", home)], [Unit("a", one, free), Unit("b", other, free)])
    assert move.shift == "早"
    chosen, left = (one, other) if move.unit == "a" else (other, one)
    assert km(home, chosen) <= km(home, left)
    (late,) = spread([Seat(1, "早", home)], [Unit("a", one, {"早": 0, "中": 1})])
    assert late.shift == "中"


HEADER = [
    "姓名",
    "性别",
    "年龄",
    "街镇",
    "联系电话",
    "血透医院",
    "透析日",
    "班次",
    "开始时间",
    "交通方式",
    "起始日期",
]
GOOD = [
    "张三丰",
    "男",
    67,
    "佘山镇",
    "0000-1234",
    "区中心",
    "二四六",
    "早班",
    "6:30",
    "自行前往",
    date(2020, 3, 1),
]


def workbook(path: Path, *lines: list[Any]) -> Path:
    book = Workbook()
    sheet = book.worksheets[0]
    for line in lines:
        sheet.append(line)
    book.save(path)
    return path


def imported(tmp_path: Path, file: Path, *, apply: bool = True) -> tuple[int, list[DialysisPatient]]:
    url = f"sqlite:///{tmp_path / 'register.db'}"
    status = import_file(Settings(home=tmp_path, db_url=url), file, apply=apply)
    from sqlalchemy import create_engine
    from sqlalchemy.orm import Session

    engine = create_engine(url)
    with Session(engine) as session:
        found = list(session.scalars(select(DialysisPatient)))
    engine.dispose()
    return status, found


def test_an_excel_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = workbook(tmp_path / "a.xlsx", ["松江区血透名册"], HEADER, GOOD)
    assert imported(tmp_path, file, apply=False) == (0, [])
    assert "row 3: new: 张*" in capsys.readouterr().out
    _, (patient,) = imported(tmp_path, file)
    assert (patient.hospital, patient.days, patient.shift, patient.start) == (CENTRAL, "246", "早", "06:30")
    assert (patient.town, patient.age, patient.since) == ("佘山镇", 67, date(2020, 3, 1))
    assert patient.registered_at.tzinfo is UTC
    changed = workbook(tmp_path / "b.xlsx", HEADER, [*GOOD[:6], "一三五", *GOOD[7:]])
    capsys.readouterr()
    _, (patient,) = imported(tmp_path, changed)
    assert patient.days == "135"
    assert "0 new, 1 changed, 0 same, 0 faults: written" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        (1, "不详", "column B (性别): 不详"),
        (3, "某镇", "column D (街镇): 某镇"),
        (5, "某医院", "column F (血透医院): 某医院"),
        (6, "随时", "column G (透析日): 随时"),
        (7, "某班", "column H (班次): 某班"),
        (8, "天亮", "column I (开始时间): 天亮"),
        (10, "昨天", "column K (起始日期): 昨天"),
    ],
)
def test_faults_name_row_and_column(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], column: int, value: str, said: str
) -> None:
    bad = [*GOOD]
    bad[column] = value
    status, found = imported(tmp_path, workbook(tmp_path / "a.xlsx", HEADER, GOOD, bad))
    assert (status, found) == (1, [])
    assert f"row 3, {said}" in capsys.readouterr().err


def test_a_file_that_is_no_list(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = workbook(tmp_path / "a.xlsx", ["药名", "数量"], ["甲", 1])
    with pytest.raises(UserError, match="no column for name"):
        imported(tmp_path, file)
    (tmp_path / "b.xlsx").write_text("no workbook")
    assert _status_of(lambda: imported(tmp_path, tmp_path / "b.xlsx")) != 0
    assert len(capsys.readouterr().err.splitlines()) == 1
