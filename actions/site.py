"""One place: its institutions, towns, rooms, members, duties and policy, read from `data/sites/<site>/`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from actions.directory import Directory
from actions.site_files import Faults
from actions.site_read import not_a_pack, read_pack
from actions.site_types import (
    Institution,
    Member,
    Permission,
    Policy,
    PolicyReminder,
    Room,
    Shift,
    SiteError,
    Town,
)
from actions.speaker_names import plain
from nlu.gazetteer import Gazetteer

__all__ = [
    "Institution",
    "Member",
    "Permission",
    "Policy",
    "PolicyReminder",
    "Room",
    "Shift",
    "Site",
    "SiteError",
    "Town",
    "available_sites",
    "load_site",
]

SITES = Path(__file__).resolve().parent.parent / "data" / "sites"


@dataclass(frozen=True)
class Site:
    """What the bot knows about one place. Nothing in it changes while the bot runs."""

    code: str
    name: str
    tz: ZoneInfo
    phase: str
    policy: Policy
    institutions: Mapping[str, Institution]
    towns: Mapping[str, Town]
    rooms: Mapping[str, Room]
    members: Mapping[str, Member]
    roster: Sequence[Shift]

    @cached_property
    def directory(self) -> Directory:
        """The institutions by what they have and how far they are, for choosing among many."""
        return Directory(self.institutions, self.towns)

    def with_members(self, members: Sequence[Member]) -> Site:
        """The same place with other people, in their rooms, with on-call codes that hold at all times."""
        return replace(self, members={m.name: m for m in members}, roster=())

    def and_members(self, more: Iterable[Member]) -> Site:
        """The same place with those of `more` whom it does not know by name or alias."""
        new = {member.name: member for member in more if self.member_called(member.name) is None}
        return replace(self, members={**self.members, **new}) if new else self

    def member_called(self, name: str) -> Member | None:
        """The member who writes under a name or an alias, whatever its separators; None: nobody known."""
        known = self.members.get(name)
        if known is not None:
            return known
        return self._by_way_of_writing.get(plain(name))

    @cached_property
    def _by_way_of_writing(self) -> dict[str, Member]:
        """A way of writing that two members share is nobody's."""
        found: dict[str, Member] = {}
        shared: set[str] = set()
        for member in self.members.values():
            for way in {plain(each) for each in (member.name, *member.aliases)}:
                if found.setdefault(way, member) is not member:
                    shared.add(way)
        return {way: member for way, member in found.items() if way not in shared}

    def members_of(self, room: str) -> list[Member]:
        """The members of a room, in the order of the pack."""
        return [m for m in self.members.values() if room in m.rooms]

    def hospital_members(self, hospital: str) -> list[Member]:
        """Who speaks for a hospital, in the order of the pack."""
        return [m for m in self.members.values() if m.role == "hospital" and m.hospital == hospital]

    def on_duty(self, code: str, at: datetime) -> str | None:
        """Name of the member on duty for `code` (DUTY1, LEADER, OB, OB2 …) at a moment; None: nobody."""
        for member in self.members.values():
            if code in member.on_call:
                return member.name
        local = at.astimezone(self.tz)
        return next((s.member for s in self.roster if s.code == code and _covers(s, local)), None)

    def handovers(self, after: datetime, until: datetime) -> list[tuple[datetime, str, str | None, str]]:
        """Changes of duty in (after, until]: moment, code, who leaves (or None), who takes over."""
        changes = []
        for code in dict.fromkeys(s.code for s in self.roster):
            for moment in self._starts(code, after, until):
                leaving, coming = (
                    self.on_duty(code, moment - timedelta(seconds=1)),
                    self.on_duty(code, moment),
                )
                if coming is not None and coming != leaving:
                    changes.append((moment, code, leaving, coming))
        return sorted(changes, key=lambda change: change[0])

    def _starts(self, code: str, after: datetime, until: datetime) -> list[datetime]:
        first, last = after.astimezone(self.tz).date(), until.astimezone(self.tz).date()
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        starts = {
            datetime.combine(day, shift.start, self.tz)
            for shift in self.roster
            for day in days
            if shift.code == code and day.isoweekday() in shift.days
        }
        return sorted(moment for moment in starts if after < moment <= until)

    def expert_room(self, category: str) -> Room | None:
        """The room whose experts answer for a category; for CONSULT the pharmacists'. None without one."""
        rooms = (
            r for r in self.rooms.values() if r.purpose in ("expert", "pharmacist") and r.category == category
        )
        return next(rooms, None)

    def expert_codes(self, category: str) -> tuple[str, ...]:
        """Specialty codes of the experts of a category, the one to ask first in front; empty without any."""
        return self.policy.expert_codes.get(category, ())

    def rooms_for(self, purpose: str) -> list[Room]:
        """Rooms of one purpose: intake, expert, hospital, pharmacist, chc, admin."""
        return [r for r in self.rooms.values() if r.purpose == purpose]

    def hospital_room(self, hospital: str) -> Room | None:
        """The room of one hospital; None when it has none."""
        return next(
            (r for r in self.rooms.values() if r.purpose == "hospital" and r.hospital == hospital), None
        )

    def gazetteer(self) -> Gazetteer:
        """Every way of writing a town or an institution → its full name. A full name wins over an alias."""
        return Gazetteer(towns=_names(self.towns.values()), institutions=_names(self.institutions.values()))


def available_sites(root: Path | None = None) -> list[str]:
    """Codes of the site packs that are there, sorted."""
    folder = root or SITES
    return sorted(p.name for p in folder.iterdir() if (p / "site.yml").is_file()) if folder.is_dir() else []


def load_site(name: str, root: Path | None = None) -> Site:
    """The pack `name` under `root` (default data/sites).

    Raises SiteError, one line, when there is no such pack or one of its files has a fault.
    """
    existing = available_sites(root)
    if name not in existing:
        raise SiteError(not_a_pack(name, existing))
    faults = Faults()
    pack = read_pack((root or SITES) / name, faults)
    if faults.lines or pack.policy is None:
        more = (
            f" (and {len(faults.lines) - 1} more; see `lianluo site check {name}`)"
            if len(faults.lines) > 1
            else ""
        )
        raise SiteError(faults.lines[0] + more)
    return Site(
        code=pack.code,
        name=pack.name,
        tz=pack.tz,
        phase=pack.phase,
        policy=pack.policy,
        institutions=pack.institutions,
        towns=pack.towns,
        rooms=pack.rooms,
        members=pack.members,
        roster=tuple(pack.roster),
    )


def _covers(shift: Shift, local: datetime) -> bool:
    """Whether a shift holds at a local time; one that crosses midnight belongs to the day it starts on."""
    now, today = local.time(), local.isoweekday()
    yesterday = (today - 2) % 7 + 1
    if shift.start < shift.end:
        return today in shift.days and shift.start <= now < shift.end
    return (today in shift.days and now >= shift.start) or (yesterday in shift.days and now < shift.end)


def _names(things: Iterable[Town | Institution]) -> dict[str, str]:
    named = list(things)
    aliases = {alias: thing.name for thing in reversed(named) for alias in thing.aliases}
    return aliases | {thing.name: thing.name for thing in named}
