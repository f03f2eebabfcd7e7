"""Everyday words that hold the words of illness, and illness that is told like everyday talk."""

from __future__ import annotations

import pytest

from nlu.understanding import Report, Understanding
from tests.nlu.engine import AT, engine


def understood(text: str, role: str | None = None) -> Understanding:
    return engine().understand(text, AT, role=role)


def triaged(text: str) -> Report:
    hint = understood(text).triage_hint
    assert hint is not None
    return hint


@pytest.mark.parametrize(
    "text",
    [
        "我那部车子停了一个月 电瓶估计早断气了",
        "儿子上网课上到口吐白沫 我陪课陪到翻白眼",
        "收到收到 容我喘口气 马上报",
        "晚上加班睡眠都被打乱了",
        "南站人流量大 请大家戴好口罩",
        "小程序又卡住了 名单打不开",
        "我一个人回了宿舍",
        "发动了志愿者帮忙发菜",
        "自己拿刀修鸡眼",
    ],
)
def test_everyday_words_are_no_illness(text: str) -> None:
    assert triaged(text).level == 4
    assert "symptoms" not in triaged(text).entities


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("孩子生下来了 在家里 脐带还连着", 1),
        ("电梯卡住了 里面有个老人心脏不好 喘不过气", 2),
        ("人流手术后三天 出血多 还发烧", 2),
        ("家里的狗咬了老人小腿 出血不止", 1),
        ("女28 跟家里吵翻 把一整瓶泰诺吞下去了 现在讲没感觉", 1),
        ("蓖麻子小孩嚼了三颗", 1),
        ("甲状腺切了的 手脚抽 嘴巴麻 钙片断了", 2),
        ("我妈乳腺癌打完第二次化疗一个礼拜 有点怕冷 37.9", 2),
        ("奶奶便秘九天 开塞露没用 肚子鼓得发亮", 2),
        ("爸爸夜里起来好几次 对着空椅子说话 三天前才开始", 2),
        ("吐了七趟了 最后两趟是咖啡色的", 2),
        ("骑电动车突然晕倒了", 2),
        ("老太太在灵堂哭晕了", 2),
        ("进去看到口吐白沫 翻白眼", 1),
        ("工地上热得昏迷了", 1),
        ("电话里说眼睛看不见了", 2),
        ("婆婆气得脑溢血了 人叫不醒", 1),
    ],
)
def test_illness_in_everyday_words_is_heard(text: str, level: int) -> None:
    """Like messages may raise Ⅱ to Ⅰ; nothing else may differ."""
    told = triaged(text).level
    assert told == level or (told, level) == (1, 2)


def test_cold_hands_are_no_weather() -> None:
    assert triaged("今天手脚湿冷 血压80/50").entities["symptoms"]


@pytest.mark.parametrize("text", ["宝宝生下来没有奶水", "宝宝生下来七斤二两 一切都好"])
def test_who_has_been_born_is_not_being_born(text: str) -> None:
    assert triaged(text).level > 2


@pytest.mark.parametrize("text", ["一瓶降压药吃完了 想再配点", "胃药一盒吃完了 帮忙配"])
def test_a_box_that_is_used_up_is_no_overdose(text: str) -> None:
    assert triaged(text).level == 4


@pytest.mark.parametrize(
    "text", ["我家猫吐了两天没精神", "狗狗拉稀三天了 不吃东西", "家里乌龟两个月没动过 是冬眠还是死了"]
)
def test_an_animal_is_no_patient(text: str) -> None:
    assert triaged(text).level == 4
    assert "symptoms" not in triaged(text).entities


@pytest.mark.parametrize(
    "text", ["家里养猫 老人哮喘发作 喘不上气", "猫抓了一下手 肿起来了", "狗毛过敏 身上全是疹子"]
)
def test_an_animal_beside_a_patient_takes_nothing_from_him(text: str) -> None:
    assert triaged(text).entities["symptoms"]


@pytest.mark.parametrize(
    ("text", "spo2"),
    [
        ("外公91 阳性 手指头夹的那个显示84", 84),
        ("血氧夹子夹出来87 老爸倒是说不闷", 87),
        ("夹手指那玩意儿一会儿91一会儿90", 91),
    ],
)
def test_oxygen_is_read_whatever_the_device_is_called(text: str, spo2: int) -> None:
    assert triaged(text).entities["spo2"] == spo2


@pytest.mark.parametrize("text", ["脚泡在40度左右的热水里", "用38度上下的温水擦身"])
def test_the_warmth_of_water_is_no_fever(text: str) -> None:
    assert "temp" not in triaged(text).entities


