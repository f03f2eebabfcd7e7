"""docs/case.md says what the code does: the moves, who may do what, and every kind of event in the timeline."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from actions.case import MOVES
from actions.site import load_site
from actions.site_types import PERMISSION_ACTS, ROLES, Permission

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "case.md").read_text(encoding="utf-8")
# What a variable stands for where an event is named by one.
NAMED_BY = {"status": {"in_transit", "arrived"}}
SCOPES = {
    "any": "✓",
    "own_report": "own reports",
    "own_task": "own tasks",
    "own_hospital": "own hospital",
    "asked": "when asked",
}


def test_the_chart_is_the_code() -> None:
    drawn = set(re.findall(r"^\s+(\w+) --> (\w+)", TEXT, re.MULTILINE))
    assert drawn == {(status, to) for status, moves in MOVES.items() for to in moves}


def test_who_may_do_what_is_the_policy() -> None:
    policy = load_site("songjiang").policy
    rows = [
        f"| {act} | " + " | ".join(_cell(policy.permission(role, act)) for role in ROLES) + " |"
        for act in PERMISSION_ACTS
    ]
    for row in rows:
        assert row in TEXT.splitlines()


def _cell(rule: Permission | None) -> str:
    if rule is None:
        return "—"
    words = [SCOPES[rule.scope]]
    if len(rule.levels) < 4:
        words.append("level " + ", ".join(map(str, rule.levels)))
    if rule.only:
        words.append(f"only {rule.only}")
    return "; ".join(words)


def test_every_kind_of_event_is_described_and_none_besides() -> None:
    section = TEXT.split("## The timeline", 1)[1]
    described = set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE))
    assert described == set(_logged())


def _logged() -> Iterator[str]:
    """Every kind that the code can write: the argument `what` of Turn.log and Desk.log."""
    for path in [*(ROOT / "actions").rglob("*.py"), *(ROOT / "bot").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "log"
            ):
                by = ast.unparse(node.func.value)
                place = 1 if by.endswith("turn") or by in ("again", "part") else 2
                yield from _kinds(node.args[place], f"{path.name}:{node.lineno}")


def _kinds(what: ast.expr, where: str) -> set[str]:
    if isinstance(what, ast.IfExp):
        return _kinds(what.body, where) | _kinds(what.orelse, where)
    if isinstance(what, ast.Constant):
        return {str(what.value)}
    name = ast.unparse(what)
    if name == "what":
        return set()  # handed on by Turn.log
    assert name in NAMED_BY, f"{where}: which events does {name} stand for?"
    return NAMED_BY[name]
