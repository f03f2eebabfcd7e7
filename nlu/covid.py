"""The patient's own SARS-CoV-2 state: positive, negative or contact. Others' and supposed results do not count."""

from __future__ import annotations

import re
from functools import lru_cache

from nlu.by_place import Taken
from nlu.mention import Mention, mention
from nlu.sexes import kin

_SWAB = r"(?:核酸|抗原|混管|单管|单采|混采|新冠|试纸)"
_TEST = r"(?:核酸|抗原|混管|单管|单采|混采|初筛|复核|自测|新冠|检测|结果|试纸|试剂)"
POSITIVE = re.compile(
    rf"中[咗招]了?第?[\d一二三四五六七八九十]+[天日]|阳性(?!率|义|体征|家族|预测)|(?<![太岳夕朝贵沈洛阴汉向重艳骄端衡信襄浏])[阳羊][了咗]|阳(?:的|着)?第[\d一二三四五六七八九十]+天|复阳|"
    rf"{_TEST}(?:结果|显示|测出来|测出|查出来?|报告|还是|是|就|也|都|出来|变|转|弱|强|了|还|:|\s){{0,4}}(?:弱|强)?阳|{_SWAB}[^。!?;,\n]{{0,6}}?(?:异常|两条[杠线]|双杠|2条杠|二条杠|两道杠|两杠)|"
    rf"(?:人|也|都|全|全家|已经?|刚|又|仍|还是|还|变|转|弱|新冠|家里|确诊|被)阳(?!台|光|历|痿|虚|气|伞|春|关|澄|台|具|康)(?:了|的|$|(?=[\s,。!?;]))|"
    rf"(?:确诊|感染)(?:了|的是|为)?(?:新冠|奥密克戎|阳)|新冠(?:感染|确诊|患者|病人)|小阳人|得了?新冠|(?<![未没疑])确诊(?=[\s,。;!?]|$|住院|隔离|拉走|转运)|无症状感染者?|(?:两条|双|两道|两|二条|2条)[杠线羊阳](?!腿|排|肉|毛|绒|蝎|头|杆|索|铁|城)|(?<=[,\s。])阳(?=[,\s。]|$)|^阳(?=[,\s])"
)
NEGATIVE = re.compile(
    rf"{_TEST}[^。!?;\n]{{0,14}}?阴|(?<!太)阴性|转阴|(?<![太天])阴了|(?<![\d.月日号])[\d.月日号]{{3,}}\s{{0,12}}阴(?![天雨道茎囊部毛])|{_SWAB}(?:检测|结果|都|一直|是|均|全|:|\s){{0,3}}(?:正常|没问题)|{_SWAB}[^。!?;\n两二2]{{0,6}}?一[条道][杠线]|"
    r"(?:\d{2}|四十八|二十四)小时(?:内)?(?:的)?核酸(?:有|证明|报告|正常|阴|在|已|$)|(?:有|持)\s*(?:\d{2})小时(?:内)?(?:的)?核酸"
)
CONTACT = re.compile(
    r"(?:次)?密接(?!者?隔离点医)|密切接触(?:者|过|了)|时空伴随|同时空|同住人?(?:员)?(?:是|有|为)?(?:阳|确诊)"
)
_OTHER_TEST = re.compile(
    r"(?:hcg|乙肝|丙肝|甲流|乙流|流感|hiv|艾滋|梅毒|egfr|alk|er|pr|her-?2|rh|隐血|潜血|皮试|试验|结核|ppd|巴氏征|布氏征|克氏征|征|幽门|呼气|hp|痰|抗体|核抗|ana|"
    r"支原体|链球菌|激素受体|受体|基因|突变|过敏|过敏原|rpr|tppa|hpv|早早孕|验孕|孕棒|孕纸|试纸|怀孕|血型|p-?\d+|ki-?67|痰菌|涂片|尿|便|细菌|登革|诺如|合胞|腺病毒|螺旋?杆菌|表面抗原|e抗原|核心抗|癌胚抗原|特异性?抗原|dna|肝炎|病毒量)"
)
_OF_COVID = re.compile(r"[阳羊][了咗]|第[\d一二三四五六七八九十]+天")
"""Said of nothing but COVID, whatever test an earlier clause names."""
_PREGNANCY = re.compile(r"验孕|孕棒|孕纸|停经|早孕|怀孕|备孕|排卵")
_OTHERS = re.compile(
    r"(?:邻居|隔壁|幼儿园(?:有|里|老师|班)|全楼|整栋|整楼|我们楼|这栋|楼里|楼上|楼下|楼栋|小区|单元|同楼|对门|单位|公司|同事|村里|群里|学校|班里|社区|(?:(?<![\u4e00-\u9fff])|(?<=我们|整个)|(?<=[全本]))街道|全市|全国|今日|新增|本土|大家|别人|人家|室友|护工|医生|护士|保安|"
    r"多少|几个|例|社会面|每天|本轮|全城|周围|身边|身边人|朋友圈|方舱|血透室|门诊|病区|病房|科室|街上|外面|急诊|医院|上海|北京|武汉|有人|谁)[^。!?;,\n我]{0,8}$"
)
_HOUSEHOLD = re.compile(
    r"(?:家里人?|家人|家属|同住人?员?|全家|老公|老婆|爱人|丈夫|妻子|对象|儿子|女儿|爸爸?|妈妈?|爷爷|奶奶|外公|外婆|父母|公公|婆婆|哥哥?|姐姐?|弟弟|妹妹|室友|老伴|先生|太太)"
    r"[^。!?;,\n]{0,4}$"
)
_PATIENT = re.compile(r"(?<![给跟和帮])(?:我(?!们|家|老|妈|爸)|本人|自己|宝宝|孩子|小孩|孕妇)")
_SUPPOSED = re.compile(
    r"(?:如果|要是|万一|假如|怀疑|疑似|可能|是不是|会不会|有没有|不知道?|不确定|担心|怕|以为|感觉|估计|应该|大概率|像是|预防|防止|避免|等|一旦|像|即使|就算|哪怕|"
    r"难道|好像|八成|没准|说不定|是否|还是不是|要不要)[^。!?;,\n]{0,6}$"
)
_DENIED = re.compile(r"(?:没有?|没有测出|不是|未|还没|没测出|非|并非|无|从没|没再|不)(?:过|人)?\s*$")
_PAST = re.compile(r"^\s*(?:过(?!敏)|康)|^(?:了)?(?:已经|都)?(?:好了|康复|转阴|恢复)")
_PAST_BEFORE = re.compile(
    r"(?:之前|以前|上个月|去年|前阵子|前段时间|曾经|曾|年初|上次|前年|上一轮|年前|月前)[^。!?;,\n]{0,4}$"
)
_GENERAL = re.compile(r"\s*的?(?:概率|可能|风险|怎么|人群|病例|患者(?:人数|增加)|者)")
_ASKED = re.compile(r"^[^。!;,\n]{0,4}(?:怎么办|咋办|吗|么|会怎|能不能|要不要|的话|之后能|后遗)")


