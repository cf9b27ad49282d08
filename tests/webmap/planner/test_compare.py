"""Two runs side by side: the differences are those of the files, recomputed here."""

from __future__ import annotations

import csv
import html
import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.webmap.planner.conftest import record
from tests.webmap.planner.made import put_done
from tests.webmap.staff.conftest import HOSTILE
from webmap.planner.differences import compare, signed, week_change
from webmap.planner.files import read_stations
from webmap.runs import FAILED

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

    from tests.webmap.staff.conftest import Login
    from webmap.planner.differences import Comparison
    from webmap.settings import Settings

ROUNDING = 0.0501  # of what the page shows to one decimal


def summary_of(result: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((result / "summary.json").read_text(encoding="utf-8"))
    return found


def stations_of(result: Path) -> dict[str, dict[str, str]]:
    with (result / "by_station.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["code"]: row for row in csv.DictReader(file)}


def number(text: str) -> float:
    return float(text.replace("\N{MINUS SIGN}", "-").replace(",", ""))


@pytest.fixture
def found(app: Flask, one: Path, other: Path) -> Comparison:
    with app.test_request_context("/plan/compare"):
        return compare(
            summary_of(one), summary_of(other), (read_stations(one), read_stations(other))
        )


def test_shares_differ_by_the_points_of_the_two_files(
    found: Comparison, one: Path, other: Path
) -> None:
    a, b = summary_of(one), summary_of(other)
    expected = [
        *(
            (a[name]["share_time"], b[name]["share_time"])
            for name in ("effective", "nominal", "straight")
        ),
        tuple(
            sum(cause["min"] for cause in of["by_cause"].values()) / of["duration_min"]
            for of in (a, b)
        ),
        (a["effective"]["unknown_share_time"], b["effective"]["unknown_share_time"]),
    ]  # fmt: skip
    assert len(found.shares) == len(expected)
    for row, (first, second) in zip(found.shares, expected, strict=True):
        assert number(row.a) == pytest.approx(100 * first, abs=ROUNDING)
        assert number(row.b) == pytest.approx(100 * second, abs=ROUNDING)
        assert number(row.change) == pytest.approx(100 * (second - first), abs=ROUNDING)
    assert found.shares[0].trend == "better"
    assert found.shares[3].trend == "better"  # less time with nowhere


def test_the_week_says_by_how_many_points_each_hour_changed(
    found: Comparison, one: Path, other: Path
) -> None:
    cells = [cell for _, row in found.hours for cell in row]
    a, b = (summary_of(of)["by_hour_of_week"] for of in (one, other))
    assert len(cells) == 168
    for cell, first, second in zip(cells, a, b, strict=True):
        if first is None or second is None:
            assert (cell.text, cell.shade) == ("", "none")
            continue
        gaps = [1 - of["effective_share"] - of["effective_unknown_share"] for of in (first, second)]
        assert number(cell.text) == pytest.approx(100 * (gaps[1] - gaps[0]), abs=0.501)
        fallen = round(100 * (gaps[0] - gaps[1]))
        assert cell.shade == f"down{1 + (fallen >= 5) + (fallen >= 20)}"


def test_an_hour_that_only_one_of_them_has_is_left_empty(one: Path, other: Path) -> None:
    a, b = summary_of(one), summary_of(other)
    a["by_hour_of_week"][4] = None
    b["by_hour_of_week"][7] = None
    changes = week_change(a, b)
    assert changes[4] is None
    assert changes[7] is None


def test_areas_are_met_by_name_and_one_without_a_partner_has_no_difference(
    app: Flask, one: Path, other: Path
) -> None:
    a, b = summary_of(one), summary_of(other)
    b["by_area"][0]["area"] = "新街道"
    with app.test_request_context("/plan/compare"):
        result = compare(a, b, ([], []))
    (layer,) = result.layers
    rows = {row.name: row for row in layer.rows}
    assert set(rows) == {a["by_area"][0]["area"], "新街道", a["by_area"][1]["area"]}
    assert (rows["新街道"].a, rows["新街道"].change) == ("–", "–")
    pair = a["by_area"][1], b["by_area"][1]
    gaps = [1 - of["effective_share"] - of["effective_unknown_share"] for of in pair]
    shown = rows[pair[0]["area"]]
    assert number(shown.change) == pytest.approx(100 * (gaps[1] - gaps[0]), abs=ROUNDING)
    assert any("街道不一样" in text for text in result.warnings)


def test_causes_differ_in_points_of_the_whole_time(
    found: Comparison, one: Path, other: Path
) -> None:
    a, b = summary_of(one), summary_of(other)
    names = [
        name for name in a["by_cause"] if a["by_cause"][name]["min"] or b["by_cause"][name]["min"]
    ]
    assert len(found.causes) == len(names)
    first, second = (
        [of["by_cause"][name]["min"] / of["duration_min"] for name in names] for of in (a, b)
    )
    points = sorted(100 * (y - x) for x, y in zip(first, second, strict=True))
    shown = sorted(number(row.change) for row in found.causes)
    assert shown == pytest.approx(points, abs=ROUNDING)


def test_stations_that_came_or_changed_are_named_with_the_hours_they_gained(
    found: Comparison, one: Path, other: Path
) -> None:
    a, b = stations_of(one), stations_of(other)
    rows = {row.code: row for row in found.stations}
    assert set(rows) == {"S000", "S001"}
    assert rows["S001"].note == "只在后一次有"
    assert rows["S000"].note.startswith("时间改了：")
    for code, row in rows.items():
        first = float(a[code]["effective_alone_min"]) if code in a else 0.0
        gained = (float(b[code]["effective_alone_min"]) - first) / 60
        assert number(row.alone.change) == pytest.approx(gained, abs=ROUNDING)


def test_the_same_run_twice_differs_in_nothing(app: Flask, one: Path) -> None:
    summary = summary_of(one)
    with app.test_request_context("/plan/compare"):
        result = compare(summary, summary, (read_stations(one), read_stations(one)))
    assert result.warnings == []
    assert result.inputs == []
    assert result.stations == []
    assert {row.change for row in (*result.shares, *result.reach, *result.causes)} == {"0"}
    assert {cell.shade for _, row in result.hours for cell in row} == {"none", "same"}


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"limit_m": 500.0}, "走多远算近"),
        ({"kind": "beats"}, "计划的线路"),
        ({"needs": ["toilet"]}, "要求不一样"),
        ({"max_age_days": 30.0}, "多久没核实"),
        ({"duration_min": 10_000.0}, "线路差得多"),
    ],
)
def test_what_cannot_be_compared_is_said_first(
    app: Flask, one: Path, cells: dict[str, Any], said: str
) -> None:
    summary = summary_of(one)
    with app.test_request_context("/plan/compare"):
        result = compare(summary, {**summary, **cells}, ([], []))
    assert len(result.warnings) == 1
    assert said in result.warnings[0]


