"""Inbox: a message is a row before anything else happens to it, and is handled once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from actions.models import Message
from actions.site import Site
from actions.speaker import identify
from bot.channels.base import Incoming


def store(sessions: sessionmaker[Session], site: Site, incoming: Incoming) -> bool:
    """Keep the message; False when it has been kept before (the same message delivered again)."""
    known = select(Message.id).where(
        Message.channel == incoming.channel, Message.message_id == incoming.message_id
    )
    row = Message(
        channel=incoming.channel,
        message_id=incoming.message_id,
        at=incoming.at,
        room=incoming.room,
        sender=incoming.sender,
        role=identify(site, incoming.sender, incoming.role).role,
        text=incoming.text,
        quote=incoming.quote,
        mentions=list(incoming.mentions),
        case_ids=[],
    )
    try:
        with sessions.begin() as session:
            if session.scalar(known) is not None:
                return False
            session.add(row)
    except IntegrityError:  # another process was given it in the same moment
        return False
    return True


def next_waiting(session: Session) -> Message | None:
    """The oldest message that waits, held for this transaction so that no second process takes it."""
    query = (
        select(Message)
        .where(Message.handled_at.is_(None))
        .order_by(Message.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return session.scalar(query)


def give_up(sessions: sessionmaker[Session], message_id: int, now: datetime) -> None:
    """A message that cannot be handled is set aside for a person, so that the others go on."""
    with sessions.begin() as session:
        row = session.get_one(Message, message_id)
        row.act, row.handled_at = "failed", now
