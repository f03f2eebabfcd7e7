"""The one scorer of labelled messages. It knows answers in the analyse format only, whichever engine gave them.

A labelled patient without a report counts as missed everywhere, unless the label allows the act that was given.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from nlu.evaluation.align import align
from nlu.evaluation.entities import EntityScorer
from nlu.evaluation.labels import Labelled, Wanted
from nlu.evaluation.tally import Fault, Tally
from nlu.evaluation.terms import Terms

Answer = Mapping[str, Any]
"""What an engine says of one message, in the analyse format."""

DANGER = 2
"""Levels up to this one must not be missed."""


class Scorer:
    """Judges answers by labels."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._entities = EntityScorer(terms)

    def score(self, pairs: Iterable[tuple[Labelled, Answer]]) -> Tally:
        """Counts over all messages with their answers."""
        tally = Tally()
        for message, answer in pairs:
            _Judge(self._terms, self._entities, message, answer, tally).judge()
        return tally


class _Judge:
    """One message with its answer."""

    def __init__(
        self, terms: Terms, entities: EntityScorer, message: Labelled, answer: Answer, tally: Tally
    ) -> None:
        self.terms = terms
        self.entities = entities
        self.message = message
        self.answer = answer
        self.tally = tally
        self.act: str = answer.get("act") or ""
        self.reports: list[dict[str, Any]] = list(answer.get("reports") or ()) if self.act == "report" else []

    def judge(self) -> None:
        self._act()
        if self.message.act == "report" and (self.act == "report" or self.act not in self.message.act_ok):
            self._patients()
        elif self.message.act != "report" and self.message.entities:
            self._outer()
        self._also()
        self._status()

    def _say(self, measure: str, right: bool, what: str) -> None:
        """Count; a hit is what is right, and anything else a fault."""
        self.tally.add(measure, right, None if right else self._fault(measure, what))

    def _fault(self, measure: str, what: str) -> Fault:
        return Fault(measure, self.message.id, self.message.text, what)

    def _act(self) -> None:
        message, right = self.message, self.act in self.message.acts
        what = f"{self.act}, not {'/'.join(sorted(message.acts))}"
        self._say("act", right, what)
        if message.act != "report":
            self._say("act but report", right, what)
        if message.act == "report" and (self.act == "report" or not right):
            self._say("report recall", self.act == "report", what)
        if self.act == "report" and (message.act == "report" or not right):
            self._say("report precision", right, what)

    def _patients(self) -> None:
        wanted = self.message.reports
        counts = len(wanted) == len(self.reports)
        if self.reports:
            self._say("patients", counts, f"{len(self.reports)}, not {len(wanted)}")
        for want, report in zip(wanted, align(wanted, self.reports, self.terms), strict=True):
            self._level(want, report)
            self._fields(want, report or {})
            given = (report or {}).get("entities") or {}
            self.entities.score(want.label, given, self.message.full, self._say)

    def _level(self, want: Wanted, report: Mapping[str, Any] | None) -> None:
        level: int | None = report["level"] if report else None
        why = (
            "; ".join(f"{r['rule']} {r['quote']}" for r in report.get("reasons") or ())
            if report
            else self.act
        )
        what = f"{level}, not {want.accept} ({why})"
        self._say("level", level in want.accept, what)
        high = level is not None and level <= DANGER
        if max(want.accept) <= DANGER:
            self._say("Ⅰ–Ⅱ recall", high, what)
        if min(want.accept) > DANGER:
            self.tally.add("over-triage", high, self._fault("over-triage", what) if high else None)

    def _fields(self, want: Wanted, report: Mapping[str, Any]) -> None:
        firsts = want.right("specialty") | ({"EM"} if 1 in want.accept or report.get("level") == 1 else set())
        codes = [item["code"] for item in report.get("specialties") or ()][:3]
        what = f"{'/'.join(codes) or None}, not {'/'.join(sorted(firsts))}"
        self._say("specialty first", bool(codes) and codes[0] in firsts, what)
        self._say("specialty in three", not firsts.isdisjoint(codes), what)
        for key in ("category", "disposition"):
            if key in want.label:
                right = want.right(key)
                self._say(key, report.get(key) in right, f"{report.get(key)}, not {'/'.join(sorted(right))}")

    def _outer(self) -> None:
        """What an update or a correction brings, in a report too when the label allows one."""
        given = dict(self.answer.get("entities") or {})
        for report in reversed(self.reports):
            given |= report.get("entities") or {}
        self.entities.score(self.message.label, given, self.message.full, self._say)

    def _also(self) -> None:
        given = set(self.answer.get("also_acts") or ())
        for act in _listed(self.message.label.get("also") or self.message.label.get("also_acts")):
            found = act in given or (act == self.act and self.message.act != act)
            self._say("second act", found, f"lacks {act}: {self.act} {sorted(given)}")

    def _status(self) -> None:
        label = self.message.label
        want = label.get("hospital_status")
        if not want:
            return
        given = self.answer.get("hospital_status") or {}
        parts = {}
        for key in ("hospital", "department", "state", "until"):
            if key in want:
                right = [want[key], *(label.get(f"{key}_ok") or ()), *(want.get(f"{key}_ok") or ())]
                parts[key] = bool(given) and any(_same_value(key, value, given.get(key)) for value in right)
                self._say(f"status {key}", parts[key], f"{given.get(key)!r}, not {want[key]!r}")
        self._say("hospital_status", all(parts.values()), f"{dict(given)}, not {want}")


def _listed(value: object) -> list[str]:
    """Acts of a label, written as names or as objects with an act."""
    if isinstance(value, str):
        return [value]
    items = value if isinstance(value, list) else []
    return [item["act"] if isinstance(item, Mapping) else item for item in items]


def _same_value(key: str, want: Any, have: Any) -> bool:
    if key == "until" and want and have:
        try:
            return datetime.fromisoformat(want) == datetime.fromisoformat(have)
        except (TypeError, ValueError):
            return False
    return bool(want == have)
