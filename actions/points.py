"""What puts the candidates of one step in order: kilometres, and what counts like kilometres."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from actions.closing import short_names
from actions.load import ONLINE, Load, Taken
from actions.matching_rules import OWN, Need, Step
from actions.opening import is_day, is_open
from actions.site import Site
from actions.site_types import Institution

_FAR_KM = 999.0
_DECLINES = 3
"""More declines than this count no more: a busy hospital is not shut out by having been asked often."""

Parts = list[tuple[str, float]]
PASSING = ("load", "declined")
MUNICIPAL, COMMUNITY = "市级", "社区"


@dataclass(frozen=True)
class Hour:
    """The local time of choosing, and how the next opening of the out-patients is said when they are shut."""

    at: time
    opens: str


@dataclass(frozen=True)
class Factors:
    """Why an institution stands where it stands. `points` are kilometres; `parts` name what they sum up.

    `certain`: the directory states what the step asks for. `km`: from the town, None when not known.
    `declines`: patients of the specialty it declined lately. `open_now` False: only in the morning.
    """

    name: str
    step: Step
    certain: bool
    km: float | None
    taken: Taken
    declines: int
    open_now: bool
    points: float
    parts: tuple[tuple[str, float], ...]

    @property
    def what(self) -> str:
        """What there are places of, as people say it."""
        return short_names().get(self.taken.service, self.taken.service)

    @property
    def lasting(self) -> float:
        """The points that do not change with what happens to other patients."""
        return sum(value for part, value in self.parts if part not in PASSING)

    def passed_over(self, level: int, own: bool) -> bool:
        """Whether no place is left. A figure nobody confirmed keeps no urgent and no own patient away."""
        places = self.taken.places
        if level == 1 or places is None or not self.taken.full:
            return False
        return not places.assumed or (level >= 3 and not own)


def total(parts: Parts) -> float:
    """Points: the kilometres and what counts like kilometres."""
    return sum(value for _, value in parts)


def hour_of(site: Site, need: Need) -> Hour | None:
    """The hour that counts; None at level 1, which waits for no hour, and when nobody says the time."""
    if need.at is None or need.level == 1:
        return None
    weights = site.policy.matching
    local = need.at.astimezone(site.tz).time()
    opening = f"{weights.outpatient_from.hour}:{weights.outpatient_from.minute:02d}"
    morning = "今早" if local < weights.outpatient_from else "明早"
    return Hour(local, f"{morning}{opening}开门")


@dataclass(frozen=True)
class Weighing:
    """What is the same for all institutions of one ranking."""

    site: Site
    need: Need
    load: Load
    hour: Hour | None
    services: tuple[str, ...]

    def parts(self, step: Step, place: Institution, certain: bool, km: float | None) -> Parts:
        """What an institution's points are the sum of. Called for every one that a step selects: kept short."""
        weights, level = self.site.policy.matching, self.need.level
        online = level >= 3 and step.asks_for(ONLINE)
        parts = [("km", (_FAR_KM if km is None else km) * (weights.online_km if online else 1))]
        if not certain:
            parts.append(("assumed", self.site.policy.assumed_km))
        if place.reach == MUNICIPAL:
            parts.append(("municipal", weights.municipal_km))
        if level == 1:  # the nearest that can, whoever is busy or serves another town
            return parts
        if level >= 3 and place.kind != COMMUNITY and self.need.town in place.serves:
            parts.append(("designated", -weights.designated_km))
        if place.name in self.load.busy and (taken := self._taken(place)).used:
            parts.append(("load", taken.share * (weights.online_load_km if online else weights.load_km)))
        if declines := self.load.declines.get(place.name):
            parts.append(("declined", min(declines, _DECLINES) * weights.declined_km))
        return parts

    def of(
        self, step: Step, institution: Institution, certain: bool, km: float | None, parts: Parts
    ) -> Factors:
        """Everything that counts for one institution of a step."""
        return Factors(
            name=institution.name,
            step=step,
            certain=certain,
            km=km,
            taken=self._taken(institution),
            declines=self.load.declines.get(institution.name, 0),
            open_now=self.hour is None or self._open(step, institution, self.hour.at),
            points=total(parts),
            parts=tuple(parts),
        )

    def _taken(self, institution: Institution) -> Taken:
        return self.load.taken(institution, self.services, self.site.policy.matching.usual_places)

    def _open(self, step: Step, institution: Institution, at: time) -> bool:
        outpatient = self.site.policy.matching.outpatient
        if not institution.hours and is_day(at, outpatient):
            return True
        names = {token.what for token in step.select} - {OWN} | set(self.services)
        names |= {short_names().get(code, "") for code in (self.need.specialty, *step.codes)}
        if self.need.category == "MATERNAL":
            names |= {"产科", "助产"}
        return is_open(institution, names, at, outpatient, emergency=self.need.level <= 3)
