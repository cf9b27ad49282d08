"""Degrees in the ways people write them."""
# ruff: noqa: RUF001  # the signs of Chinese keyboards are what is tested

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.coords import from_wgs84
from geo.errors import UnreadPositionError
from geo.pasted import read_pasted

LON, LAT = 116.40388888888889, 39.90416666666667  # 116° 24' 14", 39° 54' 15"

WRITTEN = [
    "116.4038889,39.9041667", "39.9041667, 116.4038889", "39.9041667 116.4038889",
    "116.4038889，39.9041667", "１１６．４０３８８８９，３９．９０４１６６７",
    "(116.4038889, 39.9041667)", "[116.4038889,39.9041667]", "116.4038889、39.9041667",
    "经度116.4038889 纬度39.9041667", "纬度：39.9041667\n经度：116.4038889",
    "东经116.4038889度，北纬39.9041667度", "北纬39.9041667°、东经116.4038889°",
    "lat: 39.9041667, lng: 116.4038889", '{"lng":116.4038889,"lat":39.9041667}',
    "longitude=116.4038889&latitude=39.9041667", "X=116.4038889 Y=39.9041667",
    "北纬39°54′15″ 东经116°24′14″", "东经116度24分14秒，北纬39度54分15秒",
    "39°54'15\"N 116°24'14\"E", "39°54'15''N, 116°24'14''E", "39° 54′ 15″ N, 116° 24′ 14″ E",
    "N39°54'15\" E116°24'14\"", "N 39°54.25' E 116°24.23333'", "116°24'14\" 39°54'15\"",
    "39.9041667N 116.4038889E", "39.9041667° N, 116.4038889° E", "E116.4038889 N39.9041667",
    "39 54 15, 116 24 14", "116:24:14 39:54:15", "39 54.25 116 24.23333",
    "东岸驿站 3号楼2层 116.4038889,39.9041667", "116º24´14″，39º54´15″",
]  # fmt: skip


@pytest.mark.parametrize("text", WRITTEN)
def test_degrees_are_read(text: str) -> None:
    found = read_pasted(text)
    assert (found.lon, found.lat) == pytest.approx((LON, LAT), abs=1e-6)
    assert found.datum is None
    assert found.source == ""


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("33°51'S 151°12'E", (151.2, -33.85)),
        ("-33.85, 151.2", (151.2, -33.85)),
        ("西经73.5 北纬40.5", (-73.5, 40.5)),
        ("40.5N 73.5W", (-73.5, 40.5)),
        ("lat -33.85 lon 18.4", (18.4, -33.85)),
        ("39.47, 75.99", (75.99, 39.47)),  # Kashgar: both are under 90
        ("39.1° 75.9°", (75.9, 39.1)),
    ],
)
def test_sides_of_the_globe_and_the_order_are_kept(text: str, place: tuple[float, float]) -> None:
    found = read_pasted(text)
    assert (found.lon, found.lat) == pytest.approx(place)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        (" \n", "empty"),
        ("东四街道隆福寺街 95 号", "unreadable"),
        ("116.4", "unreadable"),
        ("116.40388 39.90416 116.40390 39.90420", "several"),
        ("35, 45", "order"),
        ("12.5, 13.5", "order"),
        ("经度116.4 经度39.9", "order"),
        ("116.4, 139.9", "off_earth"),
        ("lat 116.4 lon 39.9", "off_earth"),
        ("39°75'15\"N 116°24'14\"E", "off_earth"),
        ("1" * 5000, "too_long"),
    ],
)
def test_what_is_no_position_is_refused_in_a_word(text: str, code: str) -> None:
    with pytest.raises(UnreadPositionError) as caught:
        read_pasted(text)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("text", "datum"),
    [
        ("高德 116.404,39.904", "gcj02"),
        ("腾讯地图：39.904,116.404", "gcj02"),
        ("GCJ-02: 116.404,39.904", "gcj02"),
        ("百度 116.404,39.904", "bd09"),
        ("BD09 116.404 39.904", "bd09"),
        ("GPS 39.904N 116.404E", "wgs84"),
        ("116.404,39.904 (WGS84)", "wgs84"),
        ("高德 百度 116.404,39.904", None),
    ],
)
def test_datum_is_taken_from_the_words_beside(text: str, datum: str | None) -> None:
    found = read_pasted(text)
    assert (found.lon, found.lat, found.datum) == (116.404, 39.904, datum)
    assert found.is_sure == (datum is not None)


def test_what_somebody_says_of_the_datum_is_converted() -> None:
    lon, lat = from_wgs84([116.397], [39.9087], "bd09")
    found = read_pasted(f"{lon[0]:.8f},{lat[0]:.8f}")
    assert found.wgs84("bd09") == pytest.approx((116.397, 39.9087), abs=1e-7)
    with pytest.raises(UnreadPositionError) as caught:
        found.wgs84()
    assert caught.value.code == "datum"


@given(st.floats(72.5, 137.5), st.floats(1.0, 55.5), st.booleans())
def test_any_place_of_china_is_read_back_from_seconds(
    lon: float,
    lat: float,
    turned: bool,  # noqa: FBT001 - drawn
) -> None:
    def _said(degrees: float) -> str:
        minutes = degrees % 1 * 60
        return f"{int(degrees)}°{int(minutes)}′{min(minutes % 1 * 60, 59.9999):.4f}″"

    texts = [_said(lon), _said(lat)]
    found = read_pasted("，".join(reversed(texts) if turned else texts))
    assert (found.lon, found.lat) == pytest.approx((lon, lat), abs=1e-6)


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = read_pasted(text)
    except UnreadPositionError as error:
        assert error.code  # noqa: PT017 - both ends are good
    else:
        assert abs(found.lon) <= 180
        assert abs(found.lat) <= 90
