"""A last look at the act: somebody, somewhere, with something is never passed over as talk.

The act classifier weighs words; a report whose words look like a question or small talk would be a lost case. What
points back at a known case is the class 回指 of data/lexicon/acts.csv.
"""

from __future__ import annotations

from nlu.acts import ActDecision
from nlu.clauses import fold
from nlu.cue_facts import is_general, is_shown
from nlu.cues import word_class
from nlu.features import ActFeatures
from nlu.understanding import Pointers

# Above this the classifier's word stands.
SURE = 0.95
# Below this it is little more than a guess.
UNSURE = 0.6
DANGER_HIDES_IN = frozenset({"chatter", "ask", "correct", "consult", "chase"})
TALK = frozenset({"chatter", "ask", "update", "correct", "consult"})


def rescue(decision: ActDecision, told: ActFeatures, text: str, pointers: Pointers) -> ActDecision:
    """The decision, or what the message must be if that decision makes no sense."""
    if pointers.case_numbers or decision.score >= SURE or _of_nobody_new(told, text):
        return decision
    if decision.act in TALK and _is_a_report(told):
        return ActDecision("report", 0.6, decision.also)
    if told.n_findings > 0 and (_is_danger(decision, told) or _is_hardly_news(decision)):
        return ActDecision("report", 0.55, decision.also)
    return decision


def _of_nobody_new(told: ActFeatures, text: str) -> bool:
    """Words about a case already told of, about a thing in general, or about what is only shown or read."""
    folded = fold(text)
    return bool(word_class("回指").search(folded)) or is_general(folded, told) or is_shown(folded, told)


def _is_danger(decision: ActDecision, told: ActFeatures) -> bool:
    """Danger is not talked about; as news of a known patient it comes out as `update` and finds its case."""
    return told.danger and decision.act in DANGER_HIDES_IN


def _is_hardly_news(decision: ActDecision) -> bool:
    return decision.act == "update" and decision.score < UNSURE


def _is_a_report(told: ActFeatures) -> bool:
    somewhere = told.has_place or told.has_phone
    something = told.n_findings > 0 or told.n_diseases > 0 or (told.has_drug and told.has_days_left)
    return told.has_patient and somewhere and something
