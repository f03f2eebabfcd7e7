"""What a message says of fetching medicines, clause by clause: which step, and the words that point at requests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from actions.medicines.lines import fold
from actions.medicines.table import PROBLEM, MedicineTable
from actions.told import is_asked, is_done, is_said

_CLAUSE = re.compile(r"[。;!！\n]|(?<=[?？])|(?<!\d),|,(?!\d)|(?<=[\u4e00-\u9fff]) +(?=\S)")
_ONE = r"(?:\d{4}-)?\d{1,3}\s*号?"
_RUN = re.compile(rf"(?<![\d.:/-]){_ONE}(?:(?:\s*(?:、|,|和|跟|与|及|还有|到|至|~|-)\s*|\s+|(?<=号)){_ONE})*")
_NO_NUMBER = re.compile(
    r"\s*(?:\d|[.:]\d|盒|瓶|片|粒|支|板|袋|包|天|日|月|年|点|楼|室|弄|幢|栋|层|个|岁|mg|g|ml|u|%|分|半|块|元|位|次|种|床|街|早|上午|中午|下午|晚)"
)
_RANGE = re.compile(r"(\d{1,3})\s*号?\s*(?:到|至|~|-)\s*(\d{1,3})")
_NUMBER = re.compile(r"\d{4}-\d{3}|\d{1,3}")
_LONGEST_RANGE = 60


@dataclass(frozen=True)
class Clause:
    """One clause: the step it tells of (`problem` with its code), and how it points."""

    words: str
    step: str | None = None
    problem: str | None = None
    numbers: tuple[str, ...] = ()
    everything: bool = False
    excepted: bool = False  # 除了…: what it points at is left out


def clauses(text: str, table: MedicineTable) -> list[Clause]:
    """The clauses of a message in order, empty ones left out."""
    return [_read(piece.strip(), table) for piece in _CLAUSE.split(fold(text)) if piece and piece.strip()]


def _read(words: str, table: MedicineTable) -> Clause:
    step, problem = _step(words, table)
    excepted = table.words["but"].search(words) is not None
    return Clause(
        words,
        step,
        problem,
        tuple(dict.fromkeys(numbers(words))),
        everything=table.words["all"].search(words) is not None,
        excepted=excepted,
    )


def _step(words: str, table: MedicineTable) -> tuple[str | None, str | None]:
    """The farthest step that is told of and not denied or asked; a problem goes before all."""
    for code in table.problems:
        if table.words[PROBLEM + code].search(words) and not is_asked(words):
            return "problem", code
    for step, holds in (("delivered", is_done), ("bought", is_done), ("taken", is_said)):
        found = table.words[step].search(words)
        if found and holds(words, found):
            return step, None
    return None, None


def numbers(words: str) -> Iterator[str]:
    """Numbers of a list as they are said: 1、3、5号, 1-4, 0404-003. Quantities, houses and times are none."""
    for run in _RUN.finditer(words):
        if _NO_NUMBER.match(words, run.end()) or (
            not run.group().rstrip().endswith("号") and _alone(words, run)
        ):
            continue
        spread = _RANGE.fullmatch(run.group().strip().removesuffix("号").strip())
        if spread and 0 < int(spread[2]) - int(spread[1]) <= _LONGEST_RANGE:
            yield from (str(each) for each in range(int(spread[1]), int(spread[2]) + 1))
        else:
            yield from (
                each.lstrip("0") if "-" not in each else each for each in _NUMBER.findall(run.group())
            )


def _alone(words: str, run: re.Match[str]) -> bool:
    """Whether a bare number stands in a sentence like any other: 120打了; 3我去, 我去1 point."""
    return len(run.group().strip()) > 2 and not re.search(r"[、,和\s~-]", run.group().strip())
