"""Links of maps as their makers document them and as their pages and apps write them."""

from __future__ import annotations

import pytest

from geo.errors import UnreadPositionError
from geo.pasted import read_pasted

LON, LAT = 116.397428, 39.90923
PLACE = "%E5%A4%A9%E5%AE%89%E9%97%A8"
VIEW = "12957443.4006,4825089.6972"  # metres, see test_baidu_metres

# source, datum, is a sure datum, is the middle of a view: texts
LINKS = {
    ("amap", "gcj02", True, False): [
        f"https://uri.amap.com/marker?position={LON},{LAT}&name=x",
        f"http://uri.amap.com/marker?position={LON}%2C{LAT}&name={PLACE}",
        f"uri.amap.com/marker?position={LON},{LAT}",
        f"//uri.amap.com/marker?position={LON},{LAT}&coordinate=gaode",
        f"https://uri.amap.com/navigation?from=116.4,39.8,a&to={LON},{LAT},b&mode=walk",
        f"https://m.amap.com/navi/?dest={LON},{LAT}&destName=x",
        f"https://ditu.amap.com/regeo?lng={LON}&lat={LAT}&name=x",
        f"https://wb.amap.com/?q={LAT}%2C{LON}%2C{PLACE}&src=app_C3090",
        f"http://wb.amap.com/?p=B000A60DA1%2C{LAT}%2C{LON}%2C{PLACE}%2C{PLACE}",
        f"http://wb.amap.com/?r=39.8,116.4,a,{LAT},{LON},b,0,0,0,x",
        f"androidamap://viewMap?sourceApplication=a&poiname=b&lat={LAT}&lon={LON}&dev=0",
        f"amapuri://route/plan/?slat=39.8&slon=116.4&dlat={LAT}&dlon={LON}&dev=0",
    ],
    ("amap", "wgs84", True, False): [
        f"https://uri.amap.com/marker?position={LON},{LAT}&coordinate=wgs84",
        f"iosamap://viewMap?sourceApplication=a&poiname=b&lat={LAT}&lon={LON}&dev=1",
    ],
    ("amap", "gcj02", True, True): [
        f"https://uri.amap.com/nearby?service=food&center={LON},{LAT}",
    ],
    ("baidu", "bd09", True, False): [
        f"http://api.map.baidu.com/marker?location={LAT},{LON}&title=x&output=html",
        f"http://api.map.baidu.com/marker?location={VIEW}&coord_type=bd09mc",
        (
            f"http://api.map.baidu.com/direction"
            f"?origin=latlng:39,116|name:a&destination=latlng:{LAT},{LON}|name:b"
        ),
        f"baidumap://map/marker?location={LAT},{LON}&title=x&coord_type=bd09ll",
        f"bdapp://map/marker?location={LAT},{LON}&title=x",
        f"http://map.baidu.com/?latlng={LAT},{LON}&title=x&autoOpen=true&l",
    ],
    ("baidu", "gcj02", True, False): [
        f"http://api.map.baidu.com/marker?location={LAT},{LON}&coord_type=gcj02",
    ],
    ("baidu", "wgs84", True, False): [
        f"http://api.map.baidu.com/geocoder?location={LAT},{LON}&coord_type=wgs84",
    ],
    ("baidu", "bd09", True, True): [
        f"https://map.baidu.com/@{VIEW},17z",
        f"https://map.baidu.com/poi/{PLACE}/@{VIEW},19.1z?uid=65e1ee886c885190f60e77ff",
        f"https://map.baidu.com/poi/天安门/@{VIEW},19z?uid=6",
        f"http://map.baidu.com/?newmap=1&s=s%26wd%3Dx&c={VIEW}&l=17",
        f"https://map.baidu.com/poi/@{LON},{LAT}",
    ],
    ("tencent", "gcj02", True, False): [
        f"https://apis.map.qq.com/uri/v1/marker?marker=coord:{LAT},{LON};title:x;addr:y&referer=a",
        f"https://apis.map.qq.com/uri/v1/geocoder?coord={LAT},{LON}&coord_type=2",
        (
            f"https://apis.map.qq.com/uri/v1/routeplan"
            f"?type=walk&fromcoord=39.8,116.4&tocoord={LAT},{LON}"
        ),
        f"qqmap://map/marker?marker=coord:{LAT},{LON};title:x;addr:y",
        (
            f"https://map.qq.com/"
            f"?type=marker&isopeninfowin=1&markertype=1&pointx={LON}&pointy={LAT}&name=x"
        ),
    ],
    ("tencent", "wgs84", True, False): [
        f"https://apis.map.qq.com/uri/v1/geocoder?coord={LAT},{LON}&coord_type=1",
    ],
    ("apple", "gcj02", False, False): [
        f"https://maps.apple.com/?ll={LAT},{LON}&q={PLACE}",
        f"https://maps.apple.com/place?address=x&coordinate={LAT},{LON}&name=x",
        f"maps://?q={LAT},{LON}",
    ],
    ("apple", "gcj02", False, True): [
        f"https://maps.apple.com/frame?center={LAT}%2C{LON}&span=0.01,0.01",
    ],
    ("google", "gcj02", False, True): [
        f"https://www.google.com/maps/@{LAT},{LON},17z",
    ],
    ("google", "gcj02", False, False): [
        (
            f"https://www.google.com/maps/place/{PLACE}/@39.9,116.3,17z/da"
            f"ta=!3m1!4b1!4m6!3m5!1s0x35f05:0x7!8m2!3d{LAT}!4d{LON}!16zL2"
        ),
        f"https://maps.google.com/?q={LAT},{LON}",
        f"https://maps.google.com/maps?q=loc:{LAT},{LON}",
        f"https://www.google.cn/maps/search/?api=1&query={LAT}%2C{LON}",
        f"https://www.google.com.hk/maps/dir/?api=1&destination={LAT},{LON}",
        f"google.navigation:q={LAT},{LON}",
    ],
    ("osm", "wgs84", True, False): [
        f"https://www.openstreetmap.org/?mlat={LAT}&mlon={LON}#map=17/39.9/116.3",
    ],
    ("osm", "wgs84", True, True): [
        f"https://www.openstreetmap.org/node/12#map=17/{LAT}/{LON}",
        f"https://www.openstreetmap.org/#map=17.5/{LAT}/{LON}&layers=N",
    ],
    ("geo", "wgs84", True, False): [
        f"geo:{LAT},{LON}",
        f"geo:{LAT},{LON},44;crs=wgs84;u=12?z=17",
        f"geo:0,0?q={LAT},{LON}({PLACE})",
    ],
}
CASES = [(text, *said) for said, texts in LINKS.items() for text in texts]


