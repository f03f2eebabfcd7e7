"""A last look at the act: somebody, somewhere, with something is never passed over as talk, and talk opens no case.

The act classifier weighs words; a report whose words look like a question or small talk would be a lost case, and a
question to a doctor in general is none. What points back at a known case is the class 回指 of data/lexicon/acts.csv,
what calls for help is 呼救.
"""

from __future__ import annotations

from dataclasses import replace

from nlu.acts import GUESS, ActDecision
from nlu.clauses import fold
from nlu.cue_facts import is_general, is_shown
from nlu.cues import word_class
from nlu.details import is_unanswered
from nlu.features import ActFeatures
from nlu.triage import LOWEST
from nlu.understanding import Pointers

# Above this the classifier's word stands.
SURE = 0.95
# Below this it is little more than a guess.
UNSURE = 0.6
DANGER_HIDES_IN = frozenset({"chatter", "ask", "correct", "consult", "chase"})
ASIDE = ("chatter", "consult", "notice", "rumour")
# Below this a message that names no place, number, request or dose is no report, however clinical its words.
UNLIKELY = 0.5
# And below this when it asks, or speaks of nobody in particular.
UNLIKELY_ASKED = 0.6
# And below this when its words are those of danger: a novel's, a film's, a mood's.
UNLIKELY_IN_DANGER = 0.35
# And when they are of nobody in particular.
UNLIKELY_IN_DANGER_OF_NOBODY = 0.5
# The request that is a question itself.
MEDICINE_QUESTION = "用药咨询"
# And below this when one's own people are in it.
UNLIKELY_IN_FAMILY = 0.05
# And below this when it is written as one writes of one's own day.
UNLIKELY_IN_DIARY = 0.9
# And below this when no more than advice is asked for.
UNLIKELY_ADVICE = 0.8
# And below this when a play, the news, a price or a quarrel is talked of.
UNLIKELY_SHOWN = 0.9
# Below these a wish, a place or a count of days, a matter that is confided, tie nobody to this place.
TIED_BY_WISH = 0.35
TIED_BY_PLACE = 0.15
TIED_BY_CONFIDING = 0.1
# A cry for help in danger has no time for more: 心梗了快救人.
CRY = 14
# A message so short says nothing besides.
NOTHING_ELSE = 8
# From here words of dying are asked about, whatever else they resemble.
TOLD_OF_DYING = 0.15
# A fragment of so many characters that names no complaint belongs to a case already told.
FRAGMENT = 14
# So short is a report that says no more than what and where.
FEW = 16
TALK = frozenset({"chatter", "ask", "update", "correct", "consult"})
# What is done with a known case; somebody told of in full, with place and telephone, is none yet.
OF_A_CASE = frozenset({"transfer", "decline", "dispatched", "snooze", "assign"})


def rescue(decision: ActDecision, told: ActFeatures, text: str, pointers: Pointers) -> ActDecision:
    """The decision, or what the message must be if that decision makes no sense."""
    chances = decision.chances
    unlikely = _is_unlikely(told, text, chances.get("report", 1.0))
    if decision.act == "report":
        return _tested(decision, told, text, unlikely=unlikely)
    if decision.act in {"consult", "chatter"} and told.n_diseases and _is_fragment(told):
        return replace(decision, act="update", score=0.6)
    if _cannot_be_reached(decision, told, text, pointers):
        return replace(decision, act="report", score=0.55)
    if pointers.case_numbers:
        return decision
    if _is_ill_again(decision, told, pointers):
        return replace(decision, act="report", score=0.55)
    score = (
        0.6 if _brings_in_another(told, text) else _score_as_report(decision, told, text, unlikely=unlikely)
    )
    return replace(decision, act="report", score=score) if score else decision


