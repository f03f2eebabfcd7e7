"""Until when somebody is on duty, over shifts that follow one another."""

from __future__ import annotations

from datetime import datetime

import pytest

from actions.duty_list import until
from actions.site import Member, load_site
from tests.actions.commands import site


@pytest.mark.parametrize(
    ("code", "at", "end"),
    [
        ("DUTY1", "2022-04-04T09:00", "2022-04-04T20:00"),
        ("DUTY1", "2022-04-04T23:00", "2022-04-05T08:00"),
        ("DUTY1", "2022-04-05T03:00", "2022-04-05T08:00"),
        ("LEADER", "2022-04-04T09:00", "2022-04-08T08:00"),  # Monday to Thursday is one and the same
        (
            "ONC",
            "2022-04-08T19:00",
            "2022-04-11T08:00",
        ),  # Friday evening to Monday, over three lines of the roster
    ],
)
def test_the_end_of_a_duty(code: str, at: str, end: str) -> None:
    found = until(site(), code, datetime.fromisoformat(f"{at}:00+08:00"))
    assert found == datetime.fromisoformat(f"{end}:00+08:00")


def test_who_is_always_on_duty_has_no_end() -> None:
    assert until(site(), "NEPH2", datetime.fromisoformat("2022-04-04T09:00:00+08:00")) is None


def test_on_call_of_the_members_has_no_end() -> None:
    place = site().with_members([Member("专班-陈老师", "coordinator", on_call=("DUTY1",))])
    at = datetime.fromisoformat("2022-04-04T09:00:00+08:00")
    assert (place.on_duty("DUTY1", at), until(place, "DUTY1", at)) == ("专班-陈老师", None)


def test_dongguan_at_night() -> None:
    place = load_site("dongguan")
    late = datetime.fromisoformat("2022-12-19T23:30:00+08:00")
    assert until(place, "INF", late) == datetime.fromisoformat("2022-12-20T08:00:00+08:00")
