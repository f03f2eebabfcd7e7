"""How old the patient is: years, months or days of life; and, with nlu.sexes, which sex."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache

from nlu.by_place import Taken
from nlu.called import listed_ages
from nlu.informal import informal
from nlu.late import Late
from nlu.mention import Mention, left_of, mention, retracted, right_of
from nlu.numbers import NUMBER, WHOLE, tidy, value
from nlu.sexes import find_sexes, kin

OLDEST = 120
YOUNGEST_WITHOUT_UNIT = 14
"""A bare number below this after a person is hardly an age."""
YOUNGEST_CHILD = 3
"""The same after a word for a child: 女儿12."""
FEVERISH = range(34, 44)
"""A bare number among these may as well be a temperature."""
COLDEST_SAID = 36
"""Below this nobody tells a temperature of himself without a word for it: 本人35."""
MONTHS_ILL = 3
"""A longer time beside a baby is its age, even after a complaint."""
DAYS_PER_MONTH = 30.4
AMBULANCE = 110
"""From here a number before a person is one that is rung: 120大爷打不通."""
INFANT_MONTHS = 24
"""Below this an age is given in months."""

_GENERAL = r"(?!\s*(?:以上|及以上|以下|及以下|以内|以后|之前|以前|之后|前后|开始|起|时候?|的时候|那年|那会|就得|就查|就有|就患|到\d|-\d|~\d|至\d|儿童|人群|组|年龄段|(?:的)?老人可|段))"
_YEARS = Late(
    rf"(?P<n>{NUMBER})\s*(?:多|几|来)?\s*(?:周|虚)?(?:岁|岁数|碎(?=[,\s。]|$))(?P<half>半)?(?P<more>多)?(?:零|又)?(?:(?P<m>{WHOLE})个?(?:多)?月)?{_GENERAL}",
    words="岁 碎",
)
_LABELLED = Late(
    rf"(?:年龄|年纪|岁数|(?<!的)今年|(?<=[男女人]的)今年|虚岁|周岁|年方|芳龄|高龄)\s*(?:】|\]|是|有|已经?|才|都|快|刚|满|大概|:|\s|了|[打写说报填弄搞]错了?|[,，]|更正为|改为|改成|应该是|应为|为|也|不是\s*{WHOLE}\s*(?:岁)?[,\s]?(?:应该)?是)*(?P<n>{WHOLE})(?:多|几)?(?! *(?:年|月|号|日|天|次|个|周|度|万|分|点|份|季|级|%|/|\.|\d|层|斤|公斤|块|元|岁(?:半|零|又|[\d一二两三四五六七八九十]{{1,2}}个?月)))",
    words="年 岁 龄",
)
_YEAR_LETTER = Late(r"(?<![\da-z.])(?P<n>\d{1,3})\s*(?:y(?:/?o|rs?|ears?(?:\s?old)?)?)(?![a-z])", words="y")
_BY_SEX = Late(
    r"(?:(?<![a-z])(?P<fm>[mf])|男|女)(?:性|的|士|学?生|孩|童)?\s*[/,、|:\-]?\s*(?P<n>\d{1,3})(?!\d|\s+\d(?!\d{0,2}\s?(?:cm|kg|公斤|斤|厘米))|\s*(?:[.+]\d|号|楼|室|天|个|次|度|片|盒|%|周(?![一二三四五六日])|月|w|年|弄|栋|幢|\s?/\s?\d))|"
    r"(?<![\d.+])(?<!\d-)(?!(?:(?<=^)|(?<=[\s\n]))\d[、.])(?P<n2>\d{1,3})\s*[/,、|\-]?\s*(?:男|女|[mf](?![a-z]))(?!儿|婿|朋|友|\s{0,2}\d{2}(?![\d.]|号|楼|室|天|次|度|周|月))",
    words="男 女 m f",
)
_OF_MYSELF = Late(
    rf"(?:(?<=^)|(?<=[\s,。;!?:、]))(?:(?:我|本人|他|她|伊|人)(?:今年|都|已经)?(?P<n>[1-9]\d|{WHOLE})(?:岁)?了|(?:本人|我自己|自己|我本人)(?:今年)?\s?(?P<n2>[1-9]\d))(?=[\s,。;!?]|$)",
    words="了 自己 本人",
)
"""我71了, 本人35: so old is the speaker; what may be a fever is left."""
_OF_ANOTHER = Late(
    r"(?:(?<=^)|(?<=[\s,。;!?:、]))[他她伊](?:今年|都|已经)?(?P<n>[1-9]\d)(?=[\s,。;!?]|$)", words="他 她 伊"
)
"""她73 走不了: a number that is the whole clause, and no fever."""
_ROOM_OF = 100
"""From here 101的李伯伯 is a room."""
_DECADES = Late(
    r"(?:年近|年过|年逾|快|已|近|过)?(?P<n>[一二三四五六七八九])旬|(?P<h>百岁|期颐)|(?P<j>古稀)|(?P<hua>花甲)|(?P<mao>耄耋)",
    words="旬 百岁 期颐 古稀 花甲 耄耋",
)
_DECADE_NAMES = {"h": 100, "j": 70, "hua": 60, "mao": 80}
_OLD_PEOPLE = Late(
    rf"(?P<n>{WHOLE})(?:多|几|来岁|出头|好几)?的?(?=(?:岁)?的?(?:(?<=的)[\u4e00-\u9fff])?(?:老人|老太|阿婆|阿公|老伯|老爷子|老头|老爹|老奶奶|老爷爷|老年|高龄|老娘|老妈|老爸|老母|老父|(?:阿姨|爷叔|大爷|大妈|大叔|大伯|伯伯|奶奶|爷爷|外婆|外公|婆婆|好婆|老先生|老师傅|爹爹)(?!家|的)))|"
    rf"(?P<n2>{WHOLE})(?:高龄|出头(?!的钱))|(?<![常时共动量有])(?P<n3>[二三四五六七八九]十)(?:多|几)(?=了|的人|[\s,。]|$)",
    words="老 高龄 出头 多 几 姨 叔 爷 妈 伯 奶 外 婆 爹",
)
_BORN_YEAR = Late(
    r"(?<!\d)(?P<y>(?:19|20)\d\d|\d\d)\s*年?(?:\s*(?P<m>\d{1,2})\s*月(?:\s*\d{1,2}\s*[日号])?)?\s*(?:出?生(?:的|人)?|的人|属|年的人)|"
    r"(?:出生(?:日期|年月|于|年份)?|生于|生日|生年)\s*[:是]?\s*(?P<y2>(?:19|20)\d\d)(?:\s*[年.\-/]\s*(?P<m2>\d{1,2}))?",
    words="生 的人 属",
)
_CHILD = r"(?:新生儿|细路仔?|细蚊仔|早产儿|毛毛(?![雨虫躁糙])|宝宝?|宝贝|婴儿?|娃娃?|小囡|囡囡|毛头|孩子?|小孩|小朋友|男婴|女婴|男宝|女宝|双胞胎|大宝|二宝|小宝|幼儿|患儿|娃|孙子|孙女|外孙|bb|baby|儿子|女儿|小儿|小人|老二|老三|小家伙)"
_YOUNGER = r"(?:妹妹|弟弟|小妹|小弟|丫头|闺女|小子)"
"""Children by their months, though grown-ups have them too: 两个月的妹妹."""
_NOT_OLD = r"便|夫|概|约|腿|小便|肚|家都|一倍|一圈|了一|了两"
"""支架三月 大便黄, 一周大一倍: 大 that is no age."""
_AND_DAYS = r"(?:(?:零|又|加|\+)?[\d一二两三四五六七八九十廿]{1,3}天)"
_MONTHS = Late(
    rf"(?P<n>{NUMBER})\s*(?:多|几)?\s*(?P<mid>个半|个多|个)?\s*月(?P<half>半)?(?:{_AND_DAYS}|多)?\s*(?:(?:大(?!{_NOT_OLD})|龄|小)|的?(?={_CHILD})|的(?={_YOUNGER}))|"
    rf"(?:{_CHILD}(?:现在|才|刚|已经?|今年|快|满|只有|就|有|大概|了|\s|,|:)*|(?<=[大小]的))(?P<n2>{NUMBER})\s*(?P<mid2>个半|个多|个)月(?P<half2>半)?{_AND_DAYS}?(?!了?(?:没|不|以|前|后|来|的?时候?|时)|\s*(?:前(?!\s?[几一二两三四五六七\d]天)|后|以|没))|"
    rf"月龄\s*[:是]?\s*(?P<n3>{NUMBER})|满(?P<n4>{WHOLE})个?月|(?P<full>(?<!管)(?<!管子)(?<!药)(?:[没未]|不到)?满月|百日宝|百天)|(?P<halfyear>半岁)|(?P<n5>{NUMBER})\s*m(?:o|onths?)(?![a-z])",
    words="月 百 半岁 m",
)
_DAYS = Late(
    rf"(?:出生|生后|生下来?|刚生下来|产下|落地)(?:才|刚|已经?|了|第|后|有|\s)*(?P<n>{NUMBER})\s*(?P<u>天|日(?!期)|个?星期|个?礼拜|周|小时|个月{_AND_DAYS}?)|"
    rf"(?P<n2>{NUMBER})\s*(?P<u2>天|周|个?星期|个?礼拜)(?:大(?!{_NOT_OLD}|量|家|人|致|哭|出血|咳|口|多|号)|的新生儿|新生儿|的(?:宝宝|婴儿|小毛头|毛头|娃|妹妹|弟弟|小妹妹|小弟弟|丫头|女儿|儿子|宝贝))|日龄\s*[:是]?\s*(?P<n3>{NUMBER})|"
    rf"{_CHILD}(?:才|刚|满|现在|今天|已经?|\s)*(?P<n4>{NUMBER})(?P<u4>天|周)(?:了|多|大|不到)?(?=[\s,。;]|$)",
    words="天 日 周 星期 礼拜 小时 月",
)
_BABY = r"(?:新生儿|早产儿|毛毛(?![雨虫躁糙])|宝宝|宝贝|婴儿?|小?毛头|男宝|女宝|男婴|女婴|小宝|奶娃|月子娃|囡囡|小囡|bb(?![a-z])|baby)"
_BABY_AGE = Late(
    rf"(?:(?P<half>半个?月)|(?P<n>{NUMBER})\s*(?P<u>天|周|个?星期|个?礼拜|个半月|个多?月))的?(?:男|女)?(?:(?={_BABY})|(?<=半个月)大(?!{_NOT_OLD}|[小量家人致哭出咳口多号]))",
    words="月 天 周 星期 礼拜",
)
"""30天宝宝, 半个月的毛头: the length stands before the baby."""
_ALONE_AGE = Late(
    rf"(?:(?<=^)|(?<=[\s,。;:、男女]))(?:(?P<half>半个?月)|(?P<n>{NUMBER})\s*(?P<u>天|个半月|个多?月))(?=$|[\s,。;、男女])",
    words="天 月",
)
"""A length that is a clause of its own next to the baby: 宝宝 男 11个月 发烧."""
_MONTHS_AND_DAYS = Late(rf"(?P<n>{NUMBER})\s*个?月龄?\s*{_AND_DAYS}(?:大|了|的)?", words="月")
"""两个月零五天: so exactly a child's age is told, right beside the child or as a clause of its own."""
_MEASURED = r"(?:今天?|刚|现在)?(?:量|测)?的?(?:血氧|血压|高压|低压|心率|心跳|体温|度)"
_COUNTED = r"[号楼室弄栋幢层路床位度次个天周月年日时点分秒片颗粒盒瓶支斤公块元百千万十多级名种只条件份小钟克升米厘毫型期代步下加到以来人口家户趟回单几岁后消汽折]"
"""Behind a number above what may be a fever: so many of something else than years, 84消毒液, 95后."""
_BEFORE_MONTHS = r"今天|今朝|现在|已经?|刚好?|才|满|都|是|你|他|她|:|\s"
_ONLY_TODAY = re.compile(rf"(?:{_BEFORE_MONTHS})*")
_AT_A_CHILD = re.compile(rf"{_CHILD}(?:{_BEFORE_MONTHS}|出生|生下来?)*$")
_NOT_YET = re.compile(r"\s*[没不未]")
_CHILD_WORD = re.compile(_CHILD)
_LONE = re.compile(r"(?:(?<=^)|(?<=[\s,。;]))\d{2}(?=了?(?:[\s,。;]|$))")
_SEXED = re.compile(r"[男女](?:同志|士|生|孩|的|,|\s|$)|先生|同志|师傅|小伙")
"""Words that somebody is spoken of by, beside those for relatives."""
_BABY_WORD = re.compile(_BABY)
_ONLY_WHO = re.compile(rf"^(?:{_CHILD}|男|女|性别|年龄|的|是|我家?|[:,。;、\s])*$")
_BORE = re.compile(r"(?:生完|生了|生下|产下|剖了|怀了?|怀着)(?:个|了|一个)?$")
"""生完孩子5天: five days since the birth, and the mother speaks."""
_TOLD_ILLNESS = re.compile(r"[痛疼烧咳喘吐拉泻肿疹抽晕哭黄塞血痒闹没不]")
_INFANT_SIGN = re.compile(r"吃奶|奶吃|喝奶|奶喝|吐奶|奶量|尿布|尿不湿|囟门|脐带|哼唧")
"""What is only said of a baby; a length that opens such a message is its age."""
_FOR_DAYS = re.compile(
    r"(?:昨|今|刚|突然|一直|又|在|有点|体温|高|低|不|没)*(?:发?烧|发?热|惊厥|抽|吐|拉|哭闹|哭个|精神)"
)
"""A fever and the like, told right behind a length."""
_DEVICE = re.compile(r"管|拆|换|药|术|证|石膏|支架|疫苗|停|封|隔离|住院|出院")
_NOT_MONTHS = re.compile(r"(?:怀孕|怀了|孕|胎|术后|吃了|产后|化疗|停药|发烧|咳嗽|封了)[^。!?;,\n]{0,4}$")


