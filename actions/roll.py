"""The roll: the site pack's members, and those whom a coordinator or leader has introduced since.

What the pack (in replay the `members` line) says of somebody always counts.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.models import TaughtMember
from actions.site import Site
from actions.site_types import Member

_ALL = select(TaughtMember).order_by(TaughtMember.name)


def with_introduced(session: Session, site: Site) -> Site:
    """The place with everybody who is known now."""
    with session.no_autoflush:
        rows = session.scalars(_ALL).all()
    return site.and_members(_member(row) for row in rows) if rows else site


def note_room(session: Session, member: Member, room: str) -> None:
    """An introduced member speaks in a room he was not known to be in; the pack's rooms are the pack's."""
    row = session.get(TaughtMember, member.name)
    if row is not None and room not in row.rooms:
        row.rooms = [*row.rooms, room]


def _member(row: TaughtMember) -> Member:
    return Member(row.name, row.role, tuple(row.rooms), row.hospital, town=row.town, introduced=True)
