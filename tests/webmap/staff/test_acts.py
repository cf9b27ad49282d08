"""The pages of the history: all acts, one act, a station's past, and undo with its preview."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from tests.webmap.conftest import NOW
from tests.webmap.staff.conftest import HOSTILE, error_at, fields_of, hidden, send

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from geo.store import Store
    from tests.webmap.conftest import Save
    from tests.webmap.staff.conftest import Login

WEST, EAST = "110101005", "110101010"
A = {"code": "A", "name": "西驿站", "lon": "116.41", "lat": "39.93", "capacity": "4"}
B = {"code": "B", "name": "东驿站", "lon": "116.43", "lat": "39.93"}


def act(store: Store, codes: list[str], *, kind: str = "bulk", **cells: Any) -> str:  # noqa: ANN401
    """Change stations in one act and return its id."""
    row = pd.DataFrame(
        {"code": codes, **{name: [cell] * len(codes) for name, cell in cells.items()}}
    )
    batch, _ = store.save_batch(
        row,
        kind=kind,
        source="",
        actor="老李",
        origin=kind,
        now=NOW,
        details={"fields": list(cells)},
    )
    return batch


def value(store: Store, code: str, name: str) -> Any:  # noqa: ANN401
    return store.read_stations(codes=[code]).iloc[0][name]


@pytest.fixture
def bulk(save: Save, own_store: Store) -> str:
    """Save two stations, close both in one act, and return the act's id."""
    save(A, B)
    return act(own_store, ["A", "B"], status="temporarily_closed", note="装修")


def test_the_list_tells_who_did_what_and_offers_to_undo_it(login: Login, bulk: str) -> None:
    page = login().get("/staff/history").text
    assert "老李" in page
    assert "批量改：状态、备注" in page
    assert "改了 2 个" in page
    assert f'href="/staff/acts/{bulk}/undo"' in page
    assert page.index("批量改") < page.index("登记了驿站")
    assert "撤销…" not in login("小看", "viewer").get("/staff/history").text


def test_the_list_is_chosen_by_who_kind_and_day(login: Login, bulk: str) -> None:
    browser, day = login(), NOW.date().isoformat()
    for query, expected in {
        "who=老李": [True, False], "who=test": [False, True], "what=bulk": [True, False],
        "what=one": [False, True], "what=undo": [False, False], "what=drop": [True, True],
        f"since={day}": [True, True], "since=2099-01-01": [False, False],
        "until=2020-01-01": [False, False], f"until={day}": [True, True],
        "since=soon&until=9999-99-99&until=": [True, True], "until=9999-12-31": [True, True],
    }.items():  # fmt: skip
        page = browser.get(f"/staff/history?{query}").text
        assert [bulk in page, "登记了驿站" in page] == expected, query


def test_the_list_is_read_page_by_page(login: Login, save: Save) -> None:
    save(*({"code": f"S{n:03}", "name": f"驿{n}"} for n in range(120)))
    browser, seen, address = login(), [], "/staff/history"
    while address:
        page = browser.get(address).text
        seen += re.findall(r"/staff/changes/(\d+)/undo", page)
        found = re.search(r'rel="next" href="([^"]+)"', page)
        address = found[1].replace("&amp;", "&") if found else ""
    assert seen == [str(n) for n in range(120, 0, -1)]


def test_an_act_shows_each_station_before_and_after(login: Login, bulk: str) -> None:
    page = login().get(f"/staff/acts/{bulk}").text
    assert (
        re.findall(r"<dt>([^<]+)</dt><dd><del>([^<]*)</del>.*?<ins>([^<]*)</ins>", page)
        == [
            ("状态", "开放", "暂停开放"),
            ("备注", "空着", "装修"),
        ]
        * 2
    )
    assert 'href="/staff/history/A"' in page
    assert login().get("/staff/acts/nobody").status_code == 404


def test_an_act_is_undone_after_a_look(login: Login, own_store: Store, bulk: str) -> None:
    browser = login()
    own_store.set_status("B", "planned", actor="小赵", origin="form", now=NOW)
    page = browser.get(f"/staff/acts/{bulk}/undo").text
    assert "2 个驿站改回原来的样子" in page
    assert "1 处后来有人改过，不动" in page
    assert "（小赵）" in page
    assert value(own_store, "A", "status") == "temporarily_closed"
    answer = send(browser, f"/staff/acts/{bulk}/undo", {"note": "选错了"})
    done = own_store.find_batch(bulk).undone_by
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith(f"/staff/acts/{done}")
    assert (value(own_store, "A", "status"), value(own_store, "A", "note")) == ("open", "")
    page = browser.get(answer.headers["Location"]).text
    assert "撤销好了，动了 2 个驿站" in page
    assert "原因：选错了" in page
    assert "别人后来改过，没有动的" in page
    again = browser.get(f"/staff/acts/{bulk}/undo").text
    assert "已经撤销过了" in again
    assert "<button>撤销" not in again


