"""A case that is not what it was: its story without some words, and those told who acted on the old facts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from actions import propose, wording
from actions.case import apply_triage, follow_triage, is_open, set_due
from actions.desk import BOT
from actions.intake import known_by, known_values, merged
from actions.maternal.weeks import story_today
from actions.models import Case, Event, Post
from actions.turn import Turn

# Lines of the timeline that show that somebody has done something about a case.
STEPS_TAKEN = frozenset(
    {"status", "accepted", "declined", "transfer", "assigned", "level", "snoozed", "correct"}
)


def told(case: Case) -> tuple[object, ...]:
    """What is confirmed when it changes, and what those who act rely on (contract §5.10)."""
    return (case.level, case.hospital, case.fields.get("town"), case.fields.get("address"))


def as_it_is(turn: Turn, case: Case) -> dict[str, str]:
    """Level, address and hospital as they are now, for a sentence that says what changed."""
    return {
        "number": case.number,
        "level": wording.level_name(turn.desk, case.level),
        "hospital": wording.hospital(turn.desk, case),
        "address": "" if case.private else str(case.fields.get("address", case.town or "")),
    }


def take_out(turn: Turn, case: Case, words: Sequence[str]) -> str:
    """Undo what `words` brought to the case, and run triage on the story that is left.

    What only they said goes; what they overwrote is as the rest of the story has it. The level stays: the
    machine never lowers it; when what is left would not reach it, a sentence that says so is returned, for the
    person who may.
    """
    story = list(case.story)
    gone = [each for each in words if each in story]
    for each in gone:
        story.remove(each)
    left, away = _read(turn, story), _read(turn, gone)
    case.fields = _without(case.fields, away, left)
    case.story = story
    case.town = case.fields.get("town")
    again = turn.reader.patient(
        story_today(story, case.fields, turn.desk.today),
        turn.desk.now,
        known_values(case.fields, turn.desk.today),
        fragment=len(story) > 1,
    )
    case.machine_level = max(case.level, again.level)
    apply_triage(turn.desk, case, again, turn.message.id)
    follow_triage(case, again)
    case.category, case.tags = again.category, list(again.tags)
    case.missing = [item for item in again.missing if item not in case.fields]
    if case.status in ("open", "proposed"):
        propose.propose(turn.desk, case)
    set_due(turn.desk, case)
    if again.level <= case.level:
        return ""
    return turn.say("level_stays", number=case.number, level=wording.level_name(turn.desk, case.level))


def _read(turn: Turn, story: Sequence[str]) -> dict[str, Any]:
    """All that these words say of the patient, a later value over an earlier one."""
    fields: dict[str, Any] = {}
    for words in story:
        meaning = turn.reader.understand(words, turn.message.at)
        report = meaning.reports[0] if meaning.reports else meaning.triage_hint
        if report is not None:
            fields = merged(fields, {**known_by(report), "concepts": list(meaning.pointers.concepts)})
    return fields


def _without(fields: dict[str, Any], away: dict[str, Any], left: dict[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for key, value in fields.items():
        if isinstance(value, list):
            rest = [each for each in value if each not in away.get(key, []) or each in left.get(key, [])]
            if rest or not value:
                kept[key] = rest
        elif key not in away or value != away[key]:
            kept[key] = value
        elif key in left:
            kept[key] = left[key]
    return kept


def acted_on(turn: Turn, case: Case) -> bool:
    """Whether anybody but its reporters has done something about the case."""
    if case.acknowledged_at is not None or case.status not in ("open", "proposed") or case.expert_answered:
        return True
    others = turn.desk.session.scalars(
        select(Event.what).where(Event.case_id == case.id, Event.who.not_in((turn.speaker.name, BOT)))
    )
    return not STEPS_TAKEN.isdisjoint(others)


def tell_those_asked(turn: Turn, case: Case, text: str) -> None:
    """The rooms of the experts and hospitals that were asked or have accepted hear what changed (§5.9: masked)."""
    if case.private:
        return
    prompts = turn.desk.session.scalars(
        select(Post).where(Post.kind == "prompt", Post.case_number == case.number, Post.room.is_not(None))
    )
    rooms = [post.room for post in prompts]
    house = turn.desk.site.hospital_room(case.hospital) if case.hospital else None
    if house is not None and is_open(case) and case.status not in ("open", "proposed"):
        rooms.append(house.name)
    for room in dict.fromkeys(rooms):
        if room is not None and room not in (case.room, turn.message.room):
            key = f"{case.number}:changed:m{turn.message.id}"
            turn.desk.post(key, "relay", text, room=room, cases=[case])


def for_those_asked(turn: Turn, case: Case) -> str:
    """The case as another room needs it after a change."""
    return turn.say(
        "changed_elsewhere",
        number=case.number,
        level=wording.level_name(turn.desk, case.level),
        town=case.town or "",
        case=wording.for_experts(case, turn.desk.today),
        hospital=wording.hospital(turn.desk, case),
    )
