"""What a phone is given to work without a line: worker, manifest, pack, and the page instead."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import pytest

from geo.nearest.arrival import ZONE
from webmap.headers import HEADERS

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.webmap.conftest import Save

POSITION = "lon=116.00&lat=40.00"
LOCK = {"hours": "24/7", "status": "open", "verified_on": "2026-01-01"}


def station(code: str, **cells: str) -> dict[str, str]:
    """Return the cells of a station."""
    return {"code": code, "name": f"驿站{code}", "kind": "rest_station"} | LOCK | cells


def test_the_worker_is_asked_for_anew_and_rules_the_whole_site(client: FlaskClient) -> None:
    answer = client.get("/sw.js")
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["Service-Worker-Allowed"] == "/"
    assert re.match(r'const SITE = \{"version":"[0-9a-f]{12}","root":"/"', answer.text)
    again = client.get("/sw.js", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_the_worker_is_the_same_in_both_languages(client: FlaskClient) -> None:
    chinese = client.get("/sw.js").data
    client.set_cookie("lang", "en")
    assert client.get("/sw.js").data == chinese


def test_a_site_under_a_path_keeps_to_it(client: FlaskClient) -> None:
    answer = client.get("/sw.js", environ_overrides={"SCRIPT_NAME": "/nuanyi"})
    assert answer.headers["Service-Worker-Allowed"] == "/nuanyi/"
    assert '"pages":["/nuanyi/","/nuanyi/offline"]' in answer.text


@pytest.mark.parametrize(("lang", "name"), [("zh", "暖驿"), ("en", "Nuanyi")])
def test_the_manifest_speaks_the_language_of_the_page(
    client: FlaskClient, lang: str, name: str
) -> None:
    page = client.get(f"/privacy?lang={lang}").text
    address = page.split('rel="manifest" href="')[1].split('"')[0]
    answer = client.get(address)
    assert answer.mimetype == "application/manifest+json"
    manifest = answer.get_json()
    assert manifest["short_name"] == name
    assert manifest["start_url"] == manifest["scope"] == "/"
    for icon in manifest["icons"]:
        with client.get(icon["src"]) as picture:
            assert picture.data.startswith(b"\x89PNG")
            width = int.from_bytes(picture.data[16:20], "big")
            assert icon["sizes"] == f"{width}x{width}"


def test_pages_of_staff_start_no_worker(client: FlaskClient) -> None:
    assert "js/offline.js" not in client.get("/login").text
    assert "js/offline.js" in client.get("/privacy").text


def test_a_pack_holds_the_stations_in_use_and_is_kept_by_nobody(
    client: FlaskClient, save: Save
) -> None:
    save(
        station("A", address="东大街 1 号", phone_public="010-1234567", needs_phone="no"),
        station("B", status="planned"),
        station("C", hours="Mo-Su 08:00-20:00"),
    )
    answer = client.get(f"/offline/pack?{POSITION}")
    assert answer.headers["Cache-Control"] == "no-store"
    pack = answer.get_json()
    assert [one["code"] for one in pack["stations"]] == ["A", "C"]
    first = pack["stations"][0]
    assert (first["address"], first["phone"]) == ("东大街 1 号", "010-1234567")
    assert first["needs"] == {"no_phone": 1}
    assert "不用手机" in pack["entries"][first["entry"]]
    assert pack["times"][first["times"]][:2] == [0, 1]
    assert pack["end"] - pack["made"] == 7 * 24 * 3600 * 1000
    assert not {"lon", "lat"} & set(pack)


def test_a_pack_says_a_lock_and_when_it_runs_out(client: FlaskClient, save: Save) -> None:
    save(station("A"))
    for device in "ab":
        told = client.post(
            "/api/v1/stations/A/reports",
            json={"state": "locked", "mark": device},
            environ_base={"REMOTE_ADDR": "203.0.113.7"},
        )
        assert told.status_code == 201, told.text
    pack = client.get(f"/offline/pack?{POSITION}").get_json()
    (one,) = pack["stations"]
    assert one["locked"][1] - one["locked"][0] == 72 * 60


def test_a_pack_says_when_and_by_whom_a_station_was_confirmed(
    client: FlaskClient, save: Save
) -> None:
    save(station("A"), station("B", verified_on=""), station("C", verified_on=""))
    told = client.post("/api/v1/stations/C/reports", json={"state": "open", "mark": "a"})
    assert told.status_code == 201, told.text
    pack = client.get(f"/offline/pack?{POSITION}").get_json()
    seen = {one["code"]: one["seen"] for one in pack["stations"]}
    made = dt.datetime.fromtimestamp(pack["made"] / 1000, ZONE).date()
    assert seen == {"A": [(made - dt.date(2026, 1, 1)).days, 0], "B": None, "C": [0, 1]}
    assert pack["tell"] == {"form": "/s/-/tell", "report": "/api/v1/stations/-/reports"}


@pytest.mark.parametrize("query", ["", "lon=116", "lon=200&lat=40", "lon=x&lat=40"])
def test_a_pack_needs_a_position(client: FlaskClient, query: str) -> None:
    assert client.get(f"/offline/pack?{query}").status_code == 400


def test_the_page_instead_says_what_to_do(client: FlaskClient) -> None:
    page = client.get("/offline")
    assert "没有网络" in page.text
    assert 'href="/"' in page.text
    assert page.headers["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]
