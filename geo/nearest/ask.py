"""Ask for the best stations from one point: ways, arrival, needs, rank."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
from scipy.sparse.csgraph import dijkstra

from geo.coords import MAX_LAT, MAX_LON, geodesic_m
from geo.errors import InvalidOptionError
from geo.nearest.answer import NearestStation, ranked
from geo.nearest.arrival import HORIZON, judge_arrival
from geo.network import place_stations
from geo.reach import DETOUR, WALK_KMH, locate
from geo.stations.cells import parse_cell
from geo.stations.schema import FIELD_BY_NAME
from geo.vocab import load_vocab

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geopandas import GeoDataFrame
    from numpy.typing import NDArray

    from geo.network import Network, Placement

Mode = Literal["walk", "ride"]

_READ: Final = (
    "code", "name", "kind", "lon", "lat", "hours", "entry_mode", "needs_phone", "amenities",
)  # fmt: skip

RIDE_KMH: Final = 12.0
NO_PHONE: Final = "no_phone"
_BY_PHONE: Final = frozenset({"app", "qr"})
_YEARS: Final = range(1980, 2100)  # as for tracks
_SLOWEST_KMH: Final = 1.0


@dataclass(frozen=True)
class Ways:
    """From one point to each of s stations."""

    metres: NDArray[np.float64]  # (s,) inf: no way
    straight_m: NDArray[np.float64]  # (s,) geodesic
    off_network: NDArray[np.bool_]  # (s,) the way is 1.3 x geodesic


def nearest(
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
    walk_kmh: float = WALK_KMH,
    ride_kmh: float = RIDE_KMH,
) -> tuple[NearestStation, ...]:
    """Return the stations that are best for a worker at a point, in the rank of definitions.md.

    Parameters
    ----------
    stations : GeoDataFrame, s rows
        In the form of `geo.stations`; rows whose ``status`` is not ``open`` are left out.
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
        Leave out stations known to need a smartphone to enter.
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
        an unknown need or mode, a year outside
        1980-2099.
    InvalidHoursError
        A station's hours are not valid OSM text.
    """
    _require_options(mode, needs, at=at, limit=limit, speeds_kmh=(walk_kmh, ride_kmh))
    _require_position(lon, lat)
    counted = stations.loc[stations["status"] == "open", list(_READ)]
    ways = ways_to(counted, network, lon, lat)
    kmh = walk_kmh if mode == "walk" else ride_kmh
    longest_m = DETOUR * float(ways.straight_m.max(initial=0.0))
    longest_m = max(longest_m, float(ways.metres[np.isfinite(ways.metres)].max(initial=0.0)))
    until = at + dt.timedelta(hours=longest_m / (kmh * 1000)) + HORIZON
    answers = []
    for row, station in enumerate(counted.to_dict("records")):
        unknown = _unknown_needs(station, needs, no_phone=no_phone)
        if unknown is None:
            continue
        metres, straight = float(ways.metres[row]), float(ways.straight_m[row])
        answers.append(
            _answer(
                station,
                metres=metres,
                straight_m=straight,
                off_network=bool(ways.off_network[row]),
                at=at,
                until=until,
                kmh=kmh,
                walk_kmh=walk_kmh,
                needs_unknown=unknown,
            )
        )
    return tuple(ranked(answers)[:limit])


def ways_to(stations: GeoDataFrame, network: Network | None, lon: float, lat: float) -> Ways:
    """Return the ways from a point (degrees, WGS-84) to all stations, s rows."""
    x, y = stations["lon"].to_numpy(), stations["lat"].to_numpy()
    straight = geodesic_m(lon, lat, x, y)
    if network is None:
        return Ways(straight * DETOUR, straight, np.ones(len(x), dtype=bool))
    placement = place_stations(network, x, y)
    point = locate(placement, [lon], [lat])
    off = (placement.door < 0) | ~point.on_network[0]
    metres = np.where(off, straight * DETOUR, np.inf)
    if not off.all():
        ends = point.ends
        from_a, from_b = dijkstra(placement.graph, indices=[ends.a[0], ends.b[0]])
        foot = _feet(placement)[~off]
        metres[~off] = placement.snapped.connector_m[~off] + np.minimum(
            from_a[foot] + ends.to_a_m[0], from_b[foot] + ends.to_b_m[0]
        )
    return Ways(metres, straight, off)


def _feet(placement: Placement) -> NDArray[np.int64]:
    """Return the graph node of each station's foot; doors follow the feet in the same order."""
    return placement.door - int(np.sum(placement.door >= 0))


