"""What is reported on a day: hand-written lines from a file, with the patients filled in by the dice."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
SURNAMES = "王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高罗"
ESTATES = "云桦苑 文澜苑 春申新村 兰亭花园 金桂园 绿波家园 梧桐里 星河湾小区 阳光水岸 听涛苑 翠竹园 锦绣新苑 丽景苑 和平新村 紫藤花园"
PATIENT = {
    "F": ["女 {a}岁", "{a}岁女", "{s}女士{a}岁", "女，{a}"],
    "M": ["男 {a}岁", "{a}岁男", "{s}先生{a}岁", "男，{a}"],
}
ELDERLY = {"F": ["{s}阿婆{a}岁", "{a}岁老太"], "M": ["{s}老伯{a}岁", "{a}岁老先生"]}
OLD = 68
_HEADING = re.compile(r"\[(\w+) (\d+)\]")
_SLOT = re.compile(r"\{(?:([FMPa])(\d+)-(\d+)|([ten]))\}")


@dataclass(frozen=True)
class Said:
    """One report: of which kind it is meant to be, from which town, in which words."""

    kind: str
    town: str
    text: str


def read(site: str) -> Iterator[tuple[str, int, list[str]]]:
    """Kind, number wanted and the lines of each section of a site's file."""
    kind, count, lines = "", 0, list[str]()
    for row in (HERE / f"{site}.txt").read_text(encoding="utf-8").splitlines():
        if not row or row.startswith("#"):
            continue
        if heading := _HEADING.fullmatch(row):
            if lines:
                yield kind, count, lines
            kind, count, lines = heading[1], int(heading[2]), []
        else:
            lines.append(row)
    yield kind, count, lines


class Filler:
    """Fills the slots. Towns and telephone numbers are used in turn, so that no two patients are alike."""

    def __init__(self, dice: random.Random, towns: list[str]) -> None:
        self.dice, self.towns, self.number = dice, towns, 1000

    def reports(self, kind: str, count: int, lines: list[str]) -> Iterator[Said]:
        """So many of one kind; every wording is used before one comes again."""
        order: list[str] = []
        for _ in range(count):
            if not order:
                order = self.dice.sample(lines, len(lines))
            yield self.fill(kind, order.pop())

    def fill(self, kind: str, line: str) -> Said:
        town = self.towns[self.number % len(self.towns)]
        self.number += 1
        values = {"t": town, "e": f"{self.dice.choice(ESTATES.split())}{self.dice.randint(1, 40)}号楼"}
        values["n"] = f"0000-{self.number}"
        text = _SLOT.sub(lambda slot: values[slot[4]] if slot[4] else self._person(slot), line)
        return Said(kind, town, text)

    def _person(self, slot: re.Match[str]) -> str:
        age = self.dice.randint(int(slot[2]), int(slot[3]))
        if slot[1] == "a":
            return str(age)
        sex = self.dice.choice("FM") if slot[1] == "P" else slot[1]
        ways = PATIENT[sex] + (ELDERLY[sex] * 2 if age >= OLD else [])
        return self.dice.choice(ways).format(a=age, s=self.dice.choice(SURNAMES))
