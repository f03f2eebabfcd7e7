"""The institutions of a place by what they have, whom they serve and how far they are from each town.

Built once a pack: a ranking among a thousand looks only at those that can be meant.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from math import cos, hypot, radians

from actions.site_types import Institution, Town

OUTSIDE = "名录外"
_KM_PER_DEGREE = 111.2

Names = frozenset[str]
NOBODY: Names = frozenset()


class Directory:
    """Names of the institutions that may be proposed, by kind, reach, service, department and town."""

    def __init__(self, institutions: Mapping[str, Institution], towns: Mapping[str, Town]) -> None:
        self._listed = {name: each for name, each in institutions.items() if each.kind != OUTSIDE}
        self._towns = towns
        self._km: dict[str | None, dict[str, float | None]] = {}
        self.all: Names = frozenset(self._listed)
        self.of_kind = _by(self._listed, lambda each: (each.kind, each.reach))
        self.stating = _by(self._listed, lambda each: each.departments | each.services)
        self.having = _by(self._listed, lambda each: each.departments | each.services | each.assumed)
        self.serving = _by(self._listed, lambda each: each.serves)

    def km(self, town: str | None) -> Mapping[str, float | None]:
        """Straight-line distances from a town, from the middle of the place for None; None: not known."""
        if town not in self._km:
            self._km[town] = self._distances([self._towns[town]] if town else list(self._towns.values()))
        return self._km[town]

    def _distances(self, towns: list[Town]) -> dict[str, float | None]:
        if not towns:
            return dict.fromkeys(self._listed)
        lat, lon = (sum(t.lat for t in towns) / len(towns), sum(t.lon for t in towns) / len(towns))
        return {name: _distance(lat, lon, each) for name, each in self._listed.items()}


def _distance(lat: float, lon: float, institution: Institution) -> float | None:
    if institution.lat is None or institution.lon is None:
        return None
    east = (institution.lon - lon) * cos(radians(lat))
    return hypot(institution.lat - lat, east) * _KM_PER_DEGREE


def _by(listed: Mapping[str, Institution], keys: Callable[[Institution], Iterable[str]]) -> dict[str, Names]:
    found: dict[str, set[str]] = defaultdict(set)
    for name, institution in listed.items():
        for key in keys(institution):
            found[key].add(name)
    return {key: frozenset(names) for key, names in found.items()}
