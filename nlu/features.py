"""What the findings of a message tell about the act of the message (report, chatter, update …)."""

from __future__ import annotations

from dataclasses import dataclass

DANGER = 2
"""Levels up to this one must never be passed over."""


@dataclass(frozen=True)
class ActFeatures:
    """Counts and flags over one message; the act classifier (nlu/acts.py) weighs them.

    Positions are not part of it: who needs the places takes the concepts themselves.
    """

    has_patient: bool = False
    """Somebody identifiable is spoken of: an age, a sex, a kin word, 居民, 患者, 孕妇, 病人, 宝宝 …"""
    n_patients: int = 0
    n_findings: int = 0
    """Symptoms and exposures that are affirmed, now, and the patient's own (sticky ones when just over, too)."""
    n_concepts: int = 0
    """Concepts of any kind but qualifiers and in any tense, denied ones too."""
    n_denied: int = 0
    n_past: int = 0
    """Past, resolved."""
    n_hypothetical: int = 0
    """Under 如果/要是/万一, or asked about in general."""
    n_other: int = 0
    """Said of somebody who is not the patient of this message, or hearsay."""
    n_figurative: int = 0
    n_diseases: int = 0
    n_treatments: int = 0
    n_qualifiers: int = 0
    has_measure: bool = False
    """Temperature, SpO2, blood pressure, pulse, glucose, gestation …: a measured value."""
    has_duration: bool = False
    has_drug: bool = False
    has_request: bool = False
    """配药, 产检预约, 出入证, 换药 …: a concept of kind request."""
    has_wish: bool = False
    """A request that makes somebody a case by itself: no errand of every day, no question, no want of anything but
    medicine."""
    has_days_left: bool = False
    has_place: bool = False
    """A town or an address."""
    has_hospital: bool = False
    has_phone: bool = False
    level: int = 4
    """Most urgent level of the findings, whatever the act (1 highest); 4 when there is nothing."""
    danger: bool = False
    """level ≤ 2."""
    is_question: bool = False
    general_question: bool = False
    """A question about people in general or a thing (小孩子发烧多少度要去医院), nobody in particular is ill."""
    private: bool = False
    confided: bool = False
    """Privacy is asked for, or dying is spoken of."""
    numbered: bool = False
    """A numbered or lined list of people."""
    concepts: tuple[str, ...] = ()
    """Names of the concepts affirmed, now, the patient's own."""
    requests: tuple[str, ...] = ()
    """Names of the request concepts."""
    length: int = 0
    """Characters of the normalised text."""
