"""From a text to an Understanding: normalise, find, judge, split into patients, triage, act."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from spacy.tokens import Doc

from nlu.acts import ActDecision, Chances, Held, classify, marks_of
from nlu.alarm import alarmed
from nlu.answers import read_answer, settled_items
from nlu.by_hospital import instead, nobodys, offered, passes_on, shares, told_apart
from nlu.called import called
from nlu.case_numbers import by_number
from nlu.category import categories, disposition, first_aid, missing
from nlu.clauses import fold
from nlu.conditions import Span
from nlu.cues import word_class
from nlu.details import details
from nlu.entities import demands_privacy, entities
from nlu.facts import PatientFacts
from nlu.features import DANGER, ActFeatures
from nlu.featuring import features
from nlu.findings import Finding
from nlu.gazetteer import Gazetteer
from nlu.hospital_status import status
from nlu.houses import houses
from nlu.kept import MODELS, made_once
from nlu.learned import Learned, Said, load_learned
from nlu.marks import marks
from nlu.matter import asks_of_health, has_matter, is_mere_errand, tells_only_who
from nlu.mention import Mention, hide
from nlu.nlp import analyse, build, read_tables
from nlu.normalise import Normalised, normalise
from nlu.patient import Patient
from nlu.pointers import point
from nlu.pointing import points_only, says, upkeep
from nlu.questions import asked_for, asked_of_the_bot
from nlu.rescue import MEDICINE_QUESTION, is_advice, rescue
from nlu.second_acts import ON_THE_WAY
from nlu.segments import Scene
from nlu.sentences import SHARE, is_hard, load_sentences
from nlu.specialty import NOBODY, specialties
from nlu.stating import STATED, states
from nlu.suspicion import mixed, suspected
from nlu.tables import DATA, Faults
from nlu.triage import LOWEST, Triage, triage
from nlu.understanding import ActSpan, Answer, Entities, Pointers, Report, Understanding

WRITTEN_AS_REPORT = 0.55
"""Learned probability from which a report needs no word that a table knows."""
RASA_SHARE = 0.15
"""That of Rasa's classifier, which has seen a sixth of the reports that our own judge has; with 0.33 six of 1,783 acts
more were wrong."""
_NEWS = frozenset(["update", "correct"])
"""Acts that bring something about a known patient."""
_MISTAKEN = frozenset(["chatter", "consult", "notice", "rumour", "assign"])
"""Acts that a bare name with an address may be mistaken for."""
SURELY = 0.6
"""Learned probability from which it is none of these mistakes."""
_OF_A_HOSPITAL = frozenset(["accept", "decline", "transfer", "assign", "hospital_status"]) | ON_THE_WAY
"""Acts in which a town's name may stand for its hospital: 泗泾接了."""
_WHO = frozenset(["age", "age_months", "sex"])
_WHEREABOUTS = frozenset(["town", "address", "phone"])
ERRANDS = frozenset([MEDICINE_QUESTION, "车辆接送"])
"""Requests that are known by nobody: 车来接了."""
KNOWN_BY = frozenset(["age", "age_months", "sex", "town", "address", "institution", "drug", "gestation"])
"""Kinds of mentions that tell one patient from another when somebody is asked which one he means."""


@dataclass(frozen=True)
class _Part:
    """One patient's part of the message: what is known of the patient from it, and what the rules make of that."""

    patient: Patient
    words: str
    clinical: str
    """The words without where somebody lives and how to reach him, which tells nothing of how ill he is."""
    facts: PatientFacts
    said: Entities
    ruled: Triage
    kin: tuple[str, ...]

    def said_to_judge(self) -> Said:
        """What the learned judges look at."""
        return Said(self.clinical, marks(self.facts, self.ruled, len(self.words)))


