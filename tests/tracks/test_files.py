"""Files as they come: formats, encodings, columns, archives; and all that is wrong with them."""

from __future__ import annotations

import gzip
import json
import random
import zipfile
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from geo.errors import EmptyTracksError, GeoError, InvalidOptionError, SourceFormatError
from geo.tracks import read_tracks
from geo.tracks.preview import preview_tracks
from geo.tracks.spool import Spool
from tests.tracks.build import HEADER, THREE, all_steps, same_bits, steps_of, write_csv

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

CSV = "\n".join([HEADER, *THREE, ""])
GPX_POINTS = "".join(
    f'<trkpt lat="39.9" lon="{lon}"><ele>40</ele><time>2024-05-01T00:00:{s}Z</time></trkpt>'
    for lon, s in (("116.3", "00"), ("116.3001", "10"), ("116.3002", "20"))
)
GPX = (
    '<?xml version="1.0"?><gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1">'
    '<metadata><name>not a worker</name></metadata><wpt lat="1" lon="2"><name>w</name></wpt>'
    f"<trk><name>a</name><trkseg>{GPX_POINTS}</trkseg></trk></gpx>"
)
BOMB = b"time,lon,lat\n" + (b"0,0," + b"0" * 1000 + b"\n") * 60_000
LOLS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><gpx>&b;</gpx>'
)
LINE = {
    "type": "Feature",
    "geometry": {
        "type": "LineString",
        "coordinates": [[116.3, 39.9, 40], [116.3001, 39.9], [116.3002, 39.9]],
    },
    "properties": {
        "name": "a",
        "coordTimes": [f"2024-05-01T00:00:{s}Z" for s in ("00", "10", "20")],
    },
}


def put(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def put_zip(path: Path, members: Sequence[tuple[str, bytes | str]]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return path


def refusal(path: Path, error: type[GeoError] = SourceFormatError, **options: object) -> str:
    with pytest.raises(error) as caught:
        read_tracks([path], **options)  # type: ignore[arg-type]  # passed on as given
    return str(caught.value)


def test_every_format_gives_the_same_steps(tmp_path: Path) -> None:
    wanted = steps_of(put(tmp_path / "t.csv", CSV))
    points = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [float(lon), float(lat)]},
            "properties": {"worker": worker, "time": time},
        }
        for worker, _, lon, lat, time in (row.split(",") for row in THREE)
    ]
    multi = json.loads(json.dumps(LINE))
    multi["geometry"] = {
        "type": "MultiLineString",
        "coordinates": [LINE["geometry"]["coordinates"]],
    }  # type: ignore[index]
    multi["properties"]["coordTimes"] = [LINE["properties"]["coordTimes"]]  # type: ignore[index]
    collection = {"type": "FeatureCollection", "features": points}
    files = [
        put(tmp_path / "t.csv.gz", gzip.compress(CSV.encode())),
        put(tmp_path / "plain.csv.gz", CSV),
        put(tmp_path / "t.gpx", GPX),
        put(tmp_path / "t.gpx.gz", gzip.compress(GPX.encode())),
        put(tmp_path / "line.geojson", json.dumps(LINE)),
        put(
            tmp_path / "multi.json", json.dumps({"type": "FeatureCollection", "features": [multi]})
        ),
        put(tmp_path / "points.geojson", json.dumps(collection)),
        put_zip(tmp_path / "t.zip", [("in/t.csv", CSV), ("__MACOSX/in/._t.csv", b"\0")]),
        put_zip(tmp_path / "gz.zip", [("t.csv.gz", gzip.compress(CSV.encode()))]),
    ]
    for file in files:
        assert same_bits(steps_of(file), wanted), file.name


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_chinese_headers_in_any_encoding(
    tmp_path: Path, encoding: str, separator: str, line_end: str
) -> None:
    lines = ["骑手,经度,纬度,时间,备注", *(f"张三,{r[4:]},好" for r in THREE)]
    lines[1] = lines[1].replace("2024-05-01 08", "2024年05月01日 08")
    text = line_end.join(line.replace(",", separator) for line in lines) + line_end
    wanted = steps_of(put(tmp_path / "t.csv", CSV))
    assert same_bits(steps_of(put(tmp_path / "cn.csv", text.encode(encoding))), wanted)


def test_one_worker_in_two_encodings_is_one_worker(tmp_path: Path) -> None:
    rows = "worker,lon,lat,time\n张三,116.3,39.9,2024-05-01 0{}:00:00\n"
    one = put(tmp_path / "1.csv", rows.format(1).encode())
    two = put(tmp_path / "2.csv", rows.format(2).encode("gb18030"))
    with read_tracks([one, two]) as tracks:
        assert tracks.workers == 1


