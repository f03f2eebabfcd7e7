"""`lianluo bench`: what a message costs, measured side by side in one run on this machine."""

from __future__ import annotations

import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.table import Table

from actions.matching import Need, rank
from actions.phrasebook import Phrasebook
from actions.site import Site, load_site
from bot.app import Application, Parts
from bot.channels.base import Incoming
from bot.clock import VirtualClock
from bot.database import open_database
from bot.reader import MessageReader, load_understander
from bot.settings import Settings

RUNS = 300
START = datetime(2022, 4, 4, 1, 0, tzinfo=UTC)
ROOM = "医疗保障群"
TEXTS = (
    "佘山镇有位居民鱼刺卡喉三天了，饭也吃不下，喉咙肿",
    "方松街道82岁阿婆突然嘴歪，右边手脚没力气，讲话讲不清",
    "岳阳街道67岁老伯血透病人，上次上周四做的，有点气急脚肿",
    "收到，谢谢",
    "刚测了血氧88",
    "大家记得晚上八点前交表",
)


def main(settings: Settings) -> int:
    """Measure and print the table."""
    site = load_site(settings.site)
    rows = [("load the tables", [_timed(lambda: _reader(site))])]
    reader = _reader(site)
    for text in TEXTS:
        reader.understand(text, START)  # warm
    rows.append(("understand a message", _many(lambda n: reader.understand(TEXTS[n % len(TEXTS)], START))))
    need = Need(3, "ENT", ("ENT",), "TRAUMA", (), "HOSP_TODAY", "佘山镇", None, START, None)
    rows.append(("rank the hospitals", _many(lambda _: rank(site, need, (), ()))))
    with _application(site, reader) as app:
        rows.append(("message to posts (SQLite)", _many(lambda n: _message(app, n))))
        rows.append(("tick with nothing due", _many(lambda _: app.tick())))
    _print(rows)
    return 0


def _reader(site: Site) -> MessageReader:
    return MessageReader(load_understander(site), site.tz)


@contextmanager
def _application(site: Site, reader: MessageReader) -> Iterator[Application]:
    with tempfile.TemporaryDirectory(prefix="lianluo-bench-") as folder:
        engine = open_database(f"sqlite:///{Path(folder) / 'bench.db'}")
        app = Application(Parts(site, reader, engine, VirtualClock(START), Phrasebook()))
        yield app
        app.close()


def _message(app: Application, number: int) -> None:
    at = START + timedelta(seconds=number)
    sender = f"联络员{number % 7}"
    app.receive(Incoming("bench", str(number), at, ROOM, sender, TEXTS[number % len(TEXTS)], "contact"))
    app.work()


def _many(call: Callable[[int], object]) -> list[float]:
    return [_timed(lambda number=number: call(number)) for number in range(RUNS)]  # type: ignore[misc]


def _timed(call: Callable[[], object]) -> float:
    """Milliseconds."""
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) * 1000


def _print(rows: list[tuple[str, list[float]]]) -> None:
    table = Table("what", "runs", "median ms", "p95 ms", "max ms")
    for name, times in rows:
        ordered = sorted(times)
        p95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
        figures = (statistics.median(times), p95, ordered[-1])
        table.add_row(name, str(len(times)), *(f"{value:.1f}" for value in figures))
    console = Console()
    console.print(table)
    console.print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
