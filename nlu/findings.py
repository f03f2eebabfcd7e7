"""A concept found in a text and how it is meant."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from nlu.lexicon import Concept


class Status(str, Enum):
    """How a concept is meant. Only AFFIRMED is a complaint of the patient, now."""

    AFFIRMED = "affirmed"
    DENIED = "denied"
    PAST = "past"
    OVER = "over"  # it was there in this illness and is said to be gone
    OTHER = "other"  # somebody else's, hearsay
    SUPPOSED = "supposed"  # 如果, 万一, 怕, asked about
    FIGURATIVE = "figurative"
    MENTIONED = "mentioned"  # names a thing: 咳嗽药, 胸痛中心


@dataclass(frozen=True)
class Finding:
    """A concept at a place of the normalised text; `pieces` are its parts between gaps."""

    concept: Concept
    start: int
    end: int
    pieces: tuple[tuple[int, int], ...]
    status: Status = Status.AFFIRMED
    derived: bool = False
    """What measures amount to and no word says (data/protocol/derived.csv)."""

    @property
    def name(self) -> str:
        return self.concept.name

    @property
    def kind(self) -> str:
        return self.concept.kind

    @property
    def current(self) -> bool:
        """Counts as a complaint now: affirmed, or just over when the concept must not be silenced by that."""
        return self.status is Status.AFFIRMED or (
            self.status is Status.OVER and "sticky" in self.concept.flags
        )

    def with_status(self, status: Status) -> Finding:
        return (
            self
            if status is self.status
            else Finding(self.concept, self.start, self.end, self.pieces, status, self.derived)
        )
