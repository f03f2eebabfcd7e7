"""Puts the newest tables into docs/evaluation.md."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from nlu.tables import DATA

DOCS = DATA.parent / "docs" / "evaluation.md"
BEGIN = "<!-- tables: begin (make eval ARGS=--write) -->"
END = "<!-- tables: end -->"


def write(tables: str, path: Path = DOCS) -> None:
    """Replace what stands between the two marks. Raises ValueError when they are not there."""
    before, begin, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{path}: the marks {BEGIN} and {END} are missing")
    body = f"{before}{BEGIN}\n\nMeasured on {date.today().isoformat()}.\n\n{tables}\n\n{END}{after}"
    path.write_text(body, encoding="utf-8")
