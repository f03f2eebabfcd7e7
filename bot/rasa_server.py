"""Keeps a Rasa server running for as long as it is needed, or uses one that answers already.

The service never waits for it: while Rasa starts, trains or is down, the client gives no ranking and the
message is understood without it.
"""

from __future__ import annotations

import asyncio
import random
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

import structlog

from bot import training
from bot.errors import UserError
from bot.rasa_process import RasaProcess
from bot.settings import Settings
from nlu.client import RasaClient

Say = Callable[[str], None]

LOOPBACK = ("127.0.0.1", "localhost")
OWN_PORTS = range(20000, 32000)  # below those the system gives to outgoing connections
TICK = 0.3  # seconds between two looks at a process
CHECK_EVERY = 10.0  # seconds between two questions to a server that runs
CHECK_TIMEOUT = 5.0
MISSES = 3  # unanswered questions after which a server counts as hung
FIRST_DELAY, LONGEST_DELAY = 1.0, 60.0  # seconds before a dead server is started again; doubled each time
SETTLED = 60.0  # a server that ran this long starts again after the first delay


class State(StrEnum):
    OFF = "off"
    TRAINING = "training"
    STARTING = "starting"
    READY = "ready"
    EXTERNAL = "external"  # somebody else's server is used
    WAITING = "waiting"  # died; to be started again


class RasaServer:
    """A supervised Rasa server. `begin` returns at once; a thread does the rest until `end`.

    Without `port` the server listens on a free port of this machine that nobody else is told, so that two
    commands never share (and end) one server; with it, exactly there, and no other server is looked for.
    """

    def __init__(
        self, settings: Settings, *, say: Say | None = None, port: int | None = None, use_running: bool = True
    ) -> None:
        self.state = State.OFF
        self.fault = ""  # why the last start did not work, in one line
        self.url: str | None = None
        self.client = RasaClient(lambda: self.url, settings.token, timeout=settings.rasa_timeout)
        self._settings = settings
        self._say = say or _log
        self._port = port
        self._use_running = use_running and port is None
        self._stop = threading.Event()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._process: RasaProcess | None = None

    @property
    def answers(self) -> bool:
        """Whether messages can be sent to it now."""
        return self.state in (State.READY, State.EXTERNAL)

    @property
    def pid(self) -> int | None:
        """Of our own server, while it runs."""
        return self._process.popen.pid if self._process else None

    def begin(self) -> None:
        """Start supervising; the server is up some time later."""
        if self._thread is None:
            self._stop.clear()
            self._thread = threading.Thread(target=self._supervise, name="rasa", daemon=True)
            self._thread.start()

    def end(self) -> None:
        """Stop supervising and end our own server with all its processes."""
        self._stop.set()
        with self._changed:
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        self.client.close()

    async def start(self) -> None:
        """As `begin`, for the service."""
        self.begin()

    async def stop(self) -> None:
        """As `end`, without holding up the event loop."""
        await asyncio.to_thread(self.end)
        await self.client.aclose()

    def wait_until_ready(self, timeout: float) -> bool:
        """Whether it answers within `timeout` seconds; gives up as soon as a start has failed."""
        deadline = time.monotonic() + timeout
        with self._changed:
            while not self.answers and not self.fault and not self._stop.is_set():
                left = deadline - time.monotonic()
                if left <= 0:
                    break
                self._changed.wait(min(left, 1.0))
            return self.answers

    def _set(self, state: State, *, url: str | None = None, fault: str = "") -> None:
        with self._changed:
            self.state, self.url, self.fault = state, url, fault
            if self.answers:
                self.client.wake()
            self._changed.notify_all()

    def _supervise(self) -> None:
        delay = FIRST_DELAY
        try:
            while not self._stop.is_set():
                began = time.monotonic()
                self._one_life()
                if self._stop.is_set():
                    break
                if time.monotonic() - began > SETTLED and not self.fault:
                    delay = FIRST_DELAY
                self._stop.wait(delay)
                delay = min(delay * 2, LONGEST_DELAY)
        finally:
            self._set(State.OFF, fault=self.fault)

    def _one_life(self) -> None:
        """Use or start one server and stay with it until it ends; never raises."""
        try:
            if self._use_running and self._running_is_usable():
                self._stay_with_running()
            else:
                self._own()
        except training.Stopped:
            pass
        except UserError as error:
            self._say(f"Rasa: {error}")
            self._set(State.WAITING, fault=str(error))
        except Exception as error:  # the supervisor outlives whatever happens to one server
            structlog.get_logger().error("rasa supervisor", exc_info=error)
            self._set(State.WAITING, fault=f"{type(error).__name__} in the supervisor")

    def _running_is_usable(self) -> bool:
        """Whether a server answers at the address of the settings, with the model of the present inputs.

        An address the operator has set is used whatever its model is called, and a difference is said.
        """
        address = self._settings.rasa_url
        client = RasaClient(address, self._settings.token, timeout=2.0)
        try:
            status = client.status()
        finally:
            client.close()
        if status is None:
            return False
        if "refused" in status:
            self._say(
                f"the Rasa server at {address} refuses our token (LIANLUO_RASA_TOKEN); starting another"
            )
            return False
        return self._same_model(address, str(status.get("model_file")))

    def _same_model(self, address: str, served: str) -> bool:
        wanted = f"{training.digest(self._settings)}.tar.gz"
        if Path(served).name == wanted:
            return True
        chosen = "rasa_url" in self._settings.model_fields_set
        then = "using it, as LIANLUO_RASA_URL says" if chosen else "starting another"
        self._say(f"the Rasa server at {address} has another model than the present inputs give; {then}")
        return chosen

    def _stay_with_running(self) -> None:
        self._set(State.EXTERNAL, url=self._settings.rasa_url)
        self._watch(lambda: False)
        if not self._stop.is_set():
            self._say(f"the Rasa server at {self._settings.rasa_url} does not answer any more")
            self._set(State.WAITING)

    def _own(self) -> None:
        """Start our own server and stay with it until it dies, hangs or is not needed any more."""
        if training.current_model(self._settings) is None:
            self._set(State.TRAINING)
        model = training.train(self._settings, say=self._say, stop=self._stop)
        port = self._port or _free_port()
        url = f"http://127.0.0.1:{port}"
        self._set(State.STARTING)
        process = self._process = RasaProcess.start(
            self._settings,
            _arguments(model, port, _empty_file(self._settings)),
            f"rasa-{port}.log" if self._port else "rasa.log",
            self._settings.token,
        )
        try:
            self._wait_for_first_answer(process, url)
            if not self._stop.is_set():
                self._set(State.READY, url=url)
                self._watch(lambda: process.status is not None)
        finally:
            self._process = None
            process.end()
        if not self._stop.is_set():
            self._say("the Rasa server ended; starting it again")
            self._set(State.WAITING)

    def _wait_for_first_answer(self, process: RasaProcess, url: str) -> None:
        """Until the server has a model and has parsed something (its first answer is slow)."""
        deadline = time.monotonic() + self._settings.rasa_start_timeout
        client = RasaClient(url, self._settings.token, timeout=15.0, rest=0.0)
        try:
            while not self._stop.is_set():
                if process.status is not None:
                    raise UserError(f"the server ended while starting: {process.last_words()}")
                if time.monotonic() > deadline:
                    raise UserError(
                        f"the server did not answer within {self._settings.rasa_start_timeout:.0f} s"
                    )
                if client.healthy(timeout=CHECK_TIMEOUT) and client.rank("你好") is not None:
                    return
                self._stop.wait(TICK)
        finally:
            client.close()

    def _watch(self, is_dead: Callable[[], bool]) -> None:
        """Return when the server is dead, has not answered several times, or is not needed any more."""
        missed, asked = 0, time.monotonic()
        while not self._stop.wait(TICK):
            if is_dead():
                return
            if time.monotonic() - asked >= CHECK_EVERY:
                missed = 0 if self.client.healthy(timeout=CHECK_TIMEOUT) else missed + 1
                asked = time.monotonic()
            if missed >= MISSES:
                return