def _is_ill_again(decision: ActDecision, told: ActFeatures, pointers: Pointers) -> bool:
    """以前中风过，今天又拿不牢调羹: what he had long ago was no case here that could be opened again."""
    known = pointers.back or pointers.pronoun or pointers.persons
    return decision.act == "reopen" and told.danger and bool(told.n_findings and told.n_past) and not known


def _brings_in_another(told: ActFeatures, text: str) -> bool:
    """又来一个胸痛的: somebody new is told of, in however few words."""
    folded = fold(text).lstrip()
    begins = word_class("又一").match(folded) or word_class("引入").match(folded)
    return bool(begins) and told.n_findings > 0 and not told.is_question


def _score_as_report(decision: ActDecision, told: ActFeatures, text: str, *, unlikely: bool) -> float | None:
    """How sure it is that what was taken for something else is a report; None when nothing speaks for it."""
    if _whatever_the_words(decision, told, text):
        return 0.6
    sure = decision.score >= SURE and not (decision.act in ASIDE and told.danger)
    if sure or unlikely or _of_nobody_new(told, text):
        return None
    if (decision.act in TALK and _is_a_report(told)) or (
        decision.act in OF_A_CASE and _is_told_in_full(told)
    ):
        return 0.6
    if decision.act in TALK and _is_in_few_words(decision, told):
        return 0.55
    if told.n_findings > 0 and (_is_danger(decision, told) or _is_hardly_news(decision)):
        return 0.55
    return None


def _whatever_the_words(decision: ActDecision, told: ActFeatures, text: str) -> bool:
    """What makes a case however sure the classifier is of another act."""
    if decision.act in ASIDE and _speaks_of_dying(decision, told, text):
        return True
    if _is_first_told(decision, told, text):
        return True
    wanted = decision.act in TALK | {"chase"} and _runs_out(told)
    return (wanted or _wants_something(decision, told)) and not _of_nobody_new(told, text)


def _wants_something(decision: ActDecision, told: ActFeatures) -> bool:
    """Something is wanted for somebody, and nobody can say what else the message would be: 这个老伯要配药，单子在图上."""
    wants = told.has_patient and told.has_wish and not told.is_question and told.n_past == 0
    return wants and decision.chances.get(decision.act, 1.0) < GUESS


def _speaks_of_dying(decision: ActDecision, told: ActFeatures, text: str) -> bool:
    """Somebody here says that he would die (contract, part 15, 11): asked about by a person, even where it may be a
    way of speaking."""
    if not (told.confided and told.n_findings):
        return False
    heard = told.length <= NOTHING_ELSE or decision.chances.get("report", 1.0) >= TOLD_OF_DYING
    folded = fold(text)
    return heard and not (is_general(folded, told) or is_shown(folded, told))


def _runs_out(told: ActFeatures) -> bool:
    """Somebody's medicine is wanted and it is said for how long it lasts: 这个药谁有 老人断了一天了."""
    return told.has_patient and told.has_wish and told.has_days_left and told.n_past == 0


def _tested(decision: ActDecision, told: ActFeatures, text: str, *, unlikely: bool) -> ActDecision:
    """A report, if it is one."""
    if _is_fragment(told):
        return replace(decision, act="update", score=0.6)
    folded = fold(text)
    if _is_about_a_medicine(told) and not decision.also and not word_class("吃多").search(folded):
        return replace(decision, act="consult", score=0.6)
    if not unlikely or _does_more(decision) or _brings_in_another(told, text):
        return decision
    if is_shown(folded, told) or _is_of_a_day(folded, told):
        return replace(decision, act="chatter", score=max(decision.chances.get("chatter", 0.0), 0.5))
    if not told.danger and _only_asks(folded) and not word_class("亲友").search(folded):
        return replace(decision, act="consult", score=0.6)
    return _doubted(decision, told)


def _does_more(decision: ActDecision) -> bool:
    """Whether the message does something besides that is more than talk or a question."""
    return any(span.act not in ASIDE for span in decision.also)


