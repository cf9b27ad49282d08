"""Files of beats: every format and CRS, fields by any name, one clear sentence for bad input."""

from __future__ import annotations

import json
import zipfile
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.coords import from_wgs84, geodesic_m
from geo.errors import (
    EmptyTracksError,
    GeoError,
    InvalidDatumError,
    InvalidHoursError,
    InvalidOptionError,
    MissingCrsError,
    SourceFormatError,
)
from geo.tracks import read_beats
from tests.tracks.beats_build import LAT, LON, beats_of, feature, line_east, steps_of, write_beats
from tests.tracks.build import same_bits

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tracks.beats_build import Json

HOUR = "Mo 04:00-05:00"
GPX = """<?xml version="1.0"?><gpx version="1.1" creator="x"
xmlns="http://www.topografix.com/GPX/1/1"><wpt lat="40" lon="116"/><rte><name>b</name>
<rtept lat="40" lon="116"/><rtept lat="40.001" lon="116"/></rte><trk><name>a</name><trkseg>
<trkpt lat="40" lon="116"/><trkpt lat="40" lon="116.01"/></trkseg></trk></gpx>"""


def frame(**columns: object) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"route": ["甲"], "shift": [HOUR], "workers": [3], **columns},
        geometry=[shapely.LineString(line_east(500))],
        crs=4326,
    )


@pytest.mark.parametrize("name", ["b.gpkg", "b.shp", "b.geojson", "b.zip", "b.fgb"])
@pytest.mark.parametrize("crs", [4326, 4490, 32650, 3857])
def test_any_vector_file_in_any_crs_is_the_same_beat(tmp_path: Path, name: str, crs: int) -> None:
    projected = frame().to_crs(crs)
    if name == "b.zip":
        projected.to_file(tmp_path / "in.shp", encoding="utf-8")
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            for part in sorted(tmp_path.glob("in.*")):
                archive.write(part, part.name)
    else:
        projected.to_file(tmp_path / name)
    beats = read_beats([tmp_path / name])
    assert (beats.workers, beats.shifts) == (3, (HOUR,))
    steps = steps_of(beats)
    assert len(steps) == 4 * (50 + 1)
    plain = steps_of(beats_of(tmp_path, feature(line_east(500), shift=HOUR)))
    assert geodesic_m(steps.lon, steps.lat, plain.lon, plain.lat).max() < 0.01


def test_routes_and_tracks_of_gpx_are_beats(tmp_path: Path) -> None:
    path = tmp_path / "b.gpx"
    path.write_text(GPX, encoding="utf-8")
    beats = read_beats([path], shift=HOUR)
    assert beats.routes == 2
    steps = steps_of(beats)
    assert steps.lon[steps.worker == 1].max() == pytest.approx(116.01)  # "a" goes before "b"
    assert steps.lon[steps.worker == 2].max() == pytest.approx(116.0)
    with pytest.raises(InvalidOptionError, match=r"^b\.gpx \(routes\), line 1: has no shift"):
        read_beats([path])


def test_a_track_with_a_part_of_one_point_is_left_out_and_said(tmp_path: Path) -> None:
    path = tmp_path / "b.gpx"
    spot = '</trkseg><trkseg><trkpt lat="40" lon="116"/></trkseg>'
    path.write_text(GPX.replace("</trkseg>", spot), encoding="utf-8")
    beats = read_beats([path], shift=HOUR)
    assert beats.routes == 1
    assert beats.notes[0].startswith("b.gpx (tracks), line 1: no line with a length")


def test_the_layer_called_beats_is_read_of_several(tmp_path: Path) -> None:
    path = tmp_path / "b.gpkg"
    frame().to_file(path, layer="streets")
    frame(workers=[5]).to_file(path, layer="beats")
    assert read_beats([path]).workers == 5
    frame().to_file(path, layer="beats_2")
    with pytest.raises(SourceFormatError, match="has the layers streets, beats, beats_2"):
        read_beats([path])


def test_fields_have_other_names_by_mapping_or_in_chinese(tmp_path: Path) -> None:
    words = feature(line_east(20), 班次="每天早上4点到11点", 人数="2")
    beats = beats_of(tmp_path, words)
    assert (beats.shifts, beats.workers) == (("04:00-11:00",), 2)
    columns = {"shift": "When", "workers": "Who"}
    mapped = feature(line_east(20), When=HOUR, Who=4.0, shift="no", workers="none")
    beats = beats_of(tmp_path, mapped, columns=columns)
    assert (beats.shifts, beats.workers) == ((HOUR,), 4)


