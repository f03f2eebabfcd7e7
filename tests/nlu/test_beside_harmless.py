"""A harmless word beside a danger hides nothing: an old complaint, an errand, a denial of something else."""

from __future__ import annotations

import random

import pytest

from nlu.evaluation.labels import read
from tests.nlu.engine import AT, engine, triaged
from tests.nlu.test_quality import EXAMS, LATER

URGENT = 2
SEED = 20221205
SAMPLE = 400
KEPT = 0.975
"""Share of the dangers that stay Ⅰ or Ⅱ with a harmless clause before or behind; of all of them 98.6 % do."""
HARMLESS = (
    "老胃病了",
    "有痔疮史",
    "有过敏性鼻炎",
    "有耳石症史",
    "腰椎间盘突出好几年了",
    "有白内障",
    "脑梗后遗症好几年了",
    "早搏好几年了",
    "牙也有点痛",
    "手上起了点湿疹",
    "有点便秘",
    "昨天手指切菜划了个小口子",
    "膝盖老毛病有点酸",
    "小腿昨晚抽筋了一下",
    "流了点鼻血已经止住了",
    "顺便问一下降压药哪里配",
    "药也快吃完了",
    "出入证怎么办",
    "做了核酸阴性",
    "下周要复查",
    "没有咳嗽",
    "没有皮疹",
    "没有外伤",
    "上个月感冒过已经好了",
    "去年骨折过",
    "贴了张膏药",
)


def test_a_harmless_clause_hides_no_danger() -> None:
    dangers = [
        message.text
        for path in (*EXAMS, *LATER)
        for message in read(path)
        if message.act == "report" and len(message.reports) == 1 and max(message.reports[0].accept) <= URGENT
    ]
    draw = random.Random(SEED)
    hidden, seen = [], 0
    for text in draw.sample(dangers, SAMPLE):
        beside = draw.choice(HARMLESS)
        told = f"{beside}，{text}" if draw.random() < 0.5 else f"{text}，{beside}"
        if _most_urgent(text) <= URGENT:
            seen += 1
            hidden += [told] if _most_urgent(told) > URGENT else []
    assert seen > SAMPLE * 0.9
    assert len(hidden) <= seen * (1 - KEPT), "\n".join(hidden)


def _most_urgent(text: str) -> int:
    return min((report.level for report in engine().understand(text, AT).reports), default=9)


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("肺癌化疗回来第五天 打冷战 38度6", 2),
        ("上周滑了一跤没当回事 今天走路拖着右脚 76岁", 2),
        ("血透的 周三车子没排上 今天两条腿像灌了铅 立不起来", 1),
        ("老耳石症 这次转个不停 伸手拿碗老拿偏 喝水呛", 2),
        ("有白内障 刚才右眼像帘子拉下来 三分钟又亮了", 2),
        ("38周 破水了 宝宝还横着没转过来", 2),
        ("吃格列齐特的 早上说胡话 喝了糖水就清醒了", 2),
        ("癫痫停药三天 今天发了三回 中间都没醒过", 1),
        ("数来数去少了两片 氨氯地平 3岁孙女在旁边玩", 1),
        ("瘦高小伙 右边吸气扎着痛 讲句话要换气", 2),
        ("打了石膏 扳脚趾就痛得叫 止痛药没用 趾头麻", 2),
        ("7岁 眼皮肿 眼珠鼓出来 转不动 38.7", 2),
        ("重症肌无力 感冒了 喝水从鼻子里呛出来", 2),
        ("前阵子拉肚子好了，脚底麻了三天，现在起床要人扶，毛巾都拧不动", 2),
        ("两个月大 沙发滚下来 头顶软软的一块", 2),
        ("一只脚从膝盖往下冰冷 白得像纸 痛得打滚", 2),
        ("没有外伤，羊水发绿 快生出来了", 1),
        ("女25 把一整瓶安定吞下去了，别的药也快吃完了", 1),
        ("女儿十九岁把一整瓶阿普唑仑倒嘴里了", 1),
        ("5岁麦粒肿快消了 今天眼珠往外鼓 转不动 38度9", 2),
        ("两岁外孙女把外公的络活喜嚼了一颗，配药的事也麻烦问问", 1),
        ("右眼一下子全黑了，脑梗后遗症好几年了", 2),
        ("腿骨裂上了石膏 别人扳一下脚趾他就叫 趾头麻", 2),
        ("换了长效针 人像木头一样僵 腿掰都掰不弯 39度6", 2),
        ("老公心梗去了中山医院", 1),
        ("我爸心梗走了两步就倒", 1),
        ("爸爸别打我 孩子在楼上哭喊", 2),
        ("这样拖下去要出人命了 老人昏过去了", 1),
        ("长期卧床的老人 昨晚又脑梗了", 2),
    ],
)
def test_dangers_that_stand_by_themselves(text: str, level: int) -> None:
    assert triaged(text).level == level


@pytest.mark.parametrize(
    ("text", "least"),
    [
        ("脚崴了 走路慢 没肿 28岁", 3),
        ("家里降压药少了一盒 哪里配", 4),
        ("我大伯就是心梗走的，有点怕，本人36，肋骨缝按到就痛", 4),
        ("我爸的降脂药还有6天 断了要出人命的", 4),
        ("电话打我的 别打我妈的 69岁要换药", 4),
        ("男56 右腿后面麻痛一个月 大小便正常 没有发热", 4),
        ("痔疮老毛病 拉的时候不出血", 4),
        ("慢支爷爷 痰白的 不比平常喘 想配药", 4),
        ("胃管被拔掉了 脑梗后卧床六年 人醒的 不喘 94岁", 3),
        ("打胰岛素的 早上心慌出汗 吃了块糖就好了 现在没事 55岁男", 3),
        ("一盒阿司匹林吃光了 还要配 68岁", 4),
        ("宝宝两个月 头顶囟门软软的正常吗", 4),
        ("爷爷小便今天没有血 尿管通的", 4),
        ("鼻涕从鼻子里流出来 头晕 28岁", 3),
        ("82岁 脚麻老毛病 起床要人扶 想配药", 3),
    ],
)
def test_what_only_sounds_like_them(text: str, least: int) -> None:
    assert triaged(text).level >= least
