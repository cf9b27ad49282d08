"""The pages of a run: result in words, files for their owner."""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from geo.store import open_store
from tests.webmap.conftest import NOW
from tests.webmap.planner.conftest import CSV, finished, record
from tests.webmap.staff.conftest import HOSTILE, send
from webmap.planner.words import percent, say_limit
from webmap.runs import RUNNING, STOPPED
from webmap.runs.record import read_run
from webmap.stores import Stores

if TYPE_CHECKING:
    from flask import Flask

    from geo.city import City
    from geo.store import Store
    from tests.webmap.staff.conftest import Login
    from webmap.settings import Settings


@pytest.mark.usefixtures("city", "at_once")
def test_the_result_says_the_share_and_who_when_how_long(login: Login) -> None:
    browser = login(role="viewer")
    page = browser.get(finished(browser, limit="500")).text
    said = "这些线路有 100 % 的时间，7.5 分钟（500 米）内走不到开着、能用的驿站；"
    assert f"{said}名义覆盖 0 %，实际 0 %。" in page
    assert "100 % 的驿站从来没有人核实过，“实际”这个数还不能当真。" in page
    base = re.search(r'<p class="base">(.*?)</p>', page)
    assert base
    assert base[1] == "1 个人 · 1 条线路 · 0.7 小时 · 1 天 · 2026年3月2日"
    assert "不到 5 个人或者不到 20 小时" in page
    assert "演示数据" not in page
    english = browser.get(finished(browser, limit="500") + "?lang=en").text
    assert "100 %" in english


@pytest.mark.usefixtures("city", "at_once")
def test_a_result_of_an_older_version_is_said_to_be_one(login: Login, settings: Settings) -> None:
    browser = login()
    address = finished(browser)
    [path] = settings.runs.glob("*/result/summary.json")
    summary = json.loads(path.read_text(encoding="utf-8"))
    del summary["effective"]
    path.chmod(0o600)
    path.write_text(json.dumps(summary), encoding="utf-8")
    answer = browser.get(address)
    assert answer.status_code == 200
    assert "这是旧版本算出来的结果，现在的页面读不了。" in answer.text


@pytest.mark.usefixtures("city", "at_once")
def test_the_causes_add_up_to_the_whole(login: Login) -> None:
    browser = login()
    page = browser.get(finished(browser, limit="500")).text
    table = page[page.index('id="causes"') : page.index("</table>")]
    rows = re.findall(r"</svg>(.*?)</th>" + r'<td class="num">([\d.,]+)</td>' * 3, table)
    assert [row[0] for row in rows] == ["走得到，开着", "走得到，但关着", "走不到驿站"]
    assert sum(float(row[3]) for row in rows) == pytest.approx(100, abs=0.2)
    assert sum(float(row[1]) for row in rows) == pytest.approx(40 / 60, abs=0.1)


@pytest.mark.usefixtures("city", "at_once")
def test_the_week_has_168_cells_with_the_number_where_somebody_walked(login: Login) -> None:
    browser = login()
    page = browser.get(finished(browser)).text
    cells = re.findall(r'<td class="g(\w+)">(.*?)</td>', page)
    assert len(cells) == 168
    assert [n for n, cell in enumerate(cells) if cell[0] != "none"] == [4]  # Monday at four
    assert cells[4] == ("5", "100")


@pytest.mark.usefixtures("city", "at_once")
def test_a_hostile_station_name_stays_text_everywhere(login: Login, settings: Settings) -> None:
    browser = login()
    address = finished(browser)
    page = browser.get(address).text
    assert "<img" not in page
    assert "${alert(1)}&#34;&gt;&lt;img" in page
    answer = browser.get(f"{address}/stations.json")
    assert answer.mimetype == "application/json"
    assert answer.get_json()["S000"]["name"] == HOSTILE
    lines = browser.get(f"{address}/lines.json").get_json(force=True)
    assert "img" not in json.dumps(lines["features"])
    assert settings


