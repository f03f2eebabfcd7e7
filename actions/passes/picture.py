"""A pass on paper: A5, the facts beside a QR code with the signed text, as PNG or PDF."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import segno

from actions.fonts import chinese
from actions.passes.facts import Facts
from actions.passes.wording import lines
from actions.phrasebook import Phrasebook

if TYPE_CHECKING:  # loaded when a picture is drawn
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

DPI = 150
SIZE = (1240, 874)  # A5 across at that density
MARGIN, QR_SIDE = 60, 400
TITLE, TEXT, SMALL = 54, 34, 26


def draw(phrases: Phrasebook, site: str, facts: Facts, code: str, form: str) -> bytes:
    """The pass as a file. `form`: png or pdf. Raises NoFont."""
    from PIL import Image, ImageDraw  # noqa: PLC0415 (only who prints pays for it)

    page = Image.new("RGB", SIZE, "white")
    pen = ImageDraw.Draw(page)
    pen.rectangle((20, 20, SIZE[0] - 20, SIZE[1] - 20), outline="#0b7a75", width=4)
    pen.text(
        (MARGIN, 50), phrases.say("pass_title", site=site, purpose=facts.purpose), "black", chinese(TITLE)
    )
    pen.text((MARGIN, 130), phrases.say("pass_serial", serial=facts.serial), "#444444", chinese(TEXT))
    top = 200
    for line in lines(phrases, facts):
        top = _wrapped(pen, line, top, SIZE[0] - QR_SIDE - 2 * MARGIN - 20) + 14
    square = _qr(code)
    page.paste(square, (SIZE[0] - square.width - MARGIN + 10, 150))
    pen.text((MARGIN, SIZE[1] - 75), phrases.say("pass_verified"), "#444444", chinese(SMALL))
    out = io.BytesIO()
    if form == "pdf":
        page.save(out, "PDF", resolution=DPI)
    else:
        page.quantize(64).save(out, "PNG", optimize=True)
    return out.getvalue()


def _wrapped(pen: ImageDraw, line: str, top: int, width: int) -> int:
    """Writes a line in as many as it needs; returns where the next begins."""
    font, row = chinese(TEXT), ""
    for char in line:
        if pen.textlength(row + char, font) > width:
            pen.text((MARGIN, top), row, "black", font)
            row, top = "", top + TEXT + 12
        row += char
    pen.text((MARGIN, top), row, "black", font)
    return top + TEXT + 12


def _qr(code: str) -> Image:
    """Whole pixels a module, as large as there is room."""
    from PIL import Image  # noqa: PLC0415

    made, out = segno.make(code, error="m", boost_error=False, micro=False), io.BytesIO()
    made.save(out, kind="png", scale=QR_SIDE // made.symbol_size()[0], border=4)
    return Image.open(out).convert("RGB")
