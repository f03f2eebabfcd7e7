"""The built-in group chat as a channel: what goes out appears on every open page."""

from __future__ import annotations

from collections.abc import Callable

from bot.channels.base import Outgoing, Receive


class WebChannel:
    """Posts are shown by the page; messages come in through the page's backend."""

    name = "web"

    def __init__(self, show: Callable[[Outgoing], None]) -> None:
        self._show = show

    async def start(self, receive: Receive) -> None:
        """Nothing to connect to: the page is served by the bot itself."""

    async def send(self, post: Outgoing) -> None:
        """The database holds the post; open pages are told of it."""
        self._show(post)

    async def stop(self) -> None:
        """Nothing to let go of."""
