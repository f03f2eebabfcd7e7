"""Marks entities in training messages with Rasa's notation, [七十八岁]{"entity": "age", "value": "78"}."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from nlu.evaluation.labels import AT
from nlu.evaluation.spans import Place, findings, mentions
from nlu.findings import Status
from nlu.pipeline import Understander
from nlu.site_names import gazetteer

KINDS = {"age": "age", "age_months": "age_months", "town": "town", "temp": "temp", "drug": "drugs"}
"""Kind of a mention → entity."""


class Annotator:
    """Marks what the built-in engine finds, with its value, so that Rasa can learn both."""

    def __init__(self, site: Path) -> None:
        self._engine = Understander(gazetteer(site))

    def mark(self, text: str) -> str:
        """The message with its entities marked; one that holds brackets itself stays as it is."""
        if any(sign in text for sign in "[]{}"):
            return text
        out, at = "", 0
        for (start, end), entity, value in self._chosen(text):
            if start >= at:
                note = json.dumps({"entity": entity, "value": str(value)}, ensure_ascii=False)
                out += f"{text[at:start]}[{text[start:end]}]{note}"
                at = end
        return out + text[at:]

    def _chosen(self, text: str) -> list[tuple[Place, str, Any]]:
        """The marks in order of place. Of those that overlap a value goes before a symptom, the longer before the shorter."""
        values = [
            (place, KINDS[one.kind], one.value)
            for place, one in mentions(self._engine, text, AT)
            if one.kind in KINDS
        ]
        symptoms = [
            (place, "symptoms", one.name)
            for place, one in findings(self._engine, text, AT)
            if one.kind == "symptom" and one.status is Status.AFFIRMED
        ]
        chosen: list[tuple[Place, str, Any]] = []
        for (start, end), entity, value in [*sorted(values, key=_shorter), *sorted(symptoms, key=_shorter)]:
            if start < end and all(end <= other[0] or other[1] <= start for other, _, _ in chosen):
                chosen.append(((start, end), entity, value))
        return sorted(chosen, key=lambda mark: mark[0])


def _shorter(mark: tuple[Place, str, Any]) -> int:
    """Order by length, the longest first."""
    (start, end), _, _ = mark
    return start - end
