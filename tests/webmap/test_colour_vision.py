"""States and lines are told apart by everybody: by shape, or by colour in every kind of vision.

Dichromacy is simulated with the matrices of Machado, Oliveira & Fernandes (2009), severity 1.0,
doi:10.1109/TVCG.2009.113, in linear RGB; differences are CIEDE2000 (Sharma et al. 2005,
doi:10.1002/col.20070).
"""

from __future__ import annotations

import re
from itertools import combinations
from math import atan2, cos, degrees, exp, hypot, radians, sin, sqrt
from typing import TYPE_CHECKING

import numpy as np
import pytest

from geo.report.colours import LINE_STYLES
from tests.webmap.test_style import TEXT, colours, luminance

if TYPE_CHECKING:
    from flask import Flask

    from geo.report.colours import LineStyle

VISIONS = {
    "usual": np.eye(3),
    "protan": np.array([
        [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ]),
    "deutan": np.array([
        [0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ]),
    "tritan": np.array([
        [1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ]),
}  # fmt: skip
LEAST_ALONE = 10.0  # CIEDE2000 of lines that colour alone tells apart; 2.3 is just seen
LEAST_BESIDE = 5.0  # of marks whose shapes differ as well
STATES = ("open", "opens_soon", "closes_before_arrival", "closed", "unknown", "reported_locked")
COLOUR_OF = {
    "open": "open", "opens_soon": "soon", "closes_before_arrival": "soon", "closed": "closed",
    "unknown": "closed", "reported_locked": "locked",
}  # fmt: skip
KINDS = ("rest_station", "union_hub", "service_point")


def lab(colour: str, vision: str) -> tuple[float, float, float]:
    """Return CIE L*a*b* (D65) of a colour as one of the visions sees it."""
    coded = np.array([int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)])
    linear = np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)
    seen = np.clip(VISIONS[vision] @ linear, 0, 1)
    to_xyz = np.array([
        [0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ])  # fmt: skip
    parts = (to_xyz @ seen) / np.array([0.95047, 1.0, 1.08883])
    x, y, z = np.where(parts > 216 / 24389, np.cbrt(parts), (24389 / 27 * parts + 16) / 116)
    return float(116 * y - 16), float(500 * (x - y)), float(200 * (y - z))


def difference(one: str, other: str, vision: str) -> float:
    """Return the CIEDE2000 difference of two colours in a vision."""
    return ciede2000(lab(one, vision), lab(other, vision))


def ciede2000(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    """Return the colour difference of two L*a*b* values."""
    chroma = (hypot(*one[1:]) + hypot(*other[1:])) / 2
    stretch = 1.5 - 0.5 * sqrt(chroma**7 / (chroma**7 + 25**7))
    (c1, h1), (c2, h2) = (
        (hypot(a * stretch, b), degrees(atan2(b, a * stretch)) % 360) for _, a, b in (one, other)
    )
    turn = ((h2 - h1 + 180) % 360) - 180 if c1 * c2 else 0.0
    hue = (h1 + turn / 2) % 360 if c1 * c2 else h1 + h2
    light, dark = (one[0] + other[0]) / 2, (c1 + c2) / 2
    weight = (
        1 - 0.17 * cos(radians(hue - 30)) + 0.24 * cos(radians(2 * hue))
        + 0.32 * cos(radians(3 * hue + 6)) - 0.20 * cos(radians(4 * hue - 63))
    )  # fmt: skip
    by_light = (other[0] - one[0]) / (1 + 0.015 * (light - 50) ** 2 / sqrt(20 + (light - 50) ** 2))
    by_chroma = (c2 - c1) / (1 + 0.045 * dark)
    by_hue = 2 * sqrt(c1 * c2) * sin(radians(turn / 2)) / (1 + 0.015 * dark * weight)
    blue = sin(radians(60 * exp(-(((hue - 275) / 25) ** 2))))
    twist = -2 * sqrt(dark**7 / (dark**7 + 25**7)) * blue
    return sqrt(by_light**2 + by_chroma**2 + by_hue**2 + twist * by_chroma * by_hue)


def marks(app: Flask) -> dict[str, str]:
    """Return what is drawn for each mark, by its id, without its colour."""
    with app.test_request_context("/"):
        sprite = app.jinja_env.get_template("icons.svg").render()
    return dict(re.findall(r'<symbol id="m-([^"]+)"[^>]*>(.*?)</symbol>', sprite, re.DOTALL))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_differences_are_those_of_the_paper(
    one: tuple[float, float, float], other: tuple[float, float, float], expected: float
) -> None:
    assert ciede2000(one, other) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("kind", KINDS)
def test_states_that_mean_different_things_differ_in_shape(app: Flask, kind: str) -> None:
    drawn = marks(app)
    for one, other in combinations(STATES, 2):
        if {one, other} != {"opens_soon", "closes_before_arrival"}:  # both: now so, soon not so
            assert drawn[f"{kind}-{one}"] != drawn[f"{kind}-{other}"], (one, other)


def test_kinds_differ_in_shape_in_every_state(app: Flask) -> None:
    drawn = marks(app)
    for state in STATES:
        assert len({drawn[f"{kind}-{state}"] for kind in KINDS}) == len(KINDS)


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_one_may_get_in_never_looks_like_one_may_not(scheme: str, vision: str) -> None:
    known = colours(scheme)
    for state in ("closed", "locked"):
        assert difference(known["open"], known[state], vision) >= LEAST_BESIDE, state


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", sorted(set(COLOUR_OF.values())))
@pytest.mark.parametrize("ground", ["card", "paper"])
def test_the_word_of_a_state_is_readable(scheme: str, state: str, ground: str) -> None:
    known = colours(scheme)
    low, high = sorted(luminance(known[name]) for name in (state, ground))
    assert (high + 0.05) / (low + 0.05) >= TEXT


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_lines_of_coverage_differ_in_dashes_or_in_colour(scheme: str, vision: str) -> None:
    for one, other in combinations(LINE_STYLES, 2):
        styles = LINE_STYLES[one], LINE_STYLES[other]
        if shape(styles[0]) == shape(styles[1]):
            pair = [getattr(style, scheme) for style in styles]
            assert difference(pair[0], pair[1], vision) >= LEAST_ALONE, (one, other)


def shape(style: LineStyle) -> tuple[object, ...]:
    """Return how a line is dashed; its width alone tells nothing."""
    return style.dash, style.is_round
