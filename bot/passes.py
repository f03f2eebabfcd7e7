"""Passes for whoever stands at the gate: verified by code or serial number, shown, printed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session, sessionmaker

from actions.fonts import NoFont
from actions.passes import facts as paper
from actions.passes.picture import draw
from actions.passes.seal import Seal
from actions.passes.verify import Verdict, check
from actions.passes.wording import lines
from actions.phrasebook import Phrasebook
from actions.site import Site, load_site
from bot.clock import Clock, SystemClock
from bot.database import open_database
from bot.errors import UserError
from bot.settings import Settings

FORMS = ("png", "pdf")
HOLDS = ("valid", "not_today", "not_yet")


@dataclass(frozen=True)
class PassOffice:
    """Looks passes up and judges them; changes nothing."""

    sessions: sessionmaker[Session]
    site: Site
    phrases: Phrasebook
    clock: Clock
    key: str

    def verdict(self, text: str) -> Verdict:
        """How the pass of this code or serial number stands now."""
        with self.sessions() as session:
            return check(session, Seal(self.key), text, self.clock.now(), self.site.tz)

    def shown(self, verdict: Verdict) -> list[str]:
        """The verdict in lines: the state, then what the pass says."""
        told = [self.phrases.say(f"pass_state_{verdict.state}")]
        if verdict.facts is not None:
            told.append(self.phrases.say("pass_serial", serial=verdict.facts.serial))
            told += lines(self.phrases, verdict.facts)
        return told

    def paper(self, serial: str, form: str) -> bytes | None:
        """The pass for printing; None when there is none that still holds. Raises NoFont."""
        verdict = self.verdict(serial)
        if verdict.state not in HOLDS or verdict.facts is None:
            return None
        code = Seal(self.key).code(paper.values(verdict.facts))
        return draw(self.phrases, self.site.name, verdict.facts, code, form)


def office(settings: Settings) -> PassOffice:
    """For a command: over the database of the settings."""
    engine = open_database(settings.database)
    return PassOffice(
        sessionmaker(engine), load_site(settings.site), Phrasebook(), SystemClock(), settings.pass_secret
    )


def verify(settings: Settings, text: str) -> int:
    """Print how a pass stands; 0 when it holds on its dates, else 1."""
    desk = office(settings)
    verdict = desk.verdict(text)
    print("\n".join([verdict.state, *desk.shown(verdict)]))
    return 0 if verdict.state in HOLDS else 1


def print_pass(settings: Settings, serial: str, out: Path) -> int:
    """Write a pass for printing. Raises UserError."""
    form = out.suffix.lstrip(".").lower()
    if form not in FORMS:
        raise UserError(f"{out}: the name must end in .png or .pdf", status=2)
    try:
        content = office(settings).paper(serial, form)
    except NoFont as error:
        raise UserError(str(error)) from error
    if content is None:
        raise UserError(f"{serial}: there is no pass with this number that still holds")
    try:
        out.write_bytes(content)
    except OSError as error:
        raise UserError(f"{out} cannot be written: {error.strerror}") from error
    return 0
