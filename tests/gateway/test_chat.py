"""A group talks to the bot through the gateway, both ways: names, mentions, quotes, recalls, pictures, rooms that change."""

from __future__ import annotations

import base64
import os
from pathlib import Path

import pytest
from sqlalchemy import select

from actions.models import ChannelPlace, Message
from bot.channels.base import Attachment
from bot.pictures import PictureReader
from tests.gateway.conftest import CHEN, INTAKE, LIU, MATERNAL, ZHANG, Running, running
from tests.gateway.running import ME, Gateway

FISHBONE = "佘山镇有位居民鱼刺卡喉三天了，饭也吃不下，喉咙肿"
TOOTH = "九亭镇一位41岁女士右下牙痛三天，脸肿了"


def kept(bot: Running, message_id: str) -> Message | None:
    """A message as the inbox has it."""
    query = select(Message).where(Message.message_id == message_id)
    return bot.read(lambda session: session.scalar(query))


async def handled(bot: Running, message_id: str) -> Message:
    """Wait until a message has been handled."""
    await bot.until(lambda: (row := kept(bot, message_id)) is not None and row.handled_at)
    row = kept(bot, message_id)
    assert row is not None
    return row


async def test_names_mentions_and_quotes(gateway: Gateway, tmp_path: Path) -> None:
    """People go by the site pack's names in both directions, whatever WeChat calls them."""
    async with running(gateway, tmp_path) as bot:
        await bot.is_now("ready")
        first = await handled(bot, gateway.say(INTAKE, ZHANG, FISHBONE))
        assert (first.sender, first.role, first.room) == (ZHANG, "contact", INTAKE)
        await bot.until(lambda: gateway.heard(INTAKE))
        receipt = gateway.sent()[0]
        assert CHEN in receipt["mentions"] and f"@{CHEN}\u2005" in receipt["text"]
        await handled(bot, gateway.say(INTAKE, ZHANG, TOOTH))
        await bot.until(lambda: len(gateway.heard(INTAKE)) == 2)

        asked = gateway.say(INTAKE, ZHANG, "@陈\u2005 辛苦了", mentions=[CHEN])
        assert (await handled(bot, asked)).mentions == [CHEN]
        help_ = gateway.say(INTAKE, CHEN, "@小联\u2005帮助", mentions=["小联"])
        assert (await handled(bot, help_)).mentions == ["联络"]
        await bot.until(lambda: len(gateway.heard(INTAKE)) == 3)

        line = "\n- - - - - - - - - - - - - - -\n"
        await handled(bot, gateway.say(INTAKE, LIU, f"「{ZHANG}：{FISHBONE}」{line}这个我来跟"))
        quote = gateway.heard(INTAKE)[1][:12]
        await handled(bot, gateway.say(INTAKE, CHEN, f"「小联：{quote}…」{line}我来跟"))
        assert [case.owner for case in bot.cases()] == [LIU, CHEN]


async def test_recalled(gateway: Gateway, tmp_path: Path) -> None:
    """The notice names the message by its id; one that was never ours takes nothing back."""
    async with running(gateway, tmp_path) as bot:
        await bot.is_now("ready")
        said = gateway.say(INTAKE, ZHANG, FISHBONE)
        await handled(bot, said)
        await handled(bot, gateway.say(INTAKE, ZHANG, "大家早"))
        gateway.say(INTAKE, ZHANG, "msg_of_another_time", type=13)
        await handled(bot, gateway.say(INTAKE, ZHANG, "大家辛苦了"))
        assert [case.status for case in bot.cases()] == ["proposed"]
        await handled(bot, gateway.say(INTAKE, ZHANG, said, type=13))
        assert [case.status for case in bot.cases()] == ["cancelled"]


async def test_pictures_are_marks_and_open_nothing(gateway: Gateway, tmp_path: Path) -> None:
    async with running(gateway, tmp_path) as bot:
        await bot.is_now("ready")
        row = await handled(bot, gateway.say(INTAKE, ZHANG, "<msg/>", type=6))
        assert row.text == "[图片]"
        assert not bot.cases() and not gateway.sent()


