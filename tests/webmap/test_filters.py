"""The finder's filters: read from the address, applied to list and nearest, shown as boxes."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

import pytest
from werkzeug.datastructures import MultiDict

from webmap.public.filters import Filters, read_filters

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from tests.webmap.conftest import Save

ZONE = ZoneInfo("Asia/Shanghai")
NOON = dt.datetime(2026, 11, 23, 12, tzinfo=ZONE)  # a Monday
STATIONS = (
    {"name": "全", "hours": "24/7", "amenities": "toilet", "entry_mode": "open_door"},
    {"name": "夜", "hours": "22:00-06:00", "amenities": "toilet:broken", "entry_mode": "qr"},
    {"name": "日", "hours": "08:00-18:00", "kind": "union_hub"},
    {"name": "疑", "kind": "service_point", "amenities": "toilet"},
    {"name": "自", "hours": "09:00-10:00", "self_hours": "24/7"},
)


def read(query: str) -> Filters:
    return read_filters(MultiDict(parse_qsl(query, keep_blank_values=True)))


def names(page: str) -> str:
    return "".join(re.findall(r'<a href="/s/[^"]+">(.)</a>', page))


@pytest.fixture
def at_noon(app: Flask, save: Save) -> None:
    app.extensions["clock"] = lambda: NOON
    save(*STATIONS)


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("", Filters()),
        ("need=toilet&need=wifi", Filters(needs=("toilet", "wifi"))),
        ("need=toilet,wifi,toilet,sauna", Filters(needs=("toilet", "wifi"))),
        ("no_phone=1&open=1&always=1", Filters(no_phone=True, is_open=True, is_always=True)),
        ("need=no_phone", Filters(no_phone=True)),
        ("open=0&always=perhaps", Filters()),
        ("kind=union_hub&kind=palace", Filters(kinds=("union_hub",))),
        ("mode=ride", Filters(mode="ride")),
        ("mode=fly", Filters()),
        ("at=2026-11-23T04:30", Filters(at=dt.datetime(2026, 11, 23, 4, 30, tzinfo=ZONE))),
        ("at=2026-11-23T04:30:59", Filters(at=dt.datetime(2026, 11, 23, 4, 30, tzinfo=ZONE))),
        ("at=tomorrow", Filters()),
        ("at=", Filters()),
    ],
)
def test_an_address_is_read_and_what_means_nothing_is_passed_over(
    query: str, wanted: Filters
) -> None:
    assert read(query) == wanted


@pytest.mark.usefixtures("at_noon")
@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("need=toilet", "全疑日自"),
        ("no_phone=1", "全日自疑"),
        ("open=1", "全日自"),
        ("open=1&at=2026-11-23T23:00", "全夜自"),
        ("always=1", "全自"),
        ("kind=union_hub&kind=service_point", "日疑"),
        ("kind=union_hub&need=wifi&open=1", "日"),
        ("kind=union_hub&always=1", ""),
    ],
)
def test_the_list_is_narrowed(client: FlaskClient, query: str, wanted: str) -> None:
    assert sorted(names(client.get(f"/?{query}").text)) == sorted(wanted)


@pytest.mark.usefixtures("at_noon")
def test_stations_that_meet_the_needs_stand_before_those_that_may(client: FlaskClient) -> None:
    page = client.get("/?need=toilet").text
    assert names(page)[:2] == "全疑"
    assert page.count("厕所：未核实") == 2


@pytest.mark.usefixtures("at_noon")
@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("", "全夜日疑自"),
        ("open=1", "全日自"),
        ("open=1&at=2026-11-23T23:00", "全夜自"),
        ("always=1&mode=ride", "全自"),
        ("kind=union_hub", "日"),
        ("need=toilet&no_phone=1", "全日疑自"),
    ],
)
def test_the_nearest_are_narrowed_alike(client: FlaskClient, query: str, wanted: str) -> None:
    page = client.get(f"/near?lon=116.000&lat=40.000&{query}").text
    assert sorted(names(page)) == sorted(wanted)


@pytest.mark.usefixtures("at_noon")
def test_the_nearest_by_bike_say_so(client: FlaskClient) -> None:
    where = "/near?lon=116.010&lat=40.000"
    assert "走过去" in client.get(where).text
    ridden = client.get(f"{where}&mode=ride").text
    assert "骑车大约 " in ridden
    assert "骑过去" in ridden


@pytest.mark.usefixtures("at_noon")
def test_boxes_that_are_ticked_are_always_seen(client: FlaskClient) -> None:
    page = client.get("/?need=shower&kind=union_hub&open=1").text
    seen = page[: page.index('<details class="more">')]
    for name, value in (("need", "shower"), ("kind", "union_hub"), ("open", "1")):
        assert f'name="{name}" value="{value}" checked' in seen
    assert page.count(" checked>") == 4  # and on foot
    assert "只看：现在开着、淋浴、职工服务中心" in page


@pytest.mark.usefixtures("at_noon")
def test_another_time_is_said_plainly_and_leads_back(client: FlaskClient) -> None:
    page = client.get("/?at=2026-11-24T04:30&need=toilet").text
    assert "按 11 月 24 日 周二 4:30 算，不是现在。" in page
    assert '<a href="/?need=toilet">回到现在</a>' in page
    assert 'type="datetime-local" value="2026-11-24T04:30"' in page
    assert "不是现在" not in client.get("/?need=toilet").text


@pytest.mark.usefixtures("at_noon")
def test_links_of_the_page_keep_every_filter(client: FlaskClient) -> None:
    page = client.get("/?need=toilet&need=wifi&open=1&mode=ride&lon=116&x=1").text
    assert 'href="/?need=toilet%2Cwifi&amp;open=1&amp;mode=ride&amp;type=large"' in page
    assert not [link for link in re.findall(r'href="([^"]+)"', page) if "lon=" in link]


@pytest.mark.usefixtures("at_noon")
def test_a_kept_page_is_of_its_own_filters(client: FlaskClient) -> None:
    assert names(client.get("/?always=1").text) != names(client.get("/?open=1").text)
    assert names(client.get("/?open=1").text) != names(
        client.get("/?open=1&at=2026-11-23T23:00").text
    )
