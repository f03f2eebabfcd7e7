"""One cell of a workbook → the text of the pack, mended where Excel is known to have changed what was typed."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta

from actions.sheet_tables import words
from actions.site_files import LIST, read_time

LISTS = frozenset({
    "aliases", "departments", "services", "assumed", "serves", "unsure", "places", "neighbours", "rooms",
})  # fmt: skip
_SEPARATORS = re.compile(r"[|｜、，,;；\n]")
_NUMBERS, _LINES, _TIMES = ("lat", "lon"), ("direct_line", "phone"), ("from", "to")
_WIDE = {ord(c): unicodedata.normalize("NFKC", c) for c in map(chr, range(0xFF10, 0xFF5B)) if c.isalnum()}
_DAYS = {"一": "1", "二": "2", "三": "3", "四": "4", "五": "5", "六": "6", "日": "7", "天": "7", "七": "7"}
_WHOLE = {
    "每天": "1-7",
    "天天": "1-7",
    "全周": "1-7",
    "每日": "1-7",
    "工作日": "1-5",
    "周末": "6-7",
    "双休日": "6-7",
}
_MIDNIGHT = date(1900, 1, 2)
"""Excel keeps a time of day as a moment of the first days of its calendar."""


class CellFault(Exception):
    """What is wrong with a cell and how to mend it."""


def text_of(column: str, value: object, number_format: str = "General", known: str | None = None) -> str:
    """The pack's text for a cell. `known` is what the pack has there now. Raises CellFault."""
    if value is None:
        return ""
    if isinstance(value, bool):
        raise CellFault("is TRUE or FALSE; write the word")
    if column in _TIMES:
        return _clock(value)
    if column == "days":
        return _days(value)
    if isinstance(value, datetime | date):
        raise CellFault(
            f"Excel made the date {value:%Y-%m-%d} of it; format the cell as text and write it again"
        )
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, int | float):
        return _line(value, number_format, known) if column in _LINES else _number(value)
    return _words(column, str(value))


def same(column: str, one: str, other: str) -> bool:
    """Whether two texts of a column mean the same, whatever their blanks, digits or order of writing."""
    if one == other:
        return True
    if column in _NUMBERS and is_number(one) and is_number(other):
        return float(one) == float(other)
    if column in _TIMES:
        return read_time(one) is not None and read_time(one) == read_time(other)
    first, second = _words(column, one), _words(column, other)
    if column not in LISTS:  # brackets as the input method happened to write them: （南部） and (南部)
        first, second = unicodedata.normalize("NFKC", first), unicodedata.normalize("NFKC", second)
    return first == second


def values(column: str, text: str) -> list[str]:
    """The values of a list cell."""
    parts = (" ".join(part.split()) for part in _SEPARATORS.split(text))
    return [part for part in parts if part]


def _words(column: str, text: str) -> str:
    """Text without needless blanks, its digits and letters half width, its words those of the pack."""
    text = text.translate(_WIDE)
    if column in (*_NUMBERS, *_LINES):
        return " ".join(unicodedata.normalize("NFKC", text).replace("—", "-").split())
    if column not in LISTS:
        return words().value(column, " ".join(text.split()))
    parts = values(column, text.replace("/", LIST) if column == "departments" else text)
    if column == "places":
        parts = [part.replace("：", ":").replace("？", "?") for part in parts]
    return LIST.join(words().value(column, part) for part in parts)


def _number(value: float) -> str:
    """Without the tail of a binary fraction: 31.036 and not 31.035999999."""
    return str(int(value)) if value == int(value) else f"{value:.6f}".rstrip("0").rstrip(".")


def is_number(text: str) -> bool:
    """Whether a coordinate is written as one."""
    return re.fullmatch(r"-?\d+(?:\.\d+)?", text) is not None


def _line(value: float, number_format: str, known: str | None) -> str:
    """A telephone number that Excel keeps as a number; leading zeros come back where they can be known."""
    digits = _number(value)
    if re.fullmatch(r"[0\-]*0", number_format) and number_format.count("0") >= len(digits):
        padded = iter(digits.zfill(number_format.count("0")))
        return "".join(next(padded) if c == "0" else c for c in number_format)
    if known and re.sub(r"\D", "", known).lstrip("0") == digits:
        return known
    if re.fullmatch(r"[2-9]\d{6,7}|1\d{10}|1\d{2}|1\d{4}", digits):
        return digits
    raise CellFault(
        f"Excel made the number {digits} of a telephone number, zeros in front may be lost; "
        "format the cell as text and write it again"
    )


def _clock(value: object) -> str:
    """A time of day, however Excel keeps it: a time, a moment, a span, a part of a day, or text."""
    if isinstance(value, datetime):
        if value.date() > _MIDNIGHT:
            raise CellFault(f"is the date {value:%Y-%m-%d}; write a time like 08:00")
        return f"{value:%H:%M}"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, timedelta):
        value = value / timedelta(days=1)
    if isinstance(value, int | float):
        if not 0 <= value <= 1:
            raise CellFault(f"{_number(value)} is no time; write one like 08:00")
        minutes = round(value * 24 * 60) % (24 * 60)
        return f"{minutes // 60:02}:{minutes % 60:02}"
    text = " ".join(unicodedata.normalize("NFKC", str(value)).split())
    said = re.fullmatch(r"(\d{1,2})[点时:](半|\d{0,2})分?整?(?::00)?", text)
    if said:
        text = f"{int(said[1]):02}:{'30' if said[2] == '半' else said[2].zfill(2)}"
    return "00:00" if text == "24:00" else text


def _days(value: object) -> str:
    """Weekdays; of 1-5 Excel makes the 5th of January."""
    if isinstance(value, datetime | date):
        if value.month > 7 or value.day > 7:
            raise CellFault(f"is the date {value:%Y-%m-%d}; write weekdays like 1-5 (1 Monday … 7 Sunday)")
        return f"{value.month}-{value.day}"
    if isinstance(value, int | float):
        return _number(value)
    text = "".join(unicodedata.normalize("NFKC", str(value)).split())
    if text in _WHOLE:
        return _WHOLE[text]
    text = re.sub(r"星期|礼拜|周", "", text)
    text = re.sub(r"[—–~至到]+", "-", text)
    text = "".join(_DAYS.get(c, c) for c in text)
    return LIST.join(part for part in re.split(r"[|、,;]", text) if part)
