"""What the check page says of an upload: columns, first rows, bad rows and how to mend them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from flask_babel import gettext, lazy_gettext

from geo import zones
from geo.errors import InvalidOptionError
from geo.tracks.columns import ALIASES, REQUIRED
from webmap.forms.hours import say_osm
from webmap.planner.faults import explain
from webmap.runs.record import Fault

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.errors import GeoError
    from geo.tracks.beat_files import BeatsFound
    from geo.tracks.preview import Preview
    from geo.tracks.seen import BadRow, FileLook, ShownRow
    from webmap.planner.faults import Explained

FIELD_WORDS: Final = {
    "time": lazy_gettext("时间"),
    "date": lazy_gettext("日期"),
    "lon": lazy_gettext("经度"),
    "lat": lazy_gettext("纬度"),
    "worker": lazy_gettext("人"),
    "route": lazy_gettext("线路"),
}
WHY_WORDS: Final = {
    "chosen": lazy_gettext("你选的"),
    "usual": lazy_gettext("看列名认出来的"),
    "datum": lazy_gettext("列名写着坐标的种类"),
    "route": lazy_gettext("没有找到写人的列，一条线路当一个人"),
    "serials": lazy_gettext("里面是 Excel 日期数字，按它们读的；看看下面的当地时间对不对"),
}
DATUM_WORDS: Final = {"wgs84": "WGS-84", "gcj02": "GCJ-02", "bd09": "BD-09"}
_ROW_FAULTS: Final = {  # what is wrong, how to mend it
    "shape": (
        lazy_gettext("格数和第一行对不上"),
        lazy_gettext("看看是不是多了或少了逗号，或者引号没有收尾。"),
    ),
    "blank": (
        lazy_gettext("时间、经度或纬度是空的"),
        lazy_gettext("补上，或者删掉这些行；不改也能算，这些行不用。"),
    ),
    "time": (
        lazy_gettext("时间看不懂"),
        lazy_gettext("写成 2026-05-01 09:46:00 这样，年月日和时分都要有。"),
    ),
    "position": (
        lazy_gettext("经度或纬度看不懂"),
        lazy_gettext("写成小数，比如 116.3975、39.9087。"),
    ),
    "time_range": (
        lazy_gettext("时间不在 1980 到 2099 年之间"),
        lazy_gettext("看看时间那一列是不是选错了；Excel 里的要先设成日期格式，再另存为 CSV。"),
    ),
    "position_range": (
        lazy_gettext("位置不在地球上"),
        lazy_gettext("看看经度和纬度是不是选反了；0、0 是定位器没有定到位。"),
    ),
    "geometry": (
        lazy_gettext("不是点，也不是线"),
        lazy_gettext("轨迹要画成点或线；面（多边形）用不上。"),
    ),
    "planned": (
        lazy_gettext("只有画好的路线，没有时间"),
        lazy_gettext("单独传这个文件，存成固定线路，写上几点到几点，再算。"),
    ),
    "waypoints": (
        lazy_gettext("只有标记的点，没有走过的路"),
        lazy_gettext("导出的时候选轨迹，再上传。"),
    ),
}
_BEAT_FAULTS: Final = {
    "InvalidHoursError": lazy_gettext("班次没读懂，写成这样：周一到周五 早上4点到11点。"),
    "InvalidOptionError": lazy_gettext("没有写班次，在下面填一个。"),
    "beat_workers": lazy_gettext("人数不是整数。"),
    "beat_kind": lazy_gettext("不是线。固定线路要画成线。"),
    "beat_number": lazy_gettext("坐标里有不是数的东西，重新画一次。"),
    "beat_long": lazy_gettext("长得不像人走的路，看看坐标是不是选错了。"),
}
_PLACE: Final = re.compile(r"(row|point|feature|line) (\d+)$")
_MOST_CELLS: Final = 12  # columns of the table of first rows; more are told by number
_MOST_FILES: Final = 5  # shown one by one


class Shown(NamedTuple):
    """A first row: as it stands, and as it is understood."""

    place: str
    cells: tuple[str, ...]
    at: str
    where: str
    fault: str


class Bad(NamedTuple):
    """A row that cannot be used."""

    place: str
    what: str
    cells: str


class FaultCount(NamedTuple):
    """How many rows have a fault, and how to mend it."""

    rows: int
    what: str
    attempt: str


class LookedFile(NamedTuple):
    """One file."""

    name: str
    kind: str
    encoding: str
    heads: tuple[str, ...]
    more_cells: int
    rows: list[Shown]
    fault: Explained | None
    counts: list[FaultCount]
    bad: list[Bad]
    missing: list[str]


class Column(NamedTuple):
    """A field, the columns it may be, and the one it is."""

    field: str
    word: str
    must: bool
    choices: list[str]
    chosen: str  # by the planner; "" = by itself
    found: str  # the column taken; "" for none
    why: str


def look_files(preview: Preview, *, upload_mb: int) -> list[LookedFile]:
    """Return the files one by one; of many the faulty ones first."""
    files = sorted(preview.files, key=lambda file: file.error is None and not file.faults)
    return [_file(file, upload_mb) for file in files[:_MOST_FILES]]


def columns_of(preview: Preview, chosen: dict[str, str]) -> list[Column]:
    """Return the fields to choose columns for; none where no file has columns."""
    names = list(dict.fromkeys(name for file in preview.files for name in file.columns))
    fixed = () if any(file.kind == "csv" for file in preview.files) else ("lon", "lat")
    if not names:
        return []
    return [
        Column(
            field=name,
            word=str(FIELD_WORDS[name]),
            must=name in REQUIRED,
            choices=names,
            chosen=chosen.get(name, ""),
            **_taken(preview, name),
        )
        for name in ALIASES
        if name not in fixed
    ]


def facts_of(preview: Preview) -> list[tuple[str, str]]:
    """Return what was seen altogether, as name and words."""
    facts = [(gettext("能用的行"), _say_rows(preview))] if preview.read else []
    if preview.first_ms is not None and preview.last_ms is not None:
        first, last = say_local(preview.first_ms), say_local(preview.last_ms)
        facts.append((gettext("从什么时候到什么时候（北京时间）"), f"{first} – {last}"))
    if preview.workers:
        facts.append((gettext("人"), f"{preview.workers:,}"))
    if preview.box:
        west, south, east, north = preview.box
        facts.append((gettext("范围"), f"{west:.2f}–{east:.2f}, {south:.2f}–{north:.2f}"))
    if preview.used:
        facts.append((gettext("坐标"), say_datum(preview)))
    if preview.zone_assumed:
        facts.append((gettext("时区"), gettext("文件里没写，按北京时间")))
    if preview.unseen or preview.skipped:
        facts.append((gettext("没有看的文件"), f"{preview.unseen + len(preview.skipped):,}"))
    return facts


def _say_rows(preview: Preview) -> str:
    """Return how many rows can be used, of how many."""
    rows = f"{preview.used:,} / {preview.read:,}"
    return rows if preview.is_whole else gettext("%(rows)s（只看了开头）", rows=rows)


def say_datum(preview: Preview) -> str:
    """Say in which datum the positions are taken to be, and why."""
    if preview.datum_named == preview.datum:
        return str(gettext("%(datum)s（名字里写着）", datum=DATUM_WORDS[preview.datum]))
    if preview.datum_named:
        named = DATUM_WORDS[preview.datum_named]
        return str(
            gettext(
                "按 %(datum)s；可是名字里写着 %(named)s",
                datum=DATUM_WORDS[preview.datum],
                named=named,
            )
        )
    return str(
        gettext(
            "这里先按 %(datum)s 画：名字里没有写。没有选定的话，算的时候再看离路多远。",
            datum=DATUM_WORDS[preview.datum],
        )
    )


def say_local(epoch_ms: int) -> str:
    """Return a moment on the stations' clock, to the minute."""
    return zones.aware(epoch_ms).strftime("%Y-%m-%d %H:%M")


