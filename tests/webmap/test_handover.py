"""The links to other maps: for three cities each in the datum that its map expects."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from geo.coords import geodesic_m
from webmap.public.handover import hand_over

if TYPE_CHECKING:
    from flask import Flask

    from webmap.public.handover import Door, Handover

# WGS-84 and GCJ-02, lon and lat: the test values that eviltransform publishes
CITIES: Final = {
    "Beijing": ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
    "Shanghai": ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
    "Shenzhen": ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
}
PARIS: Final = (2.3522, 48.8566)
ANDROID: Final = "Mozilla/5.0 (Linux; Android 8.1.0; V1818A) Chrome/87.0 Mobile Safari/537.36"
IPHONE: Final = "Mozilla/5.0 (iPhone; CPU iPhone OS 12_5 like Mac OS X) Version/12.1 Safari/604.1"
WECHAT: Final = f"{ANDROID} MicroMessenger/8.0.47.2560"
LON_FIRST: Final = ("amap",)


def doors_of(handed: Handover) -> tuple[Door, ...]:
    """Return all doors, the large ones first."""
    return handed.doors + handed.others


def place_in(code: str, address: str) -> tuple[float, float]:
    """Return lon and lat as they stand in a link, read as its map reads it."""
    if code == "geo":
        lat, lon = address.removeprefix("geo:").partition("?")[0].split(",")
        return float(lon), float(lat)
    query = parse_qs(urlsplit(address).query)
    key = {"amap": "to", "baidu": "location", "tencent": "tocoord", "apple": "daddr"}
    first, second, *_ = query[key.get(code, "destination")][0].split(",")
    lon, lat = (first, second) if code in LON_FIRST else (second, first)
    return float(lon), float(lat)


@pytest.mark.parametrize("city", CITIES)
@pytest.mark.parametrize("agent", [ANDROID, IPHONE, WECHAT, ""])
def test_each_link_has_the_place_in_its_maps_datum_within_a_metre(
    app: Flask, city: str, agent: str
) -> None:
    wgs84, gcj02 = CITIES[city]
    with app.test_request_context("/"):
        handed = hand_over("某驿站", *wgs84, agent=agent)
    for door in doors_of(handed):
        expected = wgs84 if door.code == "geo" else gcj02
        for address in (door.walk, door.ride):
            off_m = float(geodesic_m(*place_in(door.code, address), *expected))
            assert off_m < 1, (door.code, address)


@pytest.mark.parametrize("city", CITIES)
def test_positions_to_copy_are_in_the_datum_they_name(app: Flask, city: str) -> None:
    wgs84, gcj02 = CITIES[city]
    with app.test_request_context("/"):
        amap, tencent, gps = hand_over("某驿站", *wgs84).positions
    assert "经度在前" in amap.word
    assert all("纬度在前" in one.word for one in (tencent, gps))
    lon, lat = map(float, amap.text.split(","))
    assert float(geodesic_m(lon, lat, *gcj02)) < 1
    lat, lon = map(float, tencent.text.split(","))
    assert float(geodesic_m(lon, lat, *gcj02)) < 1
    lat, lon = map(float, gps.text.split(","))
    assert float(geodesic_m(lon, lat, *wgs84)) < 1


def test_outside_the_shift_every_link_is_in_wgs84(app: Flask) -> None:
    with app.test_request_context("/"):
        handed = hand_over("Relais", *PARIS, agent=IPHONE)
    for door in doors_of(handed):
        assert float(geodesic_m(*place_in(door.code, door.walk), *PARIS)) < 1


def test_the_mode_is_in_the_link_where_the_map_takes_one(app: Flask) -> None:
    with app.test_request_context("/"):
        doors = {door.code: door for door in doors_of(hand_over("某驿站", 116.4, 39.9))}
    assert "mode=walk" in doors["amap"].walk
    assert "mode=ride" in doors["amap"].ride
    assert "type=bike" in doors["tencent"].ride
    assert "travelmode=bicycling" in doors["google"].ride
    assert "dirflg=w" in doors["apple"].walk
    assert "dirflg" not in doors["apple"].ride
    assert "coord_type=gcj02" in doors["baidu"].walk


def test_inside_wechat_only_what_opens_there(app: Flask) -> None:
    with app.test_request_context("/"):
        handed = hand_over("某驿站", 116.4, 39.9, agent=WECHAT)
    assert handed.is_wechat
    assert [door.code for door in doors_of(handed)] == ["tencent", "amap"]
    assert all(door.walk.startswith("https://") for door in doors_of(handed))
    assert "callnative=0" in handed.doors[1].walk


@pytest.mark.parametrize(
    ("agent", "others"),
    [(ANDROID, ["geo", "google"]), (IPHONE, ["apple", "google"]), ("", ["google", "apple"])],
)
def test_a_device_is_offered_the_maps_it_may_have(
    app: Flask, agent: str, others: list[str]
) -> None:
    with app.test_request_context("/"):
        handed = hand_over("某驿站", 116.4, 39.9, agent=agent)
    assert [door.code for door in handed.doors] == ["amap", "baidu", "tencent"]
    assert [door.code for door in handed.others] == others


@pytest.mark.parametrize(
    "name", ["甲,乙|丙(丁)&戊=己?庚#辛", "\"'<img src=x>", "驿" * 300, "a%2Cb"]
)
def test_a_name_cannot_change_a_link(app: Flask, name: str) -> None:
    with app.test_request_context("/"):
        handed = hand_over(name, 116.4, 39.9, agent=ANDROID)
    for door in doors_of(handed):
        assert re.fullmatch(r"[A-Za-z0-9:/?=&%.,_()~-]+", door.walk), door.walk
        assert len(door.walk) < 1000
        if door.code != "geo":
            query = parse_qs(urlsplit(door.walk).query)
            assert all(len(values) == 1 for values in query.values())
            assert len(unquote(query.get("to", [",,"])[0]).split(",")) <= 3
