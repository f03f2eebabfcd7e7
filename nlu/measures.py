"""Vital signs and laboratory values in a text: temperature, SpO2, blood pressure, pulse, breaths, glucose, potassium.

A value counts only inside the bounds a living patient and a common meter allow; so a house number, a price or a
telephone number next to a label is not taken for one. Units: ℃, %, mmHg, per minute, mmol/L.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlu.by_place import Taken
from nlu.late import Late
from nlu.mention import FEVER, Mention, left_of, mention, retracted, right_of
from nlu.numbers import NUMBER, WHOLE, value
from nlu.readings import FILL, FUZZY, LESS, LESS_AFTER, NO_UNIT, NOT_ONE, READING, USUAL, reading

TEMPERATURE, SPO2, SYSTOLIC, DIASTOLIC = (34.0, 43.0), (50.0, 100.0), (50.0, 280.0), (20.0, 180.0)
PULSE, BREATHS, GLUCOSE, POTASSIUM = (20.0, 250.0), (5.0, 100.0), (0.5, 60.0), (1.5, 10.0)
"""Sane bounds (facts §5.2); potassium and breaths from physiology."""
METER_HIGH, METER_LOW = 33.3, 1.1
"""What home glucose meters mean by HI and Lo: above 33.3, below 1.1 mmol/L."""
MG_PER_MMOL = 18.0
"""mg/dL of glucose in one mmol/L."""

_SPO2 = reading(
    r"血氧(?:饱和度?|仪|量|浓度|指数|夹子?|探头)?(?:夹出来|夹下来)?|氧饱和?度?|氧气饱和度|指脉?氧(?:饱和度)?|指夹(?!子)|脉氧|测氧|氧合(?:指数)?|(?<![a-z])(?:sp?[oa]2|sat(?:uration)?)(?![a-z])|饱和度"
    r"|(?:手?指(?:头|尖)?上?(?:的|那个|那只)?夹子)(?:老是|一直|总是|都|上)*(?:显示|跳|跳到|数字)?(?:都是|是|在)?"
    r"|(?:手?指(?:头|尖)?上?夹(?:子|的|着的|住的)?|夹(?:在)?(?:手指|指头)的?)(?:那个?|这个?)?(?:小?机器|仪器|东西|小夹子|玩意儿?)?(?:套上去|夹出来|怎么夹|夹着|量着|显示|夹|测|量)?"
    r"|(?:吸着?氧气?|不吸氧?|没吸氧|脱氧|停氧|离氧|拔了氧?|摘了氧?|拿掉氧气?)(?:管|后|时|就|只有|马上|掉到|是)*",
    after=r"%?(?!\s*(?:升|l|分|小时|天|次|男|女|岁|周岁|y|多))" + NO_UNIT,
    words="氧 饱和度 o2 a2 sat 夹",
)
_PULSE = reading(
    r"心率|心跳|脉搏|脉率|脉博|心律|手环(?!.{0,3}[氧压糖])|手表(?=显示|测|量|上|跳)|(?<![a-z/])(?:hr|bpm|pr|p(?=[:\s]?\d))",
    after=r"(?!%|℃|度)" + NO_UNIT,
    words="心 脉 hr p 手环 手表",
)
_BEATS = Late(
    rf"(?:(?<!\d)[一1]|每)\s*分钟?\s*(?:大概|大约|差不多|要|有|都|快|能|到|达|跳|了|:|\s){{0,4}}(?P<n>{NOT_ONE}{READING})(?:多|几)?\s*(?:跳|(?<=跳)[次下])"
    rf"|(?<=跳)\s*(?:了|到)?(?P<n2>{WHOLE})(?:多|几)?\s*[次下]?\s*(?:/\s*分|每分|一分钟|1分钟)",
    words="分",
)
"""Beats without the word for pulse: 一分钟130跳, 跳140次一分钟."""
_JUMPS = Late(
    rf"(?:(?<!\d)[一1]|每)\s*分钟\s*(?:要|能|都)?跳(?:了|到)?\s*(?P<n>{WHOLE})(?:多|几)?\s*[次下](?!.{{0,2}}绳)",
    words="跳",
)
_RACING = Late(
    rf"(?<![伤当小放担安关])心(?:里|脏|口)?(?:跳|慌|乱跳|怦怦跳|狂跳)[^。;；!?\n\d]{{0,14}}?(?:大概|大约|差不多|估计|最快|最高|手表|手环|数下来|数了|测下来)[^。\d]{{0,3}}?"
    rf"(?P<n>{NOT_ONE}{NUMBER})(?:次|跳|左右|多|上下)?(?=[\s,，。;；]|$)",
    words="心",
)
"""心跳得衣服都在抖 大概一百八九: the number stands after what it feels like."""
_FAST = 100
"""Beats a minute; less is some other number."""
_BREATHS = reading(
    r"呼吸(?:频率|次数|困难|很急|快)?|(?<![a-z])(?:rr|r(?=[:\s]?\d))|喘(?=.{0,6}[次下])|喘气",
    WHOLE,
    r"(?!%)" + NO_UNIT,
    words="呼吸 r 喘",
)
_GLUCOSE = reading(
    r"血糖(?:仪|计|值)?|(?:空腹|餐后|饭后|餐前|饭前)(?:2小时|两小时|二小时|一小时|1小时)?(?:血糖|糖)?|(?<![血化葡萄乳蔗果])糖(?=\s?\d)|(?:手?指(?:头|尖)?|末梢)血(?!氧|流|泡|管|糖)|(?<![a-z])(?:glu|bs|bg)",
    after=rf"(?:\s*(?P<unit>mg/dl)|(?!%|/\d|[大种类项要]){NO_UNIT})",
    words="糖 空腹 餐 饭 glu bs bg 指血 头血 尖血 梢血",
)
_PRICKED = Late(
    r"(?:扎(?:了|过|个|一下)?(?:手指头?|指头|指血)?|采指血|测(?:了|了一下|出来|下来|得|的)?|仪器(?:显示|上)?)\s*(?:是|只有|才|就)?\s*(?P<n>\d{1,2}\.\d)(?!\d|度|℃|%)",
    words="扎 测 指血 仪器",
)
"""A reading of one whose sugar is measured: 扎了手指 4.1."""
_OF_SUGAR = re.compile(
    r"糖|指(?:头|尖)?血(?!氧)|胰岛素|格列|双胍|格华止|拜唐苹|阿卡波|列净|诺和|来得时|甘舒霖|优泌|长秀霖|重和林"
)
_HOTTEST_SUGAR = 34.0
"""From here a bare reading may be a temperature."""
_METER = Late(
    r"(?:血糖(?:仪|计|值)?|糖)"
    + FILL
    + r"(?:(?P<high>hi(?:gh)?(?![a-z])|h1(?!\d)|爆表|超出?(?:量程|范围)|高得?到?(?:都)?测不出|测不出.{0,4}高)"
    r"|(?P<low>lo(?:w)?(?![a-z])|l0(?!\d)|低得?到?(?:都)?测不出|测不出.{0,4}低))",
    words="糖",
)
_POTASSIUM = reading(
    r"血钾|钾(?:离子)?|(?<![a-z])k\+?(?=[:=\s]?\d\.\d)", after=r"(?!\d|%)" + NO_UNIT, words="钾 k"
)

_SYS = r"高压|上压|收缩压|上面(?:的|血压)?|高的(?:那个)?|(?<![a-z])sbp"
_DIA = r"低压|下压|舒张压|下面(?:的|血压)?|低的(?:那个)?|(?<![a-z])dbp"
_BP_LABEL = r"血压(?:计|值)?|(?<![a-z])bp"
_BP_NAMED = Late(
    rf"(?:{_SYS}){USUAL}{FILL}{LESS}(?P<s>{NOT_ONE}{NUMBER}){FUZZY}{LESS_AFTER}{NO_UNIT}",
    words="压 上面 高的 sbp",
)
_BP_LOWER = Late(
    rf"(?:{_DIA}){USUAL}{FILL}{LESS}(?P<d>{NOT_ONE}{NUMBER}){FUZZY}{NO_UNIT}", words="压 下面 低的 dbp"
)
_BP_LABELLED = Late(
    rf"(?:{_BP_LABEL}){USUAL}{FILL}{LESS}(?P<s>{NOT_ONE}{NUMBER}){FUZZY}{NO_UNIT}"
    rf"(?:\s*(?:/|\\|比|,|、|\.|-|~|到|和|\s)?\s*(?:mmhg)?(?P<d>{NUMBER}){FUZZY}{NO_UNIT})?",
    words="血压 bp",
)
_BP_PAIR = Late(r"(?<![\d./\-])(?P<s>\d{2,3})\s*[/\\]\s*(?P<d>\d{2,3})(?![\d/.\-]|\s*[月号室])", words="/ \\")

_DEGREE = r"(?:度|℃|°\s?c?|摄氏度)"
_COLDER = re.compile(r"(?:不到|低于|小于|不足|<)\s*$")
_FRACTION = r"(?:(?P<frac>[0-9](?![\d个天小月岁日周次点时分.+])|[一二三四五六七八九](?![个天小月岁日周次点时分直样些下边起会定开多零十百]))|(?P<half>半))?"
_TEMP_DEGREE = Late(rf"(?P<n>{NUMBER})\s*{_DEGREE}\s?{_FRACTION}", words="度 ℃ °")
_TEMP_LABEL = r"体温[计表]?|额温|腋温|耳温|肛温|口温|腋下|额头|温度|高烧|低烧|发烧|发热|高热|低热|寒热|热度|烧|(?<![a-z])(?:t|temp|bt)(?=[:\s]?\d)"
_TEMP_LABELLED = Late(
    rf"(?:{_TEMP_LABEL})(?:得|起来|到)?{USUAL}{FILL}(?P<n>{NOT_ONE}{READING})(?P<spoken>[一二三四五六七八九](?![十百个天]))?(?!\s*[+/%]|\s*w){NO_UNIT}",
    words="温 腋下 额头 烧 热 t",
)
_TEMP_RISING = Late(
    rf"(?:反复|最高|升到|达到?|飙到|冲到|蹿到|窜到|烧到|还是|仍有|仍|一直|维持|持续|退到|降到|到了|又到){FILL}(?P<n>{NOT_ONE}{NUMBER})(?![%/+\d]){NO_UNIT}",
    words="反复 最高 达 到 仍 还是 一直 维持 持续",
)
_TEMP_ABOUT = Late(
    r"(?<![\d.:/\-+*a-z])(?P<n>(?:3[7-9]|4[0-2])(?:\.\d)?)\s*(?:度)?\s*(?:上下|左右)(?!岁)",
    words="上下 左右",
)
_TEMP_BARE = Late(
    r"(?<![\d.:/\-+*a-z])(?P<n>3[5-9]\.\d|4[0-2]\.\d)(?![\d/+*.:\-%]|\s*(?:mm|mg|k|g|m|万|千|亿|元|美|分))"
    + NO_UNIT,
    words=".",
)
_ENVIRONMENT = re.compile(
    r"(?:气温|水温|室温|天气|室外|外面|室内|(?<![口脓流泪尿])水(?![泡疱肿痘样便喝])|空调|暖气|冰箱|烤箱|转(?!不)了?|角度|近视|散光|(?<!不)弯(?![着了]?腰|不)曲?|侧弯|夹角|油温|奶)"
    r"(?:(?!烧|发热|体温|热度)[^。!?;,\n]){0,4}$"
)
"""What has degrees that are not the patient's, 转了38度 but not 转不动; a word of fever in between makes it his again."""
_WEATHER = re.compile(r"(?:今|明)天(?:最高)?(?:(?!烧|发热|体温|热度)[^。!?;,\n]){0,4}$")
_ILL = re.compile(r"烧|发热|体温|冷战|寒战|打颤|怕冷|咳|痛|疼|吐|拉|抽|疹|疱|喘|晕|宝|孩|娃|囡")
_OUTDOORS = re.compile(r"明天|天气|气温|太阳|晒|空调|热死|高温|[升降]温|出门|外面|户外|下雨|穿|夏|天热")
"""今天39度 is the weather where it is spoken of, and below a fever, but only when nobody is ill."""
_OTHER_LABEL = re.compile(
    r"(?:体重|身高|白细胞|血红蛋白|血小板|蛋白|糖化|血糖|血钾|血钠|肌酐|尿酸|尿素|孕酮|指数|价格|股|跌|涨|公里|bmi|crp|hcg|[a-z]{2,})"
    r"[^。!?;,\n]{0,4}$"
)
_FEVER = re.compile(r"烧|热|体温|阳")


