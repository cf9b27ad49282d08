"""Pinyin of texts as it is stored: all usual readings, in no context.

A stored line is one text: syllables parted by spaces, readings of one character by ``/``, Latin
letters and digits one by one: 重庆路3号 is ``zhong/chong qing lu 3 hao``. Lines of one station are
parted by line breaks: the name, each alias, the address last.
"""

from __future__ import annotations

import itertools
import json
import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.search.fold import fold_words, to_units

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

MOST_VARIANTS: Final = 12  # of one text that are kept
_USUAL: Final = (  # characters that place names read in several ways, the commonest first
    "重zhong,chong 长chang,zhang 行xing,hang 乐le,yue 朝chao,zhao 厦xia,sha 单dan,shan 解jie,xie "
    "曾zeng,ceng 都du,dou 盛sheng,cheng 藏cang,zang 省sheng,xing 弄nong,long 六liu,lu "
    "堡bao,pu,bu 埔pu,bu 宿su,xiu 尉wei,yu 蔚wei,yu 仇qiu,chou 召zhao,shao 莘xin,shen 番fan,pan "
    "蚌bang,beng 浒hu,xu 涡wo,guo 荥xing,ying 查cha,zha 柏bai,bo 泊bo,po 薄bo,bao 铅qian,yan 阿a,e "
    "牟mou,mu 贾jia,gu 调diao,tiao 传chuan,zhuan 降jiang,xiang 露lu,lou 陆lu,liu 绿lv,lu 女nv,nu "
    "吕lv,lu 旅lv,lu 率shuai,lv 塞sai,se 拓tuo,ta 择ze,zhai 翟zhai,di 扎zha,za 栅zha,shan "
    "折zhe,she 仔zai,zi 伽jia,qie,ga 圈quan,juan 朴pu,piao 刹cha,sha 什shi,shen "
    "尾wei,yi 沈shen,chen 圩wei,xu 峒dong,tong 歙she,xi 筠jun,yun 泷long,shuang 柞zha,zuo "
    "陂bei,pi,po 脉mai,mo 磅bang,pang 屏ping,bing 奇qi,ji 参can,shen 称cheng,chen 弹dan,tan "
    "差cha,chai 还huan,hai 觉jue,jiao 角jiao,jue 壳ke,qiao 缪miao,mou 秘mi,bi 炮pao,bao 佛fo,fu "
    "卡ka,qia 校xiao,jiao 系xi,ji 纤xian,qian 血xue,xie 钥yao,yue 轧zha,ya 殷yin,yan 员yuan,yun "
    "洗xi,xian 句ju,gou 镐gao,hao 乘cheng,sheng 靓liang,jing 畜chu,xu 卜bo,bu 扁bian,pian "
    "便bian,pian 囤tun,dun 恶e,wu 费fei,bi 谷gu,yu 车che,ju 咀ju,zui 落luo,lao 嘎ga"
)
_ALWAYS: Final = (  # words in which one of them has one reading
    "银行yin,hang 支行zhi,hang 分行fen,hang 商行shang,hang 总行zong,hang 车行che,hang "
    "行政xing,zheng 便利bian,li 便民bian,min 方便fang,bian 学校xue,xiao 公园gong,yuan "
    "人员ren,yuan 停车ting,che 汽车qi,che 电车dian,che 车站che,zhan 快递员kuai,di,yuan "
    "会稽kuai,ji 大栅栏da,shi,lan 联系lian,xi 服务fu,wu"
)
_PART: Final = re.compile(r"([^a-z]+)([a-z,]+)")


def spell(text: str) -> str:
    """Return the pinyin of one text, in one line; "" where nothing can be read."""
    return " ".join("/".join(readings) for readings in _syllables("".join(fold_words(text))))


def spell_cells(name: object, aliases: object, address: object) -> str:
    """Return the pinyin of a station's cells as it is stored.

    Parameters
    ----------
    name, aliases, address : object
        Cells as the store holds them; aliases are parted by ``;``.
    """
    also = [alias for alias in str(aliases or "").split(";") if alias.strip()]
    return "\n".join(spell(text) for text in (str(name or ""), *also, str(address or "")))


@cache
def sounds() -> NDArray[np.uint16]:
    """Return for each UTF-16 unit one unit that stands for its usual reading.

    Homophones have the same, as 龙 and 隆; what is not read stands for itself.
    """
    table = np.arange(0x10000, dtype=np.uint16)
    first: dict[str, int] = {}
    for sign, readings in _readings().items():
        if len(unit := to_units(sign)) == 1:
            table[unit[0]] = first.setdefault(readings[0], int(unit[0]))
    return table


def variants(line: str) -> list[str]:
    """Return the ways to read a stored line, the usual one first, at most `MOST_VARIANTS`."""
    if "/" not in line:
        return [line]
    choices = [syllable.split("/") for syllable in line.split(" ")]
    open_places = [place for place, readings in enumerate(choices) if len(readings) > 1]
    usual = [readings[0] for readings in choices]
    found = []
    for swapped in itertools.islice(_departures(choices, open_places), MOST_VARIANTS):
        read = usual.copy()
        for place, reading in swapped:
            read[place] = reading
        found.append(" ".join(read))
    return found


def _departures(
    choices: list[list[str]], places: list[int]
) -> Iterator[tuple[tuple[int, str], ...]]:
    """Return what to read otherwise: nothing, then one character, then two, and so on.

    Yields
    ------
    tuple
        Pairs of place and reading.
    """
    for count in range(len(places) + 1):
        for some in itertools.combinations(places, count):
            others = ([(place, reading) for reading in choices[place][1:]] for place in some)
            yield from itertools.product(*others)


def _syllables(text: str) -> Iterator[tuple[str, ...]]:
    """Read a folded text sign by sign.

    Yields
    ------
    tuple of str
        The readings of a character, or one letter or digit.
    """
    fixed, place = _fixed(), 0
    for found in fixed.finditer(text):
        yield from _read_each(text[place : found.start()])
        for reading in _words()[found[0]]:
            yield (reading,)
        place = found.end()
    yield from _read_each(text[place:])


def _read_each(text: str) -> Iterator[tuple[str, ...]]:
    """Read signs one by one; what has no reading is left out.

    Yields
    ------
    tuple of str
        The readings.
    """
    known = _readings()
    for sign in text:
        if sign in known:
            yield known[sign]


@cache
def _readings() -> dict[str, tuple[str, ...]]:
    """Return the readings of each character, and each letter and digit as itself."""
    data = json.loads(files("geo.search").joinpath("data/readings.json").read_text("utf-8"))
    known = {sign: (sound,) for sound, signs in data["readings"].items() for sign in signs}
    known |= {sign: (sign,) for sign in "0123456789abcdefghijklmnopqrstuvwxyz"}
    return known | _parts_of(_USUAL)


@cache
def _words() -> dict[str, tuple[str, ...]]:
    return _parts_of(_ALWAYS)


@cache
def _fixed() -> re.Pattern[str]:
    return re.compile("|".join(sorted(_words(), key=len, reverse=True)))


def _parts_of(list_: str) -> dict[str, tuple[str, ...]]:
    return {
        found[1].strip(): tuple(found[2].split(","))
        for part in list_.split()
        if (found := _PART.fullmatch(part))
    }
