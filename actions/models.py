"""Everything that must survive, as rows of one database.

All times are stored in UTC and come back aware. JSON columns hold plain lists and dicts; they are
replaced as a whole, never changed in place.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from actions.base import Base, UtcDateTime
from actions.dialysis.models import DialysisPatient, DialysisSession
from actions.maternal.models import BirthTold, MotherName, PostnatalVisit
from actions.oncology.models import OncologyDue
from actions.passes.models import Pass

__all__ = [
    "Base",
    "BirthTold",
    "Case",
    "Clarification",
    "Consult",
    "DialysisPatient",
    "DialysisSession",
    "Event",
    "HospitalNote",
    "Message",
    "MotherName",
    "OncologyDue",
    "OpenMark",
    "Pass",
    "Post",
    "PostnatalVisit",
    "Reminder",
    "Setting",
    "UtcDateTime",
]


class Setting(Base):
    """A fact about this database itself: which deployment it belongs to, when the clock last ran."""

    __tablename__ = "settings"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


class Message(Base):
    """Inbox: a message is a row before anything else happens. `handled_at` empty: still to be handled."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("channel", "message_id", name="inbox_once"),
        Index("inbox_waiting", "handled_at"),
        Index("inbox_of_sender", "sender", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    channel: Mapped[str] = mapped_column(String(32))
    message_id: Mapped[str] = mapped_column(String(128))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    room: Mapped[str | None] = mapped_column(String(128))
    sender: Mapped[str] = mapped_column(String(128))
    role: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(Text)
    quote: Mapped[str | None] = mapped_column(String(128))
    mentions: Mapped[list[str]] = mapped_column(JSON, default=list)
    handled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    act: Mapped[str | None] = mapped_column(String(32))
    case_ids: Mapped[list[int]] = mapped_column(JSON, default=list)


class Case(Base):
    """One patient who needs somebody. `rhythm_from` is the moment its reminders count from."""

    __tablename__ = "cases"
    __table_args__ = (
        Index("cases_by_status", "status"),
        Index("cases_by_opening", "opened_at"),
        Index("cases_by_closing", "closed_at"),
        # The same for those who go to a dialysis unit, open ones and today's.
        Index(
            "cases_by_category",
            *("category", "status", "proposed_at", "hospital", "level", "disposition", "specialty", "id"),
        ),
        # All that counting today's patients of each hospital needs, so that no case is read for it.
        Index(
            "cases_by_proposal",
            *("proposed_at", "status", "hospital", "level", "category", "disposition", "specialty", "id"),
        ),
        # And for the few hospitals that one case may go to.
        Index(
            "cases_by_hospital",
            *("hospital", "proposed_at", "status", "level", "category", "disposition", "specialty", "id"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    number: Mapped[str] = mapped_column(String(16), unique=True)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    room: Mapped[str | None] = mapped_column(String(128))
    opened_by: Mapped[str] = mapped_column(String(128))
    status: Mapped[str] = mapped_column(String(16))
    level: Mapped[int]
    specialty: Mapped[str] = mapped_column(String(16))
    specialties: Mapped[list[str]] = mapped_column(JSON, default=list)
    category: Mapped[str] = mapped_column(String(16))
    tags: Mapped[list[str]] = mapped_column(JSON, default=list)
    disposition: Mapped[str] = mapped_column(String(16))
    town: Mapped[str | None] = mapped_column(String(64))
    hospital: Mapped[str | None] = mapped_column(String(128))
    # Ranked hospitals not yet declined, the current first; why each is there, by name.
    candidates: Mapped[list[str]] = mapped_column(JSON, default=list)
    reasons_for: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    declined: Mapped[list[str]] = mapped_column(JSON, default=list)
    chosen: Mapped[str | None] = mapped_column(String(128))  # a hospital that a person named
    owner: Mapped[str | None] = mapped_column(String(128))
    assignees: Mapped[list[str]] = mapped_column(JSON, default=list)
    private: Mapped[bool] = mapped_column(default=False)
    fields: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    first_aid: Mapped[str] = mapped_column(Text, default="")
    story: Mapped[list[str]] = mapped_column(
        JSON, default=list
    )  # what was said of the patient, for triage again
    missing: Mapped[list[str]] = mapped_column(JSON, default=list)
    asked: Mapped[list[str]] = mapped_column(JSON, default=list)
    expert_room: Mapped[str | None] = mapped_column(String(128))
    expert_answered: Mapped[bool] = mapped_column(default=False)
    rhythm_from: Mapped[datetime] = mapped_column(UtcDateTime)
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_human_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    proposed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    snoozed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    stage: Mapped[int] = mapped_column(
        default=0
    )  # of the present rhythm: 0 first, 1 second, 2 leader brought in
    brought_in: Mapped[int] = mapped_column(default=0)  # how far up anybody was ever called: they stay named
    # What the machine found last. It raises only above this, so a level a person lowered stays.
    machine_level: Mapped[int] = mapped_column(default=4)
    own_hospital: Mapped[bool] = mapped_column(default=False)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by: Mapped[str | None] = mapped_column(String(128))
    outcome: Mapped[str | None] = mapped_column(String(32))
    merged_into: Mapped[str | None] = mapped_column(String(16))

    timeline: Mapped[list[Event]] = relationship(back_populates="case", order_by="Event.id")
    reminder: Mapped[Reminder | None] = relationship(back_populates="case", cascade="all, delete-orphan")


class OpenMark(Base):
    """What an open case is found by (actions/open_marks.py): its room, members, words, what tells of its patient."""

    __tablename__ = "open_marks"
    __table_args__ = (Index("open_marks_of_case", "case_id"),)

    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    value: Mapped[str] = mapped_column(String(128), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True, autoincrement=False)


class Event(Base):
    """Timeline: one thing that happened to a case, by whom, from which message. Never changed."""

    __tablename__ = "events"
    __table_args__ = (
        Index("events_of_case", "case_id"),
        Index("events_of_person", "who", "what", "at"),
        Index("events_of_kind", "what", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    who: Mapped[str] = mapped_column(String(128))
    what: Mapped[str] = mapped_column(String(32))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("inbox.id"))

    case: Mapped[Case | None] = relationship(back_populates="timeline")


class Reminder(Base):
    """The one next thing due for an open case. Its row goes when the case closes."""

    __tablename__ = "reminders"
    __table_args__ = (Index("reminders_due", "due_at"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)

    case: Mapped[Case] = relationship(back_populates="reminder")


class Post(Base):
    """Outbox: a post under a unique key (case, kind, occasion), so that making it twice is harmless.

    `state`: waiting → claimed → sent. Not repeated either: `lost` (may have gone out before a kill),
    `unconfirmed` (handed over, no word that it arrived), `undeliverable` (no way there).
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("outbox_waiting", "state"),
        Index("outbox_of_room", "room", "at"),
        Index("outbox_of_case", "case_number"),
        Index("outbox_of_channel", "channel", "channel_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    room: Mapped[str | None] = mapped_column(String(128))
    to: Mapped[str | None] = mapped_column("to_member", String(128))
    kind: Mapped[str] = mapped_column(String(16))
    case_number: Mapped[str | None] = mapped_column(String(16))
    case_ids: Mapped[list[int]] = mapped_column(JSON, default=list)
    text: Mapped[str] = mapped_column(Text)
    mentions: Mapped[list[str]] = mapped_column(JSON, default=list)
    urgent: Mapped[bool] = mapped_column(default=False)
    # Cases that must still be open when it goes out (reminders): read again just before sending.
    only_while_open: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(16), default="waiting")
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Which way it took and what it is called there, by which it may be quoted.
    channel: Mapped[str | None] = mapped_column(String(32))
    channel_id: Mapped[str | None] = mapped_column(String(128))

    @property
    def public_id(self) -> str:
        """The id members and files see."""
        return f"b{self.id}"


class Delivery(Base):
    """A post that goes out through the HTTP channel; done when the other side has said that it has it.

    `outcome`: acknowledged · refused (it can never be shown there) · dropped (it had no further use).
    """

    __tablename__ = "deliveries"
    __table_args__ = (Index("deliveries_waiting", "done_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("outbox.id"), unique=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[str | None] = mapped_column(String(16))


class TaughtMember(Base):
    """Somebody whom the site pack does not know, as a coordinator or leader said who it is (actions/introduce.py)."""

    __tablename__ = "members"

    name: Mapped[str] = mapped_column(String(128), primary_key=True)
    role: Mapped[str] = mapped_column(String(16))
    rooms: Mapped[list[str]] = mapped_column(JSON, default=list)
    hospital: Mapped[str | None] = mapped_column(String(128))
    town: Mapped[str | None] = mapped_column(String(64))
    said_by: Mapped[str] = mapped_column(String(128))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class ChannelPlace(Base):
    """A room or member of the site pack as a channel's platform calls it; ids may change there, names tell."""

    __tablename__ = "channel_places"

    channel: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)  # room, member
    name: Mapped[str] = mapped_column(String(128), primary_key=True)
    platform_id: Mapped[str] = mapped_column(String(128))


class HospitalNote(Base):
    """A department said to be open, closed or full, until a time or further word; from `since` when announced."""

    __tablename__ = "hospital_status"
    __table_args__ = (Index("hospital_status_newest", "hospital", "department", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    hospital: Mapped[str] = mapped_column(String(128), index=True)
    department: Mapped[str | None] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16))
    since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    said_by: Mapped[str] = mapped_column(String(128))


class Clarification(Base):
    """A question "which case do you mean?" that waits for its answer."""

    __tablename__ = "clarifications"
    __table_args__ = (Index("clarifications_of_speaker", "speaker", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    room: Mapped[str | None] = mapped_column(String(128))
    speaker: Mapped[str] = mapped_column(String(128))
    message_id: Mapped[int] = mapped_column(ForeignKey("inbox.id"))
    case_ids: Mapped[list[int]] = mapped_column(JSON, default=list)
    settled: Mapped[bool] = mapped_column(default=False)


class Consult(Base):
    """A general question passed to the pharmacists; it opens no case."""

    __tablename__ = "consults"
    __table_args__ = (
        Index("consults_of_room", "asked_in", "at"),
        Index("consults_waiting", "answered_at", "reminded_at", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    room: Mapped[str | None] = mapped_column(String(128))
    asked_by: Mapped[str] = mapped_column(String(128))
    asked_in: Mapped[str] = mapped_column(String(128))
    message_id: Mapped[int] = mapped_column(ForeignKey("inbox.id"))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("outbox.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by: Mapped[str | None] = mapped_column(String(128))
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class MedicineItem(Base):
    """One medicine of a request. `step`: wanted → taken → bought → delivered, or withdrawn.

    `problem` is what came up when somebody went for it, and `problem_at` which hospital was proposed then: with
    another hospital it is no longer one.
    """

    __tablename__ = "medicines"
    __table_args__ = (Index("medicines_of_case", "case_id"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    patient: Mapped[str | None] = mapped_column(String(32))
    drug: Mapped[str] = mapped_column(String(64))
    brand: Mapped[str | None] = mapped_column(String(64))
    strength: Mapped[str | None] = mapped_column(String(32))
    pack: Mapped[str | None] = mapped_column(String(16))
    form: Mapped[str | None] = mapped_column(String(16))
    quantity: Mapped[str | None] = mapped_column(String(32))
    days_left: Mapped[int | None]
    card: Mapped[str | None] = mapped_column(String(8))
    screens: Mapped[list[str]] = mapped_column(
        JSON, default=list
    )  # ids of data/programmes/medicine-screening.csv
    apart: Mapped[bool] = mapped_column(default=False)
    step: Mapped[str] = mapped_column(String(16), default="wanted")
    taken_by: Mapped[str | None] = mapped_column(String(128))
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    bought_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    delivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    problem: Mapped[str | None] = mapped_column(String(16))
    problem_at: Mapped[str | None] = mapped_column(String(128))
    problem_by: Mapped[str | None] = mapped_column(String(128))


class Reading(Base):
    """What was read on a picture, shown to whoever sent it and used once it is confirmed. The picture is not kept."""

    __tablename__ = "readings"
    __table_args__ = (
        Index("readings_of_speaker", "speaker", "at"),
        Index("readings_of_post", "post_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    room: Mapped[str | None] = mapped_column(String(128))
    speaker: Mapped[str] = mapped_column(String(128))
    message_id: Mapped[int] = mapped_column(ForeignKey("inbox.id"))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("outbox.id"))
    words: Mapped[str] = mapped_column(Text)
    settled: Mapped[bool] = mapped_column(default=False)
