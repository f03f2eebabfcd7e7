"""The post that names the next hospital; it is also the confirmation of a decline or a transfer."""

from __future__ import annotations

from collections.abc import Sequence

from actions import propose, question, refused, wording
from actions.models import Case
from actions.turn import Turn


def say_proposal(
    turn: Turn,
    case: Case,
    before: str | None,
    *,
    sentence: str = "next_proposal",
    also: str = "",
    named: Sequence[str] = (),
) -> None:
    """Say where it goes on. `also`: what else the message was about (a department that closed); `named`: whom that needs."""
    desk = turn.desk
    if case.hospital is None:
        text = turn.say("all_declined", number=case.number, tried=refused.tried(desk, case))
        mentions = [*desk.first_on_duty(), desk.on_duty("LEADER")]
    else:
        line = propose.direct_line(desk, case.hospital)
        text = turn.say(
            sentence,
            number=case.number,
            before=before or "",
            reason=refused.last_reason(desk, case, before),
            hospital=wording.house(desk, case.hospital),
            why=propose.why(case) or turn.say("named_by", who=turn.speaker.name),
            line=turn.say("direct_line", line=line) if line else "",
        )
        mentions = list(named)
    asks = question.following(desk, case) if case.hospital else ""
    turn.tell("proposal", "\n".join(filter(None, [also, text])), case, mentions=mentions, asks=asks)
