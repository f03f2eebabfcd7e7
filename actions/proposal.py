"""The post that names the next hospital; it is also the confirmation of a decline or a transfer."""

from __future__ import annotations

from actions import propose, question, wording
from actions.models import Case
from actions.turn import Turn


def say_proposal(
    turn: Turn, case: Case, before: str | None, *, sentence: str = "next_proposal", also: str = ""
) -> None:
    """Say where it goes on. `also`: what else the message was about (a department that closed)."""
    desk = turn.desk
    if case.hospital is None:
        text = turn.say("all_declined", number=case.number, tried=wording.names(case.declined))
        mentions = [*desk.first_on_duty(), desk.on_duty("LEADER")]
    else:
        line = propose.direct_line(desk, case.hospital)
        text = turn.say(
            sentence,
            number=case.number,
            before=before or "",
            hospital=case.hospital,
            why=propose.why(case) or turn.say("named_by", who=turn.speaker.name),
            line=turn.say("direct_line", line=line) if line else "",
        )
        mentions = []
    asks = question.following(desk, case) if case.hospital else ""
    turn.tell("proposal", "\n".join(filter(None, [also, text])), case, mentions=mentions, asks=asks)
