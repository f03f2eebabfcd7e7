"""examples/bridge.py against a real bot: a message goes in, its receipt comes out, and a second one after a restart."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.settings import ROOT
from tests.bot.running import Bot, running_bot

SECRET = "a secret for nothing but tests"


class Bridge:
    """The running example; what it shows arrives line by line."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self._shown: queue.Queue[str] = queue.Queue()
        self.reading = threading.Thread(target=self._read)
        self.reading.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._shown.put(line)

    def write(self, room: str, sender: str, text: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{room}\t{sender}\t{text}\n")
        self.process.stdin.flush()

    def wait_for(self, part: str, seconds: float = 90) -> str:
        """Everything that is shown up to the line that has `part`."""
        deadline, shown = time.monotonic() + seconds, ""
        while part not in shown:
            shown += self._shown.get(timeout=max(0.1, deadline - time.monotonic()))
        return shown


@contextmanager
def bridge_to(bot: Bot) -> Iterator[Bridge]:
    env = os.environ | {"LIANLUO_URL": bot.url, "LIANLUO_HTTP_SECRET": SECRET, "PYTHONUTF8": "1"}
    process = subprocess.Popen(
        [sys.executable, ROOT / "examples" / "bridge.py"],
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    bridge = Bridge(process)
    try:
        yield bridge
    finally:
        process.kill()
        process.wait(10)
        bridge.reading.join(10)
        for pipe in (process.stdin, process.stdout):
            assert pipe is not None
            pipe.close()


def test_a_message_goes_in_and_its_receipt_comes_out(tmp_path: Path) -> None:
    with (
        running_bot(tmp_path, LIANLUO_CHANNELS="http", LIANLUO_HTTP_SECRET=SECRET) as bot,
        bridge_to(bot) as bridge,
    ):
        bridge.write("医疗保障群", "佘山防控办-小张", "佘山镇有位居民鱼刺卡喉三天了，饭也吃不下")
        shown = bridge.wait_for("@专班-")
        assert shown.startswith("[医疗保障群] 【") and "耳鼻" in shown
        bridge.write("没有的群", "佘山防控办-小张", "佘山镇有位居民胸痛")
        bridge.write("医疗保障群", "佘山防控办-小张", "泗泾镇一位70岁老伯胸痛半小时，出冷汗")
        assert "-002】" in bridge.wait_for("@专班-")
        bot.wait_for(10, posts_unacknowledged=0, open_cases=2)
