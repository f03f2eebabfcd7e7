"""Ways of saying as written in the tables: braces expand, `…` is a gap."""

from __future__ import annotations

from collections.abc import Iterator

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