def find_measures(text: str) -> list[Mention]:
    """All readings of a normalised text, in order; values the writer takes back are left out."""
    found = [
        *_blood_pressure(text),
        *_readings("spo2", _SPO2, text, SPO2, 1),
        *_pulse(text),
        *_readings("rr", _BREATHS, text, BREATHS, 1),
        *(list(_glucose(text)) or _pricked(text)),
        *_readings("k", _POTASSIUM, text, POTASSIUM, 0.1),
    ]
    taken = Taken(found)
    found += [one for one in _temperatures(text) if not taken.meets(one.start, one.end)]
    return sorted(_kept(text, found), key=lambda one: (one.start, one.end))


def _kept(text: str, found: list[Mention]) -> Iterator[Mention]:
    seen: set[tuple[str, int]] = set()
    for one in found:
        number = re.search(NUMBER, one.quote)
        at = one.start + (number.start() if number else 0)
        if (one.kind, one.start) not in seen and ("不是" in one.quote or not retracted(text, at, one.end)):
            seen.add((one.kind, one.start))
            yield one


def _within(number: float | None, bounds: tuple[float, float]) -> bool:
    return number is not None and bounds[0] <= number <= bounds[1]


def _readings(
    kind: str, pattern: Late, text: str, bounds: tuple[float, float], step: float
) -> Iterator[Mention]:
    """Labelled values; 不到 90 is one step below, so that a rule's border is on the right side."""
    for found in pattern.finditer(text):
        number = value(found["n"])
        if number is not None and _within(number, bounds):
            if found["less"] or found["under"]:
                number = round(number - step, 2)
            yield mention(kind, number, text, found.start(), found.end())


