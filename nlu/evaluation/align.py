"""Which of the given reports is about which of the labelled patients."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nlu.evaluation.labels import Wanted
from nlu.evaluation.terms import Terms

Report = dict[str, Any]
_TELLING = (
    "age",
    "age_months",
    "sex",
    "town",
    "address",
    "phone",
    "gestation",
    "temp",
    "duration_h",
    "days_left",
)


def align(wanted: Sequence[Wanted], given: Sequence[Report], terms: Terms) -> list[Report | None]:
    """For each labelled patient the report about it, or None. Both are in the order of the text.

    As many as there should be are taken in order; else the pairing in order that has most in common.
    """
    if len(wanted) == len(given):
        return list(given)
    return _Pairing(wanted, given, terms).best(0, 0)[1]


class _Pairing:
    """The best pairing in order, found from the end."""

    def __init__(self, wanted: Sequence[Wanted], given: Sequence[Report], terms: Terms) -> None:
        self._wanted = wanted
        self._given = given
        self._terms = terms
        self._known: dict[tuple[int, int], tuple[float, list[Report | None]]] = {}

    def best(self, i: int, j: int) -> tuple[float, list[Report | None]]:
        """Of the patients from `i` and the reports from `j` on: how much they have in common, and the reports."""
        if (i, j) not in self._known:
            self._known[i, j] = self._find(i, j)
        return self._known[i, j]

    def _find(self, i: int, j: int) -> tuple[float, list[Report | None]]:
        if i == len(self._wanted):
            return 0.0, []
        rest, reports = self.best(i + 1, j)
        options: list[tuple[float, list[Report | None]]] = [(rest, [None, *reports])]
        if j < len(self._given):
            options.append(self.best(i, j + 1))
            rest, reports = self.best(i + 1, j + 1)
            likeness = _alike(self._wanted[i], self._given[j], self._terms)
            options.append((rest + likeness, [self._given[j], *reports]))
        return max(options, key=lambda option: option[0])


def _alike(wanted: Wanted, given: Report, terms: Terms) -> float:
    """How much two have in common; more than 0, so that a pair is better than none."""
    have: dict[str, Any] = given.get("entities") or {}
    values = sum(1 for key in _TELLING if key in wanted.entities and wanted.entities[key] == have.get(key))
    symptoms = sum(
        1
        for term in wanted.entities.get("symptoms") or ()
        if any(terms.same(term, other) for other in have.get("symptoms") or ())
    )
    return 0.01 + values + symptoms + 0.1 * (given.get("level") in wanted.accept)
