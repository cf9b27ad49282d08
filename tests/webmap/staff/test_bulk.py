"""Bulk edit: the stations of a list, one change, a look before it, one act, one undo."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.webmap.conftest import NOW
from tests.webmap.staff.conftest import error_at, hidden, send
from webmap.staff import bulk

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from geo.store import Store
    from tests.webmap.conftest import Save
    from tests.webmap.staff.conftest import Login

WEST = "110101005"
FEAST = {"first": "2099-02-05", "last": "2099-02-12"}


@pytest.fixture
def four(save: Save) -> None:
    """Save three stations in the west, one of them without hours, and one in the east."""
    west = {"lon": "116.41", "lat": "39.93", "subdistrict": "东四街道"}
    summer = {"hours": "Mo-Su 09:00-21:00", "hours_text": "夏季9:00-21:00"}
    save(
        west | summer | {"code": "A", "name": "甲驿站"},
        west | {"code": "B", "name": "乙驿站", "hours": "24/7"},
        west | {"code": "C", "name": "丙驿站"},
        summer | {"code": "E", "name": "东驿站", "lon": "116.43", "lat": "39.93"},
    )


def ask(browser: FlaskClient, codes: str, *, query: str = "", **typed: str) -> Any:  # noqa: ANN401
    """Send the form of a bulk edit."""
    return send(browser, f"/staff/bulk{query}", {"code": list(codes), **typed}, page="/staff/bulk")


def confirm(browser: FlaskClient, page: str) -> Any:  # noqa: ANN401
    """Send what a browser sends of a preview."""
    form = page[
        page.index('<form class="form"') : page.index("</form>", page.index('class="form"'))
    ]
    sent: dict[str, list[str]] = {}
    for name, text in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form):
        sent.setdefault(name, []).append(text)
    return browser.post("/staff/bulk", data=sent)


def cells(store: Store, name: str) -> dict[str, str]:
    rows = store.read_stations()
    return dict(zip(rows["code"], rows[name], strict=True))


@pytest.mark.usefixtures("four")
def test_a_season_s_hours_are_looked_over_saved_and_undone(login: Login, own_store: Store) -> None:
    browser, before = login(), cells(own_store, "hours")
    seen = ask(browser, "ABE", hours="每天8:30-20:30", note="换冬季时间")
    assert seen.status_code == 200
    assert "会改 3 个驿站" in seen.text
    assert "开放时间读成：每天 8:30–20:30。" in seen.text
    assert cells(own_store, "hours") == before
    saved = confirm(browser, seen.text)
    (batch,) = own_store.list_batches()
    assert saved.headers["Location"].endswith(f"/staff/acts/{batch.id}")
    winter = "08:30-20:30"
    assert [cells(own_store, "hours")[code] for code in "ABCE"] == [winter, winter, "", winter]
    assert cells(own_store, "hours_text")["B"] == "每天8:30-20:30"
    assert (batch.kind, batch.actor, batch.note) == ("bulk", "小王", "换冬季时间")
    assert batch.details["fields"] == ["hours", "hours_text"]
    assert "改好了 3 个驿站" in browser.get(saved.headers["Location"]).text
    send(browser, f"/staff/acts/{batch.id}/undo", {})
    assert cells(own_store, "hours") == before
    assert cells(own_store, "hours_text")["A"] == "夏季9:00-21:00"


@pytest.mark.usefixtures("four")
def test_a_spring_festival_stands_beside_the_hours_and_refuses_what_has_none(
    login: Login, own_store: Store
) -> None:
    browser = login()
    seen = ask(browser, "ABC", **FEAST, day_hours="10:00-16:00")
    assert "会改 2 个驿站" in seen.text
    assert "1 个改不了：还不知道它平常的开放时间" in seen.text
    assert 'href="/staff/history/C"' in seen.text
    confirm(browser, seen.text)
    rule = "2099 Feb 05-2099 Feb 12 10:00-16:00"
    hours = cells(own_store, "hours")
    assert [hours[code] for code in "ABC"] == [f"Mo-Su 09:00-21:00; {rule}", f"24/7; {rule}", ""]
    again = ask(browser, "AB", **FEAST, day_hours="10:00-16:00")
    assert "2 个已经是这样，不用改" in again.text
    assert "<button>保存" not in again.text


@pytest.mark.usefixtures("four")
def test_a_status_comes_with_its_end(login: Login, own_store: Store) -> None:
    browser = login()
    typed = {"status": "temporarily_closed", "until": "2099-03-01T08:00"}
    seen = ask(browser, "A", **typed)
    assert "状态改成：暂停开放、2099 年 3 月 1 日 8:00" in seen.text
    confirm(browser, seen.text)
    assert cells(own_store, "status_until")["A"] == "2099-03-01T08:00:00+08:00"
    assert cells(own_store, "hours")["A"] == "Mo-Su 09:00-21:00"


@pytest.mark.usefixtures("four", "areas")
def test_stations_beyond_one_s_area_are_refused(login: Login, own_store: Store) -> None:
    browser = login(area=WEST)
    seen = ask(browser, "AE", status="planned")
    assert "会改 1 个驿站" in seen.text
    assert "1 个改不了：不在你负责的地方" in seen.text
    confirm(browser, seen.text)
    assert [cells(own_store, "status")[code] for code in "AE"] == ["planned", "open"]


@pytest.mark.usefixtures("four")
def test_a_change_meanwhile_shows_the_preview_again(login: Login, own_store: Store) -> None:
    browser = login()
    seen = ask(browser, "AB", status="planned")
    own_store.set_status("B", "planned", actor="小赵", origin="form", now=NOW)
    stale = confirm(browser, seen.text)
    assert stale.status_code == 409
    assert "有人改了这里面的驿站" in stale.text
    assert "1 个已经是这样" in stale.text
    assert own_store.list_batches() == []
    assert confirm(browser, stale.text).status_code == 303
    assert cells(own_store, "status")["A"] == "planned"


@pytest.mark.parametrize(
    ("typed", "name", "message"),
    [
        ({}, "hours", "至少填一样"),
        ({"hours": "看心情"}, "hours", "没读懂"),
        ({"hours": "Mo-Fr 25:00"}, "hours", "看不懂"),
        ({"hours": "每天9:00-17:00，随缘"}, "hours", "读懂"),
        ({"first": "2099-02-12", "last": "2099-02-05"}, "last", "写反了"),
        ({"first": "2020-02-05", "last": "2020-02-06"}, "last", "已经过去"),
        ({"first": "2099-02-05", "last": "2101-02-05"}, "last", "最多一年"),
        ({"first": "明年春节"}, "first", "日期写成"),
        ({"first": "2099-02-05", "last": "除夕"}, "last", "日期写成"),
        ({"day_hours": "10:00-16:00"}, "first", "哪几天"),
        ({**FEAST, "day_hours": "随便"}, "day_hours", "没读懂"),
        ({**FEAST, "day_hours": "周一10:00-16:00"}, "day_hours", "那几天都一样"),
        ({"status": "castle"}, "status", "没有这样的状态"),
        ({"status": "duplicate_of"}, "status", "没有这样的状态"),
        ({"status": "closed"}, "note", "为什么关"),
        ({"status": "temporarily_closed", "until": "soon"}, "until", "写成"),
        ({"status": "temporarily_closed", "until": "2020-01-01T08:00"}, "until", "已经过去"),
        ({"status": "open", "until": "2099-01-01T08:00"}, "until", "暂停开放"),
    ],
)
@pytest.mark.usefixtures("four")
def test_what_cannot_be_meant_is_refused_at_its_field(
    login: Login, own_store: Store, typed: dict[str, str], name: str, message: str
) -> None:
    browser = login()
    seq = own_store.change_seq()
    answer = ask(browser, "A", **typed)
    assert answer.status_code == 422
    assert message in error_at(answer.text, name)
    for text in typed.values():
        assert f'value="{text}"' in answer.text or text in {"castle", "duplicate_of"}
    assert own_store.change_seq() == seq


@pytest.mark.usefixtures("four")
def test_only_ticked_stations_of_the_list_change(login: Login, own_store: Store) -> None:
    browser = login()
    page = browser.get("/staff/bulk?q=甲").text
    assert re.findall(r'name="code" value="([^"]+)" checked', page) == ["A"]
    seen = ask(browser, "ABX", q="甲", status="planned")
    assert "会改 1 个驿站" in seen.text
    none = ask(browser, "", q="甲", status="planned")
    assert none.status_code == 422
    assert "一个驿站也没有勾" in none.text
    confirm(browser, seen.text)
    assert sum(status == "planned" for status in cells(own_store, "status").values()) == 1
    assert own_store.list_batches()[0].source == "q=%E7%94%B2"


@pytest.mark.usefixtures("four")
def test_a_long_list_is_changed_as_a_whole_and_a_newcomer_is_shown_first(
    login: Login, own_store: Store, save: Save, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "MOST_TICKED", 2)
    browser = login()
    assert "不一个一个列出来" in browser.get("/staff/bulk?area=东四街道").text
    seen = ask(browser, "", area="东四街道", status="planned")
    assert "会改 3 个驿站" in seen.text
    save({"code": "N", "name": "新", "subdistrict": "东四街道"})
    stale = confirm(browser, seen.text)
    assert "会改 4 个驿站" in stale.text
    assert own_store.list_batches() == []
    confirm(browser, stale.text)
    assert cells(own_store, "status")["E"] == "open"
    assert cells(own_store, "status")["N"] == "planned"


@pytest.mark.usefixtures("four")
def test_only_editors_change_many(login: Login) -> None:
    assert login("小看", "viewer").get("/staff/bulk").status_code == 403
    browser = login("小看", "viewer")
    token = hidden(browser.get("/staff/").text, "csrf_token")
    assert browser.post("/staff/bulk", data={"csrf_token": token}).status_code == 403
    assert "批量改这" not in browser.get("/staff/").text
    assert "没有这样的驿站" in login().get("/staff/bulk?q=没有").text
