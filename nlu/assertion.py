"""Whether a complaint is there: denied, over, past, supposed, hearsay, figurative (words in data/lexicon/cues.csv)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlu.cuewords import ASKING, Cue, Cues
from nlu.findings import Finding, Status

_STRONG = re.compile(r"[。!！?？;；\n]")
_WEAK = re.compile(r"[。!！?？;；\n,，]|(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])")
_SILENT = frozenset(["symptom", "disease", "exposure"])
"""Kinds of concept that a past makes past; a treatment or request stays what it is."""
_REACH = 20
"""Characters that a supposition reaches at most: speech turned to text has no commas to end it."""
_DENIABLE = _SILENT | {"qualifier"}
_TIME_OF_NOW = re.compile(r"今|现|目前|眼下|刚|方才|昨|前天|这|最近|近|从昨|此刻|正在|当前|本次")
"""Words of the present that end a supposition; 突然 and 半夜 only say how it would come."""
_SUPPOSED_OUT = re.compile(r"已经|(?:就|怎么办|咋办|要不要|应该|该怎么|吗|呢)[^ ]{0,8} ")
"""Where a supposition has had its conclusion, and what follows is told again."""
_IF_AFTER = re.compile(r"^[^。!?;,\n ]{0,6}的话(?![说题])")
_NUMERAL = re.compile(r"[\d一二两三四五六七八九十百几多半个]\s*$")
_UNSILENCED = frozenset(["sticky", "private"])
"""Flags of what is never taken for a mere supposition: whoever speaks of dying is asked."""


def assess(text: str, findings: Sequence[Finding], cues: Cues, named: bool = False) -> list[Finding]:
    """The findings with their status. `named`: somebody is spoken of, so nothing is taken for a figure of speech."""
    ordered = sorted(findings, key=lambda f: (f.start, f.end))
    scene = _Scene(text, ordered, cues, named)
    judged = [finding.with_status(scene.status(finding)) for finding in ordered]
    return [f.with_status(Status.PAST) if _part_of_past(f, judged) else f for f in judged]


def _part_of_past(finding: Finding, judged: Sequence[Finding]) -> bool:
    """惊厥 inside 去年热性惊厥 is as past as the longer words are."""
    return finding.kind in _SILENT and any(
        other.status is Status.PAST
        and all(
            any(s <= start and end <= e and end - start < e - s for s, e in other.pieces)
            for start, end in finding.pieces
        )
        for other in judged
    )


class _Scene:
    """One text with its cues, while the findings are judged."""

    def __init__(self, text: str, findings: Sequence[Finding], cues: Cues, named: bool) -> None:
        self.text = text
        self.named = named
        self.findings = findings
        self.cues = cues
        pieces = [piece for f in findings if f.kind != "qualifier" for piece in f.pieces]
        every = [cue for cue in cues.find(text) if cue.kind not in ASKING and not _is_length(text, cue)]
        self.every = every
        self.found = [c for c in every if not any(s <= c.start and c.end <= e for s, e in pieces)]

    def status(self, finding: Finding) -> Status:
        """The first reading that fits, the most certain ones first."""
        complaint = finding.kind in {"symptom", "exposure"}
        if self._hearsay(finding):
            return Status.OTHER
        if not self.named and "figurative" in finding.concept.flags and self._near("figure", finding):
            return Status.FIGURATIVE
        if complaint and self._names_thing(finding):
            return Status.MENTIONED
        denied = self._denied(finding) if finding.kind in _DENIABLE else None
        return denied or self._tense(finding, complaint)

    def _tense(self, finding: Finding, complaint: bool) -> Status:
        if finding.kind == "request":
            return Status.AFFIRMED
        if self._supposed(finding):
            return Status.SUPPOSED
        if finding.kind in _SILENT and self._past(finding):
            return Status.PAST
        return Status.OVER if complaint and self._over(finding) else Status.AFFIRMED

    def _hearsay(self, finding: Finding) -> bool:
        for cue in self.found:
            if (
                cue.kind == "hearsay"
                and cue.end <= finding.start
                and not re.match(r".{0,3}我", self.text[cue.end :])
            ):
                return True
            if (
                cue.kind == "stranger"
                and cue.end <= finding.start
                and not _WEAK.search(self.text, cue.end, finding.start)
            ):
                return True
        return False

    def _near(self, kind: str, finding: Finding) -> bool:
        begin = max((m.end() for m in _STRONG.finditer(self.text, 0, finding.start)), default=0)
        after = _STRONG.search(self.text, finding.end)
        end = after.start() if after else len(self.text)
        return any(c.kind == kind and begin <= c.start and c.end <= end for c in self.found)

    def _names_thing(self, finding: Finding) -> bool:
        return bool(self.cues.begins(self.text[finding.end :], "thing"))

    # denied -------------------------------------------------------------------------------------

    def _denied(self, finding: Finding) -> Status | None:
        inner = self._inner_denial(finding)
        if inner:
            return Status.OVER if self._ends_now(finding) else Status.DENIED
        before = self._cue_before(finding, {"deny", "ask"})
        if before is not None:
            if before.kind == "ask":
                return Status.SUPPOSED
            return Status.OVER if self._ends_now(finding) else Status.DENIED
        return self._denied_after(finding)

    def _inner_denial(self, finding: Finding) -> bool:
        """肚子|不|痛: the denial stands in the gap, and only fillers behind it."""
        for (_, left), (right, _) in zip(finding.pieces, finding.pieces[1:], strict=False):
            inside = [c for c in self.every if c.kind == "deny" and left <= c.start and c.end <= right]
            if any(not self.cues.eat(self.text[cue.end : right], ("filler",)) for cue in inside):
                return True
        return False

    def _ends_now(self, finding: Finding) -> bool:
        """不咳了: it was there, and is over."""
        return self.text[finding.end : finding.end + 1] == "了"

    def _cue_before(self, finding: Finding, kinds: set[str]) -> Cue | None:
        """The nearest such cue from which only fillers, list words and other complaints lead to the finding."""
        for cue in reversed(self.found):
            if cue.end <= finding.start and cue.kind in kinds:
                if self._chained(cue.end, finding.start):
                    return cue
                return None
        return None

    def _chained(self, begin: int, end: int) -> bool:
        """Whether begin … end is a plain list: 没有|红肿、发热和|疼痛; a comma only when the list is closed with 等."""
        at, listed, separated = begin, 0, False
        while at < end:
            inside = next((f for f in self.findings if f.start == at and f.end <= end and f.end > at), None)
            if inside is not None:
                at = max(f.end for f in self.findings if f.start == at and f.end <= end)
                listed += 1
                continue
            rest = self.text[at:end]
            left = self.cues.eat(rest, ("filler", "link"))
            if len(left) < len(rest):
                at = end - len(left)
                continue
            if self.text[at] not in ", ，" or (self.text[at] != " " and not listed):
                return False
            separated = separated or listed > 0
            at += 1
        return not separated or self._closed_list(end)

    def _closed_list(self, at: int) -> bool:
        """From here to the end of the sentence nothing but complaints and separators, closed by 等 or as a bare list."""
        count = 0
        while at < len(self.text) and not _STRONG.match(self.text, at):
            ends = [f.end for f in self.findings if f.start <= at < f.end]
            if ends:
                at, count = max(ends), count + 1
                continue
            if self.cues.begins(self.text[at:], "list_end"):
                return True
            left = self.cues.eat(self.text[at:], ("link",))
            if left != self.text[at:]:
                at = len(self.text) - len(left)
            elif self.text[at] in ", ，":
                at += 1
            else:
                return False
        return count >= 2

    def _denied_after(self, finding: Finding) -> Status | None:
        """发烧没有, 咳嗽、胸痛都没有; 发烧吗 only asks."""
        at = finding.end
        while at < len(self.text):
            ends = [f.end for f in self.findings if f.start == at]
            if not ends:
                left = self.cues.eat(self.text[at:], ("link", "link_after"))
                if left == self.text[at:]:
                    break
                at = len(self.text) - len(left)
                continue
            at = max(ends)
        tail = self.text[at : at + 8]
        asked = self.cues.begins(tail, "ask_after")
        if asked and at == finding.end:
            return Status.SUPPOSED
        word = self.cues.begins(tail, "deny_after")
        if word and _closes(self.text, at + len(word)):
            return Status.DENIED
        return None

    # other readings -----------------------------------------------------------------------------

    def _supposed(self, finding: Finding) -> bool:
        if finding.concept.flags >= _UNSILENCED:
            return False
        if _IF_AFTER.match(self.text[finding.end :]):
            return True
        for cue in self.found:
            if cue.end > finding.start:
                continue
            between = self.text[cue.end : finding.start]
            if cue.kind == "suppose" and self._supposes(cue, finding, between):
                return True
            if cue.kind == "fear" and len(between) <= 6 and not _WEAK.search(between):
                return True
        return False

    def _supposes(self, cue: Cue, finding: Finding, between: str) -> bool:
        """Up to the next comma, not far, and not past a word that comes back to the present."""
        if (
            len(between) > _REACH
            or re.search(r"[。!！?？;；\n,，]", between)
            or _SUPPOSED_OUT.search(between)
        ):
            return False
        return not any(
            c.kind == "now"
            and cue.end <= c.start < finding.start
            and _TIME_OF_NOW.match(self.text[c.start : c.end])
            for c in self.found
        )

    def _past(self, finding: Finding) -> bool:
        after = self.cues.begins(self.text[finding.end :], "history_after")
        if after and finding.kind != "disease":
            return True
        if finding.kind == "disease" and self.text[finding.end : finding.end + 1] == "过":
            return not self._relapsed(finding)
        begin = max((m.end() for m in _WEAK.finditer(self.text, 0, finding.start)), default=0)
        if begin and not self.text[:begin].endswith(("。", "!", "?", ";", "\n")):
            begin = self._joined_cue(begin)
        # 去年脑出血 may be one way of saying of a disease, and 小孩…惊厥 holds its time in the gap
        cues, core = self.every if finding.kind == "disease" else self.found, finding.pieces[-1][0]
        timing = [c for c in cues if c.kind in {"past", "now"} and begin <= c.start and c.end <= core]
        return bool(timing) and timing[-1].kind == "past" and not self._relapsed(finding)

    def _joined_cue(self, begin: int) -> int:
        """A past word that stands alone before a space belongs to the next clause: 以前 中风过."""
        for cue in self.found:
            if cue.kind == "past" and begin - 1 <= cue.end <= begin:
                return cue.start
        return begin

    def _relapsed(self, finding: Finding) -> bool:
        """以前脑梗过,今天又犯了."""
        later = [
            f.start for f in self.findings if f.start >= finding.end and f.kind in {"symptom", "disease"}
        ]
        limit = min([finding.end + 16, *later])
        return any(c.kind == "relapse" and finding.end <= c.start < limit for c in self.found)

    def _over(self, finding: Finding) -> bool:
        for cue in self.found:
            if cue.kind != "over" or cue.end <= finding.start:
                continue
            if cue.start <= finding.start:
                return True
            if self._reaches_back(cue, finding):
                return True
        return False

    def _reaches_back(self, cue: Cue, finding: Finding) -> bool:
        """The complaint nearest before the cue, those listed with it, or all when the cue is a clause of its own."""
        between = self.text[finding.end : cue.start]
        others = [
            f for f in self.findings if f.kind == "symptom" and finding.end <= f.start and f.end <= cue.start
        ]
        again = any(c.kind == "not_over" and finding.end <= c.start <= cue.start for c in self.found)
        if (
            again
            or len(between) > 30
            or any(f.start >= cue.end and f.name == finding.name for f in self.findings)
        ):
            return False
        if not others and len(between) <= 12 and not _WEAK.search(self.text, finding.end, cue.start):
            return True
        return self._own_clause(cue) or self._chained(finding.end, cue.start)

    def _own_clause(self, cue: Cue) -> bool:
        """现在好了, 今天人没事了: nothing in the clause of the cue that could be what is over."""
        begin = max((m.end() for m in _WEAK.finditer(self.text, 0, cue.start)), default=0)
        return not self.cues.eat(self.text[begin : cue.start], ("now", "lead"))


def _is_length(text: str, cue: Cue) -> bool:
    """小时 of 24小时 is no childhood."""
    return text[cue.start : cue.end] == "小时" and bool(_NUMERAL.search(text[: cue.start]))


def _closes(text: str, at: int) -> bool:
    """Nothing follows in the clause."""
    rest = re.match(r"[的啊呀哦哈呢啦了]*", text[at:])
    at += rest.end() if rest else 0
    return at >= len(text) or bool(re.match(r"[\s。!！?？;；,，\n)、]", text[at:]))