def beat_faults(found: BeatsFound, most: int = 10) -> list[Bad]:
    """Return the lines of a file of beats that cannot be used, the first few."""
    return [Bad(_say_place(place), _beat_fault(error), "") for place, error in found.faults[:most]]


def wait_for_shift(found: BeatsFound) -> bool:
    """Return whether the lines of a file lack nothing but a shift."""
    return all(isinstance(error, InvalidOptionError) for _, error in found.faults)


def beat_rows(found: BeatsFound, most: int = 10) -> list[tuple[str, str, int]]:
    """Return name, shift in words and workers of the first beats of a file."""
    return [
        (beat.name or beat.route, say_osm(beat.shift), beat.workers) for beat in found.beats[:most]
    ]


def _file(file: FileLook, upload_mb: int) -> LookedFile:
    error = file.error
    fault = Fault(error.code, error.file, error.text) if error else None
    return LookedFile(
        name=file.name,
        kind={"csv": "CSV", "gpx": "GPX", "geojson": "GeoJSON"}.get(file.kind, ""),
        encoding=file.encoding.upper().replace("GB18030", "GBK / GB 18030"),
        heads=tuple(str(FIELD_WORDS.get(name, name)) for name in file.heads[:_MOST_CELLS])
        if file.kind != "csv"
        else file.heads[:_MOST_CELLS],
        more_cells=max(0, len(file.heads) - _MOST_CELLS),
        rows=[_shown(row, min(len(file.heads), _MOST_CELLS)) for row in file.rows],
        fault=explain(fault, upload_mb=upload_mb) if fault else None,
        counts=[_count(name, rows) for name, rows in file.faults.items()],
        bad=[_bad(row) for row in file.bad],
        missing=[str(FIELD_WORDS[name]) for name in file.missing if name in FIELD_WORDS],
    )


