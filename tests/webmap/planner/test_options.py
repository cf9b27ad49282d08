"""The options of a run: what was typed and what it means."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from webmap.planner.options import Form, find_file_fault
from webmap.runs.record import File, Options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask


@pytest.fixture(autouse=True)
def asked(app: Flask) -> Iterator[None]:
    """Stand inside a request: messages are in its language.

    Yields
    ------
    None
        For the time of the test.
    """
    with app.test_request_context("/plan/"):
        yield


def test_the_defaults_are_the_national_rule_and_the_stations_clock() -> None:
    form = Form.typed({"by_area": "yes"})
    assert form.options([]) == Options(1000.0, "Asia/Shanghai", "auto", by_area=True)
    assert form.errors == {}


@pytest.mark.parametrize("typed", ["", "0", "-5", "nan", "inf", "49", "5001", "一公里", "1e9"])
def test_a_limit_that_is_no_walk_is_refused_at_its_field(typed: str) -> None:
    form = Form.typed({"limit": "own", "own_limit": typed})
    form.options([])
    assert form.errors == {"limit": "写 50 到 5000 之间的一个数，单位是米。"}


@pytest.mark.parametrize(("typed", "limit_m"), [("300", 300.0), ("1,500", 1500.0), ("75.5", 75.5)])
def test_a_limit_of_ones_own_is_taken(typed: str, limit_m: float) -> None:
    assert Form.typed({"limit": "own", "own_limit": typed}).options([]).limit_m == limit_m


@pytest.mark.parametrize(("field", "value"), [("tz", "Mars/Olympus"), ("datum", "mars")])
def test_a_word_that_no_list_has_is_refused(field: str, value: str) -> None:
    form = Form.typed({field: value})
    form.options([])
    assert list(form.errors) == [field]


@pytest.mark.parametrize(
    "options",
    [
        Options(),
        Options(500.0, "UTC", "gcj02", by_area=False),
        Options(320.0, "Asia/Tokyo", "bd09"),
    ],
)
def test_a_form_of_options_means_these_options_again(options: Options) -> None:
    again = Form.of("早班", options).options([])
    assert (again.limit_m, again.datum, again.by_area) == (
        options.limit_m,
        options.datum,
        options.by_area,
    )
    assert again.tz == (options.tz or "Asia/Shanghai")


def test_names_of_two_datums_ask_which_unless_it_is_said() -> None:
    files = [File("a_gcj02.csv", 1), File("b.csv", 1)]
    form = Form.typed({})
    form.options(files)
    assert list(form.errors) == ["datum"]
    said = Form.typed({"datum": "wgs84"})
    said.options(files)
    assert said.errors == {}


@pytest.mark.parametrize(
    "name", ["a.csv", "a.CSV", "a.csv.gz", "a.gpx", "a.gpx.gz", "a.geojson", "a.json", "a.zip"]
)
def test_known_formats_pass(name: str) -> None:
    assert find_file_fault([File(name, 1)]) == ("", "")


@pytest.mark.parametrize("name", ["a.xlsx", "a.gz", "a", "a.zip.exe", "gpx", "a.tar.gz"])
def test_other_formats_are_named(name: str) -> None:
    assert find_file_fault([File("ok.csv", 1), File(name, 1)]) == ("format", name)