def find_covid(text: str) -> list[Mention]:
    """The states said of the patient, in order. A household's positive result makes the patient a contact."""
    found: list[Mention] = []
    taken = Taken()
    for word, pattern in (("negative", NEGATIVE), ("positive", POSITIVE), ("contact", CONTACT)):
        for one in pattern.finditer(text):
            if taken.meets(*one.span()):
                continue
            state = _judged(word, text, one)
            if state:
                taken.add(*one.span())
                found.append(mention("covid", state, text, one.start(), one.end()))
    return sorted(found, key=lambda one: one.start)


def _judged(word: str, text: str, one: re.Match[str]) -> str | None:
    before, after = text[max(0, one.start() - 16) : one.start()], text[one.end() : one.end() + 10]
    if _is_something_else(text, one) or _SUPPOSED.search(before) or _GENERAL.match(after):
        return None
    others = _OTHERS.search(before)
    if others and not _is_a_neighbour(text, one, others):
        return None
    if word == "positive":
        return _judged_positive(text, one, before, after)
    return None if _DENIED.search(before) else word


def _is_a_neighbour(text: str, one: re.Match[str], others: re.Match[str]) -> bool:
    """楼上大哥阳了 37.9: one person of the house is named, and no other patient behind him."""
    return bool(kin().pattern.search(others.group())) and _last_named(text) < one.end()


def _judged_positive(text: str, one: re.Match[str], before: str, after: str) -> str | None:
    if _is_housemate(text, one, before):
        return "contact"
    gone = _PAST.match(after) or _PAST_BEFORE.search(before)
    return None if gone or _DENIED.search(before) or _ASKED.match(after) else "positive"


def _is_something_else(text: str, one: re.Match[str]) -> bool:
    """Another test's result, or the two bars of a pregnancy test."""
    bars = re.search(r"[条杠]", one.group()) and "抗原" not in one.group()
    return _of_another_test(text, one) or bool(bars and _PREGNANCY.search(text))


def _of_another_test(text: str, one: re.Match[str]) -> bool:
    """Whether the test named last before the result is another one (乙肝表面抗原阳性)."""
    reach = text[max(0, one.start() - 24) : one.end()]
    if _OF_COVID.search(one.group()):
        reach = re.split(r"[,，。;；\s]", reach[: len(reach) - len(one.group())])[-1] + one.group()
    other = max((found.end() for found in _OTHER_TEST.finditer(reach)), default=-1)
    own = max((found.end() for found in re.finditer(_SWAB, reach)), default=-1)
    return other >= 0 and other >= own


def _is_housemate(text: str, one: re.Match[str], before: str) -> bool:
    """Somebody of the household is positive and the patient is another: 同住家人阳性, 老公阳了 我发烧."""
    if re.search(r"(?:同住|家人|家里人|室友|家属|舍友)[^。!?;,\n]{0,4}$", before) and "全家" not in before:
        return True
    another = _last_named(text) >= one.end()
    return bool(another and _HOUSEHOLD.search(before)) and "全家" not in before


@lru_cache(maxsize=4)
def _last_named(text: str) -> int:
    """Where the patient is last spoken of as another than the household; -1 for nowhere."""
    return max((found.start() for found in _PATIENT.finditer(text)), default=-1)
