"""The gateway dies, hangs, is taken away, complains: nothing is answered twice, what waits goes out in its order."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

import bot.channels.wechaty
from actions.models import Post
from bot.channels.wechaty_link import Timing
from tests.gateway.conftest import CHEN, INTAKE, MATERNAL, ZHANG, Running, running, said_on_the_page
from tests.gateway.running import TOKEN, Gateway

FISHBONE = "佘山镇有位居民鱼刺卡喉三天了，饭也吃不下，喉咙肿"
TOOTH = "九亭镇一位41岁女士右下牙痛三天，脸肿了"
WRIST = "泗泾镇一位35岁先生摔倒后手腕肿痛不能动"
WITHIN = 10.0
"""Seconds after the gateway is there again in which the bot must be."""


async def one_case(gateway: Gateway, bot: Running, text: str = FISHBONE) -> None:
    """A report is answered, which shows that both ways are open."""
    before = len(gateway.heard(INTAKE))
    gateway.say(INTAKE, ZHANG, text)
    await bot.until(lambda: len(gateway.heard(INTAKE)) == before + 1, 20)


def receipts(gateway: Gateway) -> list[str]:
    """The case numbers of the receipts the group saw, in their order."""
    return [text[1:9] for text in gateway.heard(INTAKE) if text.startswith("【")]


@pytest.mark.parametrize("seconds", [1, 8])
async def test_killed_and_back(gateway: Gateway, tmp_path: Path, seconds: int) -> None:
    """What is reported on the page meanwhile waits for the group, and comes in order."""
    async with running(gateway, tmp_path) as bot:
        await bot.is_now("ready")
        await one_case(gateway, bot)
        await bot.until(
            lambda: set(states(bot)) == {"sent"}
        )  # the group sees a post before the bot is told so
        gateway.kill()
        await bot.is_now("away")
        for number, text in enumerate((TOOTH, WRIST)):
            await bot.service.receive(said_on_the_page(f"w{number}", text))
        assert [post.state for post in bot.posts(kind="receipt")] == ["sent", "waiting", "waiting"]
        await asyncio.sleep(seconds)
        gateway.start()
        back = time.monotonic()
        await bot.is_now("ready")
        assert time.monotonic() - back < WITHIN
        await bot.until(lambda: len(gateway.heard(INTAKE)) == 3)
        await one_case(gateway, bot, "车墩镇一位52岁阿姨皮疹三天，痒得睡不着")
        numbers = receipts(gateway)
        assert len(numbers) == 4 and numbers == sorted(set(numbers))


async def test_frozen(gateway: Gateway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A gateway that accepts everything and answers nothing is noticed; an urgent post may come twice and says so."""
    monkeypatch.setattr(bot.channels.wechaty, "Timing", lambda: Timing(every=0.5, patience=1, deadline=2))
    async with running(gateway, tmp_path) as group:
        await group.is_now("ready")
        await one_case(gateway, group)
        gateway.freeze()
        began = time.monotonic()
        await group.is_now("away")
        assert time.monotonic() - began < 4
        await group.service.receive(said_on_the_page("w1", TOOTH))
        gateway.thaw()
        await group.is_now("ready")
        await group.until(lambda: len(gateway.heard(INTAKE)) == 2)
        await group.until(lambda: set(states(group)) == {"sent"})


