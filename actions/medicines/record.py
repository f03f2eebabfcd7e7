"""The rows of a medicine request: made with its case, completed by what is said later."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.desk import Desk
from actions.medicines.lines import Wanted, bare_strength, read_request, strengths_in
from actions.medicines.screen import Asked, is_unclear, screens
from actions.medicines.table import Medicine, MedicineTable, medicine_table
from actions.models import Case, MedicineItem
from actions.turn import Turn
from actions.wording import names

FINAL = ("delivered", "withdrawn")


def wants_medicine(case: Case) -> bool:
    """Whether medicines are to be fetched for the patient, whatever else there is."""
    return "MEDS" in (case.category, *case.tags)


def items_of(session: Session, case: Case) -> list[MedicineItem]:
    """The medicines of a case in the order they were asked for."""
    query = select(MedicineItem).where(MedicineItem.case_id == case.id).order_by(MedicineItem.id)
    return list(session.scalars(query))


def note(turn: Turn, case: Case, words: str, *, corrects: bool = False) -> None:
    """Write down what `words` ask for: new medicines become rows, known ones are completed.

    `corrects`: what they say of strength and quantity holds against what was said before.
    """
    if not wants_medicine(case):
        return
    table, session = medicine_table(), turn.desk.session
    request = read_request(words, table)
    rows = items_of(session, case)
    known = {row.drug: row for row in rows}
    told = case.fields.get("drugs", [])
    named = {item.drug: item for item in request.items if item.drug in told}
    for drug in told:
        if drug not in known:
            known[drug] = _row(case, drug)
            session.add(known[drug])
    for drug, item in named.items():
        _complete(turn, known[drug], item, alone=len(named) == 1, corrects=corrects)
    if not named and rows:
        _complete_unnamed(rows, words, table, corrects=corrects)
    if request.patient and "known_as" not in case.fields:
        case.fields = {**case.fields, "known_as": [request.patient]}
    for row in known.values():
        row.patient = row.patient or request.patient
        row.card = request.card or row.card
        _screen(row, case, table)
    session.flush()
    if len(known) == 1 and "days_left" in case.fields:
        next(iter(known.values())).days_left = int(case.fields["days_left"])
    if strength_settled(turn.desk, case):
        case.missing = [item for item in case.missing if item != "strength"]


def _row(case: Case, drug: str) -> MedicineItem:
    return MedicineItem(case_id=case.id, drug=drug, step="wanted", screens=[], apart=False)


def _complete(turn: Turn, row: MedicineItem, item: Wanted, *, alone: bool, corrects: bool) -> None:
    for key in ("brand", "strength", "pack", "form", "quantity"):
        value = getattr(item, key)
        if value and (corrects or getattr(row, key) is None):
            setattr(row, key, value)
    if not alone:  # each medicine may last for a time of its own
        told = turn.reader.patient(item.words, turn.message.at, fragment=True).entities
        row.days_left = told.get("days_left", row.days_left)


def _complete_unnamed(rows: list[MedicineItem], words: str, table: MedicineTable, *, corrects: bool) -> None:
    """5mg的, 两盒: of the medicine that lacks it, if there is one alone."""
    lacking = [row for row in rows if row.drug in table.medicines and _lacks(row, table)]
    rows = rows if corrects and len(rows) == 1 else lacking
    if len(rows) != 1:
        return
    row, medicine = rows[0], table.medicines[rows[0].drug]
    said = strengths_in(words)
    strength = said[-1] if said else bare_strength(words, medicine)
    row.strength = strength or row.strength
    of_it = read_request(f"{row.drug} {words}", table).items
    row.quantity = (of_it[0].quantity if of_it else None) or row.quantity


def _lacks(row: MedicineItem, table: MedicineTable) -> bool:
    return is_unclear(table.medicines[row.drug], row.strength)


def _screen(row: MedicineItem, case: Case, table: MedicineTable) -> None:
    medicine = table.medicines.get(row.drug) or Medicine(row.drug, (), frozenset(), frozenset())
    if row.days_left is None and "days_left" in case.fields:
        row.days_left = int(case.fields["days_left"])
    age = case.fields.get("age")
    if age is None and "age_months" in case.fields:
        age = case.fields["age_months"] / 12
    found = screens(Asked(medicine, row.strength, row.days_left, age), table)
    row.screens = [rule.id for rule in found]
    row.apart = any(rule.apart for rule in found)


def strength_settled(desk: Desk, case: Case) -> bool | None:
    """Whether every medicine can be bought as it was said; None when nothing is known of them."""
    rows = [row for row in items_of(desk.session, case) if row.step not in FINAL]
    table = medicine_table()
    clear = [not _lacks(row, table) for row in rows if row.drug in table.medicines]
    return all(clear) if clear else None


def strength_question(desk: Desk, case: Case) -> str | None:
    """The question for what is unclear of the medicines: which of the strengths in use; None when they are not known."""
    table = medicine_table()
    rows = items_of(desk.session, case)
    unclear = [row for row in rows if row.drug in table.medicines and _lacks(row, table)]
    known = [row for row in unclear if table.medicines[row.drug].strengths]
    if not known:
        return None
    row = known[0]
    options = names(table.medicines[row.drug].strengths)
    if row.strength is None:
        return desk.phrases.say("medicine_which", drug=row.brand or row.drug, options=options)
    return desk.phrases.say(
        "medicine_no_such", drug=row.brand or row.drug, strength=row.strength, options=options
    )