def find_people(text: str, at: datetime) -> list[Mention]:
    """Ages and sexes of the patients spoken of, in order."""
    ages = _first_of_overlapping(
        [
            *_years(text),
            *_months_and_days(text),
            *_months(text),
            *_days(text),
            *_baby_ages(text),
            *_born(text, at),
        ]
    )
    found = [one for one in ages or list(_lone(text)) if not _taken_back(text, one)]
    return sorted([*found, *find_sexes(text)], key=lambda one: one.start)


def _lone(text: str) -> Iterator[Mention]:
    """48 as a clause of its own, when somebody is spoken of and no other number stands alone."""
    found = list(_LONE.finditer(text))
    if len(found) == 1 and (kin().pattern.search(text) or _SEXED.search(text)):
        years = int(found[0].group())
        if years >= YOUNGEST_WITHOUT_UNIT and years not in FEVERISH:
            yield mention("age", years, text, found[0].start(), found[0].end())


def _taken_back(text: str, one: Mention) -> bool:
    number = re.search(NUMBER, one.quote)
    start = one.start + (number.start() if number else 0)
    return "不是" not in one.quote and retracted(text, start, one.end)


def _first_of_overlapping(found: list[Mention]) -> list[Mention]:
    kept: list[Mention] = []
    taken = Taken()
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        beside = one.kind == "age_days" and kept and (kept[-1].start, kept[-1].end) == (one.start, one.end)
        if beside or not taken.meets(one.start, one.end):
            taken.add(one.start, one.end)
            kept.append(one)
    return kept


