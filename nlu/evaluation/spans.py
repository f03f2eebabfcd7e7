"""Where the built-in engine finds concepts in a text."""

from __future__ import annotations

from datetime import datetime

from nlu.findings import Finding
from nlu.mention import Mention
from nlu.nlp import analyse
from nlu.normalise import normalise
from nlu.pipeline import Understander

Place = tuple[int, int]
"""Start and end in the text as it was written."""


def findings(engine: Understander, text: str, at: datetime) -> list[tuple[Place, Finding]]:
    """Every symptom, disease and treatment, however it is meant."""
    normal = normalise(text)
    doc = analyse(engine._nlp, normal.text, at)
    found: list[Finding] = [f for f in doc._.findings if f.kind != "qualifier"]
    return [(normal.raw_span(one.start, one.end), one) for one in found]


def mentions(engine: Understander, text: str, at: datetime) -> list[tuple[Place, Mention]]:
    """Every value: ages, towns, temperatures, drugs …"""
    normal = normalise(text)
    doc = analyse(engine._nlp, normal.text, at)
    found: list[Mention] = doc._.mentions
    return [(normal.raw_span(one.start, one.end), one) for one in found]
