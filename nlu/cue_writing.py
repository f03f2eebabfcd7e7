"""Ways of saying as the table of cues writes them (nlu/cues.py), as regular expressions.

Braces hold alternatives, `…` is a gap, `<name>` a class of words, `^` and `$` the borders of a clause.
"""

from __future__ import annotations

import re
from pathlib import Path

from nlu.case_numbers import CASE
from nlu.literals import Words, needed, needed_by_all
from nlu.tables import Row, TableError

GAP = "[^。!?;,\n]{0,8}"
WIDE_GAP = "[^。!?;\n]{0,12}"
"""The gap of a way of saying that runs across clauses."""
_NUMBER = r"(?:\d{1,12}(?:\.\d{1,12})?|[零一二两三四五六七八九十百半]{1,12})"
_DAYPART = (
    r"(?:凌晨|清早|早上|早晨|今早|明早|上午|中午|下午|傍晚|晚上|今晚|明晚|夜里|半夜|今天|明天|后天|今朝|明朝)"
)
CLASSES = {
    "数": _NUMBER,
    "时": rf"(?:{_DAYPART}{{0,2}}{_NUMBER}[点时](?:半|一刻|{_NUMBER}分?)?|{_DAYPART}|\d{{1,2}}:\d{{2}})",
    "久": rf"{_NUMBER}个?(?:多|半)?个?(?:分钟|小时|钟头|钟|天|日|夜|刻钟|礼拜|周)",
    "字": r"[\u4e00-\u9fff]",
    "号": CASE,
    "人": r"(?:@[^\s@]{1,16}|[\u4e00-\u9fff]{1,3}(?:主任|医生|医师|老师|护士长?|科长|院长|书记|组长|站长|药师|师傅)|小(?![腿孩便时区心囡肚手脚指臂伙朋学儿女妹声事吃狗猫说编票组号型家店车船腹脑舌毛])[\u4e00-\u9fff]|老[王李张陈刘赵周吴徐孙])",
    "呼": r"(?:120|一二零|幺二零|妖二零|救护车?|急救车?|负压车)",
}
_NEEDED: dict[str, Words] = {
    **dict.fromkeys(CLASSES),
    "久": frozenset(["钟", "小时", "天", "日", "夜", "礼拜", "周"]),
    "号": frozenset("0123456789号第"),
    "呼": frozenset(["120", "一二零", "幺二零", "妖二零", "救护", "急救", "负压车"]),
}
"""The words of which one is in whatever a class stands for."""


class Classes:
    """Classes of words by name: the pattern of each, and the words that it needs to be found."""

    def __init__(self) -> None:
        self.patterns = dict(CLASSES)
        self.words: dict[str, Words] = dict(_NEEDED)

    def add(self, cells: Row, path: Path) -> None:
        """A row of the table whose act is `<name>`."""
        name = cells["act"].strip("<>")
        ways = split(cells["says"], "|")
        if not ways:
            raise TableError(path, cells.line, "says is empty: list the words of this class")
        self.patterns[name] = f"(?:{'|'.join(regex(way, self, path, cells.line) for way in ways)})"
        self.words[name] = needed_by_all(needed(way, self.words) for way in ways)


def split(text: str, separator: str) -> list[str]:
    """Splits outside braces."""
    parts, depth, begin = [], 0, 0
    for index, char in enumerate(text):
        depth += (char == "{") - (char == "}")
        if char == separator and depth == 0:
            parts.append(text[begin:index])
            begin = index + 1
    parts.append(text[begin:])
    return [part.strip() for part in parts if part.strip()]


def regex(text: str, classes: Classes, path: Path, line: int) -> str:
    """A way of saying as a regular expression."""
    out: list[str] = []
    depth = index = 0
    while index < len(text):
        char = text[index]
        if char == "<":
            end = text.find(">", index)
            name = text[index + 1 : end] if end > 0 else ""
            if name not in classes.patterns:
                raise TableError(
                    path, line, f"there is no class <{name}>; classes stand above their first use"
                )
            out.append(classes.patterns[name])
            index = end
        else:
            depth += (char == "{") - (char == "}")
            out.append(_symbol(char, depth))
        index += 1
        if depth < 0:
            break
    if depth:
        raise TableError(path, line, f"braces do not match in {text!r}")
    return "".join(out)


def _symbol(char: str, depth: int) -> str:
    if char in "{}":
        return "(?:" if char == "{" else ")"
    if char == "," and depth:
        return "|"
    if char == "…":
        return GAP
    if char == "^":
        return r"^\s*"
    if char == "$":
        return r"[\s了啊哈哦呀啦的吧~]*$"
    return re.escape(char)
