"""A report becomes a case: triage, a proposed hospital, one receipt, the experts brought in."""

from __future__ import annotations

from datetime import date
from typing import Any

from actions import household, propose, question, retract, same_patient, wording
from actions.case import apply_triage, follow_triage, in_batch, is_open, is_private, new_number, set_due
from actions.duty import coordinators, experts
from actions.maternal import appointments, births, known
from actions.maternal.weeks import known_today, story_today, told_on
from actions.medicines import record
from actions.models import Case
from actions.oncology import dates
from actions.places import completed
from actions.receipt import act_now, head, hospital_line, joined, receipt
from actions.turn import Turn
from nlu.understanding import Entities, Report


def report(turn: Turn) -> None:
    """Every patient of the message: a new case, or news of one that is known."""
    for each in turn.meaning.reports:
        take(turn, each)


def take(turn: Turn, report: Report) -> None:
    """One patient: a new case, or more about a known one."""
    report, treated = dates.with_history(turn, report)
    found = same_patient.find(turn, report)
    if found is None:
        report, mother = known.with_history(turn, report)
        found = mother if mother is not None and is_open(mother) else None
        treated = treated or mother
    if found is None:
        open_case(turn, report, follows=treated)
    else:
        join(turn, found, report)


def open_case(turn: Turn, report: Report, *, follows: Case | None = None) -> Case:
    """A new case with its receipt, prompts and first reminder."""
    desk = turn.desk
    report = household.completed(turn, report)
    case = Case(
        number=new_number(desk),
        opened_at=desk.now,
        room=turn.message.room,
        opened_by=turn.speaker.name,
        status="open",
        level=report.level,
        specialty=report.specialty,
        specialties=[code for code, _ in report.specialties],
        category=report.category,
        tags=list(report.tags),
        disposition=report.disposition,
        town=report.entities.get("town"),
        private=is_private(report),
        machine_level=report.level,
        brought_in=0,
        fields=_fields(turn, report),
        reasons=[reason.to_dict() for reason in report.reasons],
        first_aid=report.first_aid,
        story=[report.quote],
        missing=list(report.missing),
        rhythm_from=desk.now,
        candidates=[],
        declined=[],
        reasons_for={},
        asked=[],
        assignees=[],
        stage=0,
    )
    desk.session.add(case)
    desk.session.flush()
    turn.touch(case)
    turn.log(case, "opened", level=case.level, rules=[reason.rule for reason in report.reasons])
    if follows is not None:
        turn.log(case, "follows", earlier=follows.number)
    record.note(turn, case, report.quote)
    dates.note(turn, case, report.quote)
    births.note(turn, case, report.quote)
    known.remember(desk, case)
    if report.disposition != "HUMAN" or report.category == "PSYCH":
        propose.propose(desk, case)
    receipt(turn, case, follows)
    bring_in(turn, case)
    ask_hospital(turn, case)
    set_due(desk, case)
    return case


def join(turn: Turn, case: Case, report: Report) -> None:
    """The same patient again: what is new is added, and the poster is told number and state."""
    turn.touch(case)
    turn.log(case, "reported_again", room=turn.message.room)
    _also_known(turn, case)
    raised = absorb(turn, case, known_by(report), report.quote)
    text = turn.say(
        "known_already",
        case=wording.short(case, turn.desk.today),
        status=wording.status_name(turn.desk, case),
        owner=case.owner or wording.names(turn.desk.first_on_duty()),
    )
    asks = "" if raised else question.following(turn.desk, case, turn.speaker.name)
    turn.reply("answer", joined([text, asks]), cases=[case], mentions=[turn.speaker.name])
    if raised:
        announce_change(turn, case)
    bring_in(turn, case)


def _also_known(turn: Turn, case: Case) -> None:
    """Another room or member speaks of the case from now on."""
    for key, here in (("also_in", turn.message.room), ("also_by", turn.speaker.name)):
        known = case.fields.get(key, [])
        if here and here not in (case.room, case.opened_by, *known):
            case.fields = {**case.fields, key: [*known, here]}


