"""The options of a run: what was typed and what it means."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from werkzeug.datastructures import MultiDict

from webmap.planner.options import NEEDS, Form, find_file_fault
from webmap.runs.record import File, Options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

TODAY = dt.date(2026, 3, 4)  # a Wednesday


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


def typed(**fields: str | list[str]) -> Form:
    return Form.typed(MultiDict(fields))


def meant(form: Form, *files: File) -> Options:
    return form.options(files, today=TODAY)


def test_the_defaults_are_the_national_rule_and_the_stations_clock() -> None:
    form = typed(by_area="yes")
    assert meant(form) == Options(tz="Asia/Shanghai", by_area=True)
    assert form.errors == {}


@pytest.mark.parametrize("text", ["", "0", "-5", "nan", "inf", "49", "5001", "一公里", "1e9"])
def test_a_limit_that_is_no_walk_is_refused_at_its_field(text: str) -> None:
    form = typed(limit="own", own_limit=text)
    meant(form)
    assert form.errors == {"limit": "写 50 到 5000 之间的一个数，单位是米。"}


@pytest.mark.parametrize(("text", "limit_m"), [("300", 300.0), ("1,500", 1500.0), ("75.5", 75.5)])
def test_a_limit_of_ones_own_is_taken(text: str, limit_m: float) -> None:
    assert meant(typed(limit="own", own_limit=text)).limit_m == limit_m


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("tz", "Mars/Olympus"),
        ("datum", "mars"),
        ("max_age", "0"),
        ("max_age", "half"),
        ("max_age", "nan"),
        ("week", "next"),
        ("week", "1999-01-01"),
        ("as_of", "2026-03-05"),
        ("as_of", "2026-02-30"),
        ("shifts", "随便"),
        ("shifts", "Mo-Fr 04:00-11:00\n周一到周五 随便"),
        ("shifts", "\n".join(f"{n}:00-{n + 1}:00" for n in range(1, 10))),
    ],
)
def test_what_has_no_meaning_is_refused_at_its_field(field: str, value: str) -> None:
    form = typed(**{field: value})
    meant(form)
    assert list(form.errors) == [field]


def test_shifts_in_chinese_words_become_osm_hours_once_each_and_are_said_back() -> None:
    form = typed(shifts="周一到周五 早上4点到11点\r\n\r\nMo-Fr 04:00-11:00\n22:00-06:00")
    assert meant(form).shifts == ("Mo-Fr 04:00-11:00", "22:00-06:00")
    assert [osm for osm, _ in form.shifts_said()] == [
        "Mo-Fr 04:00-11:00",
        "Mo-Fr 04:00-11:00",
        "22:00-06:00",
    ]
    assert form.shifts.startswith("周一到周五 早上4点到11点")


def test_hours_that_may_be_morning_or_afternoon_are_asked_for_again() -> None:
    form = typed(shifts="周一到周五 4点到11点")
    assert meant(form).shifts == ()
    assert "写成：周一到周五 早上4点到11点。" in form.errors["shifts"]


def test_a_day_of_a_week_stands_for_its_monday() -> None:
    assert meant(typed(week="2026-03-08")).week == "2026-03-02"
    assert meant(typed(week="2026-03-09")).week == "2026-03-09"


def test_needs_that_no_list_has_are_passed_over() -> None:
    form = typed(needs=[NEEDS[1], "gold", NEEDS[0]], no_phone="yes")
    assert (meant(form).needs, meant(form).no_phone) == ((NEEDS[0], NEEDS[1]), True)


def test_chosen_columns_are_kept_and_left_ones_are_not() -> None:
    form = typed(column_time="t", column_lon="", column_speed="v")
    assert meant(form).columns == {"time": "t"}


@pytest.mark.parametrize(
    "options",
    [
        Options(),
        Options(500.0, "UTC", "gcj02", by_area=False),
        Options(320.0, "Asia/Tokyo", "bd09"),
        Options(
            columns={"time": "t"},
            max_age_days=90.0,
            needs=("toilet",),
            no_phone=True,
            shifts=("Mo-Fr 04:00-11:00", "22:00-06:00"),
            week="2026-03-02",
            as_of="2026-03-01",
            beats=("a", "b"),
        ),
    ],
)
def test_a_form_of_options_means_these_options_again(options: Options) -> None:
    again = meant(Form.of("早班", options))
    expected = Options(
        **{name: getattr(options, name) for name in Options.__slots__ if name != "tz"},
        tz=options.tz or "Asia/Shanghai",
    )
    assert again == expected


def test_names_of_two_datums_ask_which_unless_it_is_said() -> None:
    files = [File("a_gcj02.csv", 1), File("b.csv", 1)]
    form = typed()
    meant(form, *files)
    assert list(form.errors) == ["datum"]
    said = typed(datum="wgs84")
    meant(said, *files)
    assert said.errors == {}


@pytest.mark.parametrize(
    "name",
    ["a.csv", "a.CSV", "a.csv.gz", "a.gpx", "a.gpx.gz", "a.geojson", "a.json", "a.zip", "a.gpkg"],
)
def test_known_formats_pass(name: str) -> None:
    assert find_file_fault([File(name, 1)]) == ("", "")


@pytest.mark.parametrize("name", ["a.docx", "a.gz", "a", "a.zip.exe", "gpx", "a.tar.gz"])
def test_other_formats_are_named(name: str) -> None:
    assert find_file_fault([File("ok.csv", 1), File(name, 1)]) == ("format", name)


@pytest.mark.parametrize("name", ["a.xlsx", "A.XLS", "a.et", "a.ods"])
def test_a_workbook_is_told_apart_from_other_formats(name: str) -> None:
    assert find_file_fault([File(name, 1)]) == ("workbook", name)
