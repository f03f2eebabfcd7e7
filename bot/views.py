"""What the page shows, read from the database. Plain data; nothing here changes anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class ChatLine:
    """One bubble: a member's message or a post of the bot (`kind` is then set)."""

    id: str
    at: datetime
    room: str | None
    sender: str
    role: str | None
    text: str
    quote: str | None = None
    kind: str | None = None
    case: str | None = None
    to: str | None = None
    note: str | None = None  # that it may not have arrived


@dataclass(frozen=True)
class CaseRow:
    """One line of the list of open cases."""

    number: str
    opened_at: datetime
    status: str
    level: int
    specialty: str
    category: str
    town: str | None
    hospital: str | None
    owner: str | None
    room: str | None
    summary: str
    private: bool = False
    next_due: datetime | None = None
    posts: int = 0  # of the bot about it so far
    others: tuple[str, ...] = ()  # hospitals behind the proposed one, each with why


@dataclass(frozen=True)
class TimelineRow:
    """One thing that happened to a case."""

    at: datetime
    who: str
    what: str
