"""Names of a place that the text may hold: towns and institutions with their aliases.

The site pack fills it (actions/site.py); nlu itself knows no place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import ahocorasick

from nlu.clauses import fold


@dataclass(frozen=True)
class Gazetteer:
    """Ways of saying → full official name. Aliases may be ambiguous with ordinary words; the finder decides."""

    towns: Mapping[str, str] = field(default_factory=dict)
    institutions: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def aliases(self) -> Any:
        """An automaton over the folded aliases of institutions that are no town's name, each with its rank (the
        longest first), its length and the full name. None when there are none."""
        found: dict[str, tuple[int, int, str]] = {}
        for rank, alias in enumerate(sorted(self.institutions, key=len, reverse=True)):
            if alias and alias not in self.towns:
                found.setdefault(fold(alias), (rank, len(alias), self.institutions[alias]))
        if not found:
            return None
        automaton = ahocorasick.Automaton()
        for alias, entry in found.items():
            automaton.add_word(alias, entry)
        automaton.make_automaton()
        return automaton
