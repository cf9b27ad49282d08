"""Files of every format and every fault: the same figures, or plain words and what to try."""

from __future__ import annotations

import gzip
import io
import json
import re
import zipfile
from typing import TYPE_CHECKING

import pytest

from tests.webmap.planner.conftest import CSV, WALK, finished, run_of, unchecked, upload
from webmap.planner.faults import explain
from webmap.runs import Desk
from webmap.runs.record import Fault

if TYPE_CHECKING:
    from flask import Flask

    from tests.webmap.staff.conftest import Login
    from webmap.settings import Settings

GPX = (
    '<?xml version="1.0"?><gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>'
    + "".join(
        f'<trkpt lat="{lat:.7f}" lon="{lon:.7f}"><time>{time}</time></trkpt>'
        for lon, lat, time in zip(WALK["lon"], WALK["lat"], WALK["time"], strict=True)
    )
    + "</trkseg></trk></gpx>"
).encode()
FAR = CSV.replace(b"116.", b"86.")


def zipped(name: str, content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, content)
    return file.getvalue()


AREAS = (
    b'{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry":'
    b'{"type": "MultiPolygon", "coordinates": [[[[116, 40], [117, 40], [117, 41], [116, 40]]]]}}]}'
)
ROUTE = b'<gpx><rte><rtept lon="116" lat="40"/><rtept lon="116.1" lat="40"/></rte></gpx>'
BAD = [
    ("a.csv", b"PK\x03\x04 really a workbook", "“a.csv”的内容和它的名字对不上"),
    ("a.csv", b"<gpx></gpx>", "“a.csv”的内容和它的名字对不上"),
    ("a.gpx", b"<kml></kml>", "“a.gpx”的内容和它的名字对不上"),
    ("a.gpx", GPX[: len(GPX) // 2], "“a.gpx”不完整"),
    ("a.gpx", b"time,lon,lat\n1,2,3\n", "“a.gpx”不完整"),
    ("a.gpx", b'<!DOCTYPE gpx [<!ENTITY a "b">]><gpx></gpx>', "可能有害"),
    ("a.geojson", b'{"type": "FeatureCollection", "features": [', "“a.geojson”不完整"),
    ("a.geojson", b'{"type": "Topology"}', "“a.geojson”的内容和它的名字对不上"),
    ("a.csv.gz", gzip.compress(CSV)[:400], "“a.csv.gz”不完整"),
    ("a.zip", b"no archive", "“a.zip”不完整"),
    ("a.zip", zipped("readme.txt", b"x"), "压缩包“a.zip”里没有线路文件"),
    ("a.zip", zipped("../a.csv", CSV), "“a.zip”里有不能收的东西"),
    ("a.zip", zipped("b.zip", b"x"), "“a.zip”里有不能收的东西"),
    ("a.csv", b"  \n", "“a.csv”是空的"),
    ("a.csv", b"time,lon,lat\n", "里只有列名或者外壳"),
    ("a.csv", b"2026-03-02 09:46,116.397,39.913\n", "“a.csv”的第一行像数据，不像列名"),
    ("a.geojson", AREAS, "“a.geojson”里画的是面（多边形）一类的图形"),
    ("a.gpx", b'<gpx><wpt lon="116" lat="40"/></gpx>', "“a.gpx”里只有标记的点"),
    ("a.zip", zipped("a.gpx", ROUTE), "里是画好的路线，没有时间"),
    ("a.csv", b"time,x_m,y_m\n1,2,3\n", "“a.csv”里找不到需要的列"),
    ("a.csv", b"time,lon,lat\n09:46,116.3,40\n", "时间看不懂"),
    ("a.csv", b"time,lon,lat\n2026-03-02 09:46,40,116.3\n", "看看经度和纬度是不是选反了"),
    ("a.csv", b"time,lon,lat\n2026-03-02 09:46,E116,N40\n", "经度或纬度看不懂"),
    ("a.csv", b"time,lon,lat\n1,116.3,40\n", "不在 1980 到 2099 年之间"),
    ("a.csv", b"time,lon,lat\n,116.3,40\n", "时间、经度或纬度是空的"),
]
LATE = [
    ("a.csv", b"\n".join(CSV.splitlines()[:2]), "同一个人的点隔得太久"),
    ("a.csv", FAR, "线路不在这里已有的城市里"),
]


@pytest.mark.usefixtures("city", "asleep")
@pytest.mark.parametrize(("name", "content", "words"), BAD)
def test_a_bad_file_is_refused_before_its_run_in_plain_chinese_and_the_options_stay(
    login: Login, settings: Settings, name: str, content: bytes, words: str
) -> None:
    answer = upload(login(), (content, name), limit="500", name="周一")
    assert answer.status_code == 422
    page = answer.text
    assert words in page
    assert 'value="500" checked' in page
    assert 'value="周一"' in page
    assert "Traceback" not in page
    plain = re.sub(r'<(p|pre) lang="en" class="detail">.*?</\1>', "", page, flags=re.DOTALL)
    assert not re.search(r"export it|cut off|give --|columns are", plain)
    [run] = Desk(settings).runs()
    assert run.state == "draft"


@pytest.mark.usefixtures("city", "at_once")
@pytest.mark.parametrize(("name", "content", "words"), [*LATE, BAD[3], BAD[8], BAD[19]])
def test_a_bad_file_that_comes_so_far_fails_its_run_in_plain_chinese(
    login: Login, settings: Settings, name: str, content: bytes, words: str
) -> None:
    browser = login()
    run_id = unchecked(browser, settings, (content, name))
    page = browser.get(f"/plan/runs/{run_id}").text
    assert "Traceback" not in page
    plain = re.sub(r'<(p|pre) lang="en" class="detail">.*?</\1>', "", page, flags=re.DOTALL)
    assert not re.search(r"export it|cut off|give --|columns are", plain)
    run = run_of(settings, run_id)
    assert run.state == "failed"
    assert run.fault is not None
    assert run.fault.code != "unforeseen"
    if (name, content, words) in LATE:
        assert words in page
    assert (settings.runs / run.id / "upload").exists()
    assert "留 7 天" in page


@pytest.mark.usefixtures("city", "at_once")
@pytest.mark.parametrize(
    ("content", "places"),
    [
        (FAR, ("86.", "40.0")),
        (b"time,lon,lat\n2026-03-02 09:46,40,116\n", ("116", "lat")),
        (b"time,lon,lat\n2026-03-02 09:46,E116,N40\n", ("E116", "N40")),
        (b"2026-03-02 09:46,116.397,39.913\n2026-03-02 09:47,116.398,39.9\n", ("116.", "39.")),
        (b"2026-03-02 09:46,116\xc2\xb023\xe2\x80\xb2E,39\xc2\xb054\xe2\x80\xb2N\n", ("116", "39")),
        (b"1772413200,116397000,39913000\n1772413260,116397000,39913000\n", ("116397", "39913")),
        (b'time,lon,lat\n2026-03-02 09:46,"116.3,40\n', ("116", "40")),
    ],
)
def test_no_position_outlives_the_upload_in_the_record(
    login: Login, settings: Settings, content: bytes, places: tuple[str, str]
) -> None:
    run_id = unchecked(login(), settings, (content, "7.csv"))
    run = run_of(settings, run_id)
    assert run.fault is not None
    assert run.fault.code not in ("", "unforeseen")
    assert not any(place in run.fault.detail for place in places)


@pytest.mark.usefixtures("city", "at_once")
def test_the_plain_words_of_a_fault_stay_for_the_admin(login: Login, settings: Settings) -> None:
    file = (b"time,x_m,y_m\n1,2,3\n", "2026.05.csv")
    run_id = unchecked(login(), settings, file)
    run = run_of(settings, run_id)
    assert run.fault is not None
    assert run.fault.detail.startswith("2026.05.csv: no column for lon")
    assert "time, x_m, y_m" in run.fault.detail


@pytest.mark.usefixtures("city", "at_once")
def test_tracks_outside_every_city_name_the_remedy(login: Login, settings: Settings) -> None:
    browser = login()
    page = browser.get(f"/plan/runs/{unchecked(browser, settings, (FAR, 'a.csv'))}").text
    assert "nuanyi city build" in page


@pytest.mark.usefixtures("at_once", "own_store")
def test_without_stations_the_page_says_so(login: Login, settings: Settings) -> None:
    browser = login()
    page = browser.get(f"/plan/runs/{unchecked(browser, settings, (CSV, 'a.csv'))}").text
    assert "这里还没有驿站" in page


@pytest.mark.usefixtures("city", "at_once")
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.gpx", GPX),
        ("a.csv.gz", gzip.compress(CSV)),
        ("a.zip", zipped("早班/a.csv", CSV)),
    ],
)
def test_every_format_gives_the_same_figures(
    login: Login, settings: Settings, name: str, content: bytes
) -> None:
    browser = login()
    shares = []
    for file in ((CSV, "a.csv"), (content, name)):
        run_id = finished(browser, file, limit="500").rpartition("/")[2]
        text = (settings.runs / run_id / "result" / "summary.json").read_text("utf-8")
        shares.append(json.loads(text)["by_cause"])
    assert shares[0] == shares[1]


def test_every_word_of_geo_has_an_explanation_and_others_a_general_one(app: Flask) -> None:
    with app.test_request_context("/plan/"):
        said = explain(Fault("never heard of"), upload_mb=200)
        assert said.what == "没有算成，我们也没料到。"
        for code in ("damaged", "columns", "position_range", "no_steps", "died", "store_missing"):
            assert explain(Fault(code, "a.csv"), upload_mb=200).what != said.what
