"""What a run is measured by: a store with its stations and areas, and the cities around."""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import numpy as np

from geo.areas import LEVELS
from geo.errors import EmptyTracksError, InvalidOptionError, OutsideNetworkError
from geo.zones import LOCAL_ZONE
from webmap.cities import DEMO_CITY, Cities
from webmap.evidence import judge_evidence, locked_at
from webmap.runs.record import DEMO, UPLOADED, Options, Run
from webmap.stores import Stores

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from geopandas import GeoDataFrame

    from geo.city import City
    from geo.store import Store
    from geo.tracks import Beats, Tracks
    from webmap.settings import Settings

_CITY_SHOWN: Final = 3  # decimals of a degree in a message, about 100 m
_END_OF_DAY: Final = dt.time(23, 59, 59)


class NothingToMeasureByError(InvalidOptionError):
    """There is no station, or no demo, that tracks could be measured by."""

    code = "no_stations"


@dataclass(frozen=True)
class Known:
    """What the store holds, as it stood at a moment."""

    stations: GeoDataFrame
    areas: list[GeoDataFrame]
    area_names: tuple[str, ...]  # of the layers, in words
    as_of: dt.datetime
    locked: frozenset[str]  # codes
    evidence: dict[str, dt.datetime]  # by code


@contextmanager
def opened_ground(run: Run, settings: Settings) -> Iterator[tuple[Store, Sequence[City]]]:
    """Open what a run is measured by: the store shown and all cities; the demo's for its tracks.

    Yields
    ------
    tuple of Store and sequence of City
        Closed after the block.
    """
    stores = Stores(settings)
    try:
        yield _ground(run, settings, stores)
    finally:
        stores.close()


def _ground(run: Run, settings: Settings, stores: Stores) -> tuple[Store, Sequence[City]]:
    """Return the store of the stations, and the cities.

    Raises
    ------
    NothingToMeasureByError
        The demo's tracks were asked for where there is no demo.
    """
    cities = Cities(settings, stores)
    own, demo = cities.of(is_demo=False), cities.of(is_demo=True)
    if run.source != DEMO:
        return stores.shown(), [*own, *demo]
    store = stores.demo()
    if store is None:
        msg = "there is no demo in this installation; make it with nuanyi demo"
        raise NothingToMeasureByError(msg)
    return store, demo


def read_known(store: Store, options: Options) -> Known:
    """Read stations, areas, locks and evidence of a store.

    Raises
    ------
    NothingToMeasureByError
        There is no station to measure by.
    """
    stations, changed = store.read_stations(), store.last_change()
    if stations.empty or changed is None:
        msg = "this installation holds no stations; import some before measuring"
        raise NothingToMeasureByError(msg)
    as_of = read_moment(options.as_of) or changed
    named = _areas(store, options.language) if options.by_area else []
    return Known(
        stations,
        [layer for _, layer in named],
        tuple(name for name, _ in named),
        as_of,
        locked_at(store, as_of),
        judge_evidence(store, as_of),
    )


def read_moment(text: str) -> dt.datetime | None:
    """Return the moment an option names: of a day its end, on the stations' clock; None for "".

    Examples
    --------
    >>> read_moment("2026-11-16").isoformat()
    '2026-11-16T23:59:59+08:00'

    Raises
    ------
    InvalidOptionError
        It is neither a day nor a moment.
    """
    if not text:
        return None
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError as error:
        msg = f"{text!r} is no day such as 2026-11-16"
        raise InvalidOptionError(msg) from error
    if len(text) <= len("2026-11-16"):
        moment = dt.datetime.combine(moment.date(), _END_OF_DAY)
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(LOCAL_ZONE))


def _areas(store: Store, language: str) -> list[tuple[str, GeoDataFrame]]:
    """Return the layers of areas and their names, the finest first: gap lines are cut at it."""
    words = _LEVEL_WORDS.get(language, _LEVEL_WORDS["zh"])
    layers = [
        (words[level], store.read_areas(level)) for level in reversed(LEVELS) if level != "city"
    ]
    return [(name, layer) for name, layer in layers if len(layer)]


_LEVEL_WORDS: Final = {
    "zh": {"subdistrict": "街道", "district": "区"},
    "en": {"subdistrict": "subdistrict", "district": "district"},
}


def city_around(tracks: Tracks | Beats, cities: Sequence[City], run: Run, store: Store) -> City:
    """Return the city in whose box the middle of the first tracks lies.

    Of several it is the smallest, the demo's only where there is no other.

    Raises
    ------
    EmptyTracksError
        No fix is left after cleaning.
    OutsideNetworkError
        There is no such city.
    NothingToMeasureByError
        It is a city of one's own, and the stations are the demo's.
    """
    part = next(iter(tracks.parts()), None)
    if part is None:
        msg = "no fix of the tracks can be used"
        raise EmptyTracksError(msg)
    lon, lat = float(np.median(part.lon)), float(np.median(part.lat))
    inside = [city for city in cities if city.contains(lon, lat)]
    if not inside:
        place = f"{lon:.{_CITY_SHOWN}f}, {lat:.{_CITY_SHOWN}f}"
        msg = (
            f"no city of this installation contains the tracks (their middle is at {place}); "
            "make one with nuanyi city build EXTRACT --code CODE, or name another datum"
        )
        raise OutsideNetworkError(msg)
    city = min(inside, key=_rank)
    if store.is_demo and run.source == UPLOADED and city.code != DEMO_CITY:
        msg = f"the tracks lie in {city.code}, and there is no station of your own yet"
        raise NothingToMeasureByError(msg)
    return city


def _rank(city: City) -> tuple[bool, float]:
    return city.code == DEMO_CITY, (city.east - city.west) * (city.north - city.south)
