"""The style sheet of the desk: contrast of its own colours, and those of nuanyi.css beside them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import webmap
from tests.webmap.test_style import TEXT, luminance

STATIC = Path(webmap.__file__).parent / "static"
PAIRS = [
    ("good", "good-ground"),
    ("bad", "bad-ground"),
    ("bad", "card"),
    ("bad", "paper"),
    ("ink", "tint"),
    ("accent", "tint"),
    ("soft", "tint"),
]


def colours(scheme: str) -> dict[str, str]:
    """Return the colours of both sheets by name; the dark scheme is written second."""
    found: dict[str, str] = {}
    for name in ("nuanyi.css", "desk.css"):
        blocks = re.findall(r":root \{(.*?)\}", (STATIC / name).read_text("utf-8"), re.DOTALL)
        block = blocks[0 if scheme == "light" else 1]
        found |= dict(re.findall(r"--([\w-]+): (#\w{6})", block))
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("front", "ground"), PAIRS)
def test_text_of_the_desk_is_readable(scheme: str, front: str, ground: str) -> None:
    known = colours(scheme)
    low, high = sorted(luminance(known[name]) for name in (front, ground))
    assert (high + 0.05) / (low + 0.05) >= TEXT
