from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer

from bot import cli
from bot.errors import UserError
from bot.settings import ROOT

COMMANDS = [
    "run",
    "analyse",
    "replay",
    "train",
    "rasa",
    "bench",
    "site check",
    "site explain",
    "site import",
    "site export",
    "db upgrade",
    "dialysis import",
    "pass verify",
    "pass print",
    "figures",
    "ledger import",
    "medicines list",
]


def lianluo(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", *arguments],
        cwd=ROOT, env=os.environ | environment, input="", capture_output=True, text=True, timeout=60,
        check=False,
    )  # fmt: skip


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode != 0
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    return line


def test_help_lists_every_command_and_each_has_its_own() -> None:
    listing = lianluo("--help")
    assert listing.returncode == 0
    for name in COMMANDS:
        assert name.split()[0] in listing.stdout
        own = lianluo(*name.split(), "--help")
        assert own.returncode == 0
        assert "Usage" in own.stdout


def test_every_command_is_known_to_this_test() -> None:
    command: Any = typer.main.get_command(cli.app)
    found = {
        f"{name} {child}" if child else name
        for name, sub in command.commands.items()
        for child in getattr(sub, "commands", {"": None})
    }
    assert found == set(COMMANDS)


def test_an_import_shows_what_changes_and_writes_only_when_told(tmp_path: Path) -> None:
    book = tmp_path / "pack.xlsx"
    assert lianluo("site", "export", str(book)).stdout.endswith("rows\n")
    done = lianluo("site", "import", str(book))
    assert (done.returncode, done.stdout) == (0, "songjiang: nothing changes; nothing was written\n")
    assert "is there already" in one_line(lianluo("site", "export", str(book)))
    assert "no Excel workbook" in one_line(lianluo("site", "import", "README.md"))
    assert "site.yml first" in one_line(lianluo("site", "import", str(book), "--site", "nowhere"))


def test_help_is_quick_for_nothing_is_imported_before_it_is_needed() -> None:
    heavy = "spacy jieba sqlalchemy nicegui fastapi pydantic structlog httpx actions nlu"
    code = f"import sys, bot.cli; print([m for m in '{heavy}'.split() if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    began = time.monotonic()
    lianluo("--help")
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (["nonsense"], "nonsense"),
        (["site", "nonsense"], "nonsense"),
        (["run", "--port"], "--port"),
        (["run", "--port", "x"], "--port"),
        (["run", "--port", "70000"], "--port"),
        (["run", "extra"], "extra"),
        (["analyse", "--engine", "gpt"], "--engine"),
        (["db", "upgrade", "--db", "nonsense"], "nonsense"),
        (["site", "check", "nowhere"], "nowhere"),
        (["analyse", "--site", "nowhere", "--engine", "builtin"], "nowhere"),
    ],
)
def test_a_mistake_is_one_line_on_standard_error(arguments: list[str], fault: str) -> None:
    assert fault in one_line(lianluo(*arguments))


def test_a_wrong_setting_is_one_line_that_names_it() -> None:
    assert "LIANLUO_PORT" in one_line(lianluo("db", "upgrade", LIANLUO_PORT="x"))


def test_nothing_asked_shows_the_help() -> None:
    done = lianluo()
    assert done.returncode == 2
    assert "Usage" in done.stderr


def test_the_shipped_site_pack_is_sound() -> None:
    for name in ("songjiang", "dongguan"):
        done = lianluo("site", "check", name)
        assert (done.returncode, done.stdout.strip(), done.stderr) == (0, f"{name}: no faults", "")


def test_a_new_database_is_made(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new/bot.db"
    for _ in range(2):
        done = lianluo("db", "upgrade", "--db", url)
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "new" / "bot.db").exists()


def raising(error: BaseException) -> Callable[[], None]:
    def call() -> None:
        raise error

    return call


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (UserError("first\nsecond"), 1, "lianluo: first second\n"),
        (UserError("wrong", status=2), 2, "lianluo: wrong\n"),
        (typer.BadParameter("no such thing"), 2, "lianluo: Invalid value: no such thing\n"),
        (KeyboardInterrupt(), 130, "lianluo: stopped\n"),
    ],
)
def test_statuses(capsys: pytest.CaptureFixture[str], error: BaseException, status: int, said: str) -> None:
    assert cli._status_of(raising(error)) == status
    assert capsys.readouterr().err == said


def test_a_fault_of_the_program_is_one_line_without_anybodys_words(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli._status_of(raising(ValueError("王阿婆"))) == 70
    said = capsys.readouterr().err
    assert said.startswith("lianluo: internal error")
    assert "ValueError at test_cli.py" in said
    assert "阿婆" not in said
    assert said.count("\n") == 1


def test_a_reader_that_goes_away_is_no_traceback() -> None:
    command = [sys.executable, "-m", "bot.cli", "analyse", "--engine", "builtin"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, **pipes) as process:  # type: ignore[call-overload]
        process.stdout.close()
        process.stdin.write(b'{"id": 1, "text": "ok"}\n')
        process.stdin.close()
        assert process.stderr.read() == b""
    assert process.returncode == 1
