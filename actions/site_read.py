"""A site pack's files → its nouns. Faults are collected, not raised, so that a check can list all of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from actions.opening import hours_of
from actions.site_files import Faults, Row, Tree, hint, read_table, read_yaml, take_name, unknown_values
from actions.site_people import read_members, read_rooms, read_roster
from actions.site_policy import POLICY_KEYS, PROTOCOL, read_policy
from actions.site_types import (
    BEDS,
    CATEGORIES,
    KINDS,
    OUTPATIENT,
    PHASES,
    REACHES,
    SPECIALTIES,
    Institution,
    Member,
    Places,
    Policy,
    Room,
    Shift,
    Town,
)

# fmt: off
INSTITUTION_COLUMNS = (
    "name", "aliases", "kind", "reach", "tier", "town", "address", "lat", "lon", "departments", "services",
    "assumed", "serves", "hours", "epidemic", "direct_line", "unsure", "places",
)
# fmt: on
TOWN_COLUMNS = ["name", "aliases", "neighbours", "lat", "lon", "unsure"]
SITE_KEYS = ("name", "time_zone", "phase", "box", "experts", *POLICY_KEYS)
ALL_DEPARTMENTS = "ALL"

_PLACES = re.compile(r"(?P<service>[^:：]+)[:：](?P<count>[1-9]\d{0,4})(?P<daily>/day)?(?P<assumed>\?)?")
_DIRECT_LINE = re.compile(r"[0-9+() -]{3,20}")


@dataclass(frozen=True)
class Box:
    """Limits of the coordinates a directory may hold: south, north, west, east."""

    south: float
    north: float
    west: float
    east: float

    def holds(self, lat: float, lon: float) -> bool:
        return self.south <= lat <= self.north and self.west <= lon <= self.east


@dataclass
class Pack:
    """All that was read, with the rows it came from (for messages that name a line)."""

    folder: Path
    code: str
    name: str
    tz: ZoneInfo
    phase: str
    box: Box | None
    experts: tuple[str, ...]
    policy: Policy | None
    institutions: dict[str, Institution]
    towns: dict[str, Town]
    rooms: dict[str, Room]
    members: dict[str, Member]
    roster: list[Shift]
    line_of: dict[tuple[str, str], int]
    site: Tree | None


def read_pack(folder: Path, faults: Faults) -> Pack:
    """Reads every file of the pack in `folder`, noting each fault; what is broken is left out."""
    site = read_yaml(folder / "site.yml", faults)
    line_of: dict[tuple[str, str], int] = {}
    towns = _towns(folder / "towns.csv", faults, line_of)
    named = _named("towns", line_of)
    institutions = _institutions(folder / "institutions.csv", named, faults, line_of)
    rooms = read_rooms(folder / "rooms.yml", named, institutions, faults, line_of)
    members = read_members(folder / "members.csv", _named("rooms", line_of), institutions, faults, line_of)
    pack = Pack(
        folder, folder.name, folder.name, ZoneInfo("Asia/Shanghai"), PHASES[0], None, (), None,
        institutions, towns, rooms, members, read_roster(folder / "roster.csv", members, faults), line_of, site,
    )  # fmt: skip
    if site is not None:
        _header(pack, site, faults)
    pack.policy = read_policy(site, faults)
    return pack


def _named(table: str, line_of: dict[tuple[str, str], int]) -> list[str]:
    """The names in a table, also of entries that have a fault: it is told once, not wherever they are named."""
    return [name for of, name in line_of if of == table]


def _header(pack: Pack, site: Tree, faults: Faults) -> None:
    """Name, time zone, phase, box and expert categories of site.yml."""
    if not isinstance(site.value, dict):
        return
    for key in site.value:
        if key not in SITE_KEYS:
            fault = f"{key} is unknown{hint(key, SITE_KEYS)}; known are {', '.join(SITE_KEYS)}"
            faults.add(site.path, site.line(key), fault)
    get = site.value.get
    given: Any = get("name")
    if isinstance(given, str):
        pack.name = given
    else:
        faults.add(site.path, site.line("name"), "name: the place's name is missing")
    zone = get("time_zone", "Asia/Shanghai")
    try:
        pack.tz = ZoneInfo(zone)
    except (KeyError, ValueError, TypeError, OSError):
        faults.add(
            site.path,
            site.line("time_zone"),
            f"time_zone: {zone} is no time zone; write one like Asia/Shanghai",
        )
    phase: Any = get("phase")
    if phase in PHASES:
        pack.phase = phase
    else:
        faults.add(site.path, site.line("phase"), f"phase: must be one of {', '.join(PHASES)}")
    experts = get("experts", [])
    if isinstance(experts, list) and all(e in CATEGORIES for e in experts):
        pack.experts = tuple(experts)
    else:
        faults.add(site.path, site.line("experts"), f"experts: must be a list of {', '.join(CATEGORIES)}")
    pack.box = _box(get("box"))
    if pack.box is None:
        faults.add(site.path, site.line("box"), "box: must be {lat: [south, north], lon: [west, east]}")


def _box(value: object) -> Box | None:
    try:
        (south, north), (west, east) = value["lat"], value["lon"]  # type: ignore[index]
        box = Box(float(south), float(north), float(west), float(east))
    except (KeyError, TypeError, ValueError):
        return None
    return box if box.south < box.north and box.west < box.east else None


def _coordinates(row: Row, needed: bool, faults: Faults) -> tuple[float, float] | None:
    if not row["lat"] and not row["lon"] and not needed:
        return None
    try:
        return float(row["lat"]), float(row["lon"])
    except ValueError:
        faults.add(row.path, row.line, "lat, lon: must be two numbers like 31.036 and 121.226")
        return None


def _sure(row: Row, column: str) -> tuple[str, ...]:
    """The values of a list cell without those the row marks as unsure (`column`: all, `column:value`: one)."""
    unsure = row.many("unsure")
    return () if column in unsure else tuple(v for v in row.many(column) if f"{column}:{v}" not in unsure)


def _certain(row: Row, column: str) -> str:
    """The text of a cell; empty when the row marks the column as unsure."""
    return "" if column in row.many("unsure") else row[column]


def _marks(row: Row, columns: Sequence[str], faults: Faults) -> None:
    """What is unsure must be a column, or a value that stands in it: a mark with a typing error would mark nothing."""
    for mark in row.many("unsure"):
        column, colon, value = mark.partition(":")
        unknown_values(row, "unsure", [column], columns, faults)
        stands = SPECIALTIES if column == "departments" else row.many(column) if column in row.cells else ()
        if colon and column in columns and value not in stands:
            fault = (
                f"unsure: {mark} marks nothing, {value} is not in the column {column}{hint(value, stands)}"
            )
            faults.add(row.path, row.line, fault)


def _towns(path: Path, faults: Faults, line_of: dict[tuple[str, str], int]) -> dict[str, Town]:
    rows = read_table(path, TOWN_COLUMNS, faults)
    towns: dict[str, Town] = {}
    for row in rows:
        point = _coordinates(row, needed=True, faults=faults)
        if not take_name(row, "towns", towns, line_of, faults) or point is None:
            continue
        _marks(row, TOWN_COLUMNS, faults)
        towns[row["name"]] = Town(row["name"], _sure(row, "aliases"), row.many("neighbours"), *point)
    for row in rows:
        unknown_values(row, "neighbours", row.many("neighbours"), _named("towns", line_of), faults)
    return towns


def _institutions(
    path: Path, towns: Collection[str], faults: Faults, line_of: dict[tuple[str, str], int]
) -> dict[str, Institution]:
    services = [
        row["service"] for row in read_table(PROTOCOL / "services.csv", ("service", "says", "note"), faults)
    ]
    found: dict[str, Institution] = {}
    for row in read_table(path, INSTITUTION_COLUMNS, faults):
        if not take_name(row, "institutions", found, line_of, faults):
            continue
        unknown_values(row, "kind", [row["kind"]], KINDS, faults)
        unknown_values(row, "reach", [row["reach"]], REACHES, faults)
        unknown_values(
            row, "town", [row["town"]] if row["town"] and row["reach"] == REACHES[0] else [], towns, faults
        )
        unknown_values(row, "serves", row.many("serves"), towns, faults)
        unknown_values(row, "departments", row.many("departments"), [*SPECIALTIES, ALL_DEPARTMENTS], faults)
        unknown_values(row, "services", row.many("services"), services, faults)
        unknown_values(row, "assumed", row.many("assumed"), [*SPECIALTIES, *services], faults)
        _marks(row, [*INSTITUTION_COLUMNS, "coordinates"], faults)
        if hours_of(row["hours"]) is None:
            must = "parts like 急诊24小时 or 门诊08:00-16:30, ； between them"
            faults.add(row.path, row.line, f"hours: {row['hours']} must be {must}")
        if row["direct_line"] and not _DIRECT_LINE.fullmatch(row["direct_line"]):
            faults.add(row.path, row.line, f"direct_line: {row['direct_line']} is no telephone number")
        places = _places(row, [*SPECIALTIES, *services, OUTPATIENT, BEDS], faults)
        found[row["name"]] = _institution(row, _coordinates(row, needed=False, faults=faults), places)
    return found


def _places(row: Row, known: Collection[str], faults: Faults) -> tuple[Places, ...]:
    """How many patients each service takes: `血透:20/day|床位:12`; `?` marks a figure nobody confirmed."""
    found: dict[str, Places] = {}
    for text in row.many("places"):
        match = _PLACES.fullmatch(text)
        if match is None:
            must = "a service and a number like 血透:20/day or 床位:12, ? behind a figure nobody confirmed"
            faults.add(row.path, row.line, f"places: {text} must be {must}")
            continue
        service = match["service"].strip()
        unknown_values(row, "places", [service], known, faults)
        if service in found:
            faults.add(row.path, row.line, f"places: {service} stands twice")
        found[service] = Places(service, int(match["count"]), bool(match["daily"]), bool(match["assumed"]))
    return tuple(found.values())


def _institution(row: Row, point: tuple[float, float] | None, places: tuple[Places, ...]) -> Institution:
    unsure = frozenset(row.many("unsure"))
    assumed = frozenset(_sure(row, "assumed"))
    departments = set(_sure(row, "departments"))
    if ALL_DEPARTMENTS in departments:
        doubtful = {mark.partition(":")[2] for mark in unsure if mark.startswith("departments:")}
        departments = set(SPECIALTIES) - assumed - doubtful
    lat, lon = point if point and "coordinates" not in unsure else (None, None)
    return Institution(
        name=row["name"],
        aliases=_sure(row, "aliases"),
        kind=row["kind"],
        reach=row["reach"],
        tier=_certain(row, "tier") or None,
        town=_certain(row, "town") or None,
        address=_certain(row, "address"),
        lat=lat,
        lon=lon,
        departments=frozenset(departments),
        services=frozenset(_sure(row, "services")),
        assumed=assumed,
        serves=_sure(row, "serves"),
        hours=_certain(row, "hours"),
        epidemic=_certain(row, "epidemic"),
        direct_line=_certain(row, "direct_line") or None,
        unsure=unsure,
        places=places,
    )


def not_a_pack(name: str, existing: Sequence[str]) -> str:
    """The line for a name that no pack has."""
    return f"site {name} is unknown; there are {', '.join(existing) or 'none'}"
