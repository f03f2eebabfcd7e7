"""Mending medical words that were typed by sound: 余刺 → 鱼刺, 阿斯匹林 → 阿司匹林, 布洛分 → 布洛芬.

General, not a list of errors: whatever sounds like a word of data/wording/sounds.csv or like a drug's name, but is no
ordinary word and lies across none, is taken for it. Words of two syllables have many look-alikes; they are mended
only when their characters stand alone in the sentence and the text speaks of illness anyway.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

from nlu.drugs import drug_names
from nlu.kept import MODELS, made_once
from nlu.tables import DATA, Faults, parts, read_rows
from nlu.typos import Correction
from nlu.words import breaks_word, in_word, word_spans

SOUNDS = DATA / "wording" / "sounds.csv"
_FIRST, _LAST = "\u4e00", "\u9fff"
_CJK = re.compile(f"[{_FIRST}-{_LAST}]+")
_SHORT = 2
_LONGEST = 8
_MERGED = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"))
"""Sounds that many speakers do not keep apart; merged for words of three syllables and more."""

_FUNCTION = frozenset(
    "的得地了着过要是不没有我你他她它这那就去来到个一在和与跟都也还又很再里外上下吃用给让被把能会可以想说问做痒痛疼肿麻酸胀炎"
)
"""A grammatical word in the place of a medical syllable stands there by itself (糖尿病要 is not 糖尿病药)."""

Key = tuple[str, ...]
Span = tuple[int, int]


@dataclass(frozen=True)
class Sounds:
    """Vocabulary by sound. `ordinary`: words that sound alike but are meant as they stand."""

    exact: dict[Key, str]
    merged: dict[Key, str]
    words: frozenset[str]
    ordinary: frozenset[str]
    topic: re.Pattern[str]
    heard: dict[str, str]
    """The sound of each character, and with what many do not keep apart merged."""
    blurred: dict[str, str]


def mend_by_sound(text: str) -> list[Correction]:
    """Corrections in order of the text, none overlapping."""
    if not _CJK.search(text):
        return []
    sounds = load_sounds()
    found: list[Correction] = []
    taken: set[int] = set()
    for run in _CJK.finditer(text):
        for one in _candidates(run.group(), run.start(), sounds):
            span = range(one.start, one.end)
            if taken.isdisjoint(span) and _trusted(text, one, sounds):
                taken.update(span)
                found.append(one)
    return sorted(found, key=lambda one: one.start)


def _candidates(run: str, offset: int, sounds: Sounds) -> Iterator[Correction]:
    """Windows that sound like a word, longest first; places where the word itself stands are passed over."""
    heard = [sounds.heard[char] for char in run]
    blurred = [sounds.blurred[char] for char in run]
    for length in range(min(_LONGEST, len(run)), _SHORT - 1, -1):
        keys, table = (heard, sounds.exact) if length == _SHORT else (blurred, sounds.merged)
        for at in range(len(run) - length + 1):
            right = table.get(tuple(keys[at : at + length]))
            if right is not None and run[at : at + length] not in sounds.words:
                yield Correction(offset + at, offset + at + length, right)


def _trusted(text: str, one: Correction, sounds: Sounds) -> bool:
    wrong = text[one.start : one.end]
    changed = [mine for mine, theirs in zip(wrong, one.right, strict=True) if mine != theirs]
    if wrong in sounds.ordinary or _FUNCTION.intersection(changed):
        return False
    kept = len(wrong) - len(changed)
    places = {at for at, (mine, theirs) in enumerate(zip(wrong, one.right, strict=True)) if mine != theirs}
    if any(places.issuperset(range(first, last)) for first, last in word_spans(wrong)):
        return False  # a whole ordinary word would be replaced: 嗓子疼痛 is not 上肢疼痛
    if len(wrong) > _SHORT:
        enough = 2 if len(wrong) == _SHORT + 1 else 1
        return kept >= enough and not breaks_word(text, one.start, one.end) and not _is_word(text, one)
    return kept >= 1 and not in_word(text, one.start, one.end) and _of_illness(text, one, sounds)


def _of_illness(text: str, one: Correction, sounds: Sounds) -> bool:
    """Whether the rest of the text speaks of illness."""
    first, last = _topics(text, sounds.topic)
    if first is None or last is None:
        return False
    if first[1] <= one.start or last[0] >= one.end:
        return True
    return bool(sounds.topic.search(text, 0, one.start) or sounds.topic.search(text, one.end))


@lru_cache(maxsize=4)
def _topics(text: str, topic: re.Pattern[str]) -> tuple[Span | None, Span | None]:
    """Where a text first and last speaks of illness."""
    places = [found.span() for found in topic.finditer(text)]
    return (places[0], places[-1]) if places else (None, None)


def _is_word(text: str, one: Correction) -> bool:
    """The whole window is one ordinary word."""
    return word_spans(text[one.start : one.end]) == ((0, one.end - one.start),)


def _blur(syllable: str) -> str:
    for clear, merged in _MERGED:
        syllable = syllable.replace(clear, merged)
    return syllable


@lru_cache(maxsize=8000)
def _syllable(char: str) -> str:
    from pypinyin import lazy_pinyin  # noqa: PLC0415  (its tables are large)

    return str(lazy_pinyin(char)[0])


def _keys(word: str) -> set[Key]:
    """How a word sounds: read as a whole (荨麻疹 with xun) and character by character."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415
    from pypinyin.constants import PHRASES_DICT  # noqa: PLC0415

    single = tuple(map(_syllable, word))
    pieces = (word[at:end] for at in range(len(word)) for end in range(at + _SHORT, len(word) + 1))
    if any(piece in PHRASES_DICT for piece in pieces):  # only these are read otherwise than their characters
        return {tuple(lazy_pinyin(word)), single}
    return {single}


