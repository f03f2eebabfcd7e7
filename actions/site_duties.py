"""Whether the roster of a pack leaves nobody waiting: the week's gaps, and people on duty outside their room."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta

from actions.site import Site
from actions.site_files import Faults
from actions.site_people import DUTY_CODES
from actions.site_read import Pack
from actions.site_types import Policy, Room

_MONDAY = date(2022, 4, 4)
_DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
_WEEK = timedelta(days=7)


def duties(pack: Pack, faults: Faults) -> None:
    """Coordinators, leader, and an expert of each category with a room must be there all hours of all days."""
    path = pack.folder / "roster.csv"
    if not path.is_file() or pack.policy is None:
        return
    site = _site(pack, pack.policy)
    wanted = [(code, [code]) for code in DUTY_CODES]
    for room in _expert_rooms(pack):
        codes = site.expert_codes(room.category or "")
        if codes:
            wanted.append((f"{room.category} ({', '.join(codes)})", [*codes, *(f"{c}2" for c in codes)]))
        else:
            fault = f"expert_codes: {room.category} has the room {room.name} and no codes; add them ({room.category}: [EM])"
            faults.add(pack.folder / "site.yml", None, fault)
    for told, anyone in wanted:
        for span in _told(_joined(list(_gaps(site, anyone)))):
            faults.add(path, None, f"{told}: nobody is on duty {span}; add a shift")
    _not_in_the_room(pack, pack.policy, faults)


def _site(pack: Pack, policy: Policy) -> Site:
    return Site(
        pack.code, pack.name, pack.tz, pack.phase, policy,
        pack.institutions, pack.towns, pack.rooms, pack.members, tuple(pack.roster),
    )  # fmt: skip


def _expert_rooms(pack: Pack) -> list[Room]:
    return [r for r in pack.rooms.values() if r.purpose in ("expert", "pharmacist") and r.category]


def _not_in_the_room(pack: Pack, policy: Policy, faults: Faults) -> None:
    """Whoever is on duty for a category must be in its room to be asked there."""
    for room in _expert_rooms(pack):
        codes = policy.expert_codes.get(room.category or "", ())
        for shift in pack.roster:
            member = pack.members.get(shift.member)
            if member and shift.code.removesuffix("2") in codes and room.name not in member.rooms:
                fault = f"rooms: {member.name} is on duty for {shift.code} but not in the room {room.name}; add the room"
                line = pack.line_of.get(("members", member.name))
                faults.add(pack.folder / "members.csv", line, fault)


def _gaps(site: Site, codes: Sequence[str]) -> Iterator[tuple[datetime, datetime]]:
    """Spans of one week in which nobody is on duty for any of the codes."""
    return _spans(site, lambda moment: all(site.on_duty(code, moment) is None for code in codes))


def _spans(site: Site, free: Callable[[datetime], bool]) -> Iterator[tuple[datetime, datetime]]:
    """Spans for which it holds; that changes only where a shift begins or ends."""
    first = datetime.combine(_MONDAY, time(), site.tz)
    clocks = {time(), *(s.start for s in site.roster), *(s.end for s in site.roster)}
    moments = sorted(datetime.combine(_MONDAY + timedelta(n), c, site.tz) for n in range(7) for c in clocks)
    start: datetime | None = None
    for moment in moments:
        if free(moment) and start is None:
            start = moment
        elif start is not None and not free(moment):
            yield start, moment
            start = None
    if start is not None:
        yield start, first + _WEEK


def _joined(gaps: list[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """Sunday night and Monday morning are one gap."""
    if len(gaps) < 2 or gaps[-1][1] - gaps[0][0] != _WEEK:
        return gaps
    return [*gaps[1:-1], (gaps[-1][0], gaps[0][1] + _WEEK)]


def _told(gaps: list[tuple[datetime, datetime]]) -> list[str]:
    """The gaps in words; the same one on all seven days is said once."""
    if [end - start for start, end in gaps] == [_WEEK]:
        return ["all week"]
    if len(gaps) == 7 and len({(start.time(), end - start) for start, end in gaps}) == 1:
        return [f"every day {gaps[0][0]:%H:%M} to {gaps[0][1]:%H:%M}"]
    return [f"{_moment(start)} to {_moment(end)}" for start, end in gaps]


def _moment(at: datetime) -> str:
    return f"{_DAYS[at.weekday()]} {at:%H:%M}"
