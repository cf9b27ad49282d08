"""The page of a result: its words and numbers are those of the files, and stay text."""

from __future__ import annotations

import csv
import html
import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from geo.report import say
from geo.report.explain import worst_places
from tests.webmap.planner.conftest import record
from tests.webmap.planner.made import put_done
from tests.webmap.staff.conftest import HOSTILE
from webmap.planner.results import DOWNLOADS
from webmap.planner.week import gap_shares
from webmap.runs import FAILED, Desk
from webmap.runs.record import DEMO, Fault

if TYPE_CHECKING:
    from pathlib import Path

    from tests.webmap.staff.conftest import Login
    from webmap.settings import Settings


def summary_of(result: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((result / "summary.json").read_text(encoding="utf-8"))
    return found


def plan_of(page: str) -> dict[str, Any]:
    """Return what the page hands to its scripts."""
    found = re.search(r'<script type="application/json" id="plan">(.*?)</script>', page, re.DOTALL)
    assert found
    plan: dict[str, Any] = json.loads(found[1])
    return plan


@pytest.fixture
def address(settings: Settings, one: Path, login: Login) -> str:
    """Put a done run of the small city on the desk and return its address."""
    login()
    return f"/plan/runs/{put_done(settings, one).id}"


def test_the_headline_and_what_it_rests_on_are_the_report_s(
    address: str, login: Login, one: Path
) -> None:
    browser = login()
    summary = summary_of(one)
    for lang in ("zh", "en"):
        page = html.unescape(browser.get(f"{address}?lang={lang}").text)
        assert say.headline(summary, lang) in page
        assert " · ".join(say.base(summary, lang)) in page
        for text in say.doubts(summary, lang):
            assert text in page


def test_few_workers_carry_the_stamp_and_many_do_not(
    login: Login, settings: Settings, one: Path, few: Path
) -> None:
    browser = login()
    stamp = "不足 5 人，勿外传"
    assert stamp not in browser.get(f"/plan/runs/{put_done(settings, one).id}").text
    assert stamp in browser.get(f"/plan/runs/{put_done(settings, few).id}").text


def test_each_judgement_has_its_share_and_its_causes(address: str, login: Login, one: Path) -> None:
    page = login().get(address).text
    summary = summary_of(one)
    for judge in ("effective", "nominal", "straight"):
        label = re.search(rf'value="{judge}".*?<strong class="num">(.*?)</strong>', page, re.DOTALL)
        assert label
        assert label[1] == say.percent(summary[judge]["share_time"], "zh")
        table = page[page.index(f'data-of="{judge}"') :]
        rows = re.findall(
            r"</svg>(.*?)</th>" + r'<td class="num(?: km)?">([\d.,]+)</td>' * 3,
            table[: table.index("</table>")],
        )
        assert sum(float(row[3]) for row in rows) == pytest.approx(100, abs=0.2)
        hours = sum(float(row[1]) for row in rows)
        assert hours == pytest.approx(summary["duration_min"] / 60, abs=0.05 * len(rows))


def test_the_week_has_168_cells_with_the_number_where_somebody_walked(
    address: str, login: Login
) -> None:
    page = login().get(address).text
    cells = re.findall(r'<td class="g(\w+)" data-hour="(\d+)">(.*?)</td>', page)
    assert [int(cell[1]) for cell in cells] == list(range(168))
    walked = [(int(hour), shade, text) for shade, hour, text in cells if shade != "none"]
    assert walked == [(4, "5", "100"), (7, "2", "33")]  # Monday: shut, then a third of the way


def test_scripts_get_the_same_figures_as_the_table(address: str, login: Login, one: Path) -> None:
    plan = plan_of(login().get(address).text)
    summary = summary_of(one)
    for judge, key in (("effective", "effective_"), ("nominal", "")):
        shares = plan["gaps"][judge]
        assert len(shares) == 168
        for share, cell in zip(shares, summary["by_hour_of_week"], strict=True):
            assert (share is None) == (cell is None)
            if cell:
                unknown, covered = cell[f"{key}unknown_share"], cell[f"{judge}_share"]
                assert share == pytest.approx(1 - covered - unknown, abs=1e-6)
    assert sum(plan["demand"]) == pytest.approx(summary["duration_min"], abs=0.1)


def test_the_gap_of_an_hour_never_goes_below_nothing() -> None:
    cell = {
        "demand_min": 1.0,
        "nominal_share": 1.0,
        "unknown_share": 0.0,
        "effective_share": 0.7,
        "effective_unknown_share": 0.3,
    }
    cells: list[dict[str, float] | None] = [cell, *[None] * 167]
    assert gap_shares({"by_hour_of_week": cells}, "effective")[:2] == [0.0, None]


def test_hostile_names_stay_text_everywhere(login: Login, settings: Settings, one: Path) -> None:
    browser = login()
    address = f"/plan/runs/{put_done(settings, one, name=HOSTILE).id}"
    for lang in ("zh", "en"):
        page = browser.get(f"{address}?lang={lang}").text
        assert "<img src=x" not in page
        assert HOSTILE in html.unescape(page)
    answer = browser.get(f"{address}/stations.json")
    assert answer.mimetype == "application/json"
    assert answer.get_json()["S000"]["name"] == HOSTILE
    lines = browser.get(f"{address}/lines.json").get_json(force=True)
    assert HOSTILE in lines["areas"]
    assert "img" not in json.dumps(lines["features"])


def test_pages_hold_no_inline_script_or_style(login: Login, settings: Settings, one: Path) -> None:
    browser = login(role="reviewer")
    done, again = put_done(settings, one), put_done(settings, one)
    failed = record(settings, state=FAILED, fault=Fault("died"))[1]
    for address in (
        f"/plan/runs/{done.id}",
        f"/plan/runs/{failed.id}",
        f"/plan/runs/{done.id}/publish",
        f"/plan/compare?a={done.id}&b={again.id}",
        "/plan/compare",
    ):
        page = browser.get(address).text
        scripts = re.findall(r"<script(.*?)>", page)
        assert all('src="/' in tag or 'type="application/json"' in tag for tag in scripts)
        assert not re.search(r"<style|<[^>]*\s(on\w+|style)=|javascript:", page)


def test_the_worst_gaps_name_the_station_and_what_was_missed(
    address: str, login: Login, one: Path
) -> None:
    page = login().get(address).text
    table = page[page.index('id="longest"') : page.index('id="areas-1"')]
    rows = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)[1:]
    gaps = summary_of(one)["worst_gaps"]
    places = worst_places(summary_of(one))
    assert len(rows) == len(places)
    for row, place in zip(rows, places, strict=True):
        gap = gaps[place[0]]
        assert say.class_word(gap["cause"], "zh") in row
        assert html.escape(HOSTILE, quote=False).replace('"', "&#34;") in row
        assert ("跟它的开放时间差" in row) == (gap["missed_min"] is not None)
        if gap["box"]:
            shown = json.loads(html.unescape(re.findall(r'data-gap="(.*?)"', row)[0]))
            hours = sorted({hour for other in place for hour in gaps[other]["hours"]})
            assert shown == {"hours": hours, "box": gap["box"]}


