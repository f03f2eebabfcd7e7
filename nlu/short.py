"""Complaints said in a character or two (没烧, 不吐, 又咳, 有点晕), and those that a denial stands inside (呼吸不困难)."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from nlu.lexicon import Concept, Lexicon
from nlu.matcher import Hit
from nlu.sexes import kin
from nlu.tables import DATA, Faults, parts, read_rows

SHORT = DATA / "wording" / "short.csv"
_NOT = re.compile(r"(?<=[\u4e00-\u9fff])[不没勿弗唔冇](?=[\u4e00-\u9fff])")
"""A short denial between two characters: taken out, what is left may be a complaint."""
_DENY = r"(?:没有?|不|未|无|勿|弗|唔|冇|否认)(?:有|再|怎么|太|大|过|曾|见|啥|什么|哪里)*"
_AGAIN = r"(?:还|又|也|老|老是|一直|总|总是|就|就是|只是|直|有点儿?|有些|会|还会|还有点|开始|继续|反复|稍微)"
_OPEN = r"(?:(?<=^)|(?<=[\s,。;:!?、(】\]]))"
_CLOSE = r"(?=$|[\s,。;:!?、)【\[]|[没不也都又还](?![着了]))"


@dataclass(frozen=True)
class Table:
    """The words made ready: one pattern each for what is denied and what is said outright."""

    concepts: dict[str, str]
    denied: re.Pattern[str]
    behind: re.Pattern[str]
    alone: re.Pattern[str]


@lru_cache(maxsize=4)
def load_short(path: Path = SHORT) -> Table:
    """Reads the table; a fault is a TableError."""
    concepts: dict[str, str] = {}
    outright: list[str] = []
    for row in read_rows(path, ("says", "concept", "how"), Faults(strict=True), ("note",)):
        for word in parts(row["says"], "|"):
            concepts[word] = row["concept"]
            if row["how"] == "alone":
                outright.append(word)
    every, some = _any(concepts), _any(outright)
    return Table(
        concepts,
        re.compile(
            rf"{_DENY}(?P<w>{every})(?:过|到)?(?=$|[\s,。;:!?、)【\[了的没不也都又就只但和倒或及跟以还]|(?:出|起)?血|{every})"
        ),
        re.compile(
            rf"{_OPEN}(?P<w>{every})(?:也|都|倒|是|倒是|就|还)*(?:没有|没得|没|无|冇)(?:过|了)?(?=$|[\s,。;!?])"
        ),
        re.compile(
            rf"(?:{_OPEN}|{kin().pattern.pattern}){_AGAIN}?(?P<w>{some})(?:了|得[\u4e00-\u9fff]{{1,5}}|死了|煞|个不停|不停|了.次)?{_CLOSE}"
        ),
    )


def _any(words: Sequence[str] | dict[str, str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True))) or r"(?!)"


def short_complaints(
    text: str, denials: Container[int], lexicon: Lexicon
) -> Iterator[tuple[Concept, int, int]]:
    """Concepts with their place; whether they are denied is judged later. `denials`: where words stand that deny."""
    table = load_short()
    seen: set[int] = set()
    for pattern in (table.denied, table.behind, table.alone):
        for found in pattern.finditer(text):
            start, end = found.span("w")
            if start not in seen and (pattern is not table.denied or found.start() in denials):
                seen.add(start)
                name = table.concepts[found["w"]]
                yield lexicon.concepts.get(name) or Concept(name, "symptom"), start, end


def split_by_denial(
    text: str,
    said: Callable[[str], Iterable[tuple[int, int]]],
    find: Callable[[str], Sequence[Hit]],
    lexicon: Lexicon,
) -> Iterator[Hit]:
    """Symptoms that a short denial stands inside: 呼吸|不|困难, 头|不|晕. `said` is a first, quick look."""
    places = [found.start() for found in _NOT.finditer(text)]
    if not places:
        return
    cut = set(places)
    kept = [at for at in range(len(text)) if at not in cut]
    joined = "".join(text[at] for at in kept)
    if not any(kept[end - 1] - kept[start] >= end - start for start, end in said(joined)):
        return  # nothing is said across a denial
    for hit in find(joined):
        concept = lexicon.concepts.get(hit.name)
        if hit.role != "concept" or concept is None or concept.kind != "symptom" or len(hit.pieces) > 1:
            continue
        pieces = tuple(_runs([kept[at] for at in range(hit.start, hit.end)]))
        gaps = [(left, right) for (_, left), (right, _) in pairwise(pieces)]
        if gaps and all(right - left == 1 and left in cut for left, right in gaps):
            yield Hit(pieces[0][0], pieces[-1][1], "concept", hit.name, pieces)


def _runs(places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Places that follow each other, as spans."""
    start = previous = places[0]
    for at in places[1:]:
        if at != previous + 1:
            yield start, previous + 1
            start = at
        previous = at
    yield start, previous + 1
