"""Posts that were handed over and not yet seen in the chat. Only a puppet that shows our own messages confirms them."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

STRANGERS = 200  # messages of ours that are remembered though no post was known to be them


@dataclass
class Handed:
    """A post on its way; `at` in seconds of a steady clock, `channel_id` once the platform has said it."""

    post_id: str
    conversation: str
    text: str
    at: float
    channel_id: str | None = None


class Echoes:
    """Which of our messages were seen."""

    def __init__(self, patience: float) -> None:
        """`patience`: seconds after which one that was not seen counts as unconfirmed."""
        self._patience = patience
        self._handed: list[Handed] = []
        self._strangers: deque[str] = deque(maxlen=STRANGERS)
        self.come = False  # whether this puppet shows our own messages at all

    def expect(self, handed: Handed) -> None:
        """A post is being handed over; the echo may come before the answer."""
        self._handed.append(handed)

    def named(self, handed: Handed, channel_id: str | None) -> None:
        """The answer came: what the post is called there."""
        handed.channel_id = channel_id
        if channel_id in self._strangers:
            self.forget(handed)

    def forget(self, handed: Handed) -> None:
        """It did not go out, or nothing more need be known of it."""
        if handed in self._handed:
            self._handed.remove(handed)

    def seen(self, channel_id: str, conversation: str, text: str) -> str | None:
        """One of our own messages was shown; the post it is, None for what somebody wrote by hand."""
        self.come = True
        same = (each for each in self._handed if each.channel_id == channel_id)
        alike = (each for each in self._handed if (each.conversation, each.text) == (conversation, text))
        found = next(same, None) or next(alike, None)
        if found is None:
            self._strangers.append(channel_id)
            return None
        self._handed.remove(found)
        return found.post_id

    def overdue(self, now: float) -> list[str]:
        """The posts that should have been seen by now; each is named once."""
        late = [each for each in self._handed if now - each.at > self._patience]
        self._handed = [each for each in self._handed if each not in late]
        return [each.post_id for each in late] if self.come else []
