"""Rooms, members and the duty roster of a site pack."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

from actions.site_files import Faults, hint, read_table, read_time, read_yaml, take_name, unknown_values
from actions.site_types import CATEGORIES, PURPOSES, ROLES, SPECIALTIES, Member, Room, Shift

MEMBER_COLUMNS = ["name", "role", "rooms", "hospital"]
MEMBER_MORE = ("aliases",)
"""Columns that a members.csv may have besides."""
ROSTER_COLUMNS = ["code", "days", "from", "to", "member"]
_PHONE = re.compile(r"[0-9+() -]{3,20}")
DUTY_CODES = ("DUTY1", "DUTY2", "LEADER")


def read_rooms(
    path: Path,
    towns: Collection[str],
    hospitals: Collection[str],
    faults: Faults,
    line_of: dict[tuple[str, str], int],
) -> dict[str, Room]:
    """The rooms of rooms.yml by name."""
    tree = read_yaml(path, faults)
    rooms: dict[str, Room] = {}
    if tree is None:
        return rooms
    if not isinstance(tree.value, list):
        faults.add(tree.path, 1, "must be a list of rooms (- name: …, purpose: …)")
        return rooms
    for index, value in enumerate(tree.value):
        fault = _room_fault(value, rooms, towns, hospitals)
        if fault:
            faults.add(tree.path, tree.line(index, fault[0]), fault[1])
            if isinstance(value, dict) and isinstance(value.get("name"), str):
                line_of.setdefault(("rooms", value["name"]), tree.line(index) or 1)
            continue
        room = Room(**value)
        rooms[room.name] = room
        line_of[("rooms", room.name)] = tree.line(index) or 1
    return rooms


def _room_fault(
    value: object, rooms: Collection[str], towns: Collection[str], hospitals: Collection[str]
) -> tuple[str, str] | None:
    """What is wrong with a room: the key it is about and the fault."""
    if not isinstance(value, dict) or not isinstance(value.get("name"), str) or not value["name"].strip():
        return "name", "a room must have a name and a purpose"
    name = value["name"]
    known: dict[str, Collection[str]] = {
        "name": [name],
        "purpose": PURPOSES,
        "category": CATEGORIES,
        "town": towns,
        "hospital": hospitals,
    }
    for key in ("purpose", *value):
        if key == "phone":
            continue
        if key not in known:
            return (
                key,
                f"room {name}: {key} is unknown{hint(key, known)}; known are {', '.join(known)}, phone",
            )
        given = value.get(key)
        if (given is not None or key == "purpose") and given not in known[key]:
            listed = f"; it must be {', '.join(known[key])}" if len(known[key]) < 15 else ""
            like = "" if given is None else hint(given, known[key])
            return (
                key,
                f"room {name}: {key} {given or ''} is {'unknown' if given else 'missing'}{like}{listed}",
            )
    if name in rooms:
        return "name", f"room {name} stands twice"
    for purpose, needed in (("expert", "category"), ("hospital", "hospital")):
        if value["purpose"] == purpose and not value.get(needed):
            return "purpose", f"room {name}: a room of purpose {purpose} needs a {needed}; add {needed}: …"
    return _phone_fault(name, value.get("phone"))


def _phone_fault(name: str, phone: object) -> tuple[str, str] | None:
    if phone is None or _PHONE.fullmatch(str(phone)):
        return None
    return "phone", f"room {name}: phone {phone} is no telephone number"


def read_members(
    path: Path,
    rooms: Collection[str],
    hospitals: Collection[str],
    faults: Faults,
    line_of: dict[tuple[str, str], int],
) -> dict[str, Member]:
    """The members of members.csv by name."""
    members: dict[str, Member] = {}
    for row in read_table(path, MEMBER_COLUMNS, faults, optional=MEMBER_MORE):
        if not take_name(row, "members", members, line_of, faults):
            continue
        unknown_values(row, "role", [row["role"]], ROLES, faults)
        unknown_values(row, "rooms", row.many("rooms"), rooms, faults)
        unknown_values(row, "hospital", [row["hospital"]] if row["hospital"] else [], hospitals, faults)
        if row["role"] == "hospital" and not row["hospital"]:
            faults.add(row.path, row.line, f"{row['name']} has the role hospital and no hospital; name it")
        members[row["name"]] = Member(
            row["name"],
            row["role"],
            row.many("rooms"),
            row["hospital"] or None,
            aliases=row.many("aliases"),
        )
    return members


def read_roster(path: Path, members: Collection[str], faults: Faults) -> list[Shift]:
    """The shifts of roster.csv, in its order."""
    known = [*DUTY_CODES, *SPECIALTIES, *(f"{code}2" for code in SPECIALTIES)]
    roster = []
    for row in read_table(path, ROSTER_COLUMNS, faults):
        unknown_values(row, "code", [row["code"]], known, faults)
        unknown_values(row, "member", [row["member"]], members, faults)
        days, start, end = _days(row["days"]), read_time(row["from"]), read_time(row["to"])
        if not days:
            faults.add(
                row.path, row.line, f"days: {row['days']} must be like 1-5 or 6|7 (1 Monday … 7 Sunday)"
            )
        if start is None or end is None:
            faults.add(row.path, row.line, "from, to: must be times like 08:00 and 20:00")
        if days and start is not None and end is not None:
            roster.append(Shift(row["code"], row["member"], days, start, end))
    return roster


def _days(text: str) -> frozenset[int]:
    """Weekdays of `1-5`, `6|7` or `5-1` (Friday to Monday); empty when it cannot be read."""
    days: set[int] = set()
    for part in text.split("|"):
        match = re.fullmatch(r"\s*([1-7])\s*(?:-\s*([1-7]))?\s*", part)
        if not match:
            return frozenset()
        first, last = int(match[1]), int(match[2] or match[1])
        days.update((first - 1 + i) % 7 + 1 for i in range((last - first) % 7 + 1))
    return frozenset(days)
