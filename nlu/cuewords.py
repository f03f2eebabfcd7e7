"""The cue table, data/lexicon/cues.csv: words that deny, end, suppose, ask … and where they stand in a text."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import ahocorasick

from nlu.phrases import PhraseError, expand
from nlu.tables import DATA, Faults, parts, read_rows

KINDS = frozenset(
    [
        "deny",
        "deny_after",
        "filler",
        "link",
        "link_after",
        "list_end",
        "plain",
        "ask",
        "ask_after",
        "suppose",
        "fear",
        "order",
        "mistaken",
        "guess",
        "past",
        "history_after",
        "now",
        "relapse",
        "over",
        "not_over",
        "hearsay",
        "stranger",
        "animal",
        "figure",
        "thing",
        "remedy",
        "question",
        "general",
        "somebody",
        "lead",
    ]
)
_CHAINED = frozenset(
    [
        "filler",
        "link",
        "link_after",
        "list_end",
        "deny_after",
        "ask_after",
        "thing",
        "remedy",
        "history_after",
        "lead",
    ]
)
"""Kinds that only mean something right beside a complaint; the others are found anywhere."""
ASKING = frozenset(["question", "general", "somebody"])
"""Kinds that tell about the message, not about a complaint; they are found apart so that they hide nothing."""


class Cue(NamedTuple):
    """A cue word in the text."""

    start: int
    end: int
    kind: str


class Cues:
    """The cue table as an automaton and as sets of words."""

    def __init__(self, data: Path = DATA, faults: Faults | None = None) -> None:
        self.words: dict[str, frozenset[str]] = {}
        self.of: dict[str, frozenset[str]] = {}
        """What a word is about that is not about every complaint: 不烧了 the fever and not the cough."""
        self._joined: dict[tuple[str, ...], tuple[frozenset[str], tuple[int, ...]]] = {}
        faults = faults or Faults(strict=True)
        collected: dict[str, set[str]] = {kind: set() for kind in KINDS}
        for row in read_rows(data / "lexicon" / "cues.csv", ("kind", "says"), faults, ("note", "of")):
            if row["kind"] not in KINDS:
                faults.add(row.file, row.line, f"kind {row['kind']!r} is none of {' '.join(sorted(KINDS))}")
                continue
            try:
                words = {pieces[0] for pieces in expand(row["says"])}
                collected[row["kind"]].update(words)
                if row["of"]:
                    self.of.update(dict.fromkeys(words, frozenset(parts(row["of"]))))
            except PhraseError as error:
                faults.add(row.file, row.line, str(error))
        self.words = {kind: frozenset(words) for kind, words in collected.items()}
        self._judging = _automaton(collected, KINDS - _CHAINED - ASKING)
        self._asking = _automaton(collected, ASKING)

    def find(self, text: str) -> list[Cue]:
        """Cues that judge a complaint, in text order; a cue inside a longer one does not count."""
        return _search(self._judging, text)

    def asking(self, text: str) -> frozenset[str]:
        """Which kinds of words about the message itself (question, general, somebody) a text holds.

        A word may be several: 怎么回事 is asked, of a thing in general.
        """
        if self._asking is None:
            return frozenset()
        return frozenset(kind for _, (_, kinds) in self._asking.iter(text) for kind in kinds)

    def passed(self, text: str, at: int, end: int, kinds: tuple[str, ...]) -> int:
        """Where one stands after all words of these kinds that follow each other from `at`, the longest first."""
        while length := self.longest(text, at, end, kinds):
            at += length
        return at

    def longest(self, text: str, at: int, end: int, kinds: tuple[str, ...]) -> int:
        """Length of the longest word of these kinds that begins at a place and ends before `end`; 0 for none."""
        words, lengths = self._by_length(kinds)
        return next((n for n in lengths if at + n <= end and text[at : at + n] in words), 0)

    def _by_length(self, kinds: tuple[str, ...]) -> tuple[frozenset[str], tuple[int, ...]]:
        known = self._joined.get(kinds)
        if known is None:
            words = frozenset(word for kind in kinds for word in self.words[kind])
            lengths = tuple(sorted({len(word) for word in words}, reverse=True))
            known = self._joined[kinds] = (words, lengths)
        return known


def _automaton(words: dict[str, set[str]], kinds: frozenset[str]) -> Any:
    """An automaton over the words of some kinds, each with its length and kinds; None when there are none."""
    found: dict[str, set[str]] = {}
    for kind in kinds:
        for word in words[kind]:
            found.setdefault(word, set()).add(kind)
    if not found:
        return None
    automaton = ahocorasick.Automaton()
    for word, its in found.items():
        automaton.add_word(word, (len(word), sorted(its)))
    automaton.make_automaton()
    return automaton


def _search(automaton: Any, text: str) -> list[Cue]:
    """The longest words of an automaton in a text, in text order."""
    if automaton is None:
        return []
    raw = [(last + 1 - size, last + 1, kinds) for last, (size, kinds) in automaton.iter(text)]
    raw.sort(key=lambda hit: (hit[0], -hit[1]))
    cues: list[Cue] = []
    reached = 0
    for start, end, kinds in raw:
        if end > reached:  # else it lies inside one that began before
            cues.extend(Cue(start, end, kind) for kind in kinds)
            reached = end
    return cues
