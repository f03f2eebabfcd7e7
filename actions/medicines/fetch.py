"""Fetching medicines, told in the volunteers' own words: taken, bought, delivered, or a problem."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from actions import close, wording
from actions.binding import ask_which
from actions.case import acknowledge, heard_from, set_due
from actions.context import by_quote
from actions.medicines import batch
from actions.medicines.pointed import Pointed, Waiting, numbers_of_others, point, quoted, there, waiting
from actions.medicines.record import FINAL, items_of
from actions.medicines.said import Clause, clauses
from actions.medicines.table import medicine_table
from actions.models import Case, MedicineItem
from actions.open_marks import with_any
from actions.permissions import may, refuse
from actions.turn import Turn

# Acts of which a message must name a request itself to be about fetching it.
OF_THEIR_OWN = frozenset({"report", "consult", "correct", "hospital_status", "rumour", "notice"})
# Whose "cannot" is an answer of the hospital and brings the next one.
ANSWERING = frozenset({"hospital", "expert", "coordinator", "leader"})
LISTED = 30


@dataclass
class _Done:
    """What one message did, so that it is said in one post."""

    delivered: list[Case] = field(default_factory=list)
    problems: dict[str, list[Case]] = field(default_factory=dict)
    held: list[Case] = field(default_factory=list)  # wanted by the speaker, taken by somebody else
    acted: bool = False


def fetched(turn: Turn, act: str) -> bool:
    """Whether the message tells of fetching medicines; then that has been done."""
    said = clauses(turn.message.text if turn.forced else turn.meaning.text, medicine_table())
    given_up = act == "close" and turn.meaning.outcome in (*close.CANCELLED, "duplicate")
    if given_up or not any(each.step for each in said) or _ends_it(said, act):
        return False
    among = waiting(turn)
    if not among or numbers_of_others(turn, said, among) or _quotes_another(turn, among):
        return False
    done = _Done()
    for clause, pointed in _bound(turn, said, among, act):
        if pointed.unclear:
            _ask_which(turn, pointed.chosen)
            done.acted = True
        else:
            _do(turn, clause, pointed, done)
    _tell(turn, done)
    return done.acted


def _ends_it(said: Sequence[Clause], act: str) -> bool:
    """配到了，办结: got and the case is to be closed, whoever brings it to the door."""
    steps = {each.step for each in said if each.step}
    return (
        act == "close" and steps == {"bought"} and any(close.SAYS_CLOSED.search(each.words) for each in said)
    )


def _quotes_another(turn: Turn, among: Sequence[Waiting]) -> bool:
    """What is said in answer to another patient's case is about that one."""
    cases = by_quote(turn)
    return bool(cases) and {case.id for case in cases}.isdisjoint(each.case.id for each in among)


def _bound(
    turn: Turn, said: Sequence[Clause], among: Sequence[Waiting], act: str
) -> list[tuple[Clause, Pointed]]:
    """Each clause with a step, and the requests it is about. What a clause before it points at holds on."""
    found: list[tuple[Clause, Pointed]] = []
    named = [point(turn, clause, among) for clause in said]
    left_out = frozenset(
        each.case.id
        for clause, pointed in zip(said, named, strict=True)
        for each in pointed.chosen
        if clause.excepted
    )
    carried = Pointed()
    for clause, own in zip(said, named, strict=True):
        # 除了李伯的都配好了 is of the rest; 除了13号缺货 is of 13号
        about = Pointed() if clause.excepted and clause.step != "problem" else own
        if clause.step is None:
            carried = about if about.said else carried
            continue
        if clause.step == "problem" and turn.speaker.role in ANSWERING:
            return []
        if not about.said:
            about = carried if carried.said else there(turn, clause, among)
        if not about.said:
            about = _by_the_rest(turn, clause, among, left_out, act)
        if about.chosen:
            found.append((clause, about))
            carried = about
    return found


def _by_the_rest(
    turn: Turn, clause: Clause, among: Sequence[Waiting], left_out: frozenset[int], act: str
) -> Pointed:
    """Nothing is named: what is quoted, all that fit the step, or the one that does."""
    if of_quote := [each for each in quoted(turn, among) if each.case.id not in left_out]:
        return Pointed(tuple(of_quote), said=True)
    if act in OF_THEIR_OWN or not _of_medicines(turn, clause, among):
        return Pointed()
    fits = [each for each in _fitting(turn, clause, among) if each.case.id not in left_out]
    if clause.everything or left_out or len(fits) == 1:
        return Pointed(tuple(fits))
    return Pointed(tuple(fits), unclear=len(fits) > 1)


def _of_medicines(turn: Turn, clause: Clause, among: Sequence[Waiting]) -> bool:
    """Whether bare words can be about these at all: 买到了 of somebody who went, 我去配; not any 我去, nor 送到了 of
    somebody who has a patient on the way as well."""
    matter = medicine_table().words["matter"].search(clause.words) is not None
    if clause.step == "taken":
        return matter
    name = turn.speaker.name
    if not any(each.charged(name) for each in among):
        return "药" in clause.words and any(each.asked_by(name) for each in among)
    return "药" in clause.words or not _has_patients(turn, among)


def _has_patients(turn: Turn, among: Sequence[Waiting]) -> bool:
    """Whether the speaker is charged with an open case that is no medicine request."""
    requests, name = {each.case.id for each in among}, turn.speaker.name
    return any(
        case.id not in requests and name in (case.owner, *case.assignees)
        for case in with_any(turn.desk.session, [("member", name)])
    )


