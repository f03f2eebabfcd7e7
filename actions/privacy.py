"""The least of a patient that the others need: what is shown outside the room of origin (contract §5.9)."""

from __future__ import annotations

import re
from collections.abc import Iterable

_PHONE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?(1\d{10}|0\d{2,3}-?\d{7,8}|\d{4}-\d{4}|\d{7,8})(?!\d)")
_NAME = re.compile(r"(姓名|患者|病人)[::]\s*([\u4e00-\u9fff])[\u4e00-\u9fff]{1,3}")
# An address goes as far as the estate; lane, building, unit and room stay behind. 4月14号 is a date.
_COUNT = r"[\d一二三四五六七八九十百零〇两]+"
_BEYOND_ESTATE = re.compile(
    rf"(?<![\d月])(?:{_COUNT}(?:号楼|号|幢|栋|座|弄|单元|室|楼|层)(?:[之-]{_COUNT}(?!\d))?)+"
    r"(?:-?\d{1,4}(?![\d岁天个周月度%]))?"
)


def mask_phone(phone: str) -> str:
    """Only the last four digits."""
    digits = re.sub(r"\D", "", phone)
    return "****" + digits[-4:]


def mask_name(name: str) -> str:
    """The family name and a star."""
    return name[:1] + "*" if name else name


def to_estate(address: str) -> str:
    """The address up to the estate or village, without building and room."""
    return _BEYOND_ESTATE.sub("", address).strip(" ,，-")


def for_outsiders(text: str, names: Iterable[str] = ()) -> str:
    """A free text with phones, labelled names, the full ones among `names`, and house numbers masked."""
    for name in names:
        if len(name) > 1:
            text = text.replace(name, mask_name(name))
    text = _PHONE.sub(lambda found: mask_phone(found.group()), text)
    text = _NAME.sub(lambda found: f"{found.group(1)}：{found.group(2)}*", text)
    return _BEYOND_ESTATE.sub("", text)
