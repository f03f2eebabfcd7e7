"""The real engine on the songjiang names, made once for all tests of this folder."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import cache

from spacy.tokens import Doc

from nlu.nlp import analyse
from nlu.normalise import normalise
from nlu.pipeline import Understander
from nlu.site_names import gazetteer
from nlu.tables import DATA
from nlu.understanding import Report, Understanding

AT = datetime.fromisoformat("2022-04-04T09:12:00+08:00")


@cache
def engine() -> Understander:
    return Understander(gazetteer(DATA / "sites" / "songjiang"))


@cache
def tables_alone() -> Understander:
    """Levels and specialties without the learned judges: what the tables say by themselves."""
    alone = Understander(gazetteer(DATA / "sites" / "songjiang"))
    alone.learned = replace(alone.learned, levels=None, specialties=None)
    return alone


def understand(text: str) -> Understanding:
    return engine().understand(text, AT)


def triaged(text: str) -> Report:
    """What the tables make of the findings of a text, whatever its act."""
    report = tables_alone().understand(text, AT).triage_hint
    assert report is not None
    return report


def seen(text: str) -> Doc:
    return analyse(engine()._nlp, normalise(text).text, AT)


def statuses(text: str) -> dict[str, str]:
    """Status of each concept but qualifiers."""
    return {f.name: f.status.value for f in seen(text)._.findings if f.kind != "qualifier"}


def parts(text: str) -> list[str]:
    """The patients' parts of a text."""
    doc = seen(text)
    return [doc.text[p.start : p.end].strip() for p in doc._.patients]
