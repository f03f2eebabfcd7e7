"""Who treats the patient already: 原来在…, …透析的, …配的, …建卡. One that is merely asked about does not count."""

from __future__ import annotations

import re

from nlu.by_place import Taken
from nlu.mention import Mention, mention

_CARE = (
    r"(?:血液?透析|透析|血透|腹透|洗肾|洗(?=的|$|[\s,。])|管(?=的|$|[\s,。])|化疗|放疗|放化疗|靶向|免疫治疗|治疗|手术|开刀|产检|建卡|建大卡|建档|大排畸|小排畸|唐筛|nt|b超|糖耐|配药|配|开药|开(?!着|门|诊|放)|看病|看|复诊|复查|随访|就诊|住院|住|检查|诊断|确诊|"
    r"换药|换管|维护|打针|打|置管|置|埋管|埋|插管|插|输液|挂水|做|查|康复|(?:[肝肾心肺]|骨髓|干细胞)?移植|装|放支架|放(?=的|了|过)|植入|生|剖|分娩|出院|取药|拿药|拿|领药|领|预约|约|挂号|挂|签约|登记|跟)"
)
_DONE = rf"(?:那边|那里|这边)?\s*(?:肾内科?|血透室|肿瘤科|[\u4e00-\u9fff]{{1,4}}(?:科|门诊))?\s*(?:[\u4e00-\u9fff]{{1,3}}(?:医生|主任))?(?:那里|那边)?\s*(?:一直|定期|长期|每周|每月|固定|刚|刚刚|才|已经|昨天|上周|上个月|去年|之前|以前|前年|上次|一三五|二四六|都|给)*\s*{_CARE}"
_BEFORE = re.compile(
    r"(?:原来|原先|本来|原本|一直|平时|平常|之前|以前|从前|向来|长期|定期|固定|每周|每月|都|就|上次|去年|前年|上个月|上周|昨天|刚|刚刚|去年底|年前|现在|目前)[^。!?;\n,]{0,6}?(?:是)?(?:在|到|去|找|由|从|看|跟|靠)?\s*$|"
    r"(?:原就诊|原诊|就诊|原医院|定点|签约|建卡|产检|透析点?|治疗|主治|经治|手术|开药|配药|原治疗|随访|挂靠)(?:的)?(?:医院|机构|单位)?\s*(?:[:是在]|为)\s*$|(?<!现)在\s*$|约(?:在|的是|了)?[^。!?;,\n]{0,4}\s*$|是\s*$|建卡(?:在|的是)?\s*$"
)
_HABIT = re.compile(
    r"(?:一三五|二四六|[早中晚]班)[^。!?;\n,]{0,3},?\s*在\s*$|建(?:大|小)?卡\s*$|(?:大卡|小卡|档案)(?:都|也)?在\s*$|"
    r"(?:原来|原先|本来|原本|一直|平时|平常|之前|以前|向来|长期|定期|固定|每周|每月|上次|都是?)[^。!?;\n,]{0,8}$|(?:原就诊|原诊|就诊|原医院|定点|签约|建卡|产检|透析|血透|治疗|主治|经治|原治疗)(?:的)?(?:医院|机构|单位|中心|地点|点)?\s*(?:[:是在]|为)\s*$|约(?:在|的是|了)\s*$|"
    r"(?:就诊|产检|建卡|透析|血透|治疗|主治|随访|配药|手术)(?:的)?(?:医院|单位|机构)\s*$"
)
_CARE_IN = re.compile(_CARE + r"(?:都|一直|原来|是|也)*(?:在|是在)\s*$")
_GOING = re.compile(
    r"(?:(?:想|要|可以|能|能不能|可不可以|是否|建议|安排|打算|准备|帮忙?|联系|转|送|推荐|改|换|该|应该|先|直接|叫他|让)[^。!?;\n,]{0,6}?(?:去|到|转|送|往|在)?|送到?|转到?|送去|转去|去|到|推荐|联系|问|问了|打|打了|打电话给|换|改|找)\s*$"
)
_NEEDS = re.compile(
    r"(?:要|需要|得|必须|每周|定期|明天|后天|下周|本周|今天|该|应该|按时|约好|预约|约了)[^。!?;\n,]{0,8}(?:去|到|回)\s*$"
)
_ASKED = re.compile(
    r"^[^。;\n]{0,12}?(?:能不能|可不可以|可以吗|行不行|行吗|好吗|收不收|收吗|有没有|有床|接不接|接收吗|开不开|开门|还开|几点|电话|怎么(?!办)|吗|么\b|是否|能收|能接|可以收|哪|看行|\?)"
)
_AFTER = re.compile(
    rf"^\s*(?:医院)?\s*{_DONE}(?:过|的|了|着|完|出来|病人|患者|史|术|治疗|随访|中|后|,|\s|。|$|[一-龥\d])|^\s*(?:的(?:病人|患者|老病人|血透病人|医生|药|病历|主任|透析|卡|产妇|方子|处方|单子|药单)|那种|出院|术后|医生(?:说|让|开)|给的|开的|那边的|建的|主任)|^\s*(?:血透|透析)?\s*(?:一三五|二四六)(?:早|中|晚|上午|下午)?班?(?![^,。]{{0,4}}(?:吗|可以|能|还|有))|^\s*的(?:方子|处方|单子|药单|随访)"
)
_PLAIN = re.compile(
    r"^\s*(?:那边|那里|一直|定期)?(?:血液?透析|透析|血透|腹透|化疗|放疗|放化疗|产检|建卡|建大卡|做?胎心监护|做?胎监|做?糖耐|做?nt|做?[大小]排畸|做?唐筛|随访|复诊|复查|手术|住院)(?!室|科|中心|能|可|开|停|收|床|还|也|都?可以|吗)"
)
_PAST_CARE = re.compile(r"(?:过|的(?!话|时候)|了(?!吗)|着|完|术后|出院|病人|患者|那种|建的)")
_UNKNOWN = re.compile(
    r"(?:原来|原先|一直|平时|平常|之前|以前|长期|定期|固定|每周|都|上次)(?:都)?(?:是)?在(?P<name>[\u4e00-\u9fff\d]{2,14}?(?:医院|保健院|卫生院|卫生服务中心|医学中心|肿瘤所|门诊部|血透中心|透析中心))(?=[^。!?;\n]{0,10}"
    + _CARE
    + r")|"
    r"(?:^|[\s,。:;])在(?P<name2>[\u4e00-\u9fff\d]{2,14}?(?:医院|保健院|卫生院|卫生服务中心|医学中心|血透中心|透析中心))"
    + _CARE
    + r"(?:的|过|了)|"
    r"(?:原就诊|就诊|定点|建卡|透析|治疗|原治疗)(?:医院|机构|单位)\s*[:是]\s*(?P<name3>[\u4e00-\u9fff\d]{2,16}?(?:医院|保健院|中心|院))"
)


