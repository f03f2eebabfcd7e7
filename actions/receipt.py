"""The receipt: one post in the room a case came from, with what to do now, the level and why, and where to (contract §5.1)."""

from __future__ import annotations

from actions import propose, question, wording
from actions.case import in_batch
from actions.desk import Desk
from actions.maternal import appointments
from actions.medicines import record
from actions.medicines.table import medicine_table
from actions.models import Case
from actions.online import shown as online
from actions.turn import Turn


def receipt(turn: Turn, case: Case, follows: Case | None) -> None:
    desk = turn.desk
    asks = question.first(turn, case)
    if case.private:
        lines = [act_now(desk, case), _private_head(turn, case), turn.say("no_diagnosis")]
    elif in_batch(case):
        why = turn.say("because", because=wording.because(case)) if case.reasons else ""
        lines = [_batch_head(turn, case), why, asks, turn.say("no_diagnosis")]
    else:
        lines = [
            act_now(desk, case),
            head(turn, case),
            turn.say("because", because=wording.because(case)) if case.reasons else "",
            hospital_line(desk, case),
            appointments.told(desk, case),
            turn.say("follows", number=follows.number) if follows else "",
            asks,
            turn.say("no_diagnosis"),
        ]
    mentions = [] if in_batch(case) else desk.first_on_duty()
    turn.reply("receipt", joined(lines), cases=[case], mentions=mentions)
    if case.private:
        tell_duty_privately(turn, case)


def act_now(desk: Desk, case: Case) -> str:
    if case.level == 1:
        return desk.phrases.say("call_120", first_aid="" if case.private else case.first_aid)
    if case.level == 2 and case.first_aid and not case.private:
        return desk.phrases.say("meanwhile", first_aid=case.first_aid)
    return ""


def head(turn: Turn, case: Case) -> str:
    return turn.say(
        "receipt_head",
        number=case.number,
        level=wording.level_name(turn.desk, case.level),
        specialty=wording.specialty_name(case.specialty),
        town=case.town or "",
    )


def _private_head(turn: Turn, case: Case) -> str:
    return turn.say(
        "receipt_private",
        number=case.number,
        level=wording.level_name(turn.desk, case.level),
        town=case.town or "",
    )


def _refill_head(turn: Turn, case: Case) -> str:
    """Where it is prescribed again online, how to enter, and what is needed for it."""
    return turn.say(
        "receipt_refill",
        number=case.number,
        level=wording.level_name(turn.desk, case.level),
        specialty=wording.specialty_name(case.specialty),
        town=case.town or "",
        what=wording.complaint(case),
        hospital=case.hospital or turn.say("no_hospital"),
        entry=turn.desk.site.policy.online_entry or turn.say("no_entry"),
    )


def _batch_head(turn: Turn, case: Case) -> str:
    if online.is_refill(case):
        return _refill_head(turn, case)
    head = _batch_line(turn, case)
    first = turn.say("first_visit") if online.needs_visit(turn.desk, case) else ""
    return joined([head, _apart(turn, case), first])


def _apart(turn: Turn, case: Case) -> str:
    """Where a medicine is to be had that is prescribed neither online nor for somebody else."""
    found = {rule for item in record.items_of(turn.desk.session, case) for rule in item.screens}
    told = [rule.says for rule in medicine_table().screens if rule.apart and rule.id in found]
    return turn.say("medicine_apart", says=told[0]) if told else ""


def _batch_line(turn: Turn, case: Case) -> str:
    return turn.say(
        "receipt_batch",
        number=case.number,
        level=wording.level_name(turn.desk, case.level),
        specialty=wording.specialty_name(case.specialty),
        town=case.town or "",
        what=wording.complaint(case),
        time=turn.desk.site.policy.medicine_batch.strftime("%H:%M"),
        hospital=case.hospital or turn.say("no_hospital"),
    )


def hospital_line(desk: Desk, case: Case) -> str:
    phrases = desk.phrases
    if case.hospital is None:
        return phrases.say("human_decides") if case.disposition == "HUMAN" else phrases.say("nobody_found")
    how = (
        online.how(desk, case)
        if case.disposition == online.ONLINE
        else phrases.maybe(f"how_{case.disposition}")
    )
    line = propose.direct_line(desk, case.hospital)
    return phrases.say(
        "hospital",
        hospital=case.hospital,
        why=propose.why(case),
        line=phrases.say("direct_line", line=line) if line else "",
        how=how or "",
    )


def joined(lines: list[str]) -> str:
    return "\n".join(line for line in lines if line)


def tell_duty_privately(turn: Turn, case: Case) -> None:
    """The details of a private case go to the coordinator on duty, to nobody else."""
    text = turn.say(
        "private_details",
        number=case.number,
        level=wording.level_name(turn.desk, case.level),
        reporter=turn.speaker.name,
        room=turn.message.room or turn.say("private_talk"),
        words=turn.message.text,
        hospital=case.hospital or turn.say("no_hospital"),
        first_aid=case.first_aid,
    )
    for name in turn.desk.first_on_duty():
        turn.desk.post(f"{case.number}:prompt:m{turn.message.id}", "prompt", text, to=name, cases=[case])