class Understander:
    """The engine without a trained model. Building it reads all tables; understanding is a few milliseconds."""

    def __init__(
        self,
        gazetteer: Gazetteer,
        data: Path = DATA,
        *,
        models: Path | None = MODELS,
        phase: str = "LOCKDOWN",
        strict: bool = False,
    ) -> None:
        """`phase` is the policy phase of the site; without `models` the tables decide alone. With `strict` a faulty
        table raises TableError, else it is left out and listed in `faults`."""
        self.phase = phase
        self.gazetteer = gazetteer
        collected = Faults(strict=strict)
        with _lasting():
            self.learned = load_learned(data, models) if models else Learned()
            self.sentences = load_sentences(collected, data) if models else None
            read = made_once(
                "tables",
                lambda: read_tables(data, collected),
                data,
                models,
                worth=lambda _: not collected.found,
            )
            self.lexicon, self.protocol = read.lexicon, read.protocol
            self._nlp = build(read, gazetteer)
            # what the first message would wait for is loaded by one
            self.understand("收到", datetime.now().astimezone())
        self.faults = collected.found

    def understand(
        self,
        text: str,
        at: datetime,
        *,
        intents: Sequence[tuple[str, float]] | None = None,
        role: str | None = None,
    ) -> Understanding:
        """What `text`, written at `at`, means. `intents` is a trained classifier's ranking, if there is one."""
        normal = normalise(text)
        doc = analyse(self._nlp, normal.text, at)
        parts = [self._part(doc, patient, normal) for patient in doc._.patients]
        everything = Patient(0, len(normal.text))
        whole = parts[0] if doc._.patients == (everything,) else self._part(doc, everything, normal)
        level = min(part.ruled.level for part in (*parts, whole))
        told = features(doc, 0, len(normal.text), level)
        state = status(text, at, self.gazetteer, role)

        def opinion(part: str, shown: frozenset[str]) -> Sequence[Held]:
            """The learned judge's; for the whole message the second opinions too."""
            judge = self.learned.acts
            own = judge.probabilities(part, shown) if judge else {}
            others = self._second_opinions(part, own, intents or ()) if part == normal.text else ()
            return [held for held in (Held(own, 1.0), *others) if held.chances]

        decision = classify(
            normal.text,
            told,
            opinion,
            role=role,
            state_said=state is not None,
            within=lambda start, end, levelled: features(
                doc, start, end, self._level(doc, start, end) if levelled else LOWEST
            ),
        )
        about = tuple(dict.fromkeys(f.name for f in doc._.findings if f.kind != "qualifier"))
        pointers = point(text, self.gazetteer, about)
        decision = rescue(decision, told, normal.text, pointers)
        if decision.act == "consult" and not asks_of_health(told, normal.text):
            decision = replace(decision, act="chatter", score=0.5)  # 怎么过去？要出门证吗
        elif decision.act == "ask" and not pointers.case_numbers and is_mere_errand(told, normal.text):
            decision = replace(decision, act="chatter", score=0.5)  # 核酸几点开始有人知道吗
        elif decision.act == "report" and not has_matter(told, normal.text):
            decision = self._without_matter(decision, told, normal.text)
        decision = alarmed(
            decision, told, normal.text, pointers, learned=self.learned, patient=whole.said_to_judge
        )
        guessed = decision.act in _MISTAKEN and decision.chances.get(decision.act, 0.0) < SURELY
        if guessed and tells_only_who(normal.text, doc._.mentions):
            decision = replace(decision, act="update", score=0.6)
        decision = states(decision, state, told, pointers, text=normal.text, role=role)
        if asked_of_the_bot(text) and not pointers.hospitals:
            decision = ActDecision("ask", 1.0)
        is_report = decision.act == "report"
        hint = self._report(whole, normal, alert=is_report)
        if _is_mild(whole, hint, told, decision) and is_advice(decision, told, normal.text, pointers):
            decision, is_report = replace(decision, act="consult", score=0.6), False
        wanted = upkeep(fold(text), news=bool(hint.entities))
        pointers = replace(pointers, only=wanted is None and points_only(normal.text, _named(doc)))

        def act_of(words: str) -> str:
            return self.understand(words, at, role=role).act

        decision = passes_on(decision, text, role, act_of)
        apart: tuple[tuple[str, str], ...] = ()
        if decision.act in _OF_A_HOSPITAL:
            spans = houses(fold(text), self.gazetteer, settling=decision.act not in ON_THE_WAY)
            decision, named = told_apart(text, decision, spans, act_of)
            apart = shares(text, decision.act, spans)
            decision = nobodys(decision, role, text, named)
            pointers = replace(pointers, hospitals=named)
        reports = tuple(
            hint if part is whole else self._report(part, normal, alert=True)
            for part in (parts if is_report else ())
            if not _elsewhere(part, decision.also, normal)
        )
        carried = details(text, at, decision.act)
        return Understanding(
            text=text,
            act=decision.act,
            act_score=decision.score,
            reports=(reports or (hint,)) if is_report else (),
            entities=hint.entities if _NEWS & {decision.act, *(span.act for span in decision.also)} else {},
            hospital_status=state if STATED & {decision.act, *(span.act for span in decision.also)} else None,
            also=decision.also,
            shares=apart,
            by_number=by_number(text) if len(pointers.case_numbers) > 1 else (),
            pointers=pointers,
            until=carried.until,
            level=carried.level,
            to_self=carried.to_self,
            outcome=carried.outcome,
            unanswered=carried.unanswered,
            stands_down=carried.stands_down,
            refusal=carried.refusal,
            offer=offered(decision, text, role, act_of),
            requirements=carried.requirements,
            person=carried.person,
            instead=instead(
                decision,
                whole.words,
                whole.said,
                role,
                asks=told.is_question,
                named=bool(pointers.persons),
                stated=state is not None,
            ),
            asks=told.is_question,
            names_patient=told.has_patient and bool(_identified(doc)),
            danger=level <= DANGER,
            upkeep=wanted,
            triage_hint=hint,
            asks_for=_asks_for(text, decision, pointers),
        )

    def _second_opinions(
        self, text: str, own: Chances, intents: Sequence[tuple[str, float]]
    ) -> Iterator[Held]:
        """Rasa's, and the sentence vectors' where the judge is unsure: plain messages need not wait for them."""
        if intents:
            yield Held(dict(intents), RASA_SHARE)
        if self.sentences and is_hard(text, own):
            yield Held(self.sentences.probabilities(text), SHARE)

    def marks(self, text: str, at: datetime) -> tuple[frozenset[str], Said]:
        """What the learned judges look at in a text about one patient: the marks of its act, and what of the patient."""
        normal = normalise(text)
        doc = analyse(self._nlp, normal.text, at)
        part = self._part(doc, Patient(0, len(normal.text)), normal)
        told = features(doc, 0, len(normal.text), part.ruled.level)
        return marks_of(normal.text, told), part.said_to_judge()

    def _without_matter(self, decision: ActDecision, told: ActFeatures, text: str) -> ActDecision:
        """A report in which no table finds anything to see to: hardly ever one (天哪, 早上好 今天风好大)."""
        greeting = word_class("客套").match(text)
        rest = text[greeting.end() :] if greeting else text
        judge = self.learned.acts
        chances = judge.probabilities(rest, marks_of(rest, told)) if judge else {}
        stays = chances.get("report", 0.0) >= WRITTEN_AS_REPORT
        return decision if stays else replace(decision, act="chatter", score=0.5)

    def patients(self, text: str, at: datetime) -> tuple[Report, ...]:
        """Each patient of a text as a report by the tables alone, whatever the message does."""
        normal = normalise(text)
        doc = analyse(self._nlp, normal.text, at)
        return tuple(
            self._report(self._part(doc, one, normal), normal, alert=False) for one in doc._.patients
        )

    def patient(
        self, text: str, at: datetime, known: Entities | None = None, *, fragment: bool = False
    ) -> Report:
        """Triage of one patient's whole story, told in one or more messages; `known` overrides what it says."""
        normal = normalise(text)
        doc = analyse(self._nlp, normal.text, at)
        told = known or {}
        doc._.mentions = [m for m in doc._.mentions if m.kind not in told]
        doc._.mentions += [Mention(kind, value, 0, 0, "") for kind, value in told.items()]
        return self._report(self._part(doc, Patient(0, len(normal.text)), normal), normal, alert=not fragment)

    def answer(self, text: str, at: datetime, item: str) -> Answer | None:
        """What a fragment says to an item that was asked for; None when it is no answer to it."""
        return read_answer(item, text, lambda words: self.patient(words, at, fragment=True).entities)

    def settled(self, text: str, items: Sequence[str]) -> list[str]:
        """The items that a message settles without a value: 没有电话, 5mg两盒."""
        return settled_items(text, items)

    def _part(self, doc: Doc, patient: Patient, normal: Normalised) -> _Part:
        own, shared = _mentions(doc, patient)
        facts = self._facts(_findings(doc, patient), [*own, *shared])
        said = entities(facts.findings, own, shared, self.lexicon)
        start, end = patient.start, patient.end
        apart = [
            (m.start, m.end) for m in own if m.kind in _WHEREABOUTS and start <= m.start and m.end <= end
        ]
        clinical = hide(normal.text, apart, " ")[start:end]
        scene: Scene = doc._.scene
        people = scene.people_in(start, end)
        kin = tuple(dict.fromkeys(one.key for one in people if one.role == "kin" and not one.teller))
        ruled = triage(facts, self.protocol)
        return _Part(patient, normal.text[start:end], clinical, facts, said, ruled, kin)

    def _report(self, part: _Part, normal: Normalised, *, alert: bool) -> Report:
        """The part as a report. `alert`: it is one, and like messages count as well as the rules."""
        facts, said, result = part.facts, part.said, part.ruled
        told = part.said_to_judge() if alert else Said(part.clinical)
        if alert:
            result = suspected(result, facts, self.protocol.suspicion, self.learned.levels, told)
        facts.now_known("level", result.level)
        ranked = specialties(facts, result, self.lexicon, self.protocol)
        if alert:
            ranked = mixed(ranked, self.learned.specialties, told, known=ranked != NOBODY)
        facts.words["specialty"] = frozenset([ranked[0][0]])
        category, tags = categories(facts, self.protocol)
        if demands_privacy(facts.findings, category):
            said = {**said, "private": True}
        return Report(
            quote=normal.raw_quote(part.patient.start, part.patient.end).strip(),
            level=result.level,
            reasons=result.reasons(lambda spans: _quote(spans, normal)),
            specialties=ranked,
            category=category,
            tags=tags,
            disposition=disposition(facts, self.protocol),
            entities=said,
            missing=missing(facts, said, self.protocol),
            first_aid=first_aid(facts, self.protocol),
            kin=part.kin,
            called=called(part.words, self.gazetteer, _meanings(facts, normal)),
            another=says("别人", part.words),
        )

    def _level(self, doc: Doc, start: int, end: int) -> int:
        scene: Scene = doc._.scene
        findings, mentions = scene.findings_in(start, end), scene.mentions_in(start, end)
        return triage(self._facts(findings, mentions), self.protocol).level

    def _facts(self, findings: Sequence[Finding], mentions: Sequence[Mention]) -> PatientFacts:
        facts = PatientFacts(findings, mentions, self.lexicon, self.protocol.groups, self.phase)
        facts.derive(self.protocol.derived)
        return facts


