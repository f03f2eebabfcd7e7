"""Wires everything, once: what comes in, what is due, what goes out. Knows no channel and no real time."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from actions import audit, open_marks
from actions.case import INTERNAL
from actions.daily import next_daily, run_daily
from actions.desk import Desk
from actions.handle import handle
from actions.medicines import picture
from actions.medicines.table import medicine_table
from actions.models import Case, Consult, DialysisPatient, Message, Reminder, Setting
from actions.phrasebook import Phrasebook
from actions.remind import remind
from actions.roll import with_introduced
from actions.site import Site
from actions.turn import Reader
from bot import inbox
from bot.channels.base import Incoming
from bot.clock import Clock
from bot.outbox import Outbox
from bot.together import Presence, take_the_desk

log = structlog.get_logger()

# How stale the note of the last tick may be while nothing is due.
TICK_NOTED_EVERY = timedelta(seconds=20)
# Settings that hold when something was last done.
TICKED, AUDITED = "ticked_at", "audited_at"
# How often it is looked whether another process died with posts in its hands.
LOOK_EVERY = timedelta(seconds=15)
# How often a message that fails is tried before a person is asked to read it.
TRIES = 2


@dataclass
class Parts:
    """What an application is made of; a test hands in its own clock or reader.

    `pass_key` signs passes; without one they hold for as long as this application runs.
    """

    site: Site
    reader: Reader
    engine: Engine
    clock: Clock
    phrases: Phrasebook
    pass_key: str = field(default_factory=secrets.token_urlsafe)


class Application:
    """The bot without its channels. Every public method is one or more whole transactions."""

    def __init__(self, parts: Parts) -> None:
        self.site = parts.site
        self.clock = parts.clock
        self.reader = parts.reader
        self.sessions: sessionmaker[Session] = sessionmaker(parts.engine, expire_on_commit=False)
        self.outbox = Outbox(self.sessions)
        self.engine = parts.engine
        self._phrases = parts.phrases
        self.pass_key = parts.pass_key
        self._failed: dict[int, int] = {}
        self._presence = Presence(parts.engine)
        self._looked_at = self.clock.now()

    def warm_up(self) -> None:
        """Load what is loaded at the first message, so that nobody waits for it."""
        self.reader.understand("有位居民发热", self.clock.now())

    def start(self) -> None:
        """After a start: what was claimed and not sent, what was received and not handled, what was missed."""
        medicine_table()  # a fault in it is said now, not with the first request
        self._recover(all_claims=self._presence.announce())
        with self.sessions.begin() as session:
            take_the_desk(session)
            open_marks.complete(session)
        self.work()
        self.tick()

    def _recover(self, *, all_claims: bool) -> None:
        self._looked_at = self.clock.now()
        lost = self.outbox.recover(self.clock.now(), all_claims=all_claims)
        if lost:
            log.warning("posts_not_repeated", count=lost)

    def receive(self, incoming: Incoming) -> bool:
        """Keep a message; False when it is known already. `work` handles it."""
        return inbox.store(self.sessions, self.site, incoming)

    def picture_read(self, incoming: Incoming, lines: Sequence[str]) -> None:
        """Show what was read on a picture of a message that was kept; nothing read is said too."""
        with self.sessions.begin() as session:
            row = inbox.find(session, incoming)
            if row is not None:
                take_the_desk(session)
                picture.show(self._desk(session), row, lines)

    def work(self, *, at_most: int | None = None) -> bool:
        """Handle what waits, oldest first; whether more may wait. One that fails does not stop the others."""
        done = 0
        while at_most is None or done < at_most:
            if not self._handle_next():
                return False
            done += 1
        return True

    def _handle_next(self) -> bool:
        row_id = None
        try:
            with self.sessions.begin() as session:
                row = inbox.next_waiting(session)
                if row is None:
                    return False
                row_id = row.id
                meaning = self.reader.understand(row.text, row.at, row.role)
                take_the_desk(session)
                handle(self._desk(session), self.reader, row, meaning)
        except (
            OperationalError
        ) as error:  # the database's fault, not the message's: it waits for the next time
            log.error("database_failed", message=row_id, error=type(error).__name__, exc_info=error)
            return False
        except Exception as error:
            if row_id is None:
                raise
            self._failed_once(row_id, error)
        return True

    def _failed_once(self, row_id: int, error: Exception) -> None:
        log.error("message_failed", message=row_id, error=type(error).__name__, exc_info=error)
        self._failed[row_id] = self._failed.get(row_id, 0) + 1
        if self._failed[row_id] >= TRIES:
            self._give_up(row_id)

    def _give_up(self, row_id: int) -> None:
        """Set a message that cannot be handled aside for a person, so that the others go on."""
        with self.sessions.begin() as session:
            desk, row = self._desk(session), session.get_one(Message, row_id)
            row.act, row.handled_at = "failed", self.clock.now()
            desk.post(
                f"failed:m{row_id}",
                "escalation",
                desk.phrases.say("could_not_read", who=row.sender),
                room=row.room,
                to=row.sender,
                mentions=desk.first_on_duty(),
            )

    def tick(self) -> None:
        """Post what is due now, and what a process that died had in its hands."""
        now = self.clock.now()
        with self.sessions.begin() as session:
            take_the_desk(session)
            noted = session.get(Setting, TICKED, with_for_update=True)
            since = datetime.fromisoformat(noted.value) if noted else now
            desk = self._desk(session)
            remind(desk)
            run_daily(desk, since)
            stale = now - since >= TICK_NOTED_EVERY or now < since
            if noted is None or stale or next_daily(desk, since) <= now:
                _note(session, TICKED, now)
            self._look_over(session, desk)
        if now - self._looked_at >= LOOK_EVERY:
            self._presence.keep()
            self._recover(all_claims=False)

    def _look_over(self, session: Session, desk: Desk) -> None:
        """Now and then, whether every open case has its next thing due."""
        noted = session.get(Setting, AUDITED)
        if noted is None or not timedelta() <= desk.now - datetime.fromisoformat(noted.value) < audit.EVERY:
            mended = audit.audit(desk)
            if mended:
                log.warning("reminders_mended", count=mended)
            _note(session, AUDITED, desk.now)

    def tell_administrator(self, key: str, sentence: str, values: Mapping[str, str]) -> None:
        """A line about the bot itself: to the site pack's admin room, else to the coordinator on duty privately."""
        with self.sessions.begin() as session:
            desk = self._desk(session)
            text = desk.phrases.say(sentence, **values)
            rooms = self.site.rooms_for("admin")
            if rooms:
                desk.post(key, "escalation", text, room=rooms[0].name)
                return
            on_duty = (desk.on_duty(code) for code in ("DUTY1", "DUTY2", "LEADER"))
            to = next((name for name in on_duty if name and name != values.get("to")), None)
            if to:
                desk.post(key, "escalation", text, to=to)

    def next_due(self) -> datetime | None:
        """When there is something to do next; None while nothing was ever entered."""
        with self.sessions() as session:
            begun = session.scalar(select(Case.id).limit(1)) or session.scalar(
                select(DialysisPatient.id).limit(1)
            )
            begun = begun or session.scalar(select(Consult.id).limit(1))
            if begun is None:
                return None
            noted = session.get(Setting, TICKED)
            since = datetime.fromisoformat(noted.value) if noted else self.clock.now()
            reminder = session.scalar(select(func.min(Reminder.due_at)))
            daily = next_daily(self._desk(session), since)
            return min(daily, reminder) if reminder else daily

    def states(self) -> list[dict[str, Any]]:
        """Every case ever opened, in order of creation, in the form of the replay format."""
        with self.sessions() as session:
            return [_state(case) for case in session.scalars(select(Case).order_by(Case.id))]

    def close(self) -> None:
        """Let go of the database."""
        self._presence.leave()
        self.engine.dispose()

    def _desk(self, session: Session) -> Desk:
        site = with_introduced(session, self.site)
        return Desk(session, site, self._phrases, self.clock.now(), self.pass_key)


def _note(session: Session, key: str, now: datetime) -> None:
    session.merge(Setting(key=key, value=now.isoformat()))


def _state(case: Case) -> dict[str, Any]:
    return {
        "case": case.number,
        "status": case.status,
        "level": case.level,
        "specialty": case.specialty,
        "category": case.category,
        "tags": case.tags,
        "town": case.town,
        "hospital": case.hospital,
        "candidates": case.candidates,
        "owner": case.owner,
        "opened_by": case.opened_by,
        "fields": {key: value for key, value in case.fields.items() if key not in INTERNAL},
    }
