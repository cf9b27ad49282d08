"""The page between an upload and its run: refused with rows named, mended, or begun."""

from __future__ import annotations

import html
import json
from typing import TYPE_CHECKING

import pytest

from tests.networks import stations_at
from tests.webmap.conftest import NOW
from tests.webmap.planner.conftest import CSV, WALK, check, run_of, send_files
from tests.webmap.staff.conftest import HOSTILE, hidden
from webmap.runs import DRAFT, QUEUED, Desk
from webmap.runs.record import BEATS, DEMO, Options, Run

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from geo.store import Store
    from tests.webmap.staff.conftest import Login
    from webmap.settings import Settings

pytestmark = pytest.mark.usefixtures("asleep", "city")

FOREIGN = CSV.replace(b"time,", b"when,", 1).replace(b"lon", b"east", 1)
LINES = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"name": HOSTILE, "shift": "Mo-Fr 04:00-11:00", "workers": 3},
            "geometry": {"type": "LineString", "coordinates": [[116.40, 39.93], [116.41, 39.93]]},
        },
        {
            "type": "Feature",
            "properties": {"name": "二线"},
            "geometry": {"type": "LineString", "coordinates": [[116.425, 39.93], [116.43, 39.93]]},
        },
    ],
}


def drafted(browser: FlaskClient, content: bytes = CSV, name: str = "早班.csv") -> str:
    """Upload a file and return the address of its check."""
    return str(send_files(browser, (content, name)).headers["Location"])


def id_of(address: str) -> str:
    return address.split("/")[3]


def test_an_upload_is_shown_with_its_columns_rows_and_figures(login: Login) -> None:
    browser = login()
    page = browser.get(drafted(browser)).text
    first = WALK.iloc[0]
    assert f"{len(WALK)} / {len(WALK)}" in page
    assert f"{first['lon']:.5f}, {first['lat']:.5f}" in page
    for words in ("自动：time", "自动：lon", "自动：lat", "第 2 行", "第 11 行", "CSV · UTF-8"):
        assert words in page
    assert "第 12 行" not in page


def test_the_map_gets_positions_of_ten_metres_for_the_owner_alone(login: Login) -> None:
    browser = login()
    address = drafted(browser).replace("/check", "/positions.json")
    places = browser.get(address).json["positions"]
    assert 0 < len(places) <= 500
    assert all(round(axis, 4) == axis for place in places for axis in place)
    walked = {
        (round(lon, 4), round(lat, 4)) for lon, lat in zip(WALK["lon"], WALK["lat"], strict=True)
    }
    assert {tuple(place) for place in places} <= walked
    assert login("小李").get(address).status_code == 404
    assert login("小张", role="admin").get(address).status_code == 200


def test_another_account_finds_no_draft(login: Login) -> None:
    address = drafted(login())
    other = login("小李", role="editor")
    assert other.get(address).status_code == 404
    assert check_without_page(other, address).status_code == 404


def check_without_page(browser: FlaskClient, address: str) -> object:
    token = hidden(browser.get("/plan/").text, "csrf_token")
    return browser.post(address, data={"csrf_token": token, "do": "start", "limit": "1000"})


def test_columns_that_are_not_known_are_chosen_and_then_it_begins(
    login: Login, settings: Settings
) -> None:
    browser = login()
    address = drafted(browser, FOREIGN)
    refused = check(browser, address, name="早班")
    assert refused.status_code == 422
    assert "没找到：时间、经度" in refused.text
    assert 'value="早班"' in refused.text
    columns = {"column_time": "when", "column_lon": "east"}
    looked = check(browser, address, do="look", name="早班", **columns)
    assert looked.headers["Location"] == address
    page = browser.get(address).text
    assert '<option value="when" selected>' in page
    assert f"{len(WALK)} / {len(WALK)}" in page
    begun = check(browser, address, name="早班", **columns)
    assert begun.headers["Location"] == address.removesuffix("/check")
    run = run_of(settings, id_of(address))
    assert (run.state, run.name, run.options.columns) == (
        QUEUED,
        "早班",
        {"time": "when", "lon": "east"},
    )


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("own_limit", "0", "写 50 到 5000 之间的一个数"),
        ("shifts", "周一到周五 4点到11点", "写成：周一到周五 早上4点到11点。"),
        ("datum", "mars", "从列表里选一个"),
    ],
)
def test_a_fault_in_an_option_stands_at_its_field_and_all_typed_is_kept(
    login: Login, settings: Settings, field: str, value: str, words: str
) -> None:
    browser = login()
    address = drafted(browser)
    typed = {"limit": "own", "own_limit": "700", "name": HOSTILE[:60], "shifts": "22:00-06:00"}
    answer = check(
        browser, address, **{**typed, "needs": ["toilet"], "no_phone": "yes", field: value}
    )
    assert answer.status_code == 422
    assert words in html.unescape(answer.text)
    assert HOSTILE not in answer.text
    assert html.escape(HOSTILE[:60]).replace("&#x27;", "&#39;") in answer.text.replace(
        "&#34;", "&quot;"
    )
    assert 'name="needs" value="toilet" checked' in answer.text
    assert 'name="no_phone" value="yes" checked' in answer.text
    run = run_of(settings, id_of(address))
    assert (run.state, run.name) == (DRAFT, "早班.csv")


