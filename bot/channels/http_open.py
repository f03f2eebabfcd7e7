"""Whether the HTTP channel may open, and its place on the page's server."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.channels.http import HttpChannel
from bot.channels.http_signing import SHORTEST_SECRET
from bot.host import Host
from bot.settings import PREFIX, Settings

if TYPE_CHECKING:
    from fastapi import FastAPI
    from sqlalchemy.orm import Session, sessionmaker


def open_http(settings: Settings, host: Host, sessions: sessionmaker[Session]) -> HttpChannel | None:
    """The channel; None, and one line on standard error, when its settings do not do."""
    fault = _fault(settings)
    if fault:
        print(f"lianluo: the channel http does not open: {fault}", file=sys.stderr, flush=True)
        return None
    return HttpChannel(host, sessions, secret=settings.http_secret, webhook=settings.http_webhook)


def _fault(settings: Settings) -> str:
    if len(settings.http_secret) < SHORTEST_SECRET:
        made = "make one with: openssl rand -hex 32"
        return f"{PREFIX}HTTP_SECRET must have at least {SHORTEST_SECRET} characters; {made}"
    hook = urlsplit(settings.http_webhook)
    if settings.http_webhook and not (hook.scheme in ("http", "https") and hook.hostname):
        return f"{PREFIX}HTTP_WEBHOOK must be a URL like http://127.0.0.1:9000/posts"
    return ""


def serve(channel: HttpChannel, page: FastAPI) -> None:
    """Put the operations in front of the pages, which take every path that is left."""
    from starlette.routing import Mount  # noqa: PLC0415 (only a bot that has the channel needs these)

    from bot.channels.http_api import PATH, guarded  # noqa: PLC0415

    page.router.routes.insert(0, Mount(PATH, app=guarded(channel)))
