"""The table of cues, data/lexicon/acts.csv: which words and findings speak for which act.

A row's `says` holds alternatives separated by `|`; each is one or more operands joined by `+`, all of which must
hold. An operand is a way of saying (braces and `…` as in the other tables, `<name>` for a class of words, `^` and `$`
for the borders of a clause; with `~` before it, anywhere in the text across clauses), or a fact in brackets, `[患]`,
or its absence, `![患]`. `unless` is the same. `act` may name several acts, `accept/decline`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from nlu.case_numbers import CASE
from nlu.clauses import Clause, denied_before
from nlu.tables import DATA, Faults, Row, TableError, parts, read_rows
from nlu.understanding import ACTS

ACTS_TABLE = DATA / "lexicon" / "acts.csv"
COLUMNS = ("act", "weight", "says", "unless", "note")

GAP = "[^。!?;,\n]{0,8}"
WIDE_GAP = "[^。!?;\n]{0,12}"
"""The gap of a way of saying that runs across clauses."""
_NUMBER = r"(?:\d+(?:\.\d+)?|[零一二两三四五六七八九十百半]+)"
_DAYPART = (
    r"(?:凌晨|清早|早上|早晨|今早|明早|上午|中午|下午|傍晚|晚上|今晚|明晚|夜里|半夜|今天|明天|后天|今朝|明朝)"
)
CLASSES = {
    "数": _NUMBER,
    "时": rf"(?:{_DAYPART}{{0,2}}{_NUMBER}[点时](?:半|一刻|{_NUMBER}分?)?|{_DAYPART}|\d{{1,2}}:\d{{2}})",
    "久": rf"{_NUMBER}个?(?:多|半)?个?(?:分钟|小时|钟头|钟|天|日|夜|刻钟|礼拜|周)",
    "字": r"[\u4e00-\u9fff]",
    "号": CASE,
    "人": r"(?:@[^\s@]{1,16}|[\u4e00-\u9fff]{1,3}(?:主任|医生|医师|老师|护士长?|科长|院长|书记|组长|站长|药师|师傅)|小[\u4e00-\u9fff]|老[王李张陈刘赵周吴徐孙])",
    "呼": r"(?:120|一二零|幺二零|妖二零|救护车?|急救车?|负压车)",
}


@dataclass(frozen=True)
class Hit:
    """One row that holds: its weight for an act, and the words it rests on (an empty span for facts alone)."""

    act: str
    weight: float
    start: int
    end: int
    row: int


@dataclass(frozen=True)
class _Operand:
    pattern: re.Pattern[str] | None
    fact: str = ""
    wanted: bool = True
    across: bool = False


@dataclass(frozen=True)
class _Row:
    line: int
    acts: tuple[str, ...]
    weight: float
    says: tuple[tuple[_Operand, ...], ...]
    unless: tuple[tuple[_Operand, ...], ...]


class CueTable:
    """The rows, compiled. `hits` is all that is asked of it."""

    def __init__(self, rows: Sequence[_Row]) -> None:
        self._rows = tuple(rows)

    def hits(self, text: str, clauses: Sequence[Clause], facts: Mapping[str, bool]) -> Iterator[Hit]:
        """Rows that hold in a folded text. A denied word does not count; an asked one is the caller's to judge."""
        for row in self._rows:
            span = _first(row.says, text, clauses, facts, deny=True)
            if span is None or _first(row.unless, text, clauses, facts, deny=False) is not None:
                continue
            for act in row.acts:
                yield Hit(act, row.weight, span[0], span[1], row.line)


def _first(
    alternatives: tuple[tuple[_Operand, ...], ...],
    text: str,
    clauses: Sequence[Clause],
    facts: Mapping[str, bool],
    *,
    deny: bool,
) -> tuple[int, int] | None:
    for operands in alternatives:
        span = _all(operands, text, clauses, facts, deny)
        if span is not None:
            return span
    return None


def _all(
    operands: tuple[_Operand, ...],
    text: str,
    clauses: Sequence[Clause],
    facts: Mapping[str, bool],
    deny: bool,
) -> tuple[int, int] | None:
    span: tuple[int, int] | None = None
    for operand in operands:
        if operand.pattern is None:
            if facts.get(operand.fact, False) != operand.wanted:
                return None
            continue
        if operand.across:
            match = operand.pattern.search(text)
            found = match.span() if match else None
        else:
            found = _search(operand.pattern, clauses, deny)
        if (found is not None) != operand.wanted:
            return None
        span = span or found
    return span or (0, 0)


def _search(pattern: re.Pattern[str], clauses: Sequence[Clause], deny: bool) -> tuple[int, int] | None:
    for part in clauses:
        for match in pattern.finditer(part.text):
            if not (deny and denied_before(part.text, match.start())):
                return part.start + match.start(), part.start + match.end()
    return None


