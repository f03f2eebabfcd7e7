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
Names = tuple[str, str, str]
AT_ONCE = 5  # people who are asked for at once


class People:
    """Names as they were read last: the remark, the name in the group, the own name; empty where there is none."""

    def __init__(self, member: Callable[[str], str | None]) -> None:
        """`member`: the member of the site pack who writes under a name."""
        self._member = member
        self._names: dict[Key, Names] = {}
        self._index: dict[str, list[tuple[int, Key]]] | None = None  # by name, made when it is asked for

    async def names(
        self, account: Account, contact_id: str, room_id: str | None, *, again: bool = False
    ) -> Names:
        """What a person is called there. Raises what a call to the gateway raises."""
        key = (room_id, contact_id)
        if again or key not in self._names:
            contact = account.Contact.load(contact_id)
            await contact.ready()
            in_room = await account.Room.load(room_id).alias(contact) if room_id else ""
            read = (contact.payload.alias, in_room, contact.payload.name)
            self._names[key] = (_clean(read[0]), _clean(read[1]), _clean(read[2]))
            self._index = None
        return self._names[key]

    async def name(self, account: Account, contact_id: str, room_id: str | None) -> str:
        """The one name by which the bot knows a person."""
        return self.known(await self.names(account, contact_id, room_id)) or contact_id

    def known(self, names: Names) -> str | None:
        """Of a person's names that of the member; else the one that people see in the group."""
        members = (self._member(name) for name in names if name)
        remark, in_room, own = names
        return next(filter(None, members), in_room or own or remark or None)

    def called(self, room_id: str | None, name: str) -> str:
        """The name by which the bot knows whoever is called `name` in a group."""
        holders = self._holders(name, lambda place: place == room_id)
        return (self.known(self._names[room_id, holders[0]]) if len(holders) == 1 else None) or name

    def ids(self, room_id: str | None, names: Iterable[str]) -> list[str]:
        """Whom `names` mean in a group; who is not known, or is one of two, is left out."""
        found = [self._holders(name, lambda place: place == room_id) for name in names]
        return [holders[0] for holders in found if len(holders) == 1]

    def anywhere(self, name: str) -> str | None:
        """Whom a name means in all groups and among the contacts; None when that is not sure."""
        holders = self._holders(name, lambda _: True)
        return holders[0] if len(holders) == 1 else None

    def _holders(self, name: str, is_there: Callable[[str | None], bool]) -> list[str]:
        """Those with that name, by the surest kind of name: a remark is not outdone by what people call themselves."""
        if self._index is None:
            self._index = self._made_index()
        found = [(rank, contact) for rank, (place, contact) in self._index.get(name, ()) if is_there(place)]
        best = min((rank for rank, _ in found), default=0)
        return list(dict.fromkeys(contact for rank, contact in found if rank == best))

    def _made_index(self) -> dict[str, list[tuple[int, Key]]]:
        """Who is called how; the rank says by which kind of name, 0 the surest."""
        index: dict[str, list[tuple[int, Key]]] = {}
        for key, given in self._names.items():
            for rank, name in enumerate(given):
                for each in {name, self._member(name)} - {"", None} if name else ():
                    index.setdefault(str(each), []).append((rank, key))
        return index

    def all_known(self) -> set[str]:
        """The names by which the bot knows those who were met."""
        return set(filter(None, map(self.known, self._names.values())))

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


def _clean(name: str | None) -> str:
    return (name or "").strip()
