"""The answers of Rasa's own REST channel: what was understood of a message, in the sentences of domain.yml."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from nlu.tables import DATA, Faults, read_rows

REPORT = "report"


class Answers:
    """`sentences`: the responses of domain.yml by name, their leading `utter_` included."""

    def __init__(self, sentences: Mapping[str, str]) -> None:
        self._sentences = sentences

    def understood(self, act: str, triage: Mapping[str, Any] | None) -> str:
        """What a message does and, of a report, how urgent it is and whose. `triage` as a report's to_dict()."""
        told = self._triage(triage) if act == REPORT and triage else ""
        return self.say("understood", act=self.say(f"act_{act}"), triage=told)

    def say(self, name: str, **values: str) -> str:
        """One sentence."""
        return self._sentences[f"utter_{name}"].format(**values)

    def _triage(self, triage: Mapping[str, Any]) -> str:
        level = triage["level"]
        words = [each["quote"] for each in triage["reasons"] if each["level"] == level and each["quote"]]
        because = self.say("understood_because", because=words[0]) if words else ""
        specialty = _specialties()[triage["specialties"][0]["code"]]
        return self.say(
            "understood_triage", level=self.say(f"level_{level}"), specialty=specialty, because=because
        )


@lru_cache(maxsize=1)
def _specialties() -> dict[str, str]:
    rows = read_rows(DATA / "protocol" / "specialties.csv", ("code", "name"), Faults(), ("note",))
    return {row["code"]: row["name"] for row in rows}
