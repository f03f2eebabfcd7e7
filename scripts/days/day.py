"""A day being made: people who report and answer at their times, the bot's own numbers in what they say."""

from __future__ import annotations

import heapq
import random
from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from actions.site import load_site
from actions.site_types import Member
from scripts.days.talk import Line, Replay
from scripts.days.texts import Said

Steps = Generator[float, None, None]
"""What somebody does one after the other; it yields the minutes until the next."""


@dataclass
class Matter:
    """One report and the case that came of it."""

    said: Said
    contact: str
    message: str = ""
    number: str = ""


@dataclass
class Day:
    """Keeps the clock, says things, and knows the newest state of every case."""

    site: str
    room: str
    start: datetime
    coordinators: tuple[str, ...]
    replay: Replay
    dice: random.Random
    cases: dict[str, Line] = field(default_factory=dict)
    posts: list[Line] = field(default_factory=list)
    waiting: list[tuple[datetime, int, Steps]] = field(default_factory=list)
    count: int = 0

    def __post_init__(self) -> None:
        place = load_site(self.site)
        self.now = self.start
        self.members = dict(place.members)
        self.short = {each.name: (*each.aliases, each.name)[0] for each in place.institutions.values()}

    def begin(self, at: datetime, steps: Steps) -> None:
        """Let somebody's steps begin at a time."""
        self.count += 1
        heapq.heappush(self.waiting, (at.replace(microsecond=0), self.count, steps))

    def run(self, until: datetime) -> None:
        """Everybody's steps up to `until`, each at its time."""
        while self.waiting and self.waiting[0][0] <= until:
            at, _, steps = heapq.heappop(self.waiting)
            self.now = max(at, self.now)
            for minutes in steps:
                self.begin(self.now + timedelta(seconds=round(60 * minutes)), steps)
                break
        self.now = until
        self._take(*self.replay.send({"type": "wait", "until": until.isoformat()}))

    def say(self, who: str, text: str, *, room: str | None = None, quote: str | None = None) -> str:
        """Somebody says something; the id of the message."""
        self.now += timedelta(seconds=1)
        message = f"m{sum(1 for line in self.replay.lines if line['type'] == 'say') + 1}"
        line = {"type": "say", "id": message, "at": self.now.isoformat(), "room": room or self.room}
        line |= {"from": who, "role": self.members[who].role, "text": text, "quote": quote, "mentions": []}
        self._take(*self.replay.send(line))
        return message

    def report(self, matter: Matter, *, room: str | None = None) -> None:
        """Report it and note what was meant, and which case came of it."""
        (matter.number,) = self.report_all([matter], matter.said.text, room) or [""]

    def report_all(self, matters: list[Matter], text: str, room: str | None = None) -> list[str]:
        """Several in one message; the numbers of the cases that came of it, in order."""
        before = set(self.cases)
        message = self.say(matters[0].contact, text, room=room)
        numbers = [number for number in self.cases if number not in before]
        self.replay.note({"type": "meant", "id": message, "kinds": [each.said.kind for each in matters]})
        for matter in matters:
            matter.message = message
        if len(numbers) != len(matters):
            print(f"{message}: {len(matters)} meant, {len(numbers)} opened: {text}")
            return []
        for matter, number in zip(matters, numbers, strict=True):
            matter.number = number
        return numbers

    def on(self, matter: Matter, who: str, *ways: str) -> None:
        """Somebody speaks of a case in the room it came from: by quoting the report, or by its number."""
        text = self.dice.choice(ways)
        if self.dice.random() < 0.6:
            self.say(who, text, quote=matter.message)
        else:
            self.say(who, f"{self.number(matter)} {text}")

    def number(self, matter: Matter) -> str:
        """As people write it: 0404-012, #12, 12号. Those of another day in full."""
        short = str(int(matter.number[5:]))
        ways = [matter.number, f"#{short}", f"{short}号", f"{short}号"]
        return self.dice.choice(ways if matter.number[:4] == f"{self.now:%m%d}" else [matter.number])

    def state(self, matter: Matter) -> Line:
        return self.cases[matter.number]

    def is_open(self, matter: Matter) -> bool:
        return self.state(matter)["status"] in ("open", "proposed", "accepted", "in_transit", "arrived")

    def duty(self) -> str:
        """Mostly the first coordinator on duty, now and then the second."""
        first, second, night = self.coordinators
        if not 8 <= self.now.hour < 20:
            return night
        return first if self.dice.random() < 0.7 else second

    def spokesman(self, hospital: str | None, room: str) -> Member | None:
        """Who speaks for the hospital in a room."""
        return next(
            (
                each
                for each in self.members.values()
                if hospital and each.hospital == hospital and room in each.rooms
            ),
            None,
        )

    def between(self, low: float, high: float) -> float:
        """Some minutes."""
        return self.dice.uniform(low, high)

    def _take(self, posts: list[Line], state: Line) -> None:
        self.posts += posts
        self.cases = {each["case"]: each for each in state["cases"]}
