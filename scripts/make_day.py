"""Writes data/sites/<site>/day.jsonl: a whole day of a place, for `lianluo replay --site <site> < day.jsonl`.

`python -m scripts.make_day songjiang [--engine builtin] [--seed 1]`. What is reported is written by hand in scripts/days/<site>.txt, what
people answer in scripts/days/answers.py and beside it; the dice of the seed choose. It talks to `lianluo replay`, so
that people answer by the case numbers the bot gave; the file then holds fixed text. Lines of type `meant` say what
kind each report was meant to be; replay passes them over, tests/conversations/test_days.py reads them.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from actions.site import SITES, load_site
from scripts.days import dongguan, songjiang
from scripts.days.day import Day
from scripts.days.talk import Replay

DAYS: dict[str, tuple[str, str, tuple[str, ...], Callable[[Day], None]]] = {
    "songjiang": (
        "2022-04-03T18:20",
        "医疗保障群",
        ("专班-陈老师", "专班-赵老师", "专班-刘老师"),
        songjiang.plan,
    ),
    "dongguan": (
        "2022-12-19T07:50",
        "互联网医院联络群",
        ("专班-陈老师", "专班-梁老师", "专班-黎老师"),
        dongguan.plan,
    ),
}


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("site", choices=DAYS)
    parser.add_argument("--engine", default="builtin", choices=("builtin", "rasa"))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, help="instead of the site's own file")
    options = parser.parse_args()
    start, room, coordinators, plan = DAYS[options.site]
    began = datetime.fromisoformat(start).replace(tzinfo=load_site(options.site).tz)
    replay = Replay(options.site, options.engine)
    day = Day(options.site, room, began, coordinators, replay, random.Random(options.seed))
    plan(day)
    last = began if began.hour < 12 else began + timedelta(days=1)
    evening = last.replace(hour=20, minute=0)
    day.run(evening)
    digest = "\n".join(post["text"] for post in day.posts if post["kind"] == "digest")
    day.run(evening.replace(hour=22))
    day.run((evening + timedelta(days=1)).replace(hour=10, minute=5))
    replay.close()
    out = options.out or SITES / options.site / "day.jsonl"
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in replay.lines)
    out.write_text(text, encoding="utf-8")
    says = sum(1 for line in replay.lines if line["type"] == "say")
    print(f"{out}: {says} messages, {len(day.cases)} cases, {len(day.posts)} posts\n{digest}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
