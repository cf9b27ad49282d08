"""The start of the desk: the sources, and the list of runs with what can be done to each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.webmap.planner.conftest import CSV, record, run_of, send_files
from tests.webmap.staff.conftest import HOSTILE, hidden
from webmap.runs import DONE, DRAFT, FAILED, STOPPED, Desk
from webmap.runs.record import DEMO, Options, moment_now

if TYPE_CHECKING:
    from tests.webmap.staff.conftest import Login
    from webmap.settings import Settings

pytestmark = pytest.mark.usefixtures("asleep")


def test_an_empty_desk_says_what_to_do(login: Login) -> None:
    page = login().get("/plan/").text
    assert "选好线路文件，点“传上来看一看”" in page
    assert 'href="/plan/beats"' in page


def test_a_draft_is_listed_as_not_begun_and_leads_to_its_check(login: Login) -> None:
    browser = login()
    address = send_files(browser, (CSV, "早班.csv")).headers["Location"]
    page = browser.get("/plan/").text
    assert "还没有开始" in page
    assert f'href="{address}"' in page


def test_a_draft_is_thrown_away_with_its_files(login: Login, settings: Settings) -> None:
    browser = login()
    run_id = send_files(browser, (CSV, "早班.csv")).headers["Location"].split("/")[3]
    question = f"/plan/runs/{run_id}/delete"
    token = hidden(browser.get(question).text, "csrf_token")
    assert browser.post(question, data={"csrf_token": token}).status_code == 303
    assert Desk(settings).find(run_id) is None
    assert not (settings.runs / run_id).exists()


def test_runs_of_others_are_listed_when_shared_and_nobody_elses_acts_are_offered(
    login: Login, settings: Settings
) -> None:
    record(settings, name="别人的", owner="小李", state=DONE)
    _, shared = record(settings, name="大家的", owner="小李", state=DONE, is_shared=True)
    _, mine = record(settings, name=HOSTILE, state=DONE)
    page = login().get("/plan/").text
    assert "别人的" not in page
    assert "大家的" in page
    assert HOSTILE not in page
    assert f"/plan/runs/{mine.id}/delete" in page
    assert f"/plan/runs/{shared.id}/delete" not in page


def test_two_ticked_runs_go_side_by_side_the_earlier_first(
    login: Login, settings: Settings
) -> None:
    _, earlier = record(settings, state=DONE, created="2026-01-01T00:00:00.000+00:00")
    _, later = record(settings, state=DONE, created="2026-02-01T00:00:00.000+00:00")
    browser = login()
    answer = browser.get(f"/plan/pair?run={later.id}&run={earlier.id}")
    assert answer.headers["Location"].endswith(f"?a={earlier.id}&b={later.id}")
    for one in (f"?run={later.id}", ""):
        assert browser.get(f"/plan/pair{one}").headers["Location"] == "/plan/"


def test_a_retry_of_what_came_to_nothing_is_marked(login: Login, settings: Settings) -> None:
    browser = login()
    for cells in (
        {"state": FAILED},
        {"state": FAILED, "source": DEMO},
        {"state": STOPPED, "keeps_upload": True},
    ):
        _, run = record(settings, finished=moment_now(), **cells)
        assert ">再试</span>" not in browser.get("/plan/").text
        again = Desk(settings).retry(run.id)
        assert again is not None
        page = browser.get("/plan/").text
        assert page.count(">再试</span>") == 1
        assert page.index(again.id) < page.index(">再试</span>") < page.index(run.id)
        for left in (again, run):
            Desk(settings).delete(left.id)


def test_a_done_run_that_is_measured_otherwise_is_no_retry(
    login: Login, settings: Settings
) -> None:
    _, run = record(settings, state=DONE, keeps_upload=True)
    assert Desk(settings).retry(run.id) is not None
    assert ">再试</span>" not in login().get("/plan/").text


def test_files_sent_again_keep_the_options_of_the_earlier_run(
    login: Login, settings: Settings
) -> None:
    options = Options(limit_m=500.0, no_phone=True)
    _, old = record(settings, name="旧的", options=options, state=DONE)
    Desk(settings).keep_upload(old.id, keeps=False)
    browser = login()
    run_id = send_files(browser, (CSV, "早班.csv"), again=old.id).headers["Location"].split("/")[3]
    made = run_of(settings, run_id)
    assert (made.state, made.options) == (DRAFT, options)
    stranger = login("小张", role="viewer")
    other_id = send_files(stranger, (CSV, "a.csv"), again=old.id).headers["Location"].split("/")[3]
    assert run_of(settings, other_id).options == Options()
