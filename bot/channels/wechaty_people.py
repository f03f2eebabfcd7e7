"""What the site pack calls the people of a group, and whom to call with @.

Somebody is known by the remark the account gave them, else by their name in the group, else by their own name:
the first of these that is a member of the site pack.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from bot.channels.wechaty_account import Account

log = structlog.get_logger()
Key = tuple[str | None, str]
"""A group (None: outside of any) and a person, both as the platform calls them."""
AT_ONCE = 5  # people who are asked for at once


class People:
    """Names as they were read last."""

    def __init__(self, member: Callable[[str], str | None]) -> None:
        """`member`: the member of the site pack who writes under a name."""
        self._member = member
        self._names: dict[Key, list[str]] = {}

    async def names(
        self, account: Account, contact_id: str, room_id: str | None, *, again: bool = False
    ) -> list[str]:
        """What a person is called there, the surest first. Raises what a call to the gateway raises."""
        key = (room_id, contact_id)
        if again or key not in self._names:
            contact = account.Contact.load(contact_id)
            await contact.ready()
            in_room = await account.Room.load(room_id).alias(contact) if room_id else None
            self._names[key] = self._given([contact.payload.alias, in_room, contact.payload.name])
        return self._names[key]

    async def name(self, account: Account, contact_id: str, room_id: str | None) -> str:
        """The one name by which the bot knows a person."""
        return self.known(await self.names(account, contact_id, room_id)) or contact_id

    def known(self, names: Iterable[str]) -> str | None:
        """Of several names that of the member; else the one that people see in the group."""
        given = list(names)
        members = (self._member(name) for name in given)
        return next(filter(None, members), given[-2:][0] if given else None)

    def called(self, room_id: str | None, name: str) -> str:
        """The name by which the bot knows whoever is called `name` in a group."""
        holders = self._holders(room_id, name)
        return (self.known(self._names[room_id, holders[0]]) if len(holders) == 1 else None) or name

    def ids(self, room_id: str | None, names: Iterable[str]) -> list[str]:
        """Whom `names` mean in a group; who is not known, or is one of two, is left out."""
        found = [self._holders(room_id, name) for name in names]
        return [holders[0] for holders in found if len(holders) == 1]

    def _holders(self, room_id: str | None, name: str) -> list[str]:
        """Those with that name, the surest kind of name first: a remark is not outdone by a nickname."""
        ranks = {
            contact: given.index(name)
            for (place, contact), given in self._names.items()
            if place == room_id and name in given
        }
        best = min(ranks.values(), default=0)
        return [contact for contact, rank in ranks.items() if rank == best]

    def reachable(self) -> dict[str, str]:
        """Ids of all who were met, by the name the bot knows; one who is in the contacts before one who is not."""
        found: dict[str, str] = {}
        for (_, contact), given in sorted(self._names.items(), key=lambda item: item[0][0] is not None):
            name = self.known(given)
            if name is not None:
                found.setdefault(name, contact)
        return found

    async def learn(self, account: Account, keys: Iterable[Key]) -> None:
        """Read the names of so many people anew, a few at a time."""
        gate = asyncio.Semaphore(AT_ONCE)

        async def read(key: Key) -> None:
            async with gate:
                try:
                    await self.names(account, key[1], key[0], again=True)
                except Exception as error:  # one that cannot be read leaves the others readable
                    log.info("unnamed", error=type(error).__name__)

        await asyncio.gather(*(read(key) for key in keys))

    def touching(self, platform_id: str) -> list[Key]:
        """All that was read of a person or of a group."""
        return [key for key in self._names if platform_id in key]

    def _given(self, names: Iterable[str | None]) -> list[str]:
        """Each once; before a name the one of the member who writes under it."""
        given = [name.strip() for name in names if name and name.strip()]
        pairs = ((self._member(name), name) for name in given)
        return list(dict.fromkeys(name for pair in pairs for name in pair if name))