@pytest.mark.usefixtures("city", "at_once")
def test_pages_hold_no_inline_script_or_style(login: Login) -> None:
    browser = login()
    for address in (finished(browser), "/plan/", finished(browser, (b"x", "a.csv"))):
        page = browser.get(address).text
        scripts = re.findall(r"<script(.*?)>", page)
        assert all('src="/' in tag or 'type="application/json"' in tag for tag in scripts)
        assert not re.search(r"<style|<[^>]*\s(on\w+|style)=|javascript:", page)


@pytest.mark.usefixtures("city", "at_once")
@pytest.mark.parametrize(
    "name",
    [
        "summary.json",
        "by_hour.csv",
        "by_area.csv",
        "gaps.geojson",
        "gaps.gpkg",
        "stretches.geojson",
    ],
)
def test_every_file_comes_as_an_attachment_and_stays_out_of_caches(login: Login, name: str) -> None:
    browser = login()
    with browser.get(f"{finished(browser, name='周一 早班')}/files/{name}") as answer:
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"].startswith("attachment; filename")
        assert name in answer.headers["Content-Disposition"]
        assert answer.headers["Cache-Control"] == "no-store"
        assert len(answer.data) > 50


@pytest.mark.usefixtures("city", "at_once")
@pytest.mark.parametrize("name", ["page.json", "../run.json", "..%2Frun.json", "run.json", "log"])
def test_no_other_file_is_handed_out(login: Login, name: str) -> None:
    browser = login()
    assert browser.get(f"{finished(browser)}/files/{name}").status_code == 404


@pytest.mark.usefixtures("city", "at_once")
def test_a_run_is_there_for_its_owner_and_admins_only(login: Login) -> None:
    owner, other, boss = login(), login("小李", "reviewer"), login("老王", "admin")
    address = finished(owner)
    run_id = address.rpartition("/")[2]
    for tail in ("", "/state.json", "/lines.json", "/stations.json", "/files/summary.json"):
        for browser, status in ((owner, 200), (boss, 200), (other, 404)):
            with browser.get(address + tail) as answer:
                assert answer.status_code == status
    assert other.get(f"{address}/delete").status_code == 404
    for tail in ("/stop", "/delete"):
        assert send(other, address + tail, {}, page="/plan/").status_code == 404
    assert run_id not in other.get("/plan/").text
    assert run_id not in other.get(f"/plan/?again={run_id}").text
    assert run_id in owner.get("/plan/").text
    assert run_id in boss.get("/plan/").text


@pytest.mark.usefixtures("city", "at_once")
def test_a_deleted_run_is_gone_with_its_files(login: Login, settings: Settings) -> None:
    browser = login()
    address = finished(browser)
    answer = send(browser, f"{address}/delete", {})
    assert answer.headers["Location"] == "/plan/"
    assert browser.get(address).status_code == 404
    assert [path.name for path in settings.runs.iterdir() if path.is_dir()] == []


@pytest.mark.usefixtures("city", "at_once")
@pytest.mark.parametrize("content", [CSV, b"x"])
def test_every_way_to_delete_a_run_asks_first(login: Login, content: bytes) -> None:
    browser = login()
    address = finished(browser, (content, "a.csv"), name=HOSTILE)
    for page in (browser.get("/plan/").text, browser.get(address).text):
        assert f'href="{address}/delete"' in page
        assert f'action="{address}/delete"' not in page
    asked = browser.get(f"{address}/delete")
    assert "删了找不回来。" in asked.text
    assert f'action="{address}/delete" method="post"' in asked.text
    assert f'href="{address}">不删</a>' in asked.text
    assert "<img" not in asked.text
    assert browser.get(address).status_code == 200


@pytest.mark.usefixtures("city", "at_once")
def test_old_browsers_save_under_a_name_of_the_run_and_new_ones_under_its_title(
    login: Login,
) -> None:
    browser = login()
    address = finished(browser, name="周一 早班")
    run_id = address.rpartition("/")[2]
    with browser.get(f"{address}/files/gaps.geojson") as answer:
        said = answer.headers["Content-Disposition"]
    title = quote("周一-早班")
    assert f"filename={run_id}-gaps.geojson" in said
    assert f"filename*=UTF-8''{title}-gaps.geojson" in said


