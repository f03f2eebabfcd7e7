"""When an institution is open: out-patients by day, emergencies and what its hours say round the clock."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import time
from functools import lru_cache

from actions.site_files import read_time
from actions.site_types import Institution

ALWAYS = frozenset({"急诊", "互联网医院", "24h窗口", "助产"})
"""Services that are round the clock by what they are."""

_PART = re.compile(
    r"(?P<what>[^\d：:]+?)[：:]?(?:(?P<day>24)小时|(?P<from>\d\d?:\d\d)[-–~至](?P<to>\d\d?:\d\d))"
)


@dataclass(frozen=True)
class Hours:
    """One part of an institution's hours: what is open from when to when; round the clock without times."""

    what: str
    start: time | None = None
    end: time | None = None

    def holds(self, at: time) -> bool:
        if self.start is None or self.end is None:
            return True
        if self.start < self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end


@lru_cache(maxsize=1024)
def hours_of(text: str) -> tuple[Hours, ...] | None:
    """The parts of a cell like 急诊24小时；门诊08:00-16:30; None when a part is not of that form."""
    parts = []
    for part in (p.strip() for p in re.split(r"[；;，,]", text) if p.strip()):
        match = _PART.fullmatch(part)
        if match is None:
            return None
        start, end = (read_time(match["from"]), read_time(match["to"])) if not match["day"] else (None, None)
        if not match["day"] and (start is None or end is None):
            return None
        parts.append(Hours(match["what"].strip(), start, end))
    return tuple(parts)


def is_day(at: time, outpatient: tuple[time, time]) -> bool:
    """Whether out-patient departments see patients at this local time of day."""
    return outpatient[0] <= at < outpatient[1]


def is_open(
    institution: Institution,
    names: Collection[str],
    at: time,
    outpatient: tuple[time, time],
    emergency: bool,
) -> bool:
    """Whether any of `names` (services, department names) can be used there at a local time of day.

    `emergency`: the patient may be sent to an emergency room, where there is one.
    """
    hours = hours_of(institution.hours) or ()
    told = [each for each in hours if each.what in names or each.what in ("门诊", "全院")]
    if any(each.holds(at) for each in told):
        return True
    if not told and is_day(at, outpatient):
        return True
    if emergency and institution.may_have("急诊"):
        return True
    return any(institution.may_have(each) for each in ALWAYS.intersection(names) - {"急诊"})
