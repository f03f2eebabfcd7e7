"""The nouns of a site pack: what one place knows, as plain frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time

# fmt: off
SPECIALTIES = (
    "EM", "GP", "RESP", "GI", "NEURO", "CARD", "HEMA", "NEPH", "ENDO", "RHEUM", "GERI", "GENSURG", "NSURG",
    "ORTHO", "URO", "THOR", "BURN", "GYN", "OB", "PED", "PEDSURG", "OPH", "ENT", "DENT", "DERM", "PSY",
    "INF", "ONC", "REHAB", "PAIN", "TCM", "PHARM",
)
CATEGORIES = (
    "MATERNAL", "DIALYSIS", "ONCO", "CRITICAL", "FEVER", "CHILD", "PSYCH", "TRAUMA", "CHRONIC", "MEDS",
    "CARE", "CONSULT", "NONMED", "OTHER",
)
DISPOSITIONS = (
    "D120", "ER_NOW", "HOSP_TODAY", "FEVER_CLINIC", "ONLINE", "CHC", "OWN_HOSPITAL", "PHARM", "HUMAN",
    "NONE",
)
# fmt: on
PHASES = ("LOCKDOWN", "DYNAMIC_ZERO", "REOPEN", "CLASS_B")
ROLES = ("guest", "contact", "volunteer", "hospital", "expert", "coordinator", "leader")
PURPOSES = ("intake", "expert", "hospital", "pharmacist", "chc", "admin")
KINDS = ("综合", "专科", "妇幼", "中医", "康复", "精神", "社区", "名录外")
REACHES = ("区内", "市级")
OUTPATIENT, BEDS = "门诊", "床位"
"""What may have places besides departments and services: all consultations together, and beds."""


class SiteError(Exception):
    """A site pack that cannot be used; the message is one line: file, line, fault and how to mend it."""


@dataclass(frozen=True)
class Places:
    """How many patients a service of an institution can take: a day (`daily`), or at once (beds).

    `service` is a service, a specialty code (its consultations), 门诊 or 床位. `assumed`: a figure nobody at
    the institution has confirmed.
    """

    service: str
    count: int
    daily: bool
    assumed: bool


@dataclass(frozen=True)
class Institution:
    """A hospital or health centre of the directory.

    `departments` and `services` are what the source of the directory states; `assumed` holds what such an
    institution ordinarily has but nobody confirmed. Whatever the directory marks as unsure is left out
    (`tier`, `town`, coordinates then are None); `unsure` names those fields. Coordinates are rough (± 2 km):
    good for an order by distance, not for navigation. Kind 名录外: recognised in texts, never proposed.
    """

    name: str
    aliases: tuple[str, ...]
    kind: str
    reach: str
    tier: str | None
    town: str | None
    address: str
    lat: float | None
    lon: float | None
    departments: frozenset[str]
    services: frozenset[str]
    assumed: frozenset[str]
    serves: tuple[str, ...]
    hours: str
    epidemic: str
    direct_line: str | None
    unsure: frozenset[str]
    places: tuple[Places, ...] = ()

    def places_for(self, service: str) -> Places | None:
        """How many this service takes; None where the directory does not say."""
        return next((each for each in self.places if each.service == service), None)

    @property
    def existence_unsure(self) -> bool:
        """True when it is not certain that the institution is one of the place's."""
        return "name" in self.unsure

    def states(self, what: str) -> bool:
        """Whether the directory states this department (code) or service as a fact."""
        return what in self.departments or what in self.services

    def may_have(self, what: str) -> bool:
        """Whether the institution has it, stated or by the ordinary scope of its kind."""
        return self.states(what) or what in self.assumed


@dataclass(frozen=True)
class Town:
    """A street (街道) or town (镇) of the place, with the ways people write it."""

    name: str
    aliases: tuple[str, ...]
    neighbours: tuple[str, ...]
    lat: float
    lon: float


@dataclass(frozen=True)
class Room:
    """A group chat and what it is for. `category` is set for expert rooms; `phone` answers in an emergency."""

    name: str
    purpose: str
    category: str | None = None
    town: str | None = None
    hospital: str | None = None
    phone: str | None = None


