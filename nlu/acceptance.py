"""What an acceptance asks of those who bring the patient, and which person at the hospital gave it.

收，让他10点过来，带48小时核酸，走急诊2号门: at ten, the test, the gate. The words stay the hospital's own.
"""

from __future__ import annotations

import re

from nlu.clauses import fold
from nlu.numbers import WHOLE

TEST = "test"
"""The item of a test result; it never holds up levels Ⅰ–Ⅱ (facts §6.4)."""
_NEED = r"(?:麻烦|请|记得|务必|一定|必须|最好)*(?:要有|要求|需要|须|需|要|得|凭|有|带上?|备好?|提供|出示|查验?|做)?好?"
_HOURS = rf"(?:\d{{1,3}}|{WHOLE})(?:个)?(?:小时|h|天)(?:之?内|以内)?的?"
_CARRIED = r"(?:以前|之前|既往|原来|所有|全部|老|旧)?的?(?:病历本?|病史|片子|ct片?|报告单?|检查单|出院小结|医保卡|身份证|就诊卡|社保卡|产检本|大卡|小卡|化验单|透析记录|用药单|证件|药)"
_ITEMS = (
    (TEST, rf"{_NEED}(?:{_HOURS})?(?:核酸|抗原)(?:阴性)?(?:报告|结果|证明|检测)?(?:阴性)?"),
    ("closed_loop", rf"{_NEED}(?:走|全程)?(?:闭环(?:转运|接送|管理|车)?|点对点(?:接送|转运)?|专车(?:接送|转运)?)"),
    ("escort", r"(?:家属|陪护|陪客|陪同)(?:人员)?(?:限|最多|只能|只许|仅限|不超过)?(?:一|1|两|2)[个名位人]{1,2}(?:也要核酸)?|(?:只能|只许|限|最多|可以|可|要|需要?|带)?(?:一|1|两|2)?[个名位]?(?:家属|陪护|陪客|陪人|陪同)(?:人员)?(?:(?:限|最多|只能)?(?:一|1|两|2)?[个名位]?(?:陪同|陪护|进|来)?(?:也要核酸|也要有核酸)?)|(?:不能|不许|谢绝|不让|不可以|不要)(?:家属)?(?:陪护|陪同|陪)"),
    ("papers", rf"(?:带|带上|带好|带齐|备好|准备好?|拿上|拿好){_CARRIED}(?:[、和跟及]?{_CARRIED})*|{_CARRIED}(?:都|全)?(?:带好|带齐|带上|带来|备好|准备好)"),
    ("gate", r"(?:直接)?(?:到|走|从|去|停|停在|送到|进|开到)(?:我们|医院)?(?:急诊|门诊|住院部|发热门诊|血透室|产科)?(?:的)?(?:\d{1,2}号?|[一二三四五六七八九十]号|[东南西北正后侧边小大])(?:门|通道|入口|楼)(?:进)?(?:\d{1,2}楼)?"),
    ("fasting", r"(?:先)?(?:空腹|禁食|别吃东西|不要吃东西|禁食禁水)(?:来)?"),
    ("time", rf"(?:今天|今晚|明天|明早|上午|下午|晚上|中午|早上)*(?:\d{{1,2}}|{WHOLE})(?:点|:)(?:半|\d{{2}}|一刻|三刻)?(?:分)?(?:钟)?(?:以?之?前|左右|后|以后)?(?:过来|到|来|送到|送来|进|报到)"),
)  # fmt: skip
_PATTERNS = tuple((item, re.compile(pattern)) for item, pattern in _ITEMS)
_NOT_ASKED = re.compile(
    r"(?:不用|不需要?|无需|无须|不必|免|没有|没|不等|不看|不查|不管|未|补|到了|来了|现场|进院)\S{0,2}$"
)
_AFTERWARDS = re.compile(
    r"^(?:到了|来了|我们|医院|这边|现场|进院)?(?:再|来|给)?(?:补|做|测|采)|^(?:不用|不要紧|没关系|无所谓|没有也|没有都)"
)
_FILLER = re.compile(r"^(?:麻烦|请|记得|务必|一定|必须|最好|要求)+")
_TITLE = r"(?:主任|医生|老师|护士长|科长|大夫|院长|护士|总值班)"
_PERSON = re.compile(rf"(?:^|[,，。\s医院科室部急诊办务门的说是找])(?P<who>[一-龥]{_TITLE})")


def requirements(text: str) -> tuple[tuple[str, str], ...]:
    """What is asked for, in the order of the text, as the kind of item and the hospital's own words for it.

    What is said not to be needed (不用核酸) is left out.
    """
    folded = fold(text)
    found: list[tuple[int, int, tuple[str, str]]] = []
    for item, pattern in _PATTERNS:
        for match in pattern.finditer(folded):
            start, end = match.span()
            if _NOT_ASKED.search(folded[:start]) or _AFTERWARDS.search(folded[end:]):
                continue
            if any(start < other_end and end > other for other, other_end, _ in found):
                continue
            words = _FILLER.sub("", text[start:end].strip())
            found.append((start, end, (item, words)))
    ordered = [each for _, _, each in sorted(found, key=lambda one: one[0])]
    return tuple(dict.fromkeys(ordered))


def person_told(text: str) -> str | None:
    """Who at the hospital gave the answer, where the message says so: 市一急诊王主任同意接收. None when it does not."""
    found = _PERSON.search(text)
    return found["who"] if found else None
