"""Entities against their labels: recall and precision of each kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from nlu.evaluation.terms import Terms

Values = Mapping[str, Any]
Say = Callable[[str, bool, str], None]
"""Takes a measure, whether it is met, and what is wrong if not."""

LISTS = ("symptoms", "negated", "history", "drugs")
MEASUREMENTS = ("spo2", "sbp", "dbp", "hr", "glucose")
KINDS: Mapping[str, tuple[str, ...]] = {
    "age": ("age", "age_months"),
    "sex": ("sex",),
    "town": ("town",),
    "address": ("address",),
    "phone": ("phone",),
    "duration_h": ("duration_h",),
    "temp": ("temp",),
    "measurements": MEASUREMENTS,
    "gestation": ("gestation",),
    "parity": ("parity",),
    "dialysis_gap_days": ("dialysis_gap_days",),
    "days_left": ("days_left",),
    "covid": ("covid",),
    "orig_hospital": ("orig_hospital",),
    "private": ("private",),
}
"""A kind in the table and its keys. The lists are kinds of their own."""
_GAPS = re.compile(r"[\s\-—,，、.。()（）]")


class EntityScorer:
    """Compares what one patient's text was found to say with its label."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms

    def score(self, label: Mapping[str, Any], given: Values, full: frozenset[str], say: Say) -> None:
        """`label` holds `entities`, and perhaps `<key>_ok` and `entities_optional` (keys, or true).

        What is found and not labelled is a fault for the keys of `full` only.
        """
        wanted: Values = label.get("entities") or {}
        optional = _optional(label.get("entities_optional"))
        for kind, keys in KINDS.items():
            for want, have, ok in _pairs(wanted, given, keys, label):
                if optional.isdisjoint(keys) or (want is not None and have is not None):
                    self._one(kind, want, have, [*ok, want], extra=not full.isdisjoint(keys), say=say)
        for kind in LISTS:
            if kind not in optional:
                want, have, ok = wanted.get(kind, ()), given.get(kind, ()), label.get(f"{kind}_ok", ())
                self._many(kind, want, have, ok, extra=kind in full, say=say)

    def _one(self, kind: str, want: Any, have: Any, ok: Sequence[Any], *, extra: bool, say: Say) -> None:
        """With `extra` a value that is not wanted is a fault; one that is merely right proves nothing."""
        right = have is not None and any(_equal(kind, value, have) for value in ok if value is not None)
        what = f"{have!r}, not {want!r}"
        if want is not None:
            say(f"{kind} recall", right, what)
        if have is not None and (want is not None or (extra and not right)):
            say(f"{kind} precision", right, what)

    def _many(
        self, kind: str, want: Sequence[str], have: Sequence[str], ok: Sequence[str], *, extra: bool, say: Say
    ) -> None:
        """The same for a list of terms; those of `ok` may be there."""
        for term in want:
            say(f"{kind} recall", self._in(term, have), f"lacks {term}: {list(have)}")
        for term in have if extra else ():
            wanted = self._in(term, want)
            if wanted or not self._in(term, ok):
                say(f"{kind} precision", wanted, f"{term} is not wanted: {list(want)}")

    def _in(self, term: str, others: Sequence[str]) -> bool:
        return any(self._terms.same(term, other) for other in others)


def _optional(named: object) -> frozenset[str]:
    """The keys that may be given or not: those named, or all of them with `true`."""
    if named is True:
        return frozenset(LISTS).union(*KINDS.values())
    return (
        frozenset(key for key in named if isinstance(key, str))
        if isinstance(named, Iterable)
        else frozenset()
    )


def _pairs(
    wanted: Values, given: Values, keys: Sequence[str], label: Mapping[str, Any]
) -> Iterator[tuple[Any, Any, list[Any]]]:
    """Label, answer and other right values of each key; an age is one value whatever its unit."""
    if keys == KINDS["age"]:
        want, have = _age(wanted), _age(given)
        ok = [12 * float(value) for value in label.get("age_ok") or ()]
        ok += [float(value) for value in label.get("age_months_ok") or ()]
        if want is not None or have is not None:
            yield want, have, ok
        return
    for key in keys:
        if key in wanted or key in given:
            yield wanted.get(key), given.get(key), list(label.get(f"{key}_ok") or ())


def _age(values: Values) -> float | None:
    """Months."""
    if values.get("age") is not None:
        return 12 * float(values["age"])
    months = values.get("age_months")
    return None if months is None else float(months)


def _equal(kind: str, want: Any, have: Any) -> bool:
    """Exactly, but for how an address, a telephone number or an age is written."""
    if kind == "address":
        one, other = _bare(want), _bare(have)
        return bool(one and other) and (one in other or other in one)
    if kind == "phone":
        return _bare(want) == _bare(have)
    if kind == "age":
        return bool(abs(want - have) < 0.01)
    return bool(want == have)


def _bare(value: object) -> str:
    """Without the signs and spaces that people put in as they like."""
    return _GAPS.sub("", str(value)).lower()
