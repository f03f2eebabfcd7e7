"""What every action needs at hand: the open transaction, the place, the sentences and the time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session

from actions.models import Case, Event, HospitalNote, Post
from actions.phrasebook import Phrasebook
from actions.site import Site

BOT = "联络"

# Of each department what was said last, leaving out what begins only later than `moment`.
_LAST_WORDS = (
    select(HospitalNote)
    .where(
        HospitalNote.id.in_(
            select(func.max(HospitalNote.id))
            .where(or_(HospitalNote.since.is_(None), HospitalNote.since <= bindparam("moment")))
            .group_by(HospitalNote.hospital, HospitalNote.department)
        )
    )
    .order_by(HospitalNote.id)
)


@dataclass(frozen=True)
class Desk:
    """The coordinator's desk. Everything written through it becomes true together or not at all."""

    session: Session
    site: Site
    phrases: Phrasebook
    now: datetime
    pass_key: str = ""  # what passes are signed with

    def log(self, case: Case | None, who: str, what: str, message: int | None = None, **detail: Any) -> None:
        """A line in the timeline."""
        self.session.add(Event(case=case, at=self.now, who=who, what=what, detail=detail, message_id=message))

    def post(
        self,
        key: str,
        kind: str,
        text: str,
        *,
        room: str | None = None,
        to: str | None = None,
        cases: Sequence[Case] = (),
        mentions: Iterable[str | None] = (),
        only_while_open: bool = False,
    ) -> Post | None:
        """Put a post into the outbox under its unique key; None when it has been put there before."""
        place = room or to or ""
        full_key = f"{key}@{place}"[:200]
        if self.session.scalar(select(Post.id).where(Post.key == full_key)) is not None:
            return None
        named = list(dict.fromkeys(name for name in mentions if name))
        post = Post(
            key=full_key,
            at=self.now,
            room=room,
            to=None if room else to,
            kind=kind,
            case_number=cases[0].number if len(cases) == 1 else None,
            case_ids=[case.id for case in cases],
            text=_with_mentions(text, named),
            mentions=named,
            urgent=any(case.level <= 2 for case in cases),
            only_while_open=only_while_open,
        )
        self.session.add(post)
        self.session.flush()
        return post

    def on_duty(self, code: str) -> str | None:
        """Who is on duty for `code` now."""
        return self.site.on_duty(code, self.now)

    def first_on_duty(self) -> list[str]:
        """The coordinator on duty; with none, whoever comes next on the list."""
        for code in ("DUTY1", "DUTY2", "LEADER"):
            if name := self.on_duty(code):
                return [name]
        return []

    def hospital_notes(self, at: datetime | None = None) -> list[HospitalNote]:
        """What is known of closed and full departments at a moment (now); the last word on each counts."""
        moment = at or self.now
        with self.session.no_autoflush:  # asked for each case of a sweep; whoever notes something flushes it
            notes = self.session.scalars(_LAST_WORDS, {"moment": moment}).all()
        return [note for note in notes if note.until is None or note.until > moment]

    def announced_closings(self, within: timedelta) -> list[HospitalNote]:
        """Closings that begin later, and so soon, unless something else was said of the department since."""
        coming = (HospitalNote.since > self.now, HospitalNote.since <= self.now + within)
        with self.session.no_autoflush:
            found = self.session.scalars(select(HospitalNote).where(*coming).order_by(HospitalNote.id)).all()
            return [note for note in found if self._is_last_word(note)]

    def _is_last_word(self, note: HospitalNote) -> bool:
        later = select(HospitalNote.id).where(
            HospitalNote.id > note.id,
            HospitalNote.hospital == note.hospital,
            HospitalNote.department.is_not_distinct_from(note.department),
        )
        return self.session.scalar(later.limit(1)) is None

    @property
    def reopen_within(self) -> timedelta:
        """How long after its end a case can be reopened under its number; also how long words find it (§8.14)."""
        return timedelta(hours=self.site.policy.reopen_hours)

    @property
    def today(self) -> date:
        """The day at the site."""
        return self.local(self.now).date()

    def local(self, moment: datetime) -> datetime:
        """`moment` as the site's clocks show it."""
        return moment.astimezone(self.site.tz)


def _with_mentions(text: str, names: list[str]) -> str:
    missing = [name for name in names if f"@{name}" not in text]
    return text + ("\n" if missing else "") + " ".join(f"@{name}" for name in missing)
