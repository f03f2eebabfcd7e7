"""From a message event of the gateway to a message as the bot knows it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import structlog
from grpclib.exceptions import GRPCError

from actions.desk import BOT
from bot.channels import wechaty_reading as reading
from bot.channels.base import Attachment, Incoming
from bot.channels.wechaty_directory import CHANNEL, Directory
from bot.pictures import MOST_BYTES

if TYPE_CHECKING:
    from bot.channels.wechaty_account import Account
    from bot.host import Host

log = structlog.get_logger()
OLDEST = timedelta(hours=12)
"""What is older when a gateway shows it first is history."""
NOBODY = frozenset({"weixin", "filehelper", "fmessage", "newsapp", "medianote", "floatbottle"})
"""Accounts of the platform itself."""
OFFICIAL = 2
"""Wechaty's number of a contact that is a service and no person."""
_ID = re.compile(r"[\x21-\x7e]{1,128}")


class Inbox:
    """Reads messages; `name` is what the account is called in the groups."""

    def __init__(self, host: Host, directory: Directory, name: str) -> None:
        self._host, self._directory, self._name = host, directory, name

    async def incoming(self, account: Account, message: Any, me: str) -> Incoming | None:
        """The message, or None for what is not for us. Raises what a call to the gateway raises."""
        payload, now = message.payload, self._host.now()
        at = reading.moment(payload.timestamp, now)
        if not payload.from_id or payload.from_id in NOBODY or now - at > OLDEST:
            return None
        room = await self._directory.room(account, payload.room_id) if payload.room_id else None
        if room is None and (payload.room_id or message.talker().payload.type == OFFICIAL):
            return None
        place = payload.room_id or None
        sender = await self._directory.people.name(account, payload.from_id, place)
        kind = int(payload.type)
        text, mentions = await self._with_names(account, reading.words(kind, payload.text), payload, me)
        quote = await self._quoted(kind, payload.text, room, place)
        if kind == reading.RECALLED and quote is None and _ID.fullmatch(payload.text):
            return None  # something we never had
        message_id = payload.id or message.message_id
        # In a group people show each other all kinds of pictures; what is sent to the bot is meant for it.
        pictures = await self._pictures(account, message_id) if kind == reading.IMAGE and room is None else ()
        return Incoming(
            CHANNEL,
            message_id,
            at,
            room,
            sender,
            text,
            quote=quote,
            mentions=mentions,
            pictures=pictures,
        )

    async def _pictures(self, account: Account, message_id: str) -> tuple[Attachment, ...]:
        try:
            return (Attachment(message_id, await account.puppet.picture(message_id, MOST_BYTES)),)
        except (ValueError, GRPCError, TimeoutError) as error:
            log.warning("picture_not_fetched", error=type(error).__name__)
            return ()

    async def _with_names(
        self, account: Account, text: str, payload: Any, me: str
    ) -> tuple[str, tuple[str, ...]]:
        """The text and the mentions in the site pack's names, whatever people call each other there."""
        place, people = payload.room_id or None, self._directory.people
        named = []
        for contact in payload.mention_ids:
            names = await people.names(account, contact, place)
            ours = BOT if contact == me else (people.known(names) or contact)
            text = _written(text, [*names, self._name] if contact == me else list(names), ours)
            named.append(ours)
        if BOT not in named and (renamed := reading.called(text, self._name, BOT)):
            text, named = renamed, [*named, BOT]
        return text, tuple(dict.fromkeys(named))

    async def _quoted(self, kind: int, text: str, room: str | None, place: str | None) -> str | None:
        """Which message or post a reply, or a recall, is about."""
        if kind == reading.RECALLED:
            return text if _ID.fullmatch(text) and await self._host.has(CHANNEL, text) else None
        quoted = reading.quoted(text) if kind == reading.TEXT else None
        if quoted is None:
            return None
        who = BOT if quoted.who in (BOT, self._name) else self._directory.people.called(place, quoted.who)
        return await self._host.quoted(CHANNEL, room, who, quoted.words)


def _written(text: str, names: list[str], ours: str) -> str:
    called = (reading.called(text, name, ours) for name in names if name)
    return next(filter(None, called), text)
