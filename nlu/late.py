"""Patterns that are compiled, and searched for, only where a text holds a word without which they find nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property


class Late:
    """A large pattern that begins with or hinges on one of a few words: 血氧, 糖, 岁.

    Compiling all of these when the program starts would take a second, and searching for each in every message most of
    the time that a message may take.
    """

    def __init__(self, written: str, words: str = "") -> None:
        """`words`: those of which one must be in the text, spaces between; without any the text is always searched."""
        self._written = written
        self._words = tuple(words.split())

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(self._written)

    def may_be_in(self, text: str) -> bool:
        """Whether one of the words is there."""
        return not self._words or any(word in text for word in self._words)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        return self.pattern.finditer(text) if self.may_be_in(text) else iter(())

    def search(self, text: str) -> re.Match[str] | None:
        return self.pattern.search(text) if self.may_be_in(text) else None
