"""Ways of saying as written in the tables: braces expand, `…` is a gap."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

GAP = "…"
MAX_EXPANSION = 12000
"""More ways of saying than this in one cell is surely a slip of the braces."""


class PhraseError(ValueError):
    """A way of saying that cannot be read."""


def expand(cell: str) -> list[tuple[str, ...]]:
    """All ways of saying in a `says` cell, each as its pieces between gaps, lower case, without doubles.

    >>> expand("喘不{上,过}{,来}气|口水…咽不下")[1:5:3]
    [('喘不上来气',), ('口水', '咽不下')]
    """
    found: dict[tuple[str, ...], None] = {}
    for item in _split(cell.lower().replace("...", GAP), "|"):
        for text in _braces(item.strip()):
            found[_pieces(text)] = None
        if len(found) > MAX_EXPANSION:
            raise PhraseError(f"more than {MAX_EXPANSION} ways of saying: check the braces")
    return list(found)


Way = tuple[tuple[str, ...], ...]
"""The pieces of a way of saying, each as all that may stand there: (头, 脑袋) … (痛, 疼)."""


def ways(cell: str) -> list[Way]:
    """The ways of saying of a cell as `expand` reads them, but each with its choices and not as every combination.

    >>> ways("{头,脑袋}…{痛,疼}|头痛")
    [(('头', '脑袋'), ('痛', '疼')), (('头痛',),)]
    """
    found: list[Way] = []
    count = 0
    for item in _split(cell.lower().replace("...", GAP), "|"):
        found.extend(_choices(item.strip()))
        count += sum(prod(map(len, way)) for way in found[-1:])
        if count > MAX_EXPANSION:
            raise PhraseError(f"more than {MAX_EXPANSION} ways of saying: check the braces")
    return found


def _choices(text: str) -> list[Way]:
    """One way of saying with its choices; one each where a gap stands inside braces."""
    inside = _cut(text)
    if inside is None:
        return [tuple((piece,) for piece in _pieces(way)) for way in _braces(text)]
    way = tuple(tuple(dict.fromkeys(map(str.strip, _braces(piece) or [""]))) for piece in inside)
    if not all(all(piece) for piece in way):
        raise PhraseError(f"{text!r}: nothing stands before, after or between gaps")
    return [way]


def _cut(text: str) -> list[str] | None:
    """The pieces between gaps; None when a gap stands inside braces."""
    pieces, depth, start = [], 0, 0
    for at, char in enumerate(text):
        depth += (char == "{") - (char == "}")
        if char == GAP:
            if depth:
                return None
            pieces.append(text[start:at])
            start = at + 1
    return [*pieces, text[start:]]


def _pieces(text: str) -> tuple[str, ...]:
    pieces = tuple(map(str.strip, text.split(GAP)))
    if not all(pieces):
        raise PhraseError(f"{text!r}: nothing stands before, after or between gaps")
    return pieces


def _split(text: str, separator: str) -> Iterator[str]:
    """Pieces between separators that are not inside braces."""
    depth, start = 0, 0
    for at, char in enumerate(text):
        if char == "{":
            depth += 1
        elif char == "}":
            depth -= 1
            if depth < 0:
                raise PhraseError(f"{text!r}: a brace is closed that was not opened")
        elif char == separator and depth == 0:
            yield text[start:at]
            start = at + 1
    if depth:
        raise PhraseError(f"{text!r}: a brace is not closed")
    if text[start:].strip():
        yield text[start:]


def _braces(text: str) -> list[str]:
    start = text.find("{")
    if start < 0:
        return [text] if text else []
    end = _closing(text, start)
    tails = _braces(text[end + 1 :]) or [""]
    inner = text[start + 1 : end]
    options = [way for option in _options(inner) for way in (_braces(option) or [""])]
    return [text[:start] + option + tail for option in options for tail in tails]


def _options(inner: str) -> list[str]:
    options, depth, start = [], 0, 0
    for at, char in enumerate(inner):
        depth += (char == "{") - (char == "}")
        if char in ",," and depth == 0:
            options.append(inner[start:at].strip())
            start = at + 1
    return [*options, inner[start:].strip()]


def _closing(text: str, start: int) -> int:
    depth = 0
    for at in range(start, len(text)):
        depth += (text[at] == "{") - (text[at] == "}")
        if depth == 0:
            return at
    raise PhraseError(f"{text!r}: a brace is not closed")