def _pulse(text: str) -> Iterator[Mention]:
    named = list(_readings("hr", _PULSE, text, PULSE, 1))
    yield from named
    taken = Taken(named)
    yield from (one for one in _beats(text) if not taken.meets(one.start, one.end))


def _beats(text: str) -> Iterator[Mention]:
    for pattern in (_BEATS, _JUMPS, _RACING):
        for found in pattern.finditer(text):
            number = value(next(said for said in found.groups() if said))
            if _within(number, PULSE) and (pattern is not _RACING or (number or 0) >= _FAST):
                yield mention("hr", number, text, found.start(), found.end())


def _glucose(text: str) -> Iterator[Mention]:
    for found in _METER.finditer(text):
        yield mention("glucose", METER_HIGH if found["high"] else METER_LOW, text, found.start(), found.end())
    for found in _GLUCOSE.finditer(text):
        number = value(found["n"])
        if number is None or not _OF_SUGAR.search(text):
            continue  # 空腹8 may be an hour, 餐后18.6 anything
        if found["unit"]:
            number = round(number / MG_PER_MMOL, 1)
        elif found["less"] or found["under"]:
            number = round(number - 0.1, 2)
        if _within(number, GLUCOSE):
            yield mention("glucose", number, text, found.start(), found.end())


def _pricked(text: str) -> Iterator[Mention]:
    """扎了手指 4.1, where sugar or what lowers it is spoken of and no sugar is named with its value."""
    if not _OF_SUGAR.search(text):
        return
    for found in _PRICKED.finditer(text):
        number = value(found["n"])
        if number is not None and GLUCOSE[0] <= number < _HOTTEST_SUGAR:
            yield mention("glucose", number, text, found.start(), found.end())


