"""Publishing: an explicit word of a reviewer; of tracks nothing that fewer than five walked."""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from geo.coverage.publish import PUBLISHED
from tests.webmap.planner.conftest import run_of
from tests.webmap.planner.made import make_result, put_done
from tests.webmap.staff.conftest import HOSTILE, send
from webmap.runs.record import DEMO

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.webmap.staff.conftest import Login
    from webmap.settings import Settings

LATEST = "/api/v1/coverage/latest"


def ask(browser: FlaskClient, run_id: str, **typed: str) -> TestResponse:
    """Send the form that publishes a run."""
    address = f"/plan/runs/{run_id}"
    form = {"min_workers": "5", "sure": "yes", **typed}
    return send(browser, f"{address}/publish", form, page="/plan/")


def counts(page: str) -> dict[str, int]:
    """Return what the page says would be public and withheld."""
    found = re.findall(r'id="((?:stretches|cells)-\w+)">([\d,]+)<', page)
    return {name: int(text.replace(",", "")) for name, text in found}


def files_of(settings: Settings, run_id: str) -> list[str]:
    folder = settings.runs / run_id
    left = [path.name for path in folder.iterdir() if path.name.startswith(".look")]
    assert left == []  # what was tried beside the result is gone
    return [path.name for path in (folder / "result").glob("*published*")]


def test_a_reviewer_sees_first_and_publishes_then(
    login: Login, settings: Settings, one: Path
) -> None:
    browser = login(role="reviewer")
    run = put_done(settings, one, is_demo=True)
    page = browser.get(f"/plan/runs/{run.id}/publish").text
    assert files_of(settings, run.id) == []
    assert counts(page) == {
        "stretches-kept": 1,  # one street without junctions, walked by six at four and at seven
        "stretches-withheld": 0,
        "cells-kept": 2,
        "cells-withheld": 0,
    }
    assert ask(browser, run.id).headers["Location"] == f"/plan/runs/{run.id}"
    assert run_of(settings, run.id).published
    assert files_of(settings, run.id) == [PUBLISHED]
    assert f'action="/plan/runs/{run.id}/unpublish"' in browser.get(f"/plan/runs/{run.id}").text


def test_nothing_is_published_without_the_tick(login: Login, settings: Settings, one: Path) -> None:
    browser = login(role="reviewer")
    run = put_done(settings, one)
    answer = ask(browser, run.id, sure="")
    assert answer.status_code == 422
    assert "请先在下面打勾" in answer.text
    assert files_of(settings, run.id) == []
    assert not run_of(settings, run.id).published


def test_fewer_than_five_or_no_number_is_refused(
    login: Login, settings: Settings, one: Path
) -> None:
    browser = login(role="reviewer")
    run = put_done(settings, one)
    arabic = "\N{ARABIC-INDIC DIGIT FIVE}"
    for typed in ("4", "0", "-5", "", "五", "5.5", "1e3", "99999999", arabic):
        answer = ask(browser, run.id, min_workers=typed)
        assert answer.status_code == 422
        assert "写 5 到 1000 之间的一个数。" in answer.text
        looked = browser.get(f"/plan/runs/{run.id}/publish", query_string={"min_workers": typed})
        assert looked.status_code == 422
    assert files_of(settings, run.id) == []


def test_what_four_workers_walked_is_never_published(
    login: Login, settings: Settings, few: Path
) -> None:
    browser = login(role="admin")
    run = put_done(settings, few)
    page = browser.get(f"/plan/runs/{run.id}/publish").text
    assert counts(page) == {"stretches-withheld": 1, "cells-withheld": 2}
    assert page.index("所以什么也不公开") < page.index('id="what"')
    for word in ('name="sure"', 'name="min_workers"', ">会公开<", "/plan/beats"):
        assert word not in page
    answer = ask(browser, run.id)
    assert answer.status_code == 422
    assert "没有一段可以公开。" in answer.text
    assert files_of(settings, run.id) == []
    assert browser.get(LATEST).status_code == 404


def test_who_tries_the_demo_is_told_what_can_be_published(
    login: Login, settings: Settings, few: Path
) -> None:
    run = put_done(settings, few, source=DEMO, is_demo=True)
    page = login(role="reviewer").get(f"/plan/runs/{run.id}/publish").text
    assert "可以画一条固定线路来算" in page
    assert 'href="/plan/beats"' in page


