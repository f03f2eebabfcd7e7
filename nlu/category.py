"""Category with tags, disposition, what is missing, first-aid line: all from tables of data/protocol."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from nlu.candidates import Candidates
from nlu.facts import PatientFacts
from nlu.protocol import Choice, Protocol
from nlu.understanding import is_known

UNTAGGED = frozenset(["CRITICAL", "CHRONIC", "OTHER", "CONSULT", "NONMED"])
"""Categories that say nothing beside another one."""


def holding(rows: Candidates[Choice], facts: PatientFacts) -> Iterator[Choice]:
    """The rows that apply, in the order of their table; a row without condition always does."""
    for row in rows.among(facts.keys()):
        if row.when is None or row.when.evaluate(facts) is not None:
            yield row


def categories(facts: PatientFacts, protocol: Protocol) -> tuple[str, tuple[str, ...]]:
    """The primary category and its tags. The chosen one is known to later conditions."""
    fitting = list(dict.fromkeys(c.code for c in holding(protocol.category_lookup, facts)))
    primary = fitting[0] if fitting else "OTHER"
    tags = tuple(code for code in fitting[1:] if code not in UNTAGGED)
    facts.words["category"] = frozenset([primary])
    return primary, tags


def disposition(facts: PatientFacts, protocol: Protocol) -> str:
    """The first row that holds."""
    code = next((c.code for c in holding(protocol.disposition_lookup, facts)), "HUMAN")
    facts.words["disposition"] = frozenset([code])
    return code


def missing(facts: PatientFacts, entities: Mapping[str, Any], protocol: Protocol) -> tuple[str, ...]:
    """Items to ask for, the weightiest first, without what the text already says."""
    wanted = dict.fromkeys(c.code for c in holding(protocol.missing_lookup, facts))
    return tuple(item for item in wanted if not is_known(item, entities))


def first_aid(facts: PatientFacts, protocol: Protocol) -> str:
    """The line to say at once at level Ⅰ and Ⅱ, else nothing."""
    return next((c.text for c in holding(protocol.firstaid_lookup, facts)), "")
