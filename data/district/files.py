"""The files of the demo district; the same input gives the same bytes."""

from __future__ import annotations

import csv
import gzip
import io
import json
from typing import TYPE_CHECKING, Any, Final

from district.areas import features, make_areas
from district.candidates import make_candidates
from district.osm import draw
from district.places import make_places
from district.reports import make_reports
from district.routes import make_routes, track
from district.stations import make_stations
from district.town import build_town

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

STATION_FIELDS: Final = (
    "code", "name", "aliases", "kind", "status", "status_until", "lon", "lat", "source_datum",
    "address", "district", "subdistrict", "host", "mode", "audience", "hours", "hours_text",
    "self_hours", "entry_mode", "self_entry_mode", "needs_phone", "needs_registration", "dignity",
    "amenities", "amenity_hours", "area_m2", "capacity", "floor", "street_front", "phone_public",
    "contact",
    "manager", "photo", "has_sign", "has_rules", "on_amap", "on_baidu", "opened_on",
    "verified_on", "source", "source_id", "note", "demo",
)  # fmt: skip
CANDIDATE_FIELDS: Final = ("code", "name", "lon", "lat", "host", "cost", "note")
REPORT_FIELDS: Final = ("code", "state", "at", "device")
TRACK_HEADER: Final = "worker,route,time,lon,lat"


def write_district(directory: Path) -> None:
    """Make the district and write all its files into a directory, made if missing."""
    directory.mkdir(parents=True, exist_ok=True)
    town = build_town()
    areas = make_areas(town)
    places = make_places(town, areas)
    draw(town, places.spots).write(directory / "district.osm.pbf")
    for level, found in features(areas).items():
        _write_geojson(directory / f"areas_{level}.geojson", found)
    stations = make_stations(places, areas)
    _write_csv(directory / "stations.csv", STATION_FIELDS, stations)
    _write_csv(directory / "candidates.csv", CANDIDATE_FIELDS, make_candidates(town, places, areas))
    routes = make_routes(town)
    _write_csv(directory / "reports.csv", REPORT_FIELDS, make_reports(stations, routes))
    _write_geojson(directory / "beats.geojson", [route.feature() for route in routes])
    lines = [line for nth, route in enumerate(routes) for line in track(route, nth)]
    _write_gzip(directory / "tracks.csv.gz", "\n".join([TRACK_HEADER, *lines, ""]))


def _write_geojson(path: Path, found: Sequence[dict[str, Any]]) -> None:
    """Write a feature collection, one feature per line."""
    rows = ",\n".join(
        json.dumps(feature, ensure_ascii=False, separators=(",", ":")) for feature in found
    )
    text = f'{{"type":"FeatureCollection","name":"demo 演示数据","features":[\n{rows}\n]}}\n'
    path.write_bytes(text.encode())


def _write_csv(path: Path, fields: Sequence[str], rows: Sequence[dict[str, str]]) -> None:
    text = io.StringIO()
    writer = csv.DictWriter(text, fields, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(text.getvalue().encode())


def _write_gzip(path: Path, text: str) -> None:
    """Write gzip without name or time in its header."""
    packed = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=packed, mtime=0) as file:
        file.write(text.encode())
    path.write_bytes(packed.getvalue())
