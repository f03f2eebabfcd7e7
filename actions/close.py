"""The end of a case, and its return."""

from __future__ import annotations

import re

from actions import outcomes, propose, wording
from actions.binding import on_the_case
from actions.case import apply_triage, heard_from, is_open, move, set_due
from actions.intake import bring_in, known_values, merged, open_case
from actions.maternal import births
from actions.maternal.weeks import story_today, told_on
from actions.models import Case
from actions.oncology import dates
from actions.turn import Turn
from nlu.understanding import Report

# Outcomes that end a case without care having been given.
CANCELLED = frozenset({"cancelled", "false_alarm", "withdrawn"})

# Outcomes that tell of a patient in a hospital's care.
CARED_FOR = frozenset({"handed_over", "admitted", "treated"})
SAYS_CLOSED = re.compile(r"办结|完结|结案|销号|销单|关单|关闭|关掉")
"""That a case is to be closed, in so many words."""
UNDER_WAY = frozenset({"proposed", "accepted", "in_transit"})


def close(turn: Turn) -> None:
    """Handed over, admitted, delivered, better, withdrawn …: a person says so."""
    needs = "cancel" if turn.meaning.outcome in CANCELLED else "close"
    on_the_case(turn, "close", end, needs=needs, instead=_is_there)


def _is_there(turn: Turn, case: Case) -> bool:
    """收住院了, of a hospital that may not close its Ⅱ and does not ask for it: the patient is in its care."""
    own = turn.speaker.role == "hospital" and turn.speaker.hospital == case.hospital
    if not own or turn.meaning.outcome not in CARED_FOR or SAYS_CLOSED.search(turn.message.text):
        return False
    if case.status in UNDER_WAY:
        move(turn.desk, case, "arrived", turn.speaker.name, turn.message.id)
    else:
        turn.log(case, "update", brings=[])
    heard_from(turn.desk, case, turn.speaker, answers=True)
    set_due(turn.desk, case)
    return True


def end(turn: Turn, case: Case) -> None:
    """End one case with the outcome that was said."""
    if not is_open(case):
        return  # closed already; nobody needs to hear it twice
    dates.note(turn, case, turn.message.text)  # 化疗做好了，办结: the next one is counted from it
    births.note(turn, case, turn.message.text)
    outcome = turn.meaning.outcome or outcomes.DONE
    status = "merged" if outcome == "duplicate" else "cancelled" if outcome in CANCELLED else "closed"
    finish(turn, case, status, outcome)
    confirm(turn, case)


def finish(turn: Turn, case: Case, status: str, outcome: str) -> None:
    """The case has ended; nothing is said yet."""
    move(turn.desk, case, status, turn.speaker.name, turn.message.id, outcome=outcome)
    case.closed_at = turn.desk.now
    case.closed_by = turn.speaker.name
    case.outcome = outcome
    heard_from(turn.desk, case, turn.speaker, answers=False)
    set_due(turn.desk, case)


def confirm(turn: Turn, case: Case) -> None:
    """The one confirmation that a case has ended."""
    text = turn.say(
        f"ended_{case.status}",
        number=case.number,
        how=_how(turn, case),
        case="" if case.private else wording.complaint(case),
        who=turn.speaker.name,
        into=case.merged_into or turn.say("the_other"),
    )
    turn.tell("confirm", text, case)


def _how(turn: Turn, case: Case) -> str:
    """The outcome, where the table wants it said: so that whoever closed it sees what will be counted."""
    known = outcomes.outcomes().get(case.outcome or "")
    return turn.say("ended_how", outcome=known.name) if known and known.said and not case.private else ""


def reopen(turn: Turn) -> None:
    """Back to work on a closed case: same number within the policy's hours, else a new one that names it (§8.14)."""
    on_the_case(turn, "reopen", _reopen)


def _reopen(turn: Turn, case: Case) -> None:
    desk = turn.desk
    if is_open(case):
        return
    if case.closed_at and desk.now - case.closed_at > desk.reopen_within:
        open_case(turn, _with_story(turn, case), follows=case)
        return
    words = turn.message.text
    now_said = turn.reader.patient(story_today([words], case.fields, desk.today), desk.now, {}, fragment=True)
    restart(turn, case)
    case.fields = merged(case.fields, told_on(now_said.entities, desk.today))
    case.story = [*case.story, words]
    apply_triage(desk, case, now_said, turn.message.id)
    propose.propose(desk, case)
    set_due(desk, case)
    say_reopened(turn, case)
    bring_in(turn, case)


def open_again(turn: Turn, case: Case) -> None:
    """The end was a slip: the case is open as if it had not ended, with nothing new said of the patient."""
    restart(turn, case)
    propose.propose(turn.desk, case)
    set_due(turn.desk, case)
    say_reopened(turn, case)
    bring_in(turn, case)


def restart(turn: Turn, case: Case) -> None:
    """An ended case is open once more, nobody has it yet, and its reminders begin anew."""
    desk = turn.desk
    case.closed_at = case.closed_by = case.outcome = case.acknowledged_at = case.merged_into = None
    case.owner = case.snoozed_until = case.proposed_at = None
    case.rhythm_from, case.stage, case.brought_in, case.expert_answered = desk.now, 0, 0, False
    case.declined, case.expert_room = [], None
    move(desk, case, "open", turn.speaker.name, turn.message.id)


def say_reopened(turn: Turn, case: Case) -> None:
    """The one confirmation that a case is open again."""
    desk = turn.desk
    text = turn.say(
        "reopened",
        number=case.number,
        level=wording.level_name(desk, case.level),
        hospital=case.hospital or turn.say("no_hospital"),
        who=turn.speaker.name,
    )
    turn.tell("confirm", text, case, mentions=desk.first_on_duty())


def _with_story(turn: Turn, case: Case) -> Report:
    today = turn.desk.today
    story = story_today([*case.story[:1], turn.message.text], case.fields, today)
    return turn.reader.patient(story, turn.desk.now, known_values(case.fields, today))