@dataclass(frozen=True)
class Member:
    """A person in the rooms. `on_call` codes (OB, OB2, DUTY1 …) hold at all times; rosters add to them.

    `aliases`: other names under which the same person writes. `introduced`: known by a coordinator's word, not by
    the pack.
    """

    name: str
    role: str
    rooms: tuple[str, ...] = ()
    hospital: str | None = None
    on_call: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    town: str | None = None
    introduced: bool = False


@dataclass(frozen=True)
class Shift:
    """One line of the roster: `member` is on duty for `code`, from `start` to `end` on `days` (1 Monday).

    A shift with `end` not after `start` runs into the next day; 00:00–00:00 is the whole day.
    """

    code: str
    member: str
    days: frozenset[int]
    start: time
    end: time


@dataclass(frozen=True)
class PolicyReminder:
    """The rhythm of one level, in minutes; None where the step does not exist (level Ⅳ has no leader)."""

    level: int
    ack_min: int
    remind_min: int
    second_min: int | None
    leader_min: int | None
    after_ack_first_min: int
    after_ack_min: int
    after_ack_at: time | None = None
    quiet_from: time | None = None
    quiet_to: time | None = None

    def is_quiet(self, at: time) -> bool:
        """Whether nothing may be posted at this local time of day (quiet hours may cross midnight)."""
        if self.quiet_from is None or self.quiet_to is None:
            return False
        if self.quiet_from <= self.quiet_to:
            return self.quiet_from <= at < self.quiet_to
        return at >= self.quiet_from or at < self.quiet_to


@dataclass(frozen=True)
class Permission:
    """What a role may do with one act.

    `scope`: `any` · `own_report` (cases the member reported) · `own_task` (assigned to the member) ·
    `own_hospital` (cases at the member's hospital) · `asked` (the member was asked for advice).
    `levels`: only cases of these levels. `only`: `unanswered` limits a decline to "phone not answered".
    """

    scope: str = "any"
    levels: tuple[int, ...] = (1, 2, 3, 4)
    only: str | None = None


SCOPES = ("any", "own_report", "own_task", "own_hospital", "asked")
# fmt: off
PERMISSION_ACTS = (
    "report", "update", "chase", "ask", "consult", "correct", "accept", "decline", "dispatched", "arrived",
    "close", "cancel", "reopen", "snooze", "assign", "level", "transfer", "hospital_status", "pass", "take",
    "role",
)
# fmt: on


@dataclass(frozen=True)
class Weights:
    """What counts how much when institutions of one step of the routing table are put in order.

    All are kilometres that are added to (or taken from) the distance; the fewest come first.
    """

    municipal_km: float  # a hospital of the city, not of the place: upward only as far as needed
    designated_km: float  # less: it names the patient's town among those it serves
    load_km: float  # all of its places taken; half of them taken counts half
    online_load_km: float  # the same for consultations online, which cost nobody a way
    online_km: float  # what a kilometre counts for a consultation online
    declined_km: float  # each patient of the specialty it declined lately
    declined_hours: float  # what lately is
    usual_places: int  # a day, where the directory gives no figure
    outpatient_from: time
    outpatient_to: time

    @property
    def outpatient(self) -> tuple[time, time]:
        """When out-patient departments see patients, unless an institution's hours say otherwise."""
        return self.outpatient_from, self.outpatient_to


@dataclass(frozen=True)
class Policy:
    """How the place works: rhythms, permissions, times of the day, and where it sends people first."""

    reminders: Mapping[int, PolicyReminder]
    permissions: Mapping[str, Mapping[str, Permission]]
    expert_codes: Mapping[str, tuple[str, ...]]
    medicine_batch: time
    medicine_second_hours: int
    consult_remind_min: int
    digest: time
    next_day_question: time
    call_back: time
    call_back_days: int
    online_entry: str
    board: str
    reopen_hours: int
    refusal_silence_min: int
    dialysis_shifts: Mapping[str, time]
    dialysis_list: time
    oncology_list: time
    postnatal_list: time
    dialysis_missed_hours: int
    pass_before_min: int
    pass_after_hours: int
    specialist_first: Mapping[str, frozenset[int]]
    own_urgent_km: float
    assumed_km: float
    matching: Weights

    def permission(self, role: str, act: str) -> Permission | None:
        """What `role` may do with `act`; None when not at all."""
        return self.permissions.get(role, {}).get(act)
