"""The pages of a run: result in words, files for their owner, faults in plain words."""

from __future__ import annotations

import gzip
import io
import json
import re
import shutil
import zipfile
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from geo.store import open_store
from tests.webmap.conftest import NOW
from tests.webmap.planner.conftest import CSV, WALK, record, upload
from tests.webmap.staff.conftest import HOSTILE, send
from webmap.planner.faults import explain
from webmap.planner.words import percent, say_limit
from webmap.runs import RUNNING, STOPPED
from webmap.runs.record import Fault, read_run
from webmap.stores import Stores

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from geo.city import City
    from geo.store import Store
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


def finished(browser: FlaskClient, *files: tuple[bytes, str], **typed: str) -> str:
    """Upload files and return the address of the run, which has ended."""
    answer = upload(browser, *(files or ((CSV, "早班.csv"),)), **typed)
    assert answer.status_code == 303
    return str(answer.headers["Location"])


@pytest.mark.usefixtures("city", "at_once")
def test_the_result_says_the_share_and_who_when_how_long(login: Login) -> None:
    browser = login(role="viewer")
    page = browser.get(finished(browser, limit="500")).text
    said = "这些线路有 100 % 的时间，7.5 分钟（500 米）内走不到开着、能用的驿站；"
    assert f"{said}名义覆盖 0 %，实际 0 %。" in page
    assert "100 % 的驿站从来没有人核实过，“实际”这个数还不能当真。" in page
    base = re.search(r'<p class="base">(.*?)</p>', page)
    assert base
    assert base[1] == "1 个人 · 1 条线路 · 0.7 小时 · 1 天 · 2026年3月2日"
    assert "不到 5 个人或者不到 20 小时" in page
    assert "演示数据" not in page
    english = browser.get(finished(browser, limit="500") + "?lang=en").text
    assert "100 %" in english


@pytest.mark.usefixtures("city", "at_once")
def test_the_causes_add_up_to_the_whole(login: Login) -> None:
    browser = login()
    page = browser.get(finished(browser, limit="500")).text
    table = page[page.index('id="causes"') : page.index("</table>")]
    rows = re.findall(r"</svg>(.*?)</th>" + r'<td class="num">([\d.,]+)</td>' * 3, table)
    assert [row[0] for row in rows] == ["走得到，开着", "走得到，但关着", "走不到驿站"]
    assert sum(float(row[3]) for row in rows) == pytest.approx(100, abs=0.2)
    assert sum(float(row[1]) for row in rows) == pytest.approx(40 / 60, abs=0.1)


@pytest.mark.usefixtures("city", "at_once")
def test_the_week_has_168_cells_with_the_number_where_somebody_walked(login: Login) -> None:
    browser = login()
    page = browser.get(finished(browser)).text
    cells = re.findall(r'<td class="g(\w+)">(.*?)</td>', page)
    assert len(cells) == 168
    assert [n for n, cell in enumerate(cells) if cell[0] != "none"] == [4]  # Monday at four
    assert cells[4] == ("5", "100")


@pytest.mark.usefixtures("city", "at_once")
def test_a_hostile_station_name_stays_text_everywhere(login: Login, settings: Settings) -> None:
    browser = login()
    address = finished(browser)
    page = browser.get(address).text
    assert "<img" not in page
    assert "${alert(1)}&#34;&gt;&lt;img" in page
    answer = browser.get(f"{address}/stations.json")
    assert answer.mimetype == "application/json"
    assert answer.get_json()["S000"]["name"] == HOSTILE
    lines = browser.get(f"{address}/lines.json").get_json(force=True)
    assert "img" not in json.dumps(lines["features"])
    assert settings


@pytest.mark.usefixtures("city", "at_once")
def test_pages_hold_no_inline_script_or_style(login: Login) -> None:
    browser = login()
    for address in (finished(browser), "/plan/", finished(browser, (b"x", "a.csv"))):
        page = browser.get(address).text
        scripts = re.findall(r"<script(.*?)>", page)
        assert all('src="/' in tag or 'type="application/json"' in tag for tag in scripts)
        assert not re.search(r"<style|<[^>]*\s(on\w+|style)=|javascript:", page)


