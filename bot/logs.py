"""Logging, set up once. What people write is health data: no message text is ever logged."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import Any, TextIO

import structlog

# Names under which a message, a post or what was read out of them might be passed to a logger.
PRIVATE_KEYS = frozenset(
    {"address", "body", "content", "entities", "fields", "incoming", "line", "message", "messages"}
    | {"outgoing", "patient", "phone", "post", "posts", "quote", "quotes", "raw", "report", "reports"}
    | {"symptoms", "text", "texts", "token", "understanding"}
)
# Libraries that log whole addresses (with the token in the query) or statements with their values.
QUIET = (
    "alembic",
    "httpx",
    "httpcore",
    "sqlalchemy",
    "apscheduler",
    "uvicorn.access",
    "jieba",
    "asyncio",
    "websockets",
)


def hide_private(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Replace private values by their length, and an exception by where it happened.

    The words of an exception may hold the words of a message ("bad value '…'"), so only its type and the
    places in the code are kept.
    """
    for key in PRIVATE_KEYS & event.keys():
        if not isinstance(event[key], int | float | None):
            event[key] = f"<{_size(event[key])}>"
    error = event.pop("exc_info", None)
    if error:
        event["where"] = places(error)
    return event


def _size(value: object) -> str:
    return f"{len(value)} characters" if isinstance(value, str) else type(value).__name__


def places(error: Any) -> str:
    """An exception (or what sys.exc_info gives) as `Type at file:line < file:line`, without its words."""
    exception = (
        error
        if isinstance(error, BaseException)
        else (error[1] if isinstance(error, tuple) else sys.exception())
    )
    if exception is None:
        return "no exception"
    frames = traceback.extract_tb(exception.__traceback__)
    spots = " < ".join(f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in reversed(frames[-6:]))
    return f"{type(exception).__name__} at {spots or '?'}"


def configure(level: str = "info", form: str = "console", stream: TextIO | None = None) -> None:
    """Send structlog and the standard library's logging to `stream` (standard error) in one form.

    Standard output belongs to the commands' results and is never written to.
    """
    target = stream or sys.stderr
    number = logging.getLevelNamesMapping()[level.upper()]
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=False),
        hide_private,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(target)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=[*_last(form, target)])
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(number)
    for name in QUIET:
        logging.getLogger(name).setLevel(max(number, logging.WARNING))


def _last(form: str, target: TextIO) -> list[Any]:
    strip = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    if form == "json":
        return [strip, structlog.processors.JSONRenderer(ensure_ascii=False)]
    return [strip, structlog.dev.ConsoleRenderer(colors=target.isatty())]
