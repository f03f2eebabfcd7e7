"""What a message does that tells of a birth, a loss, the way home or a visit after it.

It comes as a close, as news, as small talk or as advice of the experts; whatever it resembles, what it says of the
mother is written down first.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from actions import follow
from actions.answer import arrived
from actions.case import heard_from, is_open, set_due
from actions.close import close, end, open_again
from actions.context import by_number, by_quote, near_by, standing
from actions.likeness import described
from actions.maternal import care
from actions.maternal.appointments import CATEGORY
from actions.maternal.births import after_it, fits, forget, plain, take
from actions.maternal.known import named
from actions.maternal.models import BirthTold
from actions.maternal.weeks import BORN_ON, LOST_ON
from actions.models import Case, Event
from actions.permissions import may
from actions.relay import relay
from actions.turn import Turn
from nlu.programmes.said import MaternalWords

NEWS = frozenset({"update", "chatter", "notice", "transfer", "report", "consult", "rumour"})
"""Acts as which the news of a birth may be read when it is nothing else."""

IN_HOSPITAL = frozenset({"handed_over", "admitted"})


def handles(turn: Turn) -> bool:
    """Whether the message was about a birth, a loss or what follows it, and nothing is left to do with it."""
    said = turn.reader.maternal_words(plain(turn, turn.message.text), turn.message.at)
    tells = said.birth or said.left or said.visited or said.unborn
    if not tells or len(turn.meaning.reports) > 1 or turn.meaning.upkeep:
        return False
    case = _meant(turn, said)
    if case is None:
        return False
    row = turn.desk.session.get(BirthTold, case.id)
    if row is not None and said.unborn:
        _withdraw(turn, case, row)
        return True
    if said.birth is not None and fits(case, said.birth, turn.desk.today):
        row = take(turn, case, said.birth)
    if row is None:
        return False
    after_it(turn, case, row, said)
    if not _goes_on(turn, case, said):
        return False
    turn.touch(case)
    return True


def _withdraw(turn: Turn, case: Case, row: BirthTold) -> None:
    """还没生: what the news of the birth ended is open again."""
    ended = select(Event.id).where(
        Event.case_id == case.id, Event.what == "status", Event.message_id == row.message_id
    )
    turn.touch(case)
    forget(turn, case, row)
    if not is_open(case) and may(turn, "reopen", case) and turn.desk.session.scalar(ended.limit(1)):
        open_again(turn, case)


def _goes_on(turn: Turn, case: Case, said: MaternalWords) -> bool:
    """Do with the case what the news means for it; False when the message is acted on as it stands."""
    meaning = turn.meaning
    if meaning.danger:
        return _danger(turn, case)
    if not is_open(case):
        return meaning.act not in ("reopen", "report")
    if said.birth is None:
        return False
    here = replace(turn, forced=case, meaning=replace(meaning, outcome=_outcome(turn)))
    if meaning.act == "close" and (said.closes or may(turn, "close", case)):
        close(here)
    elif meaning.act not in NEWS and meaning.act != "close":
        return False
    elif case.level > care.LEAST_URGENT and may(turn, "close", case):
        end(here, case)
    elif meaning.act == "close" and meaning.outcome in IN_HOSPITAL:
        arrived(here)
    else:
        heard_from(turn.desk, case, turn.speaker, answers=True)
        turn.log(case, "update", brings=["birth"])
        relay(turn, case)
        set_due(turn.desk, case)
    return True


def _danger(turn: Turn, case: Case) -> bool:
    """大出血 after the birth: news of the woman who was meant, whether she is named in it or not."""
    if turn.meaning.act not in NEWS:
        return False
    turn.message.act = "update"
    follow.update(replace(turn, forced=case))
    return True


def _outcome(turn: Turn) -> str:
    """母女平安 tells of no illness that is better."""
    said = turn.meaning.outcome
    return said if said not in (None, "better", "cancelled") else "treated"


def _meant(turn: Turn, said: MaternalWords) -> Case | None:
    """The mother: by number, quote, full name, or because she alone can be meant. Never a guess."""
    numbers = turn.meaning.pointers.case_numbers
    pointed = [by_number(turn, each) for each in numbers] if numbers else by_quote(turn)
    found = {case.id: case for each in pointed if each for case in [standing(turn, each)]}
    if numbers or turn.message.quote:
        pregnant = [case for case in found.values() if CATEGORY in (case.category, *case.tags)]
        return pregnant[0] if len(pregnant) == len(found) == 1 else None
    mothers = named(turn, turn.message.text)
    if mothers or said.birth is None:
        return mothers[0] if len(mothers) == 1 else None
    if said.another or (turn.meaning.act == "report" and turn.meaning.names_patient):
        return None  # somebody of whom nothing is known here
    return _only_one(turn)


def _only_one(turn: Turn) -> Case | None:
    """The one open case of a pregnant woman that the words describe, or the speaker's own, or that there is."""
    near = [
        case
        for case in near_by(turn, "close")
        if CATEGORY in (case.category, *case.tags)
        and BORN_ON not in case.fields
        and LOST_ON not in case.fields
    ]
    own = [case for case in near if turn.speaker.name in (case.opened_by, case.owner, *case.assignees)]
    for group in (described(turn, near), own):
        if len(group) == 1:
            return group[0]
    has_part = turn.speaker.role in ("hospital", "expert") and len(near) == 1
    return near[0] if has_part else None
