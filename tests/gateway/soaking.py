"""Long trouble with the gateway, and a burst: `python -m tests.gateway.soaking [--quick]`, called by `make soak`.

Prints what was measured; leaves with status 1 when a promise was broken.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

import bot.service
from actions.models import Message
from actions.site import Site, load_site
from actions.site_types import Room
from bot import logs
from tests.conftest import builtin_reader
from tests.gateway.conftest import CHEN, INTAKE, Running, running, said_on_the_page, small_world
from tests.gateway.running import Gateway, Missing, World, check

WITHIN = 10.0
"""Seconds after the gateway is there again in which the bot must be."""
ROOMS, MESSAGES = 20, 500
PER_ROOM, OVERALL = 20, 60
TOWNS = ("佘山镇", "车墩镇", "泗泾镇", "九亭镇", "新桥镇", "洞泾镇", "叶榭镇", "泖港镇")
ORDINARY = ("鱼刺卡喉一天，咽东西痛", "牙痛三天，脸肿了", "摔倒后手腕肿痛不能动", "皮疹三天，痒得睡不着")
URGENT = ("胸口闷痛两小时，出冷汗", "突然一侧手脚没力气，说话不清楚")
CHATTER = ("大家辛苦了", "收到", "今天核酸几点开始", "早", "好的谢谢")
SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗"


async def outage(
    gateway: Gateway, folder: Path, label: str, down: Callable[[], Any], up: Callable[[], Any], seconds: float
) -> tuple[str, bool]:
    """Trouble for so long, with reports meanwhile; how long until the bot is back, and whether all is well."""
    (folder / label.replace(" ", "-")).mkdir()
    async with running(gateway, folder / label.replace(" ", "-")) as group:
        await group.is_now("ready")
        down()
        await group.is_now("away", 30)
        for number in range(4):
            text = f"{TOWNS[number]}一位{40 + number}岁居民{ORDINARY[number]}"
            await group.service.receive(said_on_the_page(f"{label}{number}", text))
        await asyncio.sleep(seconds)
        before = time.monotonic()
        up()
        began = time.monotonic()  # the gateway answers from here on
        await group.is_now("ready", 60)
        back = time.monotonic() - began
        await group.until(lambda: len(gateway.heard(INTAKE)) >= 4, 60)
        await asyncio.sleep(3)
        numbers = [text[1:9] for text in gateway.heard(INTAKE) if text.startswith("【")]
        well = back <= WITHIN and numbers == sorted(set(numbers)) and len(numbers) == 4
        told = f"{label}: back {back:.1f} s after the gateway (which took {began - before:.1f} s)"
        return f"{told}, posts in order {numbers}", well


def wide(site: Site) -> Site:
    """The site with so many groups that take reports."""
    rooms = [Room(name=f"对接{number + 1}群", purpose="intake") for number in range(ROOMS)]
    return replace(site, rooms={**site.rooms, **{room.name: room for room in rooms}})


def crowd() -> World:
    """One contact who reports in each group, and the coordinator in all of them."""
    names = [f"联络员{number + 1}" for number in range(ROOMS)]
    people = {name: {"nick": name} for name in names} | {CHEN: {"remark": CHEN}}
    return World(people, {f"对接{number + 1}群": [names[number], CHEN] for number in range(ROOMS)})


async def burst(gateway: Gateway, folder: Path) -> tuple[str, bool]:
    """All messages as fast as the gateway gives them; everything is handled, posts keep to the limits."""
    gateway.renew(crowd())
    dice = random.Random(1)
    limits = {"room_posts_per_minute": PER_ROOM, "posts_per_minute": OVERALL, "post_spread": 0.5}
    (folder / "burst").mkdir()
    async with running(gateway, folder / "burst", **limits) as group:
        await group.is_now("ready")
        began = time.time()
        await asyncio.to_thread(gateway.say_all, [_said(number, dice) for number in range(MESSAGES)])
        given = time.time() - began
        await group.until(lambda: _kept(group) == MESSAGES, 120)
        kept = time.time() - began
        await group.until(lambda: not group.service.board.health()["messages_waiting"], 600)
        handled = time.time() - began
        await group.until(lambda: not _unsent(group), 1800)
        return _judged(group, gateway, began, (given, kept, handled))


def _said(number: int, dice: random.Random) -> tuple[str, str, str]:
    """Group, writer and words of a message."""
    return f"对接{number % ROOMS + 1}群", f"联络员{number % ROOMS + 1}", _words(number, dice)


def _words(number: int, dice: random.Random) -> str:
    kind = number % 10
    if kind >= 5:
        return dice.choice(CHATTER)
    who = f"{TOWNS[number % len(TOWNS)]}{number}弄{number % 50 + 1}号{SURNAMES[number % len(SURNAMES)]}姓居民{20 + number % 70}岁"
    return f"{who}，{dice.choice(URGENT if kind == 0 else ORDINARY)}"


def _kept(group: Running) -> int:
    return group.read(lambda session: session.scalar(select(func.count(Message.id)))) or 0


def _unsent(group: Running) -> int:
    health = group.service.board.health()
    return int(health["posts_waiting"]) + sum(post.state == "claimed" for post in group.posts())


def _judged(
    group: Running, gateway: Gateway, began: float, took: tuple[float, float, float]
) -> tuple[str, bool]:
    lines = [line for line in gateway.sent() if line["kind"] == "text"]
    posts = {post.channel_id: post for post in group.posts()}
    calm = [line for line in lines if not posts[line["id"]].urgent]
    fullest_room = max(_most(times) for times in _by_room(calm).values())
    urgent = [line["at"] - posts[line["id"]].at.timestamp() for line in lines if posts[line["id"]].urgent]
    cases = group.cases()
    told = (
        f"burst: {MESSAGES} messages over {ROOMS} rooms given in {took[0]:.1f} s, in the "
        f"database after {took[1]:.1f} s, handled after {took[2]:.1f} s, "
        f"{len(cases)} cases, {len(lines)} posts out in {lines[-1]['at'] - began:.0f} s; in any minute at most "
        f"{_most([line['at'] for line in calm])} that are not urgent ({fullest_room} in one room); urgent posts "
        f"{statistics.median(urgent):.2f} s after they were written (at most {max(urgent):.2f} s)"
    )
    once = len({line["id"] for line in lines}) == len(lines) and all(
        each.state == "sent" for each in posts.values()
    )
    reports = sum(number % 10 < 5 for number in range(MESSAGES))
    paced = _most([line["at"] for line in calm]) <= OVERALL and fullest_room <= PER_ROOM
    return told, once and paced and len(cases) == reports


def _by_room(lines: list[dict[str, Any]]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = defaultdict(list)
    for line in lines:
        found[line["room"]].append(line["at"])
    return found


def _most(times: list[float]) -> int:
    """How many lie within one minute."""
    return max((sum(start <= each < start + 60 for each in times) for start in times), default=0)


async def all_of_it(gateway: Gateway, folder: Path, site: Site, options: argparse.Namespace) -> bool:
    """Every trouble after the other; `site` is that of the burst."""
    downs = (1, 8) if options.quick else (1, 8, 70)
    steps: list[Callable[[], Awaitable[tuple[str, bool]]]] = []
    for seconds in downs:
        label = f"killed for {seconds} s"
        steps.append(lambda s=seconds, n=label: outage(gateway, folder, n, gateway.kill, gateway.start, s))  # type: ignore[misc]
    frozen = 5 if options.quick else 40
    label = f"frozen for {frozen} s"
    steps.append(lambda: outage(gateway, folder, label, gateway.freeze, gateway.thaw, frozen))
    well = True
    for step in [] if options.burst else steps:
        gateway.renew(small_world())
        told, good = await step()
        print(("" if good else "BROKEN ") + told, flush=True)
        well = well and good
    bot.service.load_site = lambda _: site
    told, good = await burst(gateway, folder)
    print(("" if good else "BROKEN ") + told, flush=True)
    return well and good


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="short outages only")
    parser.add_argument("--burst", action="store_true", help="the burst only")
    options = parser.parse_args()
    logs.configure("error", "console")
    site = load_site("songjiang")
    try:
        check()
    except Missing as error:
        print(f"gateway: skipped ({error})")
        return 0
    understander = builtin_reader("songjiang")._understander
    bot.service.load_understander = lambda _: understander
    with tempfile.TemporaryDirectory(prefix="lianluo-gateway-") as folder:
        gateway = Gateway(Path(folder) / "gateway", small_world())
        gateway.start()
        try:
            return 0 if asyncio.run(all_of_it(gateway, Path(folder), wide(site), options)) else 1
        finally:
            gateway.kill()


if __name__ == "__main__":
    sys.exit(main())
