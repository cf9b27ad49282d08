"""The headers of every kind of answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from webmap.headers import HEADERS, OF_PARTS

if TYPE_CHECKING:
    from flask.testing import FlaskClient


@pytest.mark.parametrize(
    "path", ["/", "/nowhere", "/api/nowhere", "/healthz", "/readyz", "/static/mark.svg"]
)
def test_every_answer_carries_the_headers(client: FlaskClient, path: str) -> None:
    with client.get(path) as response:
        assert {name: response.headers.get(name) for name in HEADERS} == HEADERS


@pytest.mark.parametrize("path", ["/static/nuanyi.css", "/static/js/finder.js"])
def test_scripts_and_styles_carry_what_concerns_them(client: FlaskClient, path: str) -> None:
    with client.get(path) as response:
        assert {name for name in HEADERS if name in response.headers} == set(OF_PARTS)


def test_the_policy_allows_nothing_inline_and_nothing_foreign() -> None:
    policy = HEADERS["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "frame-ancestors 'none'" in policy


def test_static_files_are_named_by_content_and_kept_a_year(client: FlaskClient) -> None:
    page = client.get("/").text
    address = page.split('rel="stylesheet" href="')[1].split('"')[0]
    assert "?v=" in address
    with client.get(address) as response:
        assert response.cache_control.max_age == 365 * 24 * 3600
