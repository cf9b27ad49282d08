"""A first look at files: the same columns, rows and faults as a slow reading by hand."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from geo.coords import to_wgs84
from geo.errors import InvalidOptionError
from geo.tracks import preview as preview_module
from geo.tracks.preview import preview_tracks
from geo.tracks.seen import Taken

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "时间,经度,纬度,工号,备注"
ROWS = [
    "2026-05-01 09:46:00,116.4,39.9,甲,",
    '2026-05-01 09:47:00,116.401,39.9,甲,"快,慢"',
    "昨天,116.4,39.9,甲,",
    "2026-05-01 09:48:00,,39.9,乙,",
    "2026-05-01 09:48:00,116.4",
    "1970-01-01 09:48:00,116.4,39.9,乙,",
    "2026-05-01T09:49:00+09:00,116.402,39.9,乙,",
    "2026-05-01 09:48:00,39.9,116.4,乙,",
    "2026-05-01 09:48:00,E116,39.9,乙,",
]
GPX_POINT = '<trkpt lon="{lon:.6f}" lat="39.9"><time>2026-05-01T00:{n:02d}:00Z</time></trkpt>'

FEATURE = (
    '{"type":"Feature","properties":{"time":1777600000},'
    '"geometry":{"type":"Point","coordinates":[116.4,39.9]}},'
)
PLAIN_LINE = (
    '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":'
    '{"type":"LineString","coordinates":[[116,39],[117,40]]}}]}'
)
PLAIN_GPX = (
    '<gpx><trk><trkseg><trkpt lon="116" lat="39"/><trkpt lon="117" lat="39"/></trkseg></trk></gpx>'
)


def written(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def by_hand(text: str) -> list[tuple[int, str]]:
    """Read rows of HEAD one by one; return row number and fault, "" for none."""
    rows = list(csv.reader(io.StringIO(text)))
    found = []
    for number, row in enumerate(rows[1:], 2):
        found.append((number, _fault(row, len(rows[0]))))
    return found


def _fault(row: list[str], width: int) -> str:
    if len(row) != width:
        return "shape"
    time, lon, lat = row[:3]
    if not time or not lon or not lat:
        return "blank"
    try:
        moment = dt.datetime.fromisoformat(time)
    except ValueError:
        return "time"
    try:
        x, y = float(lon), float(lat)
    except ValueError:
        return "position"
    if not 1980 <= moment.year < 2100:
        return "time_range"
    return "" if abs(x) <= 180 and abs(y) <= 90 else "position_range"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_columns_rows_and_faults_are_those_of_a_slow_reading(tmp_path: Path, encoding: str) -> None:
    text = "\n".join([HEAD, *ROWS]) + "\n"
    seen = preview_tracks([written(tmp_path, "a.csv", text, encoding)])
    [file] = seen.files
    truth = by_hand(text)
    assert file.encoding == encoding.removesuffix("-sig")
    assert file.columns == tuple(HEAD.split(","))
    assert {name: taken.column for name, taken in file.taken.items()} == {
        "time": "时间", "lon": "经度", "lat": "纬度", "worker": "工号",
    }  # fmt: skip
    assert [(int(row.place.removeprefix("row ")), row.fault) for row in file.rows] == truth
    assert [row.cells for row in file.rows] == [tuple(row) for row in csv.reader(ROWS)]
    assert (seen.read, seen.used) == (len(truth), sum(not fault for _, fault in truth))
    bad = [(int(row.place.removeprefix("row ")), row.fault) for row in file.bad]
    assert bad == [(number, fault) for number, fault in truth if fault]
    faults = [fault for _, fault in truth if fault]
    assert file.faults == {fault: faults.count(fault) for fault in sorted(set(faults))}


def test_times_without_an_offset_are_read_in_the_zone_and_said_to_be_assumed(
    tmp_path: Path,
) -> None:
    path = written(tmp_path, "a.csv", "\n".join([HEAD, ROWS[0]]))
    seen = preview_tracks([path])
    moment = dt.datetime(2026, 5, 1, 1, 46, tzinfo=dt.UTC)  # 09:46 in Shanghai
    assert (seen.first_ms, seen.zone_assumed) == (moment.timestamp() * 1000, True)
    there = preview_tracks([path], tz="UTC")
    assert there.first_ms is not None
    assert seen.first_ms is not None
    assert there.first_ms - seen.first_ms == 8 * 3_600_000
    assert there.zone_assumed is False


def test_why_a_column_was_taken_is_said(tmp_path: Path) -> None:
    text = "t,lng_gcj02,lat_gcj02,路线\n2026-05-01 09:46:00,116.4,39.9,一\n"
    seen = preview_tracks([written(tmp_path, "a.csv", text)], columns={"time": "t"})
    assert seen.files[0].taken == {
        "time": Taken("t", "chosen"),
        "lon": Taken("lng_gcj02", "datum"),
        "lat": Taken("lat_gcj02", "datum"),
        "worker": Taken("路线", "route"),
        "route": Taken("路线", "usual"),
    }


def test_a_datum_named_by_columns_or_file_is_taken_and_positions_are_in_wgs84(
    tmp_path: Path,
) -> None:
    text = "time,lon,lat\n2026-05-01 09:46:00,116.4,39.9\n"
    plain = preview_tracks([written(tmp_path, "a.csv", text)])
    assert (plain.datum, plain.datum_named, plain.lon[0]) == ("wgs84", "", 116.4)
    named = preview_tracks([written(tmp_path, "a_gcj02.csv", text)])
    assert (named.datum, named.datum_named) == ("gcj02", "gcj02")
    x, y = to_wgs84([116.4], [39.9], "gcj02")
    assert (named.lon[0], named.lat[0]) == (x[0], y[0])
    asked = preview_tracks([written(tmp_path, "a_gcj02.csv", text)], datum="bd09")
    assert (asked.datum, asked.datum_named) == ("bd09", "gcj02")


def test_missing_columns_leave_the_header_and_the_rows_to_choose_from(tmp_path: Path) -> None:
    text = "when,x,y\n2026-05-01 09:46:00,1,2\n2026-05-01 09:47:00,1,2\n"
    seen = preview_tracks([written(tmp_path, "a.csv", text)])
    [file] = seen.files
    assert file.error is not None
    assert (file.error.code, file.missing) == ("columns", ("time",))
    assert (file.columns, file.rows[0].cells) == (
        ("when", "x", "y"),
        ("2026-05-01 09:46:00", "1", "2"),
    )
    assert not seen.is_usable
    mended = preview_tracks([tmp_path / "a.csv"], columns={"time": "when"})
    assert (mended.is_usable, mended.used) == (True, 2)


def test_a_chosen_column_that_is_not_there_is_an_error_of_its_file(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", "time,lon,lat\n2026-05-01 09:46:00,1,2\n")
    seen = preview_tracks([path], columns={"worker": "nobody"})
    assert seen.files[0].missing == ("worker",)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.csv", b"", "empty"),
        ("a.csv", b"time,lon,lat\n", "no_rows"),
        ("a.gpx", b"", "empty"),
        ("a.geojson", b" \n", "empty"),
        ("a.csv", b"PK\x03\x04", "disguised"),
        ("a.csv", b'time,lon,lat\n1,"2,3\n' + b"4,5,6\n" * 20, "quote"),
        ("a.gpx", b"<gpx><trk>", "damaged"),
        ("a.gpx", b"<!DOCTYPE gpx []><gpx></gpx>", "refused"),
        ("a.geojson", b"{", "damaged"),
        ("a.zip", b"no archive", "damaged"),
        ("a.csv.gz", gzip.compress(b"time,lon,lat\n1,2,3\n" * 99, mtime=0)[:40], "damaged"),
        ("a.xyz", b"1", "format"),
    ],
)
def test_what_a_reader_refuses_is_said_of_the_file_and_nothing_is_raised(
    tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    (tmp_path / name).write_bytes(content)
    seen = preview_tracks([tmp_path / name])
    assert [(error.code, error.file) for error in seen.errors] == [(code, name)]
    assert (seen.is_usable, seen.box, len(seen.lon)) == (False, None, 0)


def test_an_unknown_field_or_zone_is_an_error_of_the_caller(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", "time,lon,lat\n")
    with pytest.raises(InvalidOptionError):
        preview_tracks([path], columns={"speed": "v"})
    with pytest.raises(InvalidOptionError):
        preview_tracks([path], tz="Mars/Olympus")


def test_every_format_is_seen_alike(tmp_path: Path) -> None:
    lons = [116.4 + n / 1000 for n in range(30)]
    rows = [f"2026-05-01T00:{n:02d}:00Z,{lon:.6f},39.9" for n, lon in enumerate(lons)]
    text = "\n".join(["time,lon,lat", *rows]) + "\n"
    points = "".join(GPX_POINT.format(lon=lon, n=n) for n, lon in enumerate(lons))
    features = [
        {
            "type": "Feature",
            "properties": {"time": f"2026-05-01T00:{n:02d}:00Z"},
            "geometry": {"type": "Point", "coordinates": [round(lon, 6), 39.9]},
        }
        for n, lon in enumerate(lons)
    ]
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("in/a.csv", text)
        packed.writestr("readme.txt", "x")
    files: dict[str, bytes] = {
        "a.csv": text.encode(),
        "b.csv.gz": gzip.compress(text.encode()),
        "c.gpx": f"<gpx><trk><trkseg>{points}</trkseg></trk></gpx>".encode(),
        "d.geojson": json.dumps({"type": "FeatureCollection", "features": features}).encode(),
        "e.zip": archive.getvalue(),
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
        seen = preview_tracks([tmp_path / name])
        assert (name, seen.read, seen.used, seen.workers) == (name, 30, 30, 1)
        assert seen.lon.tolist() == pytest.approx(lons)
        assert [row.at_ms for row in seen.files[0].rows] == [
            seen.first_ms + 60_000 * n
            for n in range(10)  # type: ignore[operator]
        ]
        assert seen.skipped == (("e.zip/readme.txt",) if name == "e.zip" else ())
        assert "\0" not in str(seen.files)
    together = preview_tracks([tmp_path / name for name in files])
    assert (together.read, together.workers, len(together.files)) == (150, 5, 5)


@pytest.mark.parametrize("kind", ["csv", "gpx", "geojson"])
def test_of_a_large_file_only_the_beginning_is_read(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / f"large.{kind}"
    head, part, tail = {
        "csv": ("time,lon,lat\n", "2026-05-01T00:00:00Z,116.4,39.9\n", ""),
        "gpx": ("<gpx><trk><trkseg>", GPX_POINT.format(lon=116.4, n=0), "</trkseg></trk></gpx>"),
        "geojson": (
            '{"type":"FeatureCollection","features":[',
            FEATURE,
            '{"type":"Feature","properties":{},"geometry":null}]}',
        ),
    }[kind]
    with path.open("w", encoding="utf-8") as file:
        file.write(head)
        block = part * 10_000
        for _ in range(50_000_000 // len(block) + 1):
            file.write(block)
        file.write(tail)
    taken = _count_bytes(monkeypatch)
    seen = preview_tracks([path])
    assert path.stat().st_size > 50_000_000
    assert sum(taken) < 8_000_000
    assert (seen.is_whole, seen.errors) == (False, ())
    assert seen.used == seen.read > 10_000


def _count_bytes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Count what is read of sources, unpacked."""
    taken: list[int] = []
    real = preview_module.look

    def look(source: Any, *args: Any, **options: Any) -> Any:  # noqa: ANN401 - passed on
        def opened() -> Any:  # noqa: ANN401 - as above
            return _Counting(source.open(), taken)

        from dataclasses import replace  # noqa: PLC0415 - beside its use

        return real(replace(source, open=opened), *args, **options)

    monkeypatch.setattr(preview_module, "look", look)
    return taken


