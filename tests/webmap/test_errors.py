"""Every error has one status and one shape, and none shows a stack."""

from __future__ import annotations

import inspect
import logging
from typing import TYPE_CHECKING

import pytest

from geo import errors as geo_errors
from geo.errors import GeoError, InvalidOptionError, UnknownStationError
from webmap.errors import ANSWERS, Answer, find_answer

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

CLASSES = [
    kind
    for _, kind in inspect.getmembers(geo_errors, inspect.isclass)
    if issubclass(kind, GeoError) and kind is not GeoError
]


@pytest.mark.parametrize("kind", CLASSES)
def test_every_error_of_geo_has_an_answer(kind: type[GeoError]) -> None:
    assert kind in ANSWERS
    assert ANSWERS[kind].code.replace("_", "").isalpha()


def test_codes_are_distinct() -> None:
    assert len({answer.code for answer in ANSWERS.values()}) == len(ANSWERS)


def test_a_class_below_a_known_one_takes_its_answer() -> None:
    class NearerError(UnknownStationError):
        """Made up."""

    assert find_answer(NearerError("x")) == Answer(404, "unknown_station")


@pytest.fixture
def failing(app: Flask) -> FlaskClient:
    """Return a browser of an application with pages that fail."""

    @app.get("/api/foreseen")
    @app.get("/foreseen")
    def foreseen() -> str:
        msg = "limit is 0; it must be at least 1"
        raise InvalidOptionError(msg)

    @app.get("/api/unforeseen")
    @app.get("/unforeseen")
    def unforeseen() -> str:
        msg = "something private"
        raise KeyError(msg)

    return app.test_client()


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/api/foreseen", 400, "invalid_option"),
        ("/api/nowhere", 404, "not_found"),
        ("/api/unforeseen", 500, "internal"),
        ("/ogc/nowhere", 404, "not_found"),
    ],
)
def test_programs_get_a_problem(failing: FlaskClient, path: str, status: int, code: str) -> None:
    response = failing.get(path)
    problem = response.get_json(force=True)
    assert response.mimetype == "application/problem+json"
    assert set(problem) == {"type", "title", "status", "detail", "code"}
    assert (response.status_code, problem["status"], problem["code"]) == (status, status, code)


def test_a_wrong_method_is_a_problem_that_says_which_are_right(failing: FlaskClient) -> None:
    response = failing.post("/healthz")
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]
    assert response.get_json(force=True)["code"] == "method_not_allowed"


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/nowhere", "没有这个页面"),
        ("/nowhere?lang=en", "There is no such page"),
        ("/unforeseen", "出了点问题"),
        ("/unforeseen?lang=en", "Something went wrong"),
        ("/foreseen", "看不懂"),
    ],
)
def test_people_get_a_page_in_their_language(
    failing: FlaskClient, address: str, words: str
) -> None:
    response = failing.get(address)
    assert response.status_code >= 400
    assert response.mimetype == "text/html"
    assert words in response.text


def test_an_unforeseen_error_is_logged_with_its_stack_and_shown_to_nobody(
    failing: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, logger="webmap"):
        for path in ("/unforeseen", "/api/unforeseen"):
            assert "something private" not in failing.get(path).text
    assert "something private" in caplog.text
    assert "Traceback" in caplog.text


def test_a_foreseen_error_is_logged_without_a_stack(
    failing: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    failing.get("/foreseen")
    assert "Traceback" not in caplog.text