async def test_a_picture_written_to_the_bot_is_read(
    gateway: Gateway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its bytes are handed to the reader, of any size; what cannot be fetched stays a mark."""
    data, read = os.urandom(200_000), []

    async def lines(_: PictureReader, picture: Attachment) -> list[str]:
        read.append(picture.data)
        return ["阿托伐他汀钙片 20mg"]

    monkeypatch.setattr(PictureReader, "lines", lines)
    async with running(gateway, tmp_path) as bot:
        await bot.is_now("ready")
        gateway.say(None, CHEN, "<msg/>", type=6)
        row = await handled(
            bot, gateway.say(None, CHEN, "<msg/>", type=6, picture=base64.b64encode(data).decode())
        )
        assert (row.room, row.text) == (None, "[图片]")
        await bot.until(lambda: any("阿托伐他汀" in text for text in gateway.heard(None)))
        assert read == [data]


async def test_ids_change_at_a_login_and_a_restart_knows_the_new_ones(
    gateway: Gateway, tmp_path: Path
) -> None:
    """The groups keep their purpose, the people their names; also for a post that waited."""
    async with running(gateway, tmp_path) as bot:
        await bot.is_now("ready")
        await handled(bot, gateway.say(INTAKE, ZHANG, FISHBONE))
        gateway.world.again()
        gateway.relogin()
        await bot.until(lambda: place(bot, INTAKE) == gateway.world.room(INTAKE))
        row = await handled(bot, gateway.say(INTAKE, CHEN, "1号我来跟"))
        assert (row.sender, row.room) == (CHEN, INTAKE) and bot.cases()[0].owner == CHEN
    async with running(gateway, tmp_path) as bot:
        assert place(bot, INTAKE) == gateway.world.room(INTAKE)
        await bot.is_now("ready")
        await handled(bot, gateway.say(INTAKE, ZHANG, "岳阳街道孕妇34周，阴道流血，肚子一阵阵痛"))
        await bot.until(lambda: gateway.heard(MATERNAL))


async def test_a_renamed_room_keeps_its_purpose(gateway: Gateway, tmp_path: Path) -> None:
    async with running(gateway, tmp_path) as bot:
        await bot.is_now("ready")
        gateway.world.titles[INTAKE] = "医疗保障群（新）"
        gateway.relogin()
        row = await handled(bot, gateway.say(INTAKE, ZHANG, FISHBONE))
        assert row.room == INTAKE
        await bot.until(lambda: [line["room"] for line in gateway.sent()] == ["医疗保障群（新）"])


async def test_a_room_nobody_told_us_of(gateway: Gateway, tmp_path: Path) -> None:
    """The coordinator on duty gets one line for it, however much is said there; in the room there is silence."""
    async with running(gateway, tmp_path) as bot:
        await bot.is_now("ready")
        gateway.world.rooms["老乡群"] = ["路人"]
        gateway.world.rooms["医疗保障群 "] = ["路人"]  # a room of the same name beside the real one
        gateway.changed()
        for _ in range(3):
            gateway.say("老乡群", "路人", FISHBONE)
            gateway.say("医疗保障群 ", "路人", FISHBONE)
        await bot.until(lambda: len(bot.posts(kind="escalation")) == 2)
        gateway.relogin()
        await handled(bot, gateway.say(INTAKE, ZHANG, TOOTH))
        await bot.until(lambda: gateway.heard(INTAKE))
        told = [post.text for post in bot.posts(kind="escalation")]
        assert len(told) == 2 and "老乡群" in told[0]
        assert {line["room"] for line in gateway.sent()} <= {INTAKE, None}
        assert len(bot.cases()) == 1


async def test_invited_and_removed(gateway: Gateway, tmp_path: Path) -> None:
    """A group of the site pack is entered, of another the coordinator hears; so when we are put out."""
    async with running(gateway, tmp_path) as bot:
        await bot.is_now("ready")
        for number, topic in enumerate(("血透协调群", "老乡群")):
            gateway.world.invitations.append({"id": f"i{number}", "topic": topic, "inviter": "none"})
        gateway.changed()
        for number in range(2):
            gateway.tell("/emit", event="room-invite", payload={"roomInvitationId": f"i{number}"})
        await bot.until(lambda: bot.posts(kind="escalation"))
        assert [line["id"] for line in gateway.sent() if line["kind"] == "accepted"] == ["i0"]
        assert "老乡群" in bot.posts(kind="escalation")[0].text

        gateway.world.rooms["血透协调群"] = [CHEN]
        gateway.changed()
        joined = {"roomId": gateway.world.room("血透协调群"), "inviteeIdList": [ME], "inviterId": "none"}
        gateway.tell("/emit", event="room-join", payload=joined)
        await bot.until(lambda: place(bot, "血透协调群"))
        left = {"roomId": joined["roomId"], "removeeIdList": [ME], "removerId": "none", "timestamp": 1}
        gateway.tell("/emit", event="room-leave", payload=left)
        await bot.until(lambda: len(bot.posts(kind="escalation")) == 2)
        assert "血透协调群" in bot.posts(kind="escalation")[1].text and place(bot, "血透协调群") is None


async def test_private_words_go_to_friends_only(gateway: Gateway, tmp_path: Path) -> None:
    """To whom there is no way, somebody else is told of it, and the board counts it."""
    gateway.world.people[CHEN]["friend"] = True
    gateway.relogin()
    report = "佘山镇一位女士在阳台上说不想活了，割了手腕"
    async with running(gateway, tmp_path) as bot:
        await bot.is_now("ready")
        await bot.until(lambda: bot.service._sender.way(None, ZHANG))
        gateway.say(None, ZHANG, report)
        await bot.until(bot.cases, 20)
        await bot.until(lambda: undeliverable(bot), 30)
        lost = next(post for post in bot.posts() if post.state == "undeliverable")
        shown = bot.service.board.history(lost.room, lost.to or "", None, 9)
        assert "没有送达" in [line.note for line in shown if line.id == lost.public_id]
        assert all(report not in text for text in gateway.heard(INTAKE))


def undeliverable(bot: Running) -> object:
    return bot.service.board.health()["posts_undeliverable"]


def place(bot: Running, name: str) -> str | None:
    """The id that is kept of a group."""
    query = select(ChannelPlace.platform_id).where(ChannelPlace.kind == "room", ChannelPlace.name == name)
    return bot.read(lambda session: session.scalar(query))
