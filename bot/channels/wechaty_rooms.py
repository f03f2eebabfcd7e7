"""Which of the account's groups is which of the site pack's: known by id, learned by name.

A group that is renamed keeps its purpose, because its id is known; at a login that gives every group a new id
they are learned again by name. A second group of the same name gets nothing while the first is there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping


class Rooms:
    """Pure book-keeping; `ids` (name → id) is what is worth keeping over a restart."""

    def __init__(self, names: Collection[str], ids: Mapping[str, str]) -> None:
        """`names`: the groups of the site pack; `ids`: those known from before."""
        self._names = frozenset(names)
        self.ids = {name: room for name, room in ids.items() if name in self._names}
        self._seen: set[str] = set()

    def begin(self) -> None:
        """A login: no id is sure until it is seen again."""
        self._seen.clear()

    def name(self, room_id: str) -> str | None:
        """The site pack's name of a group, None for one it does not know."""
        return next((name for name, known in self.ids.items() if known == room_id), None)

    def doubtful(self) -> list[str]:
        """Known ids that nobody has seen since the login."""
        return [room for room in self.ids.values() if room not in self._seen]

    def learn(self, topics: Mapping[str, str]) -> list[str]:
        """These groups (id → name in the platform) exist. Returns the ids that are none of ours."""
        self._seen.update(topics)
        often = Counter(topics.values())
        return [room for room, topic in topics.items() if not self._takes(room, topic, often[topic])]

    def _takes(self, room: str, topic: str, often: int) -> bool:
        if self.name(room):
            return True
        if topic not in self._names or often > 1 or self.ids.get(topic) in self._seen:
            return False
        self.ids[topic] = room
        return True

    def gone(self, room_id: str) -> str | None:
        """The account is no longer in that group; its name, if it was one of ours."""
        name = self.name(room_id)
        if name:
            del self.ids[name]
        self._seen.discard(room_id)
        return name
