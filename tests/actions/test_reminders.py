"""The reminder table of contract §6 row by row, on the virtual clock: when, where, to whom, and what does not count."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.actions.commands import (
    CHEN,
    EENT,
    EENT_DOCTOR,
    LEADER,
    LI,
    LIU,
    OB,
    OB_ROOM,
    ROOM,
    START,
    VOLUNTEER,
    ZHANG,
    Chat,
)

ACTING = frozenset({"reminder", "escalation"})
ALL = {CHEN, LIU, LEADER}


@pytest.fixture
def chat(tmp_path: Path) -> Iterator[Chat]:
    played = Chat(tmp_path)
    yield played
    played.close()


def open_case(chat: Chat, level: int, *, at: str = "09:00", about: str = "发热") -> None:
    """A case of that level at that time of the first day."""
    chat.now = moment(at)
    text = f"佘山镇{about} || report level={level} town=佘山镇 age=40 symptoms={about}"
    chat.say(ZHANG, text)


def moment(clock: str, day: int = 4) -> datetime:
    hour, minute = clock.split(":")
    return START.replace(day=day, hour=int(hour), minute=int(minute))


def until(chat: Chat, clock: str, day: int = 4) -> list[dict[str, Any]]:
    """The reminders up to a time."""
    posts = chat.wait((moment(clock, day) - chat.now).total_seconds() / 60)
    return [post for post in posts if post["kind"] in ACTING]


def clocks(posts: list[dict[str, Any]]) -> list[str]:
    return [post["at"][11:16] for post in posts if post["room"] == ROOM]


def escalations(posts: list[dict[str, Any]]) -> list[tuple[str, set[str]]]:
    return [(post["at"][11:16], set(post["mentions"])) for post in posts if post["kind"] == "escalation"]


UNACKNOWLEDGED = {
    1: (["09:02", "09:04", "09:05", "09:06", "09:08"], "09:08", ("09:02", "09:05")),
    2: (["09:05", "09:10", "09:15", "09:20", "09:25"], "09:25", ("09:05", "09:15")),
    3: (["09:15", "09:30", "09:45", "10:00", "10:15"], "10:15", ("09:30", "10:00")),
    4: (["10:00", "11:00", "12:00", "13:00", "14:00"], "14:00", ("13:00", None)),
}


@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_nobody_has_acknowledged(chat: Chat, level: int) -> None:
    expected, end, (second, leader) = UNACKNOWLEDGED[level]
    open_case(chat, level)
    posts = until(chat, end)
    assert clocks(posts) == expected
    calls = [(second, {CHEN, LIU})] + ([(leader, ALL)] if leader else [])
    assert escalations(posts) == calls
    before = [set(post["mentions"]) for post in posts if post["at"][11:16] < second]
    assert all(names == {CHEN} for names in before)
    assert set(posts[-1]["mentions"]) == calls[-1][1]


ACKNOWLEDGED = {
    1: (["09:22", "09:52", "10:22"], "10:22"),
    2: (["09:37", "10:07", "10:37"], "10:37"),
    3: (["11:07", "13:07", "15:07"], "15:07"),
}


@pytest.mark.parametrize("level", [1, 2, 3])
def test_after_acknowledgement_until_closed(chat: Chat, level: int) -> None:
    expected, end = ACKNOWLEDGED[level]
    open_case(chat, level)
    until(chat, "09:01")
    chat.now = moment("09:07")
    chat.say(CHEN, "话 || assign me=1 n=1")
    posts = until(chat, end)
    assert clocks(posts) == expected
    assert all(set(post["mentions"]) == {CHEN} for post in posts)
    chat.say(CHEN, "话 || close n=1")
    assert until(chat, "20:00") == []


def test_level_four_is_asked_about_daily_at_nine_once_somebody_has_it(chat: Chat) -> None:
    open_case(chat, 4)
    chat.say(CHEN, "话 || assign me=1 n=1", after=7)
    assert clocks(until(chat, "23:00")) == []
    assert [post["at"][8:16] for post in until(chat, "09:30", 6)] == ["05T09:00", "06T09:00"]


@pytest.mark.parametrize(
    ("who", "said"),
    [
        (CHEN, "assign me=1"),
        (CHEN, "accept"),
        (CHEN, "update temp=38.1"),
        (LIU, "update temp=38.1"),
        (LEADER, "assign me=1"),
        (OB, "update temp=38.1"),
        (EENT_DOCTOR, "accept"),
    ],
)
def test_what_acknowledges(chat: Chat, who: str, said: str) -> None:
    open_case(chat, 3, about="鱼刺卡喉")
    chat.say(who, f"话 || {said} n=1", after=5)
    assert clocks(until(chat, "10:30")) == []


@pytest.mark.parametrize(
    ("who", "said"),
    [
        (ZHANG, "update temp=38.1"),
        (LI, "update temp=38.1"),
        (VOLUNTEER, "update temp=38.1"),
        (CHEN, "chatter"),
        (CHEN, "ask"),
        (ZHANG, "dispatched"),
    ],
)
def test_what_does_not_acknowledge(chat: Chat, who: str, said: str) -> None:
    open_case(chat, 3)
    chat.say(who, f"话 || {said} n=1", after=5)
    assert clocks(until(chat, "09:45")) == ["09:15", "09:30", "09:45"]


def test_neither_a_decline_nor_a_snooze_acknowledges(chat: Chat) -> None:
    open_case(chat, 3, about="鱼刺卡喉")
    chat.say(CHEN, f"话 || decline n=1 h={EENT}", after=5)
    assert clocks(until(chat, "09:15")) == ["09:15"]
    chat.say(CHEN, "话 || snooze n=1 hours=1", after=1)
    posts = until(chat, "10:45")
    assert clocks(posts) == ["10:16", "10:30", "10:45"]
    assert escalations(posts) == [("10:16", ALL)]


def test_the_one_charged_with_it_acknowledges_though_he_has_no_role(chat: Chat) -> None:
    open_case(chat, 3)
    chat.say(CHEN, f"话 || assign n=1 who={VOLUNTEER}", after=2)
    assert chat.case()["owner"] == VOLUNTEER
    posts = until(chat, "11:02")
    assert clocks(posts) == ["11:02"]
    assert set(posts[0]["mentions"]) == {VOLUNTEER, CHEN}


def test_every_human_message_starts_the_rhythm_of_who_has_it_again_but_a_fragment_does_not_acknowledge(
    chat: Chat,
) -> None:
    open_case(chat, 2)
    chat.say(CHEN, "话 || assign me=1 n=1", after=1)
    chat.say(ZHANG, "话 || update temp=38.4 n=1", after=19)
    assert clocks(until(chat, "10:20")) == ["09:50", "10:20"]


def test_the_reporters_fragment_does_not_move_the_rhythm_of_an_unacknowledged_case(chat: Chat) -> None:
    open_case(chat, 3)
    chat.say(ZHANG, "话 || update temp=38.4", after=10)
    assert clocks(until(chat, "09:30")) == ["09:15", "09:30"]


def test_a_raised_level_starts_its_own_rhythm_and_keeps_those_brought_in(chat: Chat) -> None:
    open_case(chat, 3)
    assert escalations(until(chat, "09:31")) == [("09:30", {CHEN, LIU})]
    chat.say(CHEN, "话 || correct n=1 set=4", after=0)
    chat.say(LEADER, "话 || correct n=1 set=2", after=1)
    posts = until(chat, "10:05")
    assert clocks(posts) == ["10:02"]  # a person set it: acknowledged by that
    assert chat.case()["level"] == 2


def test_a_level_that_the_machine_raises_is_not_acknowledged_and_counts_from_then(chat: Chat) -> None:
    open_case(chat, 3)
    assert clocks(until(chat, "09:31")) == ["09:15", "09:30"]
    chat.say(ZHANG, "话 || update level=1 symptoms=昏迷 n=1", after=1)
    posts = until(chat, "09:37")
    assert clocks(posts) == ["09:34", "09:36", "09:37"]
    assert set(posts[0]["mentions"]) == {CHEN, LIU}
    assert escalations(posts) == [("09:34", {CHEN, LIU}), ("09:37", ALL)]


def test_a_lowered_level_takes_the_slower_rhythm(chat: Chat) -> None:
    open_case(chat, 2)
    chat.say(CHEN, "话 || assign me=1 n=1", after=2)
    chat.say(CHEN, "话 || correct n=1 set=3", after=8)
    assert clocks(until(chat, "13:10")) == ["11:10", "13:10"]


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (1, ["23:59", "00:01", "00:02", "00:03"]),
        (2, ["00:02", "00:07", "00:12"]),
        (3, ["00:12", "00:27"]),
    ],
)
def test_no_quiet_hours_for_one_to_three_over_midnight(chat: Chat, level: int, expected: list[str]) -> None:
    open_case(chat, level, at="23:57")
    end = expected[-1]
    assert clocks(until(chat, end, 5)) == expected


def test_level_four_keeps_its_hours_and_the_case_numbers_go_on(chat: Chat) -> None:
    open_case(chat, 4, at="20:30")
    posts = until(chat, "08:40", 5)
    assert [post["at"][8:16] for post in posts] == ["04T21:30", "05T08:00", "05T08:30"]
    posts = until(chat, "10:35", 5)
    assert clocks(posts) == ["09:30", "10:30"]
    assert escalations(posts) == [("10:30", {CHEN, LIU})]  # 1½ hours of the evening, 2½ of the morning


def test_what_fell_due_at_night_is_one_post_at_eight(chat: Chat) -> None:
    open_case(chat, 4, at="21:10")
    chat.say(LI, "泗泾镇发热 || report level=4 town=泗泾镇 age=9 symptoms=发热", after=25)
    chat.say(LI, "九亭镇发热 || report level=4 town=九亭镇 age=70 symptoms=发热", after=60)
    posts = until(chat, "08:05", 5)
    assert clocks(posts) == ["08:00"]
    assert all(f"0404-00{n}" in posts[0]["text"] for n in (1, 2, 3))


def test_a_case_raised_at_night_leaves_the_quiet_hours(chat: Chat) -> None:
    open_case(chat, 4, at="22:30")
    chat.now = moment("23:00")
    chat.say(ZHANG, "话 || update level=2 symptoms=胸痛 n=1")
    assert clocks(until(chat, "23:11")) == ["23:05", "23:10"]


def test_a_snooze_of_level_four_into_the_night_comes_in_the_morning(chat: Chat) -> None:
    open_case(chat, 4, at="20:00")
    chat.say(CHEN, "话 || snooze n=1 hours=3", after=10)
    assert [post["at"][8:16] for post in until(chat, "08:59", 5)] == ["05T08:00"]


def test_medicines_are_listed_at_eight_until_closed_and_never_reminded_of(chat: Chat) -> None:
    open_case(chat, 4, about="配药")
    posts = chat.wait((moment("08:00", 6) - chat.now).total_seconds() / 60)
    assert [(post["kind"], post["at"][8:16]) for post in posts if post["kind"] != "digest"] == [
        ("batch", "05T08:00"),
        ("batch", "06T08:00"),
    ]
    assert all(post["mentions"] == [CHEN] for post in posts if post["kind"] == "batch")
    chat.say(CHEN, "话 || close n=1", after=5)
    assert not [post for post in chat.wait(26 * 60) if post["kind"] in ("batch", *ACTING)]


@pytest.mark.parametrize(("left", "second"), [("0", True), ("1", True), ("9", False)])
def test_medicine_that_ends_within_a_day_calls_the_second(chat: Chat, left: str, second: bool) -> None:
    chat.now = moment("20:30")
    chat.say(
        ZHANG, f"佘山镇配药 || report level=4 town=佘山镇 age=40 about=配药 drugs=缬沙坦 days_left={left}"
    )
    due = chat.wait((moment("08:00", 5) - chat.now).total_seconds() / 60)
    batch = next(post for post in due if post["kind"] == "batch")
    # one day left yesterday evening ends this evening: less than a day from now
    assert (LIU in batch["mentions"]) == second


def test_private_medicine_is_listed_to_the_one_on_duty_alone(chat: Chat) -> None:
    chat.now = moment("20:30")
    chat.say(ZHANG, "佘山镇配药 || report level=4 town=佘山镇 age=40 about=配药 private=true")
    posts = chat.wait((moment("08:00", 5) - chat.now).total_seconds() / 60)
    assert [(post["room"], post["to"]) for post in posts if post["kind"] == "batch"] == [(None, CHEN)]


def test_rooms_and_people_of_a_case_with_experts(chat: Chat) -> None:
    open_case(chat, 2, about="见红")
    posts = until(chat, "09:05")
    assert {post["room"] for post in posts} == {ROOM, OB_ROOM}
    assert all(set(post["mentions"]) == {CHEN, OB, LIU} for post in posts)
    chat.say(OB, "话 || update temp=37", room=OB_ROOM, after=1)
    posts = until(chat, "09:36")
    assert {post["room"] for post in posts} == {ROOM}


def test_a_private_case_is_reminded_of_privately(chat: Chat) -> None:
    open_case(chat, 2, about="失眠")
    chat.now = moment("09:00")
    posts = until(chat, "09:05")
    assert chat.cases()[0].private
    assert {(post["room"], post["to"]) for post in posts} == {(None, CHEN), (None, LIU)}


def test_one_post_for_what_falls_due_in_one_minute_and_only_for_that(chat: Chat) -> None:
    open_case(chat, 3)
    chat.say(LI, "泗泾镇发热 || report level=3 town=泗泾镇 age=9 symptoms=发热", after=0.5)
    chat.say(LI, "九亭镇发热 || report level=3 town=九亭镇 age=70 symptoms=发热", after=4)
    posts = until(chat, "09:20")
    assert clocks(posts) == ["09:15", "09:19"]
    assert "0404-002" in posts[0]["text"]
    assert "0404-003" not in posts[0]["text"]


@pytest.mark.parametrize("level", [1, 2, 3])
@pytest.mark.parametrize("down", [1, 7, 44, 200])
def test_downtime_costs_one_post_and_does_not_shift_the_rhythm(chat: Chat, level: int, down: int) -> None:
    open_case(chat, level)
    every = {1: 2, 2: 5, 3: 15}[level]
    missed = [post for post in chat.restart(down) if post["kind"] in ACTING]
    assert len(missed) == (1 if down >= every else 0)
    assert chat.restart() == []
    later = chat.wait(every)
    minutes = [
        (datetime.fromisoformat(post["at"]) - START).total_seconds() / 60
        for post in later
        if post["kind"] in ACTING
    ]
    leader = {1: 5, 2: 15, 3: 60}[level]
    assert minutes
    assert all(minute % every == 0 or minute == leader for minute in minutes)


def test_downtime_over_the_quiet_hours_and_over_a_snooze(chat: Chat) -> None:
    open_case(chat, 4, at="21:30")
    missed = chat.restart((moment("07:00", 5) - chat.now).total_seconds() / 60)
    assert [post for post in missed if post["kind"] in ACTING] == []
    assert clocks(until(chat, "08:00", 5)) == ["08:00"]
    chat.say(CHEN, "话 || snooze n=1 hours=2", after=5)
    missed = chat.restart(60)
    assert [post for post in missed if post["kind"] in ACTING] == []
    assert clocks(until(chat, "10:40", 5)) == ["10:05", "10:30"]


def test_acknowledged_cases_are_reminded_of_once_after_downtime(chat: Chat) -> None:
    open_case(chat, 2)
    chat.say(CHEN, "话 || assign me=1 n=1", after=3)
    missed = [post for post in chat.restart(100) if post["kind"] in ACTING]
    assert len(missed) == 1
    assert set(missed[0]["mentions"]) == {CHEN}
    assert clocks(until(chat, "11:03")) == ["11:03"]


def test_an_ended_case_is_silent_whatever_was_due(chat: Chat) -> None:
    for level in (1, 2, 3, 4):
        chat.say(
            ZHANG,
            f"佘山镇发热{level} || report level={level} town=佘山镇 age={level}0 symptoms=发热",
            after=0.1,
        )
    for number in (1, 2, 3, 4):
        chat.say(LEADER, f"话 || close n={number}")
    assert until(chat, "19:00") == []


def test_no_reminder_is_lost_over_two_days_whatever_zone_a_moment_is_written_in(chat: Chat) -> None:
    """A post at 20:00 of the place and one at 20:00 UTC are two posts."""
    open_case(chat, 3, at="16:00")
    chat.player.clock.move_to(chat.player.clock.now().astimezone(UTC))
    expected = [f"{hour:02d}:{minute:02d}" for hour in range(24) for minute in (0, 15, 30, 45)]
    posts = until(chat, "15:59", 6)
    assert clocks(posts)[-96:] == expected[64:] + expected[:64]
