from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from bot import rasa_server
from bot.errors import UserError
from bot.rasa_server import RasaServer, State, foreground, rasa_for_the_duration
from bot.settings import ROOT, Settings
from bot.training import digest
from tests.bot.conftest import small_project
from tests.bot.fake_rasa import fake_rasa

START = 120  # seconds a real start may take on a busy machine
SECRET = "绝密王阿婆鱼刺卡喉"


def group_members(group: int) -> list[int]:
    """Processes of a process group that are not dead."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _parent, of = stat.read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(of) == group and state != "Z":
            found.append(int(stat.parent.name))
    return found


def wait_for(condition: Callable[[], object], seconds: float = START) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def server(trained: Settings) -> Iterator[RasaServer]:
    said: list[str] = []
    server = RasaServer(trained, say=said.append, use_running=False)
    began = time.monotonic()
    server.begin()
    assert time.monotonic() - began < 0.5, "the caller waits for Rasa"
    assert server.client.rank("胸痛") is None
    assert server.wait_until_ready(START), (server.fault, said)
    yield server
    server.end()


def test_the_trained_model_ranks_acts(server: RasaServer) -> None:
    ranking = server.client.rank("这个病人已经住院，可以结案了", timeout=10)
    assert ranking is not None
    assert ranking[0][0] == "close"
    assert {name for name, _ in ranking} == {"report", "close", "chatter"}


def test_it_listens_on_loopback_and_wants_the_token(server: RasaServer) -> None:
    assert server.url is not None and server.url.startswith("http://127.0.0.1:")
    assert httpx.post(f"{server.url}/model/parse", json={"text": "胸痛"}, timeout=10).status_code == 401
    rest = f"{server.url}/webhooks/rest/webhook"  # the project's credentials.yml has it; our server must not
    assert httpx.post(rest, json={"sender": "t", "message": "胸痛"}, timeout=10).status_code == 404
    assert server.pid is not None
    command = Path(f"/proc/{server.pid}/cmdline").read_text()
    assert "rasa" in command
    assert server._settings.token not in command


def test_no_words_of_a_message_are_logged_even_when_parsing_fails(server: RasaServer) -> None:
    server.client.rank(SECRET, timeout=10)
    parse = f"{server.url}/model/parse?token={server._settings.token}"
    assert httpx.post(parse, json={"text": "", "note": SECRET}, timeout=10).status_code == 500
    assert httpx.post(parse, content=f"{{{SECRET}", timeout=10).status_code in (400, 500)
    logged = (server._settings.logs / "rasa.log").read_text(encoding="utf-8")
    assert "a request failed" in logged
    for part in (SECRET, SECRET.encode("unicode_escape").decode(), server._settings.token):
        assert part not in logged


def test_a_server_that_is_killed_comes_back_and_nobody_waits_for_it(server: RasaServer) -> None:
    first = server.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: not server.answers, 10)
    began = time.monotonic()
    assert server.client.rank("胸痛") is None
    assert time.monotonic() - began < 1.5
    wait_for(lambda: server.answers)
    assert server.pid != first
    assert server.client.rank("胸痛", timeout=10) is not None
    assert group_members(first) == []


def test_after_the_end_nothing_is_left(trained: Settings) -> None:
    server = RasaServer(trained, say=lambda line: None, use_running=False)
    server.begin()
    wait_for(lambda: server.pid, 10)
    group, scratch = server.pid, server._process.scratch  # type: ignore[union-attr]
    assert group is not None
    server.end()
    assert server.state is State.OFF
    wait_for(lambda: group_members(group) == [], 5)
    assert not scratch.exists()


PARENT = """
import signal, sys, time
from pathlib import Path
from bot.rasa_server import RasaServer
from bot.settings import Settings
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job is told to ignore it
server = RasaServer(Settings(home=Path(sys.argv[1])), use_running=False, say=lambda line: None)
server.begin()
while server.pid is None:
    time.sleep(0.05)
print(server.pid, server._process.scratch, flush=True)
time.sleep(600)
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_no_process_stays_behind_when_the_parent_is_killed(trained: Settings, number: signal.Signals) -> None:
    command = [sys.executable, "-c", PARENT, str(trained.home)]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as parent:
        assert parent.stdout is not None
        pid, scratch = parent.stdout.readline().rstrip("\n").split(" ", 1)
        group = int(pid)
        time.sleep(1.0)  # Rasa is importing: the time in which it minds signals least
        assert group_members(group) != []
        parent.send_signal(number)
        parent.wait(20)
    wait_for(lambda: group_members(group) == [], 20)
    assert not Path(scratch).exists()


