"""Stations that may be one, and odd positions, as ``nuanyi stations check`` lists them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from geo.basemap import Basemap
from geo.city import list_cities
from geo.network import read_network
from geo.stations.check import Finding
from geo.whereabouts import AREA, WATER, Surroundings
from webmap.cities import DEMO_CITY
from webmap.record_doubts import find_doubts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from geo.city import City
    from geo.store import Store
    from webmap.record_doubts import Pair, Place

_REASONS: Final = {
    "same_name": "the same name",
    "similar_name": "a similar name",
    "no_own_name": "names that say nothing of their own",
    "same_address": "the same address",
    "similar_address": "a similar address",
    "same_phone": "the same telephone",
    "same_place": "the same place",
}
_DATUMS: Final = {"wgs84": "WGS-84", "gcj02": "GCJ-02", "bd09": "BD-09"}


def find_doubtful(store: Store, cities: Path) -> tuple[tuple[Finding, ...], dict[str, int]]:
    """Return what is doubtful over the whole layer of a store, the likeliest first, and the zones.

    The second are the development zones that stations name, and how many do: they are no areas of
    the administrative division, so no position contradicts them.

    Parameters
    ----------
    store : Store
        Pairs and positions that somebody said to be right are left out.
    cities : Path
        The folder of the cities; positions are asked about within these. A demo's stations belong
        to the demo's city, all others to the others.
    """
    folders = [city for city in list_cities(cities) if (city.code == DEMO_CITY) == store.is_demo]
    doubts = find_doubts(store, [_surroundings(city) for city in folders])
    doubts = doubts.unsettled(store.settled_questions())
    codes = {code for pair in doubts.pairs for code in (pair.code, pair.other)}
    codes |= {place.code for place in doubts.places}
    rows = store.read_stations(codes=codes, columns=["name"])
    names = dict(zip(rows["code"].tolist(), rows["name"].tolist(), strict=True))
    pairs = [_of_pair(pair, names) for pair in doubts.pairs]
    findings = (*pairs, *(_of_place(place, names) for place in doubts.places))
    return findings, dict(doubts.zones)


def in_order(codes: Iterable[str], *findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return all findings by station, in the order of ``codes``."""
    place = {code: number for number, code in enumerate(codes)}
    return tuple(sorted((one for some in findings for one in some), key=lambda f: place[f.code]))


def _surroundings(city: City) -> Surroundings:
    def _basemap() -> Basemap | None:
        return Basemap(city.basemap_path) if city.basemap_path.is_file() else None

    box = (city.west, city.south, city.east, city.north)
    return Surroundings(box, lambda: read_network(city.network_path), _basemap)


def _of_pair(pair: Pair, names: dict[str, str]) -> Finding:
    said = ", ".join(_REASONS[reason] for reason in pair.reasons if reason in _REASONS)
    other = f"{pair.other} {names[pair.other]}, {pair.away_m:.0f} m away"
    if pair.twin_datum:
        shift = f"{_DATUMS[pair.twin_from]} to {_DATUMS[pair.twin_datum]}"
        what = f"it and {other}, lie apart by just the shift from {shift} ({said})"
        remedy = "find the one that is in another datum; mend it, or mark it duplicate_of"
        return Finding(pair.code, names[pair.code], "lon", "coordinate_twin", what, remedy)
    what = f"it may be the same station as {other} ({said})"
    remedy = "mark one of them duplicate_of, or say at /staff/doubts that they are two"
    return Finding(pair.code, names[pair.code], "name", "possible_duplicate", what, remedy)


def _of_place(place: Place, names: dict[str, str]) -> Finding:
    away_m = place.odd.away_m
    metres = f"{away_m:.0f} m" if math.isfinite(away_m) else "more than 2 km"
    kind, what = "far_from_walkways", f"it lies {metres} from the nearest walkway"
    if place.odd.kind == WATER:
        kind, what = "in_water", "it lies in water"
    if place.odd.kind == AREA:
        inside = f"in {place.odd.lies_in}" if place.odd.lies_in else "in none that is stored"
        what = f"it names {place.odd.named} but lies {inside}, {metres} away"
        kind = "another_area"
    remedy = "correct the position, or say at /staff/doubts that it is right"
    return Finding(place.code, names[place.code], "lon", kind, what, remedy)