class _Counting(io.BufferedIOBase):
    def __init__(self, stream: Any, taken: list[int]) -> None:  # noqa: ANN401 - a file
        self._stream, self._taken = stream, taken

    def read(self, size: int | None = -1, /) -> bytes:
        data: bytes = self._stream.read(size)
        self._taken.append(len(data))
        return data


def test_a_cut_never_makes_a_fault(tmp_path: Path) -> None:
    row = '2026-05-01 09:46:00,116.4,39.9,甲,"多行\n的话"\n'
    path = written(tmp_path, "a.csv", HEAD + "\n" + row * 60_000, "gb18030")
    seen = preview_tracks([path])
    assert not seen.is_whole
    assert (seen.files[0].faults, seen.errors) == ({}, ())


def test_positions_are_thinned_over_all_rows(tmp_path: Path) -> None:
    rows = "".join(f"{1_777_600_000 + n},{116 + n / 10_000:.4f},39.9\n" for n in range(5_000))
    seen = preview_tracks([written(tmp_path, "a.csv", "time,lon,lat\n" + rows)])
    assert 250 < len(seen.lon) <= 500
    assert (seen.lon[0], seen.lon[-1] > 116.49) == (116.0, True)
    assert seen.box is not None
    assert (seen.box.west, seen.box.east) == (116.0, 116.4999)


