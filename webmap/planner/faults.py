"""What is said of an upload or a run that failed: what happened, and the one thing to try."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from flask_babel import gettext, lazy_gettext

if TYPE_CHECKING:
    from webmap.runs.record import Fault

_EXPORT_AGAIN: Final = lazy_gettext("重新导出或下载一次，再上传。")
_SAVE_CSV: Final = lazy_gettext("用表格软件打开，另存为 CSV（UTF-8），再上传。")
_THREE_COLUMNS: Final = lazy_gettext(
    "第一行要有列名：time（时间）、lon（经度）、lat（纬度）；有 worker（人）和 route（线路）更好。"
)
_TELL_KEEPER: Final = lazy_gettext("过一会儿再算一次。一直这样的话，请告诉管理这个网站的人。")
_CHOOSE_DATUM: Final = lazy_gettext("在“坐标”里选对的那一种，再算一次。")

_SAID: Final = {  # code -> what happened, what to try
    "no_file": (lazy_gettext("还没有选文件。"), lazy_gettext("选一个或几个线路文件。")),
    "too_large": (
        lazy_gettext("文件一共超过了 %(mb)s MB，没有收下。"),
        lazy_gettext("先压缩成 .zip 再传，或者分几次算。"),
    ),
    "no_room": (
        lazy_gettext("服务器的硬盘快满了，放不下。"),
        lazy_gettext("删掉用不着的旧结果，或者请管理这个网站的人腾地方。"),
    ),
    "format": (
        lazy_gettext("“%(file)s”不是认得的格式。"),
        lazy_gettext("请用 CSV、GPX、GeoJSON，或者它们的 .gz、.zip 压缩包。"),
    ),
    "workbook": (lazy_gettext("“%(file)s”是表格软件自己的格式，这里读不了。"), _SAVE_CSV),
    "empty": (lazy_gettext("“%(file)s”是空的。"), _EXPORT_AGAIN),
    "no_rows": (
        lazy_gettext("“%(file)s”里只有列名或者外壳，一个点也没有。"),
        _EXPORT_AGAIN,
    ),
    "headerless": (
        lazy_gettext("“%(file)s”的第一行像数据，不像列名。"),
        lazy_gettext(
            "在最上面加一行列名，一列一个，比如 time（时间）、lon（经度）、lat（纬度）、"
            "worker（人），再上传。"
        ),
    ),
    "geometry": (
        lazy_gettext("“%(file)s”里画的是面（多边形）一类的图形，没有点，也没有线。"),
        lazy_gettext("轨迹要用带时间的点或线；计划走的路要画成线。"),
    ),
    "planned": (
        lazy_gettext("“%(file)s”里是画好的路线，没有时间，不是走过的轨迹。"),
        lazy_gettext(
            "要算计划走的路：不要压缩，单独传这个文件，存成固定线路，写上几点到几点，再算。"
        ),
    ),
    "waypoints": (
        lazy_gettext("“%(file)s”里只有标记的点，没有走过的路。"),
        lazy_gettext("导出的时候选轨迹，再上传。"),
    ),
    "disguised": (
        lazy_gettext("“%(file)s”的内容和它的名字对不上。"),
        lazy_gettext("比如 Excel 要另存为 CSV，GPX 的名字要以 .gpx 结尾。"),
    ),
    "damaged": (lazy_gettext("“%(file)s”不完整：中间断了，或者坏了。"), _EXPORT_AGAIN),
    "unreadable": (lazy_gettext("“%(file)s”读不了。"), _EXPORT_AGAIN),
    "refused": (
        lazy_gettext("“%(file)s”里有线路文件用不着的内容（DOCTYPE），可能有害，没有读。"),
        _EXPORT_AGAIN,
    ),
    "columns": (lazy_gettext("“%(file)s”里找不到需要的列。"), _THREE_COLUMNS),
    "quote": (lazy_gettext("“%(file)s”里有个引号没有收尾，一行一行分不开。"), _SAVE_CSV),
    "encoding": (lazy_gettext("“%(file)s”的文字编码认不出来。"), _SAVE_CSV),
    "shape": (lazy_gettext("“%(file)s”每一行的格数和第一行对不上。"), _SAVE_CSV),
    "bomb": (
        lazy_gettext("“%(file)s”解压以后大得不正常，没有读。"),
        lazy_gettext("自己先解压，再选里面的文件上传。"),
    ),
    "archive": (
        lazy_gettext("“%(file)s”里有不能收的东西：加了密、压缩包套压缩包，或者名字不对。"),
        lazy_gettext("自己先解压，再选里面的文件上传。"),
    ),
    "no_tracks": (
        lazy_gettext("压缩包“%(file)s”里没有线路文件。"),
        lazy_gettext("里面要有 CSV、GPX 或 GeoJSON。"),
    ),
    "large_geojson": (
        lazy_gettext("“%(file)s”作为 GeoJSON 太大了（超过 100 MB）。"),
        lazy_gettext("存成 CSV 再传，CSV 多大都能读。"),
    ),
    "crs": (
        lazy_gettext("“%(file)s”里的坐标不是经纬度。"),
        lazy_gettext("换成经纬度（EPSG:4326）再上传。"),
    ),
    "datum": (lazy_gettext("“%(file)s”的列名写着另一种坐标，和选的不一样。"), _CHOOSE_DATUM),
    "ambiguous_datum": (
        lazy_gettext("从位置看不出线路用的是哪一种坐标：放到路网上，有两种差不多一样近。"),
        _CHOOSE_DATUM,
    ),
    "blank": (lazy_gettext("“%(file)s”里的时间、经度或纬度是空的，一行也用不上。"), _THREE_COLUMNS),
    "time": (
        lazy_gettext("“%(file)s”里的时间看不懂，一行也用不上。"),
        lazy_gettext("时间写成 2026-05-01 09:46:00 这样，年月日和时分都要有。"),
    ),
    "position": (
        lazy_gettext("“%(file)s”里的经纬度看不懂，一行也用不上。"),
        lazy_gettext("经纬度写成小数，比如 116.3975、39.9087。"),
    ),
    "time_range": (
        lazy_gettext("“%(file)s”里的时间不在 1980 到 2099 年之间，一行也用不上。"),
        lazy_gettext("看看时间那一列是不是选错了；Excel 里的要先设成日期格式，再另存为 CSV。"),
    ),
    "position_range": (
        lazy_gettext("“%(file)s”里的位置不在地球上，一行也用不上。"),
        lazy_gettext("看看经度和纬度是不是写反了。"),
    ),
    "no_fixes": (lazy_gettext("线路里没有一个能用的点。"), _THREE_COLUMNS),
    "no_beats": (
        lazy_gettext("选的固定线路已经删了，没有东西可算。"),
        lazy_gettext("到固定线路里重新选。"),
    ),
    "no_lines": (
        lazy_gettext("固定线路里没有一条有长度的线。"),
        lazy_gettext("打开固定线路，把线重新画一次。"),
    ),
    "no_hours": (
        lazy_gettext("选的那一周里，没有一个班次在上班。"),
        lazy_gettext("换一个没有节假日的星期，或者改班次。"),
    ),
    "no_steps": (
        lazy_gettext("同一个人的点隔得太久，算不出走了多长时间。"),
        lazy_gettext("两个点之间不要超过 20 分钟，最好几秒到几分钟一个点。"),
    ),
    "outside_network": (
        lazy_gettext("线路不在这里已有的城市里。"),
        lazy_gettext(
            "看看“坐标”选得对不对。要是新城市，请管理这个网站的人先运行 "
            "nuanyi city build，再导入那里的驿站。"
        ),
    ),
    "no_stations": (
        lazy_gettext("这里还没有驿站，没有东西可比。"),
        lazy_gettext("请管理这个网站的人先导入驿站。"),
    ),
    "old": (
        lazy_gettext("这是旧版本算出来的结果，现在的页面读不了。"),
        lazy_gettext("线路还在手上的话，再算一次；不要了就删掉。"),
    ),
    "died": (
        lazy_gettext("算到一半断了：服务器可能重启过，或者内存不够。"),
        lazy_gettext("再算一次。还是这样的话，把文件分成几份。"),
    ),
    "no_memory": (
        lazy_gettext("服务器的内存不够。"),
        lazy_gettext("把文件分成几份，或者等别的计算结束再算。"),
    ),
    "store": (lazy_gettext("驿站的数据库暂时打不开。"), _TELL_KEEPER),
}
_ELSE: Final = (lazy_gettext("没有算成，我们也没料到。"), _TELL_KEEPER)
_STORE: Final = ("store_schema", "store_unavailable", "store_missing")


class Explained(NamedTuple):
    """A fault in the visitor's language; ``detail`` is the error's own English text."""

    what: str
    attempt: str
    detail: str = ""


def explain(fault: Fault, *, upload_mb: int) -> Explained:
    """Put a fault into words."""
    code = "store" if fault.code in _STORE else fault.code
    what, attempt = _SAID.get(code, _ELSE)
    words = {"file": fault.file or gettext("这个文件"), "mb": upload_mb}
    return Explained(str(what) % words, str(attempt), fault.detail)
