"""What an Understanding says that helps a trained classifier to tell acts apart, as a row of numbers 0–1."""

from __future__ import annotations

import re

from nlu.clauses import clauses, fold
from nlu.cues import word_class
from nlu.understanding import Entities, Understanding

_MEASURED = ("temp", "spo2", "sbp", "dbp", "hr", "glucose")
_PERSON = ("age", "age_months", "sex", "gestation", "parity")
_TALLY = 3
"""More symptoms than this say no more."""

NAMES = (
    "case_number",
    "everything",
    "person_called",
    "concept",
    "symptom",
    "symptoms",
    "denied",
    "patient",
    "measured",
    "duration",
    "drug",
    "days_left",
    "place",
    "phone",
    "danger",
    "several",
    "question",
    "supposed",
    "hospital_word",
    "level_set",
    "short",
    "very_short",
    "long",
)


def facts(understood: Understanding) -> tuple[float, ...]:
    """One number for each of NAMES."""
    hint = understood.triage_hint
    said: Entities = hint.entities if hint else {}
    symptoms = said.get("symptoms") or []
    text = fold(understood.text)
    parts = clauses(text)
    length = len(text.strip())
    values = {
        "case_number": bool(understood.pointers.case_numbers),
        "everything": understood.pointers.everything,
        "person_called": bool(understood.pointers.persons),
        "concept": bool(understood.pointers.concepts),
        "symptom": bool(symptoms),
        "symptoms": min(len(symptoms), _TALLY) / _TALLY,
        "denied": bool(said.get("negated")),
        "patient": any(key in said for key in _PERSON),
        "measured": any(key in said for key in _MEASURED),
        "duration": "duration_h" in said,
        "drug": bool(said.get("drugs")),
        "days_left": "days_left" in said,
        "place": "town" in said or "address" in said,
        "phone": "phone" in said,
        "danger": understood.danger,
        "several": len(understood.reports) > 1,
        "question": any(part.asked for part in parts),
        "supposed": any(part.supposed for part in parts),
        "hospital_word": bool(word_class("院词").search(text) or re.search(r"[一-龥]院(?!子|里)", text)),
        "level_set": understood.level is not None,
        "short": length <= 14,
        "very_short": length <= 6,
        "long": length > 30,
    }
    return tuple(float(values[name]) for name in NAMES)