def _age(years: float, text: str, start: int, end: int) -> Iterator[Mention]:
    """An age in years, or in months below two."""
    if years * 12 < INFANT_MONTHS:
        yield mention("age_months", round(years * 12), text, start, end)
    elif years <= OLDEST:
        yield mention("age", tidy(round(years, 2)), text, start, end)


def _years(text: str) -> Iterator[Mention]:
    for found in _YEARS.finditer(text):
        months = (value(found["m"]) or 0) if found["m"] else 0
        years = (value(found["n"]) or 0) + (0.5 if found["half"] else 0) + months / 12
        if re.search(r"不到$", left_of(text, found.start())):
            years -= 1 / 12 if years <= 2 else 1
        if _is_age(text, found):
            yield from _age(years, text, found.start(), found.end())
    for pattern, groups in (
        (_LABELLED, ("n",)),
        (_YEAR_LETTER, ("n",)),
        (_BY_SEX, ("n", "n2")),
        (_OLD_PEOPLE, ("n", "n2", "n3")),
    ):
        for found in pattern.finditer(text):
            years = next((value(found[name]) or 0 for name in groups if found[name]), 0)
            if pattern is _OLD_PEOPLE and not _of_the_old(text, found, years):
                continue
            if 0 < years <= OLDEST:
                yield from _age(years, text, found.start(), found.end())
    for found in _person_number().finditer(text):
        years = value(found["n"]) or 0
        youngest = YOUNGEST_CHILD if _CHILD_WORD.search(found["who"]) else YOUNGEST_WITHOUT_UNIT
        feverish = years in FEVERISH and text.startswith("烧", found.end())
        if youngest <= years <= OLDEST and not feverish:
            yield mention("age", years, text, found.start(), found.end())
    yield from _behind_names(text)
    yield from _bare(text)
    for found in _DECADES.finditer(text):
        named = next((years for name, years in _DECADE_NAMES.items() if found[name]), 0)
        tens = (value(found["n"]) or 0) * 10 if found["n"] else named
        yield mention("age", float(tens), text, found.start(), found.end())


