"""Rules → level with reasons. The machine proposes; it only ever raises."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from nlu.conditions import Span
from nlu.facts import PatientFacts
from nlu.protocol import Protocol, Rule
from nlu.understanding import Reason

LOWEST = 4


@dataclass(frozen=True)
class Fired:
    """A rule that holds, with the places in the text it rests on."""

    rule: Rule
    level: int
    evidence: tuple[Span, ...]


@dataclass(frozen=True)
class Triage:
    """The level (1 highest) and the rules behind it: those of the level first, a raise at the end."""

    level: int
    fired: tuple[Fired, ...]
    raised: Fired | None = None
    suspected: Reason | None = None
    """Why the learned judge holds it for more urgent than the rules say."""
    ruled: int = LOWEST
    """The level by the rules alone, before any raise."""

    def reasons(self, quote: Callable[[Sequence[Span]], str]) -> tuple[Reason, ...]:
        """The suspicion, the raise, then the rules that decided."""
        deciding = [self.raised] if self.raised else []
        deciding += [fired for fired in self.fired if fired.level == self.ruled]
        rules = tuple(Reason(f.rule.id, f.level, quote(f.evidence), f.rule.why) for f in deciding)
        return (self.suspected, *rules) if self.suspected else rules

    def suspecting(self, level: int, rule: Rule, words: str) -> Triage:
        """The same one raised to `level` because of the words; never lowered."""
        if level >= self.level:
            return self
        return replace(self, level=level, suspected=Reason(rule.id, level, words, rule.why))


def triage(facts: PatientFacts, protocol: Protocol) -> Triage:
    """Any one rule suffices, the highest level wins, then at most one raise."""
    candidates = protocol.rule_lookup.among(facts.keys())
    fired = sorted(
        (f for f in (attempt(rule, facts, rule.level) for rule in candidates) if f), key=lambda f: f.level
    )
    level = min((f.level for f in fired), default=LOWEST)
    facts.now_known("level", level)
    raised = _raise(level, fired, facts, protocol) if level > 1 else None
    return Triage(raised.level if raised else level, tuple(fired), raised, ruled=level)


def attempt(rule: Rule, facts: PatientFacts, level: int) -> Fired | None:
    """The rule with its evidence when it holds."""
    evidence = rule.when.evaluate(facts)
    if evidence is None or (rule.unless is not None and rule.unless.evaluate(facts) is not None):
        return None
    return Fired(rule, level, evidence)


def _raise(level: int, fired: Sequence[Fired], facts: PatientFacts, protocol: Protocol) -> Fired | None:
    """One level up for a group at risk with an acute symptom, unless a deciding rule has weighed the group already."""
    acute = facts.acute()
    if acute is None:
        return None
    weighed = {name for f in fired if f.level == level for name in protocol.weighed[f.rule.id]}
    for rule in protocol.raises:
        if weighed & protocol.weighed[rule.id]:
            continue
        found = attempt(rule, facts, level - 1)
        if found is not None:
            return Fired(rule, level - 1, (*acute.pieces, *found.evidence))
    return None