def test_of_many_files_the_first_are_looked_into_and_the_rest_counted(tmp_path: Path) -> None:
    text = "time,lon,lat\n2026-05-01 09:46:00,116.4,39.9\n"
    with zipfile.ZipFile(tmp_path / "many.zip", "w") as packed:
        for n in range(50):
            packed.writestr(f"{n:03d}.csv", text)
    seen = preview_tracks([tmp_path / "many.zip"])
    assert (len(seen.files), seen.unseen, seen.is_whole) == (20, 30, False)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "a.geojson",
            PLAIN_LINE,
        ),
        (
            "a.gpx",
            PLAIN_GPX,
        ),
        ("a.gpkg", "x"),
    ],
)
def test_lines_without_times_are_told_to_be_planned(tmp_path: Path, name: str, text: str) -> None:
    seen = preview_tracks([written(tmp_path, name, text)])
    assert (seen.is_planned, seen.is_usable, seen.errors) == (True, False, ())


def test_long_cells_are_shown_short(tmp_path: Path) -> None:
    text = f"time,lon,lat,note\n2026-05-01 09:46:00,116.4,39.9,{'长' * 5_000}\n"
    [row] = preview_tracks([written(tmp_path, "a.csv", text)]).files[0].rows
    assert max(map(len, row.cells)) <= 80


