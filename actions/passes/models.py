"""Passes (通行证): who may go where on which days, and what became of the paper."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from actions.base import Base, UtcDateTime


class Pass(Base):
    """One pass as it was issued. Its facts never change; it is withdrawn or outdated and another one issued."""

    __tablename__ = "passes"
    __table_args__ = (Index("passes_of_case", "case_id"), Index("passes_of_patient", "patient_id"))

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    serial: Mapped[str] = mapped_column(String(16), unique=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    patient_id: Mapped[int | None] = mapped_column(ForeignKey("dialysis_patients.id"))
    bearer: Mapped[str] = mapped_column(String(64))  # masked: 张*
    id_tail: Mapped[str] = mapped_column(String(4), default="")
    town: Mapped[str] = mapped_column(String(64), default="")
    estate: Mapped[str] = mapped_column(String(128), default="")
    purpose: Mapped[str] = mapped_column(String(32))
    hospital: Mapped[str] = mapped_column(String(128))
    days: Mapped[list[str]] = mapped_column(JSON, default=list)  # 2022-04-02, local days in order
    begin: Mapped[str] = mapped_column(String(5))  # local, of each day
    end: Mapped[str] = mapped_column(String(5))
    transport: Mapped[str] = mapped_column(String(32), default="")
    plate: Mapped[str] = mapped_column(String(16), default="")
    escort: Mapped[str] = mapped_column(String(32), default="")
    approver: Mapped[str] = mapped_column(String(128))
    phone: Mapped[str] = mapped_column(String(32), default="")  # in an emergency
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    valid_from: Mapped[datetime] = mapped_column(UtcDateTime)
    valid_to: Mapped[datetime] = mapped_column(UtcDateTime)
    room: Mapped[str | None] = mapped_column(String(128))  # where it was issued; None: privately
    code: Mapped[str] = mapped_column(Text)  # what stands in the QR code
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_by: Mapped[str | None] = mapped_column(String(128))
    # True when it was withdrawn because the unit it leads to had stopped.
    outdated: Mapped[bool] = mapped_column(default=False)