def _bare(text: str) -> Iterator[Mention]:
    """我71了, 本人35, 她73 走不了: a number of no unit that can hardly be anything else."""
    for found in (*_OF_MYSELF.finditer(text), *_OF_ANOTHER.finditer(text)):
        alone = found.groupdict().get("n2")
        years = value(alone or found["n"]) or 0
        sure = years not in FEVERISH or (alone and years < COLDEST_SAID)
        if YOUNGEST_WITHOUT_UNIT <= years <= OLDEST and sure:
            yield mention("age", years, text, found.start(), found.end())


def _behind_names(text: str) -> Iterator[Mention]:
    """李叔 66; 李国强，56，: a number by itself right behind a name."""
    for found in informal(text):
        years = value(found["n"]) or 0
        if YOUNGEST_WITHOUT_UNIT <= years <= OLDEST:
            yield mention("age", years, text, found.start("n"), found.end("n"))
    for start, end, listed in listed_ages(text):
        if listed >= YOUNGEST_WITHOUT_UNIT and listed not in FEVERISH:
            yield mention("age", listed, text, start, end)


def _of_the_old(text: str, found: re.Match[str], years: float) -> bool:
    """78岁的老人; 110老人 rings for help, and 101的李伯伯 is whose room it is."""
    if found["n3"]:
        return True
    return 50 <= years < AMBULANCE and not (years > _ROOM_OF and text.startswith("的", found.end() - 1))


