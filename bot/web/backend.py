"""What the page needs of the bot; bot/board.py is the real one, tests bring a small one of their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from actions.hospital_figures import HospitalFigures
from bot.channels.base import Incoming
from bot.views import CaseRow, ChatLine, TimelineRow

Changed = Callable[[ChatLine | None], None]
"""Called with a new line, or with None when the list of cases may have changed."""


@dataclass(frozen=True)
class RoomInfo:
    """A group as the list at the left shows it."""

    name: str
    purpose: str


@dataclass(frozen=True)
class MemberInfo:
    """Somebody one may speak as, or call with @."""

    name: str
    role: str


class Backend(Protocol):
    """Reading is quick and blocks; `say` returns when the message has been kept."""

    site_name: str

    def rooms(self) -> list[RoomInfo]: ...

    def members(self, room: str | None) -> list[MemberInfo]:
        """The members of a room, of all rooms for None."""
        ...

    def history(self, room: str | None, member: str, before: str | None, limit: int) -> list[ChatLine]:
        """The last lines of a room before the line `before`, oldest first; room None: what `member` and the
        bot wrote to each other privately."""
        ...

    def open_cases(self) -> list[CaseRow]: ...

    def hospitals(self) -> list[HospitalFigures]:
        """What was asked of each hospital today and how it answered."""
        ...

    def timeline(self, number: str) -> list[TimelineRow]:
        """Everything that happened to a case, oldest first."""
        ...

    async def say(self, incoming: Incoming) -> None: ...

    def subscribe(self, changed: Changed) -> Callable[[], None]:
        """Be told of news until the returned function is called."""
        ...

    def medicine_list(self, day: date | None) -> tuple[date, bytes]:
        """The medicine requests of a morning's list, today's for None: which day, and the Excel file."""
        ...

    def figures_file(self, form: str, day: date | None) -> tuple[date, bytes]:
        """The figures of a day, today's for None, as an xlsx or png file: which day, and the file. Raises NoFont."""
        ...

    def health(self) -> dict[str, Any]: ...
