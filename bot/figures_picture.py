"""The figures of a day as a picture for the group: a few large numbers, bars by category and by town."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from actions import wording
from actions.figures import Figures
from actions.fonts import chinese

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

WIDTH, MARGIN, ROW = 1080, 60, 46
TITLE, LARGE, TEXT = 46, 64, 30
BARS = 8
"""Rows of a list of bars; the others are counted in the last."""
TOWNS = "街镇"
INK, SOFT, ACCENT, GROUND = "#1f2a33", "#6b7a86", "#0b7a75", "#e3e8ec"
LEVEL_COLOURS = {1: "#c0392b", 2: "#e67e22", 3: "#d4ac0d", 4: "#27ae60"}


def png(title: str, text: str, counted: Figures) -> bytes:
    """The picture. `text`: what the room reads of the same figures. Raises NoFont."""
    from PIL import Image, ImageDraw  # noqa: PLC0415 (only who draws pays for it)

    kinds = _most([(wording.category_name(code), count) for code, count in counted.by_category.items()])
    towns = _most([(town or "未说明", count) for town, count in counted.by_town.items()])
    lines = [line for line in text.splitlines()[1:] if not line.startswith(TOWNS)]  # the bars say those
    notes = [f"{note}。" for line in lines for note in line.split("。") if note]
    height = 440 + ROW * (len(kinds) + len(towns) + 3) + 40 * len(notes)
    page = Image.new("RGB", (WIDTH, height), "white")
    pen = ImageDraw.Draw(page)
    pen.text((MARGIN, 40), title, INK, chinese(TITLE))
    _numbers(pen, counted, 130)
    _levels(pen, counted, 270)
    top = _bars(pen, "类别", kinds, 340)
    top = _bars(pen, TOWNS, towns, top + 20) + 20
    for line in notes:
        pen.text((MARGIN, top), line, SOFT, chinese(TEXT - 4))
        top += 40
    out = io.BytesIO()
    page.quantize(64).save(out, "PNG", optimize=True)
    return out.getvalue()


def _numbers(pen: ImageDraw, counted: Figures, top: int) -> None:
    shown = (
        ("合计", counted.count),
        ("在办", counted.open),
        ("Ⅰ–Ⅱ级", counted.urgent),
        ("超时", counted.overdue),
    )
    step = (WIDTH - 2 * MARGIN) // len(shown)
    for place, (name, count) in enumerate(shown):
        left = MARGIN + place * step
        pen.text((left, top), str(count), ACCENT, chinese(LARGE))
        pen.text((left, top + LARGE + 10), name, SOFT, chinese(TEXT))


def _levels(pen: ImageDraw, counted: Figures, top: int) -> None:
    """One bar of all matters, divided by level."""
    left, width = MARGIN, WIDTH - 2 * MARGIN
    for level, name in wording.LEVELS.items():
        share = counted.by_level.get(level, 0)
        if not share:
            continue
        right = left + width * share // counted.count
        pen.rectangle((left, top, right, top + 40), fill=LEVEL_COLOURS[level])
        if right - left > 90:
            pen.text((left + 10, top + 2), f"{name} {share}", "white", chinese(TEXT - 2))
        left = right


def _bars(pen: ImageDraw, title: str, rows: Sequence[tuple[str, int]], top: int) -> int:
    """A list of bars; returns where the next thing begins."""
    pen.text((MARGIN, top), title, SOFT, chinese(TEXT))
    most = max((count for _, count in rows), default=1)
    for name, count in rows:
        top += ROW
        pen.text((MARGIN, top), name, INK, chinese(TEXT))
        full = WIDTH - MARGIN - 420
        pen.rectangle((330, top + 6, 330 + max(full * count // most, 4), top + 36), fill=ACCENT)
        pen.text((345 + max(full * count // most, 4), top), str(count), INK, chinese(TEXT))
    return top + ROW


def _most(rows: list[tuple[str, int]]) -> list[tuple[str, int]]:
    if len(rows) <= BARS:
        return rows
    return [*rows[: BARS - 1], ("其余", sum(count for _, count in rows[BARS - 1 :]))]
