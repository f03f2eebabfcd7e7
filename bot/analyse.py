"""Messages in, what they mean out: one JSON object a line, same order, each flushed before the next."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, tzinfo
from typing import IO, Any, NoReturn

import structlog

from actions.site import load_site
from bot.errors import UserError
from bot.rasa_server import Say, rasa_for_the_duration
from bot.reader import MessageReader, Rank, load_understander, no_ranking
from bot.settings import Settings
from nlu.client import Ranking, RasaClient
from nlu.understanding import Understanding

Understand = Callable[[str, datetime], Understanding]

ANSWER = 10.0  # seconds for one answer: a batch rather waits than differs from run to run
PATIENCE = 120.0  # seconds for a server that died to be back


class BadLine(Exception):
    """A line that is not a message; the text says why. `id` is what could be read of its id."""

    def __init__(self, fault: str, id_: object = None) -> None:
        super().__init__(fault)
        self.id = id_


def main(settings: Settings, source: IO[bytes], sink: IO[bytes], say: Say | None = None) -> int:
    """Analyse all lines of `source`; 1 when one of them could not be, else 0.

    Raises UserError when the site pack or the engine cannot be had.
    """
    site = load_site(settings.site)
    with ThreadPoolExecutor(1) as pool:  # both take seconds to load: at the same time
        loading = pool.submit(load_understander, site)
        with ranking(settings, say) as rank:
            reader = MessageReader(loading.result(), site.tz, rank)
            return analyse(reader.understand, site.tz, source, sink)


@contextmanager
def ranking(settings: Settings, say: Say | None = None) -> Iterator[Rank]:
    """The engine's ranking of acts, ready to be asked; the built-in engine has none."""
    if settings.engine == "builtin":
        yield no_ranking
        return
    with rasa_for_the_duration(settings, say) as client:
        yield lambda text: _patiently(client, text)


def _patiently(client: RasaClient, text: str) -> Ranking | None:
    """The ranking, waiting for a server that died and is being started again.

    Raises UserError when it does not come back.
    """
    deadline = time.monotonic() + PATIENCE
    while True:
        client.wake()
        found = client.rank(text, timeout=ANSWER)
        if found is not None or client.reachable:
            return found
        if time.monotonic() > deadline:
            raise UserError("Rasa ended and does not come back; --engine builtin needs none")
        time.sleep(0.2)


def analyse(understand: Understand, zone: tzinfo, source: IO[bytes], sink: IO[bytes]) -> int:
    """One line out for every line in; one that is no message, or fails, gets `error` and the rest goes on."""
    failed = False
    for number, raw in enumerate(source):
        try:
            result = _one(understand, zone, raw.removeprefix(b"\xef\xbb\xbf") if number == 0 else raw)
        except BadLine as error:
            failed, result = True, {"id": error.id, "error": str(error)}
        sink.write(_encode(result) + b"\n")
        sink.flush()
    return 1 if failed else 0


def _one(understand: Understand, zone: tzinfo, raw: bytes) -> dict[str, Any]:
    id_, text, at = read_message(raw, zone)
    try:
        understanding = understand(text, at)
    except UserError:
        raise
    except Exception as error:  # one message that cannot be understood must not end a batch of thousands
        structlog.get_logger().error("analyse", exc_info=error)
        raise BadLine(f"internal error ({type(error).__name__})", id_) from error
    return {"id": id_, **understanding.to_dict()}


def read_message(raw: bytes, zone: tzinfo) -> tuple[Any, str, datetime]:
    """Id, text and time of one line. A missing time is now, one without offset is the site's.

    Raises BadLine.
    """
    body = _parse(raw)
    if not isinstance(body, dict):
        raise BadLine('not a JSON object like {"id": "m1", "text": "…"}')
    id_ = body.get("id")
    if isinstance(id_, dict | list):
        raise BadLine("`id` must be a string or a number")
    text = body.get("text")
    if not isinstance(text, str):
        raise BadLine("`text` is missing" if text is None else "`text` must be a string", id_)
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise BadLine("`text` holds half a character (a lone surrogate)", id_)
    return id_, text, _time(body.get("at"), zone, id_)


def _parse(raw: bytes) -> object:
    try:
        return json.loads(raw.decode("utf-8"), parse_constant=_no_constant, parse_float=_finite)
    except UnicodeDecodeError:
        raise BadLine("not UTF-8") from None
    except RecursionError:
        raise BadLine("not JSON (nested too deeply)") from None
    except ValueError as error:
        raise BadLine(f"not JSON ({error})" if raw.strip() else "empty line") from None


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _finite(number: str) -> float:
    value = float(number)
    if not math.isfinite(value):
        raise ValueError(f"{number} is too large")
    return value


def _time(value: object, zone: tzinfo, id_: object) -> datetime:
    if value is None:
        return datetime.now(zone)
    try:
        moment = datetime.fromisoformat(value)  # type: ignore[arg-type]
        return moment if moment.tzinfo else moment.replace(tzinfo=zone)
    except (TypeError, ValueError):
        raise BadLine("`at` must be a time like 2022-04-04T09:12:00+08:00", id_) from None


def _encode(result: dict[str, Any]) -> bytes:
    """JSON as people read it; an id that is no proper text is escaped."""
    try:
        return json.dumps(result, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(result).encode("ascii")
