"""The prepared finder answers exactly what the full scan answers."""

from __future__ import annotations

import datetime as dt
from typing import Any
from unittest import mock

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geo.nearest import nearest
from geo.nearest.finder import Finder
from geo.nearest.prepared import PreparedWays
from geo.nearest.question import Question
from tests.networks import stations_at
from tests.properties.test_nearest import HOURS, LOCAL, network_with_an_island, positions

MOMENTS = st.datetimes(dt.datetime(2026, 3, 2), dt.datetime(2026, 3, 28))  # noqa: DTZ001  # local


UNTIL = ("2026-03-02T08:30:00+08:00", "2026-03-02T12:10:00+08:00", "2026-03-07T00:00:00+08:00")


def crowded_stations(rng: np.random.Generator, seed: int, count: int) -> Any:  # noqa: ANN401  # GeoDataFrame, untyped
    """Return stations with several on one edge and at one place, some far off the network."""
    network = network_with_an_island(seed % 8)
    places = positions(rng, network, count)
    for at in range(0, count - 3, 4):
        here, there = np.array(places[at]), np.array(places[at + 1])
        places[at + 2] = tuple((here + (there - here) * 1e-2).tolist())
        places[at + 3] = places[at]
    for at in range(0, count, 7):
        places[at] = (places[at][0] + rng.normal(0, 0.02), places[at][1] + rng.normal(0, 0.02))
    hours = [*HOURS, "Mo-Su 09:00-17:00", "24/7"]
    return stations_at(
        [lon for lon, _ in places],
        [lat for _, lat in places],
        hours=rng.choice(hours, count),
        status=rng.choice(["open", "closed", "temporarily_closed"], count, p=[0.8, 0.1, 0.1]),
        status_until=rng.choice(["", *UNTIL], count),
        self_hours=rng.choice(["", "", "Mo-Su 20:00-08:00", "Mo-Su 08:00-12:30"], count),
        self_entry_mode=rng.choice(["", "id_card", "qr"], count),
        amenity_hours=rng.choice(["", "", "toilet: 09:00-12:20", "wifi: Mo-Fr 08:30-17:00"], count),
        kind=rng.choice(["rest_station", "union_hub"], count),
        amenities=rng.choice(["", "toilet", "toilet:no", "wifi;toilet:broken", "wifi"], count),
        entry_mode=rng.choice(["", "app", "open_door", "qr;app", "id_card;qr"], count),
        needs_phone=rng.choice(["", "", "yes", "no"], count),
    )


@given(
    st.integers(0, 2**32 - 1),
    st.integers(0, 60),
    MOMENTS,
    st.sampled_from([(), (), ("toilet",), ("wifi", "toilet"), ("aed",)]),
    st.booleans(),
    st.sampled_from([("walk", 4.0), ("ride", 12.0), ("walk", 1.0), ("ride", 40.0)]),
    st.integers(1, 12),
    st.sampled_from([0, 1, 3, 64]),
)
def test_the_finder_equals_the_full_scan(  # noqa: PLR0917  # one draw each
    seed: int,
    count: int,
    wall: dt.datetime,
    needs: tuple[str, ...],
    no_phone: bool,  # noqa: FBT001  # drawn by hypothesis
    speed: tuple[str, float],
    limit: int,
    per_node: int,
) -> None:
    rng = np.random.default_rng(seed)
    network = network_with_an_island(seed % 8)
    stations = crowded_stations(rng, seed, count)
    finder = _finder(stations, network, per_node)
    mode, kmh = speed
    options: dict[str, Any] = {
        "at": wall.replace(tzinfo=LOCAL),
        "limit": limit,
        "mode": mode,
        f"{mode}_kmh": kmh,
        "needs": needs,
        "no_phone": no_phone,
        "kinds": (("union_hub",), (), ())[seed % 3],
        "is_open": seed % 5 == 0,
        "is_always": seed % 7 == 0,
        "locked": frozenset(stations["code"][rng.random(count) < 0.2]) if seed % 2 else frozenset(),
    }
    for lon, lat in [*positions(rng, network, 3), (116.4, 40.1)]:
        expected = nearest(stations, network, lon, lat, **options)
        assert finder.nearest(Question(lon, lat, **options)) == expected


@given(st.integers(0, 2**32 - 1), st.integers(0, 40), MOMENTS)
def test_without_a_network_as_well(seed: int, count: int, wall: dt.datetime) -> None:
    rng = np.random.default_rng(seed)
    stations = crowded_stations(rng, seed, count)
    finder = Finder(stations, None)
    at = wall.replace(tzinfo=LOCAL)
    for lon, lat in positions(rng, network_with_an_island(0), 3):
        assert finder.nearest(Question(lon, lat, at)) == nearest(stations, None, lon, lat, at=at)


def _finder(stations: Any, network: Any, per_node: int) -> Finder:  # noqa: ANN401  # as above
    """Return a finder whose lists are so long; 0: without lists."""

    def small(*args: Any, **_: Any) -> PreparedWays:  # noqa: ANN401  # passed on
        return PreparedWays(*args, per_node=per_node, is_listed=per_node > 0)

    with mock.patch("geo.nearest.finder.PreparedWays", small):
        return Finder(stations, network)
