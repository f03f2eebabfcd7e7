"""How the hospitals answer: asked, accepted, declined, how long it took, from the timelines of the cases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.models import Event

_COUNTED = ("proposed_to", "accepted", "declined")


@dataclass(frozen=True)
class HospitalFigures:
    """One hospital in a span of time, counted by patients.

    `asked`: those it was proposed for or who were answered for unasked. `waiting`: neither accepted nor declined,
    by it or for it. `median_min`: minutes from the proposal to its answer, None when none was timed.
    """

    hospital: str
    asked: int
    accepted: int
    declined: int
    waiting: int
    median_min: float | None


@dataclass
class _Tally:
    """What happened between one hospital and its patients, by case."""

    asked: dict[int, datetime] = field(default_factory=dict)
    answers: dict[int, str] = field(default_factory=dict)
    minutes: list[float] = field(default_factory=list)

    def ask(self, case: int, at: datetime) -> None:
        self.asked[case] = at
        self.answers.pop(case, None)

    def answer(self, case: int, at: datetime, what: str) -> None:
        if case in self.asked and case not in self.answers:
            self.minutes.append((at - self.asked[case]).total_seconds() / 60)
        self.answers[case] = what


def hospital_figures(session: Session, since: datetime, until: datetime) -> list[HospitalFigures]:
    """Each hospital that was asked or answered from `since` to `until`, the most asked first."""
    tallies: dict[str, _Tally] = defaultdict(_Tally)
    for case, at, what, hospital in _happened(session, since, until):
        if what == "proposed_to":
            tallies[hospital].ask(case, at)
        else:
            tallies[hospital].answer(case, at, what)
    rows = [_figures(hospital, tally) for hospital, tally in tallies.items()]
    return sorted(rows, key=lambda row: (-row.asked, row.hospital))


def _happened(session: Session, since: datetime, until: datetime) -> Iterator[tuple[int, datetime, str, str]]:
    """Proposals, acceptances and declines in their order."""
    query = (
        select(Event.case_id, Event.at, Event.what, Event.detail)
        .where(
            Event.what.in_((*_COUNTED, "status")),
            Event.at >= since,
            Event.at <= until,
            Event.case_id.is_not(None),
        )
        .order_by(Event.id)
    )
    for case, at, what, detail in session.execute(query):
        told = str(detail.get("now")) if what == "status" else what
        if told in _COUNTED and detail.get("hospital"):
            yield case, at, told, detail["hospital"]


def _figures(hospital: str, tally: _Tally) -> HospitalFigures:
    answers = list(tally.answers.values())
    asked = tally.asked.keys() | tally.answers.keys()
    return HospitalFigures(
        hospital=hospital,
        asked=len(asked),
        accepted=answers.count("accepted"),
        declined=answers.count("declined"),
        waiting=len(asked) - len(answers),
        median_min=median(tally.minutes) if tally.minutes else None,
    )
