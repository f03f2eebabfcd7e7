"""The spaCy pipeline that carries the clinical components: spacy.blank("zh"), jieba's words, our own components.

spaCy has no trained Chinese model on the registries, and none is needed: the knowledge is in the tables.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import spacy
from spacy.lang.zh import Segmenter
from spacy.language import Language
from spacy.tokens import Doc, SpanGroup

from nlu.assertion import assess
from nlu.by_place import ByPlace
from nlu.compose import compose
from nlu.conditions import Span
from nlu.cuewords import Cues
from nlu.dialect import plain
from nlu.findings import Finding
from nlu.gazetteer import Gazetteer
from nlu.lexicon import Concept, Lexicon, load_lexicon
from nlu.listing import listing
from nlu.matcher import Hit, Matcher, Word
from nlu.mention import Mention, hide
from nlu.mentions import extract
from nlu.patient import Patient
from nlu.persons import Persons
from nlu.protocol import Protocol, load_protocol
from nlu.segmenter import WordBook, segmenter
from nlu.segments import Scene, looked_at, patients
from nlu.short import short_complaints, split_by_denial
from nlu.tables import Faults
from nlu.wechat import silent_spans

_TOPIC = re.compile(r"#[^#\n]{3,40}#|(?<=\S)//@.*|(?:^|(?<=\n))[\u4e00-\u9fff]{2,8}类\s*[:：]", re.DOTALL)
"""A topic, the heading of a list (外伤感染类:), and what follows the mark of a forwarded post."""
_ENDLESS = re.compile(r"[\u4e00-\u9fd5]{400}")
_PIECE = re.compile(r"(?:.{1,400}(?![\u4e00-\u9fd5])|.{1,400})", re.DOTALL)
_CLAUSE_TOLD = re.compile(r"[\u4e00-\u9fff]{2}[^\u4e00-\u9fff]*[\s,。;!?]")
"""Something said up to the end of a clause."""
_OPERATED = re.compile(
    r"的?(?:根治|切除|微创)?(?:术后|手术后|手术(?=[\d一二三四五六七八九十两半]|做|完)|切[掉除了]|开好|开掉|开过刀|开刀)"
)
EXTENSIONS = ("at", "written", "text", "cues", "findings", "mentions", "people", "patients", "scene")


@dataclass(frozen=True)
class Knowledge:
    """Everything the components look things up in."""

    lexicon: Lexicon
    matcher: Matcher
    cues: Cues
    persons: Persons
    gazetteer: Gazetteer
    known_words: WordBook


@Language.factory("clinical_concepts")
class ConceptFinder:
    """Doc._.findings: concepts of the lexicon, also composed of part and complaint; doc.spans["concepts"]."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.knowledge: Knowledge | None = None

    def __call__(self, doc: Doc) -> Doc:
        known = _bound(self.knowledge)
        # what others wrote and what a topic is called is not said by this message
        written: str = doc._.written
        text = hide(written, [*silent_spans(written), *(m.span() for m in _TOPIC.finditer(written))])
        hits = known.matcher.find(text, _words(doc, known), known.known_words)
        hits = [*hits, *_in_plain_words(text, hits, known)]
        composed = list(compose(text, hits, known.lexicon))
        findings = [
            Finding(c.concept, c.pieces[0][0], max(end for _, end in c.pieces), c.pieces) for c in composed
        ]
        findings_by_parts = [f.pieces for f in findings if len(f.pieces) > 1]
        of_parts = [
            *findings_by_parts,
            *(h.pieces for h in hits if h.role == "concept" and len(h.pieces) > 1),
        ]
        used = {(f.concept.name, f.start) for f in findings}
        taken = ByPlace(findings)
        parts = ByPlace(hit for hit in hits if hit.role == "part")
        whole = ByPlace(hit for hit in hits if hit.role == "concept" and parts.at(hit.start))
        for hit in hits:
            concept = known.lexicon.concepts.get(hit.name)
            if hit.role not in {"concept", "qualifier"} or concept is None or (hit.name, hit.start) in used:
                continue
            if len(hit.pieces) > 1 and (
                _between_two(text, hit.pieces, findings_by_parts, whole.at(hit.start), parts)
                or _begins_another(hit.pieces, parts.at(hit.start), of_parts)
            ):
                continue
            characters = hit.characters()
            if hit.role == "concept" and any(characters < _characters(f) for f in taken.at(hit.start)):
                continue  # 痛 of 膝盖|痛, 胸口闷 of 胸口|闷痛: part of the composition
            findings.append(Finding(concept, hit.start, hit.end, hit.pieces))
        findings = [_operated(text, finding) for finding in findings]
        findings += _spoken_short(text, findings, known)
        doc._.text = text
        doc._.cues = known.cues
        doc._.findings = findings
        return doc


