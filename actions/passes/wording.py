"""A pass as a message."""

from __future__ import annotations

from actions.passes import facts as paper
from actions.passes.facts import Facts
from actions.phrasebook import Phrasebook


def message(phrases: Phrasebook, facts: Facts, board: str = "") -> str:
    """The pass in lines, with what was told and nothing that was not; last where its picture is.

    `board`: the address under which members open the board; without one they know it themselves.
    """
    themselves = phrases.say("pass_board")
    where = board.rstrip("/") or f"{themselves} "
    return "\n".join(
        [
            phrases.say("pass_head", serial=facts.serial, purpose=facts.purpose),
            *lines(phrases, facts),
            phrases.say("pass_print", board=where, serial=facts.serial),
        ]
    )


def lines(phrases: Phrasebook, facts: Facts) -> list[str]:
    """Its lines without the heading, as message, page and picture have them."""
    who = " ".join(
        part
        for part in (
            facts.bearer,
            phrases.say("pass_id_tail", tail=facts.id_tail) if facts.id_tail else "",
            facts.town,
            facts.estate,
        )
        if part
    )
    way = " ".join(part for part in (facts.transport, facts.plate, facts.escort) if part)
    when = " ".join(part for part in (paper.shown_days(facts), paper.shown_hours(facts)) if part)
    return [
        phrases.say("pass_bearer", who=who),
        phrases.say("pass_hospital", hospital=facts.hospital),
        phrases.say("pass_days", when=when),
        *([phrases.say("pass_way", way=way)] if way else []),
        phrases.say("pass_issued", approver=facts.approver, at=facts.issued),
        *([phrases.say("pass_phone", phone=facts.phone)] if facts.phone else []),
    ]
