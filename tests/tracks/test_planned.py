"""Whether a file holds planned lines or tracks is told by its content."""

from __future__ import annotations

import json
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from geo.tracks.planned import is_planned

if TYPE_CHECKING:
    from pathlib import Path

LINE: dict[str, Any] = {"type": "LineString", "coordinates": [[116.3, 40.0], [116.31, 40.0]]}
TIMES = ["2026-01-05T10:00:00Z", "2026-01-05T10:01:00Z"]
POINT = {"type": "Point", "coordinates": [116.3, 40.0]}
GPX = (
    '<gpx xmlns="http://www.topografix.com/GPX/1/1"><metadata><time>2026</time></metadata>{}</gpx>'
)
FIX = '<trk><trkseg><trkpt lat="40" lon="116.3"><ele>3</ele>{}</trkpt></trkseg></trk>'
ROUTE = '<rte><rtept lat="40" lon="116.3"/><rtept lat="40" lon="116.4"/></rte>'


def geojson(path: Path, geometry: dict[str, Any], **properties: object) -> Path:
    feature = {"type": "Feature", "properties": properties, "geometry": geometry}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    return path


@pytest.mark.parametrize(
    ("geometry", "properties", "planned"),
    [
        (LINE, {"shift": "Mo-Fr 04:00-11:00"}, True),
        (LINE | {"type": "MultiLineString", "coordinates": [LINE["coordinates"]]}, {}, True),
        (LINE, {"coordTimes": TIMES}, False),
        (LINE, {"coordinateProperties": {"times": TIMES}}, False),
        (LINE, {"when": TIMES}, False),
        (LINE, {"times": 3}, True),
        (POINT, {"time": TIMES[0]}, False),
        (POINT, {}, False),
    ],
)
def test_geojson_is_planned_if_its_lines_have_no_times(
    tmp_path: Path, geometry: dict[str, Any], properties: dict[str, Any], *, planned: bool
) -> None:
    file = geojson(tmp_path / "a.geojson", geometry, **properties)
    assert is_planned(file, {"time": "when"}) is planned


def test_times_far_behind_in_a_large_file_are_found(tmp_path: Path) -> None:
    file = geojson(tmp_path / "a.json", LINE, pad="x" * ((1 << 20) - 150), coordTimes=TIMES)
    assert not is_planned(file, {})


@pytest.mark.parametrize(
    ("body", "planned", "with_shift"),
    [
        (ROUTE, True, True),
        (FIX.format(""), False, True),
        (FIX.format("<time>2026-01-05T10:00:00Z</time>"), False, False),
        (ROUTE + FIX.format("<time>2026-01-05T10:00:00Z</time>"), False, False),
        ("", False, False),
    ],
)
def test_gpx_is_planned_if_it_has_routes_only(
    tmp_path: Path, body: str, *, planned: bool, with_shift: bool
) -> None:
    file = tmp_path / "a.gpx"
    file.write_text(GPX.format(body))
    assert is_planned(file, {}) is planned
    assert is_planned(file, {}, has_shift=True) is with_shift


def test_formats_of_lines_are_always_planned_also_packed(tmp_path: Path) -> None:
    assert is_planned(tmp_path / "a.gpkg", {})
    assert is_planned(tmp_path / "a.SHP", {})
    for name, planned in (("a.shp", True), ("a.csv", False)):
        with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
            archive.writestr(name, "")
        assert is_planned(tmp_path / "a.zip", {}) is planned


def test_all_else_is_left_to_the_reader_of_tracks(tmp_path: Path) -> None:
    for name in ("a.csv", "none.geojson", "a.csv.gz", "none.zip", "a.xyz"):
        assert not is_planned(tmp_path / name, {})
    (tmp_path / "bad.zip").write_text("no archive")
    assert not is_planned(tmp_path / "bad.zip", {})