@pytest.mark.parametrize(
    ("text", "role", "act"),
    [("老人家要当心", "volunteer", "chase"), ("小张是佘山的", "contact", "assign")],
)
def test_nothing_is_done_to_a_case_on_a_guess(text: str, role: str, act: str) -> None:
    assert understood(text, role).act != act


@pytest.mark.parametrize(
    ("text", "role", "act"),
    [
        ("小姚,0406-033归你,家属电话打到通为止", "coordinator", "assign"),
        ("阿婆我送到啦 在外头等她做检查", "contact", "arrived"),
        ("血压掉到86了,你们倒是回一句啊,到底谁在弄", "contact", "chase"),
        ("OK了已入院", "contact", "close"),
    ],
)
def test_acts_in_less_usual_words(text: str, role: str, act: str) -> None:
    assert understood(text, role).act == act


@pytest.mark.parametrize(
    ("text", "worst"),
    [
        ("护士抽了四管血 说等报告", 4),
        ("老人家整天一直抽烟 讲也不听", 2),
        ("切菜不当心把手划破了 贴了创可贴", 3),
        ("牙疼三天 布洛芬没用 没发烧", 3),
        ("两岁半 最近说话结巴 人很活络", 4),
        ("房间里的插座昨晚烧起来了 人没事", 4),
        ("导管口干净 不红不肿", 4),
        ("看得我笑倒在沙发上", 4),
    ],
)
def test_what_holds_the_words_of_danger_and_is_none(text: str, worst: int) -> None:
    assert triaged(text).level >= worst


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("囡囡一直抽 停不下来", {1}),
        ("我弟弟要从三楼爬下去 拉都拉不牢 双相停药了", {1, 2}),
        ("外婆82岁 格列美脲早上吃了两遍 有点心慌", {1, 2}),
        ("产后十天 几天几乎没睡 说孩子不是她生的", {1, 2}),
        ("阿婆房颤 肚子疼得直哼", {1, 2}),
        ("后生仔畀黄蜂针咗颈 成身风疹块 痕到死", {1, 2, 3}),
        ("外公被土狗咬到腮帮子 口子深", {1, 2}),
        ("奶奶75岁 慢阻肺 血氧93 氧气拔了就84", {2, 3}),
    ],
)
def test_danger_in_further_words(text: str, levels: set[int]) -> None:
    assert triaged(text).level in levels


@pytest.mark.parametrize(
    "text",
    [
        "大腿根有个硬块是什么",
        "膝盖弯下去就酸 希望知道原因",
        "哪里有卖治脚气的药膏",
        "被猫抓了一道白印 要去医院吗",
    ],
)
def test_whoever_asks_in_general_waits_for_nobody(text: str) -> None:
    assert understood(text).act in {"consult", "chatter"}


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("外公血氧才八十六", "report"),
        ("囡囡烧到39度8", "report"),
        ("外公血氧又掉到86了", "update"),
        ("刚量的 39度8", "update"),
    ],
)
def test_a_first_reading_of_somebody_is_a_report(text: str, act: str) -> None:
    assert understood(text, "contact").act == act


def test_an_errand_that_names_somebody_is_no_report() -> None:
    """奶奶 is spoken of, and nothing ails her."""
    assert understood("快递放在一楼奶奶那里 结果又送错到隔壁").act != "report"
    assert understood("妈妈的小棉袄 今天你已经5个月了 夸宝宝真乖 嘿嘿").act == "chatter"