def _is_about_a_medicine(told: ActFeatures) -> bool:
    """How a medicine is taken is all that is told of somebody: nobody is ill, and no place is known to see to him."""
    tied = told.has_place or told.has_phone or told.has_days_left or told.has_measure or told.numbered
    ill = told.n_findings > 0 or told.danger or told.private
    return told.has_drug and told.requests == (MEDICINE_QUESTION,) and not (tied or ill)


def _is_unlikely(told: ActFeatures, text: str, likely: float) -> bool:
    """Nothing ties it to somebody who waits for help here, and it is not written as reports are."""
    diary = told.has_wish and bool(word_class("日记").search(fold(text)))
    return not _is_tied(told, likely, diary=diary) and likely < _bar(told, text)


def _bar(told: ActFeatures, text: str) -> float:
    """How likely an untied message must be a report to be one."""
    folded = fold(text)
    if is_shown(folded, told):
        return UNLIKELY_SHOWN
    helped = asks_for_help(text)
    if _is_of_the_family(folded, told) or (told.danger and told.length <= CRY and helped):
        return UNLIKELY_IN_FAMILY
    own_day = _is_of_a_day(folded, told)
    if (told.danger and told.n_findings > 0 and not told.general_question) or helped:
        someone = told.has_patient and not own_day
        return UNLIKELY_IN_DANGER if someone else UNLIKELY_IN_DANGER_OF_NOBODY
    if own_day:
        return UNLIKELY_IN_DIARY
    return UNLIKELY_ASKED if told.is_question or not told.has_patient else UNLIKELY


def _is_of_a_day(folded: str, told: ActFeatures) -> bool:
    """Whether it is written as one writes of one's own day, for friends; a complaint of one's family is more, and so
    is what somebody here has to see to."""
    if told.n_findings and word_class("亲友").search(folded) and not word_class("日记").search(folded):
        return False
    seen_to = word_class("求援").search(folded) or word_class("托管").search(folded)
    return bool(word_class("闲笔").search(folded)) and not seen_to


def _is_of_the_family(folded: str, told: ActFeatures) -> bool:
    """Somebody's own people are in danger now: 我奶奶叫不醒了，是不是低血糖."""
    near = told.danger and told.n_findings > 0 and not told.general_question
    return near and bool(word_class("自家").search(folded))


def _is_tied(told: ActFeatures, likely: float = 1.0, *, diary: bool = False) -> bool:
    """Something ties it to somebody who waits for help here; the less it is written as reports are (`likely`), the
    more that takes: a wish may be anybody's, a telephone number is given to be rung. What a `diary` wished for
    (今天去复查) is done."""
    if told.has_phone:
        return True
    return (
        (likely >= _wish_bar(told) and told.has_wish and not diary)
        or (likely >= TIED_BY_PLACE and (told.has_place or told.numbered or told.has_days_left))
        or (likely >= TIED_BY_CONFIDING and told.confided)
    )


def _wish_bar(told: ActFeatures) -> float:
    """A wish of somebody in particular or for a certain drug (这个老伯要配药, 配药：氨氯地平) ties sooner than others."""
    certain = (told.has_patient or told.has_drug) and not told.is_question
    return TIED_BY_CONFIDING if certain else TIED_BY_WISH


def is_advice(decision: ActDecision, told: ActFeatures, text: str, pointers: Pointers) -> bool:
    """Whether a report does no more than ask about a complaint, as one asks a doctor who will never come.

    How urgent the complaint is, the caller knows better.
    """
    if decision.act != "report" or _does_more(decision) or _is_tied(told) or pointers.case_numbers:
        return False
    limit = SURE if told.general_question else UNLIKELY_ADVICE
    if told.danger or told.has_measure or decision.chances.get("report", 1.0) >= limit:
        return False
    return _only_asks(fold(text))


def _only_asks(folded: str) -> bool:
    """Advice is wanted, and nobody to see to the patient; 求助 is said for advice too, 救命 is not."""
    wanted = word_class("托管").search(folded) or word_class("喊救").search(folded)
    return bool(word_class("求教").search(folded)) and not wanted


