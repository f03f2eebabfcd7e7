"""Reads messages: our clinical understanding always, the trained classifier's opinion when Rasa answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, tzinfo

from nlu.client import Ranking
from nlu.pipeline import Understander
from nlu.understanding import Entities, Report, Understanding

Rank = Callable[[str], Ranking | None]


def no_ranking(_text: str) -> Ranking | None:
    """The built-in engine asks nobody."""
    return None


class MessageReader:
    """What actions use to understand a text. A Rasa that is silent changes the engine, never the answer's form."""

    def __init__(self, understander: Understander, zone: tzinfo, rank: Rank = no_ranking) -> None:
        """`zone`: that of the place; 明早8点 is meant in it."""
        self._understander = understander
        self._zone = zone
        self._rank = rank
        self.engine = "builtin"

    def understand(self, text: str, at: datetime, role: str | None = None) -> Understanding:
        """One message."""
        ranking = self._rank(text)
        self.engine = "rasa" if ranking else "builtin"
        meaning = self._understander.understand(text, at.astimezone(self._zone), intents=ranking, role=role)
        return replace(meaning, engine=self.engine)

    def patient(self, text: str, at: datetime, known: Entities | None = None) -> Report:
        """Triage of one patient's whole story; `known` overrides what the text says."""
        return self._understander.patient(text, at.astimezone(self._zone), known)
