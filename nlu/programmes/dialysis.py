"""What a message says of the dialysis patients of the register: entered, changed, done, not come, the list."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from datetime import datetime

from nlu.clauses import fold
from nlu.pointers import SURNAMES
from nlu.programmes.said import DialysisWords, RegisterLine
from nlu.programmes.visits import transport, visits
from nlu.programmes.words import DIALYSIS, words

_NAME = re.compile(rf"(?:^|[\s,:;、.\d])(?P<name>[{SURNAMES}][\u4e00-\u9fff]{{1,3}}?)(?=[\s,;(、\d]|男|女|$)")
_SEX = re.compile(r"(?<![儿孙外子])[男女](?![儿婿])")
_BARE_AGE = re.compile(r"(?<![\d.\-#/:])(\d{1,3})(?=岁|[\s,;]|$)")


def dialysis_words(text: str, at: datetime, places: Container[str] = ()) -> DialysisWords:
    """Read a message. `at`: its moment in the place's zone; `places`: names of towns, which are no people's."""
    folded = fold(text)
    return DialysisWords(
        does=_does(folded),
        everybody=words("都", DIALYSIS).search(folded) is not None,
        excepted=_excepted(folded),
        when=visits(text, at),
        transport=transport(text),
        absent=words("没来", DIALYSIS).search(_stated(folded)) is not None,
        lines=tuple(_lines(text, at, places)),
    )


def _stated(folded: str) -> str:
    """Without what is asked or not yet so: 透完了吗, 还没透完."""
    return words("没透完", DIALYSIS).sub("＿", folded)


def _excepted(folded: str) -> str:
    found = words("除了", DIALYSIS).search(folded)
    if found is None:
        return ""
    rest = folded[found.start() :]
    end = words("都", DIALYSIS).search(rest)
    return rest[: end.start()] if end else rest


def _lines(text: str, at: datetime, places: Container[str]) -> Iterator[RegisterLine]:
    """Every line that names somebody."""
    for line in text.splitlines():
        name = _name(line, places)
        if name is not None:
            yield RegisterLine(line, name, _age(line), visits(line, at), transport(line))


def _does(folded: str) -> str | None:
    for name, said in (("register", "登记"), ("end", "注销"), ("list", "名单")):
        if words(said, DIALYSIS).search(folded):
            return name
    stated = _stated(folded)
    for name, said in (("done", "透完"), ("missed", "没来")):
        if words(said, DIALYSIS).search(stated):
            return name
    return "change" if words("改班", DIALYSIS).search(folded) else None


def _name(line: str, places: Container[str]) -> str | None:
    """The patient's name in a line of the register: 张三 男 67 …; None when no name stands there."""
    folded = re.sub(words("登记", DIALYSIS), " ", fold(line))
    for found in _NAME.finditer(folded):
        if found["name"] not in places:
            return found["name"]
    return None


def _age(line: str) -> int | None:
    """男 67: in a list of the register the number beside the sex is the age."""
    folded = fold(line)
    sex = _SEX.search(folded)
    near = folded[max(0, sex.start() - 6) : sex.end() + 6] if sex else ""
    found = _BARE_AGE.search(near)
    return int(found[1]) if found and 0 < int(found[1]) <= 120 else None