_OF_IT = re.compile(
    r"^\s*(?:那边|那里)?(?:[\u4e00-\u9fff]{1,3}科|[神普胸心泌血骨]外|[神心肾血呼消]内|血液|妇科?|产科?|眼科?)?(?:那边|那里)?(?:一直|平时|定期|都|给)?"
    r"(?:(?:配|开|看|做|装|放|种|治|打|随访|手术|复查|透析?|化疗|放疗|移植|建卡|产检)的?|的|(?<=科))(?=$|[\s,。;、)])"
)
"""胸科看的, 肺科医院配, 肿瘤医院的, 仁济风湿科: the clause ends with whose patient he is."""
_CALLS = re.compile(
    r"^\s*(?:那边|医生)?(?:叫|让|关照|通知|喊|要求)(?:我|他|她|我们|病人)?(?:们|家)?"
    r"(?!.{0,10}(?:核酸|疫苗|排队))(?:尽快|赶快|马上|早点|按时|今天|明天|明早|下周|周[一二三四五六日]|回|继续|复)"
)
"""肿瘤医院叫尽快接上: who calls a patient back treats him."""
_OWN_CARE = re.compile(
    r"^\s*那边(?:说|讲|通知|来电话|打电话)[^。;!?\n]{0,12}(?:取消|延期|推迟|重新排|排不上|往后)|"
    r"^\s*(?:那边)?(?:随访(?:护士|医生|中心)?|的号(?:约|挂|抢)不|的复诊|(?:每月|每周|定期)?复诊的|(?:啥时候|什么时候|几时)?(?:才)?能?(?:继续|接着)(?:做|治|透|化|放))"
)
"""肺科医院随访护士, 胸科的号约不上, 乐都医院啥时候能继续做: the house that has been treating him."""
_TREATED_IN = re.compile(_CARE + r"[^,。;!?()\n]{0,5}\(\s*$")
"""血透(区中心医院), 化疗第三次(肿瘤医院): the house stands in brackets behind the treatment."""
_BOOKED = re.compile(
    r"(?:一三五|二四六|[早中晚]班|透析|血透|化疗|放疗|产检|大排畸|小排畸|糖耐|nt|胎监|胎心监护|复诊|复查|预约|约[在好了])[^。!?;\n]{0,14}[\s,]\s*$"
)
_HOUSE_ALONE = re.compile(r"\s*(?:$|[\s,。;])")
"""二四六透析 明早6点的班 市一南部: a clause of its own behind what is done or booked there."""
_FORMER = re.compile(r"(?<!还)原(?:在|来|先|是)?\s*$")


