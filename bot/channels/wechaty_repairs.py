"""Makes `wechaty` 0.10.7 importable with current libraries, and imports it without its side effects.

What is wrong with it there: pyee moved its emitter in version 12, urllib3 2 has no get_host, Python 3.11 refuses
its unhashable dataclass default, Python 3.13 has no telnetlib. At import it makes a folder and writes to the
console whatever its loggers say, the text of messages included.
"""

from __future__ import annotations

import importlib
import logging
import os
import sys
import types
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

PACKAGES = ("wechaty", "wechaty_puppet_service", "wechaty_grpc.wechaty")


def repair(cache: Path) -> None:
    """Import the package, once; what it wants to keep goes to `cache`, and it logs nothing.

    Takes seconds the first time. Raises ImportError when the package is not installed.
    """
    if all(name in sys.modules for name in PACKAGES):
        return
    _give_back_what_is_gone()
    before = set(logging.root.manager.loggerDict)
    surroundings = {"CACHE_DIR": str(cache), "WECHATY_LOG": "error", "WECHATY_LOG_FILE": None}
    with _environment(surroundings), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # old escapes and deprecated modules of other people's code
        options = importlib.import_module("wechaty_puppet.schemas.puppet")
        options.PuppetOptions.__hash__ = object.__hash__
        for name in PACKAGES:
            importlib.import_module(name)
    _silence(set(logging.root.manager.loggerDict) - before)


def _give_back_what_is_gone() -> None:
    pyee = importlib.import_module("pyee")
    if not hasattr(pyee, "AsyncIOEventEmitter"):
        pyee.AsyncIOEventEmitter = importlib.import_module("pyee.asyncio").AsyncIOEventEmitter  # type: ignore[attr-defined]
    urllib3 = importlib.import_module("urllib3")
    if not hasattr(urllib3, "get_host"):
        urllib3.get_host = _get_host  # type: ignore[attr-defined]
    if sys.version_info >= (3, 13):
        sys.modules.setdefault("telnetlib", _no_telnet())


def _get_host(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url if "//" in url else f"//{url}")
    return parts.scheme or "http", parts.hostname, parts.port


def _no_telnet() -> types.ModuleType:
    """The package asks whether a port is open by telnet; our puppet does not ask."""
    module = types.ModuleType("telnetlib")
    module.Telnet = object  # type: ignore[attr-defined]
    return module


@contextmanager
def _environment(values: dict[str, str | None]) -> Iterator[None]:
    kept = {name: os.environ.get(name) for name in values}
    _set(values)
    try:
        yield
    finally:
        _set(kept)


def _set(values: dict[str, str | None]) -> None:
    for name, value in values.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


def _silence(names: set[str]) -> None:
    """Its loggers have handlers of their own that print what people wrote."""
    for name in names:
        logger = logging.getLogger(name)
        if not logger.propagate:
            logger.handlers = [logging.NullHandler()]