@pytest.mark.usefixtures("city", "at_once")
def test_the_network_is_named_by_its_city_and_measured_in_words(login: Login) -> None:
    browser = login()
    assert "<dt>步行路网</dt><dd>street · 5 公里</dd>" in browser.get(finished(browser)).text


@pytest.mark.usefixtures("asleep", "own_store")
def test_a_run_at_work_shows_how_far_it_is_without_javascript_too(
    login: Login, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webmap.runs.desk.is_held", lambda _: True)
    browser = login()
    _, run = record(settings, state=RUNNING, stage="measuring coverage", share=0.5)
    page = browser.get(f"/plan/runs/{run.id}").text
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in page
    assert '<progress id="bar" max="1" value="0.5"' in page
    assert "正在一段一段地算" in page
    state = browser.get(f"/plan/runs/{run.id}/state.json").get_json()
    assert state == {
        "state": "running",
        "has_ended": False,
        "word": "正在一段一段地算",
        "share": 0.5,
        "percent": "50 %",
    }


@pytest.mark.usefixtures("asleep", "own_store")
def test_a_run_can_be_stopped(login: Login, settings: Settings) -> None:
    browser = login()
    folder, run = record(settings)
    address = f"/plan/runs/{run.id}"
    assert send(browser, f"{address}/stop", {}, page=address).headers["Location"] == address
    ended = read_run(folder)
    assert ended is not None
    assert ended.state == STOPPED
    assert "这一次停下了" in browser.get(address).text


@pytest.mark.usefixtures("own_store")
def test_files_of_a_run_that_is_not_done_are_not_there(login: Login, settings: Settings) -> None:
    browser = login()
    _, run = record(settings, state=STOPPED)
    for tail in ("/files/summary.json", "/lines.json", "/stations.json"):
        assert browser.get(f"/plan/runs/{run.id}{tail}").status_code == 404


@pytest.mark.usefixtures("at_once")
def test_figures_of_the_demo_store_are_labelled_so(
    login: Login, settings: Settings, city: City
) -> None:
    about = city.directory / "city.json"
    about.write_text(about.read_text("utf-8").replace('street"', 'demo"'), "utf-8")
    browser = login()
    with open_store(settings.database) as store:
        store.mark_demo()
    assert "演示数据" in browser.get(finished(browser)).text


@pytest.mark.usefixtures("at_once", "city")
def test_while_only_the_demo_has_stations_tracks_of_an_own_city_are_not_judged_by_them(
    login: Login, own_store: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_store(settings.demo_database) as store:
        store.mark_demo()
        store.save_stations(own_store.read_stations(), actor="test", origin="test", now=NOW)
    monkeypatch.setattr(Stores, "is_own_empty", lambda _: True)
    browser = login()
    page = browser.get(finished(browser)).text
    assert "这里还没有驿站，没有东西可比。" in page
    assert 'class="headline"' not in page


@pytest.mark.usefixtures("at_once")
def test_where_cities_overlap_the_demo_s_comes_last(
    login: Login, settings: Settings, city: City
) -> None:
    shutil.copytree(city.directory, settings.cities / "demo")
    about = settings.cities / "demo" / "city.json"
    cells = json.loads(about.read_text("utf-8"))
    cells |= {"code": "demo", "north": cells["north"] - 0.001}
    about.write_text(json.dumps(cells), "utf-8")
    browser = login()
    assert "<dd>street · " in browser.get(finished(browser)).text


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.0, "0 %"), (1.0, "100 %"), (0.614, "61 %"), (0.004, "0.4 %"), (0.9961, "99.6 %"),
        (1e-6, "不到千分之一"), (0.99999, "几乎全部"), (None, "–"),
    ],
)  # fmt: skip
def test_a_share_is_never_rounded_to_all_or_nothing(
    app: Flask, share: float | None, text: str
) -> None:
    with app.test_request_context("/plan/"):
        assert percent(share) == text


def test_a_limit_is_said_in_minutes_and_metres(app: Flask) -> None:
    with app.test_request_context("/plan/"):
        assert say_limit(1000.0) == "15 分钟（1 公里）"
        assert say_limit(500.0) == "7.5 分钟（500 米）"
