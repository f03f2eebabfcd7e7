"""Following a case: news, corrections, who sees to it, when to ask again, what the level is."""

from __future__ import annotations

import re
from datetime import timedelta

from actions import changes, intake, propose, question, same_patient, wording
from actions.binding import clarify, on_the_case
from actions.case import change_level, heard_from, is_open, set_due
from actions.context import (
    COMPLETING,
    OWN_REPORT_WITHIN,
    bind,
    by_numbers,
    by_quote,
    near_by,
    news_of_somebody,
    of_those_spoken_to,
    own_last_open,
)
from actions.intake import absorb, announce_change, ask_hospital, bring_in
from actions.likeness import described, named_in_full
from actions.models import Case
from actions.open_marks import first, with_any
from actions.permissions import may, refuse
from actions.relay import asked_of, relay
from actions.speaker import ACTING
from actions.turn import Turn
from nlu.understanding import Entities, Report, Understanding

SNOOZE = timedelta(hours=1)
# How soon after a report its next words only say who and where the patient is.
COMPLETED_WITHIN = timedelta(minutes=5)
# How long after a report findings without a person still belong to it.
FRAGMENT_WITHIN = timedelta(minutes=15)
# Without any of these nothing is known yet of whom a request is for, or of what.
_OF_A_MATTER = frozenset({"town", "drugs", "symptoms", "history", "called", "age", "phone"})
# Whoever was asked something by an expert answers it, unless he only nods.
NOD = 4
_NOD = re.compile(r"谢|收到|好的|好滴|辛苦|知道了|明白|马上[问去]|我[去来]?问|稍等|等一下|等下")

# What an expert asks the bot about a case he was asked of: who has it and where it goes.
_HANDLING = re.compile(
    r"谁|哪[家里个]|到了?[没吗]|到院|送[到去]|安排|联系|接走|上车|出发|没人|还没[人来到]|催|回复|结案|办结"
)


def update(turn: Turn) -> None:
    """News of a case. Without one, dangerous findings open a case rather than be lost."""
    binding = bind(turn, "update")
    hint = turn.meaning.triage_hint
    if turn.meaning.danger and hint is not None and hint.another and not binding.pointed:
        intake.take(turn, hint)  # 又来一个胸痛的
        return
    if binding.case is None:
        _loose_update(turn, binding.choices)
        return
    case = binding.case
    turn.touch(case)
    if turn.meaning.level is not None:
        set_level(turn, case, turn.meaning.level)
    elif not is_open(case):
        _news_of_an_ended_case(turn, case)
    else:
        _add(turn, case)


def _add(turn: Turn, case: Case) -> None:
    heard_from(turn.desk, case, turn.speaker, answers=True)
    answer = question.settle(turn, case)
    if answer is not None and answer.unknown:
        return
    brought = {**_brought(turn), **(answer.entities if answer else {})}
    turn.log(case, "update", brings=sorted(brought))
    raised = absorb(turn, case, brought, turn.message.text)
    relay(turn, case)
    if raised:
        announce_change(turn, case)
    bring_in(turn, case)


def _news_of_an_ended_case(turn: Turn, case: Case) -> None:
    """Noted. New danger is never only noted: it is a case again, that names the old one."""
    turn.log(case, "update_after_end", brings=sorted(_brought(turn)))
    if turn.meaning.danger and turn.meaning.triage_hint is not None:
        intake.open_case(turn, turn.meaning.triage_hint, follows=case)


def _brought(turn: Turn) -> Entities:
    """What the message says of the patient, whatever it was taken for."""
    reports = turn.meaning.reports
    return reports[0].entities if reports else turn.meaning.entities


def is_about_a_known_patient(turn: Turn) -> bool:
    """Findings without any person are about the patient just spoken of, not about a new one.

    So it is with the reporter himself soon after his report, and with an expert in the room where he was asked.
    """
    return _answers_an_expert(turn) or _goes_on(turn) or _advises(turn)


