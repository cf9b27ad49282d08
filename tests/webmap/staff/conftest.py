"""The staff desk in a test: who is logged in, a form that is sent as a browser sends it."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

import geopandas as gpd
import pytest
from shapely.geometry import box

from geo.store import open_store
from tests.passwords import cheap_hash
from tests.webmap.conftest import NOW

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from geo.store import Store
    from webmap.settings import Settings

    Login = Callable[..., FlaskClient]

PASSWORD = "correct horse"  # noqa: S105 - of a made-up account
HASH = cheap_hash(PASSWORD)
HOSTILE = '${alert(1)}"><img src=x onerror=alert(1)>'
STATION = {"name": "隆福寺驿站", "lon": "116.41", "lat": "39.93", "kind": "rest_station"}


@pytest.fixture
def login(own_store: Store, app: Flask) -> Login:
    """Return a function that makes an account and logs it in, in a browser of its own."""

    def _login(name: str = "小王", role: str = "editor", area: str = "") -> FlaskClient:
        if own_store.find_user(name) is None:
            own_store.add_user(name, role=role, area=area, password_hash=HASH, now=NOW)
        browser = app.test_client()
        answer = send(browser, "/login", {"name": name, "password": PASSWORD})
        assert answer.status_code == 302
        return browser

    return _login


@pytest.fixture
def demo_store(settings: Settings) -> Iterator[Store]:
    """Open a demo store.

    Yields
    ------
    Store
        Marked as demo; closed after the test.
    """
    settings.make_instance()
    with open_store(settings.demo_database) as opened:
        opened.mark_demo()
        yield opened


@pytest.fixture
def areas(own_store: Store) -> gpd.GeoDataFrame:
    """Save one district of two subdistricts, west and east of 116.42."""
    frame = gpd.GeoDataFrame(
        {
            "code": ["110101", "110101005", "110101010"],
            "name": ["东城区", "东四街道", "朝阳门街道"],
            "level": ["district", "subdistrict", "subdistrict"],
            "parent": ["", "110101", "110101"],
        },
        geometry=[
            box(116.40, 39.92, 116.44, 39.94),
            box(116.40, 39.92, 116.42, 39.94),
            box(116.42, 39.92, 116.44, 39.94),
        ],
        crs=4326,
    )
    own_store.save_areas(frame)
    return frame


def send(
    browser: FlaskClient, address: str, typed: Mapping[str, str | Sequence[str]], *, page: str = ""
) -> TestResponse:
    """Send a form with the token of its page, which is at the same address unless said."""
    token = hidden(browser.get(page or address).text, "csrf_token")
    return browser.post(address, data={"csrf_token": token, **typed})


def hidden(page: str, name: str) -> str:
    """Return the value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, f"the page has no field {name}"
    return html.unescape(found[1])


def fields_of(page: str) -> dict[str, str | list[str]]:
    """Return what a browser would send of the station form on a page, without its token."""
    form = page[
        page.index('<form class="form"') : page.index("</form>", page.index('class="form"'))
    ]
    typed: dict[str, str | list[str]] = {}
    for tag in re.findall(r"<input [^>]*>", form):
        parts = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if parts.get("type") in {"radio", "checkbox"} and " checked" not in tag:
            continue
        value = html.unescape(parts.get("value", ""))
        if parts.get("type") == "checkbox":
            _several(typed, parts["name"]).append(value)
        else:
            typed[parts["name"]] = value
    for name, body in re.findall(
        r'<textarea [^>]*name="([^"]+)"[^>]*>\n(.*?)</textarea>', form, re.DOTALL
    ):
        typed[name] = html.unescape(body)
    for name, body in re.findall(
        r'<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL
    ):
        chosen = re.search(r'value="([^"]*)" selected', body) or re.search('value="([^"]*)"', body)
        assert chosen
        typed[name] = chosen[1]
    typed.pop("csrf_token")
    return typed


def _several(typed: dict[str, str | list[str]], name: str) -> list[str]:
    known = typed.setdefault(name, [])
    assert isinstance(known, list)
    return known


def error_at(page: str, name: str) -> str:
    """Return the message at a field, "" for none."""
    found = re.search(rf'<p class="error" id="e-{name}">(.*?)</p>', page)
    return html.unescape(found[1]) if found else ""
