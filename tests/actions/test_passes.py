"""Passes: who gets one, what stands on it, and that nothing of it can be changed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import astuple, fields, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text

from actions.fonts import font_file
from actions.models import Pass
from actions.passes.facts import Facts, from_row, values
from actions.passes.picture import draw
from actions.passes.seal import SEPARATOR, Seal
from actions.passes.verify import check
from actions.passes.wording import message
from actions.phrasebook import Phrasebook
from bot.passes import PassOffice
from bot.web.passes import SERIAL, add_routes
from tests.actions.commands import (
    CENTRAL,
    CENTRAL_DOCTOR,
    CHEN,
    EENT_DOCTOR,
    LI,
    VOLUNTEER,
    ZONE,
    Chat,
    kinds,
    site,
)

SEAL = Seal("a key of the test")
FACTS = Facts(
    "T220331-001", "张*", "123X", "佘山镇", "和平新村", "血透", CENTRAL, "2022-04-02,2022-04-05", "05:30", "13:00",
    "自行前往", "沪A12345", "家属陪同", CHEN, "0000-2100", "2022-03-31 09:06",
)  # fmt: skip
DATES = "4月5日到9日 二四六 早班 自行前往 沪A·12345 身份证尾号123X"


@pytest.fixture
def chat(tmp_path: Path) -> Iterator[Chat]:
    played = Chat(tmp_path)
    played.say(
        LI, "居民 || report level=3 town=佘山镇 age=67 sex=M symptoms=胸闷 called=张三 address=和平新村6号楼"
    )
    played.say(CHEN, f"话 || transfer h={CENTRAL} n=1")
    yield played
    played.close()


def accepted(chat: Chat) -> None:
    chat.say(CENTRAL_DOCTOR, "话 || accept n=1")


def rows(chat: Chat) -> list[Pass]:
    with chat.player.app.sessions() as session:
        return list(session.scalars(select(Pass).order_by(Pass.id)))


class Page:
    """A browser of the page, without a network."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    def get(self, path: str, params: dict[str, str] | None = None) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(app=self._app)
            async with httpx.AsyncClient(transport=transport, base_url="http://board") as client:
                return await client.get(path, params=params)

        return asyncio.run(ask())


def state(chat: Chat, what: str, at: datetime | None = None) -> str:
    seal = Seal(chat.player.pass_key)
    with chat.player.app.sessions() as session:
        return check(session, seal, what, at or chat.now, ZONE).state


@given(st.integers(min_value=0), st.characters(codec="utf-8", exclude_categories=["Cc", "Zs", "Zl", "Zp"]))
def test_no_character_of_a_code_can_be_changed(place: int, char: str) -> None:
    code = SEAL.code(values(FACTS))
    place %= len(code)
    altered = code[:place] + char + code[place + 1 :]
    assert (SEAL.fields(altered) is None) is (altered != code)


@pytest.mark.parametrize("field", [each.name for each in fields(Facts)])
def test_no_field_can_be_changed(field: str) -> None:
    told = astuple(FACTS)
    code = SEAL.code(told)
    mine = SEAL.code(astuple(replace(FACTS, **{field: getattr(FACTS, field) + "1"})))
    signature = code.rpartition(SEPARATOR)[2]
    assert SEAL.fields(mine.rpartition(SEPARATOR)[0] + SEPARATOR + signature) is None
    assert SEAL.fields(code) == told
    assert Seal("another key").fields(code) is None


def test_a_pass_needs_a_key() -> None:
    with pytest.raises(ValueError, match="key"):
        Seal("")


def test_from_request_to_the_gate(chat: Chat) -> None:
    early = chat.say(CHEN, f"给#1开证 {DATES} || chatter n=1")
    assert kinds(early) == ["answer"] and "还没有医院接收" in early[0]["text"]
    accepted(chat)
    posts = chat.say(CHEN, f"给#1开证，{DATES} || notice n=1")
    assert kinds(posts) == ["pass"] and posts[0]["case"] == "0404-001"
    for words in (
        "T220404-001",
        "张*",
        "尾号123X",
        "和平新村",
        CENTRAL,
        "4月5日(二)、7日(四)、9日(六)",
        "05:30–13:00",
    ):
        assert words in posts[0]["text"]
    assert "张三" not in posts[0]["text"] and "6号楼" not in posts[0]["text"]
    assert [event.detail["serial"] for event in chat.events("pass_issued")] == ["T220404-001"]
    (row,) = rows(chat)
    day = timedelta(days=1)
    assert state(chat, row.code) == "not_yet"
    assert [state(chat, row.serial, chat.now + n * day) for n in (1, 2, 5, 6)] == [
        "valid", "not_today", "valid", "expired",
    ]  # fmt: skip
    assert kinds(chat.say(CHEN, "T220404-001作废 || close n=1")) == ["confirm"]
    assert state(chat, row.code) == "withdrawn"
    assert chat.case()["status"] == "accepted"
    assert kinds(chat.say(CHEN, "通行证作废 || close n=1")) == ["answer"]
    assert chat.case()["status"] == "accepted"


def test_without_dates_one_question_asks_for_them(chat: Chat) -> None:
    accepted(chat)
    assert kinds(chat.say(CENTRAL_DOCTOR, "给#1开证 || chatter n=1")) == ["question"]
    assert rows(chat) == []
    posts = chat.say(CENTRAL_DOCTOR, "4月5日7:00–13:00 || notice")
    assert kinds(posts) == ["pass"] and "4月5日(二) 07:00–13:00" in posts[0]["text"]
    assert chat.say(CENTRAL_DOCTOR, "4月6日 || notice") == []
    assert kinds(chat.say(CHEN, "给#1开证 4月1日 || chatter n=1")) == ["question"]