def _advises(turn: Turn) -> bool:
    """0404-007 做过胎心监护没有, 马上来做: of an expert where he was asked it is for the reporter, not for the bot."""
    meaning, room = turn.meaning, turn.message.room
    if turn.speaker.role != "expert" or meaning.act not in ("ask", "chase", "consult"):
        return False
    if meaning.pointers.progress or meaning.asks_for or _HANDLING.search(meaning.text):
        return False
    pointed = by_numbers(turn) if meaning.pointers.case_numbers else by_quote(turn)
    return len(pointed) == 1 and pointed[0].expert_room == room != pointed[0].room


def of_a_case_told(turn: Turn) -> str | None:
    """到了，高热惊厥, said by the hospital a patient is on the way to: what it does, if it is about one of its cases.

    Danger of which the words do not tell whose it is, is somebody new: a case too many is better than one too few.
    """
    meaning, hint = turn.meaning, turn.meaning.triage_hint
    if meaning.act == "consult" and turn.speaker.role in ACTING and _named_here(turn):
        return "update"
    if meaning.instead is None or len(meaning.reports) > 1 or hint is None:
        return None
    near, everybody = near_by(turn, meaning.instead), near_by(turn, "update")
    if (town := hint.entities.get("town")) is not None:
        alike = [case for case in near if case.town == town and hint.specialty in case.specialties[:2]]
        return "update" if len(alike) == 1 else None
    rang = turn.speaker.hospital is None  # who rang a hospital may as well have heard of somebody new
    likely = [] if meaning.danger and rang else described(turn, everybody)
    if likely and not any(case in near for case in likely):
        return "update"  # 阑尾炎，下午手术, of one who has arrived: he was taken before
    fits = likely or of_those_spoken_to(turn, near)
    if not fits and not meaning.danger:
        fits = _of_own_house(turn, near) or _just_told_of(turn, near)
    return meaning.instead if fits else None


def _named_here(turn: Turn) -> bool:
    """李娟有没有肚子痛？, of a hospital or an expert: a question to whoever reported her, none to the pharmacists."""
    return any(named_in_full(turn, case) for case in near_by(turn, "update"))


def _of_own_house(turn: Turn, near: list[Case]) -> list[Case]:
    """Those who are sent to the hospital that speaks, and of whom nothing else is known."""
    house, hint = turn.speaker.hospital, turn.meaning.triage_hint
    own = [case for case in near if house is not None and case.hospital == house]
    return [case for case in own if hint is not None and not same_patient.differs(case, hint)]


def _just_told_of(turn: Turn, near: list[Case]) -> list[Case]:
    """Whom the others have just been talking about, where the words name nobody else."""
    if turn.meaning.names_patient:
        return []
    lately = [
        case for case in near if turn.desk.now - (case.last_human_at or case.opened_at) <= FRAGMENT_WITHIN
    ]
    return lately if len(lately) == 1 else []


def _goes_on(turn: Turn) -> bool:
    meaning = turn.meaning
    asks = (
        meaning.act == "chatter" and meaning.asks
    )  # 家里有没有血压计: of an expert who was asked, no small talk
    somebody_else = len(meaning.reports) > 1 or any(report.another for report in meaning.reports)
    if somebody_else or not (asks or meaning.act in ("report", "consult", "ask")):
        return False
    if meaning.act != "report" and turn.message.room in (None, *_intake_rooms(turn)):
        return False
    case = _asked_about(turn) or own_last_open(turn, FRAGMENT_WITHIN) or _only_own(turn)
    if case is None:
        return False
    completes = meaning.pointers.pronoun or _only_completes(turn, case) or _fills_in(turn, case)
    if meaning.names_patient and not completes:
        return False
    if meaning.act != "report" and case.expert_room != turn.message.room:
        return False
    mine = case.opened_by == turn.speaker.name and case.room == turn.message.room
    asked = case.expert_room == turn.message.room and turn.speaker.role in ACTING
    return (mine or asked) and not (meaning.reports and same_patient.differs(case, meaning.reports[0]))


