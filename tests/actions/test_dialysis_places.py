"""Who has a dialysis place on a day: register and cases together, every patient once, however it is counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.desk import Desk
from actions.dialysis.places import Place, led_elsewhere, places_taken
from actions.hospital_load import hospital_load
from actions.models import Case, DialysisPatient, DialysisSession
from actions.phrasebook import Phrasebook
from actions.places_left import PlacesLeft
from actions.site_types import Places
from tests.actions.commands import CENTRAL, START, ZHANG, Chat

SIJING = "松江区泗泾医院"
REPORT = "王桂芳要透析 || report level=3 category=DIALYSIS specialty=NEPH age=67 town=佘山镇"
TODAY = START.date()


@pytest.fixture
def chat(tmp_path: Path) -> Iterator[Chat]:
    played = Chat(tmp_path)
    yield played
    played.close()


def registered(session: Session, **other: Any) -> DialysisPatient:
    told: dict[str, Any] = {
        "name": "王桂芳", "town": "佘山镇", "age": 66, "hospital": CENTRAL, "days": "135", "shift": "早",
        "start": "07:00", "registered_at": START, "registered_by": "x",
    }  # fmt: skip
    patient = DialysisPatient(**{**told, **other})
    session.add(patient)
    session.flush()
    return patient


def sent_to(session: Session, hospital: str, number: int = 1) -> Case:
    case = session.get_one(Case, number)
    case.hospital, case.status, case.category = hospital, "accepted", "DIALYSIS"
    session.flush()
    return case


def desk_of(chat: Chat, session: Session) -> Desk:
    return Desk(session, chat.player.app.site, Phrasebook(), chat.now)


@pytest.mark.parametrize(
    ("known_by", "register", "together"),
    [
        ("called=王桂芳", {}, True),
        ("phone=0000-1234", {"name": "王阿婆", "phone": "0000-1234", "town": None}, True),
        ("called=王桂芳", {"town": "泗泾镇"}, False),
        ("called=王桂芳", {"age": 40}, False),
        ("called=王桂英", {}, False),
        ("phone=0000-1234", {"name": "王阿婆", "phone": "0000-4321"}, False),
        ("address=和平新村6号楼", {"name": "王", "phone": ""}, False),
    ],
)
def test_a_patient_of_the_register_with_a_case_has_one_place(
    chat: Chat, known_by: str, register: dict[str, Any], together: bool
) -> None:
    chat.say(ZHANG, f"{REPORT} {known_by}")
    with chat.player.app.sessions() as session:
        registered(session, **register)
        sent_to(session, CENTRAL)
        desk = desk_of(chat, session)
        count = 1 if together else 2
        assert len(places_taken(desk, TODAY)) == count
        assert hospital_load(desk, "NEPH").used[CENTRAL, "血透"] == count
        assert places_left(desk, CENTRAL, count) is False
        assert places_left(desk, CENTRAL, count + 1) is True


def places_left(desk: Desk, hospital: str, places: int) -> bool:
    """Whether there is a place where the directory says that there are so many."""
    house = replace(
        desk.site.institutions[hospital], places=(Places("血透", places, daily=True, assumed=False),)
    )
    site = replace(desk.site, institutions={**desk.site.institutions, hospital: house})
    return PlacesLeft(Desk(desk.session, site, desk.phrases, desk.now), TODAY).take(hospital)


def test_the_place_is_where_the_case_leads(chat: Chat) -> None:
    chat.say(ZHANG, f"{REPORT} called=王桂芳")
    with chat.player.app.sessions() as session:
        patient = registered(session)
        sent_to(session, SIJING)
        desk = desk_of(chat, session)
        assert places_taken(desk, TODAY) == [Place(SIJING, None)]
        assert led_elsewhere(desk, TODAY) == {patient.id: SIJING}
        # Being placed now, by whichever of the two, he counts nowhere.
        assert places_taken(desk, TODAY, case=1) == places_taken(desk, TODAY, patients=[patient.id]) == []
        tuesday = TODAY + timedelta(days=1)
        assert places_taken(desk, tuesday) == [Place(SIJING, None)]


def test_in_his_own_unit_he_keeps_his_shift(chat: Chat) -> None:
    chat.say(ZHANG, f"{REPORT} called=王桂芳")
    with chat.player.app.sessions() as session:
        registered(session)
        sent_to(session, CENTRAL)
        assert places_taken(desk_of(chat, session), TODAY) == [Place(CENTRAL, "早")]


def test_a_case_opened_for_a_missed_session_is_of_that_patient(chat: Chat) -> None:
    chat.say(ZHANG, REPORT)
    with chat.player.app.sessions() as session:
        patient = registered(session, name="李四")
        sent_to(session, CENTRAL)
        desk = desk_of(chat, session)
        assert len(places_taken(desk, TODAY)) == 2
        session.add(DialysisSession(patient_id=patient.id, day=TODAY, state="missed", case_id=1))
        assert places_taken(desk, TODAY) == [Place(CENTRAL, "早")]


def test_a_moved_session_counts_where_it_was_moved_to(chat: Chat) -> None:
    with chat.player.app.sessions() as session:
        patient = registered(session, days="2")
        desk = desk_of(chat, session)
        assert places_taken(desk, TODAY) == []
        session.add(DialysisSession(patient_id=patient.id, day=TODAY, state="expected", hospital=SIJING))
        assert places_taken(desk, TODAY) == [Place(SIJING, "早")]


def test_a_stopped_unit_s_patient_with_a_case_is_moved_to_where_it_leads(chat: Chat) -> None:
    chat.say(ZHANG, f"{REPORT} called=王桂芳")
    with chat.player.app.sessions() as session:
        for number in range(4):
            registered(session, name="王桂芳" if number == 0 else f"李{'一二三四'[number]}", start="13:00")
        sent_to(session, CENTRAL).status = "proposed"
        session.commit()
    chat.say("区中心-赵老师", f"血透室停了 || hospital_status state=closed at={CENTRAL}")
    with chat.player.app.sessions() as session:
        desk = desk_of(chat, session)
        case = session.get_one(Case, 1)
        rows = session.scalars(select(DialysisSession).order_by(DialysisSession.patient_id)).all()
        assert len(rows) == 4 and CENTRAL not in {row.hospital for row in rows}
        assert case.hospital not in (None, CENTRAL) and rows[0].hospital == case.hospital
        taken = Counter(place.hospital for place in places_taken(desk, TODAY))
        assert taken.total() == 4
