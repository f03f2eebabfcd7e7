"""What `make setup` decides. That the environments it makes work is shown by every other test."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import pytest
import tomllib

from bot.settings import ROOT


@pytest.fixture
def setup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script on an empty project; steps are written down instead of run, a Python is made where one is."""
    spec = importlib.util.spec_from_file_location("setup_script", ROOT / "scripts" / "setup.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / "requirements").mkdir()
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    for lock in ("bot", "dev", "rasa"):
        (tmp_path / "requirements" / f"{lock}.txt").write_text(f"{lock}==1\n")
    module.steps = []

    def logged(label: str, command: Sequence[str | Path], log: str) -> None:
        module.steps.append(label)
        if "venv" in command:
            python = Path(command[-1]) / "bin" / "python"
            python.parent.mkdir(parents=True)
            python.symlink_to(sys.executable)

    for name, value in {
        "ROOT": tmp_path,
        "LOCKS": tmp_path / "requirements",
        "LOGS": tmp_path / "var" / "log",
        "logged": logged,
        "uv": lambda: "uv",
    }.items():
        monkeypatch.setattr(module, name, value)
    return module


def test_an_environment_is_made_once(setup: ModuleType) -> None:
    assert setup.main(["bot"]) == 0
    assert setup.steps == [
        ".venv: Python",
        ".venv: packages of requirements/bot.txt",
        ".venv: lianluo itself",
        ".venv: compiled",
    ]
    setup.steps.clear()
    assert setup.main(["bot"]) == 0
    assert setup.steps == []


def test_a_changed_lock_is_installed_into_the_same_environment(setup: ModuleType) -> None:
    setup.main(["rasa"])
    setup.steps.clear()
    (setup.LOCKS / "rasa.txt").write_text("rasa==2\n")
    setup.main(["rasa"])
    assert setup.steps == [".venv-rasa: packages of requirements/rasa.txt"]


def test_the_tools_environment_does_for_the_bot_and_the_other_way_it_is_completed(setup: ModuleType) -> None:
    setup.main(["bot"])
    setup.steps.clear()
    setup.main(["dev"])
    assert ".venv: packages of requirements/dev.txt" in setup.steps
    setup.steps.clear()
    setup.main(["bot", "dev"])
    assert setup.steps == []


def test_an_interrupted_installation_is_made_anew(setup: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = setup.logged

    def interrupted(label: str, command: Sequence[str | Path], log: str) -> None:
        if "packages" in label:
            raise KeyboardInterrupt
        whole(label, command, log)

    monkeypatch.setattr(setup, "logged", interrupted)
    assert setup.main(["bot"]) == 130
    half_installed = setup.ROOT / ".venv" / "half"
    half_installed.touch()
    monkeypatch.setattr(setup, "logged", whole)
    setup.steps.clear()
    assert setup.main(["bot"]) == 0
    assert setup.steps[0] == ".venv: Python"
    assert not half_installed.exists()


def test_an_environment_whose_python_is_gone_is_made_anew(setup: ModuleType) -> None:
    setup.main(["bot"])
    setup.steps.clear()
    (setup.ROOT / ".venv" / "bin" / "python").unlink()
    setup.main(["bot"])
    assert setup.steps[0] == ".venv: Python"


def test_a_folder_that_was_moved_is_installed_again(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    setup.main(["bot"])
    setup.steps.clear()
    moved = setup.ROOT.with_name("moved here")
    setup.ROOT.rename(moved)
    monkeypatch.setattr(setup, "ROOT", moved)
    monkeypatch.setattr(setup, "LOCKS", moved / "requirements")
    monkeypatch.setattr(setup, "LOGS", moved / "var" / "log")
    setup.main(["bot"])
    assert ".venv: lianluo itself" in setup.steps


def test_without_python_310_one_line_says_what_to_install(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def offline(label: str, command: Sequence[str | Path], log: str) -> None:
        raise setup.Failed("no network")

    monkeypatch.setattr(setup, "runs", lambda *command: False)
    monkeypatch.setattr(setup, "logged", offline)
    assert setup.main(["rasa"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "Python 3.10" in line and "PYTHON310=" in line


def test_what_is_missing_on_the_system_is_named_loudly(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(setup, "_system_packages", lambda: {"chromium": False, "postgresql": True})
    monkeypatch.setattr(setup.os, "geteuid", lambda: 1000)
    assert setup.main(["system"]) == 0
    assert "MISSING: chromium; its tests will be SKIPPED" in capsys.readouterr().out
    assert setup.steps == []
    monkeypatch.setattr(setup.os, "geteuid", lambda: 0)
    monkeypatch.setattr(setup.shutil, "which", lambda name: f"/usr/bin/{name}")
    setup.main(["system"])
    assert setup.steps == ["the system's list of packages", "chromium"]


def test_a_failed_step_shows_the_end_of_its_log(tmp_path: Path) -> None:
    code = (
        "import sys; sys.path.insert(0, 'scripts'); import setup; from pathlib import Path\n"
        f"setup.ROOT = Path({str(tmp_path)!r}); setup.LOGS = setup.ROOT / 'var' / 'log'; setup.LOGS.mkdir(parents=True)\n"
        "setup.logged('a step', ['sh', '-c', 'seq 100; exit 3'], 'a.log')"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[0] == "setup: a step …"
    assert done.stdout.splitlines()[1:] == [f"    {n}" for n in range(76, 101)]
    assert "a step failed (all of it in var/log/a.log)" in done.stderr


def test_the_python_that_is_found_is_new_enough() -> None:
    found = subprocess.run([ROOT / "scripts" / "find-python"], capture_output=True, text=True, check=True)
    code = "import sys; print(sys.version_info >= (3, 11))"
    asked = subprocess.run([found.stdout.strip(), "-c", code], capture_output=True, text=True, check=True)
    assert asked.stdout == "True\n"


def test_without_a_python_one_line_says_what_to_install() -> None:
    nowhere = {"PATH": "/nonexistent", "HOME": "/nonexistent"}
    script = ROOT / "scripts" / "find-python"
    done = subprocess.run(["/bin/sh", script], env=nowhere, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "Python 3.11" in done.stderr


@pytest.mark.parametrize("lock", ["bot", "dev", "rasa"])
def test_the_locks_hold_every_dependency_with_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
    assert "://" not in text
    pinned = {re.split(r"==", line)[0] for line in text.splitlines() if re.match(r"[a-z0-9]", line)}
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
    wanted: set[str] = set()
    todo = [lock]
    while todo:
        for entry in groups[todo.pop()]:
            if isinstance(entry, dict):
                todo.append(entry["include-group"])
            else:
                wanted.add(re.match(r"[\w.-]+", entry)[0].lower())  # type: ignore[index]
    assert wanted <= pinned
    for block in re.split(r"\n(?=[a-z0-9])", text)[1:]:
        assert "--hash=sha256:" in block, block[:60]
