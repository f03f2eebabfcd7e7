"""What a message says of a birth or a loss, of leaving hospital and of visits after it: 昨晚剖了个男孩3.2kg."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta

from nlu.clauses import fold
from nlu.numbers import CHINESE, NUMBER, value
from nlu.programmes.said import Baby, Birth, MaternalWords
from nlu.programmes.words import MATERNAL, words
from nlu.times import days, spans

BIRTH, LOSS = "birth", "loss"
WAYS = (("caesarean", "剖"), ("assisted", "助产"), ("vaginal", "顺"))
_CLAUSE = re.compile(r"[,。;!?\n]")
_ASKED = re.compile(r"\?|吗|(?:了)?没有?\s*$|了没|是不是|有没有|什么时候|哪天")
_KG = re.compile(r"(?<![\d.])(?P<n>\d(?:\.\d{1,3})?)\s*(?:kg|公斤)")
_GRAMS = re.compile(r"(?<!\d)(?P<n>\d{3,4})\s*(?:g(?![a-z])|克)")
_JIN = re.compile(
    rf"(?<![\d.])(?P<n>\d{{1,2}}(?:\.\d)?|{CHINESE})\s*斤\s*(?:(?P<half>半)|(?P<l>\d(?:\.\d)?|{CHINESE})\s*两?)?"
)
_SEXES = (
    ("F", re.compile(r"女(?:婴|孩|宝|娃|儿|小孩)|丫头|千金|公主|棉袄|母女|囡囡|妹妹")),
    ("M", re.compile(r"男(?:婴|孩|宝|娃|小孩)|儿子|小子|贵子|王子|母子|弟弟")),
)
_SEX_OF_BOTH = re.compile(r"一男一女|一儿一女|龙凤")
_TWO = re.compile(rf"双胞胎|双胎|龙凤|两个|一对|二个|(?:{NUMBER})胞胎")
_AGE = re.compile(rf"生(?:好|完|下来)?了?\s*(?:已经|有)?\s*(?P<n>{NUMBER})\s*天|产后\s*(?P<n2>{NUMBER})\s*天")
_SMALL_HOURS = re.compile(r"凌晨|清早")
_GRAMS_OF_A_BABY = range(400, 6500)


def maternal_words(text: str, at: datetime) -> MaternalWords:
    """Read a message. `at`: its moment in the place's zone."""
    folded = fold(text)
    left = _first(folded, "出院", "没出院")
    return MaternalWords(
        birth=_loss(folded, at) or _birth(folded, at),
        left=None if left is None else _day(left, at) or at.date(),
        visited=_first(folded, "访视", "没访视") is not None,
        unborn=words("还没生", MATERNAL).search(folded) is not None and not _ASKED.search(folded),
        closes=_says("办结", folded),
        another=_says("别人", folded),
    )


def _first(folded: str, name: str, but: str) -> str | None:
    """The first clause that says it and does not ask, wish or deny it."""
    for clause in _CLAUSE.split(folded):
        left = words(but, MATERNAL).sub("＿", clause)
        if words(name, MATERNAL).search(left) and not _ASKED.search(clause + _sign(folded, clause)):
            return clause
    return None


def _sign(folded: str, clause: str) -> str:
    """The sign that ends a clause."""
    end = folded.find(clause) + len(clause)
    return folded[end : end + 1]


def _birth(folded: str, at: datetime) -> Birth | None:
    clause = _first(folded, "生", "不算")
    if clause is None and _says("婴", folded) and not _says("没生的孩子", folded):
        clause = _first(folded, "弱生", "不算")
    if clause is None:
        return None
    if _is_to_come(clause, at):
        return None
    how = next((name for name, said in WAYS if _says(said, folded)), None)
    return Birth(BIRTH, _day(clause, at) or _day(folded, at) or at.date(), how, _babies(folded))


def _loss(folded: str, at: datetime) -> Birth | None:
    clause = _first(folded, "没保住", "保住的不算")
    return None if clause is None else Birth(LOSS, _day(clause, at) or at.date())


def _says(name: str, folded: str) -> bool:
    return words(name, MATERNAL).search(folded) is not None


def _day(text: str, at: datetime) -> date | None:
    """The day that is named, or counted back from: 昨晚, 4月5日, 生了三天."""
    today, text = at.date(), _without_weights(text)
    counted = _AGE.search(text)
    if counted is not None:
        back = value(counted["n"] or counted["n2"]) or 0
        return today - timedelta(days=round(back))
    named = [one.day for one in days(text, today) if one.day <= today]
    if named:
        return named[0]
    if _SMALL_HOURS.search(text):
        return today
    ago = [one.hours for one in spans(text) if re.match(r"\s*(?:之|以)?前", text[one.end :])]
    return today - timedelta(hours=ago[0]) if ago else None


def _is_to_come(clause: str, at: datetime) -> bool:
    """4月8日剖宫产, said two days before."""
    named = [one.day for one in days(_without_weights(clause), at.date())]
    return bool(named) and all(day > at.date() for day in named)


def _without_weights(text: str) -> str:
    """3.4kg is no 4 March."""
    for weight in (_KG, _GRAMS, _JIN):
        text = weight.sub(" ", text)
    return text


def _babies(folded: str) -> tuple[Baby, ...]:
    grams = _weights(folded)
    if _SEX_OF_BOTH.search(folded):
        sexes: list[str | None] = ["M", "F"]
    else:
        found = [sex for sex, said in _SEXES if said.search(folded)]
        sexes = [found[0] if len(found) == 1 else None]
        if _TWO.search(folded) or len(grams) == 2:
            sexes *= 2
    babies = [Baby(sex) for sex in sexes]
    if len(grams) == len(babies):
        babies = [replace(each, grams=weight) for each, weight in zip(babies, grams, strict=True)]
    return tuple(babies)


def _weights(folded: str) -> list[int]:
    """Weights in grams, in the order of the text; of a grown-up's weight nothing is kept."""
    found: list[tuple[int, int]] = []
    for pattern, unit in ((_KG, 1000), (_GRAMS, 1), (_JIN, 500)):
        for one in pattern.finditer(folded):
            grams = float(value(one["n"]) or 0) * unit
            if pattern is _JIN:
                grams += 250 if one["half"] else 50 * float(value(one["l"]) or 0) if one["l"] else 0
            found.append((one.start(), round(grams)))
    return [grams for _, grams in sorted(found) if grams in _GRAMS_OF_A_BABY]