def test_all_options_arrive_at_the_run(login: Login, settings: Settings) -> None:
    browser = login()
    address = drafted(browser)
    check(
        browser,
        address,
        limit="500",
        shifts="周一到周五 早上4点到11点\n22:00-06:00",
        needs=["toilet", "microwave"],
        no_phone="yes",
        max_age="90",
        as_of="2026-01-30",
        keeps_upload="yes",
        tz="UTC",
        datum="gcj02",
    )
    run = run_of(settings, id_of(address))
    options = run.options
    assert (options.limit_m, options.tz, options.datum) == (500.0, "UTC", "gcj02")
    assert options.shifts == ("Mo-Fr 04:00-11:00", "22:00-06:00")
    assert options.needs == ("microwave", "toilet")
    assert (options.no_phone, options.max_age_days, options.as_of) == (True, 90.0, "2026-01-30")
    assert (run.keeps_upload, options.language) == (True, "zh")


def test_a_datum_that_a_column_names_is_taken_for_the_run(login: Login, settings: Settings) -> None:
    browser = login()
    named = CSV.replace(b"lon", b"lng_gcj02", 1).replace(b"lat", b"lat_gcj02", 1)
    address = drafted(browser, named)
    assert "GCJ-02（名字里写着）" in browser.get(address).text
    check(browser, address)
    assert run_of(settings, id_of(address)).options.datum == "gcj02"


def test_fixes_too_far_apart_to_measure_begin_no_run(login: Login, settings: Settings) -> None:
    browser = login()
    head, *rows = CSV.splitlines(keepends=True)
    for number, kept in enumerate((rows[:1], rows[::40])):  # each 26 minutes after the last
        address = drafted(browser, head + b"".join(kept), f"{number}.csv")
        answer = check(browser, address)
        assert answer.status_code == 422
        assert "没有一个人有两个相隔不到 20 分钟的点" in answer.text
        assert run_of(settings, id_of(address)).state == DRAFT


def test_a_run_that_began_is_not_checked_again(login: Login) -> None:
    browser = login()
    address = drafted(browser)
    check(browser, address)
    assert browser.get(address).headers["Location"] == address.removesuffix("/check")
    assert browser.get(address.replace("/check", "/positions.json")).status_code == 404


def test_a_check_without_its_token_begins_nothing(login: Login, settings: Settings) -> None:
    browser = login()
    address = drafted(browser)
    assert browser.post(address, data={"do": "start"}).status_code == 400
    assert run_of(settings, id_of(address)).state == DRAFT


def test_names_of_columns_and_cells_are_text_and_no_markup(login: Login) -> None:
    nasty = f'time,lon,lat,"{HOSTILE.replace(chr(34), chr(34) * 2)}"\n'
    row = f'2026-05-01 09:46:00,116.4,39.9,"{HOSTILE.replace(chr(34), chr(34) * 2)}"\n'
    browser = login()
    page = browser.get(drafted(browser, (nasty + row).encode())).text
    assert HOSTILE not in page
    assert html.escape(HOSTILE, quote=False).split('"')[0] in page


