"""Laboratory values in a text, read from a sheet or told by a laboratory: data/wording/labs.csv says how each is called,
between which bounds a number is one, and how other units are brought to the usual one.

What a value means is a matter of the rules (data/protocol/vitals.csv).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from nlu.late import Late
from nlu.mention import Mention, left_of, mention, retracted
from nlu.numbers import NUMBER, value
from nlu.readings import reading
from nlu.tables import DATA, Faults, Row, parts, read_rows

LABS = DATA / "wording" / "labs.csv"
HEART = "fhr"
"""The kind that is counted: beats of the unborn child a minute."""
_MANY = {"千": 1000.0, "万": 10000.0}
_SCALE = re.compile(r"(?P<low>[\d.]+)-(?P<high>[\d.]+)(?P<sign>[*/])(?P<by>[\d.]+)")
_OF_SHEET = r"(?:计数|绝对值|数值|数|值|水平|浓度|指标|结果|含量|降|升|[↓↑])*"
_OTHER_UNIT = (
    r"(?P<many>[千万])?多?(?![.:]?\d|[-~]\d|[零一二三四五六七八九十百千万多几半]|\s*(?:\+|度|℃|°|mg|毫克|ml|毫升|kg|公斤)"
    r"|(?:天(?!天)|小时|钟头|周(?!身|围|浦)|岁|个月|个加|年(?!龄|纪)|月(?!经)|日|号|倍|片|粒|颗|盒|支(?!架|气)|瓶|袋|包"
    r"|点(?!\d)|元|块|分钟))"
)
"""What stands behind a number that is something else: 查血小板下午2点出结果."""
_NOT_OF_BLOOD = "(?<![尿便糖液])"
_TIMES = re.compile(r"\s*次")
"""查血小板3次; only a heart has so many in a minute."""
_CHANGED = re.compile(rf"[^\d。;\n]{{0,4}}?(?:到|至)了?\s*(?P<n>{NUMBER})")
"""从120掉到8: what it is now."""
_BEFORE = re.compile(
    r"(?:去年|前年|以前|上次|之前|原来|那时)(?:的|查的?|验的?|说|是)?$|(?:尿|胸水|腹水|脑脊液|大便)[^。;\n]{0,5}$"
)
"""What was then, or is not of blood."""
_JUDGED = re.compile(r"[高低常]\s*[,、\s]\s*$")
_BODY = (34.0, 43.0)
"""白细胞高 38.5: a reading of fever behind a value that is only called high; ℃."""
_STEP = 0.01
"""不到 50 lies below 50, so that a rule's border is on the right side."""


@dataclass(frozen=True)
class Lab:
    """One kind of value."""

    kind: str
    says: tuple[str, ...]
    low: float
    high: float
    scales: tuple[tuple[float, float, float], ...] = ()
    """(from, to, factor) of numbers that must be in another unit; which unit is written is not read."""

    def brought(self, number: float) -> float | None:
        """The number in the usual unit; None when it is none of this kind."""
        for low, high, factor in self.scales:
            if low <= number <= high:
                number = number * factor
                break
        return round(number, 3) if self.low <= number <= self.high else None


def find_labs(text: str) -> list[Mention]:
    """All values of a normalised text, in order; those the writer takes back are left out."""
    return list(_found(text))


def _found(text: str) -> Iterator[Mention]:
    labs = _by_word(LABS)
    for found in _pattern(LABS).finditer(text):
        lab, end, said = labs[found["label"]], found.end(), found["n"]
        if _of_something_else(text, found, lab):
            continue
        changed = _CHANGED.match(text, end)
        if changed:
            end, said = changed.end(), changed["n"]
        number = value(said)
        brought = None if number is None else lab.brought(number * _MANY.get(found["many"], 1.0))
        if brought is None or retracted(text, found.start("n"), end):
            continue
        below = found["less"] or found["under"]
        yield mention(lab.kind, brought - _STEP if below else brought, text, found.start(), end)


def _of_something_else(text: str, found: re.Match[str], lab: Lab) -> bool:
    if _BEFORE.search(left_of(text, found.start())):
        return True
    if lab.kind != HEART and _TIMES.match(text, found.end()):
        return True
    number = value(found["n"]) or 0
    fever = _BODY[0] <= number <= _BODY[1] and not float(number).is_integer()
    return fever and bool(_JUDGED.search(text[found.start() : found.start("n")]))


@lru_cache(maxsize=1)
def lab_kinds() -> frozenset[str]:
    """The kinds that a rule may compare with a number."""
    return frozenset(lab.kind for lab in _by_word(LABS).values())


@lru_cache(maxsize=2)
def _by_word(path: Path) -> dict[str, Lab]:
    return {word: lab for lab in read_labs(path, Faults(strict=True)) for word in lab.says}


@lru_cache(maxsize=2)
def _pattern(path: Path) -> Late:
    words = sorted(_by_word(path), key=len, reverse=True)
    label = "|".join(_bounded(word) for word in words)
    return reading(rf"{_NOT_OF_BLOOD}(?P<label>{label}){_OF_SHEET}", after=_OTHER_UNIT, words=" ".join(words))


def _bounded(word: str) -> str:
    """Letters of one word are no part of another: alt, ck; nor is one sign: 氯化钠 100."""
    if word[-1].isascii():
        return rf"(?<![a-z]){re.escape(word)}(?![a-z])"
    return rf"(?<![\u4e00-\u9fff]){word}" if len(word) == 1 else re.escape(word)


def read_labs(path: Path, faults: Faults) -> Iterator[Lab]:
    """The rows of the table; a faulty one is left out."""
    for row in read_rows(path, ("lab", "says", "low", "high", "scale"), faults, ("note",)):
        lab = _lab(row, faults)
        if lab is not None:
            yield lab


def _lab(row: Row, faults: Faults) -> Lab | None:
    if not re.fullmatch(r"[a-z][a-z_0-9]*", row["lab"]):
        faults.add(row.file, row.line, f"{row['lab']!r} must be small letters and figures: hb")
        return None
    if not parts(row["says"], "|"):
        faults.add(row.file, row.line, "says is empty: how do people call it?")
        return None
    try:
        low, high = float(row["low"]), float(row["high"])
    except ValueError:
        faults.add(row.file, row.line, "low and high must be numbers")
        return None
    scales = [_SCALE.fullmatch(piece) for piece in parts(row["scale"], ";")]
    if not all(scales):
        faults.add(row.file, row.line, f"scale {row['scale']!r} must be like 3-25*10 or 501-500000/1000")
        return None
    factors = [
        (
            float(one["low"]),
            float(one["high"]),
            float(one["by"]) if one["sign"] == "*" else 1 / float(one["by"]),
        )
        for one in scales
        if one
    ]
    return Lab(row["lab"], parts(row["says"], "|"), low, high, tuple(factors))
