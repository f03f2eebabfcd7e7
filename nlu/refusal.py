"""Why a hospital cannot: 占线, 没人接, 满, 没设备, 停诊, 缺核酸; the first of the table that is said."""

from __future__ import annotations

import re

from nlu.clauses import fold

REASONS = (
    ("no_test", r"(?:没有?|无|缺|未做|过期|超过?)[^,。;]{0,8}(?:核酸|抗原)|(?:核酸|抗原)[^,。;]{0,6}(?:没|过期|超|未|不够|不全|不在)|黄码|红码|码[^,。;]{0,2}(?:黄|红)"),
    ("busy", r"占线|忙音|盲音|线路忙|正忙|忙线"),
    ("no_answer", r"没人[接应]|无人[接应]|不接电话|没接(?!收|诊)|打不[通进]|[拨联]不通|接不通|联系不[上到]|没打通|关机|停机(?!检)|空号|不在服务区|转语音|没回[音复应]|打了[^,。;]{0,6}没[人通接]"),
    ("no_equipment", r"(?:没有?|无|缺|不具备|冇)[^,。;]{0,6}(?:设备|机器|条件|能力|血源|呼吸机|导管|[一-龥]镜|仪|ct|核磁|手术室)|(?:设备|机器|ct|水处理|仪器)[^,。;]{0,4}(?:坏|故障|检修|用不了|停|不行)|做不了|不能做|停电|停水"),
    ("no_doctor", r"(?:没有?|无|缺|冇)[^,。;]{0,8}(?:医生|医师|大夫|专科|这个科|[一-龥]科(?!室)|值班|二线|人手|麻醉师)|医生[^,。;]{0,6}(?:不在|手术|隔离|下班|停班)|(?:不看|没开)[^,。;]{0,3}科"),
    ("full", r"满|没床|没有床|无床|冇床|床位(?:紧|没|都|全)|没[^,。;]{0,2}(?:位|机位|号)|加不[进了]|排不[进上]|饱和|排队|爆|收不下|装不下|看不过来"),
    ("closed", r"停诊|停了|停业|关门|关了|关闭|封了|封院|封控|闭环|消杀|隔离|不开|没开|下班|停摆"),
)  # fmt: skip
"""Codes with the words for them, in the order in which they decide."""
_PATTERNS = tuple((code, re.compile(pattern)) for code, pattern in REASONS)
_EMPTY = re.compile(
    r"^(?:[\s,。!！?？~、]|@\S+|#?\d{1,4}(?:-\d{3})?号?|他们|那边|这边|我们|说|回复|刚|抱歉|不好意思|对不起|收不了|不收|不行|不可以|不接|拒了|换一?家|再找|别家|吧|了|的|啊|哦)*$"
)
SHORT = 12
"""So many characters of other words are kept."""


def refusal(text: str) -> tuple[str, str]:
    """The code of the reason (`other` when no word of the table is said) and the words, short; no words for 收不了."""
    folded = fold(text)
    for code, pattern in _PATTERNS:
        if pattern.search(folded):
            return code, ""
    return "other", _short(text)


def _short(text: str) -> str:
    clauses = [
        each.strip() for each in re.split(r"[,，。;；!！\n\s]+", text) if not _EMPTY.match(each.strip())
    ]
    said = clauses[0] if clauses else ""
    said = re.sub(
        r"^(?:#?\d{1,4}(?:-\d{3})?号?)?(?:[一-龥]{0,8}?(?:说|讲|回复|回话)(?:是|的是)?)?(?:我们?(?:医院|院|这边|这里|这)?|[我本]院|这边|这里)?",
        "",
        said,
    )
    return said if len(said) <= SHORT else said[: SHORT - 1] + "…"
