"""Which hospital next: ranks the directory for a case and moves on when one cannot take the patient."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from actions.case import move
from actions.desk import BOT, Desk
from actions.hospital_load import hospital_load, wanted_by
from actions.matching import Candidate, Need, StatusNote, rank
from actions.models import Case, HospitalNote
from actions.oncology.kinds import kinds_of, kinds_of_words

# How many are kept ready; more than anybody will ring.
KEPT = 8
PLANNED = ("DIALYSIS", "ONCO")
PLANNED_AHEAD = timedelta(hours=36)


def need_of(case: Case, at: datetime) -> Need:
    """What the patient of a case needs at a moment."""
    fields = case.fields
    age = fields.get("age", fields["age_months"] / 12 if "age_months" in fields else None)
    return Need(
        level=case.level,
        specialty=case.specialty,
        specialties=tuple(case.specialties),
        category=case.category,
        tags=tuple(case.tags),
        disposition=case.disposition,
        town=case.town,
        orig_hospital=fields.get("orig_hospital"),
        at=at,
        age_years=age,
    )


def notes_now(desk: Desk) -> list[StatusNote]:
    """What members said of hospitals, as far as it still holds."""
    return [status_note(each) for each in desk.hospital_notes()]


def ranked(desk: Desk, case: Case, limit: int | None = KEPT) -> list[Candidate]:
    """The hospitals that can take the patient, best first, without those that declined."""
    need, notes = need_of(case, desk.now), _notes(desk, case)
    # Who could take the patient if nobody else went there; how busy the others are is not read.
    able = {each.name for each in rank(desk.site, need, notes, case.declined)}
    load = hospital_load(desk, case.specialty, case.id, wanted_by(case, able))
    found = rank(desk.site, need, notes, case.declined, limit=limit, load=load)
    if any(each.name not in able for each in found):  # those that could are full
        load = hospital_load(desk, case.specialty, case.id)
        found = rank(desk.site, need, notes, case.declined, limit=limit, load=load)
    return _steady(found, case.hospital)


def _steady(found: list[Candidate], hospital: str | None) -> list[Candidate]:
    """The hospital proposed already stays in front when only other patients' going there speaks against it."""
    first = found[0].factors if found else None
    known = next((each for each in found if each.name == hospital), None)
    if first is None or known is None or known.factors is None or known.factors.step is not first.step:
        return found
    if known.factors.lasting > first.lasting:
        return found
    return [known, *(each for each in found if each is not known)]


def _notes(desk: Desk, case: Case) -> list[StatusNote]:
    """What was said of the hospitals; for treatment that is planned from day to day, what is announced as well."""
    notes = desk.hospital_notes()
    planned = desk.announced_closings(PLANNED_AHEAD) if case.category in PLANNED and case.level > 2 else []
    return [status_note(each) for each in [*notes, *planned] if _concerns(each, case)]


def _concerns(note: HospitalNote, case: Case) -> bool:
    """A machine for radiotherapy that stands still closes nothing to those who come for something else."""
    kinds = kinds_of(note.department) if note.department else ()
    if case.category != "ONCO" or len(kinds) != 1:
        return True
    return any(kinds_of_words(story) & set(kinds) for story in case.story)


def status_note(note: HospitalNote) -> StatusNote:
    return StatusNote(note.hospital, note.department, note.state, note.until)


def is_shut_by(desk: Desk, case: Case, note: HospitalNote) -> bool:
    """Whether this word, as far as it holds already, changes what that hospital is for the case."""
    said = status_note(note)
    return said in _notes(desk, case) and would_shut(desk, case, said)


def would_shut(desk: Desk, case: Case, said: StatusNote) -> bool:
    """Whether such a word takes the hospital from the list of the case, or leaves it there for another reason."""
    others = [each for each in _notes(desk, case) if each != said]
    need, load = need_of(case, desk.now), hospital_load(desk, case.specialty, case.id)

    def why(known: list[StatusNote]) -> str | None:
        found = rank(desk.site, need, known, case.declined, load=load)
        return next((each.why for each in found if each.name == said.hospital), None)

    return why(others) != why([*others, said])