@pytest.mark.parametrize(
    ("text", "worst"),
    [
        ("好想把孩子送医院 高烧40抽了", 1),
        ("恨不得快点有医生来 孩子抽搐", 1),
        ("恨不得有人来救 老人昏迷", 1),
        ("阿公不但能认人 还胸口痛", 2),
        ("爷爷不光能吃下 还吐血", 2),
        ("我恨不能替她疼 女儿肚子痛打滚", 2),
        ("糖尿病 呼吸有一股烂苹果味", 2),
        ("关着门洗澡 一股煤气味 老婆晕", 2),
        ("宝宝4岁 高烧 口水往外流 坐着不肯躺", 1),
        ("孕妇38周 肚子像要生了", 1),
        ("孕40周 肚子像快生了一样 见红", 1),
        ("奶奶要猝死了", 1),
        ("爸爸刚才快要猝死了 按回来了", 1),
        ("我快要猝死了 心脏跳得150 胸口痛", 1),
        ("外公心口抽了几下 出冷汗 脸色白", 2),
        ("外婆三天没吃东西 也不喝水", 3),
        ("老人四天没吃东西 躺着不动", 3),
        ("痛风痛得直跺脚", 2),
        ("有人竟被人砍了 血流一地", 1),
        ("工人惨遭电击 昏迷", 1),
        ("女孩把自己手割了 房间里都是血", 1),
        ("手指摔了肿 嘴唇青紫", 2),
        ("宝宝8个月 日夜颠倒 眼神发直 不理人", 2),
        ("奶奶82岁 昨天开始日夜颠倒", 2),
        ("爸爸65 手指头发紫 喘", 2),
        ("摔了一跤 嘴唇发紫 60岁", 2),
        ("我想带宝宝一起走 产后十天", 2),
        ("房子里老人烧起来 39", 2),
        ("养老院里都是发热了 三个气喘", 3),
        ("我女儿会不会是中风前兆 右手突然不会拿筷子", 2),
        ("是不是心梗前兆 我爸胸口闷出冷汗", 1),
        ("肚子痛得好像刀割", 3),
        ("吐的东西发红 肝硬化", 2),
        ("孕28周 淡淡的血丝", 2),
        ("奶奶右侧上肢抬不起", 2),
        ("外公左腿突然痛 摸上去冷 脚发白", 2),
        ("妈妈右边的胳膊忽然抬不起", 2),
        ("奶奶要断气了", 1),
        ("哮喘 喷了药松一点又喘得厉害", 2),
        ("宝宝高烧40 要去医院吗", 3),
        ("等还是先打120 人叫不醒", 1),
    ],
)
def test_no_everyday_word_hides_the_danger_beside_it(text: str, worst: int) -> None:
    told = understood(text, "contact")
    assert told.act == "report"
    assert min(report.level for report in told.reports) <= worst


@pytest.mark.parametrize(
    "text",
    [
        "昨天报的奶奶 血压190",
        "李阿姨血氧85 等床位",
        "阿公血氧91 吸氧后95",
        "收到 爷爷血氧86",
        "李大爷血氧86 插管了",
    ],
)
def test_news_of_a_known_patient_is_no_first_reading(text: str) -> None:
    assert understood(text, "contact").act != "report"


@pytest.mark.parametrize(
    "text",
    [
        "手脚一直抽筋",
        "孩子一直抽动 眨眼",
        "人一直抽冷气",
        "轮椅病人想从四楼下去做透析",
        "师傅顺着绳子下去修空调",
        "两家人一块走吧 一块走算了",
        "讲隔壁邻居装了监控",
        "120打了两遍",
        "伤口拆了三次线",
        "勒痕到现在还在",
        "门夹了手指 发紫 3岁 泗泾",
        "手指扭到了 又肿又发紫",
        "宝宝三个月 黑白颠倒 白天睡晚上玩",
    ],
)
def test_what_only_sounds_like_danger(text: str) -> None:
    assert triaged(text).level > 2


@pytest.mark.parametrize(
    ("text", "act", "also", "value"),
    [
        ("已经上车了 路上血氧86", "dispatched", ["update"], ("spo2", 86)),
        ("人到医院了,刚测血压90/50", "arrived", ["update"], ("sbp", 90)),
        ("人到医院了 血压要不要再测", "arrived", [], None),
        ("3号年龄不是56是65;4号可以关了", "correct", ["close"], ("age", 65)),
    ],
)
def test_a_value_told_beside_a_step_is_news(
    text: str, act: str, also: list[str], value: tuple[str, int] | None
) -> None:
    told = understood(text, "coordinator")
    assert (told.act, [span.act for span in told.also]) == (act, also)
    if value:
        assert told.entities[value[0]] == value[1]


def test_what_is_settled_in_a_word_is_no_second_patient() -> None:
    told = understood("鱼刺那个已经弄好了 谢谢。另外楼下爷叔尿不出一天了 小肚子胀", "contact")
    assert (told.act, [span.act for span in told.also], len(told.reports)) == ("report", ["close"], 1)


def test_an_illness_of_long_ago_is_no_case_to_open_again() -> None:
    assert understood("以前中风过恢复得蛮好，今天又拿勿牢调羹了，伊讲是老毛病", "contact").act == "report"


