"""A harmless word beside a danger hides nothing: an old complaint, an errand, a denial of something else."""

from __future__ import annotations

import pytest

from tests.nlu.engine import triaged


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
        ("数来数去少了两片 氨氯地平 3岁孙女在旁边玩", 2),
        ("瘦高小伙 右边吸气扎着痛 讲句话要换气", 2),
        ("打了石膏 扳脚趾就痛得叫 止痛药没用 趾头麻", 2),
        ("7岁 眼皮肿 眼珠鼓出来 转不动 38.7", 2),
        ("重症肌无力 感冒了 喝水从鼻子里呛出来", 2),
        ("前阵子拉肚子好了，脚底麻了三天，现在起床要人扶，毛巾都拧不动", 2),
        ("两个月大 沙发滚下来 头顶软软的一块", 2),
        ("一只脚从膝盖往下冰冷 白得像纸 痛得打滚", 2),
        ("没有外伤，羊水发绿 快生出来了", 1),
        ("女25 把一整瓶安定吞下去了，别的药也快吃完了", 1),
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
    ],
)
def test_what_only_sounds_like_them(text: str, least: int) -> None:
    assert triaged(text).level >= least
