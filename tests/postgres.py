"""A real PostgreSQL for the tests: a cluster of its own in a temporary folder, on a free port of loopback.

`python -m tests.postgres` starts one by hand and prints its URL; Ctrl-C ends it.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from bot.database import open_database
from tests.bot.running import free_port

OWNER = "lianluo"
STARTS_WITHIN = 60  # seconds
# What is lost when the machine loses power does not matter here.
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=40")
PR_SET_PDEATHSIG = 1
PLACE = ("listen_addresses=127.0.0.1", "unix_socket_directories=")


class Missing(Exception):
    """PostgreSQL cannot be started here; the text says why and what to do."""


def program(name: str) -> Path:
    """Where one of PostgreSQL's programs is; Debian keeps them off the path. Raises Missing."""
    found = shutil.which(name)
    if found is not None:
        return Path(found)
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / name).exists():
            return folder / name
    raise Missing("PostgreSQL is not installed (apt-get install postgresql)")


def _as_whom() -> str | None:
    """PostgreSQL refuses to run as root: then as the user its package made. None: as ourselves."""
    if os.geteuid() != 0:
        return None
    try:
        pwd.getpwnam("postgres")
    except KeyError:
        raise Missing("PostgreSQL does not run as root and there is no user postgres") from None
    return "postgres"


class Cluster:
    """A running server. Databases are copies of one on which the migrations have run."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._made = 0
        self._admin = create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")

    def url(self, database: str) -> str:
        """As an operator would write it."""
        return f"postgresql+psycopg://{OWNER}@127.0.0.1:{self._port}/{database}"

    def wait(self, process: subprocess.Popen[bytes], log: Path) -> None:
        """Until it answers. Raises RuntimeError with the end of its log when it does not."""
        deadline = time.monotonic() + STARTS_WITHIN
        while process.poll() is None and time.monotonic() < deadline:
            try:
                with self._admin.connect():
                    return
            except OperationalError:
                time.sleep(0.1)
        raise RuntimeError(f"PostgreSQL did not start: {log.read_text(errors='replace')[-1000:]}")

    def prepare(self) -> None:
        """Make the database that the others are copied from."""
        self._run("CREATE DATABASE migrated")
        open_database(self.url("migrated")).dispose()

    def empty(self) -> str:
        """URL of a new database without a table."""
        return self._create("template1")

    def database(self) -> str:
        """URL of a new database with all tables and no row."""
        return self._create("migrated")

    def _create(self, template: str) -> str:
        self._made += 1
        name = f"test{self._made}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url(name)

    def _run(self, statement: str) -> None:
        with self._admin.connect() as connection:
            connection.execute(text(statement))

    def close(self) -> None:
        """Let go of the connections; the server goes on."""
        self._admin.dispose()


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    """Start a cluster and end it with all it made. Raises Missing where there is no PostgreSQL."""
    initdb, server, user = program("initdb"), program("postgres"), _as_whom()
    with tempfile.TemporaryDirectory(prefix="lianluo-postgresql-") as name:
        folder, data, log = Path(name), Path(name) / "data", Path(name) / "log"
        if user is not None:
            shutil.chown(folder, user, user)
        options = ["--auth=trust", f"--username={OWNER}", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        with log.open("wb") as out:
            _call([str(initdb), "-D", str(data), *options], folder, user, out.fileno()).wait()
            port = free_port()
            settings = [part for each in (*QUICK, *PLACE, f"port={port}") for part in ("-c", each)]
            process = _call([str(server), "-D", str(data), *settings], folder, user, out.fileno())
        cluster = Cluster(port)
        try:
            cluster.wait(process, log)
            cluster.prepare()
            yield cluster
        finally:
            cluster.close()
            process.send_signal(signal.SIGINT)  # ends what is running, then itself
            process.wait(30)


def _call(command: list[str], folder: Path, user: str | None, out: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        cwd=folder,
        user=user,
        group=user,
        extra_groups=None if user is None else (),
        stdin=subprocess.DEVNULL,
        stdout=out,
        stderr=out,
        start_new_session=True,  # Ctrl-C is for the tests; they end it themselves
        preexec_fn=_end_with_the_tests,  # noqa: PLW1509 (calls one function of the C library, nothing that locks)
    )


def _end_with_the_tests() -> None:
    """Tests that are killed leave no server behind (Linux)."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)


if __name__ == "__main__":
    with running_cluster() as own:
        print(own.database(), flush=True)
        signal.sigwait({signal.SIGINT, signal.SIGTERM})