def test_lianluo_rasa_is_used_by_others_and_ends_with_a_signal(trained: Settings) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}"
    environment = os.environ | {"LIANLUO_HOME": str(trained.home), "LIANLUO_RASA_URL": url}
    command = [sys.executable, "-m", "bot.cli", "rasa"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) as alone:
        assert alone.stderr is not None
        assert f"Rasa answers at {url}" in alone.stderr.readline()
        with rasa_for_the_duration(Settings(home=trained.home, rasa_url=url)) as client:
            assert client.rank("胸痛", timeout=10) is not None
        clash = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
        assert clash.returncode == 1
        assert clash.stderr.startswith("lianluo: port ")
        alone.send_signal(signal.SIGTERM)
        assert alone.wait(20) == 0


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The small project without a model: an own server would have to be trained first."""
    return small_project(tmp_path / "a project")


def model_of(settings: Settings) -> str:
    return f"models/{digest(settings)}.tar.gz"


def test_a_server_that_answers_is_used_and_not_ended(settings: Settings) -> None:
    with fake_rasa(settings.token, model_of(settings)) as fake:
        with rasa_for_the_duration(settings.model_copy(update={"rasa_url": fake.url})) as client:
            assert client.rank("胸痛") == [("report", 0.9)]
        assert httpx.get(f"{fake.url}/status?token={settings.token}").status_code == 200
    assert fake.texts == ["胸痛"]


@pytest.fixture
def no_rasa(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object, **__: object) -> Path:
        raise UserError("no training in this test")

    monkeypatch.setattr("bot.rasa_server.training.train", missing)


@pytest.mark.usefixtures("no_rasa")
@pytest.mark.parametrize(("token", "model"), [("another", "same"), ("", "older.tar.gz")])
def test_a_server_with_another_token_or_an_older_model_is_not_used(
    settings: Settings, token: str, model: str
) -> None:
    said: list[str] = []
    served = model_of(settings) if model == "same" else model
    with fake_rasa(token or settings.token, served) as fake:
        found = settings.model_copy(update={"rasa_url": fake.url})
        found.model_fields_set.discard("rasa_url")
        with (
            pytest.raises(UserError, match="no training in this test"),
            rasa_for_the_duration(found, said.append),
        ):
            pass
    assert fake.texts == []
    assert "starting another" in said[0]


def test_a_server_that_the_operator_named_is_used_with_its_own_model_and_said_so(settings: Settings) -> None:
    said: list[str] = []
    with fake_rasa(settings.token, "models/theirs.tar.gz") as fake:
        named = Settings(home=settings.home, rasa_url=fake.url)
        with rasa_for_the_duration(named, said.append) as client:
            assert client.rank("胸痛") == [("report", 0.9)]
    assert "another model" in said[0]


@pytest.mark.usefixtures("no_rasa")
def test_when_the_server_in_use_goes_away_an_own_one_is_started(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rasa_server, "CHECK_EVERY", 0.05)
    monkeypatch.setattr(rasa_server, "TICK", 0.02)
    said: list[str] = []
    with fake_rasa(settings.token, model_of(settings)) as fake:
        server = RasaServer(Settings(home=settings.home, rasa_url=fake.url), say=said.append)
        server.begin()
        wait_for(lambda: server.state is State.EXTERNAL, 10)
    wait_for(lambda: server.fault, 20)
    server.end()
    assert "does not answer any more" in said[0]
    assert "no training in this test" in said[1]


async def test_the_service_starts_and_stops_it_without_waiting(settings: Settings) -> None:
    with fake_rasa(settings.token, model_of(settings)) as fake:
        server = RasaServer(Settings(home=settings.home, rasa_url=fake.url))
        await server.start()
        wait_for(lambda: server.answers, 10)
        assert await server.client.rank_async("胸痛") == [("report", 0.9)]
        await server.stop()
    assert server.state is State.OFF


@pytest.mark.parametrize(
    ("url", "fault"),
    [("http://example.org:5005", "not on this machine"), ("http://127.0.0.1:99999", "no address")],
)
def test_an_address_where_it_cannot_listen_is_refused(tmp_path: Path, url: str, fault: str) -> None:
    with pytest.raises(UserError, match=fault):
        foreground(Settings(home=tmp_path, rasa_url=url), say=lambda line: None)


def test_without_its_environment_one_line_says_what_to_do(
    trained: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("bot.rasa_process.ROOT", tmp_path)
    unset = Settings(
        home=trained.home, rasa_url="http://127.0.0.1:1", rasa_python=tmp_path / "none/bin/python"
    )
    with pytest.raises(UserError, match=r"run `make setup`.*builtin"), rasa_for_the_duration(unset):
        pass
