"""A way as it is told: hand-made ways a reader can walk in the mind, then many random ones."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np
import pytest

from geo.coords import bearing_deg
from geo.nearest import Finder, Way, tell_way
from geo.network.graph import make_network
from geo.network.names import NAMELESS, Street
from tests.networks import random_network, random_positions, stations_at, to_degrees

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.nearest import Directions

DONGSI: Final = Street("东四大街", "Dongsi Street")
QIANLIANG: Final = Street("钱粮胡同", "")

Place = tuple[float, float]


def way_of(places: Sequence[Place], streets: Sequence[Street | None] | None = None) -> Way:
    """Return a way over places in metres east and north; by default on nameless streets."""
    lon, lat = to_degrees(*np.asarray(places, dtype=float).T)
    metres = sum(float(np.hypot(*np.subtract(b, a))) for a, b in pairwise(places))
    coordinates = tuple(zip(lon.tolist(), lat.tolist(), strict=True))
    return Way(
        coordinates,
        metres,
        off_network=False,
        streets=tuple(streets or [NAMELESS] * (len(places) - 1)),
    )


def told(directions: Directions) -> list[tuple[str, float]]:
    """Return the turn of each leg, and its metres to the ten."""
    return [(leg.turn, round(leg.metres, -1)) for leg in directions.legs]


def test_a_straight_way_is_one_leg_in_its_direction() -> None:
    found = tell_way(way_of([(0, 0), (100, 0), (300, 0)]))
    assert told(found) == [("start", 300)]
    assert found.legs[0].heading_deg == pytest.approx(90, abs=0.1)


@pytest.mark.parametrize(
    ("end", "turn"),
    [
        ((400, 200), "left"),
        ((400, -200), "right"),
        ((540, 140), "slight_left"),
        ((540, -140), "slight_right"),
        ((230, 160), "sharp_left"),
        ((230, -160), "sharp_right"),
        ((200, 10), "back"),
    ],
)
def test_a_turn_has_the_word_of_its_angle(end: Place, turn: str) -> None:
    found = tell_way(way_of([(0, 0), (400, 0), end]))
    assert [leg.turn for leg in found.legs] == ["start", turn]


@pytest.mark.parametrize("angle", [0, 90, 180, 270, 359])
def test_turns_are_the_same_whichever_way_one_comes(angle: float) -> None:
    turned = np.radians(angle)
    rotation = np.array([[np.cos(turned), -np.sin(turned)], [np.sin(turned), np.cos(turned)]])
    places = np.array([(0, 0), (200, 0), (200, 200), (400, 200)]) @ rotation.T
    found = tell_way(way_of([(float(x), float(y)) for x, y in places]))
    assert told(found) == [("start", 200), ("left", 200), ("right", 200)]


def test_a_bend_of_the_street_is_no_turn() -> None:
    bend = [(300 * np.sin(t), 300 - 300 * np.cos(t)) for t in np.linspace(0, np.pi / 6, 12)]
    assert [leg.turn for leg in tell_way(way_of(bend)).legs] == ["start"]


def test_a_corner_drawn_with_many_nodes_is_one_turn() -> None:
    corner = [(200 + 15 * np.sin(t), 15 - 15 * np.cos(t)) for t in np.linspace(0, np.pi / 2, 9)]
    found = tell_way(way_of([(0, 0), *corner, (215, 250)]))
    assert [leg.turn for leg in found.legs] == ["start", "left"]
    assert sum(leg.metres for leg in found.legs) == pytest.approx(200 + 23.5 + 235, abs=1)


def test_a_jog_while_crossing_a_street_is_no_turn() -> None:
    found = tell_way(way_of([(0, 0), (200, 0), (200, 18), (400, 18)]))
    assert told(found) == [("start", 420)]


def test_a_short_bit_before_a_turn_is_told_with_what_follows() -> None:
    found = tell_way(way_of([(0, 0), (0, 20), (300, 20)]))
    assert told(found) == [("start", 320)]
    assert found.legs[0].heading_deg == pytest.approx(90, abs=0.1)


def test_where_a_named_street_leads_into_another_it_is_told_without_a_turn() -> None:
    found = tell_way(way_of([(0, 0), (200, 0), (400, 0)], [DONGSI, QIANLIANG]))
    assert [(leg.turn, leg.street) for leg in found.legs] == [
        ("start", DONGSI),
        ("straight", QIANLIANG),
    ]


def test_nameless_bits_within_a_street_are_of_it() -> None:
    places = [(0, 0), (150, 0), (170, 0), (400, 0)]
    found = tell_way(way_of(places, [DONGSI, NAMELESS, DONGSI]))
    assert [(leg.street, round(leg.metres)) for leg in found.legs] == [(DONGSI, 400)]


@pytest.mark.parametrize(
    ("place", "side"),
    [
        ((400, -25), "right"),
        ((400, 25), "left"),
        ((425, 0), "ahead"),
        ((400, 3), ""),
    ],
)
def test_arriving_says_on_which_side_the_place_is(place: Place, side: str) -> None:
    found = tell_way(way_of([(0, -5), (0, 0), (400, 0), place], [None, DONGSI, None]))
    assert found.side == side
    assert len(found.legs) == 1


def test_the_side_is_that_of_the_last_leg_told_even_if_a_short_turn_comes_after() -> None:
    found = tell_way(way_of([(0, 0), (300, 0), (300, 20), (306, 20)], [DONGSI, NAMELESS, None]))
    assert told(found) == [("start", 330)]
    assert found.side == "left"


def test_off_the_network_it_is_the_direction_alone() -> None:
    lon, lat = to_degrees([0, 300], [0, 300])
    ends = tuple(zip(lon.tolist(), lat.tolist(), strict=True))
    found = tell_way(Way(ends, 551.0, off_network=True, streets=(None,)))
    assert [(leg.turn, leg.metres) for leg in found.legs] == [("start", 551.0)]
    assert found.legs[0].heading_deg == pytest.approx(45, abs=0.1)


def test_of_a_way_with_many_turns_jogs_are_left_out_first() -> None:
    jogs = [(0.0, 0.0)]
    for _ in range(8):
        x, y = jogs[-1]
        jogs += [(x + 150, y), (x + 150, y + 40)]
    found = tell_way(way_of([*jogs, (jogs[-1][0] + 150, jogs[-1][1])]))
    assert [leg.turn for leg in found.legs] == ["start"]


def test_a_way_to_the_same_place_is_told() -> None:
    found = tell_way(way_of([(0, 0), (0, 0)]))
    assert told(found) == [("start", 0)]


@pytest.mark.parametrize("seed", range(4))
def test_legs_sum_to_the_way_and_follow_each_other(seed: int) -> None:
    network = random_network(seed)
    finder = Finder(stations_at([], []), network, is_listed=False)
    lon, lat = random_positions(seed, 40)
    ways = [
        way
        for (x, to_x), (y, to_y) in zip(pairwise(lon.tolist()), pairwise(lat.tolist()), strict=True)
        if (way := finder.way(x, y, to_x, to_y))
    ]
    assert len(ways) > 20
    for way in ways:
        found = tell_way(way)
        assert len(way.streets) == len(way.coordinates) - 1
        assert sum(leg.metres for leg in found.legs) == pytest.approx(way.metres, abs=0.01)
        assert [leg.turn == "start" for leg in found.legs] == [
            not at for at in range(len(found.legs))
        ]
        assert all(leg.metres >= 30 for leg in found.legs) or len(found.legs) == 1


def test_streets_of_a_way_come_from_the_network() -> None:
    lon, lat = to_degrees([0, 700, 700], [0, 0, 800])
    ends, streets = np.array([[0, 1], [1, 2]]), [DONGSI, QIANLIANG]
    network = make_network(lon, lat, np.arange(3), ends, street=np.array([0, 1]), streets=streets)
    (x, to_x), (y, to_y) = to_degrees([200, 700], [10, 500])
    station = stations_at([float(lon[0] + lon[1]) / 2], [float(lat[0])])  # its foot is on the way
    way = Finder(station, network).way(float(x), float(y), float(to_x), float(to_y))
    assert way is not None
    assert way.streets == (None, DONGSI, DONGSI, QIANLIANG, None)
    (first, second), side = tell_way(way).legs, tell_way(way).side
    assert (first.street, second.street, second.turn) == (DONGSI, QIANLIANG, "left")
    assert first.heading_deg == pytest.approx(bearing_deg(lon[0], lat[0], lon[1], lat[1]), abs=0.2)
    assert side == ""