@pytest.mark.parametrize(
    ("text", "least"),
    [
        ("面瘫上周看过的 嘴还是歪 针灸约哪里", 3),
        ("不是中风 神内看过了说面瘫 嘴歪第十天 要针灸", 3),
        ("老年痴呆的阿公 老样子 夜里闹着要回老家", 3),
        ("牙痛得我想撞墙 脸不肿 没热度", 3),
        ("啃了半根蜡笔 嘴巴紫色 笑嘻嘻 1岁8个月", 3),
        ("稳定的心绞痛 爬五楼闷一下 歇歇就好 一年没变 想配药", 3),
        ("下面痒得要跳楼 豆渣一样 老霉菌", 3),
        ("鼻血流了一地毯 捏五分钟停了 天干", 3),
        ("右侧下牙剧烈疼痛三天，想看牙科", 3),
        ("膝盖剧烈疼痛，痛风老毛病", 3),
        ("语言障碍的孩子想做康复，4岁", 3),
        ("手弹开了门", 3),
        ("就没动过大便，便秘4天", 3),
        ("撞门框左边，肩膀青了", 3),
        ("钥匙塞给邻居了，让他帮我拿药", 3),
        ("幻肢痛 没的脚趾在抽 三年了 疯了", 3),
        ("封控前囤了好多药 血压药够吃", 3),
        ("药都买好了 放心", 3),
        ("把狗送给了邻居 因为要去隔离", 3),
        ("带着菜刀去外婆家切肉", 3),
        ("白天烦躁 没有想不开也没想伤人 想找人聊聊", 3),
        ("反酸 半夜被酸水呛醒一次 吞东西顺 男34", 3),
        ("早上吐的痰里有一根血丝 就一次 没发烧", 3),
        ("女儿5岁嚼了两粒透明小珠子的干燥剂 吐掉了 没哭", 3),
        ("女儿12岁哮喘 有点喘 喷了一下万托林马上平了 现在唱歌都行", 3),
        ("吃晚了手抖心慌 吃了粒糖十分钟就好 只吃二甲双胍", 3),
        ("左边胸口一个点 一按就痛 转身也扯着痛 男24 三天", 3),
        ("食指削掉一小块皮 黄豆大 血止住了", 3),
        ("快3岁 拎着左手腕一提 咯噔一下就哭了 左胳膊垂着不肯拿玩具", 3),
        ("外踝肿了 能踮着走 按骨头尖那里不太痛 冰敷两次了", 3),
        ("女儿19岁 例假推迟了快二十天还没来 不可能怀孕 肚子不痛", 3),
        ("母亲中风是四年前的事 右手一直不大灵 没有变化 想做康复", 3),
        ("孩子手指被门夹了 指甲盖黑了", 3),
        ("爷爷耳朵背 叫了不大应 糖尿病配药", 3),
        ("奶头痛 喂奶", 3),
        ("孕36周 老想上厕所 尿频", 3),
        ("孕32周 老想大便 拉不出 便秘", 3),
        ("今天衣服拉链拉不上 胖了", 3),
        ("老人家记性差 人的名字叫不出", 3),
    ],
)
def test_what_is_known_or_over_is_no_alarm(text: str, least: int) -> None:
    assert triaged(text).level >= least


