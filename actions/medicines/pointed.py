"""Which medicine requests a clause is about: numbers, names, drugs, the hospital, a quote, or all of one's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from actions.case import OPEN
from actions.context import by_number, by_quote
from actions.medicines.lines import fold
from actions.medicines.record import FINAL
from actions.medicines.said import Clause
from actions.medicines.table import medicine_table
from actions.models import Case, MedicineItem
from actions.open_marks import ids
from actions.turn import Turn


@dataclass(frozen=True)
class Waiting:
    """One request with what is still to be delivered of it."""

    case: Case
    items: tuple[MedicineItem, ...]

    def charged(self, name: str) -> bool:
        """Whether it was given to that member, or he took it."""
        return name in self.case.assignees or name == self.case.owner

    def asked_by(self, name: str) -> bool:
        """Whether that member reported it."""
        return name in (self.case.opened_by, *self.case.fields.get("also_by", []))

    @property
    def is_free(self) -> bool:
        """Nobody goes for it yet."""
        return not self.case.assignees and all(item.step == "wanted" for item in self.items)


@dataclass(frozen=True)
class Pointed:
    """What a clause points at. `said`: by words of its own, so not by being the only one left."""

    chosen: tuple[Waiting, ...] = ()
    said: bool = False
    unclear: bool = False  # several are called so
    drugs: frozenset[str] = field(default_factory=frozenset)


def waiting(turn: Turn) -> list[Waiting]:
    """The requests the speaker can mean: of this room, of himself when he writes privately, or the one settled."""
    room, name = turn.message.room, turn.speaker.name
    mark = ("room", room) if room is not None else ("member", name)
    mine = Case.id == turn.forced.id if turn.forced is not None else Case.id.in_(ids([mark]))
    query = (
        select(Case, MedicineItem)
        .join(MedicineItem, MedicineItem.case_id == Case.id)
        .where(mine, Case.status.in_(OPEN), MedicineItem.step.not_in(FINAL))
        .order_by(Case.id, MedicineItem.id)
    )
    found: dict[Case, list[MedicineItem]] = {}
    for case, item in turn.desk.session.execute(query):
        found.setdefault(case, []).append(item)
    return [Waiting(case, tuple(items)) for case, items in found.items()]


def numbers_of_others(turn: Turn, said: Sequence[Clause], among: Sequence[Waiting]) -> bool:
    """Whether a number is said that none of the requests has, or a newer case as well: then it is of that other."""
    if turn.forced is not None:
        return False
    numbers = [*turn.meaning.pointers.case_numbers, *(each for clause in said for each in clause.numbers)]
    of_medicines = any(medicine_table().words["matter"].search(clause.words) for clause in said)
    for number in numbers:
        own = _numbered(number, among)
        if not own or not (
            of_medicines or own[0].charged(turn.speaker.name) or _newest(turn, number, own[0])
        ):
            return True
    return False


def _newest(turn: Turn, number: str, own: Waiting) -> bool:
    """Whether no other open case is called so as well since: 12号 of today, with a request 12号 of yesterday."""
    case = by_number(turn, number)
    return case is None or case.id <= own.case.id


def point(turn: Turn, clause: Clause, among: Sequence[Waiting]) -> Pointed:
    """Those of `among` that the words of a clause name."""
    if turn.forced is not None:
        return Pointed(tuple(among), said=True, drugs=_drugs(clause))
    by_number = [each for number in clause.numbers for each in _numbered(number, among)]
    if by_number:
        return Pointed(tuple(dict.fromkeys(by_number)), said=True, drugs=_drugs(clause))
    for group, drugs in (_called(clause, among), frozenset[str]()), (_taking(clause, among), _drugs(clause)):
        if group:
            return Pointed(
                tuple(group), said=True, unclear=_unclear(clause, group), drugs=drugs or _drugs(clause)
            )
    return Pointed()


def there(turn: Turn, clause: Clause, among: Sequence[Waiting]) -> Pointed:
    """Those of the hospital, else of the town, that the message names; whoever goes there goes for all of them."""
    named, hint = turn.meaning.pointers.hospitals, turn.meaning.triage_hint
    town = hint.entities.get("town") if hint else None
    found = [each for each in among if each.case.hospital in named]
    found = found or [each for each in among if town and each.case.town == town]
    return Pointed(tuple(found), said=bool(found), unclear=clause.step != "taken" and len(found) > 1)


def quoted(turn: Turn, among: Sequence[Waiting]) -> list[Waiting]:
    """Those of the message or post that is quoted."""
    ids = {case.id for case in by_quote(turn)}
    return [each for each in among if each.case.id in ids]


def _numbered(number: str, among: Sequence[Waiting]) -> list[Waiting]:
    """The newest whose number it is, or ends so."""
    wanted = number if "-" in number else f"-{int(number or 0):03d}"
    return [each for each in among if each.case.number.endswith(wanted)][-1:]


def _called(clause: Clause, among: Sequence[Waiting]) -> list[Waiting]:
    words = clause.words
    return [each for each in among if any(len(name) > 1 and name in words for name in _names(each))]


def _names(each: Waiting) -> set[str]:
    return {fold(item.patient) for item in each.items if item.patient}


def _taking(clause: Clause, among: Sequence[Waiting]) -> list[Waiting]:
    drugs = _drugs(clause)
    return [each for each in among if any(item.drug in drugs for item in each.items)]


def _drugs(clause: Clause) -> frozenset[str]:
    table = medicine_table()
    return frozenset(table.names[found.group()] for found in table.pattern.finditer(clause.words))


def _unclear(clause: Clause, group: Sequence[Waiting]) -> bool:
    """Two who are called alike, or take the same, when one is spoken of."""
    names = [name for each in group for name in _names(each)]
    return len(group) > 1 and not clause.everything and len(set(names)) < len(group)