def asks_for_help(text: str) -> bool:
    """Whether somebody calls for help or an ambulance in it."""
    return bool(word_class("呼救").search(fold(text)))


def _is_fragment(told: ActFeatures) -> bool:
    complaint = told.n_concepts > told.n_diseases  # 男 56岁 有高血压: an illness is what is known of him
    bare = not (complaint or told.danger or told.has_place or told.has_drug or told.has_request)
    return (
        bare
        and not told.is_question
        and told.length <= FRAGMENT
        and (told.has_measure or told.has_patient or told.has_duration)
    )


def _doubted(decision: ActDecision, told: ActFeatures) -> ActDecision:
    """What it is instead: the likeliest kind of talk; still a report where something ails somebody and talk of any kind
    is no likelier."""
    chances = decision.chances
    if _ails(told) and sum(chances.get(act, 0.0) for act in ASIDE) <= chances.get("report", 0.0):
        return decision
    act = max((act for act in ASIDE if act in chances), key=lambda act: chances[act], default="chatter")
    return replace(decision, act=act, score=max(chances.get(act, 0.0), 1 - chances.get("report", 0.0)))


def _ails(told: ActFeatures) -> bool:
    """Anything is told that a doctor or a pharmacist sees to; 奶奶 alone may be talked of for her parcel."""
    told_of = told.n_findings + told.n_diseases + told.n_treatments + told.n_denied + told.n_past
    return bool(told_of or told.n_hypothetical or told.has_drug or told.has_measure or told.has_wish)


def _of_nobody_new(told: ActFeatures, text: str) -> bool:
    """Words about a case already told of, about a thing in general, or about what is only shown or read."""
    folded = fold(text)
    nobody = is_general(folded, told) or is_shown(folded, told) or _is_of_a_day(folded, told)
    return nobody or bool(word_class("回指").search(folded))


def _is_danger(decision: ActDecision, told: ActFeatures) -> bool:
    """Danger is not talked about; as news of a known patient it comes out as `update` and finds its case."""
    return told.danger and decision.act in DANGER_HIDES_IN


def _cannot_be_reached(decision: ActDecision, told: ActFeatures, text: str, pointers: Pointers) -> bool:
    """Somebody in danger does not answer, or no line does: nobody has refused anything (电话不接, 打120占线)."""
    if decision.act != "decline" or not (told.danger and told.n_findings and is_unanswered(fold(text))):
        return False
    return not (pointers.case_numbers or pointers.hospitals or _of_nobody_new(told, text))


def _is_hardly_news(decision: ActDecision) -> bool:
    return decision.act == "update" and decision.score < UNSURE


def _is_first_told(decision: ActDecision, told: ActFeatures, text: str) -> bool:
    """爷爷血氧才八十四: a reading of somebody, and no word that anything was told of him before."""
    reading = decision.act == "update" and told.has_patient and told.has_measure and not told.is_question
    if not reading or told.level >= LOWEST or told.n_past:
        return False
    return not (word_class("近况").search(fold(text)) or _of_nobody_new(told, text))


def _is_told_in_full(told: ActFeatures) -> bool:
    return told.has_patient and told.has_place and told.has_phone and told.n_concepts > 0


def _is_in_few_words(decision: ActDecision, told: ActFeatures) -> bool:
    """痔疮又出来了 新桥: a complaint or a wish and a town, and nothing that asks or points back."""
    here = told.has_place and not told.is_question and told.length <= FEW
    return here and bool(told.n_findings or told.has_wish) and decision.chances.get("report", 0.0) >= 0.25


def _is_a_report(told: ActFeatures) -> bool:
    somewhere = told.has_place or told.has_phone
    something = told.n_findings > 0 or told.n_diseases > 0 or (told.has_drug and told.has_days_left)
    return told.has_patient and somewhere and something
