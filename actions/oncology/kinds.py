"""The kinds of care of cancer patients, and the words that departments and reports have for treatment."""

from __future__ import annotations

from actions.closing import codes_of

CHEMO, RADIO, LINE, DRUG = "chemo", "radio", "line", "drug"
_PARTS = {"放疗": RADIO, "放射治疗": RADIO, "化疗": CHEMO}


def kinds_of(department: str | None) -> tuple[str, ...]:
    """The kinds of treatment that a department's name stands for; the whole hospital has both."""
    named = tuple(dict.fromkeys(kind for word, kind in _PARTS.items() if word in (department or "")))
    if named or (department is not None and "ONC" not in codes_of(department)):
        return named
    return (RADIO, CHEMO)


def kinds_of_words(text: str) -> set[str]:
    """The kinds of treatment that a text speaks of."""
    return {kind for word, kind in _PARTS.items() if word in text}