def test_a_file_without_worker_column_is_one_worker(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    files = [tmp_path / "1.csv", tmp_path / "2.csv", tmp_path / "b" / "1.csv"]
    for file in files:
        write_csv(file, [row[4:] for row in THREE], header="lon,lat,time")
    with read_tracks(files) as tracks:
        assert (tracks.workers, tracks.routes, tracks.fixes) == (3, 3, 9)
        assert tracks.files == ("1.csv", "2.csv", "1.csv")


def test_unnamed_gpx_tracks_are_workers_of_their_own(tmp_path: Path) -> None:
    two = GPX.replace("<name>a</name>", "").replace("</gpx>", GPX[GPX.index("<trk>") :])
    with read_tracks([put(tmp_path / "t.gpx", two)]) as tracks:
        assert tracks.workers == 2


def test_a_mapped_column_wins_over_a_known_name(tmp_path: Path) -> None:
    rows = [row.replace(",2024", ",x,2024") for row in THREE]
    path = write_csv(tmp_path / "t.csv", rows, header="worker,route,lon,lat,time,GPS time")
    assert len(steps_of(path, columns={"time": "GPS time"})) == 3


def test_quoted_cells_may_hold_separators_and_line_ends(tmp_path: Path) -> None:
    rows = [f'"said ""no"",\nleft",{row}' for row in THREE]
    path = write_csv(tmp_path / "t.csv", rows, header=f"note,{HEADER}")
    assert len(steps_of(path)) == 3


def test_good_rows_survive_bad_ones_and_examples_say_why(tmp_path: Path) -> None:
    bad = [
        "a,r,nan,39.9,2024-05-01 08:01:00",
        "a,r,inf,39.9,2024-05-01 08:01:00",
        "a,r,116.3,39.9,05-01 08:01:00",
        "a,r,116.3,,2024-05-01 08:01:00",
        "a,r,39.9,116.3,2024-05-01 08:01:00",
        "a,r,0,0,2024-05-01 08:01:00",
        "a,r,116.3,39.9,1970-01-01 08:01:00",
        "a,r,116.3",
        "a,r,116.3,39.9",
    ]
    path = write_csv(tmp_path / "t.csv", [*bad, *THREE])
    with read_tracks([path]) as tracks:
        assert tracks.fixes == 12
        assert tracks.dropped == {
            "unreadable": 6,
            "out_of_range": 3,
            "duplicate_time": 0,
            "impossible_speed": 0,
        }
        whys = {example.row: example.why for example in tracks.examples}
    assert "has no year" in whys["row 4"]
    assert "lat" in whys["row 5"]
    assert "swapped" in whys["row 6"]
    assert "3 cells where the header has 5" in whys["row 9"]


def test_rows_after_broken_ones_keep_their_numbers(tmp_path: Path) -> None:
    rows = ["x", THREE[0], "x", "a,r,116.3,39.9,soon"]
    with read_tracks([write_csv(tmp_path / "t.csv", rows)]) as tracks:
        assert [e.row for e in tracks.examples] == ["row 2", "row 4", "row 5"]


def test_naive_times_without_a_zone_are_said_to_be_assumed(tmp_path: Path) -> None:
    naive, zoned = (
        put(tmp_path / "n.csv", CSV),
        put(tmp_path / "z.csv", CSV.replace(":00\n", ":00Z\n")),
    )
    with read_tracks([naive]) as tracks:
        assert (tracks.zone, tracks.zone_assumed) == ("Asia/Shanghai", True)
    with read_tracks([naive], tz="UTC") as tracks:
        assert (tracks.zone, tracks.zone_assumed) == ("UTC", False)
    only = write_csv(tmp_path / "o.csv", [f"{THREE[0]}+08:00"])
    with read_tracks([only]) as tracks:
        assert not tracks.zone_assumed
    assert len(steps_of(zoned, tz="UTC")) == 3  # one with an offset, two without


def test_a_foreign_datum_is_converted(tmp_path: Path) -> None:
    steps = steps_of(put(tmp_path / "t.csv", CSV), datum="gcj02")
    assert 0.005 < 116.3 - steps.lon[0] < 0.007


def test_worker_names_are_nowhere_in_what_is_kept_or_shown(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "t.csv", [*THREE, "secret,r,x,39.9,2024-05-01 08:00:00"])
    with read_tracks([path]) as tracks:
        assert "secret" not in repr(tracks.examples)


def test_progress_counts_rows(tmp_path: Path) -> None:
    seen: list[tuple[str, int, int | None]] = []
    read_tracks([put(tmp_path / "t.csv", CSV)], progress=lambda *step: seen.append(step)).close()
    assert seen[-1] == ("read tracks", 3, None)


def test_closed_tracks_say_so(tmp_path: Path) -> None:
    tracks = read_tracks([put(tmp_path / "t.csv", CSV)], max_rows_in_memory=0)
    tracks.close()
    with pytest.raises(ValueError, match="closed"):
        next(tracks.parts())


def test_a_failed_run_leaves_no_temporary_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spools: list[Spool] = []
    close = Spool.close
    monkeypatch.setattr(Spool, "close", lambda spool: (spools.append(spool), close(spool)))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    with pytest.raises(SourceFormatError):
        read_tracks(
            [put(tmp_path / "t.csv", CSV), put(tmp_path / "cut.gpx", GPX[:-40])],
            max_rows_in_memory=1,
        )
    assert spools[0].spilled
    assert not list((tmp_path / "tmp").iterdir())


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.csv", b"", "empty"),
        ("blank.csv", b"\n \n", "empty"),
        ("no_time.csv", b"lon,lat,name\n1,2,x\n", "no column for time"),
        ("really.csv", b"PK\x03\x04\0\0", "ZIP archive"),
        ("really.csv", b"a,b\0\x01\x02", "binary"),
        ("really.csv", b"<gpx/>", "XML"),
        ("really.csv", b'{"type": 1}', "JSON"),
        ("odd.csv", b"\xff,\xff\xff\n", "neither UTF-8"),
        ("quote.csv", b'time,lon,lat\n"2024,1,2\n' + b"3,4,5\n" * 4_000_000, "quote"),
        ("tracks.txt", b"x", ".csv, .csv.gz, .gpx"),
        ("cut.csv.gz", gzip.compress(CSV.encode() * 999)[:-20], "cut off"),
        ("cut.gpx", GPX[:-40].encode(), "breaks at line 1"),
        ("lol.gpx", LOLS.encode(), "refused"),
        ("doctype.gpx", b"<!DOCTYPE gpx><gpx/>", "refused"),
        ("map.gpx", b"<kml/>", "<kml>"),
        ("gbk.gpx", b"<?xml version='1.0' encoding='gbk'?><gpx/>", "UTF-8"),
        ("nowhere.gpx", b"<?xml version='1.0' encoding='klingon'?><gpx/>", "UTF-8"),
        ("cut.geojson", json.dumps(LINE)[:-9].encode(), "not valid JSON"),
        ("list.geojson", b"[1, 2]", "no GeoJSON"),
        ("deep.json", b"[" * 100_000, "not valid JSON"),
        ("bin.zip", b"not a zip", "not a ZIP"),
    ],
)
def test_refuses_a_file_that_is_not_what_it_says(
    tmp_path: Path, name: str, content: bytes, says: str
) -> None:
    message = refusal(put(tmp_path / name, content))
    assert name in message
    assert says in message