def test_whether_there_is_time_to_measure_hangs_on_each_worker_alone(tmp_path: Path) -> None:
    def steps(*rows: tuple[str, str]) -> bool:
        lines = "".join(f"2026-05-01 {clock},116.4,39.9,{worker}\n" for clock, worker in rows)
        text = f"time,lon,lat,worker\n{lines}"
        return preview_tracks([written(tmp_path, "a.csv", text)]).is_usable

    assert not steps(("09:00:00", "甲"))
    assert not steps(("09:00:00", "甲"), ("09:00:00", "甲"))
    assert not steps(("09:00:00", "甲"), ("09:10:00", "乙"), ("09:20:01", "甲"))
    assert steps(("09:00:00", "甲"), ("09:10:00", "乙"), ("09:20:00", "甲"))
    assert steps(("09:20:00", "甲"), ("09:00:00", "甲"))
    files = [
        written(tmp_path, f"{n}.csv", f"time,lon,lat,worker\n2026-05-01 09:0{n}:00,116.4,39.9,甲\n")
        for n in range(2)
    ]
    assert preview_tracks(files).is_usable  # one worker over several files


def test_a_file_that_was_not_seen_to_its_end_may_still_hold_steps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = "".join(f"2026-05-01 {n:02d}:00:00,116.4,39.9\n" for n in range(20))
    path = written(tmp_path, "a.csv", f"time,lon,lat\n{rows}")
    assert not preview_tracks([path]).is_usable
    for name in ("_MOST_BYTES_OF_ONE", "_LEAST_BYTES"):
        monkeypatch.setattr(preview_module, name, 200)
    seen = preview_tracks([path])
    assert (seen.is_whole, seen.is_usable) == (False, True)
