"""The style sheet: contrast of its colours, and nothing loaded from elsewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import webmap

PACKAGE = Path(webmap.__file__).parent
CSS = (PACKAGE / "static" / "nuanyi.css").read_text(encoding="utf-8")
TEXT, MARK = 4.5, 3.0  # least contrast of WCAG 2.2 for text and for marks
PAIRS = [
    ("ink", "paper", TEXT),
    ("ink", "card", TEXT),
    ("soft", "paper", TEXT),
    ("soft", "card", TEXT),
    ("accent", "paper", TEXT),
    ("accent", "card", TEXT),
    ("on-accent", "accent", TEXT),
    ("amber", "amber-ground", TEXT),
    ("edge", "card", MARK),
    ("edge", "paper", MARK),
]


def colours(scheme: str) -> dict[str, str]:
    """Return the colours by name; the dark scheme is written second."""
    light, dark = re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)
    return dict(re.findall(r"--([\w-]+): (#\w{6})", light if scheme == "light" else dark))


def luminance(colour: str) -> float:
    """Return the relative luminance of WCAG 2.2."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("front", "ground", "least"), PAIRS)
def test_contrast(scheme: str, front: str, ground: str, least: float) -> None:
    known = colours(scheme)
    low, high = sorted(luminance(known[name]) for name in (front, ground))
    assert (high + 0.05) / (low + 0.05) >= least


def test_both_schemes_name_the_same_colours() -> None:
    assert colours("light").keys() == colours("dark").keys()


@pytest.mark.parametrize(
    "path",
    sorted(
        path
        for folder in ("static", "templates")
        for path in (PACKAGE / folder).rglob("*")
        if path.is_file() and path.suffix != ".png" and "vendor" not in path.parts
    ),
    ids=lambda path: str(path.relative_to(PACKAGE)),
)
def test_nothing_is_loaded_from_elsewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"https?:|@import|url\(", text.replace("url_for(", ""))