@pytest.mark.parametrize(("text", "source", "datum", "is_sure", "is_middle"), CASES)
def test_link_says_where_in_which_datum_and_how_sure(
    text: str, source: str, datum: str, *, is_sure: bool, is_middle: bool
) -> None:
    found = read_pasted(text)
    assert (found.source, found.datum) == (source, datum)
    assert (found.is_sure, found.is_middle) == (is_sure, is_middle)
    assert found.lon == pytest.approx(LON, abs=2e-6)
    assert found.lat == pytest.approx(LAT, abs=2e-6)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("https://surl.amap.com/4bvd5QZ4HY", "amap"),
        ("【高德地图】东岸驿站 https://surl.amap.com/4bvd5QZ4HY", "amap"),
        ("https://j.map.baidu.com/91/3fX", "baidu"),
        ("https://maps.app.goo.gl/AbCdEf", "google"),
        ("https://goo.gl/maps/AbCdEf", "google"),
        ("https://maps.apple/p/AbCdEf", "apple"),
        ("https://t.cn/A6", ""),
    ],
)
def test_short_link_is_said_to_be_one_and_not_asked(text: str, source: str) -> None:
    with pytest.raises(UnreadPositionError) as caught:
        read_pasted(text)
    assert (caught.value.code, caught.value.source) == ("short_link", source)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("https://www.amap.com/place/B000A60DA1", "no_position"),
        ("https://uri.amap.com/poidetail?poiid=B000A60DA1", "no_position"),
        ("https://map.baidu.com/search/x", "no_position"),
        ("https://apis.map.qq.com/uri/v1/search?keyword=x", "no_position"),
        ("https://maps.apple.com/?q=x", "no_position"),
        ("https://www.google.com/maps/search/x", "no_position"),
        ("https://www.openstreetmap.org/way/12", "no_position"),
        ("geo:116.4,39.9;crs=epsg:3857", "no_position"),
        ("https://example.org/?lat=39.9&lon=116.4", "unknown_link"),
        ("https://amap.com.example.org/?q=39.9,116.4", "unknown_link"),
        ("http://[", "unknown_link"),
        ("https://uri.amap.com/marker?position=916.3,39.9", "off_earth"),
    ],
)
def test_link_without_a_position_is_refused_in_a_word(text: str, code: str) -> None:
    with pytest.raises(UnreadPositionError) as caught:
        read_pasted(text)
    assert caught.value.code == code


def test_link_among_other_words_is_found() -> None:
    text = f"我在这里：https://uri.amap.com/marker?position={LON},{LAT} 快来"
    assert read_pasted(text).lon == LON


def test_of_two_links_the_first_with_a_position_counts() -> None:
    text = f"https://surl.amap.com/abc https://uri.amap.com/marker?position={LON},{LAT}"
    assert read_pasted(text).lat == LAT


@pytest.mark.parametrize("host", ["www.google.com", "maps.apple.com"])
def test_outside_china_the_datum_of_the_world_s_maps_is_sure(host: str) -> None:
    found = read_pasted(f"https://{host}/maps?ll=48.8584,2.2945")
    assert (found.datum, found.is_sure) == ("wgs84", True)
    assert found.wgs84() == (2.2945, 48.8584)


def test_shortlink_of_openstreetmap_is_unfolded() -> None:
    """The example of OpenStreetMap's own tests (test/controllers/site_controller_test.rb)."""
    found = read_pasted("https://osm.org/go/0EEQjE--")
    assert (found.lon, found.lat) == (0.054931640625, 51.510772705078125)
    assert found.is_middle
    assert not read_pasted("https://www.openstreetmap.org/go/0EEQjE==?m").is_middle