@pytest.mark.usefixtures("city", "at_once")
@pytest.mark.parametrize(
    "name",
    [
        "summary.json",
        "by_hour.csv",
        "by_area.csv",
        "gaps.geojson",
        "gaps.gpkg",
        "stretches.geojson",
    ],
)
def test_every_file_comes_as_an_attachment_and_stays_out_of_caches(login: Login, name: str) -> None:
    browser = login()
    with browser.get(f"{finished(browser, name='周一 早班')}/files/{name}") as answer:
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"].startswith("attachment; filename")
        assert name in answer.headers["Content-Disposition"]
        assert answer.headers["Cache-Control"] == "no-store"
        assert len(answer.data) > 50


@pytest.mark.usefixtures("city", "at_once")
@pytest.mark.parametrize("name", ["page.json", "../run.json", "..%2Frun.json", "run.json", "log"])
def test_no_other_file_is_handed_out(login: Login, name: str) -> None:
    browser = login()
    assert browser.get(f"{finished(browser)}/files/{name}").status_code == 404


@pytest.mark.usefixtures("city", "at_once")
def test_a_run_is_there_for_its_owner_and_admins_only(login: Login) -> None:
    owner, other, boss = login(), login("小李", "reviewer"), login("老王", "admin")
    address = finished(owner)
    run_id = address.rpartition("/")[2]
    for tail in ("", "/state.json", "/lines.json", "/stations.json", "/files/summary.json"):
        for browser, status in ((owner, 200), (boss, 200), (other, 404)):
            with browser.get(address + tail) as answer:
                assert answer.status_code == status
    assert other.get(f"{address}/delete").status_code == 404
    for tail in ("/stop", "/delete"):
        assert send(other, address + tail, {}, page="/plan/").status_code == 404
    assert run_id not in other.get("/plan/").text
    assert run_id not in other.get(f"/plan/?again={run_id}").text
    assert run_id in owner.get("/plan/").text
    assert run_id in boss.get("/plan/").text


@pytest.mark.usefixtures("city", "at_once")
def test_a_deleted_run_is_gone_with_its_files(login: Login, settings: Settings) -> None:
    browser = login()
    address = finished(browser)
    answer = send(browser, f"{address}/delete", {})
    assert answer.headers["Location"] == "/plan/"
    assert browser.get(address).status_code == 404
    assert [path.name for path in settings.runs.iterdir() if path.is_dir()] == []


@pytest.mark.usefixtures("city", "at_once")
@pytest.mark.parametrize("content", [CSV, b"x"])
def test_every_way_to_delete_a_run_asks_first(login: Login, content: bytes) -> None:
    browser = login()
    address = finished(browser, (content, "a.csv"), name=HOSTILE)
    for page in (browser.get("/plan/").text, browser.get(address).text):
        assert f'href="{address}/delete"' in page
        assert f'action="{address}/delete"' not in page
    asked = browser.get(f"{address}/delete")
    assert "删了找不回来。" in asked.text
    assert f'action="{address}/delete" method="post"' in asked.text
    assert f'href="{address}">不删</a>' in asked.text
    assert "<img" not in asked.text
    assert browser.get(address).status_code == 200


@pytest.mark.usefixtures("city", "at_once")
def test_old_browsers_save_under_a_name_of_the_run_and_new_ones_under_its_title(
    login: Login,
) -> None:
    browser = login()
    address = finished(browser, name="周一 早班")
    run_id = address.rpartition("/")[2]
    with browser.get(f"{address}/files/gaps.geojson") as answer:
        said = answer.headers["Content-Disposition"]
    title = quote("周一-早班")
    assert f"filename={run_id}-gaps.geojson" in said
    assert f"filename*=UTF-8''{title}-gaps.geojson" in said


