"""Labels of boxes and prescriptions, drawn with a font of this machine; scripts/setup.py installs one."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts")
BOX = [("苯磺酸氨氯地平片", 64), ("络活喜", 44), ("规格：5mg", 40), ("7片/盒", 36)]
"""Lines with their size in pixels."""
FILES = ("NotoSansCJK-Regular.*", "NotoSansSC-Regular.*", "wqy-*.tt*", "*CJK*.tt*", "*CJK*.otf")


@cache
def chinese_font() -> str:
    """Its file; a machine without any cannot draw the pictures, and the tests say so."""
    for pattern in FILES:
        for folder in FOLDERS:
            for file in sorted(folder.rglob(pattern)):
                return str(file)
    raise AssertionError("no font with Chinese signs here: apt-get install fonts-noto-cjk")


def drawn(lines: Sequence[tuple[str, int]], form: str = "PNG") -> bytes:
    """A label with these lines, each of a size in pixels."""
    label = Image.new("RGB", (900, 460), "#f4f7fb")
    pen = ImageDraw.Draw(label)
    pen.rectangle((20, 20, 880, 440), outline="#1d5fa8", width=6)
    top = 45
    for words, size in lines:
        pen.text((70, top), words, font=ImageFont.truetype(chinese_font(), size), fill="#12304f")
        top += size * 3 // 2
    buffer = io.BytesIO()
    label.save(buffer, form)
    return buffer.getvalue()
