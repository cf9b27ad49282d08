"""The taps at the door without JavaScript: a plain form, no cookie, thanks on the next page."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import pytest

from webmap.telling import MOST_OF_DEVICE

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from geo.store import Store
    from tests.webmap.conftest import Save

NOW = dt.datetime(2026, 3, 2, 4, 30, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _station(app: Flask, save: Save) -> None:
    """Save a station whose code has a slash, and stop the clock."""
    cells = {"hours": "24/7", "amenities": "microwave;toilet:no;umbrella:broken"}
    save({"code": "a/b", "name": "甲", **cells})
    app.extensions["clock"] = lambda: NOW


def told(store: Store) -> list[tuple[str, str]]:
    return [(report.state, report.amenity) for report in store.reports_since(NOW)]


def test_the_page_offers_the_door_and_what_is_there(client: FlaskClient) -> None:
    page = client.get("/s/a/b").text
    form = page[page.index('<form class="tell"') :]
    offered = re.findall(r'name="what" value="([^"]+)"', form[: form.index("</form>")])
    assert offered == ["open", "locked", "gone", "broken:microwave", "missing:microwave"]


@pytest.mark.parametrize(
    ("what", "kept"),
    [
        ("open", ("open", "")),
        ("locked", ("locked", "")),
        ("gone", ("gone", "")),
        ("broken:microwave", ("broken", "microwave")),
        ("missing:toilet", ("missing", "toilet")),
    ],
)
def test_a_button_is_kept_and_thanked_for(
    client: FlaskClient, own_store: Store, what: str, kept: tuple[str, str]
) -> None:
    answer = client.post("/s/a/b/tell", data={"what": what})
    assert answer.status_code == 303
    assert answer.location == f"/s/a/b?told={kept[0]}#tell"
    assert "Set-Cookie" not in answer.headers
    assert told(own_store) == [kept]
    assert "谢谢！你说" in client.get(answer.location.partition("#")[0]).text


@pytest.mark.parametrize("what", ["", "shut", "broken", "broken:pool", "open:microwave", "locked:"])
def test_what_is_no_button_is_refused(client: FlaskClient, own_store: Store, what: str) -> None:
    status = client.post("/s/a/b/tell", data={"what": what}).status_code
    assert status == (303 if what == "locked:" else 400)
    assert len(told(own_store)) == (what == "locked:")


def test_an_unknown_station_is_not_found(client: FlaskClient) -> None:
    assert client.post("/s/NO/tell", data={"what": "open"}).status_code == 404


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 303),
        ({"Origin": "null"}, 303),  # our own pages send no referrer, and so no origin
        ({"Origin": "http://localhost"}, 303),
        ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, 303),
        ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "http://other.example"}, 403),
    ],
)
def test_only_forms_of_this_site_are_taken(
    client: FlaskClient, own_store: Store, headers: dict[str, str], status: int
) -> None:
    answer = client.post("/s/a/b/tell", data={"what": "open"}, headers=headers)
    assert answer.status_code == status
    assert len(told(own_store)) == (status == 303)


def test_words_in_the_address_are_not_shown(client: FlaskClient) -> None:
    page = client.get("/s/a/b?told=%3Cb%3Eshut").text
    assert "shut" not in page[page.index('<form class="tell"') : page.index("</main>")]


def test_what_a_table_of_words_can_do_is_not_shown(client: FlaskClient) -> None:
    page = client.get("/s/a/b?told=items").text  # of a dict: its address in memory
    assert "object at" not in page


def test_too_many_are_told_to_wait(client: FlaskClient, own_store: Store) -> None:
    for _each in range(MOST_OF_DEVICE):
        client.post("/s/a/b/tell", data={"what": "open"})
    answer = client.post("/s/a/b/tell", data={"what": "open"})
    assert answer.location == "/s/a/b?told=later#tell"
    assert len(told(own_store)) == MOST_OF_DEVICE