def _only_completes(turn: Turn, case: Case) -> bool:
    """男 56岁 有高血压, right after the report: who and where it is, and no complaint of its own."""
    meaning = turn.meaning
    if not meaning.reports or meaning.danger:
        return False
    report = meaning.reports[0]
    within = COMPLETED_WITHIN if meaning.pointers.concepts else FRAGMENT_WITHIN  # 钱德才，电话…，新源村3组
    if turn.desk.now - case.opened_at > within:
        return False
    said, history = report.entities, set(report.entities.get("history", []))
    told = history | set(case.fields.get("concepts", [])) | set(case.fields.get("symptoms", []))
    if report.another or said.get("drugs") or not set(said.get("symptoms", [])) <= told:
        return False
    new = [key for key in said if key in COMPLETING and key not in case.fields]
    return bool(new) and set(meaning.pointers.concepts) <= told


def _only_own(turn: Turn) -> Case | None:
    """叫不醒了！, half an hour after the report: the one open case that the speaker has told of, if he names nobody.

    What is more urgent than the case and of another specialty is somebody new.
    """
    hint = turn.meaning.triage_hint
    if (
        turn.meaning.names_patient
        or hint is None
        or turn.speaker.role not in ("contact", "volunteer", "guest")
    ):
        return None
    case = own_last_open(turn, OWN_REPORT_WITHIN)
    mine = with_any(turn.desk.session, [("member", turn.speaker.name)])
    if case is None or [each.id for each in mine] != [case.id]:
        return None
    return case if hint.level >= case.level or hint.specialty in case.specialties else None


def _fills_in(turn: Turn, case: Case) -> bool:
    """新桥也有一个骨折的，脚踝, and right after it by the same: 男 40 从梯子上掉下来，脚踝肿，住新南街: who that is."""
    meaning = turn.meaning
    soon = turn.desk.now - case.opened_at <= COMPLETED_WITHIN
    if not soon or len(meaning.reports) != 1 or case.opened_by != turn.speaker.name:
        return False
    report = meaning.reports[0]
    known = any(key in case.fields for key in ("age", "age_months", "sex", "address", "phone"))
    if report.another or not set(report.entities) & COMPLETING:
        return False
    if report.category == case.category == "MEDS" and not any(case.fields.get(key) for key in _OF_A_MATTER):
        return True  # 这个老伯要配药，单子在图上, and then the names and drugs in words
    if known or "town" in report.entities:
        return False
    return case.specialty in [code for code, _ in report.specialties[:2]]


def _answers_an_expert(turn: Turn) -> bool:
    """Whoever was just asked says more of the same patient: neither where nor how old, and no mere nod."""
    meaning = turn.meaning
    if meaning.act == "chatter":
        return len(meaning.text) > NOD and not _NOD.search(meaning.text) and asked_of(turn) is not None
    if meaning.act != "report" or len(meaning.reports) > 1:
        return False
    told = meaning.reports[0]
    if any(key in told.entities for key in ("town", "address", "age", "phone")):
        return False
    case = asked_of(turn)
    return case is not None and not same_patient.differs(case, told)


def _intake_rooms(turn: Turn) -> list[str]:
    return [room.name for room in turn.desk.site.rooms_for("intake")]


def _asked_about(turn: Turn) -> Case | None:
    """The one case an expert was asked about in this room."""
    if turn.message.room is None or turn.speaker.role not in ACTING:
        return None
    asked = first(turn.desk.session, "asked_in", turn.message.room, 2)
    return turn.desk.session.get(Case, asked[0]) if len(asked) == 1 else None


