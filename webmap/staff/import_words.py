"""What the pages of an import say: faults, hints of the datum, reasons of rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from flask_babel import gettext, lazy_gettext

from geo.coords import SHOWN
from geo.stations.schema import FIELD_BY_NAME
from webmap.forms.faults import say_fault
from webmap.forms.labels import LABELS
from webmap.imports.draft import PLANNING, READING, SAVING
from webmap.words import say_list

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_KM_M: Final = 1000.0
_SAVE_AGAIN: Final = lazy_gettext("用表格软件打开，另存为 .xlsx，再传一次。")
_FAULTS: Final = {
    "no_file": (lazy_gettext("还没有选文件。"), lazy_gettext("选一个文件，或者把表格粘贴进来。")),
    "format": (
        lazy_gettext("这种文件读不了。"),
        lazy_gettext("请用 Excel（.xlsx）、CSV、GeoJSON 或者 GeoPackage（.gpkg）。"),
    ),
    "too_large": (
        lazy_gettext("文件太大了，没有收下。"),
        lazy_gettext("分成几个文件，一次传一个。"),
    ),
    "no_room": (
        lazy_gettext("服务器的硬盘快满了，放不下。"),
        lazy_gettext("请管理这个网站的人腾地方。"),
    ),
    "empty": (lazy_gettext("文件是空的。"), lazy_gettext("看看是不是选错了文件，或者没有保存。")),
    "no_rows": (
        lazy_gettext("只有表头，下面一行也没有。"),
        lazy_gettext("一行写一个驿站，再传一次。"),
    ),
    "no_sheet": (lazy_gettext("没有这个工作表。"), lazy_gettext("换一个工作表。")),
    "too_many_rows": (lazy_gettext("行数太多了。"), lazy_gettext("分成几个文件，一次传一个。")),
    "old_excel": (
        lazy_gettext("这是老格式的 Excel（.xls），或者加了密码。"),
        lazy_gettext("用表格软件打开，另存为 .xlsx，不要加密码，再传一次。"),
    ),
    "disguised": (
        lazy_gettext("文件的内容和它的名字对不上。"),
        lazy_gettext("Excel 的名字要以 .xlsx 结尾，文字的表格以 .csv 结尾。"),
    ),
    "damaged": (lazy_gettext("文件坏了，打不开。"), _SAVE_AGAIN),
    "bomb": (
        lazy_gettext("文件解开以后大得不正常，没有读。"),
        lazy_gettext("只留驿站那一张表，另存一份，再传一次。"),
    ),
    "encoding": (lazy_gettext("文字的编码认不出来。"), _SAVE_AGAIN),
    "quote": (lazy_gettext("有个引号没有收尾，一行一行分不开。"), _SAVE_AGAIN),
    "shape": (lazy_gettext("有的行比表头的格数还多。"), _SAVE_AGAIN),
    "same_heads": (
        lazy_gettext("有两列的名字一样，分不清。"),
        lazy_gettext("在表格里给其中一列改个名字，再传一次。"),
    ),
    "columns": (
        lazy_gettext("没找到名称、经度或者纬度那一列。"),
        lazy_gettext("在下面给它们各选一列，再点“再看一遍”。"),
    ),
    "datum": (
        lazy_gettext("列名写着一种坐标，选的是另一种。"),
        lazy_gettext("在下面换一种坐标，或者换那几列。"),
    ),
    "MissingCrsError": (
        lazy_gettext("文件没有说明用的是哪一种坐标。"),
        lazy_gettext("在下面选一种坐标；不知道就问做文件的人。"),
    ),
    "CrsMismatchError": (
        lazy_gettext("图层的名字写着另一种坐标。"),
        lazy_gettext("在下面换成那一种。"),
    ),
    "lost": (
        lazy_gettext("服务器中间停了一下，没有做完。"),
        lazy_gettext("什么都没有改。再试一次。"),
    ),
}
_OTHER: Final = (lazy_gettext("文件读不了。"), _SAVE_AGAIN)
_WORK: Final = {
    READING: lazy_gettext("正在读文件……"),
    PLANNING: lazy_gettext("正在一行一行地核对……"),
    SAVING: lazy_gettext("正在保存……"),
}


class Told(NamedTuple):
    """What happened, and the one thing to try."""

    what: str
    attempt: str
    detail: str = ""


def say_trouble(fault: Mapping[str, str]) -> Told:
    """Return what is said of a file that could not be read."""
    what, attempt = _FAULTS.get(fault["code"], _OTHER)
    return Told(str(what), str(attempt), fault.get("detail", ""))


def say_work(state: str) -> str:
    """Return what is being done."""
    return str(_WORK.get(state, ""))


def say_datum(datum: str) -> str:
    """Return a datum with those who use it."""
    words = {
        "wgs84": gettext("WGS-84（定位器、测绘）"),
        "gcj02": gettext("GCJ-02（高德、腾讯）"),
        "bd09": gettext("BD-09（百度）"),
    }
    return words[datum]


def say_evidence(hints: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the hints of the datum as sentences."""
    return [_SAY[one["kind"]](one) for one in hints]


def say_conclusion(basis: str, settled: str, *, asked: str) -> str:
    """Return what was concluded about the datum."""
    if not settled:
        if basis == "contradicted":
            return gettext("坐标是哪一种，看不准：下面几条对不上。请你选。")
        return gettext("坐标是哪一种，看不出来。请你选；不知道就问做表的人。")
    name = say_datum(settled)
    if asked != "auto":
        return gettext("按你选的：%(name)s。", name=name)
    words = {
        "said": gettext("名字里写着：%(name)s。", name=name),
        "measured": gettext("从位置看出来：%(name)s。", name=name),
    }
    return words.get(basis) or gettext("这种写法一般是 %(name)s，也没有看出不对。", name=name)


