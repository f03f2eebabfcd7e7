"""How much of what a hospital can take is taken: places of the directory against what was sent there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from actions.site_types import BEDS, Institution, Places

DIALYSIS, ONLINE, FEVER_CLINIC, EMERGENCY = "血透", "互联网医院", "发热门诊", "急诊"
_BY_CATEGORY = {"DIALYSIS": DIALYSIS, "MEDS": "配药", "CARE": "家庭护理"}
_BY_DISPOSITION = {"ONLINE": ONLINE, "FEVER_CLINIC": FEVER_CLINIC}


def services_used(level: int, category: str, disposition: str, specialty: str) -> tuple[str, ...]:
    """What a patient takes a place of, the chief one first: a service, the department, a bed."""
    chief = _BY_CATEGORY.get(category) if level >= 2 else None
    if level >= 3 and disposition == "ONLINE":
        chief = ONLINE
    chief = chief or (_BY_DISPOSITION.get(disposition) if level >= 3 else EMERGENCY)
    if chief in (None, EMERGENCY):
        return (specialty,) if chief is None else (EMERGENCY, specialty, BEDS)
    return (chief,)


@dataclass(frozen=True)
class Taken:
    """Of one service: patients sent there, its places where the directory gives them, the share taken."""

    service: str
    used: int
    places: Places | None
    share: float

    @property
    def full(self) -> bool:
        """Whether no place is left, by the directory's figure."""
        return self.places is not None and self.used >= self.places.count


@dataclass(frozen=True)
class Load:
    """Patients sent to each hospital, by service: today's for places a day, those there now for beds.

    `declines` counts how often each hospital declined patients of the need's specialty lately.
    """

    used: Mapping[tuple[str, str], int] = field(default_factory=dict)
    declines: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def busy(self) -> frozenset[str]:
        """Hospitals to which anybody was sent."""
        return frozenset(hospital for hospital, _ in self.used)

    def taken(self, institution: Institution, services: tuple[str, ...], usual: int) -> Taken:
        """The service of these that is nearest to full; `usual` places where the directory gives none."""
        known = [each for each in services if institution.places_for(each)]
        return max(
            (self._of(institution, each, usual) for each in known or services[:1]), key=lambda t: t.share
        )

    def _of(self, institution: Institution, service: str, usual: int) -> Taken:
        places = institution.places_for(service)
        used = self.used.get((institution.name, service), 0)
        return Taken(service, used, places, used / (places.count if places else usual))


NOTHING = Load()
"""Nobody was sent anywhere."""
