"""Names of a place that the text may hold: towns and institutions with their aliases.

The site pack fills it (actions/site.py); nlu itself knows no place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Gazetteer:
    """Ways of saying → full official name. Aliases may be ambiguous with ordinary words; the finder decides."""

    towns: Mapping[str, str] = field(default_factory=dict)
    institutions: Mapping[str, str] = field(default_factory=dict)
