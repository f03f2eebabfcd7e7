"""Who may do what (contract §5): the site's table, applied to a speaker and a case."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from actions.models import Case, Event
from actions.turn import Turn


def may(turn: Turn, act: str, case: Case | None) -> bool:
    """Whether the speaker may do `act`, on `case` if there is one."""
    rule = turn.desk.site.policy.permission(turn.speaker.role, act)
    if rule is None:
        return False
    if case is None:
        return True
    if case.level not in rule.levels:
        return False
    if rule.only == "unanswered" and not turn.meaning.unanswered:
        return False
    return _in_scope(turn, rule.scope, case, act)


def _in_scope(turn: Turn, scope: str, case: Case, act: str) -> bool:
    name, hospital = turn.speaker.name, turn.speaker.hospital
    match scope:
        case "any":
            return True
        case "own_report":
            return name == case.opened_by
        case "own_task":
            return name in case.assignees or name == case.owner
        case "own_hospital":
            return hospital is not None and _is_its_own(hospital, case, act)
        case "asked":
            return _was_asked(turn, case)
    return False


def _is_its_own(hospital: str, case: Case, act: str) -> bool:
    """A hospital may take any patient, whether it was proposed or not; it declines only where it was thought of."""
    asked = (*case.candidates, *case.declined) if act == "decline" else ()
    return act == "accept" or hospital in (case.hospital, *asked)


def _was_asked(turn: Turn, case: Case) -> bool:
    """The expert group was asked, and he speaks as one of it; or the case is his."""
    name = turn.speaker.name
    if name in (case.owner, *case.assignees):
        return True
    return case.expert_room is not None and turn.message.room in (case.expert_room, case.room)


def refuse(turn: Turn, act: str, case: Case | None) -> None:
    """One short post the first time within the silence of the policy; always in the timeline (§8.9)."""
    silence = timedelta(minutes=turn.desk.site.policy.refusal_silence_min)
    recent = turn.desk.session.scalars(
        select(Event)
        .where(Event.what == "refused", Event.who == turn.speaker.name)
        .where(Event.at > turn.desk.now - silence)
    )
    told = any(event.detail.get("told") for event in recent)
    turn.log(case, "refused", act=act, told=not told)
    if told:
        return
    text = turn.say(
        "refusal",
        who=turn.speaker.name,
        what=turn.say(f"act_{act}"),
        helper="、".join(turn.desk.first_on_duty()),
    )
    turn.reply("refusal", text, cases=[case] if case else [], mentions=[turn.speaker.name])
