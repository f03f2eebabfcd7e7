"""The auditor: what should never be is put right, and nothing else is touched. And: nobody is called for what ended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from actions.audit import EVERY, audit
from actions.case import rhythm_of
from actions.desk import Desk
from actions.models import Case, Post, Reminder
from actions.phrasebook import Phrasebook
from actions.schedule import next_due
from tests.actions.commands import CHEN, LI, LIU, ROOM, ZHANG, Chat, site

FISH = "佘山镇鱼刺卡喉 || report level=3 town=佘山镇 age=40 symptoms=鱼刺卡喉"
CHEST = "泗泾镇胸闷 || report level=2 town=泗泾镇 age=61 symptoms=胸闷"


@pytest.fixture
def chat(tmp_path: Path) -> Iterator[Chat]:
    played = Chat(tmp_path)
    played.say(ZHANG, FISH)
    played.say(LI, CHEST, after=1)
    yield played
    played.close()


def found(chat: Chat) -> list[tuple[str, str]]:
    """The case and the fault of everything that was mended."""
    return [
        (chat.state["cases"][event.case_id - 1]["case"], event.detail["fault"])
        for event in chat.events("mended")
        if event.case_id is not None
    ]


def looked_over(chat: Chat) -> int:
    """Look over now; how many were mended."""
    with chat.player.app.sessions.begin() as session:
        return audit(Desk(session, site(), Phrasebook(), chat.player.clock.now()))


def test_an_open_case_with_nothing_due_is_due_again(chat: Chat) -> None:
    with chat.player.app.sessions.begin() as session:
        session.execute(delete(Reminder).where(Reminder.case_id == 1))
    chat.wait(EVERY.total_seconds() / 60)
    assert found(chat) == [("0404-001", "not_due")]
    assert [post["at"][11:16] for post in chat.wait(5) if "0404-001" in post["text"]] == ["09:15"]


def test_a_reminder_of_an_ended_case_is_taken_away(chat: Chat) -> None:
    with chat.player.app.sessions.begin() as session:
        session.execute(update(Case).where(Case.id == 1).values(status="closed"))
    chat.wait(EVERY.total_seconds() / 60)
    assert found(chat) == [("0404-001", "ended")]
    assert not [post for post in chat.wait(60) if "0404-001" in post["text"]]


def test_what_is_due_too_late_is_due_at_its_time(chat: Chat) -> None:
    with chat.player.app.sessions.begin() as session:
        row = session.get_one(Reminder, 2)
        row.due_at += timedelta(hours=30)
    chat.wait(EVERY.total_seconds() / 60)
    assert found(chat) == [("0404-002", "too_late")]
    assert [post["at"][11:16] for post in chat.wait(6) if "0404-002" in post["text"]] == ["09:16"]


def test_nothing_is_found_in_an_ordinary_day(chat: Chat) -> None:
    chat.say(CHEN, "话 || assign me=1 n=1", after=3)
    chat.say(CHEN, "话 || snooze n=2 hours=30")
    chat.say(ZHANG, "九亭镇配药 || report level=4 town=九亭镇 age=70 about=配药", after=1)
    chat.say(LI, "岳阳街道失眠 || report level=4 town=岳阳街道 age=30 symptoms=失眠", after=2)
    chat.say(CHEN, "话 || correct n=3 set=3", after=3)
    for _ in range(30):
        chat.wait(53)
        assert looked_over(chat) == 0
    assert chat.restart(400) != []
    assert looked_over(chat) == 0
    assert found(chat) == []


def test_reminders_of_the_same_minute_taken_together_are_no_fault(chat: Chat) -> None:
    chat.say(LI, "九亭镇胸闷 || report level=2 town=九亭镇 age=50 symptoms=胸闷", after=0.5)
    chat.wait(4.5)  # the second went out with the first, half a minute early
    assert looked_over(chat) == 0


def test_every_case_is_due_when_its_rhythm_has_it(chat: Chat) -> None:
    chat.wait(47)
    now = chat.player.clock.now()
    for case in chat.cases():
        assert case.reminder is not None
        assert case.reminder.due_at == next_due(rhythm_of(case), site().policy, site().tz, now)


def test_who_is_named_only_for_what_has_ended_is_taken_out_of_the_post(chat: Chat) -> None:
    """Between making a list and sending it one of its cases is closed: its line and its people go."""
    app = chat.player.app
    chat.say(LI, "九亭镇发热 || report level=3 town=九亭镇 age=50 symptoms=发热", after=14)
    app.clock.move_to(app.clock.now() + timedelta(minutes=15, seconds=30))  # type: ignore[attr-defined]
    app.tick()
    with app.sessions.begin() as session:
        posts = [post for post in session.query(Post) if post.state == "waiting"]
        together = next(post for post in posts if post.case_ids and len(post.case_ids) == 3)
        assert {CHEN, LIU} <= set(together.mentions)
        for case_id in (1, 2):
            session.get_one(Case, case_id).status = "closed"
    sent = app.outbox.claim(app.clock.now())
    assert sent is not None
    assert sent.mentions == (CHEN,)
    assert "0404-003" in sent.text
    assert not [word for word in ("0404-001", "0404-002", f"@{LIU}") if word in sent.text]
    assert sent.room == ROOM


def test_a_prompt_about_a_case_that_was_closed_before_it_went_out_is_dropped(chat: Chat) -> None:
    app = chat.player.app
    with app.sessions.begin() as session:
        desk = Desk(session, site(), Phrasebook(), chat.player.clock.now())
        case = session.get_one(Case, 1)
        desk.post("p", "prompt", "请看一下", room=ROOM, cases=[case], mentions=[LIU], only_while_open=True)
        case.status = "closed"
    assert app.outbox.claim(app.clock.now()) is None
