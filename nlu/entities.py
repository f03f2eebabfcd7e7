"""What the text says of a patient, in the keys of the analyse format."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nlu.by_place import ByPlace
from nlu.findings import Finding, Status
from nlu.lexicon import Lexicon
from nlu.mention import Mention
from nlu.understanding import Entities

SINGLE = (
    "age",
    "age_months",
    "sex",
    "town",
    "address",
    "phone",
    "duration_h",
    "temp",
    "spo2",
    "sbp",
    "dbp",
    "hr",
    "glucose",
    "gestation",
    "parity",
    "dialysis_gap_days",
    "days_left",
    "covid",
    "orig_hospital",
    "private",
)
SHARED = frozenset(["town", "address", "phone", "orig_hospital", "private", "covid"])
"""Said once in a heading, they hold for everybody in the list."""


def entities(
    findings: Sequence[Finding], mentions: Sequence[Mention], shared: Sequence[Mention], lexicon: Lexicon
) -> Entities:
    """Entities of one patient; of two values the first, a heading's only where the patient has none."""
    found: Entities = {}
    for mention in [*mentions, *(m for m in shared if m.kind in SHARED)]:
        if mention.kind in SINGLE:
            found.setdefault(mention.kind, mention.value)
    if "age" in found and "age_months" in found:
        del found["age_months" if _first(mentions, "age") else "age"]
    terms = {
        "symptoms": _terms((f for f in findings if f.kind == "symptom" and f.current), findings, lexicon),
        "negated": _terms(
            (f for f in findings if f.status is Status.DENIED and f.kind in _DENIABLE), findings, lexicon
        ),
        "history": _terms((f for f in findings if _historic(f)), findings, lexicon),
        "drugs": list(dict.fromkeys(str(m.value) for m in mentions if m.kind == "drug")),
    }
    found.update({key: value for key, value in terms.items() if value})
    return found


_DENIABLE = frozenset(["symptom", "disease", "exposure"])


def _first(mentions: Sequence[Mention], kind: str) -> bool:
    """Whether `age` comes before `age_months`."""
    order = [m.kind for m in mentions if m.kind in {"age", "age_months"}]
    return order[0] == kind


def _historic(finding: Finding) -> bool:
    if finding.kind == "disease":
        return finding.status in {Status.AFFIRMED, Status.PAST, Status.OVER}
    return finding.kind in {"symptom", "exposure"} and finding.status is Status.PAST


def _terms(wanted: Iterable[Finding], findings: Sequence[Finding], lexicon: Lexicon) -> list[str]:
    """Names in text order, without a broader term said by the same words as a narrower one."""
    chosen = list(wanted)
    around = ByPlace(chosen)
    kept = [
        f for f in chosen if not any(_narrower(other, f, lexicon) for other in around.within(f.start, f.end))
    ]
    return list(dict.fromkeys(f.name for f in kept))


def _narrower(other: Finding, finding: Finding, lexicon: Lexicon) -> bool:
    """Whether `other` says the same more fully: a kind of it at the same place, or in words that hold its words."""
    if other.name == finding.name or other.start >= finding.end or finding.start >= other.end:
        return False
    return finding.name in lexicon.meanings(other.concept) or all(
        _inside(piece, other) for piece in finding.pieces
    )


def _inside(piece: tuple[int, int], other: Finding) -> bool:
    return any(s <= piece[0] and piece[1] <= e and e - s > piece[1] - piece[0] for s, e in other.pieces)
