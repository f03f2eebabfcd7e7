"""The register of dialysis patients, and what became of each session that something is known of."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from actions.base import Base, UtcDateTime


class DialysisPatient(Base):
    """One patient who is dialysed on fixed days. Kept when he leaves (`active` False), for what was said of him."""

    __tablename__ = "dialysis_patients"
    __table_args__ = (Index("dialysis_by_name", "name"), Index("dialysis_active", "active"))

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    name: Mapped[str] = mapped_column(String(64))
    sex: Mapped[str | None] = mapped_column(String(1))
    age: Mapped[int | None]
    town: Mapped[str | None] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(Text, default="")
    phone: Mapped[str] = mapped_column(String(32), default="")
    hospital: Mapped[str] = mapped_column(String(128))
    # Days of the week as digits in order, 1 Monday: 246. The start is the site's local time, 07:00.
    days: Mapped[str] = mapped_column(String(7))
    shift: Mapped[str] = mapped_column(String(1))
    start: Mapped[str] = mapped_column(String(5))
    transport: Mapped[str] = mapped_column(String(32), default="")
    since: Mapped[date | None] = mapped_column(Date)
    active: Mapped[bool] = mapped_column(default=True)
    room: Mapped[str | None] = mapped_column(String(128))  # where he was registered; None: from a file
    registered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    registered_by: Mapped[str] = mapped_column(String(128))

    sessions: Mapped[list[DialysisSession]] = relationship(back_populates="patient")


class DialysisSession(Base):
    """One patient's session of one day, once something is known of it; without a row it is as the register says.

    `state`: expected (only moved elsewhere) · asked (nobody had said how it went) · done · missed.
    """

    __tablename__ = "dialysis_sessions"
    __table_args__ = (Index("dialysis_sessions_of_day", "day", "state"),)

    patient_id: Mapped[int] = mapped_column(
        ForeignKey("dialysis_patients.id"), primary_key=True, autoincrement=False
    )
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    state: Mapped[str] = mapped_column(String(16))
    # Another unit, shift and start for this one day, where his own cannot.
    hospital: Mapped[str | None] = mapped_column(String(128))
    shift: Mapped[str | None] = mapped_column(String(1))
    start: Mapped[str | None] = mapped_column(String(5))
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    post_id: Mapped[int | None] = mapped_column(ForeignKey("outbox.id"))  # the question that asked for it
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    told_by: Mapped[str | None] = mapped_column(String(128))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))  # opened because it was missed

    patient: Mapped[DialysisPatient] = relationship(back_populates="sessions")
