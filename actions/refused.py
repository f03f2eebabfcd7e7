"""Why hospitals did not take a patient: noted in the timeline, told in a few words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from actions import wording
from actions.desk import BOT, Desk
from actions.models import Case, Event
from actions.turn import Turn

NO_TEST = "no_test"
"""Refused for want of a test result, which holds up nobody of levels Ⅰ–Ⅱ (facts §6.4)."""
UNANSWERED = "unanswered"
NOT_TAKEN = ("declined", "passed_over")
"""Lines of the timeline that say of a hospital why the patient did not go there."""


def note(turn: Turn, case: Case, hospital: str | None) -> str:
    """A decline with its reason in the timeline. Returns the reason's code."""
    reason, words = turn.meaning.refusal or ("other", "")
    said = {"words": words} if words else {}
    turn.log(case, "declined", hospital=hospital, reason=reason, **said)
    return reason


def pass_over(desk: Desk, case: Case, hospital: str | None, reason: str) -> None:
    """A hospital that was not asked again: closed, full, or it did not answer in time."""
    desk.log(case, BOT, "passed_over", hospital=hospital, reason=reason)


def in_words(desk: Desk, detail: Mapping[str, Any]) -> str:
    """满了, 没人接, 说要等上级批; 暂时不行 when nothing was said."""
    if detail.get("words"):
        return str(detail["words"])
    reason = detail.get("reason", "other")
    return desk.phrases.say(f"refused_{reason}")


def last_reason(desk: Desk, case: Case, hospital: str | None) -> str:
    """Why this hospital was left last."""
    return dict(_asked(desk, case)).get(hospital or "") or desk.phrases.say("refused_other")


def tried(desk: Desk, case: Case) -> str:
    """Everybody who was asked and why not: 松江区中心医院（满了）、…"""
    reasons = dict(_asked(desk, case))
    return wording.names(
        desk.phrases.say("tried_one", hospital=name, reason=reasons[name]) if reasons.get(name) else name
        for name in dict.fromkeys([*reasons, *case.declined])
        if name in case.declined
    )


def _asked(desk: Desk, case: Case) -> list[tuple[str, str]]:
    """Hospital and reason, the last one said of each."""
    query = select(Event.detail).where(Event.case_id == case.id, Event.what.in_(NOT_TAKEN)).order_by(Event.id)
    found = desk.session.scalars(query)
    return [(str(detail["hospital"]), in_words(desk, detail)) for detail in found if detail.get("hospital")]