@pytest.mark.parametrize(
    ("text", "worst"),
    [
        ("面瘫上周看过的 今天右手也没力气", 2),
        ("老年痴呆的阿公 今天突然说胡话 发烧", 2),
        ("牙痛得想撞墙 嘴张不开 38度5 下巴底下肿", 2),
        ("反酸烧心 夜里躺不平 脚肿 有心脏病", 2),
        ("啃了蜡笔以后咳 嘴巴紫 喘不上气 2岁", 1),
        ("心绞痛爬两步就闷 这礼拜越来越多", 2),
        ("鼻血流了一地 捏了半小时停不下来 吃华法林", 1),
        ("外孙2岁半 趁我不注意抠了一粒我的降压药吃 精神蛮好", 2),
        ("四岁 巴克球少两粒 自己讲吞掉了 人好好的", 2),
        ("三楼老阿姨把存折房本都塞给我 说以后不麻烦你们了", 2),
        ("佢日日话自己系负累，已经拣好边栋楼", 2),
        ("肺动脉高压的姐姐 打药的小泵停了一个钟头 备用的也没电", 1),
        ("宝宝10个月 眼睛发直 叫着才应", 2),
        ("爷爷嘴巴歪了三天", 2),
        ("嘴歪了两天，手没劲", 2),
        ("嘴唇发紫，家里孩子在画蜡笔画", 2),
        ("老爸嘴唇发紫，手上有口红印", 2),
        ("手指扭伤发紫，嘴唇也发紫，呼吸正常", 2),
        ("偏头痛，这次痛得9分，从来没这么厉害", 2),
        ("小腿抽筋痛到八分，小腿还肿了一圈", 2),
        ("幻肢痛，现在人在抽，口吐白沫", 1),
        ("晕特了，现在醒不转", 1),
        ("昨天发烧，胸口，后背都痛", 2),
        ("后背痛 后来痛又走到腰上 出冷汗 58岁", 2),
        ("阿叔糖尿病 小腿抓破 现在红到膝盖 起了两个紫水泡", 2),
        ("奶奶把每天的安定都省下来藏着 数了有六十粒", 2),
        ("前阵子说不想活 这两天把猫送了", 2),
        ("把猫送了 一个个道谢 银行卡密码贴在冰箱上", 2),
        ("三楼那个断了药 菜刀别在腰里在楼道等人", 2),
        ("通下水道的白颗粒溅到眼睛里了", 2),
        ("拉了三天好了 现在两只脚底发麻 楼梯爬不上 热水瓶拎不动 喝水还呛", 2),
        ("37周 昨晚踢了一阵 到下午一记都没动", 2),
        ("哮喘喘了一夜 现在不响了 靠在那里点头 不肯说话", 1),
        ("大白站了五个钟头 讲胡话 身上滚烫", 1),
        ("二胎38周 肚子痛得紧 老想上大号憋不住", 1),
        ("做血透那只手臂鼓了个包 昨晚枕头上一滩血", 2),
        ("大腿根平时有个包躺下就回去 今早硬邦邦推不进 全吐了", 2),
        ("孩子7岁 半个月天天早上吐 这两天走路像喝醉一样歪", 2),
        ("今天下面升上来一块黑幕布遮掉一小半", 2),
        ("吃头孢过敏了 脸肿 喘", 1),
        ("腹透液只剩两天的", 3),
        ("奶奶头撞了一下 吃华法林 有点困", 2),
        ("我妈胃里闷 出一身汗 脸色难看 吃了胃药没用 66岁", 2),
        ("妈妈今天打麻将左边的牌看不见", 2),
        ("吃优降糖的爷爷早饭没吃 叫了不大应", 2),
        ("脾切过的 突然高烧发抖", 2),
        ("刚做完羊穿 肚子痛 流水", 2),
        ("我电锯锯到手了 筋看到了", 2),
        ("热油溅到眼睛", 3),
        ("喝了84 反酸 胃里烧", 2),
        ("反酸 半夜憋醒两次 要坐起来 68岁", 2),
        ("昨天痰里一点血丝 今天吐了半碗血", 2),
        ("手指被门夹了 嘴唇发紫 孩子3岁", 1),
        ("食指削掉一截 旁边还有一小块皮挂着", 2),
        ("心跳160 站起来眼前发黑 30岁", 2),
        ("月经量大三天 头晕 贫血 站起来眼前发黑 25岁 心慌", 2),
    ],
)
def test_dangers_told_in_plain_words(text: str, worst: int) -> None:
    assert triaged(text).level <= worst


@pytest.mark.parametrize(
    "text",
    [
        "大便里看到一条软软的虫 5岁小囡",
        "右边手在抖 帕金森老毛病 配美多芭",
        "老人家不会打字 一个字一个字打出来的 爷爷咳嗽三天",
        "那段时间冰箱里没菜 奶奶嗓子有点哑",
        "核酸那次没轮上 老伯70 咳嗽",
        "小便没什么问题 就是腰酸 女40",
        "手指关节痛 右手不能动 老毛病",
        "宝宝少了一颗牙",
    ],
)
def test_what_only_sounds_like_a_danger_is_none(text: str) -> None:
    assert triaged(text).level == 4


def test_a_belly_that_hurts_after_drinking_is_no_rabies() -> None:
    found = triaged("一喝水肚子就抽痛 女30").entities["symptoms"]
    assert not {"恐水", "抽搐"} & set(found)


@pytest.mark.parametrize(
    "text",
    [
        "做梦都没想到我爸今天嘴歪了 手没力",
        "刚跟老爸通话 视频里看他嘴歪了 话讲不清",
        "朋友圈里求助没用 我爸胸口痛 出冷汗",
        "突然头要炸开了 从没这么痛过 50岁",
        "刚胸痛 现在没加重 老伯65",
        "老婆晕 屋里一股煤气味",
        "右边嘴角漏水 筷子拿不起 男62",
        "我爸右手不能动了",
        "老伯72 今早起来右手不能动",
        "父亲66岁 右边手脚不动",
    ],
)
def test_how_it_is_told_hides_no_danger(text: str) -> None:
    assert triaged(text).level <= 2