@pytest.mark.usefixtures("city", "at_once")
def test_the_network_is_named_by_its_city_and_measured_in_words(login: Login) -> None:
    browser = login()
    assert "<dt>步行路网</dt><dd>street · 5 公里</dd>" in browser.get(finished(browser)).text


@pytest.mark.usefixtures("asleep", "own_store")
def test_a_run_at_work_shows_how_far_it_is_without_javascript_too(
    login: Login, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webmap.runs.desk.is_held", lambda _: True)
    browser = login()
    _, run = record(settings, state=RUNNING, stage="measuring coverage", share=0.5)
    page = browser.get(f"/plan/runs/{run.id}").text
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in page
    assert '<progress id="bar" max="1" value="0.5"' in page
    assert "正在一段一段地算" in page
    state = browser.get(f"/plan/runs/{run.id}/state.json").get_json()
    assert state == {
        "state": "running",
        "has_ended": False,
        "word": "正在一段一段地算",
        "share": 0.5,
        "percent": "50 %",
    }


@pytest.mark.usefixtures("asleep", "own_store")
def test_a_run_can_be_stopped(login: Login, settings: Settings) -> None:
    browser = login()
    folder, run = record(settings)
    address = f"/plan/runs/{run.id}"
    assert send(browser, f"{address}/stop", {}, page=address).headers["Location"] == address
    ended = read_run(folder)
    assert ended is not None
    assert ended.state == STOPPED
    assert "这一次停下了" in browser.get(address).text


@pytest.mark.usefixtures("own_store")
def test_files_of_a_run_that_is_not_done_are_not_there(login: Login, settings: Settings) -> None:
    browser = login()
    _, run = record(settings, state=STOPPED)
    for tail in ("/files/summary.json", "/lines.json", "/stations.json"):
        assert browser.get(f"/plan/runs/{run.id}{tail}").status_code == 404


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
    ("a.csv", b"time,lon,lat\n", "是空的"),
    ("a.csv", b"time,x_m,y_m\n1,2,3\n", "“a.csv”里找不到需要的列"),
    ("a.csv", CSV.replace(b"lon", b"lng_gcj02", 1), "列名写着另一种坐标"),
    ("a.csv", b"time,lon,lat\n09:46,116.3,40\n", "“a.csv”里的时间看不懂"),
    ("a.csv", b"time,lon,lat\n2026-03-02 09:46,40,116.3\n", "经度和纬度是不是写反了"),
    ("a.csv", b"time,lon,lat\n2026-03-02 09:46,E116,N40\n", "“a.csv”里的经纬度看不懂"),
    ("a.csv", b"time,lon,lat\n1,116.3,40\n", "不在 1980 到 2099 年之间"),
    ("a.csv", b"time,lon,lat\n,116.3,40\n", "是空的，一行也用不上"),
    ("a.csv", b"\n".join(CSV.splitlines()[:2]), "同一个人的点隔得太久"),
    ("a.csv", FAR, "线路不在这里已有的城市里"),
]


@pytest.mark.usefixtures("city", "at_once")
@pytest.mark.parametrize(("name", "content", "words"), BAD)
def test_a_bad_file_is_said_in_plain_chinese_and_the_options_stay(
    login: Login, settings: Settings, name: str, content: bytes, words: str
) -> None:
    browser = login()
    address = finished(browser, (content, name), limit="500", name="周一")
    page = browser.get(address).text
    assert words in page
    assert 'value="500" checked' in page
    assert 'value="周一"' in page
    assert "Traceback" not in page
    plain = re.sub(r'<p lang="en" class="detail">.*?</p>', "", page, flags=re.DOTALL)
    assert not re.search(r"export it|cut off|give --|columns are", plain)
    run = read_run(settings.runs / address.rpartition("/")[2])
    assert run is not None
    assert run.state == "failed"
    assert not (settings.runs / run.id / "upload").exists()


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
    run_id = finished(login(), (content, "7.csv")).rpartition("/")[2]
    run = read_run(settings.runs / run_id)
    assert run is not None
    assert run.fault is not None
    assert run.fault.code not in ("", "unforeseen")
    assert not any(place in run.fault.detail for place in places)


