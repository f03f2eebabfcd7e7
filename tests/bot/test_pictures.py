"""Pictures of boxes and prescriptions, drawn here, are read for real, shown, confirmed and used like text."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from actions.medicines.picture import words_of
from actions.models import Case, MedicineItem, Message, Post, Reading
from actions.phrasebook import Phrasebook
from actions.site import load_site
from bot.app import Application, Parts
from bot.channels.base import Attachment, Incoming
from bot.clock import VirtualClock
from bot.database import open_database
from bot.pictures import PictureReader, UnreadablePicture, read_lines
from tests.conftest import builtin_reader
from tests.labels import BOX, drawn

ROOM = "医疗保障群"
EVENING = datetime.fromisoformat("2022-04-04T19:30:00+08:00")
PRESCRIPTION = [
    ("处 方 笺", 48),
    ("姓名：陈某某    性别：女    年龄：78岁", 30),
    ("Rp", 30),
    ("厄贝沙坦片  150mg*7片  4盒", 34),
    ("二甲双胍缓释片  0.5g*30片  2盒", 34),
]


@pytest.fixture(scope="module")
def box() -> list[str]:
    return read_lines(drawn(BOX))


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Application]:
    site = load_site("songjiang")
    database = open_database(f"sqlite:///{tmp_path / 'pictures.db'}")
    made = Application(
        Parts(site, builtin_reader("songjiang"), database, VirtualClock(EVENING), Phrasebook())
    )
    yield made
    made.close()


def say(app: Application, words: str, *pictures: Attachment, quote: str | None = None) -> Incoming:
    """A volunteer writes, half a minute after the last message."""
    at = app.clock.now() + timedelta(seconds=30)
    assert isinstance(app.clock, VirtualClock)
    app.clock.move_to(at)
    incoming = Incoming(
        "web", f"m{at:%H%M%S}", at, ROOM, "志愿者-小杨", words, "volunteer", quote, pictures=pictures
    )
    assert app.receive(incoming)
    app.work()
    return incoming


def shown(app: Application) -> list[str]:
    with app.sessions() as session:
        return [post.text for post in session.scalars(select(Post).order_by(Post.id))]


def wanted(app: Application) -> list[tuple[str, str | None, str | None, str | None]]:
    with app.sessions() as session:
        items = session.scalars(select(MedicineItem).order_by(MedicineItem.id))
        return [(item.drug, item.brand, item.strength, item.quantity) for item in items]


def test_a_box_is_read(box: list[str]) -> None:
    assert words_of(box) == "氨氯地平（络活喜）5mg*7片"


def test_a_prescription_is_read_without_the_name() -> None:
    words = words_of(read_lines(drawn(PRESCRIPTION, "JPEG")))
    assert words == "女 78岁，厄贝沙坦150mg*7片 4盒，二甲双胍缓释片0.5g*30片 2盒"


def test_a_misread_sign_is_mended_by_the_table() -> None:
    assert words_of(["內冬胰岛素注射液", "3ml:300单位（笔芯）"]) == "门冬胰岛素注射液300u/3ml"
    assert words_of(["硝苯地平控释片", "30mg"]) == "硝苯地平控释片30mg"


def test_what_is_no_medicine_is_shown_without_who_it_is_of() -> None:
    assert words_of(["血常规报告单", "姓名：王某某", "电话 0000-1234", "白细胞计数 12.3"]) == (
        "血常规报告单；白细胞计数 12.3"
    )


def test_what_was_read_is_confirmed_and_used_like_text(app: Application, box: list[str]) -> None:
    sent = say(app, "", Attachment("box.png", b"-"))
    app.picture_read(sent, box)
    assert shown(app)[-1].startswith("@志愿者-小杨 图片上读到：氨氯地平（络活喜）5mg*7片。")
    say(app, "对的")
    assert wanted(app) == [("氨氯地平", "络活喜", "5mg", None)]
    assert len(shown(app)) == 2  # the reading and the receipt


def test_what_was_misread_is_put_right_in_the_same_breath(app: Application, box: list[str]) -> None:
    sent = say(app, "", Attachment("box.png", b"-"))
    app.picture_read(sent, box)
    say(app, "不对，是10mg的")
    assert wanted(app) == [("氨氯地平", "络活喜", "10mg", None)]


def test_what_is_not_right_opens_nothing(app: Application, box: list[str]) -> None:
    sent = say(app, "", Attachment("box.png", b"-"))
    app.picture_read(sent, box)
    say(app, "不对")
    say(app, "对")
    with app.sessions() as session:
        assert session.scalars(select(Case)).all() == []


def test_the_answer_to_a_quoted_reading_may_be_anybodys(app: Application, box: list[str]) -> None:
    sent = say(app, "", Attachment("box.png", b"-"))
    app.picture_read(sent, box)
    with app.sessions() as session:
        quoted = session.scalars(select(Post)).one().public_id
    answer = Incoming("web", "x", app.clock.now(), ROOM, "佘山防控办-小张", "对", "contact", quoted)
    app.receive(answer)
    app.work()
    with app.sessions() as session:
        assert session.scalars(select(Case)).one().opened_by == "志愿者-小杨"


def test_a_picture_of_nothing_has_to_be_typed(app: Application) -> None:
    sent = say(app, "", Attachment("dark.png", b"-"))
    app.picture_read(sent, [])
    assert "请打字" in shown(app)[-1]
    with app.sessions() as session:
        assert session.scalars(select(Reading)).all() == []


def test_the_picture_is_nowhere_in_the_database(app: Application, box: list[str]) -> None:
    sent = say(app, "", Attachment("box.png", drawn(BOX)))
    app.picture_read(sent, box)
    with app.sessions() as session:
        assert session.scalars(select(Message)).one().text == "[图片]"
        tables = session.scalars(text("select name from sqlite_master where type='table'")).all()
        for table in tables:
            for row in session.execute(text(f'select * from "{table}"')):
                assert not any(isinstance(cell, bytes) for cell in row)
                assert not any("PNG" in str(cell) for cell in row)


async def test_no_message_waits_for_a_picture(app: Application) -> None:
    """The worker reads while messages are understood and answered."""
    pictures = PictureReader()
    try:
        reading = asyncio.create_task(pictures.lines(Attachment("box.png", drawn(BOX))))
        await asyncio.sleep(0)
        await asyncio.to_thread(say, app, "佘山镇有位居民鱼刺卡喉三天，饭也吃不下")
        assert not reading.done()
        assert len(shown(app)) == 1
        assert words_of(await reading) == "氨氯地平（络活喜）5mg*7片"
        with pytest.raises(UnreadablePicture):
            await pictures.lines(Attachment("note.png", b"this is no picture"))
    finally:
        pictures.close()
