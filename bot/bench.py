"""`lianluo bench`: what a message costs, measured side by side in one run on this machine."""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from actions.matching import Need, rank
from actions.phrasebook import Phrasebook
from actions.site import Site, load_site
from bot.app import Application, Parts
from bot.channels.base import Incoming
from bot.clock import VirtualClock
from bot.crowd import fill, make_due
from bot.database import open_database
from bot.invented import invented_place
from bot.reader import MessageReader, load_understander
from bot.settings import Settings
from nlu.tables import DATA, Faults

if TYPE_CHECKING:  # its tables and libraries take seconds to load
    from nlu.pipeline import Understander

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
ROUND = (
    "佘山镇秋月苑{n}号楼有位居民鱼刺卡喉三天了，饭也吃不下，电话1380000{n:04d}",
    "泗泾镇{n}弄一位72岁老伯，胸口闷痛两小时，出冷汗",
    "收到，谢谢",
    "刚测了血氧93",
    "他今年72岁，住江虹家园3号楼",
    "1号现在怎么样了",
    "还在等，怎么没人联系",
    "那个鱼刺的已经到医院了",
)
"""A round of messages for the full database: reports, news, questions, with and without a word which case."""
OPENED, ENDED, DUE = 10_000, 100_000, 1_000
STORY = (
    "叶榭镇有位76岁老伯，今天早饭后突然讲话含糊，右手拿不住筷子，走路往右边歪。",
    "有高血压和糖尿病，平时吃氨氯地平、二甲双胍，昨天起没药了。",
    "量了体温37.2度，血压180/100，血氧95，没有发烧，也没有胸痛。",
    "去年在区中心医院看过，家里只有老太一个人，住兰桥公寓6号楼302室。",
    "请问能送哪家医院？救护车要等多久？",
    "另外隔壁有个孕妇，34周，从昨晚开始肚子一阵一阵痛，下面有点出血，胎动比平时少。",
    "还有一位透析病人上周五做的，到今天没做上，脚肿，夜里躺不平，麻烦安排。",
)
"""An invented report; the texts of the bench are as much of it as they need, over and over."""
NEEDS = (
    (1, "NEURO", "CRITICAL", "D120"),
    (2, "CARD", "CRITICAL", "ER_NOW"),
    (2, "OB", "MATERNAL", "ER_NOW"),
    (3, "ENT", "TRAUMA", "HOSP_TODAY"),
    (3, "PED", "CHILD", "HOSP_TODAY"),
    (3, "NEPH", "DIALYSIS", "OWN_HOSPITAL"),
    (3, "INF", "FEVER", "FEVER_CLINIC"),
    (4, "GP", "MEDS", "CHC"),
)
"""Needs of every kind for the ranking in a large place: level, specialty, category, disposition."""
SHORT, LONG, LONGEST = 60, 300, 20_000
"""Characters of a message as people write it, of a long one, and of something pasted by mistake."""
BURST, ROOMS = 500, 20
LENGTHS = (300, 3_000, 20_000)


