"""The many words for a station, which count as one: 爱心驿站 finds 户外劳动者暖心驿站.

Only words for the common resting place are here. A water point, a union hub or a charging point is
another thing, and its words are searched as they stand.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from geo.search.spelling import spell, variants

if TYPE_CHECKING:
    from collections.abc import Iterable

_WHO: Final = (
    "户外劳动者", "户外工作者", "户外职工", "新就业形态劳动者", "新就业群体", "劳动者", "职工",
    "工人", "工会", "爱心", "暖心", "暖新", "暖蜂", "温馨", "关爱", "小哥", "骑手",
    "快递", "快递员", "快递小哥", "外卖", "外卖员", "外卖小哥", "环卫", "环卫工",
    "环卫工人", "城管", "司机", "货车司机", "党群",
)  # fmt: skip
_AFTER_ANY: Final = ("驿站", "驿家", "驿栈")
_AFTER_WHO: Final = (
    "接力站", "港湾", "服务站点", "服务站", "歇脚点", "歇脚处", "休息点", "休息站", "休息室",
    "驿站点",
)  # fmt: skip
_WHOLE: Final = ("司机之家", "小哥之家", "骑手之家", "工会户外劳动者服务站点")
_FILLERS: Final = ("附近的", "附近", "旁边的", "旁边", "周边的", "周边", "最近的")


def split_off(word: str) -> tuple[str, ...]:
    """Return what is left of a folded word without the words for a station: 0, 1 or more parts."""
    pattern = _letters() if word.isascii() else _signs()
    return tuple(part for part in pattern.split(word) if part)


def ends_of(name: str) -> tuple[int, int]:
    """Return how many signs of a folded name are words for a station at its begin and end.

    (0, 0) for a name that is nothing else.
    """
    first, last = _at_begin().match(name), _at_end().search(name)
    head = first.end() if first else 0
    tail = len(name) - last.start() if last else 0
    return (0, 0) if head + tail >= len(name) else (head, tail)


def trimmed(word: str) -> str:
    """Return a folded word without a half word for a station at its end: 东四爱心 is 东四."""
    return _begun(word.isascii()).sub("", word)


@cache
def _begun(in_letters: bool) -> re.Pattern[str]:  # noqa: FBT001 - which of two
    who = _in_pinyin(_WHO) if in_letters else _any_of(_WHO)
    return re.compile(f"(?<=.){who}+$")


@cache
def _signs() -> re.Pattern[str]:
    return re.compile(f"{_station()}|{_any_of(_FILLERS)}的?")


@cache
def _at_begin() -> re.Pattern[str]:
    return re.compile(_station())


@cache
def _at_end() -> re.Pattern[str]:
    return re.compile(f"(?:{_station()})$")


@cache
def _letters() -> re.Pattern[str]:
    """Return the same in pinyin, at the end of a word only: letters say less than signs."""
    who, after_any, after_who, whole = (
        _in_pinyin(words) for words in (_WHO, _AFTER_ANY, _AFTER_WHO, _WHOLE)
    )
    return re.compile(f"(?:{whole}|{who}+{after_who}|{who}*{after_any})$")


def _in_pinyin(words: Iterable[str]) -> str:
    return _any_of(variants(spell(word))[0].replace(" ", "") for word in words)


def _station() -> str:
    who, after_any, after_who, whole = map(_any_of, (_WHO, _AFTER_ANY, _AFTER_WHO, _WHOLE))
    return f"(?:{whole}|{who}+{after_who}|{who}*{after_any})"


def _any_of(words: Iterable[str]) -> str:
    parts = sorted(map(re.escape, words), key=len, reverse=True)
    return f"(?:{'|'.join(parts)})"
