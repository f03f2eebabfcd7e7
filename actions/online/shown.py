"""What is shown of an online consultation: how to enter it, how far it has come."""

from __future__ import annotations

from sqlalchemy import select

from actions.case import is_open
from actions.desk import Desk
from actions.models import Case, Event
from actions.online.table import STEPS, at_risk

ONLINE = "ONLINE"
EVENT = "online"
SERVICE = "互联网医院"
LEAST_URGENT = 3
FIRST = "初次配药"
REFILL_PHASES = ("REOPEN", "CLASS_B")
"""In which data/protocol/dispositions.csv sends refills online."""
CATEGORIES = frozenset({"FEVER", "CHILD", "CHRONIC", "CONSULT", "MEDS"})
"""In which a hospital that works online may see a patient that way although a visit was proposed."""


def how(desk: Desk, case: Case) -> str:
    """How to enter, and what those at risk have to know; for the receipt."""
    entry = desk.site.policy.online_entry
    enter = desk.phrases.say("online_entry", entry=entry) if entry else ""
    risk = desk.phrases.say("online_risk") if at_risk(case.fields) else ""
    return desk.phrases.say("how_ONLINE") + enter + risk


def is_refill(case: Case) -> bool:
    """Whether it is a medicine that the patient has had prescribed before, asked for again online."""
    return case.category == "MEDS" and case.disposition == ONLINE


def needs_visit(desk: Desk, case: Case) -> bool:
    """Whether it is a first prescription where others are sent online: what is online is for those seen before."""
    first = FIRST in case.fields.get("concepts", []) and case.category == "MEDS"
    return first and desk.site.phase in REFILL_PHASES


def is_online(desk: Desk, case: Case) -> bool:
    """Whether the patient is or may be seen online: sent there, or with a fever to a hospital that does so."""
    if not is_open(case) or case.private or case.level < LEAST_URGENT:
        return False
    hospital = desk.site.institutions.get(case.hospital or "")
    offered = hospital is not None and hospital.may_have(SERVICE)
    return case.disposition == ONLINE or (offered and case.category in CATEGORIES)


def steps_of(desk: Desk, case: Case) -> list[Event]:
    """The steps that were told of, each once, in the order they follow one another."""
    query = select(Event).where(Event.case_id == case.id, Event.what == EVENT).order_by(Event.id)
    first: dict[str, Event] = {}
    for event in desk.session.scalars(query):
        first.setdefault(str(event.detail.get("step")), event)
    return [first[step] for step in STEPS if step in first]


def progress(desk: Desk, case: Case) -> str:
    """问诊 09:30，处方 09:50: how far it has come; empty for a case that is not seen online."""
    done = steps_of(desk, case)
    if not done:
        return ""
    named = [(event, str(event.detail.get("step"))) for event in done]
    told = [f"{_name(desk, step)} {desk.local(event.at):%H:%M}" for event, step in named]
    return desk.phrases.say("online_progress", steps="，".join(told))


def _name(desk: Desk, step: str) -> str:
    return desk.phrases.say(f"online_{step}")
