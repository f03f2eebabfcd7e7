"""What the clock does for the register: sessions of which nobody has spoken are asked for, tomorrow's are listed."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from actions.case import is_open
from actions.desk import BOT, Desk
from actions.dialysis import stop
from actions.dialysis.plan import (
    ASKED,
    EXPECTED,
    Planned,
    group_room,
    next_moment,
    planned,
    row_of,
    speakers_for,
)
from actions.dialysis.wording import by_hospital, day_name, masked
from actions.models import Case

# How long after it was due a session is still asked for (after downtime).
LOOK_BACK = timedelta(hours=24)


def next_due(desk: Desk, after: datetime) -> datetime | None:
    """When a session will next have gone without a word for long enough; None with an empty register."""
    return next_moment(desk, after, _patience(desk))


def ask_for_missed(desk: Desk) -> None:
    """One question for all sessions of which nobody has said that they are over. Each is asked for once."""
    today = desk.local(desk.now).date()
    silent = [each for each in planned(desk, (today - timedelta(days=1), today)) if _is_silent(desk, each)]
    if not silent:
        return
    room = group_room(desk)
    head = desk.phrases.say("dialysis_ask", hours=desk.site.policy.dialysis_missed_hours)
    names = speakers_for(desk, dict.fromkeys(each.hospital for each in silent), room)
    post = desk.post(
        f"dialysis:ask:{desk.now.isoformat()}",
        "question",
        "\n".join([head, *by_hospital(desk, silent)]),
        room=room,
        to=next(iter(desk.first_on_duty()), None),
        mentions=names,
    )
    for each in silent:
        row = row_of(desk, each)
        row.state, row.asked_at, row.post_id = ASKED, desk.now, post.id if post else None
        desk.log(None, BOT, "dialysis_asked", patient=each.patient.id, day=each.day.isoformat())


def _is_silent(desk: Desk, session: Planned) -> bool:
    due = session.begins + _patience(desk)
    if session.state != EXPECTED or not due <= desk.now < due + LOOK_BACK:
        return False
    return session.begins >= session.patient.registered_at and not _has_case(desk, session)


def _has_case(desk: Desk, session: Planned) -> bool:
    """Whether an earlier session was missed and that case is still open: it has reminders of its own."""
    cases = (desk.session.get(Case, row.case_id) for row in session.patient.sessions if row.case_id)
    return any(is_open(case) for case in cases if case)


def post_list(desk: Desk, at: datetime) -> None:
    """Tomorrow's patients by hospital and transport, and who of today nobody has spoken of; nothing without any."""
    tomorrow = desk.local(at).date() + timedelta(days=1)
    stop.move_those_of_stopped_units(desk, [tomorrow])
    text = listed(desk, tomorrow)
    if text is not None:
        desk.post(f"dialysis:list:{tomorrow}", "batch", text, room=group_room(desk))


def listed(desk: Desk, day: date) -> str | None:
    """The list of a day; None when nobody is due and nobody is waited for."""
    sessions = planned(desk, [day])
    silent = [each for each in planned(desk, [day - timedelta(days=1)]) if each.state == ASKED]
    if not sessions and not silent:
        return None
    lines = []
    if sessions:
        lines.append(desk.phrases.say("dialysis_list", day=day_name(sessions[0]), count=len(sessions)))
        lines += by_hospital(desk, sessions)
    if silent:
        names = "、".join(masked(each.patient) for each in silent)
        lines.append(desk.phrases.say("dialysis_silent", names=names))
    return "\n".join(lines)


def _patience(desk: Desk) -> timedelta:
    return timedelta(hours=desk.site.policy.dialysis_missed_hours)
