"""The prepared finder on a street whose walks a reader can add up; it equals the full scan."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from geo.errors import InvalidOptionError
from geo.nearest import nearest
from geo.nearest.finder import Finder
from geo.nearest.question import Question
from tests.networks import network_of, stations_at, to_degrees

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from geo.network import Network

MONDAY_NOON = dt.datetime.fromisoformat("2026-03-02T12:00+08:00")
MONDAY_NIGHT = dt.datetime.fromisoformat("2026-03-02T03:00+08:00")


@pytest.fixture(scope="module")
def street() -> Network:
    """Return a street of 40 km from west to east, one node every 200 m."""
    return network_of([(200 * k, 0) for k in range(201)], [(k, k + 1) for k in range(200)])


def along(x: list[float], y: float = 0.0, **cells: Any) -> GeoDataFrame:  # noqa: ANN401  # any cells
    lon, lat = to_degrees(x, [y] * len(x))
    return stations_at(lon, lat, **cells)


def both(
    stations: GeoDataFrame,
    network: Network | None,
    x: float,
    **options: Any,  # noqa: ANN401  # of nearest
) -> list[str]:
    """Return the finder's codes, which must be the scan's."""
    lon, lat = (float(part[0]) for part in to_degrees([x], [0]))
    asked: dict[str, Any] = {"at": MONDAY_NOON, **options}
    tuples = {name: tuple(it) if isinstance(it, list) else it for name, it in asked.items()}
    found = Finder(stations, network).nearest(Question(lon, lat, **tuples))
    assert found == nearest(stations, network, lon, lat, **asked)
    return [one.code for one in found]


def test_no_stations_give_no_answers(street: Network) -> None:
    assert both(along([]), street, 0) == []


def test_an_open_station_far_away_comes_before_closed_ones_near_by(street: Network) -> None:
    stations = along([100, 300, 500, 39_000], hours=["off", "off", "off", "24/7"])
    assert both(stations, street, 0, limit=2) == ["S003", "S000"]


def test_where_all_hours_are_unknown_the_nearest_come_first(street: Network) -> None:
    stations = along([float(x) for x in range(100, 40_000, 500)], hours="")
    assert both(stations, street, 0, limit=3) == ["S000", "S001", "S002"]


def test_where_all_are_closed_the_nearest_come_first(street: Network) -> None:
    stations = along([float(x) for x in range(100, 40_000, 500)], hours="Mo-Fr 08:30-17:00")
    options: dict[str, Any] = {"at": MONDAY_NIGHT, "limit": 3, "mode": "ride"}
    assert both(stations, street, 0, **options) == ["S000", "S001", "S002"]


def test_one_that_opens_while_the_worker_walks_for_hours_is_open(street: Network) -> None:
    stations = along([100, 25_000], hours=["off", "Mo-Su 08:00-18:00"])  # there at 09:15
    assert both(stations, street, 0, at=MONDAY_NIGHT) == ["S001", "S000"]


def test_a_near_unknown_one_stands_second_though_many_are_open_farther_away(
    street: Network,
) -> None:
    x = [900.0, *range(1100, 9000, 400)]
    stations = along(x, hours=["", *["24/7"] * (len(x) - 1)])
    assert both(stations, street, 0, limit=3) == ["S001", "S000", "S002"]


def test_met_needs_far_away_come_before_unverified_ones_near_by(street: Network) -> None:
    stations = along([100, 200, 30_000], amenities=["", "toilet:no", "toilet"])
    assert both(stations, street, 0, needs=["toilet"]) == ["S002", "S000"]


def test_stations_of_another_country_cost_no_place_on_the_network(street: Network) -> None:
    stations = along([100, 4_000_000, 5_000_000])
    finder = Finder(stations, street)
    assert finder.ways.search is not None
    assert len(finder.ways.search.placement.lon) == 1
    assert both(stations, street, 0) == ["S000", "S001", "S002"]


def test_several_at_one_place_come_in_the_order_of_their_codes(street: Network) -> None:
    stations = along([100.0] * 6)
    assert both(stations.iloc[::-1], street, 0, limit=4) == ["S000", "S001", "S002", "S003"]


def test_a_changed_name_takes_the_ways_over_and_a_moved_station_does_not(street: Network) -> None:
    stations = along([100, 300])
    first = Finder(stations, street)
    renamed = Finder(stations.assign(name="new"), street, earlier=first)
    assert renamed.ways is first.ways
    moved = Finder(along([100, 400]), street, earlier=first)
    assert moved.ways is not first.ways
    assert Finder(stations, None, earlier=first).ways is not first.ways


@pytest.mark.parametrize(
    ("options", "said"),
    [({"limit": 0}, "at least 1"), ({"mode": "fly"}, "walk or ride"), ({"lat": 97.0}, "not on")],
)
def test_an_option_out_of_range_is_refused(
    street: Network, options: dict[str, Any], said: str
) -> None:
    asked: dict[str, Any] = {"lon": 116.3, "lat": 40.0, "at": MONDAY_NOON, **options}
    with pytest.raises(InvalidOptionError, match=said):
        Finder(along([100]), street).nearest(Question(**asked))


# The way


def test_a_way_runs_over_feet_and_nodes_and_is_as_long_as_the_walk(street: Network) -> None:
    finder = Finder(along([690], 20), street)
    (lon, end_lon), (lat, end_lat) = to_degrees([150, 690], [-30, 20])
    way = finder.way(float(lon), float(lat), float(end_lon), float(end_lat))
    assert way is not None
    assert way.metres == finder.nearest(Question(float(lon), float(lat), MONDAY_NOON))[0].walk_m
    x, y = to_degrees([150, 150, 200, 400, 600, 690, 690], [-30, 0, 0, 0, 0, 0, 20])
    np.testing.assert_allclose(way.coordinates, np.column_stack([x, y]), atol=1e-8)


def test_a_way_within_one_edge_does_not_go_round_by_its_ends(street: Network) -> None:
    (lon, end_lon), (lat, end_lat) = to_degrees([130, 140], [0, 0])
    way = Finder(along([]), street).way(float(lon), float(lat), float(end_lon), float(end_lat))
    assert way is not None
    assert way.metres == pytest.approx(10, abs=0.01)
    east = [lon for lon, _ in way.coordinates]
    assert east == pytest.approx(sorted(east), abs=1e-9)


def test_off_the_network_a_way_is_a_straight_line(street: Network) -> None:
    (lon, end_lon), (lat, end_lat) = to_degrees([100, 100], [0, 500])
    for network in (street, None):
        way = Finder(along([]), network).way(float(lon), float(lat), float(end_lon), float(end_lat))
        assert way is not None
        assert way.off_network
        assert way.metres == pytest.approx(650, abs=0.1)
        assert len(way.coordinates) == 2


def test_between_two_parts_of_the_network_there_is_no_way() -> None:
    network = network_of([(0, 0), (1500, 0), (0, 200), (1500, 200)], [(0, 1), (2, 3)])
    (lon, end_lon), (lat, end_lat) = to_degrees([100, 100], [0, 200])
    finder = Finder(along([]), network)
    assert finder.way(float(lon), float(lat), float(end_lon), float(end_lat)) is None


def test_the_nearer_one_that_is_shut_is_told(street: Network) -> None:
    hours = ["off", "Mo-Su 11:00-11:30", "24/7", "off", "", "off"]
    finder = Finder(along([300, 200, 500, 900, 100, 480], hours=hours), street)
    asked = Question(*(float(part[0]) for part in to_degrees([0], [0])), MONDAY_NOON, limit=1)
    (first,) = finder.nearest(asked)
    passed = finder.passed_by(asked, first)
    assert (first.code, passed and passed.code) == ("S002", "S001")  # S004 is unknown, not shut


def test_nobody_is_passed_where_the_nearest_is_the_first(street: Network) -> None:
    finder = Finder(along([300, 200], hours=["off", "24/7"]), street)
    asked = Question(*(float(part[0]) for part in to_degrees([0], [0])), MONDAY_NOON)
    assert finder.passed_by(asked, finder.nearest(asked)[0]) is None
