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
    best: dict[tuple[int, int], tuple[float, tuple[int | None, ...]]] = {}
    for i in range(len(wanted), -1, -1):
        for j in range(len(given), -1, -1):
            best[i, j] = _best(i, j, wanted, given, terms, best)
    return [None if at is None else given[at] for at in best[0, 0][1]]


def _best(
    i: int,
    j: int,
    wanted: Sequence[Wanted],
    given: Sequence[Report],
    terms: Terms,
    best: dict[tuple[int, int], tuple[float, tuple[int | None, ...]]],
) -> tuple[float, tuple[int | None, ...]]:
    """The best pairing of the patients from `i` and the reports from `j` on, with its likeness."""
    if i == len(wanted):
        return 0.0, ()
    options = []
    if j < len(given):
        rest, pairs = best[i + 1, j + 1]
        options.append((rest + _alike(wanted[i], given[j], terms), (j, *pairs)))
        options.append(best[i, j + 1])
    rest, pairs = best[i + 1, j]
    options.append((rest, (None, *pairs)))
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
