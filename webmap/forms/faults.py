"""What is said at a field when geo refuses its value: by code of the problem, in plain words.

The messages of geo are for programs and operators, in English; a page never shows them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask_babel import gettext

from geo.stations.schema import FIELD_BY_NAME, FieldType
from webmap.words import say_word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from geo.stations import Problem

Faults = dict[str, list[str]]  # field to messages


def say_faults(problems: Iterable[Problem]) -> Faults:
    """Return messages by field, each once, in the visitor's language."""
    faults: Faults = {}
    for problem in problems:
        message = say_fault(problem.code, problem.field)
        if message not in faults.setdefault(problem.field, []):
            faults[problem.field].append(message)
    return faults


def say_fault(code: str, name: str) -> str:
    """Return what is wrong with a field and how to mend it."""
    say = _BY_CODE.get(code)
    return say(name) if say else gettext("这一项有问题，改一改再保存。")


def _own_hours() -> str:
    return f"{say_word('amenity', 'toilet')}: 08:00-20:00"


def _required(name: str) -> str:
    if name == "name":
        return gettext("还没有写名称。")
    if name == "lon":
        return gettext("还没有经度。在地图上点一下，或者填数字。")
    return gettext("还没有纬度。在地图上点一下，或者填数字。")


def _too_long(name: str) -> str:
    field = FIELD_BY_NAME[name]
    if field.type is FieldType.TEXT_LIST:
        most = field.max_length
        return gettext("写得太长了，每一个最多 %(most)s 个字，总共最多 100 个。", most=most)
    return gettext("写得太长了，最多 %(most)s 个字。", most=field.max_length)


def _not_a_number(name: str) -> str:
    if name in {"lon", "lat"}:
        example = "116.407413" if name == "lon" else "39.904179"
        return gettext("这里要填数字，比如 %(example)s。", example=example)
    if FIELD_BY_NAME[name].type is FieldType.COUNT:
        return gettext("这里要填整数，比如 12。")
    return gettext("这里要填数字，比如 35.5。")


def _out_of_range(name: str) -> str:
    field = FIELD_BY_NAME[name]
    low, high = f"{field.low or 0:g}", f"{field.high or 0:.0f}"
    return gettext("这个数字不对，要在 %(low)s 到 %(high)s 之间。", low=low, high=high)


def _not_hours(name: str) -> str:
    if name == "hours":
        example = "Mo-Fr 08:30-17:30"
        return gettext(
            "看不懂这个写法。写成 %(example)s 这样；不会写就空着，填上面那一行。", example=example
        )
    if name == "amenity_hours":
        return gettext(
            "有一行看不懂。一行写一样设施，写成 %(example)s 这样。", example=_own_hours()
        )
    return gettext("看不懂这个写法。写成 %(example)s 这样，或者空着。", example="22:00-06:00")


def _unknown_word(name: str) -> str:
    if name == "amenity_hours":
        return gettext(
            "有一行的设施不认得。照上面的叫法写，比如：%(example)s。", example=_own_hours()
        )
    return gettext("请从选项里选一个。")


def _contradiction(name: str) -> str:
    if name == "amenity_hours":
        return gettext("同一样设施写了两行，留一行。")
    return gettext("同一样设施选了两种情况，留一种。")


_BY_CODE: Final[dict[str, Callable[[str], str]]] = {
    "required": _required,
    "no_position": lambda _: gettext("经度和纬度都是 0，那里是大海。请在地图上点一下驿站的位置。"),
    "swapped": lambda _: gettext("经度和纬度好像填反了，换过来试试。"),
    "control_character": lambda _: gettext("里面有看不见的特殊字符。删掉，重新打一遍。"),
    "too_long": _too_long,
    "unknown_word": _unknown_word,
    "contradiction": _contradiction,
    "not_a_flag": lambda _: gettext("请选是、否，或者不知道。"),
    "not_a_number": _not_a_number,
    "out_of_range": _out_of_range,
    "not_a_date": lambda _: gettext(
        "看不懂这个日期。写成 %(example)s 这样。", example="2026-03-05"
    ),
    "not_a_moment": lambda _: gettext(
        "看不懂这个时间。日期和钟点都要有，写成 %(example)s 这样。", example="2026-03-05T18:00"
    ),
    "not_hours": _not_hours,
    "duplicate_code": lambda _: gettext("这个编号已经有驿站用了，换一个，或者空着。"),
}