def _blood_pressure(text: str) -> Iterator[Mention]:
    taken = Taken()
    for pattern in (_BP_NAMED, _BP_LOWER, _BP_LABELLED, _BP_PAIR):
        for found in pattern.finditer(text):
            if taken.meets(*found.span()):
                continue
            if pattern is _BP_PAIR and re.search(r"(?:打|拨|叫|电话)\s*$", left_of(text, found.start())):
                continue
            pair = list(_pressures(found, pattern, text))
            for one in pair:
                taken.add(one.start, one.end)
                yield one


def _pressures(found: re.Match[str], pattern: Late, text: str) -> Iterator[Mention]:
    groups = found.groupdict()
    upper = value(groups["s"]) if groups.get("s") else None
    lower = value(groups["d"]) if groups.get("d") else None
    if pattern is _BP_PAIR and not (
        upper and lower and upper >= 70 and _within(lower, DIASTOLIC) and lower < upper
    ):
        return
    if upper is not None and _within(upper, SYSTOLIC):
        yield mention(
            "sbp",
            upper - 1 if groups.get("less") or groups.get("under") else upper,
            text,
            found.start(),
            found.end("s"),
        )
    if lower is not None and _within(lower, DIASTOLIC) and (upper is None or lower < upper):
        start = found.start("d") if upper is not None else found.start()
        number = lower - 1 if groups.get("less") and upper is None else lower
        yield mention("dbp", number, text, start, found.end("d"))


