"""What the text says of a patient, in the keys of the analyse format."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nlu.by_place import ByPlace
from nlu.drugs import group_names
from nlu.findings import Finding, Status
from nlu.lexicon import Lexicon
from nlu.listing import listing
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
LISTED_FEVER = 38.0
"""°C from which a reading alone is listed as a fever."""
_LOW_GLUCOSE = "低血糖"
_SEXES = {"M": "男", "F": "女"}
MARKS = frozenset([*_SEXES.values(), "孕"])
SHARED = frozenset(
    ["town", "address", "phone", "orig_hospital", "private", "covid", "age", "age_months", "sex"]
)
"""Said once in a heading, they hold for everybody in the list; who they are only where it speaks of several."""


def entities(
    findings: Sequence[Finding], mentions: Sequence[Mention], shared: Sequence[Mention], lexicon: Lexicon
) -> Entities:
    """Entities of one patient; of two values the first, a heading's only where the patient has none."""
    found: Entities = {}
    for mention in [*mentions, *(m for m in shared if m.kind in SHARED)]:
        if mention.kind in SINGLE:
            found.setdefault(mention.kind, mention.value)
    if "gestation" in found and found.get("sex") == "M":
        del found["sex"]  # 我老公确诊 本人怀孕39周
    if "age" in found and "age_months" in found:
        del found["age_months" if _first(mentions, "age") else "age"]
    highest = max((m.value for m in mentions if m.kind == "temp"), default=None)
    findings = [f for f in findings if not _only_measured(f, highest)]
    told = frozenset(f.name for f in findings if f.status is Status.AFFIRMED) | _marks(found)
    denied = [f for f in findings if _is_denied(f)]
    terms = {
        "symptoms": _terms((f for f in findings if _is_complaint(f)), told, lexicon),
        "negated": _terms(denied, told | {f.name for f in denied}, lexicon),
        "history": _terms((f for f in findings if _is_history(f)), told, lexicon),
        "drugs": list(
            dict.fromkeys(str(m.value) for m in mentions if m.kind == "drug" and m.value not in group_names())
        ),
    }
    said = frozenset(terms["symptoms"])
    terms["negated"] = [term for term in terms["negated"] if term not in said]
    found.update({key: value for key, value in terms.items() if value})
    return found


def _only_measured(finding: Finding, highest: float | None) -> bool:
    """What a reading alone says and no word: a low glucose, and 37.6; from 38 on people write 发热.

    The rules see both all the same, a temperature from 37.3.
    """
    if not finding.derived:
        return False
    warm = finding.name == "发热" and highest is not None and highest < LISTED_FEVER
    return warm or finding.name == _LOW_GLUCOSE


def _marks(found: Entities) -> frozenset[str]:
    """What the table of terms may ask of a patient beside the concepts told: 男, 女, 孕."""
    sex = _SEXES.get(str(found.get("sex")), "")
    return frozenset(mark for mark in (sex, "孕" if found.get("gestation") else "") if mark)


def _first(mentions: Sequence[Mention], kind: str) -> bool:
    """Whether `age` comes before `age_months`."""
    order = [m.kind for m in mentions if m.kind in {"age", "age_months"}]
    return order[0] == kind


def demands_privacy(findings: Sequence[Finding], category: str) -> bool:
    """Whether the matter is nobody else's business: flagged so by the table, or a psychiatric complaint."""
    own = [f for f in findings if f.status not in {Status.OTHER, Status.FIGURATIVE, Status.DENIED}]
    if any("private" in f.concept.flags and f.name not in listing().open for f in own):
        return True
    return category == "PSYCH" and any(f.kind == "symptom" and f.current for f in own)


def _is_complaint(finding: Finding) -> bool:
    """A symptom that is there now, or a disease or an injury that is itself the complaint (荨麻疹, 虫入耳)."""
    place = listing().place(finding.name)
    if finding.kind == "symptom" or (finding.kind in {"disease", "exposure"} and place == "symptoms"):
        return finding.current and place in {"", "symptoms"}
    return False


def _is_denied(finding: Finding) -> bool:
    """What the text denies: complaints and what happened; a disease he never had is nobody's negative finding."""
    return (
        finding.status is Status.DENIED
        and finding.kind in {"symptom", "exposure"}
        and listing().place(finding.name) != "none"
    )


def _is_history(finding: Finding) -> bool:
    """Diseases known from before, and complaints that are past."""
    place = listing().place(finding.name)
    if place == "none":
        return False
    if place == "history":
        return finding.status in {Status.AFFIRMED, Status.PAST}
    if finding.kind == "disease":
        known = finding.status in {Status.PAST, Status.OVER}
        return known or (finding.status is Status.AFFIRMED and place != "symptoms")
    return finding.kind in {"symptom", "exposure"} and finding.status is Status.PAST


def _terms(wanted: Iterable[Finding], told: frozenset[str], lexicon: Lexicon) -> list[str]:
    """Terms in text order, without a broader one beside a narrower, and without what longer words say more fully."""
    chosen = list(wanted)
    chosen = [f for f in chosen if listing().fits(f.name, told)]
    around = ByPlace(chosen)
    broader: set[str] = set()
    for finding in chosen:
        broader |= lexicon.meanings(finding.concept) - {finding.name}
    kept = [
        f
        for f in chosen
        if (f.name not in broader or listing().apart(f.name))
        and not any(
            _fuller(other, f, lexicon) and other.name not in lexicon.meanings(f.concept)
            for other in around.within(f.start, f.end)
        )
    ]
    names = frozenset(f.name for f in kept)
    terms = {
        f.name: listing().term(f.name, told)
        for f in kept
        if not listing().yields(f.name, names | (told & MARKS))
    }
    return list(dict.fromkeys(terms.values()))


def _fuller(other: Finding, finding: Finding, lexicon: Lexicon) -> bool:
    """Whether `other` says the same in words that hold the words of the finding, or those of its complaint.

    What is said of a part in so many words (胸口…剧痛) goes only to a complaint that has a part of its own (头痛).
    """
    if other.name == finding.name or other.start >= finding.end or finding.start >= other.end:
        return False
    if len(finding.pieces) > 1 and len(other.pieces) == 1 and _is_own(other):
        begin, end = finding.pieces[0]
        if end - begin == 1 or other.name in lexicon.of_a_part:
            return _inside(finding.pieces[-1], other)
    return all(_inside(piece, other) for piece in finding.pieces)


def _is_own(finding: Finding) -> bool:
    """Whether it is a finding of its own and no degree of another (手 … 冷 of 冷得发抖, but 头 … 痛 of 痛得睡不着)."""
    return (
        finding.kind == "symptom"
        and listing().place(finding.name) in {"", "symptoms"}
        and not listing().general(finding.name)
    )


def _inside(piece: tuple[int, int], other: Finding) -> bool:
    return any(s <= piece[0] and piece[1] <= e and e - s > piece[1] - piece[0] for s, e in other.pieces)
