"""What belongs to an act: until when to wait, the level a person sets, how a case ended, whether "I" take it on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from nlu.acceptance import person_told, requirements
from nlu.clauses import fold
from nlu.deadlines import moment
from nlu.mention import left_of
from nlu.refusal import refusal
from nlu.standing_down import stands_down

_LEVEL_WORDS = {
    "一": 1,
    "二": 2,
    "三": 3,
    "四": 4,
    "1": 1,
    "2": 2,
    "3": 3,
    "4": 4,
    "ⅰ": 1,
    "ⅱ": 2,
    "ⅲ": 3,
    "ⅳ": 4,
} | {
    "i": 1,
    "ii": 2,
    "iii": 3,
    "iv": 4,
    "两": 2,
}
_GRADE = r"(?P<g>[一二三四两1-4ⅰⅱⅲⅳ]|i{1,3}|iv)"
_LEVEL = re.compile(
    rf"(?:改|调|降|升|定|提|列|上调|下调|升级|降级|调整|更改|改回|提高|降低|设|算|当|按|应该是|应是|应为|是|级别|等级|分级|为|成|到)"
    rf"[^,。;!?]{{0,4}}?{_GRADE}\s*级(?!医院|甲等|乙等|以上|护理|残)"
)
_LEVEL_BARE = re.compile(rf"^[#\d号\-\s]*(?:{_GRADE}\s*级)\s*[吧了]?\s*$")
_LEVEL_NOT = re.compile(r"几级|什么级|多少级|吗|是不是")
_SELF = re.compile(
    r"我(?:们)?(?:这边|这里|科|来|去|先|马上|现在|这就|可以|负责|正在|已在|已经|在|再|自己|还是|直接|亲自|有空)*"
    r"(?:来$|来吧|来办|来弄|跟|联系|处理|对接|负责|协调|落实|安排|问|打|盯|弄|办|搞定|接|领|看|沟通|想办法|催|核实|认领|认|打听|确认|管|包|跑)|"
    r"(?:交|给|包|丢|扔|放|留)(?:给|在)?我(?:来|吧|好了|身上|办|处理|跟|们|$|[,。!~\s])|(?:由|归|算|记)我(?:们)?(?:来|负责|头上|跟|管|处理|的|$)|"
    r"阿拉(?:来|跟|去|负责)|本人(?:跟|负责|来)"
)
_OTHERS = re.compile(
    r"我(?:们)?(?:[^,。;]{0,4})(?:请|让|叫|麻烦|安排|转给|交给)(?:@|[\u4e00-\u9fff]{1,3}(?:主任|老师|医生))"
)

_OUTCOMES = (
    ("duplicate", r"重复(?!测|量|发)|报重|发重|登记重|同一个?(?:人|病人|居民|患者|位)|一个人|合并|并案|并掉|一样的"),
    ("false_alarm", r"误报|虚惊|乌龙|(?:搞|弄|看)错了?[^。]{0,4}没|假的|假消息|查无此人|没有?这个人|没这回事|测试|试一下"),
    (
        "cancelled",
        r"(?:不|无)(?:需要|用|必|需)(?!担心|急|谢)|不要了|不去了|不看了|不配了|不转了|不来了|不透了|取消|撤销|撤单|撤回|撤了|销单|作废|放弃|算了|勿要|覅",
    ),
    ("died", r"去世|过世|走了(?!绿)|没了$|死亡|没抢救过来|抢救无效|不在了|没救回"),
    ("delivered", r"(?:药|胰岛素|针|物资|造口袋|试纸|奶粉|耗材)[^。]{0,6}(?:收到|拿到|送到|配到|领到|买到|到了|到手|送达|配好|齐了|取到|取回|发)|"
                  r"(?:收到|拿到|配到|领到|买到|送到|取到|配齐)[^。]{0,4}(?:药|胰岛素|针)|配到了|配好了|药齐了|送药上门"),
    ("admitted", r"入院|收治|住院|住进|住上|收进|收住|住下|转入病房|进病房"),
    ("online", r"线上|互联网|网上|视频问诊|远程|电话指导|在线"),
    ("moved", r"转(?:到|去|往|至)?(?:外区|市级|市里|其他区|别的区|外地|兄弟区)|转出(?:去|区)?"),
    ("non_medical", r"非医疗|转(?:街道|居委|镇里|民政|街镇|城运)|居委(?:会)?(?:在|去|来)?处理"),
    ("handed_over", r"到院|到医院|到急诊|到了|已到|交接|接手|移交|送到|送达"),
    ("better", r"好转|好了(?!医院)|没事|缓解|退烧|不痛了|不烧了|恢复|没大碍|自己好|好多了|脱险|没问题了|平安|回家|出院"),
    ("treated", r"取出|取掉|拔出|夹出|弄出|取好|透[好完]|透上|做[好完]|查[好完]|换[好完]|拆[好完]|缝[好完]|打[好完]|洗[好完]|生了|顺产|剖|看[好完]|处理|解决|搞定|完成"),
)  # fmt: skip
_OUTCOME_PATTERNS = tuple((name, re.compile(pattern)) for name, pattern in _OUTCOMES)
_UNANSWERED = re.compile(
    r"打不[通进]|[拨联]不通|接不通|联系不[上到]|占线|忙音|盲音|线路忙|正忙|在忙线|没人[接应]|无人[接应]|不接(?!收|诊)|没接(?!收|诊)|"
    r"不在服务区|关机|停机|空号|转语音|转人工|没打通|打了[^,。;]{0,6}没[人通接]|没回[音复应]|换一家|再找一家|下一家"
)
_REFUSED = re.compile(
    r"不收|收不|没床|床位|满了|满员|停诊|做不了|不能做|拒[绝收诊]|设备|机器|不接收|不接诊|不方便"
)
_UNDONE = re.compile(r"(?:没|没有|未|还没|尚未|不)$")


@dataclass(frozen=True)
class Details:
    """What an act carries; fields that do not belong to the act are empty."""

    until: datetime | None = None
    level: int | None = None
    to_self: bool = False
    outcome: str | None = None
    unanswered: bool = False
    stands_down: bool = False
    refusal: tuple[str, str] | None = None
    requirements: tuple[tuple[str, str], ...] = ()
    person: str | None = None


def details(text: str, at: datetime, act: str) -> Details:
    """The details of an act that `text` names. A level is looked for whatever the act: it may come with any."""
    folded = fold(text)
    return Details(
        until=moment(folded, at) if act == "snooze" else None,
        level=level_set(folded),
        to_self=act == "assign" and is_self(folded),
        outcome=close_outcome(folded) if act == "close" else None,
        unanswered=act == "decline" and is_unanswered(folded),
        stands_down=stands_down(folded),
        refusal=refusal(text) if act == "decline" else None,
        requirements=requirements(text) if act == "accept" else (),
        person=person_told(text) if act in ("accept", "decline") else None,
    )


def is_unanswered(folded: str) -> bool:
    """Whether nobody could be reached, which is all that a contact may report as a refusal (contract §5)."""
    return bool(_UNANSWERED.search(folded)) and not _REFUSED.search(folded)


def level_set(folded: str) -> int | None:
    """The level a person sets (改为Ⅱ级, 按三级, 升到1级), 1–4, or None."""
    if _LEVEL_NOT.search(folded):
        return None
    found = list(_LEVEL.finditer(folded)) or list(_LEVEL_BARE.finditer(folded))
    return _LEVEL_WORDS[found[-1]["g"]] if found else None


def is_self(folded: str) -> bool:
    """Whether the speaker takes the case: 我来跟, 交给我, 我去联系. 我请李主任看 hands it to somebody else."""
    return bool(_SELF.search(folded)) and not _OTHERS.search(folded)


def close_outcome(folded: str) -> str | None:
    """How the case ended, by the first of the table that is said and not denied; None when nothing is said."""
    for name, pattern in _OUTCOME_PATTERNS:
        for match in pattern.finditer(folded):
            if not _UNDONE.search(left_of(folded, match.start())):
                return name
    return None
