"""How many days the medicine lasts: 3 还剩三天, 1 明天断药, 0 今天最后一颗, -2 已经断了两天."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from nlu.by_place import Taken
from nlu.late import Late
from nlu.mention import Mention, left_of, mention, right_of
from nlu.numbers import NUMBER, value
from nlu.sexes import kin
from nlu.times import days

_UNITS = {"天": 1.0, "日": 1.0, "周": 7.0, "星期": 7.0, "礼拜": 7.0, "月": 30.0, "顿": 0.0}
_U = r"(?P<u>天|日(?!期)|个?星期|个?礼拜|周|个?月)"
_N = rf"(?P<n>{NUMBER}|半)\s*(?:多|几|来)?\s*(?:个半)?"
_FEW = rf"(?P<n>{NUMBER}|半|好几|几)\s*(?:多|来)?"
DRUG_CONTEXT = re.compile(
    r"透析[液水]|腹透液|管路|泵管|药(?!店|房|监|企)|腹透|胰岛素|的量|处方|配(?!合|偶|对|送)|断供|断顿|胶囊|激素|抗凝|降压|降糖|降脂|靶向|抗排异|奶粉|造口|氧气|试纸|针剂|片剂|喷雾|眼药水|滴眼液|滴剂|药膏|软膏|乳膏|维生素|抗病毒|针头|盒|替尼|沙坦|洛尔|他汀|地平"
)
_NOT_DRUG = re.compile(
    r"隔离|核酸|通行证|出门证|证明|假期|预产期|有效期|保质期|疫苗|封控|封闭|解封|方舱|就要生|到期|考试|过年|放假|核对|食物|菜|米|电费|话费|流量|透析证|产检|手术|出院|复工|上班|开学|排期|截止|命|活|生命|分娩|生产"
)
_LEFT = Late(
    rf"(?:再有|还?剩下?|只剩下?|还有|只有|仅有|仅剩|就剩下?|剩余|余量|余药|余|剩|只够|还够|够|撑|库存|(?:还能|只能|能|可以|最多|还可以|可|管)(?=再?(?:吃|用|打|撑|维持|坚持|顶|服|吸|喷|喝|够|管)))"
    rf"(?:药量|天数|可用|的药|药|量|大概|大约|差不多|不到|了|着|再|只|够|能|吃|用|打|撑|维持|坚持|顶|服|吸|喷|最后|的|:|\s|是|最多|也就|就|刚好|为|存|有|还){{0,6}}{_N}\s*{_U}(?!前|后|内|没|不|之|以|一次|1次|就(?:好|生|要生|到预)|第)",
    words="有 剩 余 只够 还够 够 撑 库存 能 可以 最多 可 管",
)
_AMOUNT = Late(rf"{_N}\s*{_U}的?(?:药|用?量|份)(?:了|,|\s|$|。|不到|左右|还|剩)?", words="药 量 份")
_LAST_DOSE = Late(
    r"(?:今天|今早|今晚|今朝|刚刚?|刚才|早上|中午|晚上|现在|手里|手上|就|只|还|这是|是|已经?)?[^。!?;,\n]{0,6}?(?:最后|剩|只有|就)(?:的|了|下)?(?:一|1)(?:顿|颗|粒|片|针|支|套|次|餐|板|盒的?最后|剂|喷|口|滴|包|袋)(?!一天|\d|\s*(?:能|够|还能|可以)[^。!?;,\n]{0,3}\d)|"
    r"(?:今天|今晚|今早|今朝)[^。!?;,\n]{0,4}最后(?:的)?[两二三四\d](?:颗|粒|片|针)(?!一天|\d)",
    words="最后 剩 只有 就",
)
_RUN_OUT_ON = r"(?:就|要|会|都|也|即将|可能|正好|刚好|就要|全|早上|上午|中午|下午|晚上|一早|开始|后|的|药|之后|就会|马上|得|又){0,4}(?:断药|断供|断顿|断了|断|没药(?:吃|用|打)?|没有药|没得吃|没得用|没了|没有了|没的吃|吃完(?!药|饭|早|晚|午|退)|吃光|用完|用光|打完(?!针|疫苗|点滴|吊|新冠|第)|服完|吸完|喷完|停药|缺药|见底|空了|没货|就没(?=$|[\s,。!?;])|最后一[天顿片颗粒次针支])(?!关系|事|问题|吃|用|打|来|去|人|做|办法|空|时间|有[^了药]|透|排|上|法)"
_ONLY_UNTIL = re.compile(
    r"(?:只剩下?|只有|就剩下?|剩下?|只够|刚够|够|只能|还能|能|可以|最多)(?:吃|用|打|撑|维持|坚持|喝|服|喷|吸|再|了|顶|最后|的|个)*到?\s*$|(?:吃|用|打|撑)到\s*$"
)
_OUT_FOR = Late(
    rf"(?:(?:断|停)(?:了|药|药了|掉|顿)*(?:已经|都|有|快|也|,|\s|大概|了)*|(?:没药|没有药|药没了|药吃完|吃完|用完|打完|没了|没有了|断供|缺药|没得吃|断货)(?:已经|都|有|了|,|\s|吃)*){_FEW}\s*{_U}(?!前|后就|一次|的药)",
    words="断 停 没 药 完 缺",
)
_OUT_SINCE = Late(
    rf"{_N}\s*{_U}(?:了|都|已经|\s|多|也|里)*(?:没有?|未|没能|没得|没再)(?:按时|能|再|去|有)?(?:吃|服|打|用|吸|喷|注射|上)(?:到|上|过|成|了)*"
    r"(?P<what>(?:[^。!?;,\n]{0,4}(?:药|胰岛素|针(?!对)|激素|片))?)",
    words="没 未",
)
_OUT_NOW = re.compile(
    r"(?:已经?|现在|目前|昨天|前天|都|全|早就|彻底|这几天|家里|手上|手里|药)[^。!?;,\n]{0,6}?(?:断药了?|没药了?(?![膏效用物])|没有药(?:了|$|(?=[\s,。!?;]))|吃完了|用完了|打完了|吃光了|用光了|断供了?|没了|断了)|(?:断药|没药|断顿)了|(?:吃|用|打|服)(?:完|光)了|一[支片颗粒盒瓶板滴针](?:都|也)?不剩"
)
_OUT_DATED = re.compile(
    r"(?P<day>昨天|昨晚|昨日|前天|前日|大前天)[^。!?;,\n]{0,6}?(?:吃完(?!药|饭|早|晚|午|退)|用完|打完(?!针|疫苗|点滴|吊|新冠|第)|断|没了|没药|最后|吃光|停|就没)"
)
FRAGMENT = 12
"""A text as short as this may be the bare answer to how long the medicine lasts: 还剩三天."""
_OUT_IN = Late(
    rf"{_N}\s*{_U}(?:之后|以后|后)?[^。!?;,\n\d]{{0,4}}?(?:就|要|会|都)+(?:要|会|快)?(?:断药|没药|断了|断供|没得吃|没了|没有了|吃完(?!药)|用完|打完|吃光|用光)",
    words="就 要 会 都",
)
_RUNS_DRY = Late(rf"再{_N}\s*{_U}(?:就|要|会)*(?:见底|到底|吃完(?!药)|用完|打完|断药)", words="再")
_DRUG_GONE = re.compile(
    r"\s*(?:也|都|已经|全|又|现在|针|片|胶囊)*(?:没了|没有了|没得吃|断了|吃完|用完|打完|断货|断供|断药|吃光|用光)(?!药|再)"
)
_LAST_DAY = re.compile(r"最后(?:的)?(?:一|1)天(?:的)?(?:量|药|份)")
_OUT_LONG = Late(
    rf"(?:没有?|未|没能)(?:按时)?(?:吃|服|打|用)(?:到|上|过)?[^。!?;,\n\d]{{0,4}}?(?:药|胰岛素|针)(?:已经|都|有|快|了|\s)*{_N}\s*{_U}(?!前|后)",
    words="没 未",
)
_SOON = re.compile(r"(?:快|马上|即将|就要|快要|眼看|将要|差不多|要|怕|担心|别)[^。!?;,\n]{0,3}$")
_BACK = {"昨天": -1, "昨晚": -1, "昨日": -1, "前天": -2, "前日": -2, "大前天": -3}
_ADVISED = re.compile(
    r"医生|医嘱|遵|大夫|让(?:我|他|她)?停|叫(?:我|他|她)?停|自行停|自己停|主动停|手术前|术前"
)
_SUPPOSED = re.compile(
    r"(?:如果|要是|万一|一旦|假如|怕|担心|不能|不可以|不要|别|避免|防止|能不能|可以)[^。!?;,\n]{0,6}$"
)
_COMPLAINT = re.compile(r"血|水|尿|奶|饭|气|力|呼吸|心跳|知觉|反应|意识|声音|脉|胎动|电")


def find_supply(text: str, at: datetime, drugs: list[Mention]) -> list[Mention]:
    """`days_left` in order of the text. `drugs` named in it make sure that it speaks of medicine."""
    has_drug = bool(drugs)
    if not (has_drug or DRUG_CONTEXT.search(text) or len(text) <= FRAGMENT):
        return []
    found = [*_out(text, drugs), *_runs_out_in(text), *_until(text, at), *_left(text), *_last_dose(text)]
    kept: list[Mention] = []
    taken = Taken()
    for one in found:
        supposed = _SUPPOSED.search(text[max(0, one.start - 10) : one.start])
        if not supposed and not taken.meets(one.start, one.end):
            taken.add(one.start, one.end)
            kept.append(one)
    if not kept:
        kept = [
            mention("days_left", 0, text, one.start(), one.end())
            for one in _OUT_NOW.finditer(text)
            if _medicine_near(text, one, drugs)
            and not _SOON.search(text[max(0, one.start() - 6) : one.start()])
            and not re.search(r"医生|嘱咐|疗程|好了", text[max(0, one.start() - 14) : one.end() + 6])
            and not _COMPLAINT.search(one.group())
        ][:1]
    if not kept:
        kept = [
            mention("days_left", 0, text, one.start, one.end)
            for one in drugs
            if _DRUG_GONE.match(text, one.end)
        ]
        kept = [one for one in kept if not _SOON.search(text[max(0, one.start - 6) : one.start])][:1]
    return sorted(kept, key=lambda one: one.start)


def _medicine_near(text: str, found: re.Match[str], drugs: list[Mention]) -> bool:
    words = text[max(0, found.start() - 8) : found.end()]
    return bool(re.search(r"药(?!店|房)|胰岛素|的量", words)) or any(
        0 <= found.end() - one.end <= 12 for one in drugs
    )


def _number(found: re.Match[str]) -> float:
    number = {"半": 0.5, "几": 3.0, "好几": 3.0}.get(found["n"]) or value(found["n"]) or 0
    if "个半" in found.group():
        number += 0.5
    return number * _UNITS[found["u"].lstrip("个")]


def _whole(number: float) -> int:
    return int(number) if number >= 0 else -int(-number)


def _left(text: str) -> Iterator[Mention]:
    for found in _LEFT.finditer(text):
        around = text[max(0, found.start() - 10) : found.end() + 8]
        if _NOT_DRUG.search(around) or re.match(
            r"的?(?:时间|假|路程|卸货|合同)", right_of(text, found.end())
        ):
            continue
        number = _number(found) - (1 if re.search(r"不到", found.group()) and _number(found) <= 7 else 0)
        yield mention("days_left", _whole(number), text, found.start(), found.end())
    for found in _AMOUNT.finditer(text):
        if re.search(
            r"(?:剩|只|还有|就|够|余|仅)[^。!?;,\n]{0,8}$", text[max(0, found.start() - 10) : found.start()]
        ):
            yield mention("days_left", _whole(_number(found)), text, found.start(), found.end())


def _runs_out_in(text: str) -> Iterator[Mention]:
    """3天后就没药了, 再过两天药就没了; and the last day's dose."""
    for found in _RUNS_DRY.finditer(text):
        if not _NOT_DRUG.search(text[max(0, found.start() - 8) : found.end() + 6]):
            yield mention("days_left", _whole(_number(found)), text, found.start(), found.end())
    for found in _OUT_IN.finditer(text):
        if not _NOT_DRUG.search(found.group()) and not re.search(
            r"(?:吃|停|断|(?<!再)过了?)$", text[max(0, found.start() - 3) : found.start()]
        ):
            yield mention("days_left", _whole(_number(found)), text, found.start(), found.end())
    for found in _LAST_DAY.finditer(text):
        yield mention("days_left", 0, text, found.start(), found.end())


