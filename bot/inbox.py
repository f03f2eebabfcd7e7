"""Inbox: a message is a row before anything else happens to it, and is handled once."""

from __future__ import annotations

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased, sessionmaker

from actions.models import Message
from actions.roll import with_introduced
from actions.site import Site
from actions.speaker import identify
from bot.channels.base import PICTURE, Incoming


def store(sessions: sessionmaker[Session], site: Site, incoming: Incoming) -> bool:
    """Keep the message; False when it has been kept before (the same message delivered again)."""
    known = select(Message.id).where(
        Message.channel == incoming.channel, Message.message_id == incoming.message_id
    )
    try:
        with sessions.begin() as session:
            if session.scalar(known) is not None:
                return False
            session.add(_row(with_introduced(session, site), incoming))
    except IntegrityError:  # another process was given it in the same moment
        return False
    return True


def _row(site: Site, incoming: Incoming) -> Message:
    """The message under the names by which the site knows the people in it."""
    speaker = identify(site, incoming.sender, incoming.role)
    read_first = incoming.only_pictures  # there is nothing to understand before they are read
    return Message(
        channel=incoming.channel,
        message_id=incoming.message_id,
        at=incoming.at,
        room=incoming.room,
        sender=speaker.name,
        role=speaker.role,
        text=incoming.text or (PICTURE if incoming.only_pictures else ""),
        quote=incoming.quote,
        mentions=[identify(site, name, None).name for name in incoming.mentions],
        case_ids=[],
        act="picture" if read_first else None,
        handled_at=incoming.at if read_first else None,
    )


def find(session: Session, incoming: Incoming) -> Message | None:
    """The row of a message that was kept."""
    return session.scalar(
        select(Message).where(Message.channel == incoming.channel, Message.message_id == incoming.message_id)
    )


_earlier = aliased(Message)
_NEXT = (
    select(Message)
    .where(Message.handled_at.is_(None))
    .where(
        ~exists().where(
            _earlier.handled_at.is_(None),
            _earlier.id < Message.id,
            or_(
                _earlier.room == Message.room,
                and_(_earlier.room.is_(None), Message.room.is_(None), _earlier.sender == Message.sender),
            ),
        )
    )
    .order_by(Message.id)
    .limit(1)
    .with_for_update(skip_locked=True, of=Message)
)


def next_waiting(session: Session) -> Message | None:
    """The oldest message that waits, held for this transaction so that no second process takes it.

    One that was written in the same place before it must have been handled: what is said in a room is
    understood in order, whoever handles it.
    """
    return session.scalar(_NEXT)
