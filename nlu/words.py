"""Ordinary words in a text by the general dictionary, for telling an ordinary word from a look-alike."""

from __future__ import annotations

from functools import lru_cache

from nlu.segmenter import segmenter


@lru_cache(maxsize=4096)
def word_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Start and end of every word of two characters or more, in order."""
    return tuple((start, end) for word, start, end in segmenter().tokenize(text, HMM=False) if len(word) > 1)


def breaks_word(text: str, start: int, end: int, reach: int = 6) -> bool:
    """Whether an ordinary word reaches across a border of the span: 市一 in 城市一样."""
    begin = max(0, start - reach)
    for relative_first, relative_last in word_spans(text[begin : end + reach]):
        first, last = relative_first + begin, relative_last + begin
        inside = first <= start and end <= last
        if not inside and (first < start < last or first < end < last):
            return True
    return False


def in_word(text: str, start: int, end: int, reach: int = 6) -> bool:
    """Whether any character of the span belongs to an ordinary word of two characters or more."""
    begin = max(0, start - reach)
    return any(
        first + begin < end and start < last + begin for first, last in word_spans(text[begin : end + reach])
    )


def longer_word(text: str, start: int, end: int, reach: int = 6) -> str:
    """The ordinary word that holds the span and more, empty when there is none: 太平洋 for 太平."""
    begin = max(0, start - reach)
    for first, last in word_spans(text[begin : end + reach]):
        if first + begin <= start and end <= last + begin and last - first > end - start:
            return text[first + begin : last + begin]
    return ""
