"""Who is on duty for what: by specialty, who stands in, hand-over at a change of shift, the question of the next day."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import time
from pathlib import Path
from typing import Any

import pytest

from actions.site_types import Shift
from nlu.clauses import fold
from nlu.standing_down import stands_down
from tests.actions.commands import (
    CHEN,
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
    kinds,
)

SECOND, GYN = "市一-孙医生", "妇科-沈主任"
BIRTH = "佘山镇见红 || report level=3 town=佘山镇 age=29 sex=F symptoms=见红"
FISH = "佘山镇鱼刺卡喉 || report level=3 town=佘山镇 age=40 symptoms=鱼刺卡喉"
BUSY = "我在手术，换人 || chatter busy=1"
EVERY_DAY = frozenset(range(1, 8))


@pytest.fixture
def chat(tmp_path: Path) -> Iterator[Chat]:
    played = Chat(tmp_path)
    add(played, SECOND, "expert", [OB_ROOM], ["OB2"])
    yield played
    played.close()


def add(chat: Chat, name: str, role: str, rooms: list[str], on_call: list[str]) -> None:
    """One more member."""
    site = chat.player.site
    body = {
        "type": "members",
        "members": [
            {"name": m.name, "role": m.role, "rooms": m.rooms, "hospital": m.hospital, "on_call": m.on_call}
            for m in site.members.values()
            if m.name != name
        ]
        + [{"name": name, "role": role, "rooms": rooms, "on_call": on_call}],
    }
    assert chat.player.play(iter([json.dumps(body)])) == 0


def roster(chat: Chat, *shifts: tuple[str, str, str, str]) -> None:
    """People on duty by shifts instead of at all times: code, member, from, to."""
    site = chat.player.site
    members = {name: replace(member, on_call=()) for name, member in site.members.items()}
    lines = [
        Shift(code, member, EVERY_DAY, time.fromisoformat(start), time.fromisoformat(end))
        for code, member, start, end in shifts
    ]
    chat.player.site = chat.player.app.site = replace(site, members=members, roster=tuple(lines))


def to(chat: Chat, clock: str, day: int = 4) -> list[dict[str, Any]]:
    hour, minute = clock.split(":")
    moment = START.replace(day=day, hour=int(hour), minute=int(minute))
    return chat.wait((moment - chat.now).total_seconds() / 60)


# -- the expert on duty


def test_the_expert_of_the_specialty_is_asked_first(chat: Chat) -> None:
    add(chat, GYN, "expert", [OB_ROOM], ["GYN"])
    prompts = [post for post in chat.say(ZHANG, f"{BIRTH} specialty=GYN") if post["kind"] == "prompt"]
    assert [post["mentions"] for post in prompts] == [[GYN]]
    second = "泗泾镇见红 || report level=3 town=泗泾镇 age=33 sex=F symptoms=见红"
    prompts = [post for post in chat.say(LI, second, after=1) if post["kind"] == "prompt"]
    assert [post["mentions"] for post in prompts] == [[OB]]


def test_with_nobody_of_the_group_on_duty_the_coordinator_is_asked(chat: Chat) -> None:
    roster(chat, ("DUTY1", CHEN, "00:00", "00:00"), ("OB", OB, "10:00", "18:00"))
    prompts = [post for post in chat.say(ZHANG, BIRTH) if post["kind"] == "prompt"]
    assert [(post["room"], post["mentions"]) for post in prompts] == [(OB_ROOM, [CHEN])]


# -- standing down


def test_the_second_is_asked_at_once_and_the_first_is_not_named_again(chat: Chat) -> None:
    chat.say(ZHANG, BIRTH)
    posts = chat.say(OB, BUSY, room=OB_ROOM, after=2)
    assert [(post["kind"], post["room"], post["mentions"]) for post in posts] == [
        ("prompt", OB_ROOM, [SECOND])
    ]
    assert [event.who for event in chat.events("stood_down")] == [OB]
    later = chat.wait(120)
    assert later
    assert not [post for post in later if OB in post["mentions"] or f"@{OB}" in post["text"]]
    assert all(SECOND in post["mentions"] for post in later)
    assert chat.case()["owner"] is None


def test_when_the_second_cannot_either_the_coordinator_is_asked(chat: Chat) -> None:
    chat.say(ZHANG, BIRTH)
    chat.say(OB, BUSY, room=OB_ROOM, after=1)
    posts = chat.say(SECOND, BUSY, room=OB_ROOM, after=1)
    assert [post["mentions"] for post in posts] == [[CHEN]]
    assert not [name for post in chat.wait(60) for name in post["mentions"] if name in (OB, SECOND)]


def test_a_coordinator_who_cannot_is_followed_by_the_second_and_the_leader(chat: Chat) -> None:
    chat.say(ZHANG, FISH)
    assert [post["mentions"] for post in chat.say(CHEN, BUSY, after=1)] == [[LIU]]
    assert [post["mentions"] for post in chat.say(LIU, BUSY, after=1)] == [[LEADER]]
    assert {name for post in chat.wait(40) for name in post["mentions"]} == {LEADER}


def test_who_gives_back_what_he_took_leaves_it_to_nobody(chat: Chat) -> None:
    chat.say(ZHANG, FISH)
    chat.say(CHEN, "话 || assign me=1 n=1", after=1)
    posts = chat.say(CHEN, BUSY, after=1)
    assert [post["mentions"] for post in posts] == [[LIU]]
    assert chat.case()["owner"] is None
    assert [post["at"][11:16] for post in chat.wait(16)] == ["09:17"]
    chat.say(CHEN, "话 || assign me=1 n=1", after=1)  # back from the operating room
    assert chat.case()["owner"] == CHEN


def test_it_is_about_the_case_named_and_only_where_he_is_wanted(chat: Chat) -> None:
    chat.say(ZHANG, FISH)
    chat.say(LI, "泗泾镇发热 || report level=3 town=泗泾镇 age=9 symptoms=发热", after=1)
    chat.say(CHEN, f"{BUSY} n=2", after=1)
    posts = chat.wait(14)
    assert [(post["case"], post["mentions"]) for post in posts] == [("0404-001", [CHEN]), ("0404-002", [LIU])]
    assert chat.say(OB, BUSY, after=1) == []
    assert chat.say(VOLUNTEER, BUSY, after=1) == []


def test_several_cases_of_one_who_is_busy_are_one_post(chat: Chat) -> None:
    chat.say(ZHANG, FISH)
    chat.say(LI, "泗泾镇发热 || report level=3 town=泗泾镇 age=9 symptoms=发热", after=1)
    posts = chat.say(CHEN, BUSY, after=1)
    assert kinds(posts) == ["prompt"]
    assert "0404-001" in posts[0]["text"] and "0404-002" in posts[0]["text"]


def test_a_case_opened_again_knows_no_refusal(chat: Chat) -> None:
    chat.say(ZHANG, BIRTH)
    chat.say(OB, BUSY, room=OB_ROOM, after=1)
    chat.say(CHEN, "话 || close n=1", after=1)
    posts = chat.say(CHEN, "话 || reopen n=1 level=3", after=60)
    assert [post["mentions"] for post in posts if post["kind"] == "prompt"] == [[OB]]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("我在手术，换人", True),
        ("我在开会找别人", True),
        ("在台上下不来，换个人看", True),
        ("今天门诊走不开，你们找二线", True),
        ("不好意思刚下夜班，找别人吧", True),
        ("手术中，让二线接一下", True),
        ("我这边开会呢，换个人跟一下", True),
        ("轮休在外地，请其他同事", True),
        ("正在抢救，谁能替一下", True),
        ("我们在抢救，收不了，换一家", False),
        ("病人在手术，换人陪护", False),
        ("李主任在开会，换人吧", False),
        ("收到，我在开会，等下看", False),
        ("我在手术，下午再说", False),
        ("换个人流量少的地方做核酸", False),
        ("他今天门诊做了手术，想换一家医院复查", False),
    ],
)
def test_the_words_of_standing_down(text: str, meant: bool) -> None:
    assert stands_down(fold(text)) is meant


# -- hand-over

SHIFTS = (
    ("DUTY1", CHEN, "08:00", "20:00"),
    ("DUTY1", LIU, "20:00", "08:00"),
    ("DUTY2", LIU, "08:00", "20:00"),
    ("DUTY2", CHEN, "20:00", "08:00"),
    ("OB", OB, "08:00", "18:00"),
    ("OB", SECOND, "18:00", "08:00"),
)


def handovers(posts: list[dict[str, Any]]) -> list[tuple[str, str | None, list[str]]]:
    return [(p["at"][11:16], p["room"], p["mentions"]) for p in posts if p["kind"] == "handover"]


def test_who_comes_gets_the_open_cases_of_his_duty(chat: Chat) -> None:
    roster(chat, *SHIFTS)
    chat.say(ZHANG, FISH)
    chat.say(LI, BIRTH.replace("佘山", "泗泾"), after=1)
    for number in (1, 2):
        chat.say(CHEN, f"话 || assign me=1 n={number}", after=1)
    posts = to(chat, "20:30")
    assert handovers(posts) == [("18:00", OB_ROOM, [SECOND]), ("20:00", ROOM, [LIU])]
    texts = [post["text"] for post in posts if post["kind"] == "handover"]
    assert "0404-002" in texts[0] and "0404-001" not in texts[0]
    assert "0404-001" in texts[1] and "0404-002" in texts[1]
    assert [event.detail["named"] for event in chat.events("handed_over")] == [[SECOND], [LIU], [LIU]]


def test_nothing_open_no_hand_over_and_none_with_people_that_have_no_shifts(chat: Chat) -> None:
    chat.say(ZHANG, FISH)
    assert handovers(to(chat, "21:00")) == []
    roster(chat, *SHIFTS)
    chat.say(LEADER, "话 || close n=1")
    assert handovers(to(chat, "21:00", 5)) == []


def test_after_downtime_one_hand_over_to_whoever_is_there_now(chat: Chat) -> None:
    roster(chat, *SHIFTS)
    chat.say(ZHANG, FISH)
    site = chat.player.site
    chat.say(CHEN, "话 || assign me=1 n=1", after=600)
    posts = chat.restart(120)
    assert chat.player.site is site
    assert handovers(posts) == [("21:00", ROOM, [LIU])]
    assert handovers(to(chat, "23:00")) == []


def test_a_private_case_is_handed_over_privately_and_medicines_are_not(chat: Chat) -> None:
    roster(chat, *SHIFTS)
    chat.say(ZHANG, "佘山镇失眠 || report level=3 town=佘山镇 age=40 symptoms=失眠")
    chat.say(ZHANG, "佘山镇配药 || report level=4 town=佘山镇 age=70 about=配药", after=1)
    chat.say(CHEN, "话 || assign me=1 n=1", after=1)
    posts = [post for post in to(chat, "20:00") if post["kind"] == "handover"]
    assert [(post["room"], post["to"]) for post in posts] == [(None, LIU)]
    assert "失眠" not in posts[0]["text"]


# -- the next day


def question(posts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [post for post in posts if post["kind"] == "question"]


def close_some(chat: Chat) -> None:
    """Five cases that end in five ways, and one that does not."""
    for number, how in enumerate(
        ("close", "close outcome=cancelled", "close outcome=duplicate", "close outcome=died", "close", "ask"),
        start=1,
    ):
        about = "失眠" if number == 5 else "发热"
        text = f"佘山镇第{number}位 || report level=3 town=佘山镇 age={number}0 symptoms={about}"
        chat.say(ZHANG, text, after=1)
        chat.say(LEADER, f"话 || {how} n={number}", after=1)


def test_the_day_after_the_reporters_room_is_asked_once_about_what_was_done(chat: Chat) -> None:
    close_some(chat)
    posts = question(to(chat, "12:00", 5))
    assert [(post["at"][8:16], post["room"], post["to"]) for post in posts] == [
        ("05T10:00", ROOM, None),
        ("05T10:00", None, CHEN),
    ]
    asked = posts[0]["text"]
    assert "0404-001" in asked
    assert not [n for n in (2, 3, 4, 5, 6) if f"0404-00{n}" in asked]
    assert posts[0]["mentions"] == [] and "@" not in asked
    assert "0404-005" in posts[1]["text"]
    assert question(to(chat, "12:00", 7)) == []


def test_a_missed_question_is_asked_after_downtime_but_not_after_the_hours_of_reopening(chat: Chat) -> None:
    chat.say(ZHANG, FISH)
    chat.say(CHEN, "话 || close n=1")
    assert [p["at"][8:16] for p in question(chat.restart(30 * 60))] == ["05T15:00"]
    chat.say(ZHANG, "泗泾镇发热 || report level=3 town=泗泾镇 age=9 symptoms=发热")
    chat.say(CHEN, "话 || close n=1", after=1)
    assert question(chat.restart(5 * 24 * 60)) == []


def test_who_is_ill_again_is_a_case_again_and_good_news_closes_nothing_else(chat: Chat) -> None:
    chat.say(ZHANG, FISH)
    chat.say(CHEN, "话 || close n=1", after=1)
    chat.say(LI, "泗泾镇发热 || report level=3 town=泗泾镇 age=9 symptoms=发热", after=1)
    chat.say(CHEN, "话 || assign me=1 n=2", after=1)
    asked = question(to(chat, "10:05", 5))[0]
    assert chat.say(ZHANG, "好多了 || close outcome=better", after=1) == []
    assert [case["status"] for case in chat.state["cases"]] == ["closed", "proposed"]
    assert [event.what for event in chat.events("well_next_day")] == ["well_next_day"]
    posts = chat.say(ZHANG, "话 || update symptoms=咽痛", quote=asked["id"], after=1)
    assert kinds(posts) == ["confirm"]
    assert [case["status"] for case in chat.state["cases"]] == ["proposed", "proposed"]


def test_the_hours_of_reopening_are_the_places_policy(chat: Chat) -> None:
    site = chat.player.site
    policy = replace(site.policy, reopen_hours=10)
    chat.player.site = chat.player.app.site = replace(site, policy=policy)
    chat.say(ZHANG, FISH)
    chat.say(CHEN, "话 || close n=1", after=1)
    chat.say(CHEN, "话 || reopen n=1 level=3", after=9 * 60)
    assert len(chat.state["cases"]) == 1
    chat.say(CHEN, "话 || close n=1", after=1)
    chat.say(CHEN, "话 || reopen n=0404-001 level=3", after=11 * 60)
    assert [case["status"] for case in chat.state["cases"]] == ["closed", "proposed"]


# -- a minute before the daily post


def test_time_goes_on_over_a_daily_post_a_moment_after_a_message(chat: Chat) -> None:
    chat.now = START.replace(hour=7, minute=59, second=50)
    chat.say(ZHANG, "佘山镇配药 || report level=4 town=佘山镇 age=70 about=配药")
    assert kinds(chat.wait(30)) == ["batch"]
