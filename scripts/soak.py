"""Days of random chat with restarts against the real application, and what it promised while it went on.

`python scripts/soak.py [--days 3] [--seed 1] [--kills 300]`. Talks to `lianluo replay`; the clock is virtual, the database,
the understanding and the reminders are the product's. Then a chat is killed at many of its steps, on SQLite and
on PostgreSQL (tests/bot/killing.py), and the WeChat gateway is killed, frozen and flooded (tests/gateway/soaking.py); the whole
days of both places are played last (docs/days.md).
Leaves with status 1 when a promise was broken.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parent.parent
START = datetime(2022, 4, 4, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
ROOM = "医疗保障群"
SPEAKERS = [("佘山防控办-小张", "contact"), ("车墩-小李", "contact"), ("志愿者-小周", "volunteer")]
COORDINATOR = ("专班-陈老师", "coordinator")
DUTIES = {"专班-陈老师": ["DUTY1"], "专班-吴老师": ["DUTY2"], "专班-林主任": ["LEADER"]}

TOWNS = ["佘山镇", "车墩镇", "泗泾镇", "九亭镇", "新桥镇", "洞泾镇"]
SURNAMES = "王李张刘陈杨黄赵周吴"
PEOPLE = ["{n}阿婆{a}岁", "{n}老伯，{a}岁", "居民{n}女士{a}岁", "{n}先生，{a}岁"]
COMPLAINTS = [
    "胸口闷痛两小时，出汗",
    "鱼刺卡喉一天，咽东西痛",
    "摔倒后手腕肿痛不能动",
    "牙痛三天，脸肿了",
    "血透两天没做了，脚肿",
    "降压药明天就吃完了，想配药",
    "突然一侧手脚没力气，说话不清楚",
    "发烧39度两天，咳嗽",
    "小便痛，有血",
    "皮疹三天，痒得睡不着",
    "叫不醒，没反应了",
    "拉肚子一天十次，没力气",
]
CHATTER = ["大家辛苦了", "收到", "好的谢谢", "今天核酸几点开始", "早", "物资什么时候到", "[强]", "在吗"]
SPEAKING_UNASKED = {"reminder", "escalation", "batch", "digest", "handover", "question"}
INTERVAL = {1: timedelta(minutes=2), 2: timedelta(minutes=5), 3: timedelta(minutes=15)}
DONE = ("closed", "cancelled", "merged", "arrived")
MEMORY_LIMIT = 80  # MB the process may grow between the first quarter and the end


class Replay:
    """The product as another program: a line in, its posts and the state out."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "bot.cli", "replay", "--engine", "builtin"]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def send(self, line: dict[str, Any]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps(line, ensure_ascii=False) + "\n")
        self.process.stdin.flush()
        posts: list[dict[str, Any]] = []
        for raw in self.process.stdout:
            out = json.loads(raw)
            if out["type"] == "state":
                return posts, out
            posts.append(out)
        raise SystemExit(f"soak: replay ended at {line} with status {self.process.wait()}")

    def memory(self) -> float:
        """Resident memory in MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return next(int(row.split()[1]) / 1024 for row in status.splitlines() if row.startswith("VmRSS"))


@dataclass
class Soak:
    """Says things at random and keeps the books."""

    dice: random.Random
    days: float
    replay: Replay = field(default_factory=Replay)
    now: datetime = START
    number: int = 0
    said: list[dict[str, Any]] = field(default_factory=list)
    cases: dict[str, dict[str, Any]] = field(default_factory=dict)
    posts: list[dict[str, Any]] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)

    def run(self) -> None:
        people = [
            *SPEAKERS,
            *((name, "leader" if "LEADER" in d else "coordinator") for name, d in DUTIES.items()),
        ]
        members = [
            {"name": n, "role": r, "rooms": [ROOM], "hospital": None, "on_call": DUTIES.get(n, [])}
            for n, r in people
        ]
        self.send({"type": "members", "members": members})
        while self.now < START + timedelta(days=self.days):
            self.dice.choices(
                [self.report, self.chatter, self.close, self.accept, self.again, self.restart, self.wait],
                weights=[20, 25, 22, 12, 8, 3, 10],
            )[0]()

    def send(self, line: dict[str, Any]) -> list[dict[str, Any]]:
        began = time.monotonic()
        posts, state = self.replay.send(line)
        self.times.append(time.monotonic() - began)
        self.memory.append(self.replay.memory())
        expected = line.get("id") or (f"wait:{line['until']}" if line["type"] == "wait" else line["type"])
        self.check(state["after"] == expected, f"state after {state['after']!r} instead of {expected!r}")
        self.look(posts, {case["case"]: case for case in state["cases"]})
        return posts

    def say(self, who: tuple[str, str], text: str) -> list[dict[str, Any]]:
        self.number += 1
        self.now += timedelta(seconds=self.dice.randint(5, 1500))
        at = self.now.isoformat()
        line: dict[str, Any] = {
            "type": "say",
            "id": f"m{self.number}",
            "at": at,
            "room": ROOM,
            "from": who[0],
            "role": who[1],
        }
        line.update(text=text, quote=None, mentions=[])
        self.said.append(line)
        return self.send(line)

    def report(self) -> None:
        person = self.dice.choice(PEOPLE).format(n=self.dice.choice(SURNAMES), a=self.dice.randint(20, 89))
        text = f"{self.dice.choice(TOWNS)}{person}，{self.dice.choice(COMPLAINTS)}"
        posts = self.say(self.dice.choice(SPEAKERS), text)
        answered = any(post["kind"] in ("receipt", "confirm") for post in posts)
        self.check(answered, f"a report without a receipt: {text}")

    def chatter(self) -> None:
        text = self.dice.choice(CHATTER)
        loud = [
            p["kind"] for p in self.say(self.dice.choice(SPEAKERS), text) if p["kind"] not in SPEAKING_UNASKED
        ]
        self.check(not loud, f"chatter {text!r} was answered: {loud}")

    def close(self) -> None:
        number = self.some_open()
        if number:
            self.say(COORDINATOR, f"{number} 已经处理好了，结案")
            self.check(self.cases[number]["status"] in ("closed", "cancelled"), f"{number} was not closed")

    def accept(self) -> None:
        number = self.some_open()
        if number:
            self.say(COORDINATOR, f"{number} 我来跟")

    def again(self) -> None:
        """The same message delivered twice: nothing may happen."""
        if self.said:
            before = self.cases
            posts = self.send(self.said[-1])
            self.check(not posts and self.cases == before, f"a repeat of {self.said[-1]['id']} had an effect")

    def restart(self) -> None:
        before = self.cases
        posts = self.send({"type": "restart"})
        self.check(not posts and self.cases == before, f"a restart at {self.now} had an effect")

    def wait(self) -> None:
        """Nobody says anything; every case nobody answered on must be reminded of."""
        span = timedelta(minutes=self.dice.randint(1, 90))
        waiting = {
            number: case["level"]
            for number, case in self.cases.items()
            if case["status"] in ("open", "proposed") and not case["owner"] and case["level"] in INTERVAL
        }
        self.now += span
        posts = self.send({"type": "wait", "until": self.now.isoformat()})
        text = "\n".join(post["text"] for post in posts)
        for number, level in waiting.items():
            if span >= 2 * INTERVAL[level]:
                self.check(number in text, f"{number} (level {level}) was not reminded of for {span}")

    def some_open(self) -> str | None:
        numbers = [number for number, case in self.cases.items() if case["status"] not in DONE]
        return self.dice.choice(numbers) if numbers else None

    def look(self, posts: list[dict[str, Any]], cases: dict[str, dict[str, Any]]) -> None:
        """What must hold of every line's output."""
        known = {post["id"] for post in self.posts}
        finished = {
            number for number, case in self.cases.items() if case["status"] in ("closed", "cancelled")
        }
        for post in posts:
            self.check(post["id"] not in known, f"post {post['id']} was made twice")
            known.add(post["id"])
            if post["kind"] in ("reminder", "escalation"):
                late = [number for number in finished if number in post["text"]]
                self.check(not late, f"{late} is done and was reminded of at {post['at']}")
        moments = [datetime.fromisoformat(post["at"]) for post in [*self.posts[-1:], *posts]]
        self.check(moments == sorted(moments), f"posts out of order at {self.now}")
        for number, case in self.cases.items():
            self.check(number in cases, f"{number} is gone")
            self.check(cases.get(number, case)["level"] <= case["level"], f"{number} was lowered by nobody")
        self.posts.extend(posts)
        self.cases = cases

    def check(self, holds: bool, promise: str) -> None:
        if not holds:
            self.broken.append(f"line {len(self.times)}, {self.now:%d. %H:%M}: {promise}")

    def summary(self) -> Iterator[str]:
        self.times.sort()
        quarter, end = self.memory[len(self.memory) // 4], self.memory[-1]
        yield (
            f"{len(self.times)} lines, {len(self.cases)} cases, {len(self.posts)} posts; "
            f"a line takes {self.times[len(self.times) // 2] * 1000:.0f} ms in the middle, "
            f"{self.times[int(len(self.times) * 0.95)] * 1000:.0f} ms at 95 %, {self.times[-1]:.1f} s at most; "
            f"memory {quarter:.0f} MB after a quarter, {end:.0f} MB at the end"
        )
        if end - quarter > MEMORY_LIMIT:
            self.broken.append(f"memory grew by {end - quarter:.0f} MB")
        yield from (f"BROKEN {fault}" for fault in self.broken)
        yield f"{len(self.broken)} promises broken"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--days", type=float, default=3, help="virtual days (default 3)")
    parser.add_argument("--seed", type=int, default=1, help="another seed, another chat (default 1)")
    parser.add_argument("--kills", type=int, default=300, help="steps of a chat to kill at (default 300)")
    parser.add_argument(
        "--no-gateway", dest="gateway", action="store_false", help="without the WeChat gateway"
    )
    options = parser.parse_args()
    soak = Soak(random.Random(options.seed), options.days)
    soak.run()
    print("\n".join(soak.summary()), flush=True)
    kills = [sys.executable, "-m", "tests.bot.killing", "--points", str(options.kills)]
    killed = subprocess.run(kills, cwd=ROOT, check=False).returncode if options.kills else 0
    gateway = [sys.executable, "-m", "tests.gateway.soaking"]
    gone = subprocess.run(gateway, cwd=ROOT, check=False).returncode if options.gateway else 0
    days = [sys.executable, "-m", "tests.conversations.whole_day"]
    uneven = subprocess.run(days, cwd=ROOT, check=False).returncode
    return 1 if soak.broken or killed or gone or uneven else 0


if __name__ == "__main__":
    sys.exit(main())
