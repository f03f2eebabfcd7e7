"""Who may do what: the table of contract §5, row by row, through real messages on real cases.

Allowed: no refusal in the timeline. Not allowed: the refusal is in the timeline and the case is as it was.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from actions.models import Event
from tests.actions.commands import (
    CENTRAL_DOCTOR,
    CHEN,
    EENT,
    EENT_DOCTOR,
    GUEST,
    LEADER,
    LI,
    OB,
    OB_ROOM,
    ROOM,
    VOLUNTEER,
    ZHANG,
    Chat,
    kinds,
)

TRUSTED = (OB, CHEN, LEADER)
WITH_ROLE = (ZHANG, VOLUNTEER, EENT_DOCTOR, *TRUSTED)
TOWNS = ("佘山镇", "泗泾镇", "岳阳街道", "九亭镇", "洞泾镇", "新桥镇")
Row = tuple[str, str, str, tuple[str, ...], tuple[str, ...]]


def row(act: str, say: str, case: str, may: tuple[str, ...], may_not: tuple[str, ...] = ()) -> Row:
    """One row of the table: who may and who may not `say` on such a `case`."""
    return act, say, case, may, may_not


# `case`: who reported it, its level, and what else is so.
TABLE: list[Row] = [
    row("update", "update temp=38", "li 3", (GUEST, *WITH_ROLE)),
    row("chase", "chase", "li 3", WITH_ROLE, (GUEST,)),
    row("ask", "ask", "li 3", WITH_ROLE, (GUEST,)),
    row("correct", "correct age=50", "li 3", TRUSTED, (GUEST, ZHANG, VOLUNTEER, EENT_DOCTOR)),
    row("correct", "correct age=50", "own 3", (ZHANG, VOLUNTEER), (GUEST, EENT_DOCTOR)),
    row("accept", "accept", "li 3", (EENT_DOCTOR, CHEN, LEADER), (GUEST, ZHANG, VOLUNTEER, OB)),
    row("accept", "accept", "own 3", (), (ZHANG,)),
    row("accept", "accept", "task 3", (VOLUNTEER,)),
    row("accept", "accept", "maternal 3", (OB, CHEN, LEADER), (GUEST, ZHANG, VOLUNTEER)),
    row("decline", "decline", "li 3", (EENT_DOCTOR, CHEN, LEADER), (GUEST, ZHANG, VOLUNTEER, OB)),
    row("decline", "decline", "own 3", (), (ZHANG,)),
    row("decline", "decline unanswered=1", "own 3", (ZHANG,)),
    row("decline", "decline unanswered=1", "li 3", (), (ZHANG, GUEST)),
    row("decline", "decline", "task 3", (VOLUNTEER,)),
    row("decline", "decline", "maternal 3", (OB,)),
    row("dispatched", "dispatched", "li 3", WITH_ROLE, (GUEST,)),
    row("arrived", "arrived", "li 3", WITH_ROLE, (GUEST,)),
    row("close", "close", "li 3", (EENT_DOCTOR, *TRUSTED), (GUEST, ZHANG, VOLUNTEER)),
    row("close", "close", "li 2", TRUSTED, (GUEST, ZHANG, VOLUNTEER, EENT_DOCTOR)),
    row("close", "close", "own 3", (ZHANG,), (GUEST, VOLUNTEER)),
    row("close", "close", "own 4", (ZHANG,)),
    row("close", "close", "own 2", (), (ZHANG, GUEST)),
    row("close", "close", "own 1", (), (ZHANG,)),
    row("close", "close", "task 3", (VOLUNTEER,)),
    row("close", "close", "li 3", (), (CENTRAL_DOCTOR,)),
    row("close", "close", "declined 3", (), (EENT_DOCTOR,)),
    row("cancel", "close outcome=cancelled", "li 3", (EENT_DOCTOR, *TRUSTED), (GUEST, ZHANG, VOLUNTEER)),
    row("cancel", "close outcome=cancelled", "own 3", (ZHANG,), (GUEST,)),
    row("cancel", "close outcome=cancelled", "own 2", (), (ZHANG,)),
    row("reopen", "reopen level=3", "li 3 closed", TRUSTED, (GUEST, ZHANG, VOLUNTEER, EENT_DOCTOR)),
    row("reopen", "reopen level=3", "own 3 closed", (ZHANG,), (GUEST, VOLUNTEER)),
    row("snooze", "snooze hours=1", "li 3", TRUSTED, (GUEST, ZHANG, VOLUNTEER, EENT_DOCTOR)),
    row("snooze", "snooze hours=1", "li 1", (), TRUSTED),
    row("snooze", "snooze hours=1", "own 3", (), (ZHANG,)),
    row("assign", f"assign who={VOLUNTEER}", "li 3", TRUSTED, (GUEST, ZHANG, VOLUNTEER, EENT_DOCTOR)),
    row("level", "correct set=2", "li 3", TRUSTED, (GUEST, ZHANG, VOLUNTEER, EENT_DOCTOR)),
    row("level", "correct set=2", "own 3", (), (ZHANG, VOLUNTEER)),
    row(
        "transfer",
        "transfer h=上海市第一人民医院(南部)",
        "li 3",
        TRUSTED,
        (GUEST, ZHANG, VOLUNTEER, EENT_DOCTOR),
    ),
    row("transfer", "transfer h=上海市第一人民医院(南部)", "own 3", (), (ZHANG,)),
]


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chat]:
    played = Chat(tmp_path_factory.mktemp("permissions"))
    yield played
    played.close()


def _open(chat: Chat, kind: str, who: str) -> tuple[str, str]:
    """A case of that kind and the room in which it is spoken of."""
    by, level, *more = kind.split()
    number = len(chat.state.get("cases", [])) + 1
    town = TOWNS[number % len(TOWNS)]
    command = f"report level={level} town={town} age={number} phone=0000-{number:04d}"
    symptom = "见红 sex=F" if by == "maternal" else "鱼刺卡喉"
    reporter = who if by == "own" else LI
    text = f"居民{number} || {command} symptoms={symptom}"
    assert kinds(chat.say(reporter, text))[0] == "receipt"
    opened: str = chat.case(number)["case"]
    if by not in ("maternal",) and chat.case(number)["hospital"] != EENT:
        chat.say(CHEN, f"话 || transfer h={EENT} n={opened}")
    if by == "task":
        chat.say(CHEN, f"话 || assign n={opened} who={who}")
    if by == "declined":
        chat.say(EENT_DOCTOR, f"话 || decline n={opened}")
    if "closed" in more:
        chat.say(CHEN, f"话 || close n={opened}")
    return opened, OB_ROOM if by == "maternal" else ROOM


def _refusals(chat: Chat) -> list[Event]:
    return chat.events("refused")


@pytest.mark.parametrize(
    ("act", "say", "kind", "may", "may_not"), TABLE, ids=[f"{row[1]}, {row[2]}" for row in TABLE]
)
def test_the_table(
    chat: Chat, act: str, say: str, kind: str, may: tuple[str, ...], may_not: tuple[str, ...]
) -> None:
    by_him = kind.startswith(("own", "task"))
    groups = [([who], True) for who in may]
    groups += [([who], False) for who in may_not] if by_him else [(list(may_not), False)]
    for people, allowed in groups:
        if people:
            _try(chat, act, say, kind, people, allowed)


def _try(chat: Chat, act: str, say: str, kind: str, people: list[str], allowed: bool) -> None:
    """All of `people` on one case: those who may not leave it as it was."""
    number, room = _open(chat, kind, people[0])
    before = _state(chat, number)
    for who in people:
        refused = len(_refusals(chat))
        chat.say(who, f"话 || {say} n={number}", room=room)
        now = _refusals(chat)[refused:]
        assert bool(now) is not allowed, f"{who}, {act}: {[(e.who, e.detail) for e in now]}"
        if not allowed:
            assert now[0].who == who
            # Whoever may not correct anything is told so; whoever may, that the level is not his.
            assert now[0].detail["act"] == act or (act, now[0].detail["act"]) == ("level", "correct")
            assert _state(chat, number) == before, f"{who}, {act}"


def _state(chat: Chat, number: str) -> dict[str, object]:
    found: dict[str, object] = next(case for case in chat.state["cases"] if case["case"] == number)
    return found


@pytest.mark.parametrize("who", [CHEN, LEADER, EENT_DOCTOR])
def test_who_may_say_that_a_hospital_is_full(chat: Chat, who: str) -> None:
    refused = len(_refusals(chat))
    posts = chat.say(who, f"话 || hospital_status state=full at={EENT}")
    assert "confirm" in kinds(posts)
    assert len(_refusals(chat)) == refused
    chat.say(who, f"话 || hospital_status state=open at={EENT}")


@pytest.mark.parametrize("who", [GUEST, ZHANG, VOLUNTEER, OB, CENTRAL_DOCTOR])
def test_who_may_not(chat: Chat, who: str) -> None:
    refused = len(_refusals(chat))
    posts = chat.say(who, f"话 || hospital_status state=full at={EENT}")
    assert "confirm" not in kinds(posts)
    assert [event.who for event in _refusals(chat)[refused:]] == [who]


@pytest.mark.parametrize("who", [GUEST, ZHANG, VOLUNTEER, EENT_DOCTOR, OB, CHEN, LEADER])
def test_everybody_may_report(chat: Chat, who: str) -> None:
    number = len(chat.state["cases"]) + 1
    posts = chat.say(
        who,
        f"居民{number} || report level=3 town=石湖荡镇 age={number} symptoms=鱼刺卡喉 phone=0000-{number:04d}",
    )
    assert kinds(posts)[0] == "receipt"
    assert chat.case(number)["opened_by"] == who


def test_a_refusal_is_said_once_an_hour_and_always_written_down(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    chat = Chat(tmp_path_factory.mktemp("refusals"))
    chat.say(LI, "居民 || report level=3 town=佘山镇 age=40 symptoms=鱼刺卡喉")
    first = chat.say(VOLUNTEER, "话 || close n=1", after=1)
    assert kinds(first) == ["refusal"]
    assert first[0]["mentions"] == [VOLUNTEER]
    assert CHEN in first[0]["text"]
    assert chat.say(VOLUNTEER, "话 || snooze hours=1 n=1", after=1) == []
    other = chat.say(ZHANG, "话 || close n=1", after=1)
    assert kinds(other) == ["refusal"]
    chat.say(CHEN, "话 || assign me=1 n=1")
    assert kinds(chat.say(VOLUNTEER, "话 || close n=1", after=61)) == ["refusal"]
    assert [event.who for event in chat.events("refused")] == [VOLUNTEER, VOLUNTEER, ZHANG, VOLUNTEER]
    assert chat.case()["status"] == "proposed"
    chat.close()
