"""The table of cues, data/lexicon/acts.csv: which words and findings speak for which act.

A row's `says` holds alternatives separated by `|`; each is one or more operands joined by `+`, all of which must
hold. An operand is a way of saying (braces and `…` as in the other tables, `<name>` for a class of words, `^` and `$`
for the borders of a clause; with `~` before it, anywhere in the text across clauses), or a fact in brackets, `[患]`,
or its absence, `![患]`. `unless` is the same. `act` may name several acts, `accept/decline`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import Any, NamedTuple

import ahocorasick

from nlu.clauses import Clause, denied_before
from nlu.cue_writing import GAP, WIDE_GAP, Classes, regex, split
from nlu.kept import MODELS, made_once
from nlu.literals import Words, needed, needed_by_all
from nlu.tables import DATA, Faults, Row, TableError, parts, read_rows
from nlu.understanding import ACTS

ACTS_TABLE = DATA / "lexicon" / "acts.csv"
COLUMNS = ("act", "weight", "says", "unless", "note")


class Hit(NamedTuple):
    """One row that holds: its weight for an act, and the words it rests on (an empty span for facts alone)."""

    act: str
    weight: float
    start: int
    end: int
    row: int


@dataclass(frozen=True)
class _Operand:
    written: str = ""
    """A regular expression; empty for a fact."""
    fact: str = ""
    wanted: bool = True
    across: bool = False
    words: Words = None
    """Words of which the pattern needs one; None: it may be found without any."""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Compiled at the first text that holds one of the words: all of them at once take a second."""
        return re.compile(self.written)


@dataclass(frozen=True)
class _Row:
    line: int
    acts: tuple[str, ...]
    weight: float
    says: tuple[tuple[_Operand, ...], ...]
    unless: tuple[tuple[_Operand, ...], ...]


@dataclass
class Looked:
    """What has been found in the clauses of a message already; its parts have many of them again."""

    words: dict[str, frozenset[str]] = field(default_factory=dict)
    """For each clause the words in it that operands need."""
    spans: dict[tuple[int, bool, str], tuple[int, int] | None] = field(default_factory=dict)
    """For an operand, looked for with or without denials, in a clause."""


@dataclass(frozen=True)
class _Scene:
    """A text in its clauses, and where the words that operands need stand in it."""

    text: str
    clauses: Sequence[Clause]
    facts: Mapping[str, bool]
    places: Mapping[str, Sequence[int]]
    """For each word the clauses that hold it."""
    words: frozenset[str]
    """All of them."""
    anywhere: frozenset[str]
    """Words of the text that operands across clauses need."""
    spans: dict[tuple[int, bool, str], tuple[int, int] | None]

    def find(self, operand: _Operand, deny: bool) -> tuple[int, int] | None:
        """Where the operand's pattern stands; with `deny` not right after a word that denies it."""
        if operand.across:
            absent = operand.words is not None and operand.words.isdisjoint(self.anywhere)
            match = None if absent else operand.pattern.search(self.text)
            return match.span() if match else None
        for number in self._clauses_with(operand.words):
            part = self.clauses[number]
            key = id(operand), deny, part.text
            if key not in self.spans:
                self.spans[key] = _found(operand.pattern, part.text, deny)
            span = self.spans[key]
            if span is not None:
                return part.start + span[0], part.start + span[1]
        return None

    def _clauses_with(self, words: Words) -> Iterable[int]:
        if words is None:
            return range(len(self.clauses))
        if words.isdisjoint(self.words):
            return ()
        here = words & self.words
        if len(here) == 1:
            return self.places[next(iter(here))]
        return sorted({number for word in here for number in self.places[word]})


def _found(pattern: re.Pattern[str], text: str, deny: bool) -> tuple[int, int] | None:
    """The first place of a pattern; with `deny` the first that no word before it denies."""
    for match in pattern.finditer(text):
        if not (deny and denied_before(text, match.start())):
            return match.span()
    return None


class CueTable:
    """The rows, compiled. `hits` is all that is asked of it."""

    def __init__(self, rows: Sequence[_Row]) -> None:
        self._rows = tuple(rows)
        operands = [o for row in rows for way in (*row.says, *row.unless) for o in way if o.words is not None]
        self._within = _automaton(word for o in operands if not o.across for word in o.words or ())
        self._across = _automaton(word for o in operands if o.across for word in o.words or ())
        self._always: list[int] = []
        self._by_key: dict[str, list[int]] = {}
        for number, row in enumerate(self._rows):
            keys = needed_by_all(map(_keys, row.says))
            if keys is None:
                self._always.append(number)
            for key in keys or ():
                self._by_key.setdefault(key, []).append(number)

    def hits(
        self,
        text: str,
        clauses: Sequence[Clause],
        facts: Mapping[str, bool],
        looked: Looked | None = None,
    ) -> Iterator[Hit]:
        """Rows that hold in a folded text. A denied word does not count; an asked one is the caller's to judge.

        `looked` is kept by whoever asks about a message and about its parts.
        """
        scene = self._scene(text, clauses, facts, looked or Looked())
        for row in self._candidates(scene):
            span = _first(row.says, scene, deny=True)
            if span is None or _first(row.unless, scene, deny=False) is not None:
                continue
            for act in row.acts:
                yield Hit(act, row.weight, span[0], span[1], row.line)

    def _scene(
        self, text: str, clauses: Sequence[Clause], facts: Mapping[str, bool], looked: Looked
    ) -> _Scene:
        places: dict[str, list[int]] = {}
        for number, part in enumerate(clauses):
            if part.text not in looked.words:
                looked.words[part.text] = frozenset(word for _, word in self._within.iter(part.text))
            for word in looked.words[part.text]:
                places.setdefault(word, []).append(number)
        anywhere = frozenset(word for _, word in self._across.iter(text))
        return _Scene(text, clauses, facts, places, frozenset(places), anywhere, looked.spans)

    def _candidates(self, scene: _Scene) -> Iterator[_Row]:
        """The rows that may hold, in the order of the table: those of which a word or a fact is there."""
        numbers = set(self._always)
        for key in (*scene.places, *scene.anywhere, *(_fact(name) for name, so in scene.facts.items() if so)):
            numbers.update(self._by_key.get(key, ()))
        return (self._rows[number] for number in sorted(numbers))