def _answer(  # every part of an answer, named
    station: dict[str, Any],
    *,
    metres: float,
    straight_m: float,
    off_network: bool,
    at: dt.datetime,
    until: dt.datetime,
    kmh: float,
    walk_kmh: float,
    needs_unknown: tuple[str, ...],
) -> NearestStation:
    """Return one station judged on arrival; without a way it is judged by the straight line."""
    has_way = bool(np.isfinite(metres))
    minutes = (metres if has_way else straight_m * DETOUR) * 60 / (kmh * 1000)
    arrive = at + dt.timedelta(minutes=minutes)
    arrival = judge_arrival(str(station["hours"]), at, arrive, until=until)
    return NearestStation(
        code=str(station["code"]),
        name=str(station["name"]),
        kind=str(station["kind"]),
        lon=float(station["lon"]),
        lat=float(station["lat"]),
        walk_m=metres if has_way else None,
        walk_min=metres * 60 / (walk_kmh * 1000) if has_way else None,
        minutes=minutes if has_way else None,
        straight_m=straight_m,
        off_network=off_network,
        state=arrival.state,
        arrive_at=arrival.at,
        opens_at=arrival.opens_at,
        closes_at=arrival.closes_at,
        entry_mode=tuple(part for part in str(station["entry_mode"]).split(";") if part),
        amenities=str(station["amenities"]),
        needs_unknown=needs_unknown,
    )


def _unknown_needs(
    station: dict[str, Any], needs: Sequence[str], *, no_phone: bool
) -> tuple[str, ...] | None:
    """Return the needs not known to be met; None if one is known to fail."""
    has = parse_cell(FIELD_BY_NAME["amenities"], str(station["amenities"]))
    states = has if isinstance(has, dict) else {}
    phone = _phone_needed(station)
    if (no_phone and phone == "yes") or any(states.get(need, "yes") != "yes" for need in needs):
        return None
    unknown = tuple(need for need in needs if need not in states)
    return (*unknown, NO_PHONE) if no_phone and phone == "" else unknown


def _phone_needed(station: dict[str, Any]) -> str:
    """Return yes, no or "" (not known), as stated, else by the ways to get in."""
    modes = {mode for mode in str(station["entry_mode"]).split(";") if mode}
    if station["needs_phone"] or not modes:
        return str(station["needs_phone"])
    return "yes" if modes <= _BY_PHONE else "no"


def _require_position(lon: float, lat: float) -> None:
    if not (abs(lon) <= MAX_LON and abs(lat) <= MAX_LAT):
        hint = "; are lon and lat swapped?" if abs(lon) <= MAX_LAT and abs(lat) > MAX_LAT else ""
        msg = f"position lon {lon}, lat {lat} is not on Earth{hint}"
        raise InvalidOptionError(msg)


def _require_options(
    mode: str,
    needs: Sequence[str],
    *,
    at: dt.datetime,
    limit: int,
    speeds_kmh: tuple[float, float],
) -> None:
    """Refuse what cannot be answered, saying what would be.

    Raises
    ------
    InvalidOptionError
        Names the option, its value and what is allowed.
    """
    amenities = load_vocab("amenity")
    strange = [need for need in needs if need not in amenities]
    too_slow = [kmh for kmh in speeds_kmh if not kmh >= _SLOWEST_KMH]  # NaN is not either
    faults = (
        (at.tzinfo is None, f"the time {at.isoformat()} has no zone; write 2026-01-31T04:30+08:00"),
        (at.year not in _YEARS, f"the year {at.year} is not in 1980-2099"),
        (limit < 1, f"limit is {limit}; it must be at least 1"),
        (bool(too_slow), f"speed {too_slow} km/h; speeds must be at least {_SLOWEST_KMH:g}"),
        (mode not in {"walk", "ride"}, f"unknown mode {mode!r}; use walk or ride"),
        (bool(strange), f"unknown need {', '.join(strange)}; use {', '.join(amenities)}"),
    )
    for wrong, msg in faults:
        if wrong:
            raise InvalidOptionError(msg)