@lru_cache(maxsize=4)
def load_cues(path: Path = ACTS_TABLE) -> CueTable:
    """Reads and checks the table. Raises TableError with file, line and fault."""
    return read_cues(path, Faults(strict=True))


def read_cues(path: Path, faults: Faults) -> CueTable:
    """The same with all faults collected; a row with a fault is left out."""
    rows: list[_Row] = []
    classes = dict(CLASSES)
    for cells in read_rows(path, COLUMNS, faults):
        try:
            if cells["act"].startswith("<"):
                classes[cells["act"].strip("<>")] = _class(cells["says"], classes, path, cells.line)
            else:
                rows.append(_row(cells, classes, path))
        except TableError as error:
            faults.add(path, error.line, error.fault)
    return CueTable(rows)


@lru_cache(maxsize=128)
def word_class(name: str, path: Path = ACTS_TABLE) -> re.Pattern[str]:
    """The words of a class of the table, `<科>` for example, as one pattern."""
    return re.compile(_classes(path)[name])


@lru_cache(maxsize=4)
def _classes(path: Path) -> dict[str, str]:
    classes = dict(CLASSES)
    for cells in read_rows(path, COLUMNS, Faults(strict=True)):
        if cells["act"].startswith("<"):
            classes[cells["act"].strip("<>")] = _class(cells["says"], classes, path, cells.line)
    return classes


def _class(says: str, classes: Mapping[str, str], path: Path, line: int) -> str:
    words = [_regex(word, classes, path, line) for word in _split(says, "|")]
    if not words:
        raise TableError(path, line, "says is empty: list the words of this class")
    return f"(?:{'|'.join(words)})"


def _row(cells: Row, classes: Mapping[str, str], path: Path) -> _Row:
    line = cells.line
    acts = parts(cells["act"])
    unknown = [act for act in acts if act not in ACTS]
    if unknown:
        raise TableError(path, line, f"{unknown[0]!r} is no act; use one of {' '.join(ACTS)}")
    try:
        weight = float(cells["weight"])
    except ValueError:
        raise TableError(path, line, f"weight must be a number, not {cells['weight']!r}") from None
    says = _alternatives(cells["says"], classes, path, line)
    if not says:
        raise TableError(path, line, "says is empty")
    return _Row(line, acts, weight, says, _alternatives(cells["unless"], classes, path, line))


def _alternatives(
    text: str, classes: Mapping[str, str], path: Path, line: int
) -> tuple[tuple[_Operand, ...], ...]:
    """Neighbouring ways of saying that stand alone become one pattern: a table is read far more often than made."""
    single: list[str] = []
    joined: list[tuple[_Operand, ...]] = []
    for alternative in _split(text, "|"):
        operands = _split(alternative, "+")
        if len(operands) == 1 and operands[0][0] not in "[!~":
            single.append(_regex(operands[0], classes, path, line))
        else:
            joined.append(tuple(_operand(o, classes, path, line) for o in operands))
    if single:
        joined.insert(0, (_Operand(re.compile("|".join(single))),))
    return tuple(joined)


def _operand(text: str, classes: Mapping[str, str], path: Path, line: int) -> _Operand:
    wanted = not text.startswith("!")
    body = text.removeprefix("!")
    if body.startswith("["):
        if not re.fullmatch(r"\[\w+\]", body):
            raise TableError(path, line, f"brackets hold one fact, as in [患], not {body!r}")
        return _Operand(None, body[1:-1], wanted)
    across = body.startswith("~")
    written = _regex(body.removeprefix("~"), classes, path, line)
    pattern = re.compile(written.replace(GAP, WIDE_GAP) if across else written)
    return _Operand(pattern, wanted=wanted, across=across)


def _split(text: str, separator: str) -> list[str]:
    """Splits outside braces."""
    parts, depth, begin = [], 0, 0
    for index, char in enumerate(text):
        depth += (char == "{") - (char == "}")
        if char == separator and depth == 0:
            parts.append(text[begin:index])
            begin = index + 1
    parts.append(text[begin:])
    return [part.strip() for part in parts if part.strip()]


def _regex(text: str, classes: Mapping[str, str], path: Path, line: int) -> str:
    """A way of saying as a regular expression."""
    out: list[str] = []
    depth = index = 0
    while index < len(text):
        char = text[index]
        if char == "<":
            end = text.find(">", index)
            name = text[index + 1 : end] if end > 0 else ""
            if name not in classes:
                raise TableError(
                    path, line, f"there is no class <{name}>; classes stand above their first use"
                )
            out.append(classes[name])
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