async def test_a_post_into_a_frozen_gateway(
    gateway: Gateway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may have gone out: only Ⅰ–Ⅱ is said again, with a word that it may be so."""
    monkeypatch.setattr(bot.channels.wechaty, "Timing", lambda: Timing(every=30, patience=30, deadline=1))
    async with running(gateway, tmp_path) as group:
        await group.is_now("ready")
        gateway.tell("/fault", send="hang")
        await group.service.receive(said_on_the_page("w1", TOOTH))
        await group.service.receive(said_on_the_page("w2", "泗泾镇72岁老伯胸口闷痛两小时，出冷汗"))
        await group.until(lambda: [post.state for post in group.posts(room=INTAKE)] == ["unconfirmed"] * 2)
        assert group.service.board.health()["posts_unconfirmed"] == 2
        assert "可能重复" in group.posts(urgent=True)[0].text
        gateway.tell("/fault")


async def test_a_second_client_takes_the_gateway(gateway: Gateway, tmp_path: Path) -> None:
    """The bot says so in its state and takes the gateway back."""
    from bot.channels.wechaty_account import Account, Puppet

    async with running(gateway, tmp_path) as bot:
        await bot.is_now("ready")
        other = Account(Puppet(gateway.endpoint, TOKEN, 5))
        await other.open()
        await bot.is_now("taken")
        back = time.monotonic()
        await bot.is_now("ready")
        assert time.monotonic() - back < WITHIN
        other.puppet.close()
        await one_case(gateway, bot)


async def test_odd_events_and_types(gateway: Gateway, tmp_path: Path) -> None:
    """Errors, heartbeats without words, events about nobody, messages of types nobody knows: all survived in silence."""
    async with running(gateway, tmp_path) as bot:
        await bot.is_now("ready")
        gateway.tell("/emit", event="error", payload={"gerror": "{}"})
        for event in ("heartbeat", "dong", "ready", "reset", "friendship"):
            gateway.tell("/emit", event=event, payload={})
        nobody = {"roomId": "none", "messageId": "none", "inviteeIdList": []}
        for event in ("room-topic", "room-join", "room-leave", "room-invite", "message"):
            gateway.tell("/emit", event=event, payload=nobody)
        gateway.tell("/emit", event="dirty", payload={"payloadType": 3, "payloadId": "none"})
        gateway.tell("/emit", event="message", payload={})
        for kind in (0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 14, 15, 16, 17, 99):
            gateway.say(INTAKE, ZHANG, "<xml/>", type=kind)
        await one_case(gateway, bot)
        assert bot.service.channel_states()["wechaty"] == "ready"
        assert len(bot.cases()) == 1


async def test_the_token_is_wrong(gateway: Gateway, tmp_path: Path) -> None:
    """The channel says so; the page goes on."""
    async with running(gateway, tmp_path, wechaty_token="another") as bot:
        await bot.is_now("refused")
        await bot.service.receive(said_on_the_page("w1", TOOTH))
        assert [post.state for post in bot.posts(kind="receipt")] == ["sent"]
        assert bot.service.board.health()["channels"] == {"web": "ready", "wechaty": "refused"}


async def test_delivered_twice_and_out_of_order(gateway: Gateway, tmp_path: Path) -> None:
    """A message that comes again, even after a new connection, is the same message; each is answered once."""
    async with running(gateway, tmp_path) as bot:
        await bot.is_now("ready")
        first = gateway.say(INTAKE, ZHANG, FISHBONE, count=3)
        await bot.until(lambda: gateway.heard(INTAKE))
        early = gateway.say(INTAKE, ZHANG, TOOTH, count=0)
        late = gateway.say(INTAKE, CHEN, "1号我来跟", count=0)
        gateway.tell("/deliver", ids=[late, early, first, late, early])
        await bot.until(lambda: len(gateway.heard(INTAKE)) == 2)
        gateway.relogin()
        gateway.tell("/deliver", ids=[first, early, late])
        await one_case(gateway, bot, WRIST)
        assert len(receipts(gateway)) == len(bot.cases()) == 3
        assert bot.cases()[0].owner == CHEN


async def test_away_from_the_start(gateway: Gateway, tmp_path: Path) -> None:
    """It starts without a gateway, and takes what was reported meanwhile to the groups it knows from before."""
    async with running(gateway, tmp_path) as bot:
        await bot.is_now("ready")
    gateway.kill()
    async with running(gateway, tmp_path) as bot:
        await bot.is_now("away")
        await bot.service.receive(said_on_the_page("w1", TOOTH))
        await bot.service.receive(said_on_the_page("w2", "岳阳街道孕妇34周，阴道流血，肚子一阵阵痛"))
        gateway.start()
        await bot.until(lambda: len(gateway.heard(INTAKE)) == 2 and gateway.heard(MATERNAL))


async def test_urgent_and_lost(gateway: Gateway, tmp_path: Path) -> None:
    """Where the puppet shows our own messages, one that never shows is noticed; what is urgent is said once more."""
    gateway.world.echo = True
    gateway.changed()
    async with running(gateway, tmp_path, wechaty_confirm=1) as bot:
        await bot.is_now("ready")
        await one_case(gateway, bot)
        gateway.tell("/fault", send="lose")
        gateway.say(INTAKE, ZHANG, TOOTH)
        await bot.until(lambda: "unconfirmed" in states(bot), 20)
        gateway.say(INTAKE, ZHANG, "泗泾镇72岁老伯胸口闷痛两小时，出冷汗")
        await bot.until(lambda: bot.posts(urgent=True))
        await bot.until(lambda: bot.posts(urgent=True)[0].text.startswith("（可能重复）"), 20)
        gateway.tell("/fault")
        await bot.until(lambda: states(bot).count("unconfirmed") == 1 or len(gateway.heard(INTAKE)) > 1, 20)
        assert bot.posts()[0].state == "sent"


def states(bot: Running) -> list[str]:
    """Of all posts, oldest first."""
    posts: list[Post] = bot.posts()
    return [post.state for post in posts]