def _automaton(words: Iterable[str]) -> Any:
    """An automaton that brings each of the words."""
    automaton = ahocorasick.Automaton()
    for word in {*words, "\0"}:  # one without words would refuse to search
        automaton.add_word(word, word)
    automaton.make_automaton()
    return automaton


def _fact(name: str) -> str:
    return f"[{name}]"


def _keys(operands: Sequence[_Operand]) -> Words:
    """Words or a fact without which an alternative cannot hold."""
    wanted = [o for o in operands if o.wanted]
    said = [o.words for o in wanted if o.words is not None]
    facts = [frozenset([_fact(o.fact)]) for o in wanted if o.fact]
    return min(said or facts, key=len, default=None)


def _first(
    alternatives: tuple[tuple[_Operand, ...], ...], scene: _Scene, *, deny: bool
) -> tuple[int, int] | None:
    for operands in alternatives:
        span = _all(operands, scene, deny)
        if span is not None:
            return span
    return None


def _all(operands: tuple[_Operand, ...], scene: _Scene, deny: bool) -> tuple[int, int] | None:
    span: tuple[int, int] | None = None
    for operand in operands:
        if operand.fact:
            if scene.facts.get(operand.fact, False) != operand.wanted:
                return None
            continue
        found = scene.find(operand, deny)
        if (found is not None) != operand.wanted:
            return None
        span = span or found
    return span or (0, 0)


@lru_cache(maxsize=4)
def load_cues(path: Path = ACTS_TABLE) -> CueTable:
    """Reads and checks the table. Raises TableError with file, line and fault."""
    return made_once("cues", partial(read_cues, path, Faults(strict=True)), path.parent.parent, _models(path))


def _models(path: Path) -> Path | None:
    """Only what is made of the shipped table is kept."""
    return MODELS if path == ACTS_TABLE else None


def read_cues(path: Path, faults: Faults) -> CueTable:
    """The same with all faults collected; a row with a fault is left out."""
    rows: list[_Row] = []
    classes = Classes()
    for cells in read_rows(path, COLUMNS, faults):
        try:
            if cells["act"].startswith("<"):
                classes.add(cells, path)
            else:
                rows.append(_row(cells, classes, path))
        except TableError as error:
            faults.add(path, error.line, error.fault)
    return CueTable(rows)


@lru_cache(maxsize=128)
def word_class(name: str, path: Path = ACTS_TABLE) -> re.Pattern[str]:
    """The words of a class of the table, `<科>` for example, as one pattern."""
    return re.compile(_classes(path).patterns[name])


@lru_cache(maxsize=4)
def _classes(path: Path) -> Classes:
    classes = Classes()
    for cells in read_rows(path, COLUMNS, Faults(strict=True)):
        if cells["act"].startswith("<"):
            classes.add(cells, path)
    return classes


def _row(cells: Row, classes: Classes, path: Path) -> _Row:
    line = cells.line
    acts = parts(cells["act"])
    unknown = [act for act in acts if act not in ACTS]
    if unknown:
        raise TableError(path, line, f"{unknown[0]!r} is no act; use one of {' '.join(ACTS)}")
    try:
        weight = float(cells["weight"])
    except ValueError:
        raise TableError(path, line, f"weight must be a number, not {cells['weight']!r}") from None
    says = _alternatives(cells["says"], classes, path, line)
    if not says:
        raise TableError(path, line, "says is empty")
    return _Row(line, acts, weight, says, _alternatives(cells["unless"], classes, path, line))


def _alternatives(text: str, classes: Classes, path: Path, line: int) -> tuple[tuple[_Operand, ...], ...]:
    """Neighbouring ways of saying that stand alone become one pattern: a table is read far more often than made."""
    single: list[str] = []
    words: list[Words] = []
    joined: list[tuple[_Operand, ...]] = []
    for alternative in split(text, "|"):
        operands = split(alternative, "+")
        if len(operands) == 1 and operands[0][0] not in "[!~":
            single.append(regex(operands[0], classes, path, line))
            words.append(needed(operands[0], classes.words))
        else:
            read = [_operand(o, classes, path, line) for o in operands]
            joined.append(tuple(sorted(read, key=lambda one: not one.fact)))  # a fact is soonest asked for
    if single:
        joined.insert(0, (_Operand("|".join(single), words=needed_by_all(words)),))
    return tuple(joined)


def _operand(text: str, classes: Classes, path: Path, line: int) -> _Operand:
    wanted = not text.startswith("!")
    body = text.removeprefix("!")
    if body.startswith("["):
        if not re.fullmatch(r"\[\w+\]", body):
            raise TableError(path, line, f"brackets hold one fact, as in [患], not {body!r}")
        return _Operand(fact=body[1:-1], wanted=wanted)
    across = body.startswith("~")
    body = body.removeprefix("~")
    written = regex(body, classes, path, line)
    if across:
        written = written.replace(GAP, WIDE_GAP)
    return _Operand(written, wanted=wanted, across=across, words=needed(body, classes.words))