def _in_plain_words(text: str, hits: Sequence[Hit], known: Knowledge) -> Iterator[Hit]:
    """What is said in the words of Shanghai or Canton and the tables know in plain Chinese: 吃勿落 is 吃不落.

    What the text says as it stands goes before; a drug's name stays what it is.
    """
    said_plainly = plain(text)
    if said_plainly == text:
        return
    changed = {at for at, (one, other) in enumerate(zip(text, said_plainly, strict=True)) if one != other}
    words = list(_words_of(said_plainly, known))
    drugs = ByPlace(hit for hit in hits if hit.role == "drug")
    said = ByPlace(hit for hit in hits if hit.role != "drug")
    for hit in known.matcher.find(said_plainly, words, known.known_words):
        new = hit.characters() & changed and hit.role in {"concept", "complaint"}
        if not new or any(drugs.at(at) for at in hit.characters()):
            continue
        if not any(hit.characters() <= other.characters() for other in said.at(hit.start)):
            yield hit


def _begins_another(pieces: Sequence[Span], parts: Sequence[Hit], told: Sequence[Sequence[Span]]) -> bool:
    """手 of 手腕…肿: another part's name only begins with it, and the complaint is that one's."""
    first, last = pieces[0], pieces[-1]
    longer = {(part.start, part.end) for part in parts if part.start == first[0] and first[1] < part.end}
    if first[1] - first[0] > 1 or not longer:
        return False
    return any(part in longer and _meet(other, last) for part, *_, other in told)


def _between_two(
    text: str,
    pieces: Sequence[Span],
    composed: Sequence[Sequence[Span]],
    whole: Sequence[Hit],
    parts: ByPlace[Hit],
) -> bool:
    """右手没力气 嘴也歪了: 手 has its complaint already and 歪了 a nearer part, so that 手…歪了 is neither.

    手脚有力 就是嗓子痒: what is said of the first part ends before the nearer one, so that 手脚…痒 is neither.
    `whole`: what is said in one of the part that is the first piece, 手抬不起来.
    """
    first, last = pieces[0], pieces[-1]
    if not any(part.start < first[1] for part in parts.at(first[0])):
        return False  # 拎了一把…垂着 says by itself whose complaint it is
    settled = any(_meet(part, first) and other[1] <= last[0] for part, *_, other in composed)
    settled = settled or any(len(hit.pieces) == 1 and first[1] < hit.end <= last[0] for hit in whole)
    nearer = [part for part, *_, other in composed if _meet(other, last) and part[0] >= first[1]]
    nearer += [(part.start, part.end) for part in parts.at(last[0] - 1) if part.start >= first[1]]
    return any(settled or _CLAUSE_TOLD.search(text, first[1], part[0]) for part in nearer)