@contextmanager
def _lasting() -> Iterator[None]:
    """What is made inside stays as long as the process: the collector looks for no garbage among it, now or later.

    Looking through all tables again and again takes a fifth of the time of loading, and would hold up messages after.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        if collecting:
            gc.enable()


def _meanings(facts: PatientFacts, normal: Normalised) -> frozenset[str]:
    """Words that a patient is not called by: what he has or is treated with."""
    words = (normal.text[one.start : one.end] for one in facts.findings)
    return frozenset(word for word in words if len(word) > 1)


def _named(doc: Doc) -> list[tuple[int, int]]:
    """Where a text names what a patient can be known by: complaints, people, places, ages; no question on a medicine."""
    told = [(one.start, one.end) for one in doc._.findings if one.name not in ERRANDS]
    return told + _identified(doc)


def _asks_for(text: str, decision: ActDecision, pointers: Pointers) -> str | None:
    """What the bot is asked for; who is on duty in a hospital is no roster of its own."""
    wanted = asked_for(text) if decision.act == "ask" else None
    return None if wanted == "duty" and pointers.hospitals else wanted


def _identified(doc: Doc) -> list[tuple[int, int]]:
    """Where a text says who somebody is; what ails him is not that."""
    people = [(one.start, one.end) for one in doc._.people]
    return people + [(m.start, m.end) for m in doc._.mentions if m.kind in KNOWN_BY]


def _findings(doc: Doc, patient: Patient) -> Sequence[Finding]:
    """What is said of a patient, what a heading says of everybody first."""
    scene: Scene = doc._.scene
    own = scene.findings_in(patient.start, patient.end)
    return [*scene.findings_in(*patient.shared), *own] if patient.shared else own


def _is_mild(whole: _Part, hint: Report, told: ActFeatures, decision: ActDecision) -> bool:
    """Whether nothing speaks of more than Ⅳ; like messages (M1) do where somebody is named and it reads like a report."""
    heard = told.has_patient and decision.chances.get("report", 1.0) >= SURELY
    return whole.ruled.level >= LOWEST and (hint.level >= LOWEST or not heard)


def _mentions(doc: Doc, patient: Patient) -> tuple[Sequence[Mention], Sequence[Mention]]:
    """The patient's own and those of the heading. Values known beforehand stand outside the scene."""
    if patient == Patient(0, len(doc._.written)):
        return [m for m in doc._.mentions if patient.holds(m.start)], ()
    scene: Scene = doc._.scene
    own = scene.mentions_in(patient.start, patient.end)
    heading: Sequence[Mention] = scene.mentions_in(*patient.shared) if patient.shared else ()
    if {one.kind for one in own} & _WHO or not _of_several(scene, patient):
        heading = [one for one in heading if one.kind not in _WHO]
    return own, [*heading, *scene.told_once]


def _of_several(scene: Scene, patient: Patient) -> bool:
    """双胞胎女儿都是4岁 大的 … 小的 …: the heading says of all of them who they are."""
    return patient.shared is not None and any(
        one.role == "plural" for one in scene.people_in(*patient.shared)
    )


def _elsewhere(part: _Part, also: Sequence[ActSpan], normal: Normalised) -> bool:
    """The span belongs to another act of the same message: 昨天配的药收到了 before 另外隔壁阿公 …

    So does one that tells nothing of its patient: 流鼻血的孩子血止住了，1号办结 before 另外 …
    """
    if also and not set(part.said) - {"negated", "history"}:
        return True
    for other in also:
        at = normal.raw.find(other.quote)
        if at < 0 or not other.quote:
            continue
        begin, end = normal.raw_span(part.patient.start, part.patient.end)
        overlap = min(end, at + len(other.quote)) - max(begin, at)
        if overlap >= 0.7 * (end - begin):
            return True
    return False


def _quote(spans: Sequence[Span], normal: Normalised) -> str:
    """The writer's words at these places, neighbours joined."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start - merged[-1][1] <= 2:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return " ".join(dict.fromkeys(normal.raw_quote(start, end).strip() for start, end in merged))
