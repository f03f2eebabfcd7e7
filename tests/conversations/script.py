"""Scripted conversations: replay lines with `expect` lines between them.

An `expect` names every post since the last one, in order; one that is not named fails the test. Of a post
only what is written is compared: `has` and `not` are parts of its text, `mentions` those named among others,
`only_mentions` exactly those. `state` compares the newest state line, case by case; of `fields` only those written.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bot.replay import Player

Line = dict[str, Any]


class Script:
    """One conversation being played."""

    def __init__(self, path: Path, player: Player) -> None:
        self.path, self.player = path, player
        self.posts: list[Line] = []
        self.state: Line = {}

    def write(self, line: str) -> None:
        body = json.loads(line)
        if body["type"] == "post":
            self.posts.append(body)
        else:
            self.state = body

    def run(self) -> None:
        """Play to the end; AssertionError names the line of the script."""
        for number, line in enumerate(self.path.read_text(encoding="utf-8").splitlines(), start=1):
            if not line.strip() or line.startswith("#"):
                continue
            body = json.loads(line)
            where = f"{self.path.name}:{number}"
            if body.get("type") == "expect":
                self.check(body, where)
            else:
                assert self.player.play([line]) == 0, where
        assert not self.posts, f"{self.path.name}: posts nobody expected at the end: {_shown(self.posts)}"

    def check(self, expected: Line, where: str) -> None:
        posts, self.posts = self.posts, []
        wanted = expected.get("posts", [])
        kinds = [post["kind"] for post in posts]
        assert kinds == [each["kind"] for each in wanted], f"{where}: {_shown(posts)}"
        for post, each in zip(posts, wanted, strict=True):
            _check_post(post, each, where)
        for case, fields in expected.get("state", {}).items():
            found = next((each for each in self.state["cases"] if each["case"] == case), None)
            assert found is not None, f"{where}: no case {case}"
            for key, value in fields.items():
                held = (
                    {each: found[key].get(each) for each in value} if isinstance(value, dict) else found[key]
                )
                assert held == value, f"{where}: {case} {key} is {found[key]!r}, not {value!r}"
        if "cases" in expected:
            assert len(self.state["cases"]) == expected["cases"], f"{where}: {self.state['cases']}"


def _check_post(post: Line, each: Line, where: str) -> None:
    shown = _shown([post])
    for key in ("room", "to", "case"):
        if key in each:
            assert post[key] == each[key], f"{where}: {key} of {shown}"
    if "at" in each:
        assert post["at"][11:16] == each["at"], f"{where}: time of {shown}"
    for part in each.get("has", []):
        assert part in post["text"], f"{where}: {part!r} is not in {shown}"
    for part in each.get("not", []):
        assert part not in post["text"], f"{where}: {part!r} is in {shown}"
    for name in each.get("mentions", []):
        assert name in post["mentions"], f"{where}: {name} is not named in {shown}"
    if "only_mentions" in each:
        assert sorted(post["mentions"]) == sorted(each["only_mentions"]), f"{where}: {shown}"


def _shown(posts: list[Line]) -> str:
    return "\n" + "\n".join(
        f"  {p['at'][11:16]} {p['kind']} {p['room'] or p['to']}: {p['text']} {p['mentions']}" for p in posts
    )
