"""Messages about the register of dialysis patients, recognised before what else they might be."""

from __future__ import annotations

from sqlalchemy import select

from actions.desk import BOT
from actions.dialysis import day
from actions.dialysis.entry import Entry, enter, shift_of, start_of
from actions.dialysis.plan import MISSED
from actions.dialysis.register import active, named, next_session
from actions.dialysis.said import sessions_told
from actions.dialysis.wording import masked, weekdays
from actions.models import DialysisPatient, Pass
from actions.passes.withdraw import withdraw
from actions.permissions import may, refuse
from actions.speaker import ACTING
from actions.turn import Turn
from nlu.programmes.said import DialysisWords, RegisterLine


def handles(turn: Turn) -> bool:
    """Whether the message was about the register; then that has been done."""
    towns = turn.desk.site.gazetteer().towns
    said = turn.reader.dialysis_words(turn.message.text, turn.message.at, towns)
    does = {
        "register": _register,
        "change": _change,
        "end": _end,
        "list": _list,
        "done": sessions_told,
        "missed": sessions_told,
    }.get(said.does or "")
    # Of two patients reported one may be in no register; the lines of an entry are read one by one.
    several = len(turn.meaning.reports) > 1 and said.does != "register"
    if does is None or several or turn.meaning.pointers.case_numbers or not does(turn, said):
        return False
    if said.does != MISSED and _tells_of_illness(turn):
        return False  # 张三透完了，回去路上晕倒了: noted, and taken for what else it says
    turn.message.act = "dialysis"
    return True


def _tells_of_illness(turn: Turn) -> bool:
    hint = turn.meaning.triage_hint
    return turn.meaning.danger or bool(hint and hint.entities.get("symptoms"))


def _register(turn: Turn, said: DialysisWords) -> bool:
    """New patients, a line each."""
    if not said.lines:
        return False
    if not may(turn, "pass", None):
        refuse(turn, "register", None)
        return True
    done, lacking = [], []
    for line in said.lines:
        entry = _entry(turn, line)
        if entry is None:
            lacking.append(line.name[:1] + "*")
        elif turn.speaker.role == "hospital" and entry.hospital != turn.speaker.hospital:
            refuse(turn, "register", None)
        else:
            patient, _ = enter(turn.desk, entry, turn.speaker.name, turn.message.room)
            turn.log(None, "dialysis_registered", patient=patient.id)
            done.append(patient)
    if done:
        _confirm(turn, done)
    if lacking:
        text = turn.say("dialysis_needs", who=turn.speaker.name, names="、".join(lacking))
        turn.reply("question", text, mentions=[turn.speaker.name])
    return True


def _entry(turn: Turn, line: RegisterLine) -> Entry | None:
    """What the line tells; None without days or hospital."""
    meaning = turn.reader.understand(line.text, turn.message.at, turn.speaker.role)
    told = {**(meaning.triage_hint.entities if meaning.triage_hint else {}), **meaning.entities}
    houses = meaning.pointers.hospitals or turn.meaning.pointers.hospitals
    hospital = houses[-1] if houses else turn.speaker.hospital
    if not line.when.weekdays or hospital is None:
        return None
    start = f"{line.when.begin:%H:%M}" if line.when.begin else None
    shift = line.when.shift or (shift_of(turn.desk, start) if start else "早")
    age = told.get("age", line.age)
    return Entry(
        name=line.name,
        hospital=hospital,
        days="".join(str(each) for each in sorted(line.when.weekdays)),
        shift=shift,
        start=start_of(turn.desk, shift, start),
        sex=told.get("sex"),
        age=int(age) if age is not None else None,
        town=told.get("town"),
        address=str(told.get("address", "")),
        phone=str(told.get("phone", "")),
        transport=line.transport or "",
    )


def _confirm(turn: Turn, patients: list[DialysisPatient]) -> None:
    lines = [turn.say("dialysis_registered", count=len(patients))]
    for each in patients:
        first = next_session(turn.desk, each, turn.desk.now)
        lines.append(
            turn.say(
                "dialysis_entry",
                who=masked(each),
                hospital=each.hospital,
                days=weekdays(each.days),
                shift=each.shift,
                start=each.start,
                transport=f" {each.transport}" if each.transport else "",
                first=turn.desk.local(first).strftime("%m月%d日%H:%M") if first else "",
            )
        )
    turn.reply("confirm", "\n".join(lines))


def _allowed(turn: Turn, patients: list[DialysisPatient]) -> bool:
    own = turn.speaker.role != "hospital" or all(each.hospital == turn.speaker.hospital for each in patients)
    return own and may(turn, "pass", None)


def _change(turn: Turn, said: DialysisWords) -> bool:
    """张三改到二四六 晚班, 张三转到泗泾医院透析: what is said of a patient of the register from now on."""
    patients = named(turn.desk, turn.message.text)
    houses, when = turn.meaning.pointers.hospitals, said.when
    if len(patients) != 1 or not (when.weekdays or when.shift or when.begin or houses) or when.dated:
        return False
    if not _allowed(turn, patients):
        refuse(turn, "register", None)
        return True
    (patient,) = patients
    before = patient.hospital, patient.days
    if when.weekdays:
        patient.days = "".join(str(each) for each in sorted(when.weekdays))
    if when.shift or when.begin:
        start = f"{when.begin:%H:%M}" if when.begin else None
        patient.shift = when.shift or (shift_of(turn.desk, start) if start else patient.shift)
        patient.start = start_of(turn.desk, patient.shift, start)
    patient.hospital = houses[-1] if houses else patient.hospital
    patient.transport = said.transport or patient.transport
    turn.log(None, "dialysis_registered", patient=patient.id)
    _confirm(turn, [patient])
    if before != (patient.hospital, patient.days):
        _withdraw_passes(turn, patient)
    return True


def _end(turn: Turn, said: DialysisWords) -> bool:
    patients = named(turn.desk, turn.message.text)
    if not patients:
        return False
    if not _allowed(turn, patients):
        refuse(turn, "register", None)
        return True
    for each in patients:
        each.active = False
        turn.log(None, "dialysis_ended", patient=each.id)
        _withdraw_passes(turn, each)
    names = "、".join(masked(each) for each in patients)
    turn.reply("confirm", turn.say("dialysis_ended", names=names))
    return True


def _withdraw_passes(turn: Turn, patient: DialysisPatient) -> None:
    """What leads elsewhere than the patient goes now no longer holds."""
    query = select(Pass).where(
        Pass.patient_id == patient.id, Pass.withdrawn_at.is_(None), Pass.valid_to > turn.desk.now
    )
    rows = list(turn.desk.session.scalars(query))
    for row in rows:
        withdraw(turn.desk, row, BOT, turn.message.id, outdated=True)
    if rows:
        serials = "、".join(row.serial for row in rows)
        turn.reply("relay", turn.say("dialysis_passes_changed", serials=serials))


def _list(turn: Turn, said: DialysisWords) -> bool:
    """明天血透名单, from those who arrange it."""
    if turn.speaker.role not in ACTING:
        return False
    today = turn.desk.local(turn.desk.now).date()
    if not active(turn.desk):
        return False
    text = day.listed(turn.desk, said.when.single[0] if said.when.single else today)
    turn.reply("answer", text or turn.say("dialysis_nobody"), mentions=[turn.speaker.name])
    return True