def _fitting(turn: Turn, clause: Clause, among: Sequence[Waiting]) -> list[Waiting]:
    if clause.step == "taken":
        return [each for each in among if each.is_free]
    name = turn.speaker.name
    own = [each for each in among if each.charged(name)] or [each for each in among if each.asked_by(name)]
    if clause.step == "bought":
        return [each for each in own if any(item.step in ("wanted", "taken") for item in each.items)]
    return own


def _do(turn: Turn, clause: Clause, pointed: Pointed, done: _Done) -> None:
    steps: dict[str, Callable[[Turn, Waiting, list[MedicineItem], _Done], None]] = {
        "taken": _take,
        "bought": _buy,
        "delivered": _deliver,
    }
    needs = {"taken": "take", "problem": "update"}.get(clause.step or "", "close")
    for each in pointed.chosen:
        turn.touch(each.case)
        done.acted = True
        if not may(turn, needs, each.case):
            refuse(turn, needs, each.case)
            continue
        items = [item for item in each.items if item.drug in pointed.drugs] or list(each.items)
        if clause.step == "problem":
            _note_problem(turn, each.case, items, clause.problem or "", done)
        else:
            steps[clause.step or ""](turn, each, items, done)
        turn.log(each.case, "medicine", step=clause.problem or clause.step)
        set_due(turn.desk, each.case)


def _take(turn: Turn, each: Waiting, items: list[MedicineItem], done: _Done) -> None:
    """Silent, unless somebody else goes for it already."""
    case, name = each.case, turn.speaker.name
    if case.assignees and name not in case.assignees and not turn.speaker.leads:
        done.held.append(case)
        return
    turn.message.act = "assign"
    for item in items:
        item.step, item.taken_by, item.taken_at = "taken", name, turn.desk.now
    case.assignees = [*(each for each in case.assignees if each != name), name]
    heard_from(turn.desk, case, turn.speaker, answers=True)
    acknowledge(turn.desk, case, name, take=True)


def _buy(turn: Turn, each: Waiting, items: list[MedicineItem], _done: _Done) -> None:
    turn.message.act = "update"
    for item in items:
        item.step, item.bought_at, item.problem = "bought", turn.desk.now, None
        item.taken_by = item.taken_by or turn.speaker.name
    heard_from(turn.desk, each.case, turn.speaker, answers=True)


def _deliver(turn: Turn, each: Waiting, items: list[MedicineItem], done: _Done) -> None:
    """The request ends when all of it is delivered."""
    turn.message.act = "close"
    for item in items:
        item.step, item.delivered_at, item.problem = "delivered", turn.desk.now, None
        item.taken_by = item.taken_by or turn.speaker.name
    if all(item.step in FINAL for item in items_of(turn.desk.session, each.case)):
        close.finish(turn, each.case, "closed", "delivered")
        done.delivered.append(each.case)
    else:
        heard_from(turn.desk, each.case, turn.speaker, answers=True)


def _note_problem(turn: Turn, case: Case, items: list[MedicineItem], code: str, done: _Done) -> None:
    """Noted, and asked of the coordinator once for each problem at each hospital."""
    turn.message.act = "update"
    heard_from(turn.desk, case, turn.speaker, answers=True)
    known = all(item.problem == code and item.problem_at == case.hospital for item in items)
    for item in items:
        item.problem, item.problem_at, item.problem_by = code, case.hospital, turn.speaker.name
    if not known:
        done.problems.setdefault(code, []).append(case)


def _tell(turn: Turn, done: _Done) -> None:
    if done.delivered:
        _say_delivered(turn, done.delivered)
    for code, cases in done.problems.items():
        _ask_coordinator(turn, code, cases)
    if done.held:
        taken = "、".join(f"{case.number} {case.assignees[-1]}" for case in done.held)
        text = turn.say("medicine_held", who=turn.speaker.name, taken=taken)
        turn.reply("answer", text, cases=done.held, mentions=[turn.speaker.name])


def _say_delivered(turn: Turn, cases: list[Case]) -> None:
    if len(cases) == 1:
        close.confirm(turn, cases[0])
        return
    shown = "、".join(f"{case.number} {_who(turn, case)}".strip() for case in cases)
    text = turn.say("medicines_delivered", cases=shown, who=turn.speaker.name)
    turn.reply("confirm", text, cases=cases)


def _ask_coordinator(turn: Turn, code: str, cases: list[Case]) -> None:
    """One post: what came up, and who has to say what now. Of a private matter only its number."""
    asked = turn.desk.first_on_duty()
    shown = "、".join(f"{case.number} {_what(turn, case)}".strip() for case in cases)
    problem = turn.desk.phrases.say(f"problem_{code}")
    text = turn.say("medicine_problem", cases=shown, problem=problem, who=turn.speaker.name)
    turn.reply("prompt", text, cases=cases, mentions=asked)


def _who(turn: Turn, case: Case) -> str:
    return "" if case.private else batch.patient(items_of(turn.desk.session, case))


def _what(turn: Turn, case: Case) -> str:
    if case.private:
        return ""
    items = [item for item in items_of(turn.desk.session, case) if item.problem]
    return " ".join(word for word in (batch.patient(items), "、".join(map(batch.in_words, items))) if word)


def _ask_which(turn: Turn, choices: Sequence[Waiting]) -> None:
    """Which of them; the answer, a number or several, settles it."""
    cases = [each.case for each in choices][:LISTED]
    turn.message.act = "update"
    short = batch.short_numbers(cases)
    shown = wording.names(f"{short[case.id]}{_who(turn, case)}" for case in cases)
    ask_which(turn, cases, turn.say("medicine_clarify", who=turn.speaker.name, cases=shown))