def test_bad_rows_are_named_with_what_to_do(login: Login) -> None:
    text = (
        "time,lon,lat\n2026-05-01 09:46:00,116.3,40.0\n昨天,116.3,40.0\n2026-05-01 09:46:00,,40.0\n"
        "明天,116.3,40.0\n2026-05-01 09:47:00,116.3,40.0\n"
    )
    browser = login()
    page = browser.get(drafted(browser, text.encode())).text
    assert "2 / 5" in page
    assert "<strong>第 3 行</strong> 时间看不懂" in page
    assert "<strong>第 4 行</strong> 时间、经度或纬度是空的" in page
    assert "写成 2026-05-01 09:46:00 这样" in page
    assert "一大半用不了" in page


def test_planned_lines_become_beats_once_each_has_a_shift(
    login: Login, own_store: Store, settings: Settings, areas: object
) -> None:
    del areas
    station = stations_at([116.40], [39.93], hours="05:00-20:00")
    own_store.save_stations(station, actor="test", origin="test", now=NOW)
    browser = login()
    address = drafted(browser, json.dumps(LINES).encode(), "计划.geojson")
    page = browser.get(address).text
    assert "这是计划线路，不是轨迹" in page
    assert "<strong>第 2 条线</strong> 没有写班次" in page
    assert "还没有班次，填上就能用" in page
    assert "不能用" not in page
    assert HOSTILE not in page
    keep = address.replace("/check", "/beats")
    token = hidden(page, "csrf_token")
    refused = browser.post(keep, data={"csrf_token": token, "do": "keep"})
    assert refused.status_code == 422
    assert own_store.read_beats().empty
    typed = {"csrf_token": token, "do": "keep", "shift": "每天 22点到6点"}
    assert browser.post(keep, data=typed).headers["Location"] == "/plan/beats"
    kept = own_store.read_beats()
    told = kept[["name", "shift", "workers", "area", "source", "created_by"]].to_dict("records")
    assert told == [
        {
            "name": HOSTILE, "shift": "Mo-Fr 04:00-11:00", "workers": 3, "area": "110101005",
            "source": "计划.geojson", "created_by": "小王",
        },
        {
            "name": "二线", "shift": "22:00-06:00", "workers": 1, "area": "110101010",
            "source": "计划.geojson", "created_by": "小王",
        },
    ]  # fmt: skip
    assert Desk(settings).runs() == []


def test_a_viewer_keeps_no_beats(login: Login, own_store: Store) -> None:
    browser = login(role="viewer")
    address = drafted(browser, json.dumps(LINES).encode(), "计划.geojson")
    page = browser.get(address).text
    assert "你的账号只能看" in page
    token = hidden(browser.get("/plan/").text, "csrf_token")
    typed = {"csrf_token": token, "do": "keep", "shift": "22:00-06:00"}
    assert browser.post(address.replace("/check", "/beats"), data=typed).status_code == 403
    assert own_store.read_beats().empty


def test_the_demo_and_beats_need_only_options(login: Login, settings: Settings) -> None:
    browser = login()
    for source, words in ((DEMO, "演示的线路不用检查"), (BEATS, "要算 2 条固定线路")):
        desk = Desk(settings)
        options = Options(beats=("a", "b") if source == BEATS else ())
        made = Run(id="", owner="小王", name="试", source=source, state=DRAFT, options=options)
        run = desk.add(desk.draft(), made)
        page = browser.get(f"/plan/runs/{run.id}/check").text
        assert words in page
        assert ('name="week"' in page) == (source == BEATS)
        assert ('name="shifts"' in page) == (source != BEATS)
        check(browser, f"/plan/runs/{run.id}/check", week="2026-01-08" if source == BEATS else "")
        begun = run_of(settings, run.id)
        assert begun.state == QUEUED
        assert begun.options.beats == options.beats
        assert begun.options.week == ("2026-01-05" if source == BEATS else "")


def test_a_kept_upload_is_measured_again_with_other_options(
    login: Login, settings: Settings
) -> None:
    browser = login()
    address = drafted(browser)
    check(browser, address, keeps_upload="yes", column_worker="")
    again = address.replace("/check", "/again")
    page = browser.get(again).text
    assert "换个条件再算" in page
    answer = check(browser, again, limit="500", name="第二次")
    made = run_of(settings, answer.headers["Location"].rpartition("/")[2])
    assert (made.name, made.options.limit_m, made.state) == ("第二次", 500.0, QUEUED)
    assert check(browser, again, limit="own", own_limit="x").status_code == 422