def _last_dose(text: str) -> Iterator[Mention]:
    for found in _LAST_DOSE.finditer(text):
        if re.search(r"最后|剩", found.group()) and not re.search(
            r"针.{0,3}疫苗|次透析|次化疗|次产检|次月经|次复查", text[found.start() : found.end() + 4]
        ):
            back = next(
                (
                    number
                    for word, number in _BACK.items()
                    if word in text[max(0, found.start() - 4) : found.end()]
                ),
                0,
            )
            yield mention("days_left", back, text, found.start(), found.end())


def _until(text: str, at: datetime) -> Iterator[Mention]:
    """明天断药, 周五就没了, 只够吃到4月10号, 只剩明天的."""
    for day in days(text, at.date()):
        left = (day.day - at.date()).days
        if left < 0 or left > 180:
            continue
        before, after = text[max(0, day.start - 10) : day.start], text[day.end : day.end + 14]
        ends = re.match(_RUN_OUT_ON, after)
        only = _ONLY_UNTIL.search(before) and not re.match(r"\s*(?:能|可以|去|来|早点|送|拿|取)", after)
        if not ends and not only:
            continue
        if _NOT_DRUG.search(before + after[:6]) or _COMPLAINT.search(after[:4]):
            continue
        yield mention("days_left", left, text, day.start, day.end + (ends.end() if ends else 0))


