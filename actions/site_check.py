"""Everything that is wrong with a site pack, as lines `file:line: fault`: unreadable or not adding up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

from actions.matching_rules import ROUTING, read_routing
from actions.site import SITES, Site, available_sites
from actions.site_files import Faults
from actions.site_people import DUTY_CODES
from actions.site_read import Pack, not_a_pack, read_pack
from actions.site_types import Institution, Town

_MONDAY = date(2022, 4, 4)
_DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
_OUTSIDE = "名录外"


def check(name: str, root: Path | None = None) -> list[str]:
    """All faults of the pack `name` and of the tables every place shares; empty when it is sound."""
    existing = available_sites(root)
    folder = (root or SITES) / name
    if name not in existing and (not name.strip(".") or Path(name).name != name or not folder.is_dir()):
        return [not_a_pack(name, existing)]
    faults = Faults()
    pack = read_pack(folder, faults)
    read_routing(ROUTING, faults)
    _coordinates(pack, faults)
    _aliases(pack, faults)
    _neighbours(pack, faults)
    _served(pack, faults)
    _expert_rooms(pack, faults)
    _duties(pack, faults)
    return faults.lines


def _coordinates(pack: Pack, faults: Faults) -> None:
    for table, things in (("towns", pack.towns), ("institutions", pack.institutions)):
        for thing in things.values():
            if (
                pack.box is None
                or thing.lat is None
                or thing.lon is None
                or pack.box.holds(thing.lat, thing.lon)
            ):
                continue
            where = f"{thing.lat}, {thing.lon}"
            _add(
                pack,
                faults,
                table,
                thing.name,
                f"{thing.name}: {where} is outside the box of site.yml; lat, lon swapped?",
            )


def _aliases(pack: Pack, faults: Faults) -> None:
    """One way of writing must mean one thing, and a full name nothing else."""
    for table, things in (("towns", pack.towns), ("institutions", pack.institutions)):
        meant: dict[str, str] = {name: name for name in things}
        for thing in things.values():
            own: set[str] = set()
            for alias in thing.aliases:
                if alias in own or alias == thing.name:
                    _add(pack, faults, table, thing.name, f"aliases: {alias} stands twice")
                elif alias in meant:
                    other = f"{meant[alias]} (line {pack.line_of.get((table, meant[alias]))})"
                    fault = f"aliases: {alias} already means {other}; an alias may mean one only"
                    _add(pack, faults, table, thing.name, fault)
                own.add(alias)
                meant.setdefault(alias, thing.name)


def _neighbours(pack: Pack, faults: Faults) -> None:
    for town in pack.towns.values():
        for name in town.neighbours:
            other = pack.towns.get(name)
            if name == town.name:
                _add(pack, faults, "towns", town.name, f"neighbours: {name} is the town itself")
            elif other is not None and town.name not in other.neighbours:
                fault = (
                    f"neighbours: {name} does not name {town.name} in return; add it there or remove it here"
                )
                _add(pack, faults, "towns", town.name, fault)


def _served(pack: Pack, faults: Faults) -> None:
    """Every town needs an institution that serves it (an empty `serves` of a hospital is the whole place)."""
    proposed = [i for i in pack.institutions.values() if i.kind != _OUTSIDE]
    has_centres = any(i.kind == "社区" for i in proposed)
    for town in pack.towns.values():
        if not any(_serves(i, town, has_centres) for i in proposed):
            fault = f"{town.name}: no institution serves it; name it in the column serves of institutions.csv"
            _add(pack, faults, "towns", town.name, fault)


def _serves(institution: Institution, town: Town, has_centres: bool) -> bool:
    return town.name in institution.serves or (not has_centres and not institution.serves)


def _expert_rooms(pack: Pack, faults: Faults) -> None:
    """A category with experts needs a room, an expert room needs people on duty."""
    with_room = {
        r.category for r in pack.rooms.values() if r.purpose in ("expert", "pharmacist") and r.category
    }
    path = pack.folder / "site.yml"
    for category in pack.experts:
        if category not in with_room:
            line = pack.site.line("experts") if pack.site else None
            faults.add(path, line, f"experts: {category} has no room; add one to rooms.yml (purpose: expert)")
    if not any(r.purpose == "intake" for r in pack.rooms.values()):
        faults.add(pack.folder / "rooms.yml", None, "no room of purpose intake: nobody could report anything")
    codes = {s.code for s in pack.roster}
    for room in pack.rooms.values():
        wanted = pack.policy.expert_codes.get(room.category, ()) if pack.policy and room.category else ()
        missing = [c for c in wanted if c not in codes]
        if missing and room.purpose in ("expert", "pharmacist"):
            _add(
                pack,
                faults,
                "rooms",
                room.name,
                f"room {room.name}: roster.csv has nobody for {', '.join(missing)}",
            )


def _duties(pack: Pack, faults: Faults) -> None:
    """Coordinators, leader and every rostered code must be covered all hours of all days."""
    path = pack.folder / "roster.csv"
    if not path.is_file() or pack.policy is None:
        return
    site = Site(
        pack.code, pack.name, pack.tz, pack.phase, pack.policy,
        pack.institutions, pack.towns, pack.rooms, pack.members, tuple(pack.roster),
    )  # fmt: skip
    for code in dict.fromkeys([*DUTY_CODES, *(s.code for s in pack.roster)]):
        for start, end in _gaps(site, code):
            faults.add(
                path, None, f"{code}: nobody is on duty {_moment(start)} to {_moment(end)}; add a shift"
            )
    rooms_of = {m.name: set(m.rooms) for m in pack.members.values()}
    for code in dict.fromkeys(s.code for s in pack.roster):
        base = code.removesuffix("2")
        for room in pack.rooms.values():
            if room.purpose not in ("expert", "pharmacist") or not room.category:
                continue
            if base not in pack.policy.expert_codes.get(room.category, ()):
                continue
            for shift in pack.roster:
                if shift.code == code and room.name not in rooms_of.get(shift.member, {room.name}):
                    fault = (
                        f"{shift.member} is on duty for {code} but not in the room {room.name}; add the room"
                    )
                    _add(pack, faults, "members", shift.member, fault)


def _gaps(site: Site, code: str) -> Iterator[tuple[datetime, datetime]]:
    """Spans of one week with nobody on duty for `code`; that changes only where a shift begins or ends."""
    first = datetime.combine(_MONDAY, time(), site.tz)
    clocks = {time(), *(s.start for s in site.roster), *(s.end for s in site.roster)}
    moments = sorted(datetime.combine(_MONDAY + timedelta(n), c, site.tz) for n in range(7) for c in clocks)
    start: datetime | None = None
    for moment in moments:
        free = site.on_duty(code, moment) is None
        if free and start is None:
            start = moment
        elif not free and start is not None:
            yield start, moment
            start = None
    if start is not None:
        yield start, first + timedelta(days=7)


def _moment(at: datetime) -> str:
    return f"{_DAYS[at.weekday()]} {at:%H:%M}"


def _add(pack: Pack, faults: Faults, table: str, name: str, fault: str) -> None:
    suffix = ".yml" if table == "rooms" else ".csv"
    faults.add(pack.folder / f"{table}{suffix}", pack.line_of.get((table, name)), fault)
