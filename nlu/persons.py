"""Words for people in a text: who is a patient, who only tells (data/lexicon/persons.csv)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import ahocorasick

from nlu.informal import informal
from nlu.mention import left_of
from nlu.phrases import PhraseError, expand
from nlu.tables import DATA, Faults, read_rows

ROLES = frozenset(["kin", "generic", "another", "plural", "teller", "field", "plain"])
_BEFORE = ("和", "跟", "陪", "由", "被", "靠", "叫", "喊", "找", "等", "问", "像", "随", "与")
"""Before a kin word these make the person a companion, not the patient."""


@dataclass(frozen=True)
class Person:
    """A person word. `key` is the relative (母亲), empty for 居民; `count` the number of people of a plural."""

    start: int
    end: int
    role: str
    key: str
    count: int = 1
    teller: bool = False


class Persons:
    """The person table as an automaton."""

    def __init__(self, data: Path = DATA, faults: Faults | None = None) -> None:
        faults = faults or Faults(strict=True)
        self._automaton = ahocorasick.Automaton()
        words: dict[str, tuple[str, str]] = {}
        for row in read_rows(data / "lexicon" / "persons.csv", ("role", "person", "says"), faults, ("note",)):
            if row["role"] not in ROLES:
                faults.add(row.file, row.line, f"role {row['role']!r} is none of {' '.join(sorted(ROLES))}")
                continue
            if row["role"] == "plural" and not row["person"].isdigit():
                faults.add(row.file, row.line, "person of a plural must be the number of people")
                continue
            try:
                ways = expand(row["says"])
            except PhraseError as error:
                faults.add(row.file, row.line, str(error))
                continue
            for pieces in ways:
                words.setdefault(pieces[0], (row["role"], row["person"]))
        self.fields = tuple(
            sorted((w for w, (role, _) in words.items() if role == "field"), key=len, reverse=True)
        )
        self.tellers = tuple(w for w, (role, _) in words.items() if role == "teller")
        for word, (role, key) in words.items():
            if role not in {"field", "teller"}:
                self._automaton.add_word(word, (len(word), role, key))
        self._empty = not len(self._automaton)
        if not self._empty:
            self._automaton.make_automaton()

    def find(self, text: str, words: Sequence[tuple[int, int]] = ()) -> list[Person]:
        """Person words in text order, the longest ones; 孩子妈妈 is one person, the last word counts.

        `words` are the segmenter's: 娘 inside a longer word is nobody.
        """
        if self._empty:
            return []
        raw = [(last + 1 - n, last + 1, role, key) for last, (n, role, key) in self._automaton.iter(text)]
        inner = {
            at
            for start, end in words
            if end - start > 1 and text[start] not in "我你他她俺咱伊"
            for at in range(start, end)
        }
        raw = [hit for hit in raw if hit[1] - hit[0] > 1 or hit[0] not in inner]
        raw += [(m.start("who"), m.end("who"), "kin", m["who"]) for m in informal(text)]
        raw.sort(key=lambda hit: (hit[0] - hit[1], hit[0]))
        kept: list[tuple[int, int, str, str]] = []
        taken: set[int] = set()
        for hit in raw:
            if taken.isdisjoint(range(hit[0], hit[1])):
                taken.update(range(hit[0], hit[1]))
                kept.append(hit)
        people = [self._person(text, *hit) for hit in sorted(kept) if hit[2] != "plain"]
        return [
            p for p, after in zip(people, [*people[1:], None], strict=False) if not _owner(p, after, text)
        ]

    def _person(self, text: str, start: int, end: int, role: str, key: str) -> Person:
        count = int(key) if role == "plural" else 1
        right = text[end : end + 6]
        behind = right.lstrip("们的也都在 ")
        teller = role in {"kin", "plural"} and (
            behind.startswith((*self.tellers, "家"))
            or right.startswith(self.tellers)
            or left_of(text, start).rstrip("我你他她").endswith(_BEFORE)
        )
        return Person(start, end, role, "" if role == "plural" else key, count, teller)

    def field_at(self, text: str) -> str:
        """The form label that a piece of text begins with (姓名:, 地址 …), or nothing."""
        bare = text.lstrip(" 【[(·-*、0123456789.")
        for word in self.fields:
            if bare.startswith(word) and bare[len(word) : len(word) + 1] in {":", "：", "】", " ", "]", ")"}:
                return word
        return ""


def _owner(person: Person, after: Person | None, text: str) -> bool:
    """孩子|妈妈, 我女儿的|婆婆: the first word only says whose relative the second is."""
    if after is None or person.role not in {"kin", "generic"} or after.role != "kin":
        return False
    return text[person.end : after.start] in {"", "的", "他", "她", "的我", "家"} and person.key != after.key
