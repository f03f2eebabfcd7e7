"""Every sentence the code says is in domain.yml, and none is there for nothing."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
SAID = re.compile(r"""(?:\bsay|\bmaybe|await self\.(?:_host\.)?tell)\(\s*f?"([a-z0-9_{}.A-Z()+]+)\"""")


def spoken() -> set[str]:
    """Names in the code; the part in braces of a composed name stands for anything."""
    names: set[str] = set()
    for path in [
        *(ROOT / "actions").rglob("*.py"),
        *(ROOT / "bot").rglob("*.py"),
        *(ROOT / "nlu").glob("rasa_rest/*.py"),
    ]:
        text = path.read_text(encoding="utf-8")
        names |= set(SAID.findall(text))
        names |= set(re.findall(r'\b(?:_host|self)\.tell\(\s*"(\w+)"', text))  # Host.tell
        names |= {name for pair in re.findall(r'"(\w+)" if [^\n]* else "(\w+)"', text) for name in pair}
        names |= {name for pair in re.findall(r'"(\w+)" if [^\n]* else f"(\w+_\{)', text) for name in pair}
    return names


def test_every_sentence_is_there_and_used() -> None:
    responses = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["responses"]
    written = {name.removeprefix("utter_") for name in responses}
    patterns = {re.compile(re.sub(r"\\\{[^}]*(\\\}|$)", ".+", re.escape(name))) for name in spoken()}
    unused = {name for name in written if not any(each.fullmatch(name) for each in patterns)}
    assert not unused
    missing = {name for name in spoken() if "{" not in name and "_" in name} - written
    said_directly = {
        name for path in (ROOT / "actions").rglob("*.py") for name in SAID.findall(path.read_text())
    }
    assert not {name for name in said_directly if "{" not in name} - written, missing
