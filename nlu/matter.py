"""Whether a message holds anything to see to: something for a case, or a question for a doctor or pharmacist."""

from __future__ import annotations

import re

from nlu.clauses import fold
from nlu.cues import word_class
from nlu.features import ActFeatures
from nlu.rescue import asks_for_help

_ATTACHED = re.compile(r"\[(?:图片|语音)\]")


def asks_of_health(told: ActFeatures, text: str) -> bool:
    """Whether a question is one for a doctor or pharmacist: of an illness, a drug, an examination."""
    clinical = told.n_findings or told.n_diseases or told.n_treatments or told.has_drug or told.has_measure
    return bool(clinical) or bool(word_class("医问").search(fold(text)))


def has_matter(told: ActFeatures, text: str) -> bool:
    """Whether there is anything a case could be opened for: something clinical, a place, or a cry for help."""
    clinical = told.n_concepts > told.n_other + told.n_figurative or told.has_measure or told.has_drug
    wanted = told.has_request or told.has_days_left or told.has_place or told.has_phone or told.private
    return (
        clinical
        or wanted
        or told.has_patient
        or told.numbered
        or asks_for_help(text)
        or bool(_ATTACHED.search(text))
    )
