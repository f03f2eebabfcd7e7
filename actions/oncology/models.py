"""Dates of cancer patients: the next chemotherapy, radiotherapy, care of the line, injection, and the last dose."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from actions.base import Base, UtcDateTime


class OncologyDue(Base):
    """One kind of care of one case. `kind`: chemo · radio · line · injection · drug."""

    __tablename__ = "oncology_due"
    __table_args__ = (Index("oncology_due_by_day", "stopped", "day"), Index("oncology_due_by_last", "last"))

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    day: Mapped[date | None] = mapped_column(Date)  # the next one; of a medicine the day on which it runs out
    last: Mapped[date | None] = mapped_column(
        Date
    )  # the latest that was, as told or because its day has passed
    every: Mapped[int | None]  # days from one to the next, where that was said
    weekdays: Mapped[str | None] = mapped_column(String(7))  # only on these, 1 Monday: 12345; None: on any
    left: Mapped[int | None]  # how many are still to be
    stopped: Mapped[bool] = mapped_column(default=False)
    told_at: Mapped[datetime] = mapped_column(UtcDateTime)
    told_by: Mapped[str] = mapped_column(String(128))
