"""docs/case.md draws exactly the moves the code allows."""

from __future__ import annotations

import re
from pathlib import Path

from actions.case import MOVES

CHART = Path(__file__).parents[2] / "docs" / "case.md"


def test_the_chart_is_the_code() -> None:
    drawn = set(re.findall(r"^\s+(\w+) --> (\w+)", CHART.read_text(encoding="utf-8"), re.MULTILINE))
    assert drawn == {(status, to) for status, moves in MOVES.items() for to in moves}
