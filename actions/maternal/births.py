"""A birth or a loss told of a pregnant woman who is known: kept, the weeks counted no further, the mother handed over.

A loss is kept without a word: no congratulations, no dates, and the case is private from then on.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete

from actions.maternal import care
from actions.maternal.appointments import CATEGORY
from actions.maternal.models import BirthTold, PostnatalVisit
from actions.maternal.weeks import (
    BORN_ON,
    ENDED_MARK,
    GESTATION,
    LOST_ON,
    POSTPARTUM_DAYS,
    SYMPTOMS_BEFORE,
    TOLD_ON,
)
from actions.models import Case
from actions.turn import Turn
from nlu.programmes.said import Birth, MaternalWords

LOSS = "loss"
ROUNDED = timedelta(days=3)
"""Weeks are told roughly: who was pregnant yesterday evening has given birth by this morning."""
_NUMBER = re.compile(r"(?:\d{4}-|#)\d{1,3}号?|(?<![月\d.])\d{1,3}号")


def note(turn: Turn, case: Case, words: str) -> None:
    """Write down the birth or loss that `words` tell of this case, unless it is known."""
    if CATEGORY not in (case.category, *case.tags):
        return
    birth = turn.reader.maternal_words(plain(turn, words), turn.message.at).birth
    known = turn.desk.session.get(BirthTold, case.id)
    if birth is not None and known is None and fits(case, birth, turn.desk.today):
        row = take(turn, case, birth)
        after_it(turn, case, row, MaternalWords(birth=birth))


def plain(turn: Turn, words: str) -> str:
    """Without case numbers: 1号昨晚生了: a case, no day."""
    return _NUMBER.sub(" ", words) if turn.meaning.pointers.case_numbers else words


def take(turn: Turn, case: Case, birth: Birth) -> BirthTold:
    """Keep it; a later word on it overwrites what it tells and leaves the rest."""
    desk = turn.desk
    row = desk.session.get(BirthTold, case.id)
    first = row is None
    if row is None:
        row = BirthTold(case_id=case.id, babies=[])
        desk.session.add(row)
    row.kind, row.day, row.how = birth.kind, birth.day, birth.how or row.how
    babies = [{"sex": each.sex, "grams": each.grams} for each in birth.babies]
    if any(each["sex"] or each["grams"] for each in babies) or not row.babies:
        row.babies = babies
    row.told_at, row.told_by, row.message_id = desk.now, turn.speaker.name, turn.message.id
    lost = birth.kind == LOSS
    case.fields = _after(case.fields, LOST_ON if lost else BORN_ON, birth.day)
    if first:
        case.story = [*case.story, ENDED_MARK]
    case.private = case.private or lost
    desk.session.flush()
    turn.log(case, "birth_told", kind=birth.kind, day=birth.day.isoformat(), how=birth.how)
    return row


def _after(fields: dict[str, Any], how: str, day: date) -> dict[str, Any]:
    """The pains of before are over."""
    kept = {key: value for key, value in fields.items() if key not in (BORN_ON, LOST_ON, "symptoms")}
    before = {SYMPTOMS_BEFORE: fields.get(SYMPTOMS_BEFORE, fields.get("symptoms", []))}
    return {**kept, **before, how: day.isoformat()}


def forget(turn: Turn, case: Case, row: BirthTold) -> None:
    """It was a slip: the weeks are counted on, and whoever was told of the visits hears that there are none."""
    turn.log(case, "birth_withdrawn")
    turn.desk.session.execute(delete(PostnatalVisit).where(PostnatalVisit.case_id == case.id))
    turn.desk.session.delete(row)
    gone = (BORN_ON, LOST_ON, SYMPTOMS_BEFORE)
    kept = {key: value for key, value in case.fields.items() if key not in gone}
    symptoms = [*case.fields.get(SYMPTOMS_BEFORE, []), *kept.get("symptoms", [])]
    case.fields = {**kept, "symptoms": list(dict.fromkeys(symptoms))}
    case.story = [each for each in case.story if each != ENDED_MARK]
    if row.handed_at is not None:
        care.take_back(turn.desk, case, turn.message.id)
    turn.desk.session.flush()


def forget_message(turn: Turn, case: Case, message: int) -> None:
    """The message that told of it was taken back."""
    row = turn.desk.session.get(BirthTold, case.id)
    if row is not None and row.message_id == message:
        forget(turn, case, row)


def after_it(turn: Turn, case: Case, row: BirthTold, said: MaternalWords) -> None:
    """The visits as rows, told of to the health centre; a mother in danger is not handed over yet."""
    if row.kind == LOSS:
        return
    if said.left is not None:
        row.left_on = max(said.left, row.day)
    if said.birth is not None or said.left is not None:
        care.plan(turn.desk, row)
    if said.visited:
        care.visited(turn.desk, case, turn.speaker.name)
    if not turn.meaning.danger:
        care.hand_over(turn.desk, case, row)


def fits(case: Case, birth: Birth, today: date) -> bool:
    """Whether it can be the end of this pregnancy: not of one before it, and not weeks ago."""
    if CATEGORY not in (case.category, *case.tags) or not 0 <= (today - birth.day).days <= POSTPARTUM_DAYS:
        return False
    since = case.fields.get(TOLD_ON) if GESTATION in case.fields else None
    return since is None or birth.day >= date.fromisoformat(str(since)) - ROUNDED
