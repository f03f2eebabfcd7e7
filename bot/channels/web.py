"""The built-in group chat as a channel: what goes out appears on every open page."""

from __future__ import annotations

from bot.channels.base import Outgoing, Receive


class WebChannel:
    """Posts are shown by the page; messages come in through the page's backend."""

    name = "web"
    paced = False
    state = "ready"

    async def start(self, receive: Receive) -> None:
        """Nothing to connect to: the page is served by the bot itself."""

    def carries(self, room: str | None, to: str | None) -> bool:
        """Everything: the page shows all rooms."""
        return True

    async def send(self, post: Outgoing) -> None:
        """The database holds the post, and open pages are told of every one, whichever way it takes."""

    async def stop(self) -> None:
        """Nothing to let go of."""
