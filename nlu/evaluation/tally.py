"""Counts of one run: how often each measure was met, and every fault."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field


@dataclass
class Count:
    """`hits` of `total`. What a hit is, the measure says: for over-triage it is a fault."""

    hits: int = 0
    total: int = 0

    @property
    def share(self) -> float | None:
        """0–1; None when there was nothing to count."""
        return self.hits / self.total if self.total else None


@dataclass(frozen=True)
class Fault:
    """One message where a measure was not met."""

    measure: str
    id: str
    text: str
    what: str

    def __str__(self) -> str:
        return f"{self.measure:22} {self.id}: {self.what} | {self.text[:70]!r}"


@dataclass
class Tally:
    """All counts and faults."""

    counts: dict[str, Count] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def add(self, measure: str, hit: bool, fault: Fault | None = None) -> None:
        """Count one case; `fault` is kept when given."""
        count = self.counts.setdefault(measure, Count())
        count.total += 1
        count.hits += hit
        if fault is not None:
            self.faults.append(fault)

    def share(self, measure: str) -> float | None:
        """0–1; None when the measure had nothing to count."""
        return self.counts.get(measure, Count()).share

    def merge(self, others: Iterable[Tally]) -> Tally:
        """This tally with the others added."""
        for other in others:
            self.faults += other.faults
            for measure, count in other.counts.items():
                mine = self.counts.setdefault(measure, Count())
                mine.hits += count.hits
                mine.total += count.total
        return self

    def chosen(self, only: str | None) -> Iterator[Fault]:
        """The faults of the measures whose name begins with `only`; all without."""
        return (fault for fault in self.faults if only is None or fault.measure.startswith(only))