def test_every_area_of_every_layer_has_its_row(address: str, login: Login, one: Path) -> None:
    page = html.unescape(login().get(address).text)
    page = page[page.index('id="areas-1"') :]
    for area in summary_of(one)["by_area"]:
        gap = 1 - area["effective_share"] - area["effective_unknown_share"]
        row = page[page.index(f">{area['area']}</span></th>") :]
        numbers = re.findall(r">([\d.,]+)</td>", row[: row.index("</tr>")])
        assert numbers == [
            f"{area['demand_min'] / 60:,.1f}",
            f"{100 * area['nominal_share']:.1f}",
            f"{100 * area['effective_share']:.1f}",
            f"{100 * gap:.1f}",
            f"{gap * area['demand_min'] / 60:,.1f}",
        ]


def test_the_station_table_says_what_the_file_says(address: str, login: Login, one: Path) -> None:
    page = login().get(address).text
    with (one / "by_station.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    table = page[page.index('id="stations"') :]
    numbers = re.findall(r">([\d.,]+)</td>", table[: table.index("</table>")])
    names = ("effective_alone_min", "effective_shared_min", "lost_min", "reach_min")
    assert numbers == [f"{float(row[name]) / 60:,.1f}" for name in names]


def test_every_file_comes_as_an_attachment_and_stays_out_of_caches(
    login: Login, settings: Settings, one: Path
) -> None:
    browser = login()
    run = put_done(settings, one, name="周一 早班")
    page = browser.get(f"/plan/runs/{run.id}").text
    there = [name for name in DOWNLOADS if (one / name).is_file()]
    assert len(there) >= 7
    for name in DOWNLOADS:
        assert (f'files/{name}"' in page) == (name in there)
    for name in there:
        with browser.get(f"/plan/runs/{run.id}/files/{name}") as answer:
            assert answer.status_code == 200
            said = answer.headers["Content-Disposition"]
            assert said.startswith("attachment; filename")
            assert f"filename={run.id}-{name}" in said
            assert f"filename*=UTF-8''{quote('周一-早班')}-{name}" in said
            assert answer.headers["Cache-Control"] == "no-store"
            assert answer.data == (one / name).read_bytes()


def test_no_other_file_is_handed_out(address: str, login: Login) -> None:
    browser = login()
    for name in ("page.json", "../log", "..%2Flog", "streets.parquet", "streets.json", "log"):
        assert browser.get(f"{address}/files/{name}").status_code == 404


def test_a_result_of_an_older_version_is_said_to_be_one(
    login: Login, settings: Settings, one: Path
) -> None:
    browser = login()
    run = put_done(settings, one)
    path = settings.runs / run.id / "result" / "summary.json"
    summary = summary_of(path.parent)
    del summary["effective"]
    path.write_text(json.dumps(summary), encoding="utf-8")
    answer = browser.get(f"/plan/runs/{run.id}")
    assert answer.status_code == 200
    assert "这是旧版本算出来的结果，现在的页面读不了。" in answer.text


def test_figures_of_the_demo_store_are_labelled_so(
    login: Login, settings: Settings, one: Path
) -> None:
    browser = login()
    page = browser.get(f"/plan/runs/{put_done(settings, one, is_demo=True).id}").text
    assert '<span class="tag">演示驿站</span>' in page  # the routes are one's own
    assert "演示数据</span>" not in page
    all_made_up = put_done(settings, one, is_demo=True, source=DEMO)
    assert '<span class="tag">演示数据</span>' in browser.get(f"/plan/runs/{all_made_up.id}").text
    assert 'href="/s/S000"' not in page  # the site shows its own stations, not the demo's


def test_judgements_are_figures_until_the_script_makes_them_a_switch(
    address: str, login: Login
) -> None:
    radios = re.findall(r'<input type="radio" name="judge"[^>]*>', login().get(address).text)
    assert len(radios) == 3
    assert all("hidden" in radio and "checked" not in radio for radio in radios)


def test_shifts_are_said_in_words_on_the_page_and_to_its_scripts(
    login: Login, settings: Settings, one: Path
) -> None:
    browser = login()
    run = put_done(settings, one)
    lines = settings.runs / run.id / "result" / "stretches.geojson"
    text = lines.read_text(encoding="utf-8")
    assert '"shifts":[]' in text
    osm = "Mo-Su 04:00-11:00"
    lines.write_text(text.replace('"shifts":[]', f'"shifts":["{osm}"]', 1), encoding="utf-8")
    page = browser.get(f"/plan/runs/{run.id}").text
    assert plan_of(page)["shifts"] == {osm: "每天 凌晨4:00–11:00"}
    assert '<option value="0">每天 凌晨4:00–11:00</option>' in page


def test_a_chinese_name_is_marked_as_such_on_an_english_page_alone(
    login: Login, settings: Settings, one: Path
) -> None:
    browser = login(role="reviewer")
    run = put_done(settings, one, name="六月")
    address = f"/plan/runs/{run.id}"
    for tail in ("", "/publish", "/delete"):
        assert '<span lang="zh-CN">六月</span>' in browser.get(f"{address}{tail}?lang=en").text
        assert "<span>六月</span>" in browser.get(f"{address}{tail}?lang=zh").text
    assert 'lang="zh-CN">六月</a>' in browser.get("/plan/?lang=en").text
    Desk(settings).rename(run.id, "June")
    assert "<span>June</span>" in browser.get(f"{address}?lang=en").text


def test_stations_of_the_site_are_linked(address: str, login: Login) -> None:
    assert 'href="/s/S000"' in login().get(address).text