def test_an_undone_act_is_taken_up_again(login: Login, own_store: Store, bulk: str) -> None:
    browser = login()
    send(browser, f"/staff/acts/{bulk}/undo", {})
    undo = own_store.find_batch(bulk).undone_by
    page = browser.get("/staff/history").text
    assert "撤销批量改" in page
    assert "已撤销" in page
    send(browser, f"/staff/acts/{undo}/undo", {})
    assert value(own_store, "A", "status") == "temporarily_closed"
    assert own_store.find_batch(bulk).undone_by == ""


@pytest.mark.usefixtures("areas")
def test_an_act_beyond_one_s_area_is_not_undone(login: Login, own_store: Store, bulk: str) -> None:
    browser = login(area=WEST)
    page = browser.get(f"/staff/acts/{bulk}/undo").text
    assert "1 个驿站不在你负责的地方（东四街道）" in page
    assert "<button>撤销" not in page
    token = hidden(page, "csrf_token")
    answer = browser.post(f"/staff/acts/{bulk}/undo", data={"csrf_token": token})
    assert answer.status_code == 403
    assert value(own_store, "A", "status") == "temporarily_closed"
    assert own_store.find_batch(bulk).undone_by == ""


@pytest.mark.usefixtures("areas")
def test_a_station_is_not_moved_into_or_out_of_the_area_by_an_undo(
    login: Login, own_store: Store, save: Save
) -> None:
    save(A)
    act(own_store, ["A"], lon=116.43)
    seq = int(own_store.history("A")["seq"].max())
    for number, area in enumerate((WEST, EAST)):
        browser = login(f"小{number}", area=area)
        assert "不在你负责的地方" in browser.get(f"/staff/changes/{seq}/undo").text
        token = hidden(browser.get("/staff/").text, "csrf_token")
        form = {"csrf_token": token, "field": "lon,lat", "seen": own_store.change_seq()}
        assert browser.post(f"/staff/changes/{seq}/undo", data=form).status_code == 403
    assert value(own_store, "A", "lon") == 116.43


def test_a_station_s_past_tells_each_field_s_source(login: Login, bulk: str) -> None:
    page = login().get("/staff/history/A").text
    rows = {
        name: re.sub(r"<[^>]+>|\s+", " ", row)
        for name, row in re.findall(r'<th scope="row">([^<]+)</th>(.*?)</tr>', page, re.DOTALL)
    }
    assert "老李" in rows["状态"]
    assert "test" in rows["名称"]
    assert "没有" in rows["名称"]
    assert f'href="/staff/acts/{bulk}"' in page
    assert login().get("/staff/history/nobody").status_code == 404


def form_of(browser: FlaskClient, seq: int) -> dict[str, Any]:
    """Return what a browser would send of the page that undoes one change."""
    page = browser.get(f"/staff/changes/{seq}/undo").text
    boxes = re.findall(r'name="field" value="([^"]+)"( disabled)?( checked)?', page)
    return {
        "csrf_token": hidden(page, "csrf_token"),
        "seen": hidden(page, "seen"),
        "field": [name for name, _, checked in boxes if checked],
    }


def test_one_change_is_undone_field_by_field(login: Login, own_store: Store, bulk: str) -> None:
    browser = login()
    seq = int(own_store.history("A")["seq"].max())
    assert own_store.find_change(seq).batch == bulk
    form = form_of(browser, seq)
    assert form["field"] == ["status", "note"]
    browser.post(f"/staff/changes/{seq}/undo", data=form | {"field": ["note"], "note": "还关着"})
    assert (value(own_store, "A", "status"), value(own_store, "A", "note")) == (
        "temporarily_closed",
        "",
    )
    assert value(own_store, "B", "note") == "装修"
    assert "原因：还关着" in browser.get("/staff/acts/" + own_store.list_batches()[0].id).text


def test_a_field_changed_since_goes_back_only_if_ticked(
    login: Login, own_store: Store, bulk: str
) -> None:
    browser = login()
    assert bulk
    seq = int(own_store.history("A")["seq"].max())
    own_store.set_status("A", "planned", actor="小赵", origin="form", now=NOW)
    form = form_of(browser, seq)
    assert form["field"] == ["note"]
    assert "后来 小赵 又改过" in browser.get(f"/staff/changes/{seq}/undo").text
    browser.post(f"/staff/changes/{seq}/undo", data=form | {"field": ["status"]})
    assert value(own_store, "A", "status") == "open"


