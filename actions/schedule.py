"""When a case is due next: pure arithmetic on the rhythm of its level (contract §6, §8.1, §8.4–8.6).

Reminders stand on a grid counted from the receipt (nobody has acknowledged) or from the last human
message (acknowledged), so downtime and snoozes never shift it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from actions.site_types import Policy, PolicyReminder


@dataclass(frozen=True)
class Rhythm:
    """What of a case decides its next time. `stage`: 0 first on duty, 1 second, 2 leader brought in."""

    level: int
    since: datetime
    acknowledged: bool = False
    last_human: datetime | None = None
    stage: int = 0
    snoozed_until: datetime | None = None
    in_batch: bool = False


def next_due(rhythm: Rhythm, policy: Policy, zone: tzinfo, after: datetime) -> datetime:
    """The first moment later than `after` at which somebody has to be reminded of the case."""
    if rhythm.in_batch:
        return next_clock_time(policy.medicine_batch, zone, after)
    if rhythm.snoozed_until and rhythm.snoozed_until > after:
        return _out_of_quiet(rhythm, policy, zone, rhythm.snoozed_until)
    find = _acknowledged_due if rhythm.acknowledged else _open_due
    due = find(rhythm, policy, zone, _before_quiet(policy.reminders[rhythm.level], zone, after))
    return _out_of_quiet(rhythm, policy, zone, due)


def stage_at(rhythm: Rhythm, policy: Policy, zone: tzinfo, now: datetime) -> int:
    """How far up the duty list an unacknowledged case has come by `now`; never less than it was."""
    if rhythm.acknowledged or rhythm.in_batch:
        return rhythm.stage
    reached = [stage for stage, moment in _escalations(rhythm, policy, zone) if moment <= now]
    return max([rhythm.stage, *reached])


def acknowledge_by(rhythm: Rhythm, policy: Policy, zone: tzinfo) -> datetime | None:
    """Until when somebody should have seen to an unacknowledged case; None when nobody has to."""
    if rhythm.acknowledged or rhythm.in_batch:
        return None
    return _add_minutes(rhythm, policy, zone, policy.reminders[rhythm.level].ack_min)


def next_clock_time(moment: time, zone: tzinfo, after: datetime) -> datetime:
    """The next `moment` of the day in `zone`, later than `after`."""
    local = after.astimezone(zone)
    due = _at(local.date(), moment, zone)
    return due if due > after else _at(local.date() + timedelta(days=1), moment, zone)


def _open_due(rhythm: Rhythm, policy: Policy, zone: tzinfo, after: datetime) -> datetime:
    every = timedelta(minutes=policy.reminders[rhythm.level].remind_min)
    due = _grid(rhythm.since, every, every, after)
    coming = [
        moment
        for stage, moment in _escalations(rhythm, policy, zone)
        if stage > rhythm.stage and moment > after
    ]
    return min([due, *coming])


def _acknowledged_due(rhythm: Rhythm, policy: Policy, zone: tzinfo, after: datetime) -> datetime:
    rules = policy.reminders[rhythm.level]
    since = rhythm.last_human or rhythm.since
    if rules.after_ack_at is not None:
        return next_clock_time(rules.after_ack_at, zone, max(after, since))
    first, every = timedelta(minutes=rules.after_ack_first_min), timedelta(minutes=rules.after_ack_min)
    return _grid(since, first, every, after)


def _grid(since: datetime, first: timedelta, every: timedelta, after: datetime) -> datetime:
    """The first of since+first, since+first+every, … that is later than `after`."""
    start = since + first
    if start > after:
        return start
    return start + every * ((after - start) // every + 1)


def _escalations(rhythm: Rhythm, policy: Policy, zone: tzinfo) -> list[tuple[int, datetime]]:
    rules = policy.reminders[rhythm.level]
    steps = [(1, rules.second_min), (2, rules.leader_min)]
    return [
        (stage, _add_minutes(rhythm, policy, zone, minutes))
        for stage, minutes in steps
        if minutes is not None
    ]


def _add_minutes(rhythm: Rhythm, policy: Policy, zone: tzinfo, minutes: float) -> datetime:
    """Minutes from the start of the rhythm; for level Ⅳ only those of the day count."""
    left = timedelta(minutes=minutes)
    rules = policy.reminders[rhythm.level]
    if rules.quiet_from is None or rules.quiet_to is None:
        return rhythm.since + left
    moment = after_quiet(rules, zone, rhythm.since)
    while True:
        evening = next_clock_time(rules.quiet_from, zone, moment)
        if moment + left < evening:
            return moment + left
        left -= evening - moment
        moment = next_clock_time(rules.quiet_to, zone, evening)


def _out_of_quiet(rhythm: Rhythm, policy: Policy, zone: tzinfo, due: datetime) -> datetime:
    return after_quiet(policy.reminders[rhythm.level], zone, due)


def after_quiet(rules: PolicyReminder, zone: tzinfo, moment: datetime) -> datetime:
    """The moment itself, or the end of the quiet hours it falls into."""
    if rules.quiet_to is not None and rules.is_quiet(moment.astimezone(zone).time()):
        return next_clock_time(rules.quiet_to, zone, moment)
    return moment


def _before_quiet(rules: PolicyReminder, zone: tzinfo, moment: datetime) -> datetime:
    """The moment itself, or the beginning of the quiet hours it falls into: what fell due in them waits for their end,
    whenever during them it is asked for."""
    local = moment.astimezone(zone)
    if rules.quiet_from is None or not rules.is_quiet(local.time()):
        return moment
    began = _at(local.date(), rules.quiet_from, zone)
    return began if began <= moment else _at(local.date() - timedelta(days=1), rules.quiet_from, zone)


def _at(day: date, moment: time, zone: tzinfo) -> datetime:
    return datetime.combine(day, moment, zone)
