"""For whom a pass is: an accepted case, or a patient of the dialysis register; what each brings to the paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from actions import wording
from actions.desk import Desk
from actions.dialysis.plan import planned
from actions.models import Case, DialysisPatient
from actions.permissions import may
from actions.privacy import mask_name, to_estate
from actions.turn import Turn

ACCEPTED = ("accepted", "in_transit", "arrived")


@dataclass(frozen=True)
class Subject:
    """Exactly one of the two is set, or the case of a patient of the register with both."""

    case: Case | None = None
    patient: DialysisPatient | None = None

    @property
    def hospital(self) -> str | None:
        """Where the pass leads."""
        if self.case is not None:
            return self.case.hospital if self.case.status in ACCEPTED else None
        return self.patient.hospital if self.patient else None

    def place_on(self, desk: Desk, days: Sequence[date]) -> tuple[str, str | None]:
        """The hospital and when the visits begin: of the register's patient as he is planned for these days."""
        if self.case is not None or self.patient is None:
            return self.hospital or "", self.patient.start if self.patient else None
        plans = {each.day: each for each in planned(desk, days) if each.patient.id == self.patient.id}
        first = next((plans[day] for day in days if day in plans), None)
        return (first.hospital, first.start) if first else (self.patient.hospital, self.patient.start)

    @property
    def weekdays(self) -> frozenset[int]:
        """The days of the week of a patient of the register."""
        return frozenset(int(day) for day in self.patient.days) if self.patient else frozenset()

    @property
    def private(self) -> bool:
        return self.case is not None and self.case.private

    def called(self, turn: Turn) -> str:
        """The subject in a sentence."""
        if self.case is not None:
            return f"【{self.case.number}】"
        return mask_name(self.patient.name) if self.patient else ""

    def bearer(self, today: date) -> str:
        """The name, masked; of somebody whose name was not told, who he is."""
        if self.patient is not None:
            return mask_name(self.patient.name)
        names = self.case.fields.get("called", []) if self.case else []
        return mask_name(names[0]) if names else wording.person(self.case, today) if self.case else ""

    def place(self) -> tuple[str, str]:
        """Street and estate."""
        if self.patient is not None:
            return self.patient.town or "", to_estate(self.patient.address)
        if self.case is None:
            return "", ""
        return self.case.town or "", to_estate(str(self.case.fields.get("address", "")))

    def purpose(self, turn: Turn) -> str:
        """血透 …; of a private matter only that it is a visit to a doctor."""
        if self.private:
            return turn.say("pass_purpose")
        return wording.category_name(self.case.category if self.case else "DIALYSIS")


def may_issue(turn: Turn, subject: Subject) -> bool:
    """A coordinator, a leader, or the patient's hospital (the site's table, act `pass`)."""
    if not may(turn, "pass", subject.case):
        return False
    if turn.speaker.role != "hospital" or subject.case is not None or subject.patient is None:
        return True
    return turn.speaker.hospital in (subject.patient.hospital, *(_moved_to(turn, subject.patient)))


def _moved_to(turn: Turn, patient: DialysisPatient) -> list[str]:
    """The units that have him for a day while his own has stopped."""
    today = turn.desk.local(turn.desk.now).date()
    return [row.hospital for row in patient.sessions if row.hospital and row.day >= today]
