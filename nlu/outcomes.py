"""How a case ended, in people's words (facts §6.9): 已收治, 药送到了, 转居委处理, 是同一个人."""

from __future__ import annotations

import re

from nlu.mention import left_of

_WHO = r"(?:人|老人|老人家|老伯|老太|阿婆|阿公|奶奶|爷爷|病人|患者|居民|他|她)"
_WHEN = r"(?:已经|昨[晚天夜]|今[早天晨]|刚刚?|凌晨|安详地?|还是|就)*"
_OFFICE = r"(?:街道|居委|村委|镇里|镇政府|民政|街镇|城运|物业|信访|公安|派出所|保供|商务委|12345)"
_OTHER_DISTRICT = r"[\u4e00-\u9fff]{2,4}区(?!中心|妇幼|人民|[^,。]{0,6}院)"

_OUTCOMES = (
    ("duplicate", r"重复(?!测|量|发)|报重|发重|登记重|同一个?(?:人|病人|居民|患者|位)|(?:是|都)一个人(?![在去来打住照])|合并(?!症)|并案|并掉|一样的|"
                  r"(?:已经|前面|之前|刚才|刚刚|早就)(?:有人|就)?报过"),
    ("false_alarm", r"误报|虚惊|乌龙|(?:搞|弄|看)错了?[^。]{0,4}没|假的|假消息|查无此人|没有?这个人|没这回事|(?<!核酸)(?<!抗原)测试|试一下"),
    (
        "cancelled",
        r"(?:不|无)(?:需要|用|必|需)(?!担心|急|谢)|不要了|不去了|不看了|不配了|不转了|不来了|不透了|取消|撤销|撤单|撤回|撤了|销单|作废|放弃|算了|勿要|覅",
    ),
    ("died", rf"去世|过世|离世|死亡(?!证明)|没抢救过来|抢救无效|没救回|{_WHO}{_WHEN}(?:没了|不在了)|^不在了"),
    ("departed", rf"(?:{_WHO}|^){_WHEN}走了(?!绿)|安详[^。]{{0,3}}走|在家里?走[的了]"),
    ("delivered", r"(?:药|胰岛素|针|物资|造口袋|试纸|奶粉|耗材)[^。]{0,6}(?:收到|拿到|送到|配到|领到|买到|到了|到手|送达|送上门|配好|齐了|取到|取回|发)|"
                  r"(?:收到|拿到|配到|领到|买到|送到|取到|配齐|配好)[^。]{0,4}(?:药|胰岛素|针)|配到了|配好了|药齐了|送药上门"),
    ("admitted", r"入院|收治|住院|住进|住上|收进|收住|住下|转入病房|进病房|(?:院|科|病房|那边)收(?:下|了)"),
    ("online", r"线上|互联网|网上|视频问诊|远程|电话指导|在线"),
    ("moved", rf"转(?:到|去|往|至|给)?(?:外区|市级|市里|其他区|别的区|外地|兄弟区)|转(?:到|去|往|至|给){_OTHER_DISTRICT}|转出(?:去|区)?"),
    ("non_medical", rf"非医疗|(?:转|转给|转交|转到|交给|移交){_OFFICE}(?!医院|卫生)|居委(?:会)?(?:在|去|来)?处理"),
    ("handed_over", r"到院|到医院|到急诊|到了|已到|交接|接手|移交|送到|送达"),
    ("better", r"好转|(?<![维护做透打换查拆缝洗看配弄办理约])好了(?!医院)|没事|缓解|退烧|不痛了|不烧了|恢复|没大碍|自己好|好多了|脱险|没问题了|平安|回家|出院|(?:烧|症状|疼|痛)[^,。]{0,2}(?:没了|退了|消了)"),
    ("treated", r"取出|取掉|拔出|夹出|弄出|取好|透[好完]|透上|做[好完]|查[好完]|换[好完]|拆[好完]|缝[好完]|打[好完]|洗[好完]|生了|顺产|剖|看[好完]|维护[好完]|弄好|办好|处理|解决|搞定|完成"),
)  # fmt: skip
_PATTERNS = tuple((name, re.compile(pattern)) for name, pattern in _OUTCOMES)
_UNDONE = re.compile(r"(?:没|没有|未|还没|尚未|不|不是|并非)$")
# 病人走了: dead, unless anything says that somebody went somewhere.
_ON_THE_WAY = re.compile(r"车|接|送|院|急诊|坐|回|到了|出发|自己|好转|好了|没事")


def close_outcome(folded: str) -> str | None:
    """How the case ended, by the first of the table that is said and not denied; None when nothing is said."""
    for name, pattern in _PATTERNS:
        if name == "departed" and _ON_THE_WAY.search(folded):
            continue
        for match in pattern.finditer(folded):
            if not _UNDONE.search(left_of(folded, match.start())):
                return "died" if name == "departed" else name
    return None
