"""What goes over the wire: packed by what the browser takes, and the same inside."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import brotli
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

LEAFLET = "/static/vendor/leaflet-1.9.4/leaflet.js"


@pytest.mark.parametrize(
    ("accepted", "way", "unpack"),
    [
        ("gzip, deflate, br", "br", brotli.decompress),
        ("gzip, deflate", "gzip", gzip.decompress),
        ("gzip", "gzip", gzip.decompress),
        ("br;q=0, gzip", "gzip", gzip.decompress),
        ("", None, bytes),
    ],
)
def test_a_static_file_is_packed_as_the_browser_takes_it(
    client: FlaskClient, accepted: str, way: str | None, unpack: Callable[[bytes], bytes]
) -> None:
    with client.get(LEAFLET, headers={"Accept-Encoding": "identity"}) as answer:
        plain = answer.data
    with client.get(LEAFLET, headers={"Accept-Encoding": accepted}) as answer:
        assert answer.headers.get("Content-Encoding") == way
        assert unpack(answer.data) == plain
        assert "Accept-Encoding" in answer.headers["Vary"]
        assert way is None or len(answer.data) < len(plain) / 3


def test_a_page_is_packed_too(client: FlaskClient) -> None:
    answer = client.get("/", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "暖驿" in gzip.decompress(answer.data).decode()