def propose(desk: Desk, case: Case) -> None:
    """Put the best candidate forward, keeping a hospital that has accepted."""
    found = ranked(desk, case)
    case.candidates = [each.name for each in found]
    if case.chosen and case.chosen not in case.declined:
        case.candidates = [case.chosen, *(name for name in case.candidates if name != case.chosen)]
    case.reasons_for = {each.name: each.why for each in found} | _instead(desk, case, found)
    case.own_hospital = bool(found and found[0].own)
    if case.status not in ("open", "proposed"):
        return
    first = case.candidates[0] if case.candidates else None
    if first != case.hospital or case.proposed_at is None:
        _put(desk, case, first)
    _settle_status(desk, case)


def _instead(desk: Desk, case: Case, found: list[Candidate]) -> dict[str, str]:
    """The reason of the first, with the better one that is closed or full and until when."""
    notes = {each.hospital: each for each in desk.hospital_notes() if each.state != "open"}
    if not found or not notes:
        return {}
    best = rank(desk.site, need_of(case, desk.now), [], case.declined, limit=1)
    note = notes.get(best[0].name) if best else None
    if note is None or best[0].name == found[0].name:
        return {}
    until = f"{desk.local(note.until):%m月%d日%H:%M}" if note.until else ""
    closed = desk.phrases.say(
        f"instead_{note.state}",
        hospital=note.hospital,
        until=desk.phrases.say("until", time=until) if until else "",
    )
    return {found[0].name: f"{found[0].why}；{closed}"}


def put_first(desk: Desk, case: Case, hospital: str) -> None:
    """A person named the hospital: it is the proposal now, the others stay behind it."""
    case.chosen = hospital
    case.candidates = [hospital, *(name for name in case.candidates if name != hospital)]
    case.declined = [name for name in case.declined if name != hospital]
    _put(desk, case, hospital)
    _settle_status(desk, case)


def next_candidate(desk: Desk, case: Case, *, keep_last: bool = False) -> bool:
    """The current one cannot, or does not answer: go on to the next. False when none is left.

    `keep_last`: an unanswered proposal with nothing behind it stays (contract §8.18).
    """
    possible = _possible(desk, case)
    # Those that stood behind it, as far as they are still open; the list is not filled up again for ever.
    rest = [name for name in case.candidates if name in possible]
    if not rest and keep_last:
        return False
    return _go_on(desk, case, rest, possible)


def next_with_place(desk: Desk, case: Case, take: Callable[[str], bool]) -> bool:
    """Like next_candidate, but only to a hospital where `take` gives a place; False when none has one."""
    possible = _possible(desk, case)
    first = next((name for name in possible if take(name)), None)
    behind = [name for name in case.candidates if name in possible and name != first]
    return _go_on(desk, case, [first, *behind] if first else [], possible)


def _possible(desk: Desk, case: Case) -> dict[str, str]:
    """All that can take the patient but the current one, with why."""
    found = ranked(desk, case, limit=None)
    return {each.name: each.why for each in found if each.name != case.hospital}


def _go_on(desk: Desk, case: Case, rest: list[str], possible: dict[str, str]) -> bool:
    current = case.hospital
    if current and current not in case.declined:
        case.declined = [*case.declined, current]
    if case.chosen == current:
        case.chosen = None
    case.candidates = rest
    case.reasons_for = {**case.reasons_for, **possible}
    _put(desk, case, rest[0] if rest else None)
    case.proposed_at = desk.now if rest else None
    _settle_status(desk, case)
    return bool(rest)


def _put(desk: Desk, case: Case, hospital: str | None) -> None:
    """Propose a hospital; what becomes of it is counted from now on (actions/hospital_figures.py)."""
    case.hospital = hospital
    case.proposed_at = desk.now
    if hospital is not None:
        desk.log(case, BOT, "proposed_to", hospital=hospital)


def others(case: Case, most: int = 2) -> list[tuple[str, str]]:
    """The hospitals that come after the proposed one, with why in a few words; nobody's once one has accepted."""
    if case.status not in ("open", "proposed") or case.private:
        return []
    behind = [name for name in case.candidates if name != case.hospital]
    return [(name, case.reasons_for.get(name, "")) for name in behind[:most]]


def why(case: Case) -> str:
    """Why the current proposal, in a few words."""
    return case.reasons_for.get(case.hospital or "", "")


def direct_line(desk: Desk, hospital: str | None) -> str | None:
    """The direct line, if the directory has one."""
    institution = desk.site.institutions.get(hospital or "")
    return institution.direct_line or None if institution else None


def _settle_status(desk: Desk, case: Case) -> None:
    wanted = "proposed" if case.hospital else "open"
    if case.status != wanted:
        move(desk, case, wanted, "联络", hospital=case.hospital)