def test_a_change_made_while_the_page_lay_open_is_not_run_over(
    login: Login, own_store: Store, bulk: str
) -> None:
    browser = login()
    assert bulk
    seq = int(own_store.history("A")["seq"].max())
    form = form_of(browser, seq)
    own_store.set_status("A", "planned", actor="小赵", origin="form", now=NOW)
    answer = browser.post(f"/staff/changes/{seq}/undo", data=form, follow_redirects=True)
    assert "刚才又有人改了这个驿站" in answer.text
    assert value(own_store, "A", "status") == "planned"


def test_an_entry_by_mistake_is_taken_out_and_put_back(
    login: Login, own_store: Store, save: Save
) -> None:
    save(A)
    browser = login()
    answer = browser.post("/staff/changes/1/undo", data=form_of(browser, 1), follow_redirects=True)
    assert "已经从列表里撤出" in answer.text
    assert own_store.count_stations() == 0
    seq = int(own_store.history("A")["seq"].max())
    browser.post(f"/staff/changes/{seq}/undo", data=form_of(browser, seq))
    assert value(own_store, "A", "name") == "西驿站"


def test_an_entry_others_worked_on_goes_only_if_one_is_sure(
    login: Login, own_store: Store, bulk: str
) -> None:
    browser = login()
    assert bulk
    form = form_of(browser, 1)
    browser.post("/staff/changes/1/undo", data=form)
    assert own_store.count_stations() == 2
    browser.post("/staff/changes/1/undo", data=form | {"sure": "yes"})
    assert own_store.count_stations() == 1


@pytest.mark.usefixtures("bulk")
def test_nothing_ticked_and_unknown_numbers_change_nothing(login: Login, own_store: Store) -> None:
    browser, seq = login(), own_store.change_seq()
    last = int(own_store.history("A")["seq"].max())
    form = form_of(browser, last) | {"field": []}
    assert "没有勾选" in browser.post(
        f"/staff/changes/{last}/undo", data=form, follow_redirects=True
    ).text  # fmt: skip
    assert browser.get("/staff/changes/999/undo").status_code == 404
    assert browser.get("/staff/acts/nobody/undo").status_code == 404
    assert own_store.change_seq() == seq


def test_the_audit_is_a_table_that_starts_no_formula(
    login: Login, own_store: Store, save: Save
) -> None:
    save(A | {"note": "=cmd()"})
    batch = act(own_store, ["A"], note="+1")
    own_store.set_status("A", "closed", actor="@老王", origin="form", now=NOW, note="-搬走")
    assert login("小看").get("/staff/audit.csv").status_code == 403
    answer = login("大管", "admin").get("/staff/audit.csv")
    assert answer.mimetype == "text/csv"
    assert answer.data.startswith("\ufeff".encode())
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [row["field"] for row in rows[-2:]] == ["note", "status"]
    assert (rows[-2]["before"], rows[-2]["after"]) == ("'=cmd()", "'+1")
    assert (rows[-2]["act"], rows[-2]["act_kind"]) == (batch, "bulk")
    assert (rows[-1]["actor"], rows[-1]["note"]) == ("'@老王", "'-搬走")
    assert not [cell for row in rows for cell in row.values() if cell[:1] in "=+-@" and cell]
    one = login("大管", "admin").get("/staff/audit.csv?what=one&who=@老王").data.decode("utf-8-sig")
    assert len(list(csv.DictReader(io.StringIO(one)))) == 1


def test_stored_text_is_never_markup(login: Login, own_store: Store, save: Save) -> None:
    save(A)
    row = pd.DataFrame({"code": ["A"], "name": [HOSTILE], "note": [HOSTILE]})
    batch, _ = own_store.save_batch(
        row, kind="import", source=HOSTILE, actor=HOSTILE, origin=f"import:{HOSTILE}",
        now=NOW, note=HOSTILE,
    )  # fmt: skip
    seq = int(own_store.history("A")["seq"].max())
    browser = login()
    for address in (
        "history", "history/A", f"acts/{batch}", f"acts/{batch}/undo", f"changes/{seq}/undo",
    ):  # fmt: skip
        assert "<img src=x" not in browser.get(f"/staff/{address}").text


def test_nobody_closes_a_station_without_a_word(login: Login, own_store: Store, save: Save) -> None:
    save(A)
    browser, address = login(), "/staff/stations/A"
    typed = fields_of(browser.get(address).text) | {"status": "closed"}
    refused = send(browser, address, typed | {"why": "  "})
    assert refused.status_code == 422
    assert "为什么关" in error_at(refused.text, "status")
    assert send(browser, address, typed | {"why": " 房子\n退租 "}).status_code == 302
    assert own_store.history("A")["note"].tolist() == ["", "房子 退租"]
    page = browser.get("/staff/history/A").text
    assert "原因：房子 退租" in page
    assert browser.get("/s/A").status_code == 200
    typed = fields_of(browser.get(address).text) | {"note": "旧址"}
    assert send(browser, address, typed).status_code == 302
