"""Names of streets, communities and firms: invented, each once, with their pinyin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from district.plane import dice

if TYPE_CHECKING:
    from collections.abc import Iterator

FIRST: Final = (
    "永 Yong,安 An,福 Fu,和 He,兴 Xing,瑞 Rui,德 De,仁 Ren,文 Wen,景 Jing,清 Qing,云 Yun,松 Song,"
    "柏 Bai,梅 Mei,兰 Lan,桂 Gui,杏 Xing,桐 Tong,枫 Feng,榆 Yu,柳 Liu,荷 He,莲 Lian,银 Yin,金 Jin,"
    "长 Chang,新 Xin,广 Guang,同 Tong,春 Chun,秋 Qiu,晨 Chen,明 Ming,望 Wang,临 Lin,翠 Cui,碧 Bi,"
    "芳 Fang,竹 Zhu,石 Shi,白 Bai,青 Qing,丹 Dan,澄 Cheng,沁 Qin,汇 Hui,崇 Chong,育 Yu,敬 Jing"
)
SECOND: Final = (
    "宁 ning,康 kang,泰 tai,平 ping,源 yuan,泉 quan,溪 xi,林 lin,园 yuan,塘 tang,桥 qiao,井 jing,"
    "庭 ting,苑 yuan,台 tai,亭 ting,岭 ling,坊 fang,门 men,波 bo,荫 yin,堤 di,湾 wan,渡 du,丰 feng,"
    "华 hua,善 shan,义 yi,贤 xian,达 da,盛 sheng,昌 chang,川 chuan,原 yuan,里 li,岸 an,洲 zhou"
)
TRADES: Final = (  # old lanes are called after who worked there
    "织造 Zhizao,染坊 Ranfang,豆腐 Doufu,铁匠 Tiejiang,灯笼 Denglong,绒线 Rongxian,竹竿 Zhugan,"
    "油坊 Youfang,磨盘 Mopan,纸马 Zhima,棋盘 Qipan,笔管 Biguan,砚台 Yantai,书局 Shuju,药铺 Yaopu,"
    "茶叶 Chaye,米粮 Miliang,盐店 Yandian,糖坊 Tangfang,酒醋 Jiucu,针线 Zhenxian,帽儿 Maor,"
    "靴子 Xuezi,箭杆 Jiangan,弓弦 Gongxian,马鞍 Maan,车辇 Chenian,轿子 Jiaozi,香烛 Xiangzhu,"
    "瓷器 Ciqi,琉璃 Liuli,砖瓦 Zhuanwa,木厂 Muchang,石雀 Shique,鸽子 Gezi,鹦哥 Yingge,金鱼 Jinyu,"
    "羊毛 Yangmao,牛角 Niujiao,骆驼 Luotuo,驴市 Lushi,猪尾 Zhuwei,鸡爪 Jizhua,葡萄 Putao,"
    "核桃 Hetao,枣树 Zaoshu,石榴 Shiliu,丁香 Dingxiang,槐荫 Huaiyin,椿树 Chunshu,桑园 Sangyuan,"
    "菊儿 Juer,麻花 Mahua,烧饼 Shaobing,汤锅 Tangguo,水车 Shuiche,井儿 Jinger,甜水 Tianshui,"
    "辘轳 Lulu,影壁 Yingbi,门楼 Menlou,旗杆 Qigan,钟鼓 Zhonggu,戏楼 Xilou,会馆 Huiguan,驿马 Yima,"
    "察院 Chayuan,粮仓 Liangcang,银锭 Yinding,钱串 Qianchuan,当铺 Dangpu,镜子 Jingzi,梳篦 Shubi,"
    "扇骨 Shangu,伞巷 San,风筝 Fengzheng,鼓手 Gushou,剪子 Jianzi,锣锅 Luoguo,铜壶 Tonghu"
)
SUFFIXES: Final = {  # highway -> suffix and English, commoner ones more often
    "tertiary": (("路", "Road"), ("路", "Road"), ("街", "Street")),
    "unclassified": (("路", "Road"), ("街", "Street"), ("街", "Street")),
    "residential": (("街", "Street"), ("巷", "Lane"), ("里", "Lane")),
    "living_street": (("胡同", "Hutong"), ("胡同", "Hutong"), ("巷", "Lane"), ("夹道", "Alley")),
}
WORKS: Final = ("机械厂", "物流园", "仓储中心", "纺织厂", "印刷厂", "建材市场", "食品厂", "配件厂")
HOMES: Final = ("苑", "花园", "家园", "小区", "里", "嘉园", "新村", "公寓", "府", "佳苑")


def _words(text: str) -> list[tuple[str, str]]:
    return [(word, sound) for word, _, sound in (part.partition(" ") for part in text.split(","))]


def _shuffled(words: list[tuple[str, str]], purpose: str) -> list[tuple[str, str]]:
    return [words[place] for place in dice(purpose).permutation(len(words))]


def pairs() -> list[tuple[str, str]]:
    """Return all two-character names with pinyin, shuffled, without doublings like 园园."""
    return _shuffled(
        [
            (a + b, sound + more)
            for a, sound in _words(FIRST)
            for b, more in _words(SECOND)
            if a != b and sound.lower() != more
        ],
        "pairs of characters",
    )


class NameGiver:
    """Gives every street a name of its own that suits its class."""

    def __init__(self) -> None:
        self._pairs: Iterator[tuple[str, str]] = iter(pairs())
        self._trades: Iterator[tuple[str, str]] = iter(_shuffled(_words(TRADES), "trades"))
        self._rng = dice("suffixes")

    def street(self, highway: str, *, old: bool = False) -> tuple[str, str]:
        """Return a new name in Chinese and in English."""
        root, sound = self.root(old=old)
        choices = SUFFIXES.get(highway, SUFFIXES["residential"])
        suffix, english = choices[int(self._rng.integers(len(choices)))]
        return root.removesuffix(suffix) + suffix, f"{sound} {english}"

    def root(self, *, old: bool = False) -> tuple[str, str]:
        """Return a new pair of characters and its pinyin; in old lanes a trade while they last."""
        trade = next(self._trades, None) if old else None
        return trade or next(self._pairs)