def test_an_owner_who_may_not_publish_is_told_who_may(
    login: Login, settings: Settings, one: Path
) -> None:
    said = "要公开路段：先给大家看，再请审核的同事公开。"
    address = f"/plan/runs/{put_done(settings, one, is_shared=True).id}"
    assert said in login(role="editor").get(address).text
    assert said not in login("老王", "admin").get(address).text
    assert said not in login("小李", "viewer").get(address).text


def test_a_greater_number_withholds_more(login: Login, settings: Settings, one: Path) -> None:
    browser = login(role="reviewer")
    run = put_done(settings, one)
    page = browser.get(f"/plan/runs/{run.id}/publish?min_workers=7").text
    assert counts(page) == {"stretches-withheld": 1, "cells-withheld": 2}
    assert 'name="min_workers" type="number" min="5" max="1000" value="7"' in page
    assert ask(browser, run.id, min_workers="7").status_code == 422
    assert ask(browser, run.id, min_workers="6").status_code == 303


@pytest.mark.parametrize("role", ["viewer", "editor"])
def test_only_a_reviewer_publishes_and_takes_back(
    login: Login, settings: Settings, one: Path, role: str
) -> None:
    browser = login(role=role)
    run = put_done(settings, one)
    assert browser.get(f"/plan/runs/{run.id}/publish").status_code == 403
    assert ask(browser, run.id).status_code == 403
    form = send(browser, f"/plan/runs/{run.id}/unpublish", {}, page=f"/plan/runs/{run.id}")
    assert form.status_code == 403
    assert f"/plan/runs/{run.id}/publish" not in browser.get(f"/plan/runs/{run.id}").text


def test_taken_back_it_is_gone_and_the_one_before_is_the_latest_again(
    login: Login, settings: Settings, one: Path, other: Path
) -> None:
    browser = login(role="reviewer")
    first, second = put_done(settings, one), put_done(settings, other)
    ask(browser, first.id)
    ask(browser, second.id)
    moments = [run_of(settings, run.id).published for run in (first, second)]
    assert browser.get(LATEST).get_json()["published"] == max(moments)
    address = f"/plan/runs/{second.id}"
    send(browser, f"{address}/unpublish", {}, page=address)
    assert files_of(settings, second.id) == []
    assert browser.get(LATEST).get_json()["published"] == moments[0]
    send(browser, f"/plan/runs/{first.id}/delete", {}, page=address)
    assert browser.get(LATEST).status_code == 404


def test_a_run_that_was_never_published_is_not_said_to_be_taken_back(
    login: Login, settings: Settings, one: Path
) -> None:
    browser = login(role="reviewer")
    address = f"/plan/runs/{put_done(settings, one).id}"
    send(browser, f"{address}/unpublish", {}, page=address)
    page = browser.get(address).text
    assert "收回来了" not in page
    assert "这一次没有公开，不用收回。" in page


def test_a_result_without_streets_says_that_it_must_be_measured_again(
    login: Login, settings: Settings, one: Path
) -> None:
    browser = login(role="reviewer")
    run = put_done(settings, one)
    (settings.runs / run.id / "result" / "streets.parquet").unlink()
    assert "再算一次就有了" in browser.get(f"/plan/runs/{run.id}/publish").text
    assert ask(browser, run.id).status_code == 422


def test_nasty_names_stay_text_where_they_are_published(
    login: Login, settings: Settings, one: Path
) -> None:
    browser = login(role="reviewer")
    run = put_done(settings, one, name=HOSTILE)
    page = browser.get(f"/plan/runs/{run.id}/publish").text
    assert "<img src=x" not in page
    assert HOSTILE in html.unescape(page)


def test_nothing_of_single_persons_leaves(login: Login, settings: Settings, tmp_path: Path) -> None:
    """No route, no gap line, no time but the hour, and people in fives."""
    browser = login(role="reviewer")
    run = put_done(settings, make_result(tmp_path / "many", workers=9))
    ask(browser, run.id)
    answer = browser.get(LATEST).get_json()
    text = json.dumps(answer)
    assert not re.search(r'"(route|by_route|start|end|longest_gap|worst_gaps|nearest_code)"', text)
    assert run.id not in text

    def people(of: Any) -> list[int]:  # noqa: ANN401 - JSON
        if isinstance(of, dict):
            own = [of["workers"]] if "workers" in of else []
            return own + [n for part in of.values() for n in people(part)]
        return [n for part in of for n in people(part)] if isinstance(of, list) else []

    assert people(answer)
    assert {n % 5 for n in people(answer)} == {0}
