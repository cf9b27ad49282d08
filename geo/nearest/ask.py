"""Ask for the best stations from one point: ways to all, each judged on arrival, rank."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse.csgraph import dijkstra

from geo.coords import geodesic_m
from geo.nearest.answer import ranked
from geo.nearest.question import RIDE_KMH, Mode, Question
from geo.nearest.table import Table
from geo.network import place_stations
from geo.reach import DETOUR, WALK_KMH, locate

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Sequence

    from geopandas import GeoDataFrame
    from numpy.typing import ArrayLike, NDArray

    from geo.nearest.answer import NearestStation
    from geo.network import Network

__all__ = ["RIDE_KMH", "Mode", "Ways", "nearest", "ways_to"]


@dataclass(frozen=True)
class Ways:
    """From one point to each of s stations."""

    metres: NDArray[np.float64]  # (s,) inf: no way
    off_network: NDArray[np.bool_]  # (s,) the way is 1.3 x geodesic


def nearest(  # noqa: PLR0913 - one option for each thing a worker may ask for
    stations: GeoDataFrame,
    network: Network | None,
    lon: float,
    lat: float,
    *,
    at: dt.datetime,
    limit: int = 10,
    mode: Mode = "walk",
    needs: Sequence[str] = (),
    no_phone: bool = False,
    kinds: Sequence[str] = (),
    is_open: bool = False,
    is_always: bool = False,
    locked: Collection[str] = (),
    walk_kmh: float = WALK_KMH,
    ride_kmh: float = RIDE_KMH,
) -> tuple[NearestStation, ...]:
    """Return the stations that are best for a worker at a point, in the rank of definitions.md.

    Every station is looked at; `geo.nearest.finder.Finder` answers the same many times faster
    where many questions are asked.

    Parameters
    ----------
    stations : GeoDataFrame, s rows
        In the form of `geo.stations`; rows whose ``status`` is not ``open`` on arrival are left
        out: a temporary closure ends at its ``status_until``.
    network : Network or None
        The walking network; without one every way is 1.3 x the geodesic, marked ``off_network``.
    lon, lat : float
        The worker, degrees, WGS-84.
    at : datetime
        Aware; the moment of setting out.
    limit : int
        At most so many answers, >= 1.
    mode : {"walk", "ride"}
        Decides ``minutes`` and the moment of arrival; the paths are the same.
    needs : sequence of str
        Amenity codes; a station that is known to fail one is left out.
    no_phone : bool
        Leave out stations known to need a smartphone to enter when the worker gets there.
    kinds : sequence of str
        Leave out stations of other kinds; () asks for all.
    is_open : bool
        Leave out stations that are not ``open`` on arrival.
    is_always : bool
        Leave out stations that do not plainly say 24 hours on every day.
    locked : collection of str
        Codes of the stations that workers reported locked; see `geo.stations.evidence`.
    walk_kmh, ride_kmh : float
        Speeds, >= 1.

    Returns
    -------
    tuple of NearestStation
        In the order of `geo.nearest.answer.ranked`; empty without stations.

    Raises
    ------
    InvalidOptionError
        ``at`` is naive, the position is not on Earth, ``limit`` < 1, a speed below 1 km/h,
        an unknown need, kind or mode, a year outside 1980-2099.
    """
    question = Question(
        lon, lat, at, limit, mode, tuple(needs), no_phone, tuple(kinds), is_open, is_always,
        frozenset(locked), walk_kmh, ride_kmh,
    )  # fmt: skip
    table = Table(stations)
    ways = ways_to(table.lon, table.lat, network, lon, lat)
    judged = (
        table.judge(row, metres, question, off_network=off)
        for row, (metres, off) in enumerate(
            zip(ways.metres.tolist(), ways.off_network.tolist(), strict=True)
        )
    )
    best = ranked([one for one in judged if one is not None])[:limit]
    return table.answers(best, question)


def ways_to(
    stations_lon: ArrayLike,
    stations_lat: ArrayLike,
    network: Network | None,
    lon: float,
    lat: float,
) -> Ways:
    """Return the ways from a point to all stations, s of them; degrees, WGS-84."""
    x, y = np.asarray(stations_lon, dtype=float), np.asarray(stations_lat, dtype=float)
    straight = geodesic_m(lon, lat, x, y)
    if network is None:
        return Ways(straight * DETOUR, np.ones(len(x), dtype=bool))
    placement = place_stations(network, x, y)
    point = locate(placement, [lon], [lat])
    off = (placement.door < 0) | ~point.on_network[0]
    metres = np.where(off, straight * DETOUR, np.inf)
    if not off.all():
        ends = point.ends
        from_a, from_b = dijkstra(placement.graph, indices=[ends.a[0], ends.b[0]])
        foot = placement.foot[~off]
        metres[~off] = placement.snapped.connector_m[~off] + np.minimum(
            from_a[foot] + ends.to_a_m[0], from_b[foot] + ends.to_b_m[0]
        )
    return Ways(metres, off)
