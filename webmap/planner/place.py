"""Where the points of an upload lie, beside the cities that this installation can measure in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from flask import current_app
from flask_babel import gettext

from geo.coords import DATUMS, from_wgs84, to_wgs84
from geo.errors import ConvergenceError
from webmap.cities import DEMO_CITY
from webmap.planner.looked import DATUM_WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geo.city import City
    from geo.tracks.preview import Preview
    from webmap.cities import Cities

    Floats = NDArray[np.float64]

_MOST_CITIES: Final = 5  # named one by one


class Elsewhere(NamedTuple):
    """What is said of points that lie in no city."""

    where: str
    cities: list[tuple[str, str]]  # what each is called, and its box in words
    more: int  # cities that are not named
    cause: str


def find_elsewhere(preview: Preview) -> Elsewhere | None:
    """Return what to say of an upload that no city could measure; None where one can.

    It is judged as the run does, by the middle of the points. Where only the beginnings of files
    were seen, a single point in a city is enough: the middle may be there, too.
    """
    if not len(preview.lon):
        return None
    cities = _all_cities()
    if _is_inside(preview.lon, preview.lat, cities, is_whole=preview.is_whole):
        return None
    lon, lat = float(np.median(preview.lon)), float(np.median(preview.lat))
    return Elsewhere(
        where=_say_position(lon, lat),
        cities=[(_name(city), _say_box(city)) for city in cities[:_MOST_CITIES]],
        more=max(0, len(cities) - _MOST_CITIES),
        cause=_cause(preview, cities),
    )


def _all_cities() -> list[City]:
    """Return the cities that uploads are measured in: one's own, then the demo's."""
    cities: Cities = current_app.extensions["cities"]
    return [*cities.of(is_demo=False), *cities.of(is_demo=True)]


def _is_inside(lon: Floats, lat: Floats, cities: Sequence[City], *, is_whole: bool) -> bool:
    x, y = float(np.median(lon)), float(np.median(lat))
    return any(
        city.contains(x, y) or (not is_whole and bool(_within(lon, lat, city).any()))
        for city in cities
    )


def _within(lon: Floats, lat: Floats, city: City) -> NDArray[np.bool_]:
    return (lon >= city.west) & (lon <= city.east) & (lat >= city.south) & (lat <= city.north)


def _cause(preview: Preview, cities: Sequence[City]) -> str:
    """Return what is probably the matter, and how to mend it."""
    if not cities:
        return gettext(
            "这台服务器还没有任何城市的路网。请管理这个网站的人先运行 nuanyi city build，"
            "再导入那里的驿站。"
        )
    if home := _city_of(preview.lat, preview.lon, cities):
        return gettext(
            "经度和纬度好像反了：换过来就在“%(city)s”里。把这两列对调，再点“再看一遍”。",
            city=_name(home),
        )
    for datum in DATUMS:
        home = _city_of(*_read_as(datum, preview), cities)
        if datum != preview.datum and home:
            return gettext(
                "坐标好像选错了：按 %(datum)s 就在“%(city)s”里。在“坐标”里选它，再点“再看一遍”。",
                datum=DATUM_WORDS[datum],
                city=_name(home),
            )
    return gettext(
        "多半是别的城市的线路，传错了文件；也可能是“坐标”选错了。要算新的城市，"
        "请管理这个网站的人先运行 nuanyi city build，再导入那里的驿站。"
    )


def _city_of(lon: Floats, lat: Floats, cities: Sequence[City]) -> City | None:
    x, y = float(np.median(lon)), float(np.median(lat))
    return next((city for city in cities if city.contains(x, y)), None)


def _read_as(datum: str, preview: Preview) -> tuple[Floats, Floats]:
    """Return the positions as they would be if the files were in another datum."""
    try:
        lon, lat = from_wgs84(preview.lon, preview.lat, preview.datum)
        return to_wgs84(lon, lat, datum)
    except ConvergenceError:  # on the edge of the Chinese shift
        return preview.lon, preview.lat


def _name(city: City) -> str:
    return str(gettext("演示城市")) if city.code == DEMO_CITY else city.code


def _say_position(lon: float, lat: float) -> str:
    return gettext("经度 %(lon)s、纬度 %(lat)s", lon=f"{lon:.2f}", lat=f"{lat:.2f}")


def _say_box(city: City) -> str:
    return gettext(
        "经度 %(lon)s、纬度 %(lat)s",
        lon=f"{city.west:.2f}–{city.east:.2f}",
        lat=f"{city.south:.2f}–{city.north:.2f}",
    )
