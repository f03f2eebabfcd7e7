"""Whether a pass holds: by its code as scanned, or by its serial number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.passes import facts as paper
from actions.passes.facts import Facts
from actions.passes.models import Pass
from actions.passes.seal import MARK, Seal


@dataclass(frozen=True)
class Verdict:
    """How a pass stands, and what it says when that can be trusted."""

    state: str
    facts: Facts | None = None


def check(session: Session, seal: Seal, text: str, now: datetime, zone: tzinfo) -> Verdict:
    """Judge a code or a serial number at a moment.

    `valid`: now is one of its days · `not_today`: within its dates, but today is none of its days · `not_yet` ·
    `expired` · `withdrawn` · `altered`: not as it was signed · `unknown`: no such pass was issued here.
    """
    text = text.strip()
    if not text.startswith(MARK):
        row = session.scalar(select(Pass).where(Pass.serial == text.upper()))
        return _of_row(seal, row, now, zone) if row else Verdict("unknown")
    signed = seal.fields(text)
    told = paper.from_code(signed) if signed is not None else None
    if told is None:
        return Verdict("altered")
    row = session.scalar(select(Pass).where(Pass.serial == told.serial))
    if row is None:
        return Verdict("unknown", told)
    return _of_row(seal, row, now, zone, told)


def _of_row(seal: Seal, row: Pass, now: datetime, zone: tzinfo, told: Facts | None = None) -> Verdict:
    """The row must say what was signed when it was issued, and what the paper says."""
    facts = paper.from_row(row, zone)
    if seal.fields(row.code) != paper.values(facts) or told not in (None, facts):
        return Verdict("altered")
    if row.withdrawn_at is not None:
        return Verdict("withdrawn", facts)
    return Verdict(_by_time(facts, now.astimezone(zone), zone), facts)


def _by_time(facts: Facts, now: datetime, zone: tzinfo) -> str:
    if now >= paper.valid_to(facts, zone):
        return "expired"
    if now.date() in facts.dates:
        return "valid"
    return "not_yet" if now < paper.valid_from(facts, zone) else "not_today"