@pytest.mark.parametrize("start", [0, 5_000_000])  # in another block, too
@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_a_row_too_long_counts_in_whatever_bytes_it_is(
    tmp_path: Path, encoding: str, start: int
) -> None:
    header, rows = HEADER.encode(), [row.replace("a,", "工人,", 1) for row in THREE]
    long = [f"{rows[0]},一".encode(encoding), b"\xff\xfe\x80,1"]
    filler = (THREE[0].encode() + b"\n") * (start // len(THREE[0]))
    first, *others = (row.encode(encoding) for row in rows)
    body = b"\n".join([first, *long, *others])
    path = put(tmp_path / "t.csv", header + b"\n" + filler + body)
    with read_tracks([path]) as tracks:
        assert tracks.dropped["unreadable"] == 2
        assert tracks.workers == 1 + bool(start)


def test_refuses_geojson_in_another_crs(tmp_path: Path) -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4547"}}
    message = refusal(put(tmp_path / "t.geojson", json.dumps(LINE | {"crs": crs})))
    assert "4547" in message


@pytest.mark.parametrize(
    ("members", "says"),
    [
        ([("in.zip", b"PK")], "archive inside"),
        ([("../t.csv", CSV)], "leads out"),
        ([("/etc/t.csv", CSV)], "leads out"),
        ([("..\\t.csv", CSV)], "leads out"),
        ([("C:\\t.csv", CSV)], "leads out"),
        ([("readme.txt", "x")], "holds no .csv"),
        ([("t.csv", b"0" * 60_000_000)], "no archive of tracks"),
        ([("t.csv.gz", gzip.compress(BOMB))], "unpacks to over"),
        ([(f"{n}.csv", "") for n in range(10_001)], "10001 files"),
    ],
)
def test_refuses_a_malicious_archive(
    tmp_path: Path, members: list[tuple[str, bytes | str]], says: str
) -> None:
    message = refusal(put_zip(tmp_path / "t.zip", members))
    assert "t.zip" in message
    assert says in message


def test_refuses_a_gzip_bomb(tmp_path: Path) -> None:
    path = put(tmp_path / "t.csv.gz", gzip.compress(BOMB))
    assert "unpacks to over" in refusal(path)


def test_members_that_are_no_tracks_are_named(tmp_path: Path) -> None:
    path = put_zip(tmp_path / "t.zip", [("readme.txt", "x"), ("t.csv", CSV)])
    with read_tracks([path]) as tracks:
        assert tracks.skipped == ("t.zip/readme.txt",)
        assert tracks.files == ("t.zip/t.csv",)


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([], "without fixes"),
        (["a,r,39.9,116.3,2024-05-01 08:00:00"], "are lon and lat swapped"),
        (["a,r,116.3,39.9,05-01 08:00:00"], "column time as in"),
        (["a,r,116.3,39.9,2024-05-01"], "no time of day"),
        (["a,r,116.3,39.9,08:00:00"], "has no date"),
        (["a,r,116.3,39.9,1224"], "outside 1980"),
        (["a,r,NaN,39.9,2024-05-01 08:00:00"], "decimal degrees"),
        (["a,r,440000,4420000,2024-05-01 08:00:00"], "are these degrees"),
        (["a,r,,,", "a,r,116.3,39.9,05-01 08:00:00", "a,r,1,2,05-01 08:00:00"], "row 3"),
    ],
)
def test_nothing_left_names_the_commonest_fault(tmp_path: Path, rows: list[str], says: str) -> None:
    message = refusal(write_csv(tmp_path / "t.csv", rows), EmptyTracksError)
    assert "t.csv" in message
    assert says in message