def main(settings: Settings) -> int:
    """Measure and print the table."""
    from nlu.nlp import read_tables  # noqa: PLC0415 (takes seconds; commands that need none start at once)

    site = load_site(settings.site)
    understander = load_understander(site)
    reader = MessageReader(understander, site.tz)
    rows = [
        ("load everything, tables as kept", [_loading(settings.site) for _ in range(3)]),
        ("read the tables anew", [_timed(lambda: read_tables(DATA, Faults()))]),
    ]
    for text in TEXTS:
        reader.understand(text, START)  # warm
    rows.append(("understand a message", _many(lambda n: reader.understand(TEXTS[n % len(TEXTS)], START))))
    for length, runs in ((SHORT, RUNS), (LONG, RUNS // 3), (LONGEST, 3)):
        rows.append((f"a message of {length:,} characters", _reading(reader, length, runs)))
        with _clinical_part(understander):
            rows.append(("- without the language model", _reading(reader, length, runs)))
    need = Need(3, "ENT", ("ENT",), "TRAUMA", (), "HOSP_TODAY", "佘山镇", None, START, None)
    rows.append(("rank the hospitals", _many(lambda _: rank(site, need, (), ()))))
    rows.append(("ranking among 1,000 institutions", _ranking(invented_place(site))))
    with _application(site, reader) as app:
        rows.append(("message to posts (SQLite)", _many(lambda n: _message(app, n))))
        rows.append(("tick with nothing due", _many(lambda _: app.tick())))
    with _application(site, reader) as app:
        rows.append(
            (f"{BURST} messages at once over {ROOMS} rooms, all handled", [_timed(partial(_burst, app))])
        )
    crowded = _crowded(site, reader)
    _print([*rows, *crowded])
    print(_times_as_much(*(times for _, times in crowded[:2])))
    print(_linearity(reader))
    return 0


@contextmanager
def _clinical_part(understander: Understander) -> Iterator[None]:
    """Within it no message reaches the small language model, as most do not anyway."""
    asked, understander.sentences = understander.sentences, None
    try:
        yield
    finally:
        understander.sentences = asked


def _loading(site: str) -> float:
    """Milliseconds until a new process can understand a message, libraries included."""
    code = (
        "import sys, time; start = time.perf_counter(); from actions.site import load_site; "
        "from bot.reader import load_understander; load_understander(load_site(sys.argv[1])); "
        "print((time.perf_counter() - start) * 1000)"
    )
    done = subprocess.run([sys.executable, "-c", code, site], capture_output=True, text=True, check=True)
    return float(done.stdout)


def _text(length: int, turn: int = 0) -> str:
    """So many characters of the story, begun at another of its sentences each time."""
    told = "".join(STORY[(turn + n) % len(STORY)] for n in range(len(STORY)))
    return (told * (length // len(told) + 1))[:length]


def _reading(reader: MessageReader, length: int, runs: int) -> list[float]:
    for turn in range(len(STORY)):
        reader.understand(_text(min(length, LONG), turn), START)  # warm
    return [_timed(lambda turn=turn: reader.understand(_text(length, turn), START)) for turn in range(runs)]  # type: ignore[misc]


def _linearity(reader: MessageReader) -> str:
    """What 100 characters cost in texts of growing length; equal figures mean that time grows with the length only."""
    costs = {n: min(_reading(reader, n, 3)) / n * 100 for n in LENGTHS}
    told = ", ".join(f"{cost:.2f} at {length:,}" for length, cost in costs.items())
    return f"linearity: ms per 100 characters {told}"


def _ranking(place: Site) -> list[float]:
    """What the list of hospitals costs there, for one need after another."""
    towns = list(place.towns)
    needs = [
        Need(level, specialty, (specialty,), category, (), way, towns[n * 37 % len(towns)], None, START)
        for n, (level, specialty, category, way) in enumerate(NEEDS)
    ]
    return _many(lambda n: rank(place, needs[n % len(needs)], (), ()))


@contextmanager
def _application(site: Site, reader: MessageReader, *, crowded: bool = False) -> Iterator[Application]:
    with tempfile.TemporaryDirectory(prefix="lianluo-bench-") as folder:
        engine = open_database(f"sqlite:///{Path(folder) / 'bench.db'}")
        if crowded:
            fill(engine, site, START, opened=OPENED, ended=ENDED)
        app = Application(Parts(site, reader, engine, VirtualClock(START), Phrasebook()))
        yield app
        app.close()


def _crowded(site: Site, reader: MessageReader) -> list[tuple[str, list[float]]]:
    """The same messages in an empty and in a full database, in turns, so that both meet the same machine."""
    empty: list[float] = []
    full: list[float] = []
    with _application(site, reader) as small, _application(site, reader, crowded=True) as large:
        for number in range(RUNS):
            for app, times in ((small, empty), (large, full)):
                times.append(_timed(partial(_message, app, number, ROUND[number % len(ROUND)])))
        auditor = [_timed(large.tick)]
        make_due(large.engine, START, DUE)
        sweep = [_timed(large.tick)]
    crowd = f"{OPENED:,} open and {ENDED:,} closed"
    return [
        ("a message among no cases", empty),
        (f"a message among {crowd}", full),
        ("the tick that looks over all of them, every 10 minutes", auditor),
        (f"a tick with {DUE:,} reminders due", sweep),
    ]


def _times_as_much(empty: list[float], full: list[float]) -> str:
    """How many times as much a message costs among many cases."""
    size = len(ROUND)
    kinds = [statistics.median(full[n::size]) / statistics.median(empty[n::size]) for n in range(size)]
    every = statistics.median(full) / statistics.median(empty)
    told = ", ".join(f"{ratio:.2f}" for ratio in kinds)
    return f"among many cases: {every:.2f} times as much; by kind of message {told}"


def _burst(app: Application) -> None:
    """Every message is kept before the first is handled. How they go out, paced: docs/wechat.md."""
    for number in range(BURST):
        at, who = START + timedelta(milliseconds=number), f"联络员{number % 90}"
        words = TEXTS[number % len(TEXTS)].format(n=number)
        app.receive(Incoming("bench", str(number), at, f"群{number % ROOMS}", who, words, "contact"))
    app.work()


def _message(app: Application, number: int, text: str | None = None) -> None:
    at = START + timedelta(seconds=number)
    sender = f"联络员{number % 7}"
    words = (text or TEXTS[number % len(TEXTS)]).format(n=number)
    app.receive(Incoming("bench", str(number), at, ROOM, sender, words, "contact"))
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
