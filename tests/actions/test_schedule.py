"""The rhythm of reminders: the times of the contract's table, and what must hold for any case."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from actions.schedule import Rhythm, next_clock_time, next_due, stage_at
from actions.site import load_site

ZONE = ZoneInfo("Asia/Shanghai")
POLICY = load_site("songjiang").policy
NINE = datetime(2022, 4, 4, 9, 0, tzinfo=ZONE)


def times(rhythm: Rhythm, count: int, after: datetime | None = None) -> list[str]:
    """The next due times as HH:MM, following stages as the reminders do."""
    moment, found = after or rhythm.since, []
    for _ in range(count):
        moment = next_due(rhythm, POLICY, ZONE, moment)
        rhythm = Rhythm(
            rhythm.level,
            rhythm.since,
            rhythm.acknowledged,
            rhythm.last_human,
            stage_at(rhythm, POLICY, ZONE, moment),
            rhythm.snoozed_until,
            rhythm.in_batch,
        )
        found.append(f"{moment.astimezone(ZONE):%H:%M}")
    return found


def test_unacknowledged_follow_their_level() -> None:
    assert times(Rhythm(1, NINE), 5) == ["09:02", "09:04", "09:05", "09:06", "09:08"]
    assert times(Rhythm(2, NINE), 4) == ["09:05", "09:10", "09:15", "09:20"]
    assert times(Rhythm(3, NINE), 5) == ["09:15", "09:30", "09:45", "10:00", "10:15"]
    assert times(Rhythm(4, NINE), 4) == ["10:00", "11:00", "12:00", "13:00"]


def test_acknowledged_count_from_the_last_human_message() -> None:
    said = NINE + timedelta(minutes=7)
    assert times(Rhythm(1, NINE, True, said), 3, said) == ["09:22", "09:52", "10:22"]
    assert times(Rhythm(2, NINE, True, said), 2, said) == ["09:37", "10:07"]
    assert times(Rhythm(3, NINE, True, said), 2, said) == ["11:07", "13:07"]
    assert times(Rhythm(4, NINE, True, said), 2, said) == ["09:00", "09:00"]


def test_stages_come_at_their_times() -> None:
    for level, second, leader in ((1, 2, 5), (2, 5, 15), (3, 30, 60)):
        rhythm = Rhythm(level, NINE)
        assert stage_at(rhythm, POLICY, ZONE, NINE + timedelta(minutes=second - 1)) == 0
        assert stage_at(rhythm, POLICY, ZONE, NINE + timedelta(minutes=second)) == 1
        assert stage_at(rhythm, POLICY, ZONE, NINE + timedelta(minutes=leader)) == 2
    assert stage_at(Rhythm(4, NINE), POLICY, ZONE, NINE + timedelta(days=3)) == 1


def test_level_four_is_silent_at_night_and_its_hours_count_in_the_day() -> None:
    late = NINE.replace(hour=21, minute=30)
    assert times(Rhythm(4, late), 5) == ["08:00", "08:30", "09:30", "10:30", "11:30"]
    morning = late + timedelta(days=1)
    assert stage_at(Rhythm(4, late), POLICY, ZONE, morning.replace(hour=11, minute=29)) == 0
    assert stage_at(Rhythm(4, late), POLICY, ZONE, morning.replace(hour=11, minute=30)) == 1


def test_no_quiet_hours_for_the_others() -> None:
    assert times(Rhythm(3, NINE.replace(hour=23, minute=50)), 2) == ["00:05", "00:20"]


def test_medicines_wait_for_the_morning_list() -> None:
    assert times(Rhythm(4, NINE, in_batch=True), 2) == ["08:00", "08:00"]


def test_a_snooze_moves_the_next_one_and_the_old_rhythm_goes_on() -> None:
    rhythm = Rhythm(3, NINE, snoozed_until=NINE + timedelta(minutes=70))
    assert times(rhythm, 3) == ["10:10", "10:15", "10:30"]


@example(level=4, start=datetime(2022, 1, 1, 17, 30), later=820, acknowledged=False, batch=False)
@given(
    level=st.integers(1, 4),
    start=st.datetimes(datetime(2022, 1, 1), datetime(2023, 1, 1)),
    later=st.integers(0, 60 * 24 * 3),
    acknowledged=st.booleans(),
    batch=st.booleans(),
)
def test_there_is_always_a_next_time(
    level: int, start: datetime, later: int, acknowledged: bool, batch: bool
) -> None:
    """Strictly later than now, the same whenever it is asked before, never in the quiet hours of level Ⅳ."""
    since = start.replace(tzinfo=ZONE)
    rhythm = Rhythm(level, since, acknowledged, since if acknowledged else None, in_batch=batch)
    now = since + timedelta(minutes=later)
    due = next_due(rhythm, POLICY, ZONE, now)
    assert due > now
    assert due - now <= timedelta(days=1, hours=1)
    middle = now + (due - now) / 2
    assert next_due(rhythm, POLICY, ZONE, middle) == due
    if level == 4 and not batch:
        assert 8 <= due.astimezone(ZONE).hour < 22


@pytest.mark.parametrize("hour", [7, 8, 9])
def test_a_clock_time_is_strictly_later(hour: int) -> None:
    eight = POLICY.medicine_batch
    after = NINE.replace(hour=hour)
    due = next_clock_time(eight, ZONE, after)
    assert due > after
    assert due.astimezone(ZONE).hour == 8
