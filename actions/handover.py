"""Change of shift: who comes gets the list of what is open on that duty, where its people are (contract §8.19)."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from actions import wording
from actions.audience import Place
from actions.case import in_batch, open_cases
from actions.desk import BOT, Desk
from actions.duty import coordinators, experts, named
from actions.models import Case
from actions.schedule import next_clock_time


def next_change(desk: Desk, after: datetime) -> datetime | None:
    """The next moment later than `after` at which a shift of the roster begins; None without a roster."""
    clocks = {shift.start for shift in desk.site.roster}
    return min((next_clock_time(clock, desk.site.tz, after) for clock in clocks), default=None)


def hand_over(desk: Desk, since: datetime) -> None:
    """One list a room for all changes later than `since` up to now; nothing where nothing is open."""
    first = next_change(desk, since)
    if first is None or first > desk.now:
        return
    changes = desk.site.handovers(since, desk.now)
    coming = {desk.on_duty(code) for _, code, _, _ in changes}
    moment = max((each[0] for each in changes), default=desk.now)
    lists: dict[Place, list[tuple[Case, list[str]]]] = defaultdict(list)
    for case in open_cases(desk.session):
        # Medicine requests have a list of their own every morning.
        if case.opened_at < moment and not in_batch(case):
            for place, names in _told(desk, case, coming).items():
                lists[place].append((case, names))
    for place, entries in lists.items():
        _post(desk, place, moment, entries)


def _told(desk: Desk, case: Case, coming: set[str | None]) -> dict[Place, list[str]]:
    """Where the case is handed over, and to whom of those who come."""
    told: dict[Place, list[str]] = defaultdict(list)
    for name in _duty_of(desk, case):
        if name in coming:
            private = case.private or case.room is None
            of_experts = name in (*experts(desk, case), *experts(desk, case, second=True))
            place = (None, name) if private else (case.expert_room if of_experts else case.room, None)
            told[place].append(name)
    return told


def _duty_of(desk: Desk, case: Case) -> list[str]:
    """Those whose duty the case is: the first on duty also when somebody has it already, for he may be going home."""
    if case.acknowledged_at is None:
        return named(desk, case)
    return [*coordinators(desk, case), *(experts(desk, case) if case.expert_room else [])]


def _post(desk: Desk, place: Place, moment: datetime, entries: list[tuple[Case, list[str]]]) -> None:
    room, to = place
    names = list(dict.fromkeys(name for _, each in entries for name in each))
    head = desk.phrases.say("handover_head", who="、".join(f"@{name}" if room else name for name in names))
    entries.sort(key=lambda entry: (entry[0].level, entry[0].id))
    cases = [case for case, _ in entries]
    post = desk.post(
        f"handover:{moment.isoformat()}",
        "handover",
        "\n".join([head, *(_line(desk, case) for case in cases)]),
        room=room,
        to=to,
        cases=cases,
        mentions=names if room else [],
        only_while_open=True,
    )
    for case, each in entries if post else []:
        desk.log(case, BOT, "handed_over", named=each)


def _line(desk: Desk, case: Case) -> str:
    return desk.phrases.say(
        "handover_line",
        case=wording.short(case, desk.today),
        status=wording.status_name(desk, case),
        owner=desk.phrases.say("handover_owner", owner=case.owner)
        if case.owner
        else desk.phrases.say("nobody_yet"),
    )
