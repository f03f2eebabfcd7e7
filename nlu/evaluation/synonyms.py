"""Terms that clinicians take for one finding: tests/exams/synonyms.csv, for comparing answers with labels only."""

from __future__ import annotations

from pathlib import Path

from nlu.evaluation.engines import ROOT
from nlu.tables import Faults, parts, read_rows

SYNONYMS = ROOT / "tests" / "exams" / "synonyms.csv"
_RELATIONS = frozenset(["same", "kind"])


class Synonyms:
    """The table made ready; a fault in it is a TableError."""

    def __init__(self, path: Path = SYNONYMS) -> None:
        self._same: list[frozenset[str]] = []
        self._kinds: dict[str, set[str]] = {}
        self._endings: dict[str, set[str]] = {}
        faults = Faults(strict=True)
        for row in read_rows(path, ("relation", "term", "others"), faults, ("note",)):
            if row["relation"] not in _RELATIONS:
                faults.add(row.file, row.line, f"relation {row['relation']!r} is neither same nor kind")
                continue
            others = parts(row["others"], "|")
            if row["relation"] == "same":
                self._same.append(frozenset([row["term"], *others]))
                continue
            self._kinds.setdefault(row["term"], set()).update(o for o in others if o[0] != "*")
            self._endings.setdefault(row["term"], set()).update(o[1:] for o in others if o[0] == "*")

    def same(self, one: str, other: str) -> bool:
        """Two names of one finding, or one a kind of the other."""
        if any(one in group and other in group for group in self._same):
            return True
        return self._kind(one, other) or self._kind(other, one)

    def _kind(self, special: str, general: str) -> bool:
        return special in self._kinds.get(general, ()) or any(
            special.endswith(ending) for ending in self._endings.get(general, ())
        )