def _is_age(text: str, found: re.Match[str]) -> bool:
    before = text[max(0, found.start() - 4) : found.start()]
    return not re.search(r"(?:\d[-~到至]|超过|小于|大于|未满|不满|满|低于|高于)$", before) or bool(
        re.search(r"[刚才快已未]满$", before)
    )


def _baby_ages(text: str) -> Iterator[Mention]:
    """Days and months of a baby without 大: before the word for it, or as a clause of its own beside it."""
    for pattern in (_BABY_AGE, _ALONE_AGE):
        for found in pattern.finditer(text):
            told = _TOLD_ILLNESS.search(text[max(0, found.start() - 12) : found.start()])
            if (told and not _months_told(found, pattern)) or not (
                pattern is _BABY_AGE or _beside_baby(text, found)
            ):
                continue
            days = _length_in_days(found)
            if 0 < days < INFANT_MONTHS * 30.4:
                yield mention("age_months", _months_of(days), text, found.start(), found.end())
                if found["half"] or "月" not in found["u"]:
                    yield mention("age_days", int(days), text, found.start(), found.end())


def _months_told(found: re.Match[str], pattern: re.Pattern[str] | Late) -> bool:
    """发烧 11个月 小宝: hardly anybody has a fever for so long."""
    return pattern is _ALONE_AGE and _length_in_days(found) > MONTHS_ILL * 30.4


def _length_in_days(found: re.Match[str]) -> float:
    if found["half"]:
        return 15.0
    unit = found["u"]
    size = 30.4 if "月" in unit else 1 if unit == "天" else 7
    return ((value(found["n"]) or 0) + (0.5 if "半" in unit else 0)) * size


def _beside_baby(text: str, found: re.Match[str]) -> bool:
    """Only words of who it is stand before the length, or the baby follows at once."""
    named = _BABY_WORD if "月" not in found.group() else _CHILD_WORD
    after = right_of(text, found.end()).lstrip(" ,。;、男女")
    if named.match(after):
        return True
    if not text[: found.start()] and (_INFANT_SIGN.search(after) or _of_an_age(found, after)):
        return True
    if found.end() == len(text) and _BABY_WORD.search(text, 0, found.start()):
        return True
    only_who = _ONLY_WHO.match(re.split(r"[。!?;\n]", left_of(text, found.start()))[-1])
    return bool(only_who and named.search(text, 0, found.start()))


def _of_an_age(found: re.Match[str], after: str) -> bool:
    """6个月 发烧38.5: what comes and goes within days does not last for months, so that the months are an age."""
    return _length_in_days(found) >= MONTHS_ILL * 30.4 and bool(_FOR_DAYS.match(after))