def _shown(row: ShownRow, cells: int) -> Shown:
    return Shown(
        place=_say_place(row.place),
        cells=(*row.cells, *[""] * cells)[:cells],
        at="" if row.at_ms is None else _to_second(row.at_ms),
        where="" if row.lon is None else f"{row.lon:.5f}, {row.lat:.5f}",
        fault=str(_ROW_FAULTS[row.fault][0]) if row.fault else "",
    )


def _to_second(epoch_ms: int) -> str:
    return zones.aware(epoch_ms).isoformat(sep=" ", timespec="seconds")


def _bad(row: BadRow) -> Bad:
    cells = "，".join(f"{FIELD_WORDS[name]} {text or '–'}" for name, text in row.cells.items())
    return Bad(_say_place(row.place), str(_ROW_FAULTS[row.fault][0]), cells)


def _count(name: str, rows: int) -> FaultCount:
    what, attempt = _ROW_FAULTS[name]
    return FaultCount(rows, str(what), str(attempt))


def _say_place(place: str) -> str:
    """Return where something stands, such as 第 17 行."""
    found = _PLACE.search(place)
    if not found:
        return place
    words = {
        "row": gettext("第 %(n)s 行", n=found[2]),
        "point": gettext("第 %(n)s 个点", n=found[2]),
        "feature": gettext("第 %(n)s 个图形", n=found[2]),
        "line": gettext("第 %(n)s 条线", n=found[2]),
    }
    return str(words[found[1]])


def _beat_fault(error: GeoError) -> str:
    code = str(getattr(error, "code", ""))
    said = _BEAT_FAULTS.get(code) or _BEAT_FAULTS.get(type(error).__name__)
    return str(said) if said else str(error)


def _taken(preview: Preview, name: str) -> dict[str, Any]:
    taken: Sequence[Any] = [file.taken[name] for file in preview.files if name in file.taken]
    if not taken:
        return {"found": "", "why": ""}
    return {"found": taken[0].column, "why": str(WHY_WORDS[taken[0].why])}
