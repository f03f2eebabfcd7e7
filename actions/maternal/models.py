"""Who is pregnant or was, births and losses that were told, and the visits a mother and her newborn have coming."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from actions.base import Base, UtcDateTime


class BirthTold(Base):
    """How the pregnancy of a case ended. `kind`: birth · loss; `how`: vaginal · caesarean · assisted."""

    __tablename__ = "births"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(8))
    day: Mapped[date] = mapped_column(Date)
    how: Mapped[str | None] = mapped_column(String(16))
    babies: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)  # sex (M, F), grams
    left_on: Mapped[date | None] = mapped_column(Date)  # when she left the hospital, once it was told
    handed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when post-natal care was told of her
    told_at: Mapped[datetime] = mapped_column(UtcDateTime)
    told_by: Mapped[str] = mapped_column(String(128))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("inbox.id"))


class PostnatalVisit(Base):
    """One visit or examination after a birth (data/programmes/postnatal.csv). All days are included."""

    __tablename__ = "postnatal_visits"
    __table_args__ = (Index("postnatal_visits_due", "done_at", "ask_on"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True, autoincrement=False)
    what: Mapped[str] = mapped_column(String(32), primary_key=True)
    first: Mapped[date] = mapped_column(Date)
    last: Mapped[date] = mapped_column(Date)
    ask_on: Mapped[date] = mapped_column(Date)  # asked about when nobody has told of it by then
    asked: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_by: Mapped[str | None] = mapped_column(String(128))


class MotherName(Base):
    """The full name by which a pregnant woman or new mother is found when she is spoken of again."""

    __tablename__ = "mother_names"

    name: Mapped[str] = mapped_column(String(8), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True, autoincrement=False)
