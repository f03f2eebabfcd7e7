"""Several bots on one PostgreSQL: who may change cases now, and whether anybody else is there.

Messages, reminders and posts are shared out row by row (`FOR UPDATE SKIP LOCKED`). What a message means for
the cases is decided by one process at a time: two reports of one patient in the same second are one case,
and no number is given twice. SQLite has one process, which needs none of this.
"""

from __future__ import annotations

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

# Names of the locks in the database; any numbers will do, as long as they stay.
DESK, PRESENCE = 0x11A7_0001, 0x11A7_0002


def take_the_desk(session: Session) -> None:
    """Wait until no other process is changing cases; until this transaction ends none will."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": DESK})


class Presence:
    """A sign, as long as this process lives, that it works on the database. The server takes it away when it dies."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._shared = engine.dialect.name == "postgresql"
        self._connection: Connection | None = None

    def announce(self) -> bool:
        """Put up the sign; True when nobody else has one, so that whatever was left half done is nobody's.

        Raises OperationalError when the server does not answer.
        """
        if not self._shared:
            return True
        if self._connection is None:
            self._connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        alone = bool(self._connection.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": PRESENCE}))
        self._connection.execute(text("SELECT pg_advisory_lock_shared(:lock)"), {"lock": PRESENCE})
        if alone:
            self._connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": PRESENCE})
        return alone

    def keep(self) -> None:
        """Put the sign up again if the connection that held it was cut. Raises OperationalError as `announce`."""
        if self._connection is None:
            return
        try:
            self._connection.execute(text("SELECT 1"))
        except DBAPIError:
            self.leave()
            self.announce()

    def leave(self) -> None:
        """Take the sign down."""
        if self._connection is None:
            return
        try:
            self._connection.invalidate()  # closed, not kept for the next: the lock is the connection's
        except DBAPIError:
            pass
        finally:
            self._connection.close()
            self._connection = None