def _concept_names(folder: Path) -> Iterator[str]:
    """Standard terms of the concept tables, whatever their other columns."""
    for path in sorted(folder.glob("*.csv")):
        lines = path.read_text(encoding="utf-8-sig").splitlines()
        if lines and lines[0].startswith("concept,"):
            yield from (line.partition(",")[0] for line in lines[1:] if not line.startswith("#"))


@lru_cache(maxsize=4)
def load_sounds(path: Path = SOUNDS) -> Sounds:
    """The vocabulary with its sounds; a fault is a TableError."""
    kept = MODELS if path == SOUNDS else None
    return made_once("sounds", partial(_read_sounds, path), path.parent.parent, kept)


def _read_sounds(path: Path) -> Sounds:
    """Drug names of three characters and more belong to it by themselves."""
    short: dict[str, str] = {}
    ordinary: set[str] = set()
    topics: set[str] = set()
    for row in read_rows(path, ("role", "words"), Faults(strict=True), ("note",)):
        words = parts(row["words"], "|")
        if row["role"] == "ordinary":
            ordinary.update(words)
        elif row["role"] == "topic":
            topics.update(words)
        else:
            short.update(dict.fromkeys(words, ""))
    drugs = [
        name
        for name in [*drug_names(), *_concept_names(path.parent.parent / "lexicon")]
        if _CJK.fullmatch(name)
    ]
    long = [word for word in [*short, *drugs] if _SHORT < len(word) <= _LONGEST]
    exact = {key: word for word in short if len(word) == _SHORT for key in _keys(word)}
    merged = {tuple(map(_blur, key)): word for word in reversed(long) for key in _keys(word)}
    topic = re.compile("|".join(map(re.escape, sorted(topics))) or r"(?!)")
    heard = {char: _syllable(char) for char in map(chr, range(ord(_FIRST), ord(_LAST) + 1))}
    blurred = {char: _blur(sound) for char, sound in heard.items()}
    every = frozenset([*short, *drugs])
    return Sounds(exact, merged, every, frozenset(ordinary), topic, heard, blurred)