def _loose_update(turn: Turn, choices: tuple[Case, ...]) -> None:
    """News of no case in particular. A patient nobody has reported, or danger, opens one rather than be lost."""
    hint = turn.meaning.triage_hint
    if hint is not None and (turn.meaning.danger or _tells_of_a_patient(turn.meaning, hint)):
        intake.take(turn, hint)
    elif choices and _worth_asking(turn):
        clarify(turn, choices)


def _worth_asking(turn: Turn) -> bool:
    """Whether news that fits several cases, or none, is asked about rather than passed over."""
    if turn.speaker.role in ACTING:
        return bool(turn.meaning.entities or turn.meaning.level)
    return turn.speaker.role != "guest" and bool(news_of_somebody(turn))


def _tells_of_a_patient(meaning: Understanding, hint: Report) -> bool:
    """Somebody, somewhere, with something: a report in all but its wording."""
    said = hint.entities
    somewhere = any(key in said for key in ("town", "address", "phone"))
    return meaning.names_patient and somewhere and bool(said.get("symptoms") or said.get("drugs"))


def set_level(turn: Turn, case: Case, level: int) -> None:
    """A person with the role sets the level, down as well; the timeline says who."""
    if not may(turn, "level", case):
        refuse(turn, "level", case)
        return
    before = case.level
    change_level(turn.desk, case, level, turn.speaker.name, turn.message.id)
    heard_from(turn.desk, case, turn.speaker, answers=True)
    set_due(turn.desk, case)
    if level != before:
        text = turn.say(
            "level_set", number=case.number, level=wording.level_name(turn.desk, level), who=turn.speaker.name
        )
        turn.tell("confirm", text, case)


def correct(turn: Turn) -> None:
    """Earlier information was wrong; triage runs again with all rules (§8.15)."""
    binding = bind(turn, "correct")
    if binding.case is None and not binding.choices:
        _loose_update(turn, ())
        return
    on_the_case(turn, "correct", _correct)


def _correct(turn: Turn, case: Case) -> None:
    if turn.meaning.level is not None:
        set_level(turn, case, turn.meaning.level)
        return
    before = changes.told(case)
    brought = _brought(turn)
    heard_from(turn.desk, case, turn.speaker, answers=True)
    turn.log(case, "correct", brings=sorted(brought))
    denied = set(brought.get("negated", []))
    if denied & set(case.fields.get("symptoms", [])):
        left = [each for each in case.fields["symptoms"] if each not in denied]
        case.fields = case.fields | {"symptoms": left}
    raised = absorb(turn, case, brought, turn.message.text, corrects=True)
    _propose_anew(turn, case)
    set_due(turn.desk, case)
    bring_in(turn, case)
    if changes.told(case) == before:
        relay(turn, case)  # else those asked hear of the case as it is now
        return
    if raised:
        announce_change(turn, case)
    else:
        turn.tell(
            "confirm", turn.say("corrected", **changes.as_it_is(turn, case)), case, mentions=[case.owner]
        )
    changes.tell_those_asked(turn, case, changes.for_those_asked(turn, case))
    if case.hospital != before[1]:
        ask_hospital(turn, case)


def _propose_anew(turn: Turn, case: Case) -> None:
    """Another age, town or complaint may need another hospital; one that a person chose stays."""
    named = turn.meaning.pointers.hospitals
    if case.status not in ("open", "proposed"):
        return
    if named and named[-1] != case.hospital and may(turn, "transfer", case):
        propose.put_first(turn.desk, case, named[-1])
    else:
        propose.propose(turn.desk, case)


def snooze(turn: Turn) -> None:
    """Ask again later; it moves the next reminder only (§6, §8.5)."""
    on_the_case(turn, "snooze", _snooze)


def _snooze(turn: Turn, case: Case) -> None:
    if case.level == 1:
        refuse(turn, "snooze", case)
        return
    until = turn.meaning.until or turn.desk.now + SNOOZE
    case.snoozed_until = max(until, turn.desk.now)
    turn.log(case, "snoozed", until=until.isoformat())
    set_due(turn.desk, case)
