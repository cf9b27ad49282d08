"""Every route × who × own and foreign × with and without the token: the status, and no trace.

The routes are those of the application's own URL map; what each has to answer stands in
``tests/webmap/rights/table``. What is refused must leave the store as it was, to the last byte.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any

import flask
import pytest
from flask_wtf.csrf import generate_csrf

from tests.webmap.conftest import COMPILED
from tests.webmap.rights.right import (
    ANYBODY,
    KEEPER,
    LINK,
    NOW,
    PLACES,
    TOKEN,
    WHO,
    WITHOUT,
    Right,
)
from tests.webmap.rights.world import Print, all_rights, copy_world, fill, make_world
from tests.webmap.staff.conftest import PASSWORD, send
from webmap import create_app

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from webmap.settings import Settings

RIGHTS = all_rights()
METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}


@dataclass
class Site:
    """An application over a copy of the world, and who is logged in to it."""

    app: Flask
    settings: Settings
    things: Mapping[str, Mapping[str, Any]]
    print: Print

    def browser(self, who: str) -> FlaskClient:
        """Return a browser of ``who``."""
        client = self.app.test_client()
        if who == KEEPER:
            address = f"/k/{LINK}"
            assert send(client, address, {}).status_code == 303
        elif who != ANYBODY:
            assert send(client, "/login", {"name": who, "password": PASSWORD}).status_code == 302
        return client

    def ask(self, client: FlaskClient, right: Right, who: str, place: str, token: str) -> Any:  # noqa: ANN401 - an answer
        """Send what a right is about."""

        def _fill(text: str) -> str:
            return fill(text, self.things, who, place)

        address = _fill(right.address)
        if right.method == "GET":
            return client.get(address)
        if right.json is not None:
            return client.open(address, method=right.method, json=right.json)
        fields = {name: _field(value, _fill) for name, value in right.form.items()}
        if token != WITHOUT:
            fields["csrf_token"] = _token(self.app, client, is_own=token == TOKEN)
        return client.open(address, method=right.method, data=fields)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """Make the world once; return its folder and its things."""
    folder = tmp_path_factory.mktemp("world") / "instance"
    return folder, make_world(folder)


@pytest.fixture
def sites(
    world: tuple[Path, dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], Site]]:
    """Return a function that starts the application over a fresh copy of the world.

    Yields
    ------
    callable
        ``sites() -> Site``.
    """
    numbers, apps, prints = count(), [], []

    def _site() -> Site:
        settings = copy_world(world[0], tmp_path / str(next(numbers)))
        monkeypatch.setenv("NUANYI_INSTANCE", str(settings.instance))
        app = create_app(settings)
        app.jinja_env.bytecode_cache = COMPILED
        app.extensions["clock"] = lambda: NOW
        apps.append(app)
        prints.append(Print(settings))
        return Site(app, settings, world[1], prints[-1])

    yield _site
    for app in apps:
        app.extensions["stores"].close()
    for one in prints:
        one.close()


def routes_of(app: Flask) -> set[tuple[str, str]]:
    """Return endpoint and method of all that an application answers to."""
    return {
        (rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        for method in METHODS & (rule.methods or set())
    }


def test_every_route_has_a_right_and_every_right_a_route(sites: Callable[[], Site]) -> None:
    routes, keys = routes_of(sites().app), [right.key for right in RIGHTS]
    assert sorted(routes - set(keys)) == [], "add these to a file of tests/webmap/rights/table"
    assert sorted(set(keys) - routes) == [], "no such route any more"
    assert len(keys) == len(set(keys)), "a route has two rights"


def test_a_new_route_is_missed(sites: Callable[[], Site]) -> None:
    app = sites().app
    known = routes_of(app) | {right.key for right in RIGHTS}
    app.add_url_rule("/staff/secret", "staff.secret", lambda: "", methods=["GET", "POST"])
    assert routes_of(app) - known == {("staff.secret", "GET"), ("staff.secret", "POST")}


@pytest.mark.parametrize("right", RIGHTS, ids=lambda right: f"{right.method} {right.endpoint}")
def test_a_route_is_open_to_those_who_may_and_to_nobody_else(
    right: Right, sites: Callable[[], Site]
) -> None:
    site, browsers, wrongs = sites(), {}, []
    for who in WHO:
        for place in PLACES:
            for token in right.tokens:
                if who not in browsers:
                    browsers[who] = site.browser(who)
                before = site.print.take()
                answer = site.ask(browsers[who], right, who, place, token)
                has_written = site.print.take() != before
                wrong = _wrong(right, who, place, token, answer, has_written)
                if wrong:
                    wrongs.append(f"{who}, {place}, {token}: {wrong}")
                if has_written:
                    site, browsers = sites(), {}
    assert wrongs == []


def _wrong(  # noqa: PLR0917 - what was asked, and what came of it
    right: Right,
    who: str,
    place: str,
    token: str,
    answer: TestResponse,
    has_written: bool,  # noqa: FBT001 - as above
) -> str:
    """Say what is wrong with an answer; "" if nothing is."""
    with answer:
        expected = right.expect(who, place, token)
        if answer.status_code != expected.status:
            return f"{answer.status_code}, not {expected.status}"
        location = answer.headers.get("Location", "")
        if expected.to_login != location.startswith("/login?next="):
            return f"leads to {location!r}"
        if has_written and not expected.may_write:
            return "wrote something"
        if expected.must_write and not has_written:
            return "wrote nothing"
        if right.admits(ANYBODY) or answer.status_code >= 400:
            return ""
        kept = answer.headers.get("Cache-Control", "")
        return "" if "no-store" in kept or who == ANYBODY else f"caches may keep it ({kept!r})"


def _token(app: Flask, client: FlaskClient, *, is_own: bool) -> str:
    """Return a token of a browser's session, or of another."""
    with app.test_request_context():
        token = generate_csrf()
        raw = flask.session["csrf_token"]
    if is_own:
        with client.session_transaction() as session:
            session["csrf_token"] = raw
    return str(token)


def _field(value: Any, fill_in: Callable[[str], str]) -> Any:  # noqa: ANN401 - of a form
    """Return a field as the test's browser sends it."""
    if isinstance(value, str):
        return fill_in(value)
    if isinstance(value, tuple):
        return io.BytesIO(value[0]), value[1]
    return [fill_in(text) for text in value]
