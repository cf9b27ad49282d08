"""The named places of the shown cities: bus stops, halls, parks, shops; found by name or id."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd

from geo.coords import geodesic_m
from geo.places import COLUMNS
from geo.search import MISS, Index, Texts, best_rows
from webmap.area_names import AreaNames

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.city import City
    from geo.search import Question
    from webmap.cities import Cities
    from webmap.stores import Stores

    Ranks = NDArray[np.uint16]

logger = logging.getLogger(__name__)

MOST_PLACES: Final = 8
SAME_M: Final = (
    400.0  # two of one name so near are one for whoever looks for it: a stop's two sides
)
_LOOKED_AT: Final = 200  # of the best ones, for as many different ones
_GROUPS: Final = 3  # of `_group_of`
_STOPS: Final = ("place=", "highway=bus_stop", "public_transport=", "railway=")
_LEAST: Final = ("building=", "office=")
_AREAS: Final = ("place=",)  # a village or a quarter: one stands in it
_BOX: Final = 0.005  # degrees, over 500 m as far north as China goes, where east counts half


class Place(NamedTuple):
    """A named place."""

    id: str  # city:osm
    name: str
    kind: str  # key=value of OpenStreetMap
    lon: float
    lat: float
    area: str  # its subdistrict, or its district; "" where the store knows none


class Placed(NamedTuple):
    """The ranks of all places for one question."""

    table: _Table
    ranks: Ranks

    @property
    def has_any(self) -> bool:
        """Whether one was found."""
        return bool((self.ranks < MISS).any())


@dataclass(frozen=True)
class _Table:
    """The places of some cities, n rows."""

    mark: tuple[tuple[str, float], ...]  # the cities' codes, and when their places were written
    rows: pd.DataFrame  # id and COLUMNS
    row_of: pd.Index  # ids
    index: Index
    group: NDArray[np.uint16]  # (n,) 0 what people meet at, 2 what they seldom mean


class NamedPlaces:
    """The places of the shown cities, read anew when a city is built; safe between threads."""

    def __init__(self, cities: Cities, stores: Stores) -> None:
        self._cities, self.areas = cities, AreaNames(stores)
        self._kept: _Table | None = None
        self._lock = threading.Lock()

    def ranks(self, question: Question, *, guess: bool = False) -> Placed:
        """Return how well each place answers."""
        table = self._table()
        return Placed(
            table, table.index.guesses(question) if guess else table.index.ranks(question)
        )

    def best(self, found: Placed, *, near: tuple[float, float] | None) -> tuple[Place, ...]:
        """Return a few of the best places, of one name at one place one."""
        table, ranks = found
        in_groups = np.where(ranks < MISS, ranks * _GROUPS + table.group, MISS).astype(np.uint16)
        lon, lat = (table.rows[axis].to_numpy(np.float64) for axis in ("lon", "lat"))
        names = table.rows["name"].array
        chosen: list[int] = []
        for row in best_rows(in_groups, lon, lat, limit=_LOOKED_AT, near=near).tolist():
            twins = [one for one in chosen if names[one] == names[row]]
            if twins and geodesic_m(lon[twins], lat[twins], lon[row], lat[row]).min() < SAME_M:
                continue
            chosen.append(row)
            if len(chosen) == MOST_PLACES:
                break
        return self._places(table, chosen)

    def get(self, id_: str) -> Place | None:
        """Return a place by its id; None if no shown city has it."""
        table = self._table()
        row = int(table.row_of.get_indexer(pd.Index([id_]))[0])
        return self._places(table, [row])[0] if row >= 0 else None

    def beside(self, lon: float, lat: float, *, within_m: float) -> str:
        """Return the name of the nearest place that one can stand beside, "" if none is so near.

        Parameters
        ----------
        lon, lat : float
            Degrees, WGS-84.
        within_m : float
            Metres in a straight line, at most 500.
        """
        rows = self._table().rows
        x, y = (rows[axis].to_numpy(np.float64) for axis in ("lon", "lat"))
        near = np.flatnonzero((np.abs(y - lat) < _BOX) & (np.abs(x - lon) < 2 * _BOX))
        near = near[~rows["kind"].iloc[near].str.startswith(_AREAS).to_numpy(np.bool_)]
        if not len(near):
            return ""
        away_m = geodesic_m(lon, lat, x[near], y[near])
        best = int(np.argmin(away_m))
        return str(rows["name"].iloc[near[best]]) if away_m[best] <= within_m else ""

    def _places(self, table: _Table, rows: list[int]) -> tuple[Place, ...]:
        if not rows:
            return ()
        some = table.rows.iloc[rows]
        areas = self.areas.at(some["lon"].to_numpy(), some["lat"].to_numpy())
        cells = (some[name].tolist() for name in ("id", "name", "kind", "lon", "lat"))
        return tuple(Place(*row) for row in zip(*cells, areas, strict=True))

    def _table(self) -> _Table:
        """Return the places of the cities that are shown now."""
        cities = self._cities.shown()
        mark = tuple((city.code, _written_at(city)) for city in cities)
        kept = self._kept
        if kept is not None and kept.mark == mark:
            return kept
        with self._lock:
            kept = self._kept
            if kept is None or kept.mark != mark:
                kept = self._kept = _read_all(cities, mark)
            return kept


def _read_all(cities: tuple[City, ...], mark: tuple[tuple[str, float], ...]) -> _Table:
    parts = [_read(city) for city, (_, written) in zip(cities, mark, strict=True) if written >= 0]
    rows = pd.concat([_no_places(), *parts], ignore_index=True)
    names = rows["name"].tolist()
    empty = [""] * len(names)
    aliases = [name.replace(";", " ") for name in rows["name_en"].tolist()]
    group = np.array([_group_of(kind) for kind in rows["kind"].tolist()], dtype=np.uint16)
    index = Index(Texts(names, aliases, empty, empty, empty))
    logger.info("read %d named places of %d cities", len(rows), len(cities))
    return _Table(mark, rows, pd.Index(rows["id"]), index, group)


def _read(city: City) -> pd.DataFrame:
    """Return the places of a city; none, and a line in the log, if the file is damaged."""
    try:
        rows = pd.read_parquet(city.places_path, columns=list(COLUMNS))
    except (OSError, ValueError) as error:  # pyarrow's own errors are ValueErrors
        logger.error("%s: %s", city.places_path, error)  # noqa: TRY400 - the text says it all
        return _no_places()
    rows = rows.dropna(subset=["osm", "name", "lon", "lat"]).drop_duplicates("osm")
    rows = rows.fillna({"name_en": "", "kind": ""})
    return rows.assign(id=city.code + ":" + rows["osm"])


def _no_places() -> pd.DataFrame:
    kinds = {name: "float64" if name in ("lon", "lat") else "str" for name in ("id", *COLUMNS)}
    return pd.DataFrame(columns=list(kinds)).astype(kinds)


def _group_of(kind: str) -> int:
    if kind.startswith(_STOPS):
        return 0
    return 2 if kind.startswith(_LEAST) else 1


def _written_at(city: City) -> float:
    """Return when a city's places were written; -1 where there are none."""
    try:
        return city.places_path.stat().st_mtime
    except OSError:
        return -1.0
