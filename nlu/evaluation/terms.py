"""When two terms mean the same: by the lexicon, by the names shown to people, and by what clinicians take for one."""

from __future__ import annotations

from nlu.evaluation.labels import AT
from nlu.evaluation.synonyms import Synonyms
from nlu.gazetteer import Gazetteer
from nlu.lexicon import load_lexicon
from nlu.listing import listing
from nlu.pipeline import Understander
from nlu.tables import Faults


class Terms:
    """Compares terms of labels and answers, whoever wrote them."""

    def __init__(self, engine: Understander | None = None) -> None:
        """`engine` reads a label's wording that is no way of saying as it stands (脚肿得厉害)."""
        self._engine = engine or Understander(Gazetteer())
        self._standard = {
            way: phrase.name
            for phrase in load_lexicon(faults=Faults()).phrases
            if phrase.role in {"concept", "drug"} and len(phrase.pieces) == 1
            for way in phrase.pieces[0]
        }
        self._synonyms = Synonyms()

    def standard(self, term: str) -> str:
        """The lexicon's word for a term; the term itself when it has none."""
        key = term.lower()
        if key not in self._standard:
            hint = self._engine.understand(term, AT).triage_hint
            found = hint.entities.get("symptoms", []) if hint else []
            self._standard[key] = found[0] if len(found) == 1 else term
        return self._standard[key]

    def same(self, one: str, other: str) -> bool:
        """The same concept, or one a kind of the other."""
        return any(self._alike(a, b) for a in self._names(one) for b in self._names(other))

    def _names(self, term: str) -> list[str]:
        """The term as written, the lexicon's word for it, and the names both are shown under."""
        standard = self.standard(term)
        return list(dict.fromkeys([term, standard, listing().term(term), listing().term(standard)]))

    def _alike(self, one: str, other: str) -> bool:
        wider = self._engine.lexicon.wider
        return one == other or other in wider(one) or one in wider(other) or self._synonyms.same(one, other)
