"""Everything that is wrong with a site pack, as lines `file:line: fault`: unreadable or not adding up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from actions.matching_rules import ROUTING, read_routing
from actions.medicines.table import DATA, read_medicines
from actions.site import SITES, available_sites
from actions.site_duties import duties
from actions.site_files import Fault, Faults
from actions.site_read import Pack, not_a_pack, read_pack
from actions.site_types import Institution, Town
from actions.speaker_names import plain
from nlu.clauses import fold

_OUTSIDE = "名录外"


def check(name: str, root: Path | None = None) -> list[str]:
    """All faults of the pack `name` and of the tables every place shares; empty when it is sound."""
    existing = available_sites(root)
    folder = (root or SITES) / name
    if name not in existing and (not name.strip(".") or Path(name).name != name or not folder.is_dir()):
        return [not_a_pack(name, existing)]
    return [str(fault) for fault in faults_of(folder)]


def faults_of(folder: Path) -> list[Fault]:
    """All faults of the pack in this folder and of the tables every place shares."""
    faults = Faults()
    pack = read_pack(folder, faults)
    read_routing(ROUTING, faults)
    read_medicines(DATA, faults)
    _coordinates(pack, faults)
    _aliases(pack, faults)
    _towns_or_hospitals(pack, faults)
    _member_names(pack, faults)
    _neighbours(pack, faults)
    _served(pack, faults)
    _rooms(pack, faults)
    duties(pack, faults)
    return faults.found


def _coordinates(pack: Pack, faults: Faults) -> None:
    for table, things in (("towns", pack.towns), ("institutions", pack.institutions)):
        for thing in things.values():
            if pack.box is None or thing.lat is None or thing.lon is None:
                continue
            if not pack.box.holds(thing.lat, thing.lon):
                swapped = ", lat and lon are swapped" if pack.box.holds(thing.lon, thing.lat) else ""
                fault = f"lat, lon: {thing.name} at {thing.lat}, {thing.lon} is outside the box of site.yml{swapped}"
                _add(pack, faults, table, thing.name, f"{fault}; put the point right or widen the box")


def _aliases(pack: Pack, faults: Faults) -> None:
    """One way of writing must mean one thing, and a full name nothing else."""
    for table, things in (("towns", pack.towns), ("institutions", pack.institutions)):
        meant: dict[str, str] = {fold(name): name for name in things}
        for thing in things.values():
            own: set[str] = set()
            for alias in thing.aliases:
                other = meant.setdefault(fold(alias), thing.name)
                if alias in own or alias == thing.name:
                    _add(pack, faults, table, thing.name, f"aliases: {alias} stands twice; take one out")
                elif other != thing.name:
                    told = f"{other} (line {pack.line_of.get((table, other))})"
                    fault = f"aliases: {alias} already means {told}; an alias may mean one only"
                    _add(pack, faults, table, thing.name, fault)
                own.add(alias)


def _towns_or_hospitals(pack: Pack, faults: Faults) -> None:
    """A word that is a town's and an institution's name: no text could tell which is meant."""
    of_towns = {fold(said): town.name for town in pack.towns.values() for said in _said(town)}
    for institution in pack.institutions.values():
        for said in _said(institution):
            if fold(said) in of_towns:
                town = of_towns[fold(said)]
                where = f"{town} (towns.csv line {pack.line_of.get(('towns', town))})"
                fault = f"aliases: {said} also means the town {where}; take it out of one of them"
                _add(pack, faults, "institutions", institution.name, fault)


def _said(thing: Town | Institution) -> Iterator[str]:
    yield thing.name
    yield from thing.aliases


def _member_names(pack: Pack, faults: Faults) -> None:
    """Whoever writes must be one person: names differ by more than separators, an alias is nobody else's."""
    meant: dict[str, str] = {}
    for member in pack.members.values():
        for name in (member.name, *member.aliases):
            other = meant.setdefault(plain(name), member.name)
            if other != member.name:
                line = pack.line_of.get(("members", other))
                fault = f"{name} cannot be told from {other} (line {line}); a name may mean one member only"
                _add(pack, faults, "members", member.name, fault)
        plain_names = [plain(name) for name in (member.name, *member.aliases)]
        if len(set(plain_names)) < len(plain_names):
            _add(pack, faults, "members", member.name, f"aliases: {member.name} has one twice")


def _neighbours(pack: Pack, faults: Faults) -> None:
    for town in pack.towns.values():
        for name in town.neighbours:
            other = pack.towns.get(name)
            if name == town.name:
                _add(pack, faults, "towns", town.name, f"neighbours: {name} is the town itself; take it out")
            elif other is not None and town.name not in other.neighbours:
                there = f"{name} (line {pack.line_of.get(('towns', name))})"
                fault = f"neighbours: {there} does not name {town.name} in return"
                _add(pack, faults, "towns", town.name, f"{fault}; add it there or remove it here")


def _served(pack: Pack, faults: Faults) -> None:
    """Where institutions name the towns they are for, every town must be among them."""
    named = {
        name for i in pack.institutions.values() if i.kind != _OUTSIDE for name in _for_towns(i, pack.towns)
    }
    for town in pack.towns.values():
        if named and town.name not in named:
            fault = f"{town.name}: no institution serves it; name it in the column serves of institutions.csv"
            _add(pack, faults, "towns", town.name, fault)
    if not any(i.kind != _OUTSIDE for i in pack.institutions.values()):
        faults.add(pack.folder / "institutions.csv", None, "no institution that could be proposed; add a row")


def _for_towns(institution: Institution, towns: Iterable[str]) -> set[str]:
    """The towns it is for; a name that stands there by mistake is a fault of its own."""
    return set(institution.serves) & set(towns)


def _rooms(pack: Pack, faults: Faults) -> None:
    """A category with experts needs a room, every room members, and the place one to report in."""
    with_room = {
        r.category for r in pack.rooms.values() if r.purpose in ("expert", "pharmacist") and r.category
    }
    for category in pack.experts:
        if category not in with_room:
            line = pack.site.line("experts") if pack.site else None
            fault = f"experts: {category} has no room; add one to rooms.yml (purpose: expert)"
            faults.add(pack.folder / "site.yml", line, fault)
    if not any(r.purpose == "intake" for r in pack.rooms.values()):
        fault = "no room of purpose intake: nobody could report anything; add one"
        faults.add(pack.folder / "rooms.yml", None, fault)
    peopled = {room for member in pack.members.values() for room in member.rooms}
    for room in pack.rooms.values():
        if pack.members and room.name not in peopled:
            fault = (
                f"room {room.name}: nobody is in it; add it to the column rooms of members.csv or take it out"
            )
            _add(pack, faults, "rooms", room.name, fault)


def _add(pack: Pack, faults: Faults, table: str, name: str, fault: str) -> None:
    suffix = ".yml" if table == "rooms" else ".csv"
    faults.add(pack.folder / f"{table}{suffix}", pack.line_of.get((table, name)), fault)
