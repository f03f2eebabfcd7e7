"""What the bot itself is asked for: help, the duty list, the figures, one's own cases, those that are open.

The ways of asking are the table data/wording/questions.csv, written like the cues of acts.csv.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from nlu.clauses import fold
from nlu.cue_writing import Classes, regex, split
from nlu.tables import DATA, Faults, Row, TableError, read_rows

QUESTIONS = DATA / "wording" / "questions.csv"
COLUMNS = ("about", "whole", "within", "unless")
ABOUT = ("help", "duty", "figures", "mine", "open")
LONGEST = 24
"""A request to the bot is short; a longer message is about something else."""

# Who is addressed, politeness and particles say nothing about what is wanted.
_BEFORE = re.compile(
    r"^(?:@?(?:联络员|联络|小助手|助手|机器人)(?=[\s,，:：@])|@\S{1,16}\s|请问|请教|麻烦|帮忙|帮我|请|想?问[一下]?下?|老师们?|大家|各位|那|喂|hi|你好|[\s,，:：])+"
)
_AFTER = re.compile(r"(?:谢谢|谢了|多谢|一下|下|[呀啊呢吗伐哈了的嘛吧么哦?!。~.,，\s])+$")


@dataclass(frozen=True)
class _Asked:
    about: str
    whole: re.Pattern[str] | None
    within: re.Pattern[str] | None
    unless: re.Pattern[str] | None

    def is_not(self, folded: str) -> bool:
        return self.unless is not None and self.unless.search(folded) is not None


def asked_of_the_bot(text: str) -> str | None:
    """What a message asks for when it is nothing but that request; one of ABOUT."""
    folded = fold(text).strip()
    if len(folded) > LONGEST:
        return None
    core = _AFTER.sub("", _BEFORE.sub("", folded))
    for asked in load_questions():
        whole = (core, _BEFORE.sub("", folded).rstrip("?!。 "))
        if asked.whole and any(asked.whole.fullmatch(part) for part in whole) and not asked.is_not(folded):
            return asked.about
    return None


def asked_for(text: str) -> str | None:
    """What a message that is a question of progress asks for, when it is not about one case."""
    whole = asked_of_the_bot(text)
    if whole is not None:
        return whole
    folded = fold(text)
    for asked in load_questions():
        if asked.within and asked.within.search(folded) and not asked.is_not(folded):
            return asked.about
    return None


@lru_cache(maxsize=2)
def load_questions(path: Path = QUESTIONS) -> tuple[_Asked, ...]:
    """The table. Raises TableError with file, line and fault."""
    classes = Classes()
    found: list[_Asked] = []
    for cells in read_rows(path, COLUMNS, Faults(strict=True)):
        if cells["about"].startswith("<"):
            name = cells["about"].strip("<>")
            classes.patterns[name] = f"(?:{_either(cells, 'within', classes, path)})"
            continue
        if cells["about"] not in ABOUT:
            raise TableError(path, cells.line, f"{cells['about']!r} is none of {' '.join(ABOUT)}")
        found.append(
            _Asked(
                cells["about"],
                *(_compiled(cells, column, classes, path) for column in ("whole", "within", "unless")),
            )
        )
    return tuple(found)


def _compiled(cells: Row, column: str, classes: Classes, path: Path) -> re.Pattern[str] | None:
    written = _either(cells, column, classes, path)
    return re.compile(written) if written else None


def _either(cells: Row, column: str, classes: Classes, path: Path) -> str:
    ways = split(cells[column], "|")
    return "|".join(regex(way, classes, path, cells.line) for way in ways)
