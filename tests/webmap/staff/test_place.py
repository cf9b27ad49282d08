"""A position pasted into the form: read, converted, told; and what is said to lie around it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from geo.coords import from_wgs84
from geo.store import open_store
from tests.webmap.staff.conftest import STATION, fields_of, hidden, send
from webmap.forms.pasted import kept_datum

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from geo.store import Store
    from tests.webmap.staff.conftest import Login
    from webmap.settings import Settings

NEW = "/staff/stations/new"
LON, LAT = 116.41, 39.93


def amap(lon: float = LON, lat: float = LAT) -> str:
    """Return a link of Amap to a WGS-84 position."""
    x, y = from_wgs84([lon], [lat], "gcj02")
    return f"https://uri.amap.com/marker?position={x[0]:.8f},{y[0]:.8f}"


def ask(browser: FlaskClient, address: str, **fields: str) -> Any:  # noqa: ANN401 - JSON
    answer = send(browser, address, fields, page=NEW)
    assert answer.status_code == 200
    return answer.json


def test_link_is_converted_and_said_to_be(login: Login) -> None:
    told = ask(login(), "/staff/position", text=amap())
    assert (told["status"], told["lon"], told["lat"]) == ("ok", "116.410000", "39.930000")
    assert told["lines"] == ["GCJ-02（高德地图）→ 已换算，填好了。"]
    assert told["mark"] == "gcj02 116.410000 39.930000"


def test_bare_degrees_are_asked_about_and_converted_by_the_answer(login: Login) -> None:
    browser = login()
    x, y = from_wgs84([LON], [LAT], "bd09")
    text = f"{y[0]:.8f}, {x[0]:.8f}"
    told = ask(browser, "/staff/position", text=text)
    assert (told["status"], told["lon"], told["mark"]) == ("ask", "", "")
    told = ask(browser, "/staff/position", text=text, datum="bd09")
    assert (told["status"], told["lon"], told["lat"]) == ("ok", "116.410000", "39.930000")
    assert "BD-09（百度地图）" in told["lines"][0]


def test_what_the_link_says_of_its_datum_goes_before_an_answer(login: Login) -> None:
    told = ask(login(), "/staff/position", text=amap(), datum="bd09")
    assert told["datum"] == "gcj02"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("https://surl.amap.com/abc", "高德地图的短链接"),
        ("https://t.cn/abc", "这是地图的短链接"),
        ("https://www.amap.com/place/B0", "这个高德地图的链接里没有位置"),
        ("https://example.org/", "不认得这个链接"),
        ("35, 45", "分不清哪个是经度"),
        ("东四街道", "没看到经度和纬度"),
        ("", "还没有粘贴"),
        ("72.004001,39.9 高德", "换算不了"),
    ],
)
def test_what_cannot_be_read_is_said_in_words(login: Login, text: str, said: str) -> None:
    told = ask(login(), "/staff/position", text=text)
    assert (told["status"], told["lon"], told["mark"]) == ("wrong", "", "")
    assert said in told["lines"][0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("https://map.baidu.com/@12958884.6,4828161.5,17z", "画面中间"),
        ("https://maps.apple.com/?ll=39.93,116.41", "没写坐标系"),
    ],
)
def test_what_is_not_sure_is_said_so(login: Login, text: str, said: str) -> None:
    told = ask(login(), "/staff/position", text=text)
    assert told["status"] == "ok"
    assert said in told["lines"][1]


def test_without_a_script_a_button_reads_the_link(login: Login, own_store: Store) -> None:
    browser = login()
    typed = fields_of(browser.get(NEW).text) | {"name": "隆福寺驿站", "pasted": amap()}
    page = send(browser, NEW, typed | {"locate": "1"})
    assert page.status_code == 200
    assert "GCJ-02（高德地图）→ 已换算" in page.text
    shown = fields_of(page.text)
    assert (shown["lon"], shown["lat"], shown["name"]) == ("116.410000", "39.930000", "隆福寺驿站")
    assert own_store.count_stations() == 0
    assert send(browser, NEW, shown).status_code == 302
    row = own_store.read_stations().iloc[0]
    assert (row["lon"], row["lat"], row["source_datum"]) == (116.41, 39.93, "gcj02")


def test_without_a_script_the_datum_of_bare_degrees_is_asked(login: Login) -> None:
    browser = login()
    typed = fields_of(browser.get(NEW).text) | {"pasted": "39.93,116.41", "locate": "1"}
    page = send(browser, NEW, typed)
    assert '<fieldset class="field" id="copied">' in page.text
    shown = fields_of(send(browser, NEW, typed | {"pasted_datum": "wgs84"}).text)
    assert (shown["lon"], shown["lat"]) == ("116.410000", "39.930000")


def test_a_read_position_of_a_stored_station_saves_nothing_yet(
    login: Login, own_store: Store, save: Callable[..., None]
) -> None:
    save({"code": "A", "name": "甲", "lon": "116.40", "lat": "39.92"})
    browser = login()
    at = "/staff/stations/A"
    typed = fields_of(browser.get(at).text) | {"pasted": amap()}
    page = send(browser, at, typed | {"locate": "1"})
    assert own_store.read_stations().iloc[0]["lon"] == 116.40
    assert hidden(page.text, "seen") == typed["seen"]
    assert send(browser, at, fields_of(page.text)).status_code == 302
    row = own_store.read_stations().iloc[0]
    assert (row["lon"], row["source_datum"]) == (116.41, "gcj02")


def test_position_that_was_moved_afterwards_has_no_source_datum(
    login: Login, own_store: Store
) -> None:
    browser = login()
    sent = STATION | {"lon": "116.410001", "placed": "gcj02 116.410000 39.930000"}
    assert send(browser, NEW, sent | {"lat": "39.930000"}).status_code == 302
    assert own_store.read_stations().iloc[0]["source_datum"] == "wgs84"


@pytest.mark.parametrize("mark", ["", "gcj02", "what 116.41 39.93", "gcj02 116.41 39.94"])
def test_a_damaged_mark_says_no_datum(mark: str) -> None:
    assert kept_datum(mark, "116.41", "39.93") == ""
    assert kept_datum("gcj02 116.41 39.93", "116.41", "39.93") == "gcj02"


@pytest.mark.usefixtures("areas")
def test_area_of_a_position_is_told(login: Login) -> None:
    browser = login()
    told = ask(browser, "/staff/around", lon="116.41", lat="39.93")
    assert (told["district"], told["subdistrict"], told["address"]) == ("东城区", "东四街道", "")
    told = ask(browser, "/staff/around", lon="117", lat="39.93")
    assert (told["district"], told["subdistrict"]) == ("", "")


@pytest.mark.parametrize("lon", ["", "x", "nan", "inf", "999"])
def test_area_of_no_position_is_none(login: Login, lon: str) -> None:
    told = ask(login(), "/staff/around", lon=lon, lat="39.93")
    assert told == {"district": "", "subdistrict": "", "address": ""}


@pytest.mark.parametrize("address", ["/staff/position", "/staff/around"])
def test_only_who_may_write_is_answered(login: Login, address: str) -> None:
    assert send(login("小赵", "viewer"), address, {}, page="/staff/").status_code == 403
    assert login().post(address, data={"text": amap()}).status_code != 200  # no token


def test_address_is_offered_where_the_city_knows_streets(
    copy_of_demo: Callable[[], Settings],
) -> None:
    from tests.passwords import cheap_hash  # noqa: PLC0415 - for this test alone
    from tests.webmap.conftest import NOW  # noqa: PLC0415
    from webmap import create_app  # noqa: PLC0415

    settings = copy_of_demo()
    with open_store(settings.database) as store:
        store.add_user("小王", role="editor", area="", password_hash=cheap_hash("x"), now=NOW)
    with open_store(settings.demo_database) as store:
        row = store.read_stations().iloc[0]
    app = create_app(settings)
    browser = app.test_client()
    send(browser, "/login", {"name": "小王", "password": "x"})
    told = ask(browser, "/staff/around", lon=str(row["lon"]), lat=str(row["lat"]))
    app.extensions["stores"].close()
    assert told["address"]
    assert told["district"] == row["district"]