def say_row(problems: Iterable[Mapping[str, Any]], severity: str) -> list[str]:
    """Return the problems of a row of one severity, each with its field."""
    return [say_problem(one) for one in problems if one["severity"] == severity]


def say_problem(problem: Mapping[str, Any]) -> str:
    """Return one problem of a row in words."""
    code, field = problem["code"], problem["field"]
    own = _OF_ROWS.get(code)
    if own is not None:
        said = str(own)
    elif code in _TELL_PLACE:
        return _TELL_PLACE[code](*problem["facts"])
    elif field in FIELD_BY_NAME:
        said = say_fault(code, field)
    else:
        said = problem["message"]
    label = str(LABELS.get(field, ""))
    return gettext("%(label)s：%(said)s", label=label, said=said) if label else said


_OF_ROWS: Final = {
    "required": lazy_gettext("是空的。每个驿站都要有。"),
    "no_position": lazy_gettext("经度和纬度都是 0，那里是大海。"),
    "swapped": lazy_gettext("经度和纬度好像写反了。"),
    "formula": lazy_gettext("是个没有算出结果的公式。直接写内容。"),
    "date_in_hours": lazy_gettext(
        "表格软件把时间变成了日期（比如 8-12 变成 8月12日）。把那一列设成文本，写成 8:00-12:00。"
    ),
    "outside_area": lazy_gettext("不在你负责的地方，不能由你导入。"),
    "duplicate_code": lazy_gettext("和前面一行的编号一样，或者名称、位置都一样。"),
    "duplicate_place": lazy_gettext("名称和位置跟另一行一样。删掉一行，或者各写一个编号。"),
    "not_a_point": lazy_gettext("画的不是点。驿站要画成点。"),
    "unknown_word": lazy_gettext("这个词不认得。照登记驿站那一页的选项写。"),
    "outdated_hours": lazy_gettext("原来的开放时间和新写的对不上，会先空着，导入以后再核对。"),
    "read_hours": lazy_gettext("文字的开放时间读懂了。"),
    "read_hours_partly": lazy_gettext("文字的开放时间只读懂一部分，原话留着。"),
}


def _say_misplaced(named: str, lies_in: str, metres: str) -> str:
    away = gettext("%(metres)s 米", metres=metres)
    if float(metres) >= _KM_M:
        away = gettext("%(km)s 公里", km=f"{float(metres) / _KM_M:.1f}")
    if not lies_in:
        return gettext(
            "写的是%(named)s，位置却在外面，差 %(away)s。是不是地址查错了？", named=named, away=away
        )
    return gettext(
        "写的是%(named)s，位置却在%(lies_in)s，离%(named)s %(away)s。是不是地址查错了？",
        named=named,
        lies_in=lies_in,
        away=away,
    )


def _say_zone(zone: str, lies_in: str) -> str:
    if not lies_in:
        return gettext("“%(zone)s”是开发区，不是行政区，不算错。", zone=zone)
    return gettext(
        "“%(zone)s”是开发区，不是行政区；位置在%(around)s，不算错。", zone=zone, around=lies_in
    )


_TELL_PLACE: Final[dict[str, Callable[..., str]]] = {
    "misplaced": _say_misplaced,
    "development_zone": _say_zone,
}


def _say_names(one: Mapping[str, Any]) -> str:
    name = say_datum(one["says"])
    if one["kind"] == "file":
        return gettext("文件名写着 %(name)s。", name=name)
    return gettext(
        "列名写着 %(name)s：%(columns)s。", name=name, columns=say_list(list(one["names"]))
    )


def _say_format(one: Mapping[str, Any]) -> str:
    return gettext("这种文件一般是 %(name)s。", name=say_datum(one["says"]))


def _say_pair(one: Mapping[str, Any]) -> str:
    columns = say_list(list(one["names"]))
    if one["says"] is None:
        return gettext("另外两列（%(columns)s）和这两列，怎么换算都对不上。", columns=columns)
    return gettext(
        "另外两列（%(columns)s）正好是这两列从 %(name)s 换算过去的：%(count)s 行，差 %(away)s 米。",
        columns=columns,
        name=SHOWN[one["says"]],
        count=one["count"],
        away=f"{one['figures'][one['says']]:.1f}",
    )


def _say_areas(one: Mapping[str, Any]) -> str:
    told = [
        gettext("当 %(name)s 有 %(rows)s 行", name=SHOWN[datum], rows=f"{rows:.0f}")
        for datum, rows in one["figures"].items()
    ]
    return gettext(
        "%(count)s 行写了区或街道，位置真在那里的：%(told)s。",
        count=one["count"],
        told=say_list(told),
    )


def _say_network(one: Mapping[str, Any]) -> str:
    told = [
        gettext("当 %(name)s 是 %(metres)s 米", name=SHOWN[datum], metres=f"{metres:.0f}")
        if metres is not None
        else gettext("当 %(name)s 超过 50 米", name=SHOWN[datum])
        for datum, metres in one["figures"].items()
    ]
    return gettext(
        "%(count)s 处到最近的路，一般：%(told)s。", count=one["count"], told=say_list(told)
    )


_SAY: Final = {
    "columns": _say_names,
    "file": _say_names,
    "format": _say_format,
    "pair": _say_pair,
    "areas": _say_areas,
    "network": _say_network,
}
