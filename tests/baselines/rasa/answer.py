"""Stock Rasa's answers: `answer.py ACTS LEVELS SPECIALTIES REQUESTS ANSWERS`, run by Rasa's own Python.

All models are in this one process. Numbers are read from what DIET marks, all else is taken as it says.
"""

from __future__ import annotations

import asyncio
import logging
import re
import sys
from pathlib import Path

import cn2an
import structlog
from rasa.core.agent import Agent

from nlu.evaluation.worker import Answer, Request, Spans, serve

NUMBERS = ("age", "age_months", "temp")
LISTS = ("symptoms", "drugs")


class Stock:
    """One model for acts and entities, one for levels, one for specialties."""

    def __init__(self, acts: str, levels: str, specialties: str) -> None:
        self._acts = Agent.load(acts)
        self._levels = Agent.load(levels)
        self._specialties = Agent.load(specialties)
        self._loop = asyncio.new_event_loop()
        self._marked: list[dict] = []

    def answer(self, request: Request) -> Answer:
        parsed = self._parse(self._acts, request.text)
        self._marked = parsed["entities"]
        found = entities(self._marked)
        level = self._parse(self._levels, request.text)["intent"]["name"] or "level_4"
        ranking = self._parse(self._specialties, request.text)["intent_ranking"][:3]
        report = {
            "quote": request.text,
            "level": int(level.removeprefix("level_")),
            "reasons": [],
            "specialties": [{"code": one["name"], "score": one["confidence"]} for one in ranking],
            "entities": found,
        }
        act = parsed["intent"]["name"] or "chatter"
        return {
            "act": act,
            "act_score": parsed["intent"]["confidence"],
            "reports": [report] if act == "report" else [],
            "entities": found if act in {"update", "correct"} else {},
            "hospital_status": None,
            "hint": report,
        }

    def spans(self, request: Request) -> Spans:
        """Of the message that was answered last."""
        return [(one["start"], one["end"]) for one in self._marked if one["entity"] == "symptoms"]

    def _parse(self, agent: Agent, text: str) -> dict:
        # what begins with a slash is an intent's name to Rasa (//@somebody: a forwarded post); a full-width one is not
        plain = text.replace("/", "／") if text.lstrip().startswith("/") else text
        return self._loop.run_until_complete(agent.parse_message(plain))


def entities(marked: list[dict]) -> dict:
    """The first value of each entity, all of a list."""
    found: dict = {}
    for one in marked:
        kind, value = one["entity"], str(one["value"])
        if kind in LISTS:
            if value not in found.setdefault(kind, []):
                found[kind].append(value)
        elif kind not in found:
            read = number(value) if kind in NUMBERS else value
            if read is not None:
                found[kind] = read
    return found


def number(words: str) -> float | None:
    """78岁 78, 三十九度四 39.4, 38度 38; None when there is none."""
    plain = re.sub(r"[度℃](?=[\d一二三四五六七八九])", ".", words)
    digits = re.search(r"\d+(?:\.\d+)?", plain)
    if digits:
        value = float(digits.group())
    else:
        chinese = re.search(r"[零一二两三四五六七八九十百点半]+", words)
        try:
            value = float(cn2an.cn2an(chinese.group(), "smart")) if chinese else None
        except ValueError:
            return None
    return int(value) if value is not None and value == int(value) else value


if __name__ == "__main__":
    # Rasa prints every message it parses, which would be measured too
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    serve(Stock(*sys.argv[1:4]), Path(sys.argv[4]), Path(sys.argv[5]))
