"""One patient's part of a message."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Patient:
    """One patient's span of the normalised text; `shared` is a heading that holds for all of them."""

    start: int
    end: int
    shared: tuple[int, int] | None = None

    def holds(self, start: int) -> bool:
        return self.start <= start < self.end

    def shares(self, start: int) -> bool:
        return self.shared is not None and self.shared[0] <= start < self.shared[1]
