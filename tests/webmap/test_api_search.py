"""``/api/v1/search``: what it answers, and what it refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.webmap.conftest import Save


@pytest.fixture
def _two(save: Save) -> None:
    save(
        {"code": "A", "name": "隆福寺驿站", "district": "东城区", "contact": "王姐"},
        {"code": "B", "name": "隆福寺北驿站", "address": "东四北大街1号"},
    )


pytestmark = pytest.mark.usefixtures("_two")


def test_stations_stand_by_rank_with_what_a_list_shows(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search?q=lfs&limit=1")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json == {
        "q": "lfs",
        "is_guess": False,
        "demo": False,
        "stations": [
            {
                "code": "A",
                "name": "隆福寺驿站",
                "kind": "rest_station",
                "lon": 116.0,
                "lat": 40.0,
                "address": "",
                "district": "东城区",
                "subdistrict": "",
            }
        ],
        "places": [],
    }


def test_a_guess_is_said_and_the_nearer_of_equals_is_first(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search?q=龙福寺&lon=116.001&lat=40").json
    assert answer is not None
    assert answer["is_guess"]
    assert {row["code"] for row in answer["stations"]} == {"A", "B"}
    near = client.get("/api/v1/search?q=驿站&lon=116.001&lat=40").json
    assert near is not None
    assert [row["code"] for row in near["stations"]] == ["B", "A"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "invalid_q"),
        ("q=", "invalid_q"),
        ("q=%20", "invalid_q"),
        ("q=" + "甲" * 81, "invalid_q"),
        ("q=a&limit=0", "invalid_limit"),
        ("q=a&limit=51", "invalid_limit"),
        ("q=a&lon=116", "invalid_lat"),
        ("q=a&lat=40", "invalid_lon"),
        ("q=a&lon=40&lat=116", "invalid_lat"),
    ],
)
def test_a_bad_question_is_refused_by_a_problem(client: FlaskClient, query: str, code: str) -> None:
    answer = client.get(f"/api/v1/search?{query}")
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert answer.json is not None
    assert answer.json["code"] == code
