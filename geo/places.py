"""Named places of an OSM extract, for finding where one is: stops, shops, halls, parks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import osmium
import pandas as pd

from geo.coords import WGS84
from geo.errors import SourceFormatError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

COLUMNS: Final = ("osm", "name", "name_en", "kind", "lon", "lat")
_KEYS: Final = (  # the first of these a place carries is its kind
    "place", "public_transport", "railway", "amenity", "shop", "tourism", "leisure", "office",
    "historic", "healthcare", "building",
)  # fmt: skip
_BUS_STOP: Final = "highway=bus_stop"
CANDIDATE_COLUMNS: Final = ("code", "name", "lon", "lat", "host", "cost", "note")
HOSTS: Final = {  # kind of place -> host of geo/vocab/host.json
    "amenity=bank": "bank",
    "amenity=post_office": "post_office",
    "amenity=fuel": "fuel",
    "shop=convenience": "convenience",
    "shop=supermarket": "supermarket",
    "shop=kiosk": "kiosk",
    "office=estate_agent": "estate_agent",
    "shop=estate_agent": "estate_agent",
    "amenity=community_centre": "community",
    "amenity=library": "library",
    "amenity=hospital": "hospital",
    "leisure=park": "park",
    "amenity=toilets": "toilets",
    "amenity=bus_station": "bus_terminal",
    "amenity=police": "police",
    "shop=mobile_phone": "telecom_hall",
    "office=telecommunication": "telecom_hall",
    "office=power_utility": "power_hall",
    "office=energy_supplier": "power_hall",
}


def read_places(extracts: Sequence[Path]) -> gpd.GeoDataFrame:
    """Read the places with a name from one or more extracts.

    Parameters
    ----------
    extracts : sequence of Path
        ``.osm`` or ``.osm.pbf`` files, WGS-84; a place that stands in several counts once.

    Returns
    -------
    GeoDataFrame
        Columns ``osm`` (n12 or w34), ``name``, ``name_en`` ("" = none), ``kind`` (key=value),
        ``lon``, ``lat``, geometry Point, EPSG:4326; ordered by ``osm``. A way is at the middle of
        the box around it.

    Raises
    ------
    SourceFormatError
        An extract cannot be read.
    """
    rows = [row for path in extracts for row in _read(path)]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    table = table.drop_duplicates("osm").sort_values("osm", ignore_index=True)
    points = gpd.points_from_xy(table["lon"], table["lat"])
    return gpd.GeoDataFrame(table, geometry=points, crs=WGS84)


def find_candidates(places: pd.DataFrame) -> pd.DataFrame:
    """Return the places that might take in a station: banks, post offices, shops, petrol stations.

    Parameters
    ----------
    places : DataFrame
        As `read_places` returns it.

    Returns
    -------
    DataFrame
        Columns ``code`` (OSM-n12), ``name``, ``lon``, ``lat`` (degrees, WGS-84), ``host`` (a code
        of the vocabulary), ``cost`` and ``note`` (empty: for the planner), in the order of
        ``places``.
    """
    host = places["kind"].map(HOSTS)
    found = places[host.notna()]
    candidates = pd.DataFrame(
        {
            "code": "OSM-" + found["osm"].astype(str),
            "name": found["name"],
            "lon": found["lon"],
            "lat": found["lat"],
            "host": host[host.notna()],
            "cost": "",
            "note": "",
        }
    )
    return candidates[list(CANDIDATE_COLUMNS)].reset_index(drop=True)


def _read(path: Path) -> list[tuple[str, str, str, str, float, float]]:
    try:
        named = osmium.FileProcessor(str(path), osmium.osm.NODE | osmium.osm.WAY)
        named = named.with_locations().with_filter(osmium.filter.KeyFilter("name"))
        return list(_rows(named))
    except (RuntimeError, ValueError, UnicodeDecodeError) as error:
        msg = f"{path}: not a readable OSM extract ({error}); it may be cut short or misnamed"
        raise SourceFormatError(msg) from error


def _rows(entities: Any) -> Iterator[tuple[str, str, str, str, float, float]]:  # noqa: ANN401  # osmium ships no types
    """Turn entities into rows.

    Yields
    ------
    tuple
        As `COLUMNS`.
    """
    for entity in entities:
        kind = _kind(entity.tags)
        position = _position(entity)
        if kind and position:
            letter = "n" if entity.is_node() else "w"
            tags = entity.tags
            yield f"{letter}{entity.id}", tags["name"], tags.get("name:en", ""), kind, *position


def _kind(tags: osmium.osm.TagList) -> str:
    if tags.get("highway") == "bus_stop":
        return _BUS_STOP
    return next((f"{key}={tags[key]}" for key in _KEYS if key in tags), "")


def _position(entity: Any) -> tuple[float, float] | None:  # noqa: ANN401  # osmium ships no types
    """Return a node's position, or the middle of the box around a way's known nodes."""
    locations = [entity.location] if entity.is_node() else [n.location for n in entity.nodes]
    known = [(place.lon, place.lat) for place in locations if place.valid()]
    if not known:
        return None
    lons, lats = zip(*known, strict=True)
    return (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2