def test_the_default_shift_is_for_lines_without_one(tmp_path: Path) -> None:
    lines = [feature(line_east(20), shift=some) for some in (HOUR, None, "", " ")]
    beats = beats_of(tmp_path, *lines, shift="每天早上4点到11点")
    assert beats.shifts == ("04:00-11:00", HOUR)
    assert beats_of(tmp_path, feature(line_east(20)), shift=HOUR).shifts == (HOUR,)


def test_workers_default_to_one_and_none_of_them_counts_nothing(tmp_path: Path) -> None:
    some = [None, 0, 7]
    beats = beats_of(tmp_path, *(feature(line_east(20), shift=HOUR, workers=n) for n in some))
    assert (beats.workers, beats.routes) == (8, 2)
    assert beats.notes == ("beats.geojson, line 2: 0 workers, counts nothing",)


def test_lines_without_a_length_are_left_out_and_said(tmp_path: Path) -> None:
    spot = [[LON, LAT], [LON, LAT]]
    nothing: Json = {"type": "Feature", "properties": {"shift": HOUR}, "geometry": None}
    lines = [feature(spot, shift=HOUR), nothing, feature(line_east(20), spot, shift=HOUR)]
    beats = beats_of(tmp_path, *lines)
    assert beats.routes == 1
    (note,) = beats.notes
    assert note.startswith("beats.geojson, line 1 and 1 more: no line with a length")
    assert len(steps_of(beats)) == 4 * 3
    with pytest.raises(EmptyTracksError, match="line 1: no line with a length") as caught:
        beats_of(tmp_path, feature(spot, shift=HOUR))
    assert caught.value.code == "no_lines"


def test_the_same_line_twice_counts_twice_and_is_said(tmp_path: Path) -> None:
    beats = beats_of(tmp_path, *[feature(line_east(20), shift=HOUR)] * 3)
    assert (beats.workers, beats.routes) == (3, 3)
    assert beats.notes == ("2 of 3 lines are there twice, same in all; each counts",)


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_another_datum_is_taken_back(tmp_path: Path, datum: str) -> None:
    line = line_east(500)
    lon, lat = np.array(line).T
    shifted = np.column_stack(from_wgs84(lon, lat, datum)).tolist()
    beats = beats_of(tmp_path, feature(shifted, shift=HOUR), datum=datum)
    assert beats.datum == datum
    steps, plain = steps_of(beats), steps_of(beats_of(tmp_path, feature(line, shift=HOUR)))
    assert geodesic_m(steps.lon, steps.lat, plain.lon, plain.lat).max() < 0.001


def test_heights_are_passed_over(tmp_path: Path) -> None:
    high = [[*corner, 30.0 * nth] for nth, corner in enumerate(line_east(500))]
    one, other = (
        steps_of(beats_of(tmp_path, feature(line, shift=HOUR))) for line in (high, line_east(500))
    )
    assert same_bits(one, other)


@pytest.mark.parametrize(
    ("broken", "error", "said"),
    [
        ({"shift": ""}, InvalidOptionError, "line 2: has no shift; .* --shift"),
        ({"shift": "Mo 4-5"}, InvalidHoursError, "line 2: shift: .* from character 4"),
        ({"shift": "早班"}, InvalidHoursError, "line 2: of the shift '早班'"),
        ({"workers": -1}, SourceFormatError, "line 2: workers is '-1'; it is a whole number"),
        ({"workers": 1.5}, SourceFormatError, "line 2: workers is '1.5'"),
        ({"workers": "两人"}, SourceFormatError, "line 2: workers is '两人'"),
        ({"workers": 1_000_001}, SourceFormatError, "line 2: workers is '1000001'"),
        ({"workers": 1e300}, SourceFormatError, "line 2: workers is"),
    ],
)
def test_a_bad_cell_is_named(
    tmp_path: Path, broken: Json, error: type[GeoError], said: str
) -> None:
    good = {"shift": HOUR, "workers": 1}
    lines = [feature(line_east(20), **good), feature(line_east(20), **{**good, **broken})]
    with pytest.raises(error, match=f"^beats.geojson, {said}"):
        beats_of(tmp_path, *lines)


@pytest.mark.parametrize("cells", [{"workers": [1, 2]}, {"shift": [HOUR]}, {"shift": {"a": 1}}])
def test_a_cell_that_is_a_list_is_named(tmp_path: Path, cells: Json) -> None:
    with pytest.raises((SourceFormatError, InvalidHoursError), match="line 1: "):
        beats_of(tmp_path, feature(line_east(20), **{"shift": HOUR, **cells}))


