"""What a channel may ask of the bot: what it knew before a restart, which message is quoted, a word to the administrator."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from actions.desk import BOT
from actions.models import ChannelPlace, Message, Post
from bot.app import Application
from bot.channels.base import Outgoing
from bot.sender import InThread

log = structlog.get_logger()
ABOUT_CHANNELS = "channel:"
"""How the keys of posts begin that tell of a channel: when one of them cannot be sent, no other tells of it."""
QUOTED_WITHIN = timedelta(days=7)


class Host:
    """Every question is a transaction of its own, in a thread that understanding never holds up."""

    def __init__(self, app: Application, in_thread: InThread, wake: Callable[[], None]) -> None:
        """`wake` is called when something may wait to be sent."""
        self._app, self._in_thread, self.wake = app, in_thread, wake

    @property
    def rooms(self) -> frozenset[str]:
        """The groups of the site pack."""
        return frozenset(self._app.site.rooms)

    def now(self) -> datetime:
        """The bot's time."""
        return self._app.clock.now()

    def member(self, name: str) -> str | None:
        """The member of the site pack who writes under that name; None: nobody."""
        member = self._app.site.member_called(name)
        return member.name if member else None

    async def places(self, channel: str, kind: str) -> dict[str, str]:
        """Rooms or members (`kind`) by name, as the channel knew them last."""

        def read() -> dict[str, str]:
            query = select(ChannelPlace).where(ChannelPlace.channel == channel, ChannelPlace.kind == kind)
            with self._app.sessions() as session:
                return {place.name: place.platform_id for place in session.scalars(query)}

        return await self._in_thread(read)

    async def keep_places(self, channel: str, kind: str, ids: Mapping[str, str]) -> None:
        """Remember them for the next start, instead of those kept before."""

        def write() -> None:
            with self._app.sessions.begin() as session:
                gone = delete(ChannelPlace).where(ChannelPlace.channel == channel, ChannelPlace.kind == kind)
                session.execute(gone)
                session.add_all(
                    ChannelPlace(channel=channel, kind=kind, name=name, platform_id=platform_id)
                    for name, platform_id in ids.items()
                )

        await self._in_thread(write)

    async def has(self, channel: str, message_id: str) -> bool:
        """Whether a message with that id was kept."""
        query = select(Message.id).where(Message.channel == channel, Message.message_id == message_id)

        def read() -> bool:
            with self._app.sessions() as session:
                return session.scalar(query) is not None

        return await self._in_thread(read)

    async def quoted(self, channel: str, room: str | None, who: str, words: str) -> str | None:
        """The id of the newest message or post of this week in the room that begins with the words quoted."""

        def read() -> str | None:
            with self._app.sessions() as session:
                return (
                    self._post(session, room, words)
                    if who == BOT
                    else self._message(session, channel, room, who, words)
                )

        return await self._in_thread(read)

    def _post(self, session: Session, room: str | None, words: str) -> str | None:
        query = select(Post).where(Post.room == room, Post.at > self._app.clock.now() - QUOTED_WITHIN)
        posts = session.scalars(query.order_by(Post.id.desc()).limit(200))
        return next((post.public_id for post in posts if _same(post.text, words)), None)

    def _message(self, session: Session, channel: str, room: str | None, who: str, words: str) -> str | None:
        since = self._app.clock.now() - QUOTED_WITHIN
        query = select(Message).where(
            Message.channel == channel, Message.room == room, Message.sender == who, Message.at > since
        )
        rows = session.scalars(query.order_by(Message.id.desc()).limit(200))
        return next((row.message_id for row in rows if _same(row.text, words)), None)

    async def confirmed(self, post_id: str) -> None:
        """The post was seen to arrive."""
        await self._in_thread(partial(self._app.outbox.confirmed, post_id))

    async def unconfirmed(self, post_id: str) -> None:
        """Nobody saw the post arrive."""
        log.warning("unconfirmed", id=post_id)
        await self._in_thread(partial(self._app.outbox.unconfirmed, post_id, self._app.clock.now()))
        self.wake()

    async def tell(self, sentence: str, occasion: str, **values: str) -> None:
        """One line to the administrator, once for each occasion."""
        await self._in_thread(
            partial(self._app.tell_administrator, f"{ABOUT_CHANNELS}{occasion}", sentence, values)
        )
        self.wake()

    async def undeliverable(self, post: Outgoing) -> None:
        """There is no way for this post; somebody must know, once a day for each place."""
        key = await self._in_thread(partial(self._app.outbox.key, post.post_id))
        if not key.startswith(ABOUT_CHANNELS):
            place = post.room or post.to or "?"
            occasion = f"undeliverable:{post.at:%Y%m%d}:{place}"
            await self.tell("channel_undeliverable", occasion, to=place)


def _same(text: str, words: str) -> bool:
    """WeChat shortens long words in a quotation."""
    told, known = "".join(words.rstrip("….").split()), "".join(text.split())
    return bool(told) and known.startswith(told)
