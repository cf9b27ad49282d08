"""Tile providers: what an operator may write, what is refused and why, and the policy's hosts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from geo.errors import InvalidOptionError
from webmap import create_app
from webmap.headers import CONTENT_SECURITY_POLICY
from webmap.maps import compose
from webmap.providers import Provider, load_providers
from webmap.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

GOOD: dict[str, Any] = {
    "name": "好图",
    "address": "https://tiles.example:8443/{z}/{x}/{y}.png?tk={key}",
    "attribution": "© 好图",
    "key": "k-1",
    "datum": "gcj02",
    "max_zoom": 17,
}


def written(path: Path, *entries: object) -> Path:
    path.write_text(json.dumps(entries), encoding="utf-8")
    return path


def test_no_file_means_no_provider(tmp_path: Path) -> None:
    assert load_providers(tmp_path / "tiles.json") == ()


def test_a_provider_is_read_with_its_key_put_in(tmp_path: Path) -> None:
    (read,) = load_providers(written(tmp_path / "tiles.json", GOOD))
    address = "https://tiles.example:8443/{z}/{x}/{y}.png?tk=k-1"
    assert read == Provider("好图", address, "© 好图", "gcj02", 17)
    assert read.host == "https://tiles.example:8443"


def test_key_and_last_zoom_may_be_left_out(tmp_path: Path) -> None:
    plain = {"name": "a", "address": "https://t.example/{z}/{x}/{y}", "attribution": "b"}
    (read,) = load_providers(written(tmp_path / "tiles.json", plain | {"datum": "wgs84"}))
    assert read.max_zoom == 18


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": ""}, "name is missing"),
        ({"attribution": " "}, "attribution is missing"),
        ({"name": 5}, "name is no text"),
        ({"name": "x" * 61}, "longer than 60"),
        ({"colour": "red"}, "unknown field 'colour'"),
        ({"datum": "bd09"}, "Baidu"),
        ({"datum": "cgcs2000"}, "use wgs84 or gcj02"),
        ({"address": "tiles.example/{z}/{x}/{y}"}, "https://host"),
        ({"address": "javascript://x/{z}/{x}/{y}"}, "https://host"),
        ({"address": "https://a b; script-src */{z}/{x}/{y}{key}"}, "one host"),
        ({"address": "https://user@t.example/{z}/{x}/{y}{key}"}, "no user name"),
        ({"address": "https://t.example/{z}/{x}.png{key}"}, "{y} is missing"),
        ({"address": "https://{s}.example/{z}/{x}/{y}{key}"}, "one host"),
        ({"address": "https://t.example/{z}/{x}/{y}{r}{key}"}, "nothing is put in for {r}"),
        ({"key": ""}, "exactly where"),
        ({"address": "https://t.example/{z}/{x}/{y}"}, "exactly where"),
        ({"max_zoom": 23}, "from 1 to 22"),
        ({"max_zoom": True}, "from 1 to 22"),
        ({"max_zoom": "17"}, "from 1 to 22"),
    ],
)
def test_a_fault_is_named_with_its_entry(
    tmp_path: Path, change: dict[str, object], message: str
) -> None:
    other = GOOD | {"name": "other"}
    path = written(tmp_path / "tiles.json", other, GOOD | change)
    with pytest.raises(InvalidOptionError, match=r"tiles\.json: provider 2") as caught:
        load_providers(path)
    assert message in str(caught.value)


@pytest.mark.parametrize("text", ["{", '{"name": 1}', '["x"]', "null"])
def test_what_is_no_list_of_providers_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "tiles.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidOptionError, match=r"tiles\.json"):
        load_providers(path)


def test_two_providers_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidOptionError, match="same name"):
        load_providers(written(tmp_path / "tiles.json", GOOD, GOOD))


def test_a_file_that_is_named_but_missing_is_an_error(tmp_path: Path) -> None:
    settings = Settings.from_env(
        {"NUANYI_INSTANCE": str(tmp_path), "NUANYI_TILES": str(tmp_path / "none.json")}
    )
    with pytest.raises(InvalidOptionError, match=r"none\.json: cannot be read .*NUANYI_TILES"):
        create_app(settings)


def test_only_images_may_come_from_a_providers_host(tmp_path: Path) -> None:
    written(tmp_path / "tiles.json", GOOD)
    app = create_app(Settings.from_env({"NUANYI_INSTANCE": str(tmp_path)}))
    policy = app.test_client().get("/healthz").headers["Content-Security-Policy"]
    expected = CONTENT_SECURITY_POLICY.format(tile_hosts=" https://tiles.example:8443")
    assert policy == expected
    assert "img-src 'self' data: https://tiles.example:8443;" in policy


def test_a_map_offers_the_providers_and_loads_the_shift_only_for_gcj02(tmp_path: Path) -> None:
    for datum, is_loaded in (("gcj02", True), ("wgs84", False)):
        written(tmp_path / "tiles.json", GOOD | {"datum": datum})
        app = create_app(Settings.from_env({"NUANYI_INSTANCE": str(tmp_path)}))
        with app.test_request_context("/"):
            scripts = compose("finder").scripts
        assert any("grounds.js" in address for address in scripts)
        assert any("datum.js" in address for address in scripts) is is_loaded
        app.extensions["stores"].close()