@contextmanager
def rasa_for_the_duration(settings: Settings, say: Say | None = None) -> Iterator[RasaClient]:
    """A client whose server answers now, running or started for this block.

    Raises UserError when Rasa cannot be had; `--engine builtin` does without.
    """
    server = RasaServer(settings, say=say)
    server.begin()
    try:
        # training takes a minute or two and has its own signs of life
        if not server.wait_until_ready(settings.rasa_start_timeout + 600):
            raise UserError(
                f"Rasa does not run: {server.fault or 'it took too long'} (--engine builtin needs none)"
            )
        yield server.client
    finally:
        server.end()


def foreground(settings: Settings, say: Say) -> int:
    """The server alone at LIANLUO_RASA_URL until SIGINT or SIGTERM. Raises UserError when it cannot start."""
    port = _port_of(settings.rasa_url)
    server = RasaServer(settings, say=say, port=port)
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    server.begin()
    try:
        while not ended.is_set() and not server.wait_until_ready(0.5):
            if server.fault:
                raise UserError(f"Rasa does not run: {server.fault}")
        if not ended.is_set():
            say(f"Rasa answers at {settings.rasa_url}")
        while not ended.wait(1.0):
            pass
    finally:
        server.end()
    return 0


def _port_of(url: str) -> int:
    """The port to listen on. Raises UserError for another machine's address and for a port in use."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or 80
    except ValueError as error:
        raise UserError(f"LIANLUO_RASA_URL: {url!r} is no address ({error})") from None
    if host not in LOOPBACK:
        raise UserError(f"LIANLUO_RASA_URL: {url!r} is not on this machine; Rasa only listens on 127.0.0.1")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise UserError(f"port {port} (LIANLUO_RASA_URL) cannot be used: {error.strerror}") from None
    return port


def _free_port() -> int:
    """A free port; Rasa takes it only after loading its model, so it must stay free for half a minute."""
    for port in random.SystemRandom().sample(OWN_PORTS, 50):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise UserError(f"no free port between {OWN_PORTS.start} and {OWN_PORTS.stop}")


def _arguments(model: Path, port: int, nothing: Path) -> list[str]:
    """`nothing`: an empty file instead of the project's channels, which would answer without the token."""
    where = ["--interface", "127.0.0.1", "--port", str(port)]
    no_channels = ["--credentials", str(nothing), "--endpoints", str(nothing)]
    return ["run", "--enable-api", "--model", str(model), *where, *no_channels]


def _empty_file(settings: Settings) -> Path:
    path = settings.var / "rasa-no-channels.yml"
    path.write_text("{}\n", encoding="ascii")
    return path


def _log(line: str) -> None:
    structlog.get_logger("rasa").info(line)
