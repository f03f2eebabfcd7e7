"""还有他老婆, 隔壁王伯: a patient told of beside another lives in the same town, a relative at the same address."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from actions.context import own_last_open
from actions.turn import Turn
from nlu.understanding import Report

TOLD_WITHIN = timedelta(minutes=15)
_BESIDE = re.compile(
    r"^(?:还有|另外|再有|然后|同时|以及|[,，、;；:\s\d.])*(?P<who>[他她](?!们)|家里|隔壁|邻居|同楼|同小区|楼上|楼下)"
)
_NEXT_DOOR = frozenset({"隔壁", "邻居", "同楼", "同小区", "楼上", "楼下"})


def completed(turn: Turn, report: Report) -> Report:
    """The report with where the patient lives, as far as the speaker's own last report says it for both."""
    said = report.entities
    found = _BESIDE.match(report.quote)
    if found is None or said.keys() & {"town", "address"}:
        return report
    next_door = found["who"] in _NEXT_DOOR
    if not (next_door or report.kin):
        return report
    last = own_last_open(turn, TOLD_WITHIN)
    if last is None or last.opened_by != turn.speaker.name or last.private:
        return report
    keys = ("town",) if next_door else ("town", "address")
    shared = {key: last.fields[key] for key in keys if key in last.fields}
    return replace(
        report,
        entities={**said, **shared},
        missing=tuple(item for item in report.missing if item not in shared),
    )