def _out(text: str, drugs: list[Mention]) -> Iterator[Mention]:
    for pattern in (_OUT_FOR, _OUT_SINCE, _OUT_LONG):
        for found in pattern.finditer(text):
            if re.search(r"吃[^。!?;,\n]{0,4}[天周]\s*$", left_of(text, found.start())):
                continue
            if pattern is _OUT_SINCE and not (found["what"] or _names_drug(text, found.end(), drugs)):
                continue
            around = text[max(0, found.start() - 8) : found.end()]
            if _ADVISED.search(around) or re.search(
                r"透|奶|断(?:奶|气|电|水|指)|[停月]经|停(?:电|水|车|尸)|止|好转|检|课|工|业|康复|训练|锻炼|理疗|针灸",
                around,
            ):
                continue
            yield mention("days_left", -_whole(max(_number(found), 0)), text, found.start(), found.end())
    for found in _OUT_DATED.finditer(text):
        if not (
            _ADVISED.search(text[max(0, found.start() - 8) : found.end()]) or _is_a_death(text, found, drugs)
        ):
            yield mention("days_left", _BACK[found["day"]], text, found.start(), found.end())


def _is_a_death(text: str, found: re.Match[str], drugs: list[Mention]) -> bool:
    """对门老头前天脑溢血没了: gone, and in the clause no medicine is spoken of."""
    begin = max(text.rfind(mark, 0, found.start()) for mark in ",。!?; \n") + 1
    named = any(begin <= one.start < found.end() for one in drugs)
    return (
        found.group().endswith("没了")
        and bool(kin().pattern.search(text[begin : found.start()]))
        and not (named or DRUG_CONTEXT.search(text[begin : found.end()]))
    )


def _names_drug(text: str, at: int, drugs: list[Mention]) -> bool:
    """Whether what was not taken is a drug: it follows, or nothing follows and a drug was named before."""
    if any(at <= one.start <= at + 2 for one in drugs):
        return True
    ended = re.match(r"\s*(?:了|$|[\s,。!?;\n])", text[at:])
    return bool(ended) and any(one.end <= at for one in drugs)
