"""A run as one thing: who sees it, what is done to it, how it waits, works, fails and goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.webmap.planner.conftest import record, run_of
from tests.webmap.planner.made import put_done
from tests.webmap.staff.conftest import HOSTILE, send
from webmap.runs import DONE, DRAFT, FAILED, QUEUED, RUNNING, STOPPED, Desk
from webmap.runs.desk import worker_file
from webmap.runs.record import Fault

if TYPE_CHECKING:
    from pathlib import Path

    from tests.webmap.staff.conftest import Login
    from webmap.settings import Settings


def test_a_run_is_there_for_its_owner_and_admins_and_once_shared_for_all(
    login: Login, settings: Settings, one: Path
) -> None:
    owner, colleague, boss = login(), login("小李", "reviewer"), login("老王", "admin")
    address = f"/plan/runs/{put_done(settings, one).id}"
    tails = ("", "/state.json", "/lines.json", "/stations.json", "/files/summary.json", "/publish")
    for tail in tails[:-1]:
        for browser, status in ((owner, 200), (boss, 200), (colleague, 404)):
            with browser.get(address + tail) as answer:
                assert answer.status_code == status
    answer = send(owner, f"{address}/share", {"shared": "yes"}, page="/plan/")
    assert answer.headers["Location"] == address
    for tail in tails:
        with colleague.get(address + tail) as answer:
            assert answer.status_code == 200
    page = colleague.get(address).text
    for tail in ("delete", "rename", "share", "keep", "retry"):
        assert f'"{address}/{tail}"' not in page
        form = {"name": "x", "shared": "no", "keep": "no"}
        assert send(colleague, f"{address}/{tail}", form, page="/plan/").status_code == 403
    send(owner, f"{address}/share", {"shared": "no"}, page="/plan/")
    assert colleague.get(address).status_code == 404


def test_a_run_is_renamed_and_a_nasty_or_empty_name_does_no_harm(
    login: Login, settings: Settings, one: Path
) -> None:
    browser = login()
    run = put_done(settings, one)
    address = f"/plan/runs/{run.id}"
    for typed, name in (("  六月　环卫 ", "六月 环卫"), ("   ", "六月 环卫"), (HOSTILE * 3, None)):
        send(browser, f"{address}/rename", {"name": typed}, page="/plan/")
        kept = run_of(settings, run.id).name
        assert kept == (name or (HOSTILE * 3)[:60])
    assert "<img src=x" not in browser.get(address).text
    answer = send(browser, f"{address}/rename", {"name": "七月", "next": "home"}, page="/plan/")
    assert answer.headers["Location"] == "/plan/"


def test_changes_without_the_token_do_nothing(login: Login, settings: Settings, one: Path) -> None:
    browser = login(role="admin")
    run = put_done(settings, one)
    for tail, form in (
        ("rename", {"name": "别的"}),
        ("share", {"shared": "yes"}),
        ("retry", {}),
        ("publish", {"min_workers": "5", "sure": "yes"}),
    ):
        assert browser.post(f"/plan/runs/{run.id}/{tail}", data=form).status_code == 302
    kept = run_of(settings, run.id)
    assert (kept.name, kept.is_shared, kept.published) == ("早班", False, "")


@pytest.mark.usefixtures("own_store")
@pytest.mark.parametrize("cells", [{"state": QUEUED}, {"state": RUNNING, "stage": "prepare"}])
def test_before_its_first_figure_a_run_shows_none(
    login: Login, settings: Settings, cells: dict[str, str]
) -> None:
    browser = login()
    _, run = record(settings, **cells)
    assert '<progress id="bar" max="1" aria-labelledby' in browser.get(f"/plan/runs/{run.id}").text
    state = browser.get(f"/plan/runs/{run.id}/state.json").get_json()
    assert (state["share"], state["percent"]) == (None, "")


def test_a_run_that_waits_says_that_no_worker_is_there(login: Login, settings: Settings) -> None:
    browser = login()
    _, run = record(settings, state=QUEUED)
    said = '<p class="notice" id="no-worker" role="alert">没有在运行的工作进程'
    assert said in browser.get(f"/plan/runs/{run.id}").text
    assert "没有在运行的工作进程" in browser.get("/plan/").text
    worker_file(settings).touch()
    assert said not in browser.get(f"/plan/runs/{run.id}").text
    assert "没有在运行的工作进程" not in browser.get("/plan/").text
    state = browser.get(f"/plan/runs/{run.id}/state.json").get_json()
    assert state["lacks_worker"] is False


def test_a_run_at_work_shows_how_far_it_is_without_javascript_too(
    login: Login, settings: Settings
) -> None:
    browser = login()
    _, run = record(settings, state=RUNNING, stage="measuring coverage", share=0.5, log="stage 1")
    page = browser.get(f"/plan/runs/{run.id}").text
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in page
    assert '<progress id="bar" max="1" value="0.5"' in page
    assert "正在一段一段地算" in page
    state = browser.get(f"/plan/runs/{run.id}/state.json").get_json()
    assert state == {
        "state": "running",
        "has_ended": False,
        "word": "第 3 步，共 4 步：正在一段一段地算",
        "share": 0.5,
        "percent": "50 %",
        "lacks_worker": False,
        "log": "stage 1",
    }


@pytest.mark.usefixtures("own_store")
def test_a_run_can_be_stopped(login: Login, settings: Settings) -> None:
    browser = login()
    _, run = record(settings)
    address = f"/plan/runs/{run.id}"
    assert send(browser, f"{address}/stop", {}, page=address).headers["Location"] == address
    assert run_of(settings, run.id).state == STOPPED
    assert "这一次停下了" in browser.get(address).text


def test_a_failed_run_says_why_keeps_its_options_and_is_tried_again(
    login: Login, settings: Settings
) -> None:
    browser = login()
    kept = record(settings, state=FAILED, fault=Fault("died"), keeps_upload=True)[1]
    page = browser.get(f"/plan/runs/{kept.id}").text
    assert "算到一半断了" in page
    assert f'action="/plan/runs/{kept.id}/retry"' in page
    answer = send(browser, f"/plan/runs/{kept.id}/retry", {}, page=f"/plan/runs/{kept.id}")
    again = run_of(settings, answer.headers["Location"].rpartition("/")[2])
    assert again.id != kept.id
    assert (again.options, again.files, again.state) == (kept.options, kept.files, "queued")


def test_only_its_owner_and_admins_try_a_shared_run_again_and_the_copy_stays_the_owner_s(
    login: Login, settings: Settings
) -> None:
    login()
    kept = record(settings, state=FAILED, fault=Fault("died"), keeps_upload=True, is_shared=True)[1]
    address = f"/plan/runs/{kept.id}"
    colleague, boss = login("小李", "reviewer"), login("老王", "admin")
    page = colleague.get(address).text
    assert "算到一半断了" in page
    assert "/retry" not in page
    assert send(colleague, f"{address}/retry", {}, page="/plan/").status_code == 403
    assert Desk(settings).retry(kept.id, owner="小李") is not None
    answers = [send(boss, f"{address}/retry", {}, page=address)]
    answers.append(send(boss, f"{address}/again", {"limit": "500"}, page=address))
    assert [answer.status_code for answer in answers] == [303, 303]
    assert {run.owner for run in Desk(settings).runs()} == {kept.owner}


def test_a_draft_leads_to_its_check(login: Login, settings: Settings) -> None:
    browser = login()
    _, run = record(settings, state=DRAFT)
    answer = browser.get(f"/plan/runs/{run.id}")
    assert answer.headers["Location"] == f"/plan/runs/{run.id}/check"


@pytest.mark.usefixtures("own_store")
def test_files_of_a_run_that_is_not_done_are_not_there(login: Login, settings: Settings) -> None:
    browser = login("小王", "reviewer")
    _, run = record(settings, state=STOPPED)
    for tail in ("/files/summary.json", "/lines.json", "/stations.json", "/publish"):
        assert browser.get(f"/plan/runs/{run.id}{tail}").status_code == 404


def test_a_deleted_run_is_gone_with_its_files_and_was_asked_for_first(
    login: Login, settings: Settings, one: Path
) -> None:
    browser = login()
    run = put_done(settings, one, name=HOSTILE)
    address = f"/plan/runs/{run.id}"
    page = browser.get(address).text
    assert f'href="{address}/delete"' in page
    assert f'action="{address}/delete"' not in page
    asked = browser.get(f"{address}/delete").text
    assert "删了找不回来。" in asked
    assert f'action="{address}/delete" method="post"' in asked
    assert "<img src=x" not in asked
    assert browser.get(address).status_code == 200
    assert send(browser, f"{address}/delete", {}).headers["Location"] == "/plan/"
    assert browser.get(address).status_code == 404
    assert not (settings.runs / run.id).exists()


def test_a_renamed_run_says_that_its_files_keep_the_old_name(
    login: Login, settings: Settings, one: Path
) -> None:
    browser = login()
    said = "报告文件里还是原来的名字，再算一次才换。"
    record(settings, state=FAILED, fault=Fault("died"))
    assert said not in browser.get("/plan/").text
    run = put_done(settings, one)
    for address in ("/plan/", f"/plan/runs/{run.id}"):
        assert browser.get(address).text.count(said) == 1


def test_comparing_is_offered_once_there_is_another_result_to_see(
    login: Login, settings: Settings, one: Path
) -> None:
    browser = login()
    run = put_done(settings, one)
    record(settings, state=FAILED)
    record(settings, state=DONE, owner="小李")
    offer = f'href="/plan/compare?a={run.id}"'
    assert offer not in browser.get(f"/plan/runs/{run.id}").text
    put_done(settings, one, owner="小李", is_shared=True)
    assert offer in browser.get(f"/plan/runs/{run.id}").text


def test_a_run_no_longer_shared_looks_like_none_and_the_way_back_is_to_the_desk(
    login: Login, settings: Settings, one: Path
) -> None:
    run = put_done(settings, one, owner="小李")
    browser = login()
    there = browser.get(f"/plan/runs/{run.id}")
    none = browser.get(f"/plan/runs/{'x' * len(run.id)}")
    assert (there.status_code, none.status_code) == (404, 404)
    assert there.text.replace(run.id, "") == none.text.replace("x" * len(run.id), "")
    assert "或者不再给大家看了" in there.text
    assert '<a class="button" href="/plan/">回到覆盖分析</a>' in there.text
    elsewhere = browser.get("/nowhere").text
    assert "不再给大家看" not in elsewhere
    assert "回到驿站列表</a>" in elsewhere