def absorb(turn: Turn, case: Case, entities: Entities, words: str, *, corrects: bool = False) -> bool:
    """Add what a message brings to a case and run triage on the whole story; True when the level rose.

    `corrects`: what was said before was wrong, so reasons and specialty follow as well.
    """
    case.fields = merged(case.fields, told_on(entities, turn.desk.today))
    case.town = case.fields.get("town", case.town)
    births.note(turn, case, words)
    denied = entities.get("negated", []) if corrects else []
    case.story = [*retract.without(turn, case.story, denied), words]
    # Who and where somebody is, is no complaint: of a story that only grew by it the rules alone judge.
    complains = bool(entities.get("symptoms") or denied)
    again = turn.reader.patient(
        story_today(case.story, case.fields, turn.desk.today),
        turn.desk.now,
        known_values(case.fields, turn.desk.today),
        fragment=not complains,
    )
    case.missing = question.still_missing(case, again)
    raised = apply_triage(turn.desk, case, again, turn.message.id)
    known.remember(turn.desk, case)
    if corrects:
        follow_triage(case, again)
    fresh = [
        each for each in again.entities.get("symptoms", []) if each not in case.fields.get("symptoms", [])
    ]
    if fresh:
        case.fields = {**case.fields, "symptoms": [*case.fields.get("symptoms", []), *fresh]}
    record.note(turn, case, words, corrects=corrects)
    dates.note(turn, case, words)
    if raised:
        propose.propose(turn.desk, case)
    set_due(turn.desk, case)
    return raised


def known_by(report: Report) -> Entities:
    """What a report says of its patient, the names with it, and whose relative he is."""
    named = {"called": list(report.called), "kin": list(report.kin)}
    return {**report.entities, **{key: words for key, words in named.items() if words}}


def merged(old: dict[str, Any], new: Entities) -> dict[str, Any]:
    """Later values overwrite; lists grow."""
    result = dict(old)
    for key, value in new.items():
        if isinstance(value, list):
            result[key] = list(dict.fromkeys([*old.get(key, []), *value]))
        elif key == "address":
            result[key] = completed(str(old.get(key, "")), str(value))
        else:
            result[key] = value
    return result


def announce_change(turn: Turn, case: Case) -> None:
    """The level rose: those who acted on the old one have to know."""
    mentions = [case.owner, *coordinators(turn.desk, case), *experts(turn.desk, case)]
    asks = question.following(turn.desk, case, at_once=case.level <= 2)
    turn.tell("confirm", change_told(turn, case), case, mentions=mentions, asks=asks)


def change_told(turn: Turn, case: Case) -> str:
    """What to do now, the level with what decided it, and where to."""
    lines = [
        act_now(turn.desk, case),
        turn.say(
            "level_now",
            number=case.number,
            level=wording.level_name(turn.desk, case.level),
            because=wording.because(case),
        ),
        hospital_line(turn.desk, case),
    ]
    return joined(lines)


def known_values(fields: dict[str, Any], today: date) -> Entities:
    """Fields that override the story: single values as of today, not the lists found in it."""
    return {key: value for key, value in known_today(fields, today).items() if not isinstance(value, list)}


def _fields(turn: Turn, report: Report) -> dict[str, Any]:
    concepts = [each for each in turn.meaning.pointers.concepts if len(turn.meaning.reports) == 1]
    known = told_on(known_by(report), turn.desk.today)
    return {**known, **({"concepts": concepts} if concepts else {})}


def bring_in(turn: Turn, case: Case) -> None:
    """Ask the expert group in its room, if the category has one that was not asked yet.

    A report in private has no room where the coordinator on duty would see it: it is passed on.
    """
    if case.private:
        return
    if case.room is None:
        _pass_on(turn, case)
    room = turn.desk.site.expert_room(case.category)
    if room is not None and room.name not in (case.room, case.expert_room):
        case.expert_room = room.name
        asked = experts(turn.desk, case) or turn.desk.first_on_duty()
        _prompt(turn, case, room.name, asked)


def _pass_on(turn: Turn, case: Case) -> None:
    text = "\n".join([act_now(turn.desk, case), head(turn, case), wording.for_experts(case, turn.desk.today)])
    for name in turn.desk.first_on_duty():
        turn.desk.post(
            f"{case.number}:prompt:m{turn.message.id}", "prompt", text.strip(), to=name, cases=[case]
        )


def ask_hospital(turn: Turn, case: Case) -> None:
    """The proposed hospital is asked in its own room, where it has one."""
    room = turn.desk.site.hospital_room(case.hospital) if case.hospital and not in_batch(case) else None
    if room is not None and room.name not in (case.room, case.expert_room) and not case.private:
        _prompt(turn, case, room.name, [])


def _prompt(turn: Turn, case: Case, room: str, asked: list[str]) -> None:
    text = turn.say(
        "prompt",
        number=case.number,
        level=wording.level_name(turn.desk, case.level),
        town=case.town or "",
        case=wording.for_experts(case, turn.desk.today),
        hospital=case.hospital or turn.say("no_hospital"),
    )
    text = joined([text, appointments.told(turn.desk, case)])
    key = f"{case.number}:prompt:m{turn.message.id}"
    turn.desk.post(key, "prompt", text, room=room, cases=[case], mentions=asked, only_while_open=True)
