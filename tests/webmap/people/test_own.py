"""One's own account: what it may do, and another password."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.webmap.people.conftest import WEST
from tests.webmap.staff.conftest import HASH, PASSWORD, send
from webmap.account.tries import OF_OWN

if TYPE_CHECKING:
    from geo.store import Store
    from tests.webmap.staff.conftest import Login

PAGE = "/account/password"
NEW = "还是这匹马好用又好记"
TYPED = {"old": PASSWORD, "new": NEW, "again": NEW}


@pytest.mark.parametrize(
    ("role", "links"),
    [("viewer", 1), ("editor", 2), ("reviewer", 2), ("admin", 3)],
)
def test_the_page_says_what_the_account_may_and_where(login: Login, role: str, links: int) -> None:
    page = login(role=role, area=WEST).get("/account/").text
    assert "东四街道" in page
    pages = ("/account/password", "/account/keepers", "/account/people")
    assert [f'href="{address}"' in page for address in pages] == [
        number < links for number in range(3)
    ]


def test_another_password_ends_all_sessions_but_this_one(login: Login, own_store: Store) -> None:
    browser, other = login(), login()
    answer = send(browser, PAGE, TYPED)
    assert answer.headers["Location"] == "/account/"
    assert "密码换好了" in browser.get("/account/").text
    assert other.get("/staff/").status_code == 302
    fresh = browser.application.test_client()
    assert send(fresh, "/login", {"name": "小王", "password": PASSWORD}).status_code == 401
    assert send(fresh, "/login", {"name": "小王", "password": NEW}).status_code == 302
    user = own_store.find_user("小王")
    assert user is not None
    assert user.password_hash.startswith("$argon2id$v=19$m=65536")  # at the full cost


@pytest.mark.parametrize(
    ("typed", "at", "words"),
    [
        ({"old": "wrong horse"}, "old", "现在的密码不对"),
        ({"new": "short", "again": "short"}, "new", "太短了，至少 10 个字符"),
        ({"new": "x" * 1001, "again": "x" * 1001}, "new", "太长了"),
        ({"new": "a" * 12, "again": "a" * 12}, "new", "太好猜了"),
        ({"again": "another one"}, "again", "两次写的不一样"),
    ],
)
def test_a_password_that_cannot_be_is_refused_at_its_field(
    login: Login, own_store: Store, typed: dict[str, str], at: str, words: str
) -> None:
    browser = login()
    answer = send(browser, PAGE, TYPED | typed)
    assert answer.status_code == 422
    assert words in answer.text
    assert f'id="e-{at}"' in answer.text
    for text in (TYPED | typed).values():
        assert f'value="{text}"' not in answer.text  # no page carries a password
    user = own_store.find_user("小王")
    assert user is not None
    assert user.password_hash == HASH


def test_who_guesses_at_an_open_session_is_slowed_down(login: Login) -> None:
    browser = login()
    for _ in range(OF_OWN.free):
        assert send(browser, PAGE, TYPED | {"old": "wrong horse"}).status_code == 422
    answer = send(browser, PAGE, TYPED)
    assert answer.status_code == 429
    assert "Retry-After" in answer.headers
    assert 'id="e-old"' in answer.text
