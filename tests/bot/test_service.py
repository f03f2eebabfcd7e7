"""The service as it runs: Rasa dies while messages arrive, Ctrl-C leaves nothing behind, mistakes are one line."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from actions.models import Case, Message, Post
from bot.channels.base import Incoming
from bot.service import Service
from bot.settings import ROOT, Settings
from tests.bot.running import LIANLUO, free_port, running_bot
from tests.postgres import Cluster

TOWNS = ("佘山镇", "泗泾镇", "九亭镇", "新桥镇", "车墩镇", "洞泾镇", "叶榭镇", "泖港镇", "新浜镇", "小昆山镇")


def message(number: int, text: str) -> Incoming:
    return Incoming("web", f"t{number}", datetime.now(UTC), "医疗保障群", "佘山防控办-小张", text)


async def wait_for(service: Service, engine: str, seconds: float = 90) -> None:
    for _ in range(int(seconds / 0.2)):
        if service.board.health()["engine"] == engine:
            return
        await asyncio.sleep(0.2)
    raise AssertionError(f"the engine is {service.board.health()['engine']}, not {engine}")


@pytest.mark.usefixtures("trained")
async def test_rasa_killed_while_messages_arrive(tmp_path: Path) -> None:
    """Each message still gets its case; the engine is said to be builtin, and Rasa comes back by itself."""
    settings = Settings(home=ROOT, db_url=f"sqlite:///{tmp_path / 'bot.db'}")
    service = Service(settings, ["web"])
    await service.start()
    await service.ready()
    try:
        await wait_for(service, "rasa")
        for number, town in enumerate(TOWNS):
            if number == 3:
                pid = service.rasa_pid
                assert pid is not None
                os.kill(pid, signal.SIGKILL)
            await service.receive(message(number, f"{town}一位{60 + number}岁老伯胸痛半小时，出冷汗"))
        await wait_for(service, "builtin", 30)
        with service.board.sessions() as session:
            cases = session.scalars(select(Case)).all()
            assert [case.town for case in cases] == list(TOWNS)
            assert all(row.handled_at for row in session.scalars(select(Message)))
            receipts = session.scalars(select(Post).where(Post.kind == "receipt")).all()
            assert [post.state for post in receipts] == ["sent"] * len(TOWNS)
        await wait_for(service, "rasa")
    finally:
        await service.stop()


@pytest.mark.usefixtures("trained")
def test_ctrl_c_ends_rasa_too(tmp_path: Path) -> None:
    """No process of the bot's session is left."""
    with running_bot(tmp_path, engine="rasa") as bot:
        bot.wait_for(90, engine="rasa")
        before = _processes_under(bot.process.pid)
        assert len(before) > 1
    assert bot.process.returncode is not None
    assert not before & _living().keys()


def test_ready_before_rasa_and_says_so(tmp_path: Path) -> None:
    """The first look at /health already answers, with the built-in engine."""
    with running_bot(tmp_path) as bot:
        assert bot.health()["engine"] == "builtin"


def test_it_runs_on_postgresql(tmp_path: Path, cluster: Cluster) -> None:
    """`LIANLUO_DB_URL` as an operator would write it, without the driver's name."""
    url = cluster.empty().replace("+psycopg", "")
    with running_bot(tmp_path, LIANLUO_DB_URL=url) as bot:
        bot.wait_for(60, status="ok", messages_waiting=0)


def run(*arguments: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LIANLUO, *arguments],
        check=False,
        input=stdin,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


def is_one_line(done: subprocess.CompletedProcess[str], *parts: str) -> None:
    """One clear line on standard error, a status that is not 0, no traceback."""
    assert done.returncode != 0
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    for part in parts:
        assert part in lines[0], lines[0]


def test_an_unknown_site() -> None:
    is_one_line(run("run", "--site", "atlantis", "--port", str(free_port())), "atlantis", "songjiang")
    is_one_line(run("replay", "--site", "atlantis", "--engine", "builtin"), "atlantis", "songjiang")


def test_a_port_in_use() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        is_one_line(run("run", "--port", port), port, "--port")


def test_a_database_that_is_none(tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear all, this is a letter. " * 100)
    url = f"sqlite:///{letter}"
    is_one_line(run("db", "upgrade", "--db", url), "letter.txt")
    is_one_line(run("replay", "--engine", "builtin", "--db", url), "letter.txt")


def test_a_bad_line_in_a_replay_file() -> None:
    done = run("replay", "--engine", "builtin", stdin='{"type": "wait", "until": "tomorrow"}\n')
    is_one_line(done, "line 1", "`until`")


def _living() -> dict[int, int]:
    """Processes that are no zombies, with their parents."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                state, parent = (entry / "stat").read_text().rsplit(")", 1)[1].split()[:2]
            except OSError:
                continue
            if state != "Z":
                parents[int(entry.name)] = int(parent)
    return parents


def _processes_under(root: int) -> set[int]:
    """A process and all that it started, whatever group they are in."""
    parents, found = _living(), {root}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found
