"""A database as after a long wave, for `lianluo bench`: thousands of open cases and many more that have ended."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, insert, select, text
from sqlalchemy.orm import Session

from actions.models import Case, Event, Message, OpenMark, Post, Reminder
from actions.open_marks import marks_of
from actions.site import Site

MEMBERS = 200
STEP = 2_000  # rows written at once
WITHIN = timedelta(hours=40)
"""The open cases were opened in so much time before: two reports of one patient are joined within 48 hours."""
COMPLAINTS = (
    ("鱼刺卡喉", "ENT", "TRAUMA"),
    ("胸痛", "CARD", "CRITICAL"),
    ("发热", "INF", "FEVER"),
    ("腹痛", "GENSURG", "OTHER"),
    ("下肢水肿", "NEPH", "DIALYSIS"),
    ("阴道流血", "OB", "MATERNAL"),
    ("头晕", "NEURO", "CHRONIC"),
    ("皮疹", "DERM", "OTHER"),
)
ESTATES = ("和平", "兰桥", "云桦", "谷阳", "荣乐", "新松", "泰晤", "江虹", "望湖", "松乐")


def fill(engine: Engine, site: Site, now: datetime, *, opened: int, ended: int) -> None:
    """Write the cases with a message, a receipt and two lines of timeline each, as the product would have."""
    dice, of_day = random.Random(1), Counter[str]()
    with engine.begin() as connection:
        for start in range(0, opened + ended, STEP):
            numbers = range(start, min(start + STEP, opened + ended))
            cases = [_case(number, number >= ended, dice, site, now) for number in numbers]
            for case in cases:
                day = f"{case['opened_at']:%m%d}"
                of_day[day] += 1
                case["number"] = f"{day}-{of_day[day]:03d}"
            _write(connection, cases)
        if connection.dialect.name == "postgresql":  # which counts for itself what it was not asked to number
            connection.execute(
                text("SELECT setval(pg_get_serial_sequence('cases', 'id'), max(id)) FROM cases")
            )
    with Session(engine) as session, session.begin():
        marks = _marks(
            session.scalars(select(Case).where(Case.status == "proposed").execution_options(yield_per=STEP))
        )
        session.execute(insert(OpenMark), list(marks))
        still = session.execute(select(Case.id, Case.opened_at).where(Case.status == "proposed"))
        every, minute = timedelta(minutes=site.policy.reminders[3].remind_min), timedelta(minutes=1)
        # By its rhythm; not within this minute, in which all that is due is reminded of together.
        waits = ((each, max(every - (now - since) % every, minute)) for each, since in still)
        due = [{"case_id": each, "due_at": now + wait} for each, wait in waits]
        session.execute(insert(Reminder), due)


def _marks(cases: Any) -> Iterator[dict[str, Any]]:
    for case in cases:
        for kind, value in marks_of(case):
            yield {"kind": kind, "value": value, "case_id": case.id}


def _case(number: int, going_on: bool, dice: random.Random, site: Site, now: datetime) -> dict[str, Any]:
    town, age = dice.choice(list(site.towns)), dice.randint(1, 95)
    complaint, specialty, category = dice.choice(COMPLAINTS)
    since = WITHIN * dice.random() if going_on else timedelta(days=3 + 97 * dice.random())
    address = f"{dice.choice(ESTATES)}{dice.choice(('公寓', '新村', '家园'))}{dice.randint(1, 60)}号楼{dice.randint(101, 1899)}室"
    fields = {"town": town, "age": age, "sex": dice.choice("MF"), "symptoms": [complaint], "address": address}
    if number % 3 == 0:
        fields["phone"] = f"139{number:08d}"
    hospitals = dice.sample(list(site.institutions), 3)
    story = f"{town}{address}一位{age}岁居民{complaint}，家里没有车，麻烦安排"
    return {
        "id": number + 1,
        "opened_at": now - since,
        "room": dice.choice([room.name for room in site.rooms_for("intake")]),
        "opened_by": f"联络员{number % MEMBERS}",
        "status": "proposed" if going_on else "closed",
        "level": 3,
        "specialty": specialty,
        "specialties": [specialty],
        "category": category,
        "disposition": "HOSP_TODAY",
        "town": town,
        "hospital": hospitals[0],
        "candidates": hospitals,
        "fields": fields,
        "reasons": [{"rule": "R1", "level": 3, "quote": complaint}],
        "story": [story],
        "rhythm_from": now - since,
        "proposed_at": now - since,
        "closed_at": None if going_on else now - since + timedelta(hours=5),
    }


def _write(connection: Connection, cases: list[dict[str, Any]]) -> None:
    connection.execute(insert(Case), cases)
    connection.execute(insert(Message), [_message(case) for case in cases])
    connection.execute(insert(Post), [_receipt(case) for case in cases])
    events = [
        {"case_id": case["id"], "at": case["opened_at"], "who": case["opened_by"], "what": what, "detail": {}}
        for case in cases
        for what in ("opened", "status")
    ]
    connection.execute(insert(Event), events)


def _message(case: dict[str, Any]) -> dict[str, Any]:
    at = case["opened_at"]
    return {
        "channel": "crowd", "message_id": str(case["id"]), "at": at, "room": case["room"],
        "sender": case["opened_by"], "role": "contact", "text": case["story"][0], "handled_at": at,
        "act": "report", "case_ids": [case["id"]],
    }  # fmt: skip


def _receipt(case: dict[str, Any]) -> dict[str, Any]:
    at = case["opened_at"]
    return {
        "key": f"{case['number']}:receipt", "at": at, "room": case["room"], "kind": "receipt", "text": "",
        "case_number": case["number"], "case_ids": [case["id"]], "state": "sent", "claimed_at": at, "sent_at": at,
    }  # fmt: skip


def make_due(engine: Engine, now: datetime, count: int) -> None:
    """Let so many reminders of open cases fall due now."""
    with Session(engine) as session, session.begin():
        reminders = session.scalars(select(Reminder).order_by(Reminder.case_id).limit(count)).all()
        for reminder in reminders:
            reminder.due_at = now
