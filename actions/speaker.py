"""Who speaks, and in what capacity."""

from __future__ import annotations

from dataclasses import dataclass

from actions.site import Site

ROLES = ("guest", "contact", "volunteer", "hospital", "expert", "coordinator", "leader")
LEADING = frozenset({"coordinator", "leader"})
# A role to act: whose answer on a case acknowledges it (contract §6).
ACTING = frozenset({"hospital", "expert", "coordinator", "leader"})


@dataclass(frozen=True)
class Speaker:
    """A member of the groups, or a guest."""

    name: str
    role: str
    hospital: str | None = None

    @property
    def leads(self) -> bool:
        """Coordinators and leaders may speak for any hospital."""
        return self.role in LEADING


def identify(site: Site, name: str, role: str | None) -> Speaker:
    """The member by that name or alias; somebody unknown is a guest unless the channel vouches for a role."""
    member = site.member_called(name)
    if member is None:
        return Speaker(name, role if role in ROLES else "guest")
    return Speaker(member.name, role if role in ROLES else member.role, member.hospital)
