"""``/api/v1/stations``: pages, filters, one station; never what only staff may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from geo.stations.schema import PUBLIC_NAMES

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.webmap.conftest import Save

MONDAY = "2026-03-02T12:00"


def get(client: FlaskClient, address: str, status: int = 200) -> Any:  # noqa: ANN401  # JSON
    response = client.get(f"/api/v1{address}")
    assert response.status_code == status, response.text
    return response.get_json(force=True)


def codes(client: FlaskClient, query: str) -> list[str]:
    return [row["code"] for row in get(client, f"/stations?{query}")["stations"]]


@pytest.fixture
def _three(save: Save) -> None:
    save(
        {
            "code": "C",
            "name": "东四驿站",
            "district": "东城区",
            "subdistrict": "东四街道",
            "hours": "24/7",
            "amenities": "toilet;wifi",
            "contact": "王姐",
            "manager": "李",
        },
        {"code": "A", "name": "北新桥", "kind": "union_hub", "district": "东城区", "hours": "off"},
        {"code": "B", "name": "望京", "aliases": "花家地;阜通", "amenities": "toilet:no"},
    )


@pytest.mark.usefixtures("_three")
def test_stations_stand_in_the_order_of_their_codes_with_their_public_fields(
    client: FlaskClient,
) -> None:
    answer = get(client, "/stations")
    assert set(answer) == {"demo", "seq", "stations", "next"}
    assert [row["code"] for row in answer["stations"]] == ["A", "B", "C"]
    assert all(tuple(row) == PUBLIC_NAMES for row in answer["stations"])
    assert answer["stations"][1]["aliases"] == ["花家地", "阜通"]
    assert answer["stations"][1]["area_m2"] is None
    assert answer["next"] is None


@pytest.mark.usefixtures("_three")
@pytest.mark.parametrize("address", ["/stations", "/stations/C"])
def test_what_only_staff_may_see_is_in_no_answer(client: FlaskClient, address: str) -> None:
    text = client.get(f"/api/v1{address}").text
    assert "东四驿站" in text
    assert not any(word in text for word in ("王姐", "contact", "manager"))


@pytest.mark.usefixtures("_three")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("bbox=115.9995,39,116.0005,41", ["C"]),
        ("kind=union_hub", ["A"]),
        ("kind=union_hub,rest_station", ["A", "B", "C"]),
        ("need=toilet", ["C"]),
        ("need=toilet&need=wifi", ["C"]),
        ("need=aed", []),
        (f"open_at={MONDAY}", ["C"]),
        ("q=驿站", ["A", "B", "C"]),  # a word for all of them
        ("q=东四", ["C"]),
        ("q=dongsi", ["C"]),
        ("q=花家地", ["B"]),
        ("area=东城区", ["A", "C"]),
        ("area=东四街道", ["C"]),
        ("area=东城区&kind=union_hub&q=桥", ["A"]),
    ],
)
def test_filters_hold_together(client: FlaskClient, query: str, found: list[str]) -> None:
    assert codes(client, query) == found


def test_pages_by_cursor_hold_every_station_once_even_if_one_is_saved_between(
    client: FlaskClient, save: Save
) -> None:
    save(*({"code": f"S{n:02}", "name": "x"} for n in range(0, 24, 2)))
    first = get(client, "/stations?limit=5")
    save({"code": "S01", "name": "late, behind the cursor"}, {"code": "S11", "name": "late"})
    seen = [row["code"] for row in first["stations"]]
    cursor = first["next"]
    while cursor:
        page = get(client, f"/stations?limit=5&cursor={cursor}")
        seen += [row["code"] for row in page["stations"]]
        cursor = page["next"]
    assert seen == sorted({f"S{n:02}" for n in range(0, 24, 2)} | {"S11"})


def test_the_last_full_page_says_that_nothing_follows(client: FlaskClient, save: Save) -> None:
    save({"code": "A", "name": "x"}, {"code": "B", "name": "x"})
    assert get(client, "/stations?limit=2")["next"] is None


def test_a_closed_station_is_not_listed_but_its_own_address_says_so(
    client: FlaskClient, save: Save
) -> None:
    save({"code": "A", "name": "x", "status": "closed", "hours": "24/7"})
    assert codes(client, "") == []
    answer = get(client, "/stations/A")
    assert (answer["status"], answer["state"]) == ("closed", "closed")


@pytest.mark.usefixtures("_three")
def test_one_station_comes_with_its_state_now(client: FlaskClient) -> None:
    answer = get(client, "/stations/C")
    assert (answer["state"], answer["opens_at"], answer["demo"]) == ("open", None, False)
    assert get(client, "/stations/B")["state"] == "unknown"
    assert get(client, "/stations/A")["state"] == "closed"


def test_an_unknown_code_is_a_problem(client: FlaskClient) -> None:
    assert get(client, "/stations/NO", 404)["code"] == "unknown_station"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("bbox=1,2,3", "invalid_bbox"),
        ("bbox=3,2,1,4", "invalid_bbox"),
        ("bbox=a,b,c,d", "invalid_bbox"),
        ("bbox=nan,0,1,1", "invalid_bbox"),
        ("kind=hut", "invalid_kind"),
        ("need=sauna", "invalid_need"),
        ("open_at=never", "invalid_open_at"),
        ("limit=1001", "invalid_limit"),
        ("cursor=%ff", "invalid_cursor"),
        ("cursor=a", "invalid_cursor"),
    ],
)
def test_a_bad_query_is_a_problem_that_names_the_parameter(
    client: FlaskClient, query: str, code: str
) -> None:
    assert get(client, f"/stations?{query}", 400)["code"] == code


def test_a_code_with_a_slash_is_found_and_the_list_stays_the_list(
    client: FlaskClient, save: Save
) -> None:
    save({"code": "a/b", "name": "斜杠驿站"}, {"code": "a", "name": "别的"})
    for address in ("/stations/a/b", "/stations/a%2Fb"):
        assert get(client, address)["code"] == "a/b"
    assert get(client, "/stations/a")["code"] == "a"
    assert codes(client, "") == ["a", "a/b"]
    assert get(client, "/stations/a/c", status=404)["code"] == "unknown_station"
