"""A broken or missing amenity, and "gone": one tap, one check; nothing the public sees changes."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from geo.store import Store
    from tests.webmap.conftest import Save

NOW = dt.datetime(2026, 3, 2, 4, 30, tzinfo=dt.UTC)  # Monday 12:30 on the stations' clock
FIRST = "0b6e5b0e-6f0b-4d0e-9c58-6d4e3f0b9a11"
HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock(app: Flask, save: Save) -> list[dt.datetime]:
    """Return the clock of the site, a list of one moment, which now has a station."""
    save({"code": "A", "name": "甲", "hours": "24/7", "amenities": "microwave;toilet:no;wifi"})
    moments = [NOW]
    app.extensions["clock"] = lambda: moments[0]
    return moments


def post(client: FlaskClient, status: int = 201, **body: object) -> Any:  # noqa: ANN401  # JSON
    response = client.post("/api/v1/stations/A/reports", json=body)
    assert response.status_code == status, response.text
    return response.get_json(force=True)


def test_a_broken_amenity_is_kept_and_opens_a_check(client: FlaskClient, own_store: Store) -> None:
    answer = post(client, state="broken", amenity="microwave", mark="d")
    assert (answer["state"], answer["amenity"]) == ("broken", "microwave")
    (report,) = own_store.reports_since(NOW)
    assert (report.state, report.amenity) == ("broken", "microwave")
    post(client, state="broken", amenity="microwave", mark="e")
    post(client, state="missing", amenity="microwave", mark="e")
    (broken, missing) = sorted(own_store.list_checks(), key=lambda check: check.reason)
    assert (broken.code, broken.reason, broken.amenity) == ("A", "broken", "microwave")
    assert (missing.reason, missing.amenity) == ("missing", "microwave")
    assert own_store.read_stations(codes=["A"]).iloc[0]["amenities"].startswith("microwave;")


def test_gone_opens_a_check_and_hides_nothing(client: FlaskClient, own_store: Store) -> None:
    post(client, state="gone", mark="d")
    assert [check.reason for check in own_store.list_checks()] == ["gone"]
    assert "甲" in client.get("/").text


def test_a_burst_opens_no_check(client: FlaskClient, own_store: Store, save: Save) -> None:
    save(*({"code": code, "name": code} for code in "BCD"))
    for code in "BCDA":
        body = {"state": "gone", "mark": "d"}
        client.post(f"/api/v1/stations/{code}/reports", json=body)
    assert "A" not in {check.code for check in own_store.list_checks()}


def test_the_same_id_of_another_amenity_is_another_report(client: FlaskClient) -> None:
    body: Any = {"state": "broken", "amenity": "microwave", "id": FIRST}
    post(client, **body)
    post(client, 200, **body)
    assert post(client, 409, **body | {"amenity": "wifi"})["code"] == "conflict"


@pytest.mark.parametrize(
    "body",
    [
        {"state": "broken"},
        {"state": "broken", "amenity": ""},
        {"state": "missing", "amenity": "swimming_pool"},
        {"state": "missing", "amenity": ["microwave"]},
        {"state": "broken", "amenity": 7},
        {"state": "locked", "amenity": "microwave"},
        {"state": "open", "amenity": "microwave"},
    ],
)
def test_an_amenity_goes_with_its_states_alone(
    client: FlaskClient, own_store: Store, body: dict[str, object]
) -> None:
    assert post(client, 400, **body)["code"] == "invalid_amenity"
    assert own_store.reports_seq() == 0


def test_an_open_of_a_worker_is_in_the_trail(
    client: FlaskClient, clock: list[dt.datetime], save: Save
) -> None:
    save({"code": "A", "name": "甲", "hours": "24/7", "verified_on": "2026-03-01"})
    assert "1 天前有人确认" in client.get("/s/A").text
    post(client, state="open", mark="d")
    assert "今天有人说开着" in client.get("/s/A").text
    clock[0] = NOW + 50 * HOUR
    assert "2 天前有人说开着" in client.get("/s/A").text


def test_a_burst_is_not_in_the_trail(client: FlaskClient, save: Save) -> None:
    save(*({"code": code, "name": code} for code in "BCD"))
    for code in "ABCD":
        client.post(f"/api/v1/stations/{code}/reports", json={"state": "open", "mark": "d"})
    assert "有人说开着" not in client.get("/s/A").text
