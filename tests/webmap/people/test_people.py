"""An admin's accounts: of the own area alone, passwords shown once, nobody shut out by oneself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

import geopandas as gpd
import pytest
from shapely.geometry import MultiPolygon, box

from tests.webmap.conftest import NOW
from tests.webmap.people.conftest import DISTRICT, EAST, WEST
from tests.webmap.staff.conftest import HASH, HOSTILE, send
from webmap.auth import verify_password
from webmap.people.reach import areas_within

if TYPE_CHECKING:
    from geo.store import Store
    from tests.webmap.staff.conftest import Login

NEW = "/account/new"
TYPED = {"name": "小张", "role": "editor", "area": WEST}


def secret(page: str) -> str:
    """Return the password that a page shows."""
    found = re.search(r'id="secret">([^<]+)<', page)
    assert found
    return found[1]


def add(store: Store, name: str, area: str, role: str = "editor") -> None:
    store.add_user(name, role=role, area=area, password_hash=HASH, now=NOW)


def test_an_account_is_made_with_a_password_that_is_shown_once(
    login: Login, own_store: Store
) -> None:
    browser = login("头", role="admin")
    answer = send(browser, NEW, TYPED)
    assert answer.status_code == 201
    assert "no-store" in answer.headers["Cache-Control"]
    made = own_store.find_user("小张")
    assert made is not None
    assert (made.role, made.area) == ("editor", WEST)
    password = secret(answer.text)
    assert verify_password(made.password_hash, password)
    assert password not in browser.get("/account/people/小张").text
    other = browser.application.test_client()
    assert send(other, "/login", {"name": "小张", "password": password}).status_code == 302


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ({"name": ""}, "name"),
        ({"name": "a/b"}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"name": "头"}, "name"),
        ({"role": "king"}, "role"),
        ({"role": "keeper"}, "role"),
        ({"area": "999"}, "area"),
    ],
)
def test_a_faulty_account_is_refused_at_its_field(
    login: Login, own_store: Store, typed: dict[str, str], at: str
) -> None:
    browser = login("头", role="admin")
    answer = send(browser, NEW, TYPED | typed)
    assert answer.status_code == 422
    assert f'id="e-{at}"' in answer.text
    assert [user.name for user in own_store.list_users()] == ["头"]


def test_an_admin_of_an_area_manages_what_lies_within(login: Login, own_store: Store) -> None:
    add(own_store, "西", WEST)
    add(own_store, "东", EAST)
    add(own_store, "区", DISTRICT)
    add(own_store, "总", "", "admin")
    shown = {}
    for name, area in (("街道", WEST), ("全区", DISTRICT), ("处处", "")):
        page = login(name, role="admin", area=area).get("/account/people").text
        shown[name] = {who for who in ("西", "东", "区", "总") if f"/people/{who}" in _plain(page)}
    assert shown == {"街道": {"西"}, "全区": {"西", "东", "区"}, "处处": {"西", "东", "区", "总"}}


def test_an_admin_of_an_area_gives_no_more_than_it(login: Login, own_store: Store) -> None:
    add(own_store, "西", WEST)
    browser = login("街道", role="admin", area=WEST)
    page = browser.get(NEW).text
    assert f'value="{WEST}" selected' in page
    assert f'value="{EAST}"' not in page
    assert '<option value="">' not in page
    for area in (EAST, DISTRICT, ""):
        for address in (NEW, "/account/people/西"):
            answer = send(browser, address, TYPED | {"area": area})
            assert answer.status_code == 422
            assert "你只能管“东四街道”里的账号" in answer.text
    west = own_store.find_user("西")
    assert west is not None
    assert west.area == WEST


def test_a_changed_and_a_disabled_account(login: Login, own_store: Store) -> None:
    add(own_store, "西", WEST)
    browser, other = login("头", role="admin"), login("西")
    typed = {"role": "reviewer", "area": EAST}
    assert send(browser, "/account/people/西", typed).status_code == 303
    changed = own_store.find_user("西")
    assert changed is not None
    assert (changed.role, changed.area, changed.disabled) == ("reviewer", EAST, False)
    assert other.get("/staff/").status_code == 200
    send(browser, "/account/people/西", typed | {"disabled": "yes"})
    assert other.get("/staff/").status_code == 302
    assert "停用了" in browser.get("/account/people").text
    send(browser, "/account/people/西", typed)
    assert other.get("/staff/").status_code == 200


def test_a_new_password_ends_the_sessions_of_the_old(login: Login, own_store: Store) -> None:
    add(own_store, "西", WEST)
    browser, other = login("头", role="admin"), login("西")
    page = send(browser, "/account/people/西/password", {}, page="/account/people/西")
    found = own_store.find_user("西")
    assert found is not None
    assert verify_password(found.password_hash, secret(page.text))
    assert other.get("/staff/").status_code == 302


def test_nobody_shuts_oneself_out(login: Login, own_store: Store) -> None:
    browser = login("头", role="admin")
    assert '<input type="radio" name="role"' not in browser.get("/account/people/头").text
    typed = {"role": "viewer", "area": "", "disabled": "yes"}
    answer = send(browser, "/account/people/头", typed, page=NEW)
    assert answer.status_code == 422
    assert send(browser, "/account/people/头/password", {}, page=NEW).status_code == 403
    head = own_store.find_user("头")
    assert head is not None
    assert (head.role, head.disabled, head.password_hash) == ("admin", False, HASH)


def test_there_is_no_page_of_a_name_that_is_none_and_a_keeper_has_another(
    login: Login, own_store: Store
) -> None:
    own_store.add_keeper("店里", stations=["W"], now=NOW)
    browser = login("头", role="admin")
    for name in ("没有", "店里"):
        assert browser.get(f"/account/people/{name}").status_code == 404
    assert "店里" not in browser.get("/account/people").text


def test_hostile_names_are_text(login: Login, own_store: Store) -> None:
    add(own_store, HOSTILE, "")
    browser = login("头", role="admin")
    for address in ("/account/people", f"/account/people/{HOSTILE}"):
        page = browser.get(address).text
        assert "<img" not in page
        assert "&lt;img" in page


def test_an_area_holds_those_below_and_those_inside() -> None:
    areas = gpd.GeoDataFrame(
        {
            "code": ["c", "d", "s", "loose", "beside", "bare"],
            "parent": ["", "c", "d", "", "", ""],
        },
        geometry=[
            box(0, 0, 10, 10),
            box(0, 0, 5, 5),
            box(1, 1, 2, 2),
            box(3, 3, 4.0001, 4),
            box(4, 4, 6, 6),
            MultiPolygon(),
        ],
        crs=4326,
    )
    assert areas_within("", areas) is None
    within = {code: areas_within(code, areas) for code in ("c", "d", "s", "bare", "nowhere")}
    assert within == {
        "c": frozenset({"c", "d", "s", "loose", "beside"}),
        "d": frozenset({"d", "s", "loose"}),
        "s": frozenset({"s"}),
        "bare": frozenset({"bare"}),
        "nowhere": frozenset({"nowhere"}),
    }


def _plain(page: str) -> str:
    """Return a page with the addresses of Chinese names written out."""
    return unquote(page)
