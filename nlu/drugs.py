"""Drugs in a text, by their generic names: data/lexicon/drugs.csv holds the ways of saying."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import ahocorasick

from nlu.mention import Mention, clause_after, mention
from nlu.numbers import NUMBER
from nlu.phrases import PhraseError, expand
from nlu.tables import DATA, Faults, parts, read_rows

DRUGS = DATA / "lexicon" / "drugs.csv"
DOSE = re.compile(
    rf"(?<![a-z]){NUMBER}\s*(?:mg(?!/d)|ug|μg|mcg|ml|g(?![p\d])|iu|u(?![a-z])|毫克|克(?!隆)|毫升|单位|片装?|粒装?|颗|盒|支|瓶|袋|包|板|贴|丸|滴|针|(?<!\s)吸(?![氧着过])|(?<!\s)喷)"
    rf"(?:\s*[*x×]\s*{NUMBER}\s*(?:片|粒|颗|盒|支|瓶|袋|包|板|贴|丸|针)?)*"
)
"""Strength and number of packs: never an age, a temperature or a house number."""
_NOT_TAKEN = re.compile(
    r"(?:(?:不|从来?不|平时不|没有?在|从没|从未|从来没有?)(?:吃|服用?|用)|(?:没有?|未)(?:吃|服用?|用|打)过)(?:什么|任何|啥|别的)?$"
)
"""A drug nobody takes: 不吃华法林, 没吃过激素."""
_LEFT_OUT = re.compile(r"(?<![今昨天日早晚忘又就])(?:没有?|未)(?:吃|服用?|用|打)(?:什么|任何|啥)?$")
_THINNERS = frozenset(["抗凝药", "抗血小板药"])
"""没吃抗凝药 says that there is none; 没吃降压药 that a dose was left out."""
_LATIN = re.compile(r"[a-z0-9]")
_ALLERGY = re.compile(
    r"^\s*(?:等|类|药物?|和[\u4e00-\u9fff]{2,4}|针|皮试)?\s*(?:都|严重|会|有)?\s*过敏(?!性|性鼻炎|的药)"
)


@lru_cache(maxsize=4)
def _table(path: Path) -> tuple[Any, dict[str, str]]:
    """An automaton over the ways of saying, and the generic name of each."""
    names: dict[str, str] = {}
    faults = Faults()
    for row in read_rows(path, ("drug", "says", "class", "specialty", "special"), faults, ("note",)):
        try:
            ways = expand(row["drug"] + "|" + row["says"])
        except PhraseError:
            continue
        for pieces in ways:
            if len(pieces) == 1:
                names.setdefault(pieces[0], row["drug"])
    automaton = ahocorasick.Automaton(ahocorasick.STORE_LENGTH)
    for name in names or ("\0",):  # one without words would refuse to search
        automaton.add_word(name)
    automaton.make_automaton()
    return automaton, names


def drug_names(path: Path = DRUGS) -> dict[str, str]:
    """Ways of saying → generic name."""
    return _table(path)[1]


@lru_cache(maxsize=4)
def group_names(path: Path = DRUGS) -> frozenset[str]:
    """Names of the table that are no generic name of one drug but a whole group: 降压药, 眼药水."""
    rows = read_rows(path, ("drug", "says", "class", "specialty", "special"), Faults(), ("note",))
    return frozenset(row["drug"] for row in rows if "group" in parts(row["special"], "/"))


def find_drugs(text: str, path: Path = DRUGS) -> list[Mention]:
    """Drugs in order of the text, each with its generic name; what the patient is allergic to is `drug_allergy`."""
    return list(_found(text, path))


def _found(text: str, path: Path) -> Iterator[Mention]:
    automaton, names = _table(path)
    for last, length in automaton.iter_long(text):
        start, end = last + 1 - length, last + 1
        name = names[text[start:end]]
        if _inside_word(text, start, end) or _not_taken(text, start, name, path):
            continue
        allergic = _ALLERGY.match(clause_after(text, end))
        yield mention("drug_allergy" if allergic else "drug", name, text, start, end)


def _not_taken(text: str, start: int, drug: str, path: Path) -> bool:
    before = text[max(0, start - 12) : start]
    return bool(_NOT_TAKEN.search(before)) or (drug in _thinners(path) and bool(_LEFT_OUT.search(before)))


@lru_cache(maxsize=4)
def _thinners(path: Path) -> frozenset[str]:
    """Drugs against clotting, which are asked for after any knock or bleeding."""
    rows = read_rows(path, ("drug", "says", "class", "specialty", "special"), Faults(), ("note",))
    return frozenset(row["drug"] for row in rows if _THINNERS & set(parts(row["class"], "/")))


def _inside_word(text: str, start: int, end: int) -> bool:
    """A Latin abbreviation must stand alone: `hcq`, not a piece of a longer word."""
    first, last = text[start], text[end - 1]
    before, after = text[start - 1 : start], text[end : end + 1]
    return bool(
        (_LATIN.match(first) and before and _LATIN.match(before))
        or (last.isascii() and last.isalpha() and after and re.match(r"[a-z]", after))
    )
