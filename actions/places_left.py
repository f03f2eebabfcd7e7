"""How many more dialysis patients each hospital can take on a day, by the directory's figures."""

from __future__ import annotations

from collections import Counter
from datetime import date

from actions.desk import Desk
from actions.dialysis.places import places_taken
from actions.load import DIALYSIS


class PlacesLeft:
    """What is left of the dialysis places of one day; taken one by one while patients are spread."""

    def __init__(self, desk: Desk, day: date) -> None:
        self._desk = desk
        self._taken = Counter(place.hospital for place in places_taken(desk, day))
        self._left: dict[str, int] = {}

    def take(self, hospital: str) -> bool:
        """One place there. False when none is left, or the directory does not say that there are any."""
        left = self._left_at(hospital)
        self._left[hospital] = max(left - 1, 0)
        return left > 0

    def known(self) -> bool:
        """Whether the directory gives any figures for dialysis."""
        return any(each.places_for(DIALYSIS) for each in self._desk.site.institutions.values())

    def _left_at(self, hospital: str) -> int:
        if hospital not in self._left:
            institution = self._desk.site.institutions.get(hospital)
            places = institution.places_for(DIALYSIS) if institution else None
            self._left[hospital] = max(places.count - self._taken[hospital], 0) if places else 0
        return self._left[hospital]