def find_orig_hospital(text: str, institutions: list[Mention]) -> list[Mention]:
    """The institutions that treat the patient, in order; one outside the gazetteer by the name written."""
    found = [
        mention("orig_hospital", one.value, text, one.start, one.end)
        for one in institutions
        if one.kind == "institution" and treats(text, one.start, one.end)
    ]
    known = Taken(institutions)
    for one in _UNKNOWN.finditer(text):
        group = next(name for name in ("name", "name2", "name3") if one[name])
        start, end = one.span(group)
        if not known.meets(start, end):
            found.append(mention("orig_hospital", text[start:end], text, start, end))
    return sorted(found, key=lambda one: one.start)


def treats(text: str, start: int, end: int) -> bool:
    """Whether the institution at a span treats the patient, by the words around it."""
    before, after = text[max(0, start - 16) : start], text[end : end + 24]
    after = re.sub(
        r"^\((?:[^)]{0,12})\)|^[东西南北总分]院(?:区)?|^(?:南部|北部|本部|浦东|徐汇)(?:院区)?", "", after
    )
    if _HABIT.search(before) or (_CARE_IN.search(before) and not re.search(r"[想要能可]", before[-8:])):
        return not re.match(r"^\s*(?:没|不收|不给)", after) or "配" in after[:8]
    if _FORMER.search(before) or _CALLS.match(after) or _OWN_CARE.match(after) or _behind(before, after):
        return True
    care = _AFTER.match(after)
    if _GOING.search(before) and not _NEEDS.search(before):
        return False
    if care and _ASKED.match(after) and not _PAST_CARE.search(care.group()):
        return False
    if _OF_IT.match(after) and not _ASKED.match(after):
        return True
    return bool(care) and (
        bool(_PLAIN.match(after))
        or bool(_BEFORE.search(before))
        or bool(_PAST_CARE.search(after[:10]))
        or bool(_NEEDS.search(before))
    )


def _behind(before: str, after: str) -> bool:
    """化疗第三次(肿瘤医院); 二四六透析 明早的班 市一南部: the house alone behind what is done there."""
    if _TREATED_IN.search(before) and after.lstrip().startswith(")"):
        return True
    return bool(_BOOKED.search(before) and _HOUSE_ALONE.match(after)) and not _ASKED.match(after)
