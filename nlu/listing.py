"""Which findings are listed for people, in which list and under which name (data/wording/terms.csv)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import lru_cache
from pathlib import Path

from nlu.tables import DATA, Faults, parts, read_rows

TERMS = DATA / "wording" / "terms.csv"
LISTS = frozenset(["none", "symptoms", "history", "same", "open", "yields", "beside", "apart", "only"])


class Listing:
    """The table made ready: list and term by the name of a concept."""

    def __init__(self, path: Path, faults: Faults) -> None:
        self.open: set[str] = set()
        """Concepts that are kept out of rooms and yet make no case private."""
        self._lists: dict[str, str] = {}
        self._within: dict[str, tuple[frozenset[str], str]] = {}
        self._terms: dict[str, str] = {}
        self._apart: set[str] = set()
        self._general: set[str] = set()
        self._only: dict[str, frozenset[str]] = {}
        self._fuller: dict[str, frozenset[str]] = {}
        for row in read_rows(path, ("list", "concepts", "term"), faults, ("when", "note")):
            if row["list"] not in LISTS:
                faults.add(row.file, row.line, f"list {row['list']!r} is none of {' '.join(sorted(LISTS))}")
                continue
            for name in parts(row["concepts"], "|"):
                if row["list"] in {"yields", "beside"}:
                    if row["list"] == "yields":
                        self._general.add(name)
                    self._fuller[name] = self._fuller.get(name, frozenset()) | {*parts(row["when"], "|")}
                    continue
                if row["list"] == "only":
                    self._only[name] = frozenset(parts(row["when"], "|"))
                    continue
                if row["list"] == "apart":
                    self._apart.add(name)
                    continue
                if row["list"] == "open":
                    self.open.add(name)
                elif row["list"] != "same":
                    self._lists[name] = row["list"]
                if row["term"] and row["when"]:
                    self._within[name] = (frozenset(parts(row["when"], "|")), row["term"])
                elif row["term"]:
                    self._terms[name] = row["term"]

    def place(self, name: str) -> str:
        """`none`, `symptoms`, `history`, or empty where the kind of the concept decides."""
        return self._lists.get(name, "")

    def term(self, name: str, told: Iterable[str] = ()) -> str:
        """What people call the concept; `told` are the other concepts of the patient, which may make it clearer."""
        states, clearer = self._within.get(name, (frozenset(), ""))
        if clearer and not states.isdisjoint(told):
            return clearer
        return self._terms.get(name, name)

    def yields(self, name: str, told: Iterable[str]) -> bool:
        """Whether another complaint of `told` says the same more fully (疼痛 beside 腹痛)."""
        fuller = self._fuller.get(name)
        return fuller is not None and any(
            other != name and (other in fuller or any(w[0] == "*" and other.endswith(w[1:]) for w in fuller))
            for other in told
        )

    def fits(self, name: str, told: Collection[str]) -> bool:
        """Whether it may be listed of this patient (宫缩 of nobody but the pregnant)."""
        wanted = self._only.get(name)
        return wanted is None or not wanted.isdisjoint(told)

    def general(self, name: str) -> bool:
        """Whether it is no finding of its own but one that others say more fully."""
        return name in self._general

    def apart(self, name: str) -> bool:
        """Whether it is listed beside a narrower one when words of its own say it."""
        return name in self._apart

    @property
    def names(self) -> frozenset[str]:
        """All concepts the table speaks of."""
        return (
            frozenset(self._lists)
            | frozenset(self._terms)
            | frozenset(self._within)
            | frozenset(self.open)
            | frozenset(self._fuller)
            | frozenset(self._apart)
            | frozenset(self._only)
        )


@lru_cache(maxsize=4)
def listing(path: Path = TERMS) -> Listing:
    """The table; a fault in it is a TableError."""
    return Listing(path, Faults(strict=True))
