"""A font with Chinese characters, found on this machine, for whatever is drawn."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # loaded when something is drawn
    from PIL.ImageFont import FreeTypeFont

FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path("/System/Library/Fonts"))
HOME_FOLDERS = (".fonts", ".local/share/fonts", "Library/Fonts")
FONTS = (
    "NotoSansCJK-Regular.ttc", "NotoSansSC*.[ot]tf", "SourceHanSansSC*.otf", "SourceHanSans*.ttc", "wqy-microhei.ttc",
    "wqy-zenhei.ttc", "DroidSansFallback*.ttf", "PingFang.ttc", "msyh.ttc", "simhei.ttf", "simsun.ttc",
)  # fmt: skip
INSTALL = "no Chinese font is installed; on Debian: apt-get install fonts-wqy-microhei"


class NoFont(Exception):
    """There is no Chinese font on this machine; the message says how to get one."""


@cache
def chinese(size: int) -> FreeTypeFont:
    """The simplified face, in pixels. Raises NoFont."""
    from PIL import ImageFont  # noqa: PLC0415

    path = font_file()
    if path is None:
        raise NoFont(INSTALL)
    if path.suffix != ".ttc":
        return ImageFont.truetype(path, size)
    faces = []
    for index in range(10):
        try:
            faces.append(ImageFont.truetype(path, size, index=index))
        except OSError:
            break
    simplified = [face for face in faces if (face.getname()[0] or "").endswith("SC")]
    return (simplified or faces)[0]


@cache
def font_file() -> Path | None:
    """A font of this machine with Chinese characters; None without one."""
    folders = [*FOLDERS, *(Path.home() / each for each in HOME_FOLDERS)]
    there = [folder for folder in folders if folder.is_dir()]
    found = (path for name in FONTS for folder in there for path in sorted(folder.rglob(name)))
    return next(found, None)