def _temperatures(text: str) -> Iterator[Mention]:
    taken = Taken()
    for pattern in (_TEMP_DEGREE, _TEMP_LABELLED, _TEMP_BARE, _TEMP_RISING, _TEMP_ABOUT):
        for found in pattern.finditer(text):
            start, end = found.span()
            if taken.meets(found.start("n"), end):
                continue
            number = _degrees(found)
            if _within(number, TEMPERATURE) and _is_body(text, found, pattern):
                taken.add(start, end)
                below = _COLDER.search(text[max(0, found.start("n") - 4) : found.start("n")]) or re.match(
                    r"(?:都)?(?:不到|没到)", right_of(text, end)
                )
                yield mention("temp", round((number or 0) - 0.1, 1) if below else number, text, start, end)


def _degrees(found: re.Match[str]) -> float | None:
    groups = found.groupdict()
    number = value(groups["n"])
    if number is None:
        return None
    if groups.get("half"):
        return number + 0.5
    spoken = groups.get("spoken") if not groups["n"].isascii() else None
    tenth = groups.get("frac") or spoken
    if tenth and float(number).is_integer():
        return round(number + (value(tenth) or 0) / 10, 1)
    return number


def _is_body(text: str, found: re.Match[str], pattern: Late) -> bool:
    left = text[max(0, found.start("n") - 10) : found.start("n")]
    if pattern is not _TEMP_RISING and _WEATHER.search(left) and not _ILL.search(text):
        return not _OUTDOORS.search(text) and (_degrees(found) or 0) >= FEVER
    if pattern is _TEMP_DEGREE:
        return not _ENVIRONMENT.search(left) and not re.match(
            r"(?:上下|左右)?的?(?:[温热]?水|酒|白酒|高温|天|汤|药[液水]|液|茶|油|环境)",
            right_of(text, found.end()),
        )
    if pattern is _TEMP_BARE:
        return not _OTHER_LABEL.search(left) and not _ENVIRONMENT.search(left)
    if pattern in (_TEMP_RISING, _TEMP_ABOUT):
        before = bool(_FEVER.search(text[max(0, found.start() - 14) : found.start()]))
        behind = text.startswith(("烧", "发烧"), found.end())  # 39上下烧了四天
        return (before or behind) and (value(found["n"]) or 0) >= 37
    return not _ENVIRONMENT.search(left)
