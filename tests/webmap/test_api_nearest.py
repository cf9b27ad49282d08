"""``/api/v1/nearest`` and ``/way``: the answers of geo as JSON, and refusals that help."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from geo.nearest import nearest
from geo.network import write_network
from tests.networks import network_of, to_degrees

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from geo.network import Network
    from geo.store import Store
    from tests.webmap.conftest import Save
    from webmap.settings import Settings

NOON = "2026-03-02T12:00+08:00"
FIELDS = {
    "code", "name", "kind", "lon", "lat", "walk_m", "walk_min", "minutes", "straight_m",
    "off_network", "state", "arrive_at", "opens_at", "closes_at", "entry_mode", "amenities",
    "needs_unknown",
}  # fmt: skip


@pytest.fixture
def street(settings: Settings) -> Network:
    """Make a city of one street of 2 km from west to east."""
    made = network_of([(100 * k, 0) for k in range(21)], [(k, k + 1) for k in range(20)])
    folder = settings.cities / "street"
    folder.mkdir(parents=True)
    write_network(made, folder / "network")
    west, south, east, north = made.bounds
    box = f'"west": {west}, "south": {south - 0.01}, "east": {east}, "north": {north + 0.01}'
    (folder / "city.json").write_text(f'{{"code": "street", {box}, "sources": []}}')
    return made


@pytest.fixture
def stations(save: Save) -> None:
    """Save five stations along the street, 400 m apart, one with lunch break, one closed."""
    lon, lat = to_degrees(np.arange(5) * 400.0, np.full(5, 10.0))
    cells = [
        {"hours": "24/7", "amenities": "toilet"},
        {"hours": "Mo-Su 09:00-12:00,14:00-18:00", "amenities": "toilet:no"},
        {"hours": "24/7", "entry_mode": "app"},
        {},
        {"status": "temporarily_closed"},
    ]
    save(
        *(
            {"code": f"S{n}", "name": f"驿站{n}", "lon": repr(x), "lat": repr(y), **row}
            for n, (x, y, row) in enumerate(zip(lon.tolist(), lat.tolist(), cells, strict=True))
        )
    )


def at_metres(x: float, y: float = 0.0) -> str:
    lon, lat = to_degrees([x], [y])
    return f"lon={lon[0]!r}&lat={lat[0]!r}".replace("np.float64(", "").replace(")", "")


def get(client: FlaskClient, address: str, status: int = 200) -> Any:  # noqa: ANN401  # JSON
    response = client.get(f"/api/v1{address}")
    assert response.status_code == status, response.text
    return response.get_json(force=True)


@pytest.mark.usefixtures("stations", "street")
def test_an_answer_has_the_fields_of_the_design(client: FlaskClient) -> None:
    answer = get(client, f"/nearest?{at_metres(0)}&at={NOON}".replace("+", "%2B"))
    assert set(answer) == {"at", "mode", "demo", "results"}
    assert (answer["at"], answer["mode"], answer["demo"]) == (
        "2026-03-02T12:00:00+08:00",
        "walk",
        False,
    )
    assert all(set(result) == FIELDS for result in answer["results"])


@pytest.mark.parametrize("more", ["", "&mode=ride", "&need=toilet", "&no_phone=1", "&limit=2"])
def test_answers_are_those_of_geo(
    client: FlaskClient, street: Network, stations: None, own_store: Store, more: str
) -> None:
    del stations
    answer = get(client, f"/nearest?{at_metres(700)}&at=2026-03-02T12:00{more}")
    options: dict[str, Any] = {
        "&mode=ride": {"mode": "ride"},
        "&need=toilet": {"needs": ["toilet"]},
        "&no_phone=1": {"no_phone": True},
        "&limit=2": {"limit": 2},
    }.get(more, {})
    lon, lat = to_degrees([700], [0])
    expected = nearest(
        own_store.read_stations(),
        street,
        float(lon[0]),
        float(lat[0]),
        at=dt.datetime.fromisoformat(NOON),
        **options,
    )
    assert [one["code"] for one in answer["results"]] == [one.code for one in expected]
    for one, known in zip(answer["results"], expected, strict=True):
        assert one["walk_m"] == pytest.approx(known.walk_m, abs=0.005)
        assert one["state"] == known.state
        assert one["arrive_at"] == known.arrive_at.isoformat(timespec="seconds")
        assert one["needs_unknown"] == list(known.needs_unknown)
        assert not one["off_network"]


@pytest.mark.usefixtures("stations")
def test_without_a_city_ways_are_by_the_straight_line(client: FlaskClient) -> None:
    results = get(client, f"/nearest?{at_metres(0)}")["results"]
    assert [one["off_network"] for one in results] == [True] * 4
    assert results[0]["walk_m"] == pytest.approx(13, abs=0.1)


@pytest.mark.usefixtures("stations")
def test_a_station_that_is_not_in_use_is_not_among_the_nearest(client: FlaskClient) -> None:
    codes = {one["code"] for one in get(client, f"/nearest?{at_metres(1600)}")["results"]}
    assert codes == {"S0", "S1", "S2", "S3"}


@pytest.mark.usefixtures("street")
def test_a_saved_station_is_found_at_once_and_a_closed_one_no_longer(
    client: FlaskClient, save: Save, own_store: Store
) -> None:
    lon, lat = to_degrees([100, 300], [0, 0])
    places = [{"lon": repr(float(x)), "lat": repr(float(y))} for x, y in zip(lon, lat, strict=True)]
    save({"code": "A", "name": "甲", **places[0]})
    assert [one["code"] for one in get(client, f"/nearest?{at_metres(0)}")["results"]] == ["A"]
    save({"code": "B", "name": "乙", **places[1]})
    found = get(client, f"/nearest?{at_metres(400)}")["results"]
    assert [one["code"] for one in found] == ["B", "A"]
    now = dt.datetime.now(dt.UTC)
    own_store.set_status("B", "closed", actor="t", origin="t", now=now)
    assert [one["code"] for one in get(client, f"/nearest?{at_metres(400)}")["results"]] == ["A"]


def test_an_installation_without_stations_answers_with_none(client: FlaskClient) -> None:
    assert get(client, "/nearest?lon=116.3&lat=40")["results"] == []


@pytest.mark.usefixtures("stations")
def test_answers_to_positions_are_kept_by_nobody(client: FlaskClient) -> None:
    for address in ("/nearest?lon=116&lat=40", "/way?lon=116&lat=40&code=S0"):
        response = client.get(f"/api/v1{address}")
        assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.usefixtures("stations", "street")
def test_a_plus_that_became_a_space_is_read_as_the_offset_it_was(client: FlaskClient) -> None:
    assert get(client, f"/nearest?lon=116.3&lat=40&at={NOON}")["at"] == "2026-03-02T12:00:00+08:00"
    utc = get(client, "/nearest?lon=116.3&lat=40&at=2026-03-02T04:00Z")
    assert utc["at"] == "2026-03-02T12:00:00+08:00"


@pytest.mark.usefixtures("stations")
def test_needs_may_be_repeated_or_in_one_list(client: FlaskClient) -> None:
    one = get(client, "/nearest?lon=116.3&lat=40&need=toilet,wifi,no_phone")
    two = get(client, "/nearest?lon=116.3&lat=40&need=toilet&need=wifi&no_phone")
    assert one["results"] == two["results"]


@pytest.mark.parametrize(
    ("query", "code", "said"),
    [
        ("lat=40", "invalid_lon", "lon is missing"),
        ("lon=116.3", "invalid_lat", "lat is missing"),
        ("lon=40&lat=116.3", "invalid_lat", "swapped"),
        ("lon=216.3&lat=40", "invalid_lon", "outside"),
        ("lon=east&lat=40", "invalid_lon", "not a number"),
        ("lon=nan&lat=40", "invalid_lon", "not a number"),
        ("lon=116.3&lat=inf", "invalid_lat", "not a number"),
        ("lon=116.3&lat=40&at=noon", "invalid_at", "2026-01-31T04:30"),
        ("lon=116.3&lat=40&at=1700-01-01T00:00", "invalid_at", "1980-2099"),
        ("lon=116.3&lat=40&limit=0", "invalid_limit", "1 to 50"),
        ("lon=116.3&lat=40&limit=51", "invalid_limit", "1 to 50"),
        ("lon=116.3&lat=40&limit=ten", "invalid_limit", "1 to 50"),
        ("lon=116.3&lat=40&limit=1e1", "invalid_limit", "1 to 50"),
        ("lon=116.3&lat=40&need=sauna", "invalid_need", "unknown need 'sauna'"),
        ("lon=116.3&lat=40&mode=fly", "invalid_mode", "walk or ride"),
        ("lon=116.3&lat=40&no_phone=maybe", "invalid_no_phone", "neither"),
    ],
)
def test_a_bad_query_is_a_problem_that_names_the_parameter(
    client: FlaskClient, query: str, code: str, said: str
) -> None:
    response = client.get(f"/api/v1/nearest?{query}")
    problem = response.get_json(force=True)
    assert (response.status_code, response.mimetype) == (400, "application/problem+json")
    assert problem["code"] == code
    assert said in problem["detail"]


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("/nowhere", 404, "not_found"),
        ("/way?lon=116.3&lat=40&code=NO", 404, "unknown_station"),
        ("/way?lon=116.3&lat=40", 404, "unknown_station"),
        ("/way?lat=40&code=S0", 400, "invalid_lon"),
    ],
)
def test_every_error_is_a_problem(
    client: FlaskClient, address: str, status: int, code: str
) -> None:
    assert get(client, address, status)["code"] == code


def test_a_wrong_method_is_a_problem(client: FlaskClient) -> None:
    response = client.post("/api/v1/nearest")
    assert response.status_code == 405
    assert response.get_json(force=True)["code"] == "method_not_allowed"


# The way


@pytest.mark.usefixtures("stations", "street")
def test_the_way_is_a_line_along_the_street(client: FlaskClient) -> None:
    feature = get(client, f"/way?{at_metres(150, -30)}&code=S1")
    assert feature["type"] == "Feature"
    assert feature["properties"] == {
        "code": "S1",
        "metres": pytest.approx(30 + 250 + 10, abs=0.2),
        "minutes": pytest.approx(290 / 1000 * 15, abs=0.1),
        "off_network": False,
        "lines": [
            {"turn": "start", "text": "往东走 290\u00a0米", "street": "", "is_local": False},
            {"turn": "arrive", "text": "到了，在左手边", "street": "", "is_local": False},
        ],
    }
    assert len(feature["geometry"]["coordinates"]) == 6  # both ends, both feet, 200 and 300 m


@pytest.mark.usefixtures("stations", "street")
def test_far_from_the_streets_the_way_is_a_straight_line(client: FlaskClient) -> None:
    feature = get(client, f"/way?{at_metres(400, 700)}&code=S1")
    assert feature["properties"]["off_network"]
    assert "朝南走，大约 900\u00a0米" in feature["properties"]["lines"][0]["text"]
    assert len(feature["geometry"]["coordinates"]) == 2


@pytest.mark.usefixtures("stations")
def test_positions_are_not_logged(
    client: FlaskClient, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        msg = "unforeseen"
        raise KeyError(msg)

    with caplog.at_level("DEBUG"):
        client.get("/api/v1/nearest?lon=116.3456&lat=39.8765")
        monkeypatch.setattr("webmap.api.nearest.ask_nearest", fail)
        assert client.get("/api/v1/nearest?lon=116.3456&lat=39.8765").status_code == 500
    assert "unforeseen" in caplog.text
    assert "116.3456" not in caplog.text
    assert "39.8765" not in caplog.text