@pytest.mark.usefixtures("city", "at_once")
def test_the_plain_words_of_a_fault_stay_for_the_admin(login: Login, settings: Settings) -> None:
    file = (b"time,x_m,y_m\n1,2,3\n", "2026.05.csv")
    run_id = finished(login(), file).rpartition("/")[2]
    run = read_run(settings.runs / run_id)
    assert run is not None
    assert run.fault is not None
    assert run.fault.detail.startswith("2026.05.csv: no column for lon")
    assert "time, x_m, y_m" in run.fault.detail


@pytest.mark.usefixtures("city", "at_once")
def test_tracks_outside_every_city_name_the_remedy(login: Login) -> None:
    browser = login()
    page = browser.get(finished(browser, (FAR, "a.csv"))).text
    assert "nuanyi city build" in page


@pytest.mark.usefixtures("at_once", "own_store")
def test_without_stations_the_page_says_so(login: Login) -> None:
    browser = login()
    assert "这里还没有驿站" in browser.get(finished(browser)).text


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


@pytest.mark.usefixtures("at_once")
def test_figures_of_the_demo_store_are_labelled_so(
    login: Login, settings: Settings, city: City
) -> None:
    about = city.directory / "city.json"
    about.write_text(about.read_text("utf-8").replace('street"', 'demo"'), "utf-8")
    browser = login()
    with open_store(settings.database) as store:
        store.mark_demo()
    assert "演示数据" in browser.get(finished(browser)).text


@pytest.mark.usefixtures("at_once", "city")
def test_while_only_the_demo_has_stations_tracks_of_an_own_city_are_not_judged_by_them(
    login: Login, own_store: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_store(settings.demo_database) as store:
        store.mark_demo()
        store.save_stations(own_store.read_stations(), actor="test", origin="test", now=NOW)
    monkeypatch.setattr(Stores, "is_own_empty", lambda _: True)
    browser = login()
    page = browser.get(finished(browser)).text
    assert "这里还没有驿站，没有东西可比。" in page
    assert 'class="headline"' not in page


@pytest.mark.usefixtures("at_once")
def test_where_cities_overlap_the_demo_s_comes_last(
    login: Login, settings: Settings, city: City
) -> None:
    shutil.copytree(city.directory, settings.cities / "demo")
    about = settings.cities / "demo" / "city.json"
    cells = json.loads(about.read_text("utf-8"))
    cells |= {"code": "demo", "north": cells["north"] - 0.001}
    about.write_text(json.dumps(cells), "utf-8")
    browser = login()
    assert "<dd>street · " in browser.get(finished(browser)).text


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.0, "0 %"), (1.0, "100 %"), (0.614, "61 %"), (0.004, "0.4 %"), (0.9961, "99.6 %"),
        (1e-6, "不到千分之一"), (0.99999, "几乎全部"), (None, "–"),
    ],
)  # fmt: skip
def test_a_share_is_never_rounded_to_all_or_nothing(
    app: Flask, share: float | None, text: str
) -> None:
    with app.test_request_context("/plan/"):
        assert percent(share) == text


def test_a_limit_is_said_in_minutes_and_metres(app: Flask) -> None:
    with app.test_request_context("/plan/"):
        assert say_limit(1000.0) == "15 分钟（1 公里）"
        assert say_limit(500.0) == "7.5 分钟（500 米）"


def test_every_word_of_geo_has_an_explanation_and_others_a_general_one(app: Flask) -> None:
    with app.test_request_context("/plan/"):
        said = explain(Fault("never heard of"), upload_mb=200)
        assert said.what == "没有算成，我们也没料到。"
        for code in ("damaged", "columns", "position_range", "no_steps", "died", "store_missing"):
            assert explain(Fault(code, "a.csv"), upload_mb=200).what != said.what
