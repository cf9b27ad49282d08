"""Language and type size: chosen by address, remembered in cookies, ignored when unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from flask.testing import FlaskClient


def test_chinese_and_normal_type_are_the_defaults(client: FlaskClient) -> None:
    assert '<html lang="zh-CN" data-type="normal">' in client.get("/").text


def test_a_language_chosen_once_stays(client: FlaskClient) -> None:
    first = client.get("/?lang=en")
    cookie = first.headers["Set-Cookie"]
    assert all(word in cookie for word in ("lang=en", "HttpOnly", "SameSite=Lax", "Max-Age"))
    again = client.get("/")
    assert '<html lang="en"' in again.text
    assert "Set-Cookie" not in again.headers
    assert "Cookie" in again.vary


def test_a_cookie_is_secure_where_the_page_is(client: FlaskClient) -> None:
    assert "Secure" in client.get("/?type=large", base_url="https://x").headers["Set-Cookie"]


def test_the_address_goes_before_the_cookie(client: FlaskClient) -> None:
    client.get("/?lang=en")
    assert '<html lang="zh-CN"' in client.get("/?lang=zh").text


@pytest.mark.parametrize("word", ["fr", "", "en-US", "<script>"])
def test_an_unknown_language_is_ignored(client: FlaskClient, word: str) -> None:
    response = client.get("/", query_string={"lang": word})
    assert '<html lang="zh-CN"' in response.text
    assert "Set-Cookie" not in response.headers


def test_large_type_is_a_mark_of_the_page(client: FlaskClient) -> None:
    assert 'data-type="large"' in client.get("/?type=large").text


def test_links_of_choice_keep_search_and_page_but_nothing_unknown(client: FlaskClient) -> None:
    page = client.get("/nowhere", query_string={"q": '"><b>', "page": "2", "x": "1"}).text
    assert 'href="/nowhere?q=%22%3E%3Cb%3E&amp;page=2&amp;lang=en"' in page
