"""The form of one beat: a line drawn on the map or typed, a shift in words, and who may keep it."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import shapely
from flask_babel import gettext, lazy_gettext

from geo.coords import in_china_box
from webmap.beats import LONGEST, TRADES, length_m, suggest_area
from webmap.forms.hours import shown_hours
from webmap.planner.shifts import read_words, say_understood
from webmap.runs.record import new_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geopandas import GeoDataFrame

    from webmap.staff.territory import Territory

TRADE_WORDS: Final = {
    "sanitation": lazy_gettext("环卫"),
    "courier": lazy_gettext("快递"),
    "rider": lazy_gettext("外卖"),
    "other": lazy_gettext("其他"),
}
MOST_WORKERS: Final = 10_000
DRAWN: Final = "drawn"
MOST_CORNERS: Final = 5_000
_MOST_M: Final = 1_000_000.0  # no beat, but degrees taken for metres or the like
_LEAST_M: Final = 10.0
_LONGEST_LINE: Final = 200_000  # characters typed
_DECIMALS: Final = 6
_CORNER: Final = re.compile(r"\s*([-+]?\d+(?:\.\d+)?)\s*[,，;；\s]\s*([-+]?\d+(?:\.\d+)?)\s*")


@dataclass
class BeatForm:
    """The fields as text, and the messages that stand at them."""

    name: str = ""
    area: str = ""  # code; "" = where most of it lies
    trade: str = ""
    shift: str = ""  # in the owner's words
    workers: str = "1"
    note: str = ""
    line: str = ""  # "lon,lat" a corner, a blank line between parts
    seen: str = ""  # when it was last changed, as the form showed it
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def typed(cls, form: Mapping[str, str]) -> BeatForm:
        """Return what was typed."""
        return cls(
            name=form.get("name", "").strip(),
            area=form.get("area", "")[:64],
            trade=form.get("trade", "")[:20],
            shift=form.get("shift", "").strip(),
            workers=form.get("workers", "1").strip()[:20],
            note=form.get("note", "").replace("\r\n", "\n").strip(),
            line=form.get("line", "").replace("\r\n", "\n").strip()[: _LONGEST_LINE + 1],
            seen=form.get("seen", "")[:40],
        )

    @classmethod
    def of(cls, beat: Mapping[str, Any]) -> BeatForm:
        """Return the form of a stored beat."""
        return cls(
            name=beat["name"],
            area=beat["area"],
            trade=beat["trade"],
            shift=beat["shift_text"] or shown_hours(beat["shift"]),
            workers=str(beat["workers"]),
            note=beat["note"],
            line=write_line(beat["geometry"]),
            seen=beat["updated_at"],
        )

    def cells(
        self,
        areas: GeoDataFrame,
        mine: Territory,
        *,
        beat_id: str = "",
        source: str = DRAWN,
    ) -> dict[str, Any] | None:
        """Return what the fields mean, None if something cannot be; faults go into ``errors``.

        Parameters
        ----------
        areas : GeoDataFrame
            As ``Store.read_areas`` returns them.
        mine : Territory
            Of the account that saves it.
        beat_id : str
            Of the one that is changed; "" for a new one.
        source : str
            Where its line came from.
        """
        shape = self._shape()
        shift = self._shift()
        cells = {
            "id": beat_id or new_id(),
            "name": self._short("name", must=True),
            "area": self._area(shape, areas, mine),
            "trade": self.trade if self.trade in TRADES else "",
            "shift": shift,
            "shift_text": self.shift if shift != self.shift else "",
            "workers": self._workers(),
            "source": source,
            "note": self._short("note"),
            "geometry": shape,
        }
        return None if self.errors else cells

    def shift_said(self) -> str:
        """Return how the shift is understood, "" where it is not."""
        shift, _ = read_words(self.shift)
        return say_understood(shift) if shift else ""

    def _short(self, name: str, *, must: bool = False) -> str:
        text = str(getattr(self, name))
        if must and not text:
            self.errors[name] = gettext("起个名字，比如：东四北大街保洁。")
        elif len(text) > LONGEST[name]:
            self.errors[name] = gettext("太长了，最多 %(most)s 个字。", most=LONGEST[name])
        return text

    def _workers(self) -> int:
        text = self.workers
        if text.isascii() and text.isdecimal() and 1 <= int(text) <= MOST_WORKERS:
            return int(text)
        self.errors["workers"] = gettext("写一个整数，至少 1。")
        return 1

    def _shift(self) -> str:
        if len(self.shift) > LONGEST["shift_text"]:
            self.errors["shift"] = gettext(
                "太长了，最多 %(most)s 个字。", most=LONGEST["shift_text"]
            )
            return ""
        shift, fault = read_words(self.shift)
        if fault:
            self.errors["shift"] = fault
        return shift

    def _shape(self) -> shapely.Geometry | None:
        shape, fault = read_line(self.line)
        if fault:
            self.errors["line"] = fault
        return shape

    def _area(self, shape: shapely.Geometry | None, areas: GeoDataFrame, mine: Territory) -> str:
        if self.area and self.area not in set(areas["code"]):
            self.errors["area"] = gettext("没有这个地方，从列表里选一个。")
            return ""
        if shape is None:
            return self.area
        area = self.area or suggest_area(shape, areas)
        if not may_keep(mine, shape, area, areas):
            self.errors["area"] = gettext("你只能画“%(area)s”里的线路。", area=mine.name)
        return area


def read_line(text: str) -> tuple[shapely.Geometry | None, str]:
    """Return the line of typed corners, and what is wrong with it, "" if nothing is.

    Parameters
    ----------
    text : str
        A corner a line, longitude before latitude, WGS-84; a blank line begins another part.
    """
    if len(text) > _LONGEST_LINE:
        return None, _too_many()
    parts: list[list[tuple[float, float]]] = [[]]
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            parts.append([])
            continue
        corner, fault = _read_corner(line, number)
        if corner is None:
            return None, fault
        parts[-1].append(corner)
    return _shape_of([part for part in parts if part])


def write_line(shape: shapely.Geometry) -> str:
    """Return a line as people type it; `read_line` gives it back, to 0.1 m."""
    parts = (shapely.get_coordinates(part).tolist() for part in shapely.get_parts(shape))
    return "\n\n".join(
        "\n".join(f"{lon:.{_DECIMALS}f},{lat:.{_DECIMALS}f}" for lon, lat in part) for part in parts
    )


def may_keep(mine: Territory, shape: shapely.Geometry, area: str, areas: GeoDataFrame) -> bool:
    """Return whether an account may keep a beat: at least half of it lies in its area."""
    if not mine.code:
        return True
    if mine.shape is not None:
        inside = shapely.length(shapely.intersection(mine.shape, shape))
        return bool(inside * 2 >= shapely.length(shape))
    named = areas.loc[areas["code"] == area, "name"].tolist()
    return mine.code in {area, *named}


def _read_corner(line: str, number: int) -> tuple[tuple[float, float] | None, str]:
    found = _CORNER.fullmatch(line)
    if not found:
        return None, gettext("第 %(n)s 行看不懂。写成 116.3975,39.9087 这样。", n=number)
    lon, lat = float(found[1]), float(found[2])
    if not (math.isfinite(lon) and abs(lon) <= 180 and abs(lat) <= 90):  # noqa: PLR2004 - degrees
        return None, gettext("第 %(n)s 行不是经纬度。", n=number)
    if not in_china_box([lon], [lat])[0]:
        return None, gettext("第 %(n)s 行在国外。经度和纬度填反了？经度写在前面。", n=number)
    return (round(lon, _DECIMALS), round(lat, _DECIMALS)), ""


def _shape_of(parts: list[list[tuple[float, float]]]) -> tuple[shapely.Geometry | None, str]:
    if sum(map(len, parts)) > MOST_CORNERS:
        return None, _too_many()
    lines = [shapely.LineString(part) for part in parts if len(set(part)) > 1]
    if not lines:
        return None, gettext("在地图上至少点两个地方，画成一条线。")
    if any(len(set(part)) == 1 for part in parts):
        return None, gettext("有一段只有一个点，删掉它，或者再点一个。")
    shape = lines[0] if len(lines) == 1 else shapely.MultiLineString(lines)
    metres = length_m(shape)
    if not _LEAST_M <= metres <= _MOST_M:
        said = f"{metres / 1000:.0f}" if metres > _MOST_M else f"{metres / 1000:.3f}"
        return None, gettext("这条线有 %(km)s 公里，不像一个人走的。", km=said)
    return shape, ""


def _too_many() -> str:
    return str(gettext("点太多了，最多 %(most)s 个。", most=MOST_CORNERS))