def test_a_gpx_without_times_is_empty(tmp_path: Path) -> None:
    path = put(tmp_path / "t.gpx", GPX.replace("time>", "when>"))
    assert "no value for time" in refusal(path, EmptyTracksError)


def test_geojson_areas_are_no_tracks(tmp_path: Path) -> None:
    area = {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": []}}
    path = put(
        tmp_path / "t.geojson", json.dumps({"type": "FeatureCollection", "features": [area, 1]})
    )
    assert "Polygon is no track" in refusal(path, EmptyTracksError)


def test_geojson_line_with_fewer_times_than_points_drops_the_rest(tmp_path: Path) -> None:
    line = json.loads(json.dumps(LINE))
    line["properties"]["coordTimes"].pop()
    with read_tracks([put(tmp_path / "t.geojson", json.dumps(line))]) as tracks:
        assert tracks.dropped["unreadable"] == 1
        assert len(all_steps(tracks)) == 2


@pytest.mark.parametrize(
    "options", [{"tz": "Mars/Base"}, {"columns": {"speed": "v"}}, {"datum": "wgs48"}]
)
def test_refuses_unknown_options(tmp_path: Path, options: dict[str, object]) -> None:
    refusal(put(tmp_path / "t.csv", CSV), GeoError, **options)


def test_refuses_no_files_missing_files_and_folders(tmp_path: Path) -> None:
    with pytest.raises(InvalidOptionError):
        read_tracks([])
    assert "does not exist" in refusal(tmp_path / "gone.csv")
    assert "is a folder" in refusal(tmp_path)


@pytest.mark.parametrize("columns", [{}, {"lon": "lng_gcj02", "lat": "lat_gcj02"}])
def test_positions_whose_columns_say_another_datum_are_refused(
    tmp_path: Path, columns: dict[str, str]
) -> None:
    rows = ["a,116.3,39.9,2026-03-02 08:00:00", "a,116.3,39.9,2026-03-02 08:01:00"]
    path = write_csv(tmp_path / "t.csv", rows, header="worker,lng_gcj02,lat_gcj02,time")
    with pytest.raises(SourceFormatError, match="give --datum gcj02"):
        read_tracks([path], columns=columns)
    with read_tracks([path], datum="gcj02") as tracks:
        [part] = tracks.parts()
    assert part.lon[0] == pytest.approx(116.294, abs=0.002)


@pytest.mark.parametrize("seed", range(3))
def test_of_a_damaged_archive_only_errors_of_geo_come(tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311 - no secret
    rows = "".join(f"w{n % 3},r,116.3{n:02d},39.9,2024-05-01 08:{n:02d}\n" for n in range(60))
    content = f"{HEADER}\n{rows}".encode()
    packing = [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA][seed]
    path = tmp_path / "t.zip"
    with zipfile.ZipFile(path, "w", packing) as archive:
        archive.writestr("a.csv", content)
        archive.writestr("b.csv.gz", gzip.compress(content, mtime=0))
    whole, codes = path.read_bytes(), set()
    for _ in range(120):
        ends = [*[len(whole)] * 4, draw.randrange(1, len(whole))]
        broken = bytearray(whole[: draw.choice(ends)])
        for _ in range(draw.choice([1, 1, 1, 5, 40])):
            broken[draw.randrange(len(broken))] = draw.randrange(256)
        path.write_bytes(broken)
        codes |= {error.code for error in preview_tracks([path]).errors}
        with suppress(GeoError), read_tracks([path]):
            pass
    assert "damaged" in codes
