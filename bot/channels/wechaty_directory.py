"""The groups and people of the account: learned at login, refreshed by what happens, kept for the next start."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import structlog
from grpclib.exceptions import GRPCError

from bot.channels.wechaty_people import Key, People
from bot.channels.wechaty_rooms import Rooms

if TYPE_CHECKING:
    from bot.channels.wechaty_account import Account
    from bot.host import Host

log = structlog.get_logger()
CHANNEL = "wechaty"
LEARN_SECONDS = 5.0
"""How long a login waits for the names of people; the rest are learned beside."""


class Directory:
    """Names on our side, ids on the platform's."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self.people = People(host.member)
        self.rooms = Rooms(host.rooms, {})
        self.members: dict[str, str] = {}
        self._beside: set[asyncio.Task[None]] = set()

    async def load(self) -> None:
        """What was known before the restart."""
        self.rooms = Rooms(self._host.rooms, await self._host.places(CHANNEL, "room"))
        self.members = await self._host.places(CHANNEL, "member")

    async def login(self, account: Account) -> None:
        """Somebody logged in: every id may be another. Raises what a call to the gateway raises."""
        self.rooms.begin()
        await self.refresh(account)

    async def refresh(self, account: Account) -> None:
        """Read all groups and people anew. Raises what a call to the gateway raises."""
        account.forget()
        topics = {}
        for room_id in dict.fromkeys([*await account.puppet.room_list(), *self.rooms.doubtful()]):
            topic = await self._topic(account, room_id)
            if topic:
                topics[room_id] = topic
        await self._learned(topics)
        task = asyncio.create_task(self._learn_people(account))
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)
        await asyncio.wait({task}, timeout=LEARN_SECONDS)

    async def _learn_people(self, account: Account) -> None:
        try:
            keys: list[Key] = [(None, each) for each in await account.puppet.contact_list()]
            for room_id in self.rooms.ids.values():
                keys += [(room_id, each) for each in await account.puppet.room_members(room_id)]
            await self.people.learn(account, keys)
            await self._keep_members()
        except Exception as error:
            log.warning("people_unread", error=type(error).__name__)

    async def _keep_members(self) -> None:
        met = {name: self.people.anywhere(name) for name in self.people.all_known()}
        kept = {name: known for name, known in self.members.items() if name not in met}
        found = kept | {name: contact for name, contact in met.items() if contact}
        if found != self.members:
            self.members = found
            await self._host.keep_places(CHANNEL, "member", found)

    async def _topic(self, account: Account, room_id: str) -> str | None:
        """What a group is called now, None for one that is not there."""
        try:
            room = account.Room.load(room_id)
            await room.ready()
        except GRPCError:
            return None
        return str(room.payload.topic).strip() or None

    async def _learned(self, topics: Mapping[str, str]) -> None:
        before = dict(self.rooms.ids)
        for room_id in self.rooms.learn(topics):
            topic = topics[room_id]
            await self._host.tell("channel_unknown_room", f"unknown:{topic}", room=topic)
        if self.rooms.ids != before:
            log.info("rooms_known", count=len(self.rooms.ids))
            await self._host.keep_places(CHANNEL, "room", self.rooms.ids)

    async def room(self, account: Account, room_id: str) -> str | None:
        """The site pack's name of the group a message came from; None: nothing is answered there."""
        name = self.rooms.name(room_id)
        if name is None and (topic := await self._topic(account, room_id)):
            if topic in self._host.rooms:  # the id may be a new one of a group that we know by an old one
                old = {each: await self._topic(account, each) for each in self.rooms.doubtful()}
                await self._learned({room: found for room, found in old.items() if found})
            await self._learned({room_id: topic})
            name = self.rooms.name(room_id)
        return name

    async def close(self) -> None:
        """Stop learning."""
        for task in self._beside:
            task.cancel()
        await asyncio.gather(*self._beside, return_exceptions=True)

    # -- what happens to groups and people

    async def joined(self, account: Account, data: Mapping[str, Any], me: str) -> None:
        """Somebody came into a group, perhaps we."""
        room_id = str(data.get("roomId") or "")
        account.forget()
        if await self.room(account, room_id) is None:
            return
        came = [str(each) for each in data.get("inviteeIdList") or ()]
        if me in came:
            came = list(await account.puppet.room_members(room_id))
        await self.people.learn(account, [(room_id, each) for each in came])
        await self._keep_members()

    async def left(self, account: Account, data: Mapping[str, Any], me: str) -> None:
        """Somebody is no longer in a group, perhaps we."""
        account.forget()
        if me not in (data.get("removeeIdList") or ()):
            return
        name = self.rooms.gone(str(data.get("roomId") or ""))
        if name:
            await self._host.keep_places(CHANNEL, "room", self.rooms.ids)
            await self._host.tell("channel_removed", f"removed:{name}:{data.get('timestamp')}", room=name)

    async def invited(self, account: Account, data: Mapping[str, Any]) -> None:
        """Into a group of the site pack we go; of any other the administrator hears."""
        invitation = str(data.get("roomInvitationId") or "")
        payload = await account.puppet.puppet_stub.room_invitation_payload(id=invitation)
        topic = str(payload.topic).strip()
        if topic in self._host.rooms:
            await account.puppet.room_invitation_accept(invitation)
        else:
            await self._host.tell("channel_invited", f"invited:{topic}", room=topic or "?")

    async def changed(self, account: Account, data: Mapping[str, Any]) -> None:
        """Something about a group or a person is not what it was."""
        account.forget()
        changed = str(data.get("roomId") or data.get("payloadId") or "")
        await self.people.learn(account, self.people.touching(changed))
        await self._keep_members()