def test_what_is_said_of_passes_in_general_is_left_alone(chat: Chat) -> None:
    accepted(chat)
    for words in ("通行证取消了，可以自由进出", "大家需要通行证的找居委", "4月5日起需要通行证才能出小区"):
        assert chat.say(CHEN, f"{words} || notice") == []
    assert rows(chat) == []


@pytest.mark.parametrize("who", [LI, VOLUNTEER, EENT_DOCTOR])
def test_those_who_may_not_are_refused(chat: Chat, who: str) -> None:
    accepted(chat)
    assert kinds(chat.say(who, f"给#1开证 {DATES} || chatter n=1")) == ["refusal"]
    assert rows(chat) == [] and chat.events("refused")[-1].detail["act"] == "pass"


@pytest.mark.parametrize("field", [each.name for each in fields(Facts) if each.name != "serial"])
def test_a_row_that_was_altered_does_not_verify(chat: Chat, field: str) -> None:
    accepted(chat)
    chat.say(CHEN, f"给#1开证 {DATES} || chatter n=1")
    (row,) = rows(chat)
    column: Any = {"days": "'[\"2022-04-06\"]'", "issued": "'2022-04-01 00:00:00'"}.get(field, "'1'")
    name = {"issued": "issued_at"}.get(field, field)
    with chat.player.app.sessions.begin() as session:
        session.execute(text(f"UPDATE passes SET {name} = {column}"))
    assert state(chat, row.serial) == "altered" == state(chat, row.code)


def test_what_was_never_issued_here(chat: Chat) -> None:
    assert state(chat, "T220404-009") == "unknown"
    assert state(chat, Seal(chat.player.pass_key).code(values(FACTS))) == "unknown"
    assert state(chat, SEAL.code(values(FACTS))) == "altered"


def test_the_page_verifies_and_prints(chat: Chat) -> None:
    accepted(chat)
    chat.say(CHEN, f"给#1开证 {DATES} || chatter n=1")
    (row,) = rows(chat)
    app, player = FastAPI(), chat.player
    add_routes(app, PassOffice(player.app.sessions, site(), Phrasebook(), player.clock, player.pass_key))
    page = Page(app)
    assert 'data-state="not_yet"' in page.get("/pass/T220404-001").text
    assert 'data-state="not_yet"' in page.get("/pass", params={"code": row.code}).text
    altered = page.get("/pass/" + row.code.replace("13:00", "23:00"))
    assert 'data-state="altered"' in altered.text and CENTRAL not in altered.text
    assert "<script" not in page.get("/pass/<script>alert(1)").text
    assert page.get("/pass/T220404-009.pdf").status_code == 404
    if font_file() is not None:
        assert page.get("/pass/T220404-001.pdf").content.startswith(b"%PDF")


@pytest.mark.skipif(font_file() is None, reason="no Chinese font on this machine")
def scan(path: Path) -> str:
    """What a scanner reads; as one held nearer and farther, since OpenCV's is not sure at every size."""
    cv2 = pytest.importorskip("cv2")
    picture = cv2.imread(str(path))
    for size in (1.0, 2.0, 1.5, 0.75, 3.0):
        seen = cv2.resize(picture, None, fx=size, fy=size, interpolation=cv2.INTER_CUBIC)
        read, *_ = cv2.QRCodeDetector().detectAndDecode(seen)
        if read:
            return str(read)
    return ""


def test_the_printed_code_verifies_and_an_altered_one_does_not(chat: Chat, tmp_path: Path) -> None:
    """From the request to the picture, its code as a scanner at the gate reads it, and one day changed in it."""
    accepted(chat)
    posts = chat.say(CHEN, f"给#1开证 {DATES} || chatter n=1")
    assert posts[0]["text"].endswith("看板 /pass/T220404-001")
    app, player = FastAPI(), chat.player
    add_routes(app, PassOffice(player.app.sessions, site(), Phrasebook(), player.clock, player.pass_key))
    page, path = Page(app), tmp_path / "pass.png"
    path.write_bytes(page.get("/pass/T220404-001.png").content)
    scanned = scan(path)
    assert state(chat, scanned) == "not_yet"
    assert "2022-04-05" in scanned
    for forged in (scanned.replace("2022-04-05", "2022-04-04"), scanned.replace("张*", "李*"), scanned[:-1]):
        assert state(chat, forged) == "altered"


def test_the_message_says_where_the_picture_is() -> None:
    told = message(Phrasebook(), FACTS, "http://10.0.0.5:8000/")
    assert told.endswith("http://10.0.0.5:8000/pass/T220331-001")
    assert SERIAL.findall(told) == ["T220331-001", "T220331-001"]


@pytest.mark.skipif(font_file() is None, reason="no Chinese font on this machine")
def test_the_picture_is_read_by_a_scanner(tmp_path: Path) -> None:
    path = tmp_path / "pass.png"
    path.write_bytes(draw(Phrasebook(), "松江区", FACTS, SEAL.code(values(FACTS)), "png"))
    scanned = scan(path)
    assert SEAL.fields(scanned) == values(FACTS)


def test_facts_survive_the_database(chat: Chat) -> None:
    accepted(chat)
    chat.say(CHEN, "给#1开证 4月5日 陪同1人 || chatter n=1")
    (row,) = rows(chat)
    facts = from_row(row, ZONE)
    assert Seal(chat.player.pass_key).fields(row.code) == values(facts)
    assert (facts.begin, facts.end, facts.escort) == ("00:00", "24:00", "陪同1人")