def _months(text: str) -> Iterator[Mention]:
    for found in _MONTHS.finditer(text):
        if found["n4"] and not _of_child(text, found):
            continue
        if _NOT_MONTHS.search(text[max(0, found.start() - 8) : found.start()]):
            continue
        if found["full"] or found["halfyear"]:
            months = 6.0 if found["halfyear"] else _months_full(found["full"])
        else:
            months = next(value(found[name]) or 0 for name in ("n", "n2", "n3", "n4", "n5") if found[name])
            halves = (found["mid"], found["half"], found["mid2"], found["half2"])
            months += 0.5 if any("半" in half for half in halves if half) else 0
        if months < INFANT_MONTHS:
            yield mention("age_months", round(months, 1), text, found.start(), found.end())
        elif months <= 72:
            yield mention("age", round(months / 12, 1), text, found.start(), found.end())


def _months_and_days(text: str) -> Iterator[Mention]:
    for found in _MONTHS_AND_DAYS.finditer(text) if _CHILD_WORD.search(text) else ():
        before = re.split(r"[,。!?;\n]", left_of(text, found.start()))[-1]
        after = right_of(text, found.end())
        months = value(found["n"]) or 0
        alone = _ONLY_TODAY.fullmatch(before) and not _NOT_YET.match(after)
        if months < INFANT_MONTHS and (_AT_A_CHILD.search(before) or _CHILD_WORD.match(after) or alone):
            yield mention("age_months", round(months, 1), text, found.start(), found.end())


def _months_full(words: str) -> float:
    """满月 is a month, 没满月 less than one."""
    return 3.0 if "百" in words else 1.0 if words == "满月" else 0.9


def _months_of(days: float) -> float:
    """Months of life, to the tenth: nine days are 0.3."""
    return round(days / DAYS_PER_MONTH, 1)


def _of_child(text: str, found: re.Match[str]) -> bool:
    """满一个月 is an age when a child is spoken of and no tube, plaster or medicine just before."""
    before = text[max(0, found.start() - 8) : found.start()]
    return bool(_CHILD_WORD.search(text) or re.search(r"出生|月龄", text)) and not _DEVICE.search(before)


def _days(text: str) -> Iterator[Mention]:
    for found in _DAYS.finditer(text):
        child = _CHILD_WORD.match(text, found.start()) if found["n4"] else None
        if child and _BORE.search(left_of(text, found.start())):
            continue
        number = next(value(found[name]) or 0 for name in ("n", "n2", "n3", "n4") if found[name])
        unit = found["u"] or found["u2"] or found["u4"] or "天"
        days = (
            number / 24
            if unit == "小时"
            else number * (30.4 if unit.startswith("个月") else 7 if unit[-1] in "周期拜" else 1)
        )
        if days <= 730:
            yield mention("age_months", _months_of(days), text, found.start(), found.end())
            if unit.startswith("个月"):
                continue
            yield mention("age_days", int(days), text, found.start(), found.end())


def _born(text: str, at: datetime) -> Iterator[Mention]:
    for found in _BORN_YEAR.finditer(text):
        year, month = int(found["y"] or found["y2"]), int(found["m"] or found["m2"] or 0)
        if year < 100:
            year += 1900 if year > at.year % 100 else 2000
        months = (at.year - year) * 12 + (at.month - month if 1 <= month <= 12 else 0)
        if 0 <= months <= OLDEST * 12:
            years = months / 12 if months < INFANT_MONTHS else float(months // 12)
            yield from _age(years, text, found.start(), found.end())


@lru_cache(maxsize=1)
def _person_number() -> re.Pattern[str]:
    """张阿姨67 透析, 爷爷快90了: a number of years right after the person."""
    persons = "|".join(
        [re.escape(word) for word in kin().sexes]
        + ["老人家?", "男子", "女子", "患者", "病人", "居民", "产妇", "[王李张陈刘周吴某]某"]
    )
    return re.compile(
        rf"(?P<who>{persons}|(?:(?<=^)|(?<=[\s,。;:!我他她]))[爸妈娘爹])\s*(?:今年|已经?|都|快|刚|才|有|独居|约|大约|:|,|\()*\s*(?P<n>{WHOLE})(?:多|几|出头)?(?!{_MEASURED})"
        rf"(?:(?<=4[4-9]|[5-9]\d)(?!{_COUNTED})(?=[\u4e00-\u9fff])|"
        r"(?=了|上(?:个?月|周|个?礼拜|个?星期)|[\s,。;/)]|$|[烧咳喘发头胸肚胃腰腿脚手心气血晕吐拉摔跌有糖高透癌膝喉住搬抬端骑干从在做吃喝洗起坐站睡爬被因又也突卧瘫中肺肝肾脑关骨牙眼耳鼻皮面颈背肩外内急]))"
    )