def test_the_first_of_several_faults_is_shown_with_their_number(tmp_path: Path) -> None:
    lines = [feature(line_east(20), shift="x")] * 3
    with pytest.raises(InvalidHoursError, match=r"line 1: .*; 2 more lines have faults$"):
        beats_of(tmp_path, *lines)


@pytest.mark.parametrize("kind", ["Point", "Polygon", "GeometryCollection"])
def test_what_is_no_line_is_refused(tmp_path: Path, kind: str) -> None:
    shape = {
        "Point": {"type": "Point", "coordinates": [LON, LAT]},
        "Polygon": {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]},
        "GeometryCollection": {
            "type": "GeometryCollection",
            "geometries": [{"type": "LineString", "coordinates": line_east(20)}],
        },
    }[kind]
    line = {"type": "Feature", "properties": {"shift": HOUR}, "geometry": shape}
    with pytest.raises(SourceFormatError, match=f"line 1: its geometry is a {kind.lower()}"):
        beats_of(tmp_path, line)


def test_numbers_that_are_no_degrees_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceFormatError, match="which are no degrees"):
        beats_of(tmp_path, feature([[450_000, 4_400_000], [450_100, 4_400_000]], shift=HOUR))
    with np.errstate(invalid="ignore"):
        broken = shapely.LineString([(0, 0), (np.nan, 1), (2, 2)])
    gpd.GeoDataFrame({"shift": [HOUR]}, geometry=[broken], crs=4326).to_file(tmp_path / "b.gpkg")
    with pytest.raises(SourceFormatError, match="line 1: a coordinate is no number"):
        read_beats([tmp_path / "b.gpkg"])


def test_a_line_round_the_earth_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceFormatError, match=r"line 1: it is 11.* km long.* reference system"):
        beats_of(tmp_path, feature([[0, 0], [100, 0]], shift=HOUR))


def test_a_file_that_states_no_crs_is_refused_unless_a_datum_is_given(tmp_path: Path) -> None:
    frame().to_file(tmp_path / "b.shp")
    (tmp_path / "b.prj").unlink()
    with pytest.raises(MissingCrsError, match="does not say its coordinate reference system"):
        read_beats([tmp_path / "b.shp"])
    assert read_beats([tmp_path / "b.shp"], datum="gcj02").routes == 1


def test_a_table_is_no_file_of_lines(tmp_path: Path) -> None:
    path = tmp_path / "b.csv"
    path.write_text(f"lon,lat,shift\n116,40,{HOUR}\n", encoding="utf-8")
    with pytest.raises(SourceFormatError, match="holds no lines; give GeoJSON"):
        read_beats([path])


@pytest.mark.parametrize("text", ["", "{", '{"type":"FeatureCollection","features":[]}', "\0\1"])
def test_a_file_without_lines_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "b.geojson"
    path.write_text(text, encoding="utf-8")
    with pytest.raises((SourceFormatError, EmptyTracksError), match=r"b\.geojson"):
        read_beats([path])


def test_options_are_checked(tmp_path: Path) -> None:
    path = write_beats(tmp_path / "b.geojson", feature(line_east(20), shift=HOUR))
    wrong: list[tuple[list[Path], Json, type[GeoError], str]] = [
        ([], {}, InvalidOptionError, "no file of planned lines"),
        ([tmp_path], {}, SourceFormatError, "is a folder"),
        ([tmp_path / "no.gpkg"], {}, SourceFormatError, "does not exist"),
        ([path], {"columns": {"time": "t"}}, InvalidOptionError, "beats have no field time"),
        ([path], {"columns": {"shift": "t"}}, SourceFormatError, "has no field 't'.* shift"),
        ([path], {"datum": "nad27"}, InvalidDatumError, "unknown datum"),
        ([path], {"shift": "x"}, InvalidHoursError, "^--shift: "),
    ]
    for paths, options, error, said in wrong:
        with pytest.raises(error, match=said):
            read_beats(paths, **options)


def test_cells_of_mixed_types_are_read_as_text(tmp_path: Path) -> None:
    columns: list[dict[str, Any]] = [{"workers": "3", "shift": HOUR}, {"workers": 2, "shift": 7}]
    path = tmp_path / "b.geojson"
    lines = [feature(line_east(20), **cells) for cells in columns]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": lines}), encoding="utf-8")
    with pytest.raises(InvalidHoursError, match="line 2: shift: opening hours '7'"):
        read_beats([path])


def test_progress_counts_beats(tmp_path: Path) -> None:
    told: list[tuple[str, int, int | None]] = []
    path = write_beats(tmp_path / "b.geojson", feature(line_east(20), shift=HOUR))
    read_beats([path, path], progress=lambda *news: told.append(news))
    assert told == [("read beats", 1, None), ("read beats", 2, None)]
