"""Where one statement ends and the next begins, and whether it is stated, asked or only supposed.

In a chat a space between Chinese characters does the work of a comma. Positions are those of the text given.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

_CJK = r"[\u3400-\u9fff]"
_CLAUSE_END = re.compile(rf"[。!！?？;；,，\n~～]+|(?<={_CJK})\s+|(?<![^\S\n])\s+(?={_CJK})|\.{{2,}}|…+")
_SENTENCE_END = re.compile(
    r"[。!！;；\n]+|[?？]+|(?=另外|顺便|对了[,，\s]|再有一|还有[一个位件]|还有就是|此外|再报|再来一)"
)
_ASKED = re.compile(
    r"(吗|么|呢|不|伐|咩|吧\?|了没|了没有|没有|有没|否|啊\?)$|怎么样|咋样|如何|是不是|有没有|能不能|可不可以|可以不可以|"
    r"行不行|好不好|收不收|接不接|会不会|要不要|到没到|(?<!不)是否|能否|可否|哪[里个家儿边些位]?|什么时候|啥时候|几点(?!前|之前|后)|"
    r"多(?:久|[深快高长重少]$|少(?!数|了|穿|吃|睡)|长时间)|啥辰光|几时|何时|什么辰光|谁(?!的|都)|为什么|为啥|咋回事|怎么回事"
)
_NOT_ASKING = re.compile(r"怎么办|咋办|怎么弄|哪怕|不管谁|没有$(?<=都没有)")
_SUPPOSED = re.compile(
    r"^(如果|要是|万一|假如|假使|倘若|若是|若|一旦|等(?!级|于|了|待)|等到|一[到旦]|只要|除非)|的话$|(以后|之后|了)?再说$|"
    r"^.{0,6}(到了|上车|接到|结束|好)了?(记得|麻烦|请|跟|和|给|在群里|群里)?(我|大家|群里)?(们)?(说|告诉|通知|回|讲|报)(一|个|声|我)"
)
_DENIED = re.compile(
    r"(还没有?|没有?|没能|未能?|尚未|不|别|不用|不能|无法|没法|勿|不要|先不|暂不|不肯|不让|覅|伐|唔|冇)$"
)


class _Folded(dict[int, str]):
    """A character's half width and lower case by its code, filled as characters turn up."""

    def __missing__(self, code: int) -> str:
        char = " " if code == 0x3000 else chr(code - 0xFEE0 if 0xFF01 <= code <= 0xFF5E else code)
        lower = char.lower()
        self[code] = lower if len(lower) == 1 else char
        return self[code]


_FOLDED = _Folded()


class Clause(NamedTuple):
    """A piece of the text from `start` to `end`; `asked` or `supposed` when it does not state anything."""

    text: str
    start: int
    end: int
    asked: bool
    supposed: bool


@lru_cache(maxsize=64)  # asked for again by whoever looks at the same message
def fold(text: str) -> str:
    """Half width and lower case, character by character, so that positions stay those of the text."""
    return text.translate(_FOLDED)


@lru_cache(maxsize=64)
def clauses(text: str) -> tuple[Clause, ...]:
    """The clauses of a folded text in order; empty ones are left out."""
    found: list[Clause] = []
    begin = 0
    for border in _CLAUSE_END.finditer(text):
        _append(found, text, begin, border.start(), border.group())
        begin = border.end()
    _append(found, text, begin, len(text), "")
    return tuple(found)


def _append(found: list[Clause], text: str, begin: int, end: int, border: str) -> None:
    body = text[begin:end]
    if not body.strip():
        return
    core = _NOT_ASKING.sub("", body)
    marked = "?" in border and core == body
    asked = marked or bool(_ASKED.search(core.rstrip("啊呀哦呢哈的嘞 ") or core))
    found.append(Clause(body, begin, end, asked, bool(_SUPPOSED.search(body.strip()))))


def sentences(text: str) -> list[tuple[int, int]]:
    """Spans of sentences: split at full stops and before words that open another matter (另外, 对了, 还有一位)."""
    spans: list[tuple[int, int]] = []
    begin = 0
    for border in _SENTENCE_END.finditer(text):
        if text[begin : border.start()].strip():
            spans.append((begin, border.end()))
        begin = border.end()
    if text[begin:].strip():
        spans.append((begin, len(text)))
    return spans


def denied_before(text: str, position: int) -> bool:
    """Whether the words right before `position` turn what follows into its opposite (还没|到医院)."""
    return bool(_DENIED.search(text[max(0, position - 4) : position]))
