"""Map platforms on the page: the sheet, states by ticking and pasting, progress by area."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

import pytest

from tests.webmap.conftest import NOW
from tests.webmap.staff.conftest import send

if TYPE_CHECKING:
    from geo.store import Store
    from tests.webmap.conftest import Save
    from tests.webmap.staff.conftest import Login

PAGE, STATES, SHEET = (f"/staff/platforms{part}" for part in ("", "/states", "/sheet"))


@pytest.fixture
def four(save: Save) -> None:
    """Save two stations in the west, one of them closed, and two in the east."""
    west = {"lon": "116.41", "lat": "39.93", "subdistrict": "东四街道"}
    east = {"lon": "116.43", "lat": "39.93", "subdistrict": "朝阳门街道"}
    save(
        west | {"code": "A", "name": "甲驿站", "contact": "王姐"},
        west | {"code": "C", "name": "丙驿站", "status": "closed"},
        east | {"code": "B", "name": "乙驿站"},
        east | {"code": "D", "name": "丁驿站"},
    )


def states(store: Store, platform: str = "amap") -> dict[str, str]:
    return {code: one.state for code, one in store.platform_states(platform).items()}


@pytest.mark.usefixtures("four")
def test_states_are_set_by_ticking_and_by_pasting_codes(login: Login, own_store: Store) -> None:
    browser = login()
    send(browser, STATES, {"code": ["A"], "set": "sent"}, page=PAGE)
    assert states(own_store) == {"A": "sent"}
    form = {"codes": "B，D\nX", "set": "accepted", "note": "已上线"}
    send(browser, STATES, form, page=PAGE)
    page = browser.get(PAGE).text
    assert "记好了 2 个" in page
    assert "1 个编号没有这样的驿站" in page
    assert states(own_store) == {"A": "sent", "B": "accepted", "D": "accepted"}
    assert "已上线" in page
    send(browser, STATES, {"code": ["A"], "set": "none"}, page=PAGE)
    assert states(own_store) == {"B": "accepted", "D": "accepted"}
    assert states(own_store, "baidu") == {}


@pytest.mark.usefixtures("four")
def test_progress_is_counted_by_area_and_closed_ones_are_told_apart(
    login: Login, own_store: Store
) -> None:
    own_store.set_platform_state("amap", ["B", "C"], "accepted", actor="t", now=NOW)
    browser = login("小看", "viewer")
    page = browser.get(PAGE).text
    rows = re.findall(r"<tr>\s*<th scope=\"row\">.*?</tr>", page, re.DOTALL)
    figures = [re.findall(r'<td class="num"[^>]*>(\d+)</td>', row) for row in rows]
    assert figures == [["2", "1", "0", "0", "1"], ["1", "1", "0", "0", "0"]]
    assert "50%" in rows[0]
    assert "记成" not in page
    gone = browser.get(f"{PAGE}?state=gone").text
    assert "一共 1 个驿站" in gone


@pytest.mark.usefixtures("four", "areas")
def test_a_state_beyond_one_s_area_is_not_set(login: Login, own_store: Store) -> None:
    browser = login(area="110101005")
    send(browser, STATES, {"codes": "A B", "set": "sent"}, page=PAGE)
    assert states(own_store) == {"A": "sent"}
    assert "1 个不在你负责的地方" in browser.get(PAGE).text


@pytest.mark.usefixtures("four")
def test_the_sheet_is_that_of_the_platform_and_may_be_changed(
    login: Login, own_store: Store
) -> None:
    browser = login("小审", "reviewer")
    own_store.set_platform_state("amap", ["B"], "sent", actor="t", now=NOW)

    def read(query: str) -> list[dict[str, str]]:
        text = browser.get(f"{SHEET}?format=csv&{query}").data.decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text)))

    assert [row["地点名称"] for row in read("state=none")] == ["甲驿站", "丁驿站"]
    assert "王姐" not in str(read(""))
    form = {
        "header": ["名字", "", "城市"], "content": ["name", "note", "text"],
        "text": ["", "", "某市"], "datum": "bd09",
    }  # fmt: skip
    send(browser, SHEET, form, page=PAGE)
    assert read("state=sent") == [{"名字": "乙驿站", "城市": "某市"}]
    assert (
        browser.get(f"{SHEET}?format=xlsx")
        .headers["Content-Disposition"]
        .endswith('amap-bd09.xlsx"')
    )
    send(browser, SHEET, form | {"header": ["名字", "名字", "a"]}, page=PAGE)
    assert "写了两次" in browser.get(PAGE).text
    assert read("state=sent")[0].keys() == {"名字", "城市"}


@pytest.mark.usefixtures("four")
def test_what_nobody_offers_is_refused(login: Login, own_store: Store) -> None:
    browser = login("大管", "admin")
    assert browser.get(f"{PAGE}?platform=moon").status_code == 404
    assert browser.get(f"{SHEET}?format=exe").status_code == 400
    assert send(browser, STATES, {"code": "A", "set": "lost"}, page=PAGE).status_code == 400
    form = {"header": "联系人", "content": "contact", "text": "", "datum": "gcj02"}
    assert send(browser, SHEET, form, page=PAGE).status_code == 400
    assert own_store.find_sheet("out", "amap") is None