def _meet(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


@Language.factory("clinical_assertion")
class AssertionJudge:
    """Gives every finding its status (affirmed, denied, over, past …) and fills doc.spans["concepts"]."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.knowledge: Knowledge | None = None

    def __call__(self, doc: Doc) -> Doc:
        known = _bound(self.knowledge)
        doc._.people = known.persons.find(doc._.text, [(t.idx, t.idx + len(t)) for t in doc])
        doc._.findings = assess(
            doc._.written,
            doc._.findings,
            known.cues,
            named=bool(doc._.people),
            year=doc._.at.year if doc._.at else None,
        )
        spans = [
            doc.char_span(f.start, f.end, label=f.name, span_id=f.status.value, alignment_mode="expand")
            for f in doc._.findings
        ]
        doc.spans["concepts"] = SpanGroup(doc, name="concepts", spans=[s for s in spans if s is not None])
        return doc


@Language.factory("clinical_measures")
class MeasureFinder:
    """Doc._.mentions: ages, measures, places, drugs; doc.spans["measures"]. Doc._.at is the time of the message."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.knowledge: Knowledge | None = None

    def __call__(self, doc: Doc) -> Doc:
        known = _bound(self.knowledge)
        mentions: list[Mention] = sorted(
            extract(doc._.written, doc._.at, known.gazetteer, _ailing(doc._.findings)),
            key=lambda m: m.start,
        )
        doc._.mentions = mentions
        spans = [doc.char_span(m.start, m.end, label=m.kind, alignment_mode="expand") for m in mentions]
        doc.spans["measures"] = SpanGroup(doc, name="measures", spans=[s for s in spans if s is not None])
        return doc


@Language.factory("clinical_patients")
class PatientSplitter:
    """Doc._.patients: one span a patient in the order of the text; doc.spans["patients"]."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.knowledge: Knowledge | None = None

    def __call__(self, doc: Doc) -> Doc:
        known = _bound(self.knowledge)
        people = looked_at(doc._.people, doc._.findings)
        doc._.scene = Scene(doc._.written, doc._.findings, doc._.mentions, people, known.persons)
        found: tuple[Patient, ...] = patients(doc._.scene)
        doc._.patients = found
        spans = [doc.char_span(p.start, p.end, label="patient", alignment_mode="expand") for p in found]
        doc.spans["patients"] = SpanGroup(doc, name="patients", spans=[s for s in spans if s is not None])
        return doc


def _ailing(findings: Sequence[Finding]) -> list[Span]:
    """Where complaints stand that are there now: a length beside one is how long it has been."""
    told = (one for one in findings if one.kind == "symptom" and one.current)
    return [piece for one in told if listing().place(one.name) != "none" for piece in one.pieces]


COMPONENTS = ("clinical_concepts", "clinical_assertion", "clinical_measures", "clinical_patients")


@dataclass(frozen=True)
class Read:
    """The tables as they are read: what the components and the rules look things up in, but for the place's names."""

    lexicon: Lexicon
    protocol: Protocol
    matcher: Matcher
    cues: Cues
    persons: Persons


def read_tables(data: Path, faults: Faults) -> Read:
    """All of them. What only the matcher needs is given to nobody else: it is most of them."""
    lexicon = load_lexicon(data, faults)
    protocol = load_protocol(lexicon, data, faults)
    protocol.make_ready()
    matcher = Matcher(lexicon)
    lexicon = replace(lexicon, phrases=[])
    return Read(lexicon, protocol, matcher, Cues(data, faults), Persons(data, faults))


def build(read: Read, gazetteer: Gazetteer) -> Language:
    """The pipeline, ready to be called with a text's Doc (make_doc) whose _.at is set."""
    nlp = spacy.blank("zh")
    tokenizer: Any = nlp.tokenizer
    tokenizer.segmenter, tokenizer.jieba_seg = Segmenter.jieba, segmenter()
    for name in EXTENSIONS:
        if not Doc.has_extension(name):
            Doc.set_extension(name, default=None)
    knowledge = Knowledge(read.lexicon, read.matcher, read.cues, read.persons, gazetteer, segmenter().FREQ)
    for name in COMPONENTS:
        component: Any = nlp.add_pipe(name)
        component.knowledge = knowledge
    analyse(
        nlp, "居民3岁,发热38.5", datetime.now().astimezone()
    )  # compiles patterns before the first message
    return nlp


def analyse(nlp: Language, text: str, at: datetime) -> Doc:
    """A normalised text with everything found in it."""
    doc = nlp.make_doc(text) if _ENDLESS.search(text) is None else _in_pieces(nlp, text)
    doc._.at, doc._.written = (
        at,
        text,
    )  # a Doc would put its text together from its words each time it is asked
    for _, component in nlp.pipeline:
        doc = component(doc)
    return doc


def _in_pieces(nlp: Language, text: str) -> Doc:
    """The same for a text that goes on without any sign: the segmenter's time grows with the square of a run."""
    tokens = [token for piece in _PIECE.findall(text) for token in nlp.make_doc(piece)]
    return Doc(nlp.vocab, words=[t.text for t in tokens], spaces=[bool(t.whitespace_) for t in tokens])


def _characters(finding: Finding) -> set[int]:
    return {at for start, end in finding.pieces for at in range(start, end)}


def _operated(text: str, finding: Finding) -> Finding:
    """食管癌|术后, 脑膜瘤|切掉三年: the disease is known as operated on."""
    concept = finding.concept
    if concept.kind != "disease" or concept.name.endswith(("术后", "手术后")):
        return finding
    if not _OPERATED.match(text, finding.end):
        return finding
    broader = (concept.name, *concept.broader)
    return replace(
        finding,
        concept=Concept(concept.name + "术后", "disease", concept.specialties, broader, concept.flags),
    )


def _spoken_short(text: str, findings: Sequence[Finding], known: Knowledge) -> list[Finding]:
    """Complaints in a character or two, and those around a denial, where nothing longer is said."""
    taken = {
        at for f in findings if f.kind != "qualifier" for start, end in f.pieces for at in range(start, end)
    }
    denials = {at for cue in known.cues.find(text) if cue.kind == "deny" for at in range(cue.start, cue.end)}
    found = []
    for concept, start, end in short_complaints(text, denials, known.lexicon):
        if taken.isdisjoint(range(start, end)):
            found.append(Finding(concept, start, end, ((start, end),)))
            taken.update(range(start, end))
    again = split_by_denial(
        text,
        known.matcher.said,
        lambda cut: known.matcher.find(cut, (), known.known_words),
        known.lexicon,
    )
    for hit in again:
        if taken.isdisjoint(hit.characters()):
            found.append(Finding(known.lexicon.concepts[hit.name], hit.start, hit.end, hit.pieces))
            taken |= hit.characters()
    return found


def _words_of(text: str, known: Knowledge) -> Iterator[Word]:
    """The words of a text that is no Doc, piece by piece: the segmenter's time grows with the square of a run."""
    for piece in _PIECE.finditer(text):
        for word, start, end in segmenter().tokenize(piece.group()):
            yield Word(piece.start() + start, piece.start() + end, word, bool(known.known_words.get(word)))


def _words(doc: Doc, known: Knowledge) -> list[Word]:
    return [Word(t.idx, t.idx + len(t), t.text, bool(known.known_words.get(t.text))) for t in doc]


def _bound(knowledge: Knowledge | None) -> Knowledge:
    if knowledge is None:
        raise RuntimeError("the clinical components must be added by nlu.nlp.build")
    return knowledge
