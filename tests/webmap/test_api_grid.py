"""``/api/v1/grid``: clusters and single dots of a view, their states, and how long they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from geo.store import Store
    from tests.webmap.conftest import Save

WORLD = "/grid/0/0/0/3/3"


def cells(client: FlaskClient, address: str) -> list[Any]:
    response = client.get(f"/api/v1{address}")
    assert response.status_code == 200, response.text
    found: list[Any] = response.get_json()["cells"]
    return found


def test_a_single_dot_has_kind_state_and_code_but_no_name(client: FlaskClient, save: Save) -> None:
    save({"code": "A", "name": "甲站", "kind": "union_hub", "hours": "24/7"})
    assert cells(client, WORLD) == [[116.0, 40.0, 1, 1, "union_hub", "open", "A"]]
    assert "甲站" not in client.get(f"/api/v1{WORLD}").text


def test_a_cluster_has_the_mean_place_and_says_how_many_are_open(
    client: FlaskClient, save: Save
) -> None:
    save(
        {"code": "A", "name": "x", "lon": "116", "hours": "24/7"},
        {"code": "B", "name": "x", "lon": "117", "hours": "off"},
        {"code": "C", "name": "x", "lon": "118"},
    )
    assert cells(client, WORLD) == [[117.0, 40.0, 3, 1, "", ""]]


def test_stations_at_one_place_are_listed_as_no_zoom_parts_them(
    client: FlaskClient, save: Save
) -> None:
    save(*({"code": f"S{n:02}", "name": "x", "lon": "116", "lat": "40"} for n in range(25)))
    (cell,) = cells(client, WORLD)
    assert cell[2:6] == [25, 0, "", ""]
    assert sorted(cell[6]) == [f"S{n:02}" for n in range(20)]


@pytest.mark.parametrize("status", ["temporarily_closed", "planned", "built_not_open"])
def test_a_station_not_in_use_is_closed_whatever_its_hours(
    client: FlaskClient, save: Save, status: str
) -> None:
    save({"code": "A", "name": "x", "hours": "24/7", "status": status})
    assert cells(client, WORLD)[0][3:6] == [0, "rest_station", "closed"]


def test_hours_nobody_knows_are_unknown(client: FlaskClient, save: Save) -> None:
    save({"code": "A", "name": "x"})
    assert cells(client, WORLD)[0][3:6] == [0, "rest_station", "unknown"]


def test_an_unchanged_view_is_not_sent_again_and_a_changed_one_is_at_once(
    client: FlaskClient, save: Save, own_store: Store
) -> None:
    save({"code": "A", "name": "x", "hours": "24/7"})
    first = client.get(f"/api/v1{WORLD}")
    mark = {"If-None-Match": first.headers["ETag"]}
    assert first.headers["Cache-Control"] == "no-cache"
    assert client.get(f"/api/v1{WORLD}", headers=mark).status_code == 304
    save({"code": "B", "name": "y", "hours": "24/7"})
    again = client.get(f"/api/v1{WORLD}", headers=mark)
    assert again.get_json()["cells"][0][2] == 2
    assert own_store.count_stations() == 2


def test_no_stations_no_cells(client: FlaskClient) -> None:
    assert cells(client, WORLD) == []


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/grid/23/0/0/1/1", "not in 0-22"),
        ("/grid/5/3/0/2/1", "lower number"),
        ("/grid/16/0/0/9999/9999", "ask for less"),
        ("/grid/16/0/0/99999999999999999999/1", "ask for less"),
        (f"/grid/3/{'9' * 23}/0/{'9' * 23}/0", "out of the world"),
        ("/grid/3/0/32/0/32", "cells of 0-31"),
    ],
)
def test_a_window_that_is_none_is_a_problem(client: FlaskClient, address: str, said: str) -> None:
    response = client.get(f"/api/v1{address}")
    problem = response.get_json(force=True)
    assert (response.status_code, problem["code"]) == (400, "invalid_window")
    assert said in problem["detail"]


def test_an_address_without_numbers_is_not_found(client: FlaskClient) -> None:
    assert client.get("/api/v1/grid/a/0/0/1/1").status_code == 404


def test_states_may_be_asked_for_another_time(client: FlaskClient, save: Save) -> None:
    save({"code": "A", "name": "x", "hours": "Mo-Su 09:00-17:00"})
    states = [
        cells(client, f"{WORLD}?at=2026-03-02T{clock}")[0][5]
        for clock in ("03:00", "08:50", "12:00")
    ]
    assert states == ["closed", "opens_soon", "open"]


def test_another_time_that_is_none_is_refused(client: FlaskClient) -> None:
    assert client.get(f"/api/v1{WORLD}?at=noon").status_code in {400, 422}
