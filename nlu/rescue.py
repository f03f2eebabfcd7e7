"""A last look at the act: somebody, somewhere, with something is never passed over as talk.

The act classifier weighs words; a report whose words look like a question or small talk would be a lost case.
"""

from __future__ import annotations

import re

from nlu.acts import ActDecision
from nlu.features import ActFeatures
from nlu.understanding import HospitalStatus, Pointers

# Above this the classifier's word stands.
SURE = 0.95
# Below this it is little more than a guess.
UNSURE = 0.6
DANGER_HIDES_IN = frozenset({"chatter", "ask", "correct", "consult", "chase"})
TALK = frozenset({"chatter", "ask", "update", "correct", "consult"})
_BACK = re.compile(r"那个|那位|那例|那件|刚才|上面|上次|之前|昨天[报说]|打错|更正|不对|写错|改成")
_TAKES = re.compile(r"接收|收治|收下|同意|可以收|能收|收了|送过来|送来")
_CANNOT = re.compile(r"不收|收不|没床|满|不能|没法|做不了|停")


def rescue(
    decision: ActDecision, told: ActFeatures, text: str, pointers: Pointers, status: HospitalStatus | None
) -> ActDecision:
    """The decision, or what the message must be if that decision makes no sense."""
    if decision.act == "hospital_status" and status is None:
        return ActDecision(_about_one_patient(text), 0.6, decision.also)
    if pointers.case_numbers or _BACK.search(text) or decision.score >= SURE or told.general_question:
        return decision
    if decision.act in TALK and _is_a_report(told):
        return ActDecision("report", 0.6, decision.also)
    if told.n_findings > 0 and (_is_danger(decision, told) or _is_hardly_news(decision)):
        return ActDecision("report", 0.55, decision.also)
    return decision


def _is_danger(decision: ActDecision, told: ActFeatures) -> bool:
    """Danger is not talked about; as news of a known patient it comes out as `update` and finds its case."""
    return told.danger and decision.act in DANGER_HIDES_IN


def _is_hardly_news(decision: ActDecision) -> bool:
    return decision.act == "update" and decision.score < UNSURE


def _about_one_patient(text: str) -> str:
    """Words about a department that name no state are about the patient spoken of."""
    if _CANNOT.search(text):
        return "decline"
    return "accept" if _TAKES.search(text) else "chatter"


def _is_a_report(told: ActFeatures) -> bool:
    somewhere = told.has_place or told.has_phone
    something = told.n_findings > 0 or told.n_diseases > 0 or (told.has_drug and told.has_days_left)
    return told.has_patient and somewhere and something