@pytest.mark.parametrize(
    ("change", "text"),
    [(0.04, "0"), (-0.04, "0"), (12.34, "+12.3"), (-1234.56, "\N{MINUS SIGN}1,234.6")],
)
def test_a_difference_carries_its_sign_and_nothing_has_none(change: float, text: str) -> None:
    assert signed(change) == text


def test_the_page_shows_both_and_keeps_names_as_text(
    login: Login, settings: Settings, one: Path, few: Path
) -> None:
    browser = login()
    a, b = put_done(settings, one, name=HOSTILE), put_done(settings, few, name="七月")
    for lang in ("zh", "en"):
        page = browser.get(f"/plan/compare?a={a.id}&b={b.id}&lang={lang}").text
        assert "<img src=x" not in page
        assert HOSTILE in html.unescape(page)
        for run in (a, b):
            assert f'href="/plan/runs/{run.id}"' in page
    page = browser.get(f"/plan/compare?a={a.id}&b={b.id}&lang=zh").text
    assert page.index("走多远算近”不一样") < page.index('id="shares"')
    assert page.count('class="stamp"') == 1  # of the four workers
    plan = json.loads(re.findall(r'id="plan">(.*?)</script>', page, re.DOTALL)[0])
    assert [of["lines"] for of in plan["runs"]] == [
        f"/plan/runs/{run.id}/lines.json" for run in (a, b)
    ]


def test_two_ticked_runs_stand_in_the_order_of_their_making(
    login: Login, settings: Settings, one: Path, other: Path
) -> None:
    browser = login()
    late = put_done(settings, other, name="后来", created="2026-03-02T00:00:00.000+00:00")
    early = put_done(settings, one, name="先前", created="2026-03-01T00:00:00.000+00:00")
    page = browser.get(f"/plan/compare?run={late.id}&run={early.id}").text
    assert page.index(f'href="/plan/runs/{early.id}"') < page.index(f'href="/plan/runs/{late.id}"')


def test_without_two_results_one_is_asked_which(
    login: Login, settings: Settings, one: Path, other: Path
) -> None:
    browser, stranger = login(), login("小李")
    assert "要有两次算好的结果才能比" in browser.get("/plan/compare").text
    a, b = put_done(settings, one), put_done(settings, other)
    failed = record(settings, state=FAILED)[1]
    page = browser.get(f"/plan/compare?a={a.id}").text
    assert f'value="{a.id}" selected' in page
    assert failed.id not in page
    for query in (f"a={a.id}&b={a.id}", f"a={a.id}&b={failed.id}", "a=x&b=y"):
        assert "请选两次不同的、算好了的结果。" in browser.get(f"/plan/compare?{query}").text
    page = stranger.get(f"/plan/compare?a={a.id}&b={b.id}").text
    assert a.id not in page.replace(f"?a={a.id}", "")
    assert "早班" not in page
