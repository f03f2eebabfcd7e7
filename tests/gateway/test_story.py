"""The fishbone story through the gateway: every message and every post goes over gRPC."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from actions.models import Message, Post
from bot.replay import Player
from tests.conversations.script import Script
from tests.gateway.conftest import Clock, Running, running
from tests.gateway.running import Gateway, World

STORY = Path(__file__).parents[1] / "conversations" / "songjiang-fishbone.jsonl"


class GroupScript(Script):
    """A script whose lines are said in a real group; `wait` lines are left out."""

    def __init__(self, path: Path, gateway: Gateway, bot: Running, clock: Clock) -> None:
        self.path, self.gateway, self.bot, self.clock = path, gateway, bot, clock
        self.posts, self.state, self._seen = [], {}, 0

    async def play(self) -> int:
        """As far as the first `wait`; how many messages were said."""
        said = 0
        for number, line in enumerate(self.path.read_text(encoding="utf-8").splitlines(), start=1):
            body = json.loads(line)
            match body["type"]:
                case "say":
                    await self._say(body)
                    said += 1
                case "expect":
                    self.check(body, f"{self.path.name}:{number}")
                case "wait":
                    break
        return said

    async def _say(self, body: dict[str, Any]) -> None:
        self.clock.put(datetime.fromisoformat(body["at"]))
        said = self.gateway.say(body["room"], body["from"], body["text"], mentions=body["mentions"])
        await self.bot.until(lambda: self._is_quiet(said))
        self._take_in()

    def _is_quiet(self, said: str) -> bool:
        handled = self.bot.read(
            lambda session: session.scalar(select(Message.handled_at).where(Message.message_id == said))
        )
        return handled is not None and all(post.state == "sent" for post in self.bot.posts())

    def _take_in(self) -> None:
        """What the group was shown, with what only the database knows of it."""
        lines = [line for line in self.gateway.sent() if line["kind"] == "text"]
        for line in lines[self._seen :]:
            post = self.bot.read(
                lambda session, line=line: session.scalar(select(Post).where(Post.channel_id == line["id"]))
            )
            assert post is not None, "something was said that is no post"
            self.posts.append(
                {"at": post.at.isoformat(), "kind": post.kind, "case": post.case_number, "to": line["to"]}
                | {
                    "room": line["room"],
                    "text": line["text"].replace("\u2005", " "),
                    "mentions": line["mentions"],
                }
            )
        self._seen = len(lines)
        self.state = {"cases": self.bot.service._app.states()}


async def test_the_fishbone_story(gateway: Gateway, tmp_path: Path, clock: Clock) -> None:
    """Both directions, with the people of the script in the groups, named as WeChat names them."""
    lines = [json.loads(line) for line in STORY.read_text(encoding="utf-8").splitlines()]
    members = lines[0]["members"]
    gateway.world = _world(members)
    gateway.relogin()
    clock.put(datetime.fromisoformat(lines[1]["at"]))
    async with running(gateway, tmp_path) as group:
        _people_of(group, members)
        await group.is_now("ready")
        await group.until(lambda: group.service._sender.way(None, "专班-陈老师").name == "wechaty")  # type: ignore[union-attr]
        script = GroupScript(STORY, gateway, group, clock)
        assert await script.play() == 5
        assert not script.posts


def _world(members: list[dict[str, Any]]) -> World:
    """The contacts are strangers who carry their names in the group; experts are known by a remark."""
    people, rooms = {}, {}
    for number, member in enumerate(members):
        remark = {"remark": member["name"]} if member["role"] == "expert" else {"in_room": member["name"]}
        people[member["name"]] = {"nick": f"微信用户{number}", "friend": "remark" in remark} | remark
        for room in member["rooms"]:
            rooms.setdefault(room, []).append(member["name"])
    return World(people, rooms)


def _people_of(group: Running, members: list[dict[str, Any]]) -> None:
    """The members of the script instead of those of the site pack."""
    app = group.service._app
    player = object.__new__(Player)
    player.site, player.app = app.site, app
    player._members({"members": members})
