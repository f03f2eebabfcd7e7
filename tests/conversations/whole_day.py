"""The whole day of a place (data/sites/<site>/day.jsonl): played, and what must hold of it counted anew.

`python -m tests.conversations.whole_day` plays both days to the end (make soak does); test_days.py the first hours.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from sqlalchemy import select
from typer.testing import CliRunner

from actions import figures, wording
from actions.desk import Desk
from actions.models import Case, Event
from actions.phrasebook import Phrasebook
from actions.site import SITES, load_site
from bot.cli import app
from bot.noise import ENOUGH, posts_of_cases
from bot.replay import Player

Line = dict[str, Any]
DAYS = {"songjiang": date(2022, 4, 4), "dongguan": date(2022, 12, 19)}
KINDS = {"DANGER": "FEVER"}
"""What a kind of report is counted as, where that is not its own name."""
NUMBER = re.compile(r"\d{4}-\d{3}")
CALLING = ("reminder", "escalation", "proposal", "prompt")
OVER = ("closed", "cancelled", "merged")
RIGHT = 0.9


def lines_of(site: str) -> list[Line]:
    text = (SITES / site / "day.jsonl").read_text(encoding="utf-8")
    return [json.loads(row) for row in text.splitlines()]


@dataclass
class Played:
    """A day on its way: every post, the newest state, what each report was meant to be and what came of it."""

    site: str
    player: Player
    posts: list[Line] = field(default_factory=list)
    cases: dict[str, Line] = field(default_factory=dict)
    fresh: list[str] = field(default_factory=list)
    opened: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.player.write = self._take

    def play(self, lines: Iterable[Line]) -> None:
        for line in lines:
            if line["type"] == "meant":
                self._meant(line)
                continue
            self.texts[line.get("id", "")] = line.get("text", "")
            assert self.player.play([json.dumps(line, ensure_ascii=False)]) == 0, line

    def _take(self, raw: str) -> None:
        body = json.loads(raw)
        if body["type"] == "post":
            self._calls_nobody_for_nothing(body)
            self.posts.append(body)
            return
        cases = {each["case"]: each for each in body["cases"]}
        self.fresh = [number for number in cases if number not in self.cases]
        self.cases = cases

    def _calls_nobody_for_nothing(self, post: Line) -> None:
        """The state before the post is what was true: between two lines nobody acts but the clock."""
        if post["kind"] not in CALLING:
            return
        named = {post["case"], *NUMBER.findall(post["text"])} & self.cases.keys()
        late = [number for number in named if self.cases[number]["status"] in OVER]
        if late:
            self.faults.append(f"{post['at']} {post['kind']} about {late}: {post['text']}")

    def _meant(self, line: Line) -> None:
        kinds = line["kinds"]
        if len(self.fresh) != len(kinds):
            self.faults.append(
                f"{line['id']}: {len(kinds)} meant, {self.fresh} opened: {self.texts[line['id']]}"
            )
        for number, kind in zip(self.fresh, kinds, strict=False):
            self.opened[number] = KINDS.get(kind, kind)

    def check(self) -> None:
        """None lost, none doubled, understood as meant, few posts, nobody called for what is over."""
        assert not self.faults, "\n".join(self.faults)
        assert set(self.opened) == set(self.cases)
        assert not [each for each in self.cases.values() if each["status"] == "merged"]
        wrong = list(self.otherwise())
        assert len(wrong) <= (1 - RIGHT) * len(self.opened), "\n".join(wrong)
        self._quiet()

    def otherwise(self) -> Iterator[str]:
        """The cases that were counted as something else than meant."""
        for number, kind in self.opened.items():
            case = self.cases[number]
            urgent = kind != "CRITICAL" or case["level"] <= 2
            if case["category"] != kind or not urgent:
                yield f"{number} {kind} → {case['category']} {case['level']} {case['specialty']}"

    def escalated(self) -> list[str]:
        """The numbers of the cases for which the next on duty had to be called."""
        with self.player.app.sessions() as session:
            return list(
                session.scalars(
                    select(Case.number).join(Event, Event.case_id == Case.id).where(Event.what == "escalated")
                )
            )

    def _quiet(self) -> None:
        """Ordinary ones: of a private matter each thing is told to two people apart, which are more posts."""
        called = set(self.escalated())
        with self.player.app.sessions() as session:
            counted = posts_of_cases(session)
            ended = session.scalars(
                select(Case).where(Case.level >= 3, Case.closed_at.is_not(None), ~Case.private)
            )
            noisy = {case.number: counted[case.id] for case in ended if case.number not in called}
        noisy = {number: count for number, count in noisy.items() if count > ENOUGH}
        assert not noisy, noisy

    def today(self) -> list[Line]:
        """The cases of the day, without those of the evening before."""
        return [case for case in self.cases.values() if case["case"].startswith(f"{DAYS[self.site]:%m%d}")]

    def check_digest(self) -> None:
        """The figures in the room, counted again from the state of that moment (20:00)."""
        digest = [post for post in self.posts if post["kind"] == "digest"][-1]
        assert digest["at"].startswith(f"{DAYS[self.site]}T20:00")
        assert_told(digest["text"], self.today(), f"今日共{len(self.today())}件")

    def check_command(self, url: str, folder: Path) -> None:
        """`lianluo figures` says the same, in words and cell by cell."""
        out = folder / f"{self.site}.xlsx"
        day = str(DAYS[self.site])
        told = CliRunner().invoke(
            app,
            ["figures", "--site", self.site, "--db", url, "--since", day, "--until", day, "--out", str(out)],
        )
        assert told.exit_code == 0, told.output
        cases = self.today()
        assert_told(told.output, cases, f"共{len(cases)}件")
        assert_sheets(out, cases)

    def check_figures(self) -> None:
        """The one count behind digest, command and board."""
        day = DAYS[self.site]
        with self.player.app.sessions() as session:
            now = self.player.clock.now()
            counted = figures.of_days(Desk(session, self.player.site, Phrasebook(), now), day, day)
        cases = self.today()
        assert counted.count == len(cases)
        assert counted.by_level == Counter(case["level"] for case in cases)
        assert counted.by_category == Counter(case["category"] for case in cases)
        assert counted.by_town == Counter(case["town"] for case in cases)
        assert counted.open == sum(case["status"] not in OVER for case in cases)


def assert_told(text: str, cases: Sequence[Line], total: str) -> None:
    """Total, levels, categories, open and ended: each as counted here, each adding up."""
    assert total in text, text
    levels = {f"{name}级": number for number, name in wording.LEVELS.items()}
    told = {
        number: int(count) for name, number in levels.items() for count in re.findall(rf"{name}(\d+)", text)
    }
    assert told == Counter(case["level"] for case in cases), text
    kinds = Counter(wording.category_name(case["category"]) for case in cases)
    assert {name: int(re.findall(rf"{re.escape(name)}(\d+)", text)[0]) for name in kinds} == kinds, text
    assert sum(kinds.values()) == sum(told.values()) == len(cases)
    still = sum(case["status"] not in OVER for case in cases)
    assert f"已办结{len(cases) - still}件" in text and f"在办{still}件" in text, text


def assert_sheets(path: Path, cases: Sequence[Line]) -> None:
    book = load_workbook(path)
    counts = {row[0]: row[1] for row in book["总览"].iter_rows(min_row=2, values_only=True)}
    still = sum(case["status"] not in OVER for case in cases)
    assert (counts["合计"], counts["在办"], counts["已办结"]) == (len(cases), still, len(cases) - still)
    assert counts["Ⅰ–Ⅱ级"] == sum(case["level"] <= 2 for case in cases)
    kinds = {row[0]: row[1:] for row in book["类别与级别"].iter_rows(min_row=2, values_only=True)}
    for name, row in kinds.items():
        of_kind = [case for case in cases if name in ("合计", wording.category_name(case["category"]))]
        by_level = [sum(case["level"] == level for case in of_kind) for level in wording.LEVELS]
        assert list(row) == [*by_level, len(of_kind)], name
    assert kinds.keys() == {"合计", *(wording.category_name(case["category"]) for case in cases)}
    towns = {row[0]: row[1] for row in book["街镇"].iter_rows(min_row=2, values_only=True)}
    assert towns == Counter(case["town"] or "未说明" for case in cases)
    assert book["明细"].max_row == 1 + len(cases)


def until(lines: Sequence[Line], moment: datetime) -> Iterator[Line]:
    """The lines up to a moment; what was meant by a message comes with it."""
    for line in lines:
        at = line.get("at") or line.get("until")
        if at and datetime.fromisoformat(at) > moment:
            return
        yield line


def evening(site: str) -> datetime:
    return datetime.fromisoformat(f"{DAYS[site]}T20:00:00+08:00")


def play(site: str, player: Player, url: str, folder: Path, last: datetime | None = None) -> Played:
    """Play a day, or its first hours up to `last`, and check it; AssertionError says what does not hold."""
    day, lines = Played(site, player), lines_of(site)
    night = evening(site)
    day.play(until(lines, last or night))
    day.check()
    if last:
        day.play([{"type": "wait", "until": night.isoformat()}])
    day.check_digest()
    if not last:
        day.play(line for line in lines[len(list(until(lines, night))) :])
        day.check()
    day.check_figures()
    day.check_command(url, folder)
    return day


def main(sites: Sequence[str]) -> None:
    from tests.conftest import builtin_reader

    for site in sites or DAYS:
        with tempfile.TemporaryDirectory(prefix="lianluo-day-") as folder:
            url = f"sqlite:///{Path(folder) / 'day.db'}"
            reader = builtin_reader(site)
            began = datetime.now()
            player = Player(load_site(site), reader, url, print, lambda: None)
            try:
                _tell(play(site, player, url, Path(folder)), datetime.now() - began)
            finally:
                player.close()


def _tell(day: Played, took: timedelta) -> None:
    kinds = Counter(post["kind"] for post in day.posts)
    print(
        f"{day.site}: {len(day.texts)} lines, {len(day.cases)} cases, {dict(kinds)}, {took.total_seconds():.0f} s"
    )
    for line in day.otherwise():
        print(f"  otherwise than meant: {line}")


if __name__ == "__main__":
    main(sys.argv[1:])
