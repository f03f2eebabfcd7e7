"""Names as people write them in a group: separators, spaces, width and emoji do not make another person."""

from __future__ import annotations

import unicodedata

_NO_PART_OF_A_NAME = "PSZC"


def plain(name: str) -> str:
    """佘山防控办—小张 🌸 → 佘山防控办小张; a name of nothing but marks stays as it is."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    kept = "".join(each for each in folded if unicodedata.category(each)[0] not in _NO_PART_OF_A_NAME)
    return kept or name
