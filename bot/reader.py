"""Reads messages: our clinical understanding always, the trained classifier's opinion when Rasa answers."""

from __future__ import annotations

import sys
from collections.abc import Callable, Container, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo
from functools import cached_property
from typing import TYPE_CHECKING

from actions.site import Site
from nlu.client import Ranking
from nlu.programmes.births import maternal_words
from nlu.programmes.dialysis import dialysis_words
from nlu.programmes.oncology import oncology_dates
from nlu.programmes.passes import pass_words
from nlu.programmes.said import DialysisWords, MaternalWords, OncologyDate, PassWords
from nlu.programmes.words import faults as programme_faults
from nlu.understanding import Answer, Entities, Report, Understanding

if TYPE_CHECKING:  # its tables and libraries take seconds to load, which the page must not wait for
    from nlu.pipeline import Understander

Rank = Callable[[str], Ranking | None]


def load_understander(site: Site) -> Understander:
    """The built-in engine with a site's names. A faulty row of a table is left out and named on standard error."""
    from nlu.pipeline import Understander  # noqa: PLC0415 (takes seconds; commands that need none start at once)

    understander = Understander(site.gazetteer(), phase=site.phase)
    for fault in (*understander.faults, *programme_faults()):
        print(f"left out: {fault}", file=sys.stderr, flush=True)
    if understander.learned.acts is None:
        print("no learned judges, the tables decide alone (lianluo train makes them)", file=sys.stderr)
    return understander


def no_ranking(_text: str) -> Ranking | None:
    """The built-in engine asks nobody."""
    return None


class MessageReader:
    """What actions use to understand a text. A Rasa that is silent changes the engine, never the answer's form."""

    def __init__(
        self, understander: Understander | Callable[[], Understander], zone: tzinfo, rank: Rank = no_ranking
    ) -> None:
        """`understander` may be a function that makes it, called at the first message.

        `zone`: that of the place; 明早8点 is meant in it.
        """
        self._given = understander
        self._zone = zone
        self._rank = rank
        self.engine = "builtin"

    @cached_property
    def _understander(self) -> Understander:
        return self._given() if callable(self._given) else self._given

    def understand(self, text: str, at: datetime, role: str | None = None) -> Understanding:
        """One message."""
        ranking = self._rank(text)
        self.engine = "rasa" if ranking else "builtin"
        meaning = self._understander.understand(text, at.astimezone(self._zone), intents=ranking, role=role)
        return replace(meaning, engine=self.engine)

    def patient(
        self, text: str, at: datetime, known: Entities | None = None, *, fragment: bool = False
    ) -> Report:
        """Triage of one patient's whole story or of a `fragment`; `known` overrides what the text says."""
        return self._understander.patient(text, at.astimezone(self._zone), known, fragment=fragment)

    def answer(self, text: str, at: datetime, item: str) -> Answer | None:
        """What a fragment says to an item that was asked for; None when it is no answer to it."""
        return self._understander.answer(text, at.astimezone(self._zone), item)

    def settled(self, text: str, items: Sequence[str]) -> list[str]:
        """The items that a message settles without a value: 没有电话, 5mg两盒."""
        return self._understander.settled(text, items)

    def pass_words(self, text: str, at: datetime) -> PassWords:
        """What a message wants of a pass."""
        return pass_words(text, at.astimezone(self._zone))

    def dialysis_words(self, text: str, at: datetime, places: Container[str] = ()) -> DialysisWords:
        """What a message says of the dialysis register; `places`: names of towns, which are nobody's."""
        return dialysis_words(text, at.astimezone(self._zone), places)

    def oncology_dates(self, text: str, at: datetime) -> tuple[OncologyDate, ...]:
        """The dates of a cancer patient that a message tells."""
        return oncology_dates(text, at.astimezone(self._zone))

    def maternal_words(self, text: str, at: datetime) -> MaternalWords:
        """What a message tells of a birth, a loss and the visits after it."""
        return maternal_words(text, at.astimezone(self._zone))
