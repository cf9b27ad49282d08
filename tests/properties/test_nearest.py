"""`nearest` equals a full scan: every rule of definitions.md written out again, plainly.

Ways are shortest paths by networkx on a graph in which every station and the worker literally
split their edge; hours are clock arithmetic on a few texts written out by hand; states and rank
follow the definitions sentence by sentence. Only the foot on the nearest edge is the network's own.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from geo.nearest import nearest
from geo.network.graph import make_network
from tests.networks import random_network, stations_at, to_degrees

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from geo.nearest import NearestStation
    from geo.network import Network

GEOD = Geod(ellps="WGS84")
LOCAL = ZoneInfo("Asia/Shanghai")
MORNING = dt.datetime(2026, 3, 2, 8, 20, tzinfo=LOCAL)  # a Monday
MINUTE = dt.timedelta(minutes=1)


# Hours, by weekday (Monday = 0) and minute of the day


def _between(*spans: tuple[int, int]) -> Callable[[int, int], str]:
    return lambda _, m: "open" if any(a * 60 <= m < b * 60 for a, b in spans) else "closed"


def _office(weekday: int, minute: int) -> str:
    return "open" if weekday < 5 and 8 * 60 + 30 <= minute < 17 * 60 else "closed"


def _break(_: int, minute: int) -> str:
    return "closed" if 720 <= minute < 730 else _between((9, 18))(_, minute)


def _ring(_: int, minute: int) -> str:
    return "unknown" if 720 <= minute < 780 else _between((9, 12))(_, minute)


HOURS: dict[str, Callable[[int, int], str]] = {
    "24/7": lambda *_: "open",
    "": lambda *_: "unknown",
    "Mo-Su 09:00-17:00": _between((9, 17)),
    "Mo-Su 22:00-06:00": _between((22, 24), (0, 6)),
    "Mo-Fr 08:30-17:00": _office,
    "Mo-Su 09:00-12:00,12:10-18:00": _break,
    'Mo-Su 09:00-12:00, Mo-Su 12:00-13:00 unknown "ring"': _ring,
    "Mo-Su closed": lambda *_: "closed",
}


def state_at(text: str, moment: dt.datetime) -> str:
    local = moment.astimezone(LOCAL)
    return HOURS[text](local.weekday(), local.hour * 60 + local.minute)


def whole_minutes(after: dt.datetime, until: dt.datetime) -> list[dt.datetime]:
    """Return the whole minutes in (after, until]: hours change at no other moments."""
    first = after.replace(second=0, microsecond=0) + MINUTE
    return [first + k * MINUTE for k in range(30) if first + k * MINUTE <= until]


def next_opening(text: str, arrive: dt.datetime) -> dt.datetime | None:
    """Return when it becomes open in (arrival, arrival + 15 min]."""
    for moment in whole_minutes(arrive, arrive + 15 * MINUTE):
        if state_at(text, moment) == "open" != state_at(text, moment - MINUTE / 60):
            return moment
    return None


def plain_state(text: str, now: dt.datetime, arrive: dt.datetime) -> str:
    last = arrive + 3 * MINUTE
    stay = [state_at(text, m) for m in (arrive, *whole_minutes(arrive, last), last)]
    tests = (
        ("unknown", stay[0] == "unknown" or (stay[0] == "open" and "unknown" in stay)),
        ("open", set(stay) == {"open"}),
        ("opens_soon", next_opening(text, arrive) is not None),
        ("closes_before_arrival", state_at(text, now) == "open" and stay[-1] != "open"),
    )
    return next((name for name, holds in tests if holds), "closed")


# Ways


def plain_ways(
    network: Network, worker: tuple[float, float], stations: Sequence[tuple[float, float]]
) -> list[float]:
    """Return the way to each station; inf where there is none."""
    places = [worker, *stations]
    lon, lat = zip(*places, strict=True)
    snapped = network.snapper.snap(lon, lat)
    feet = defaultdict(list)
    for place in np.flatnonzero(snapped.on_network):
        feet[int(snapped.edge[place])].append((float(snapped.along_m[place]), int(place)))
    graph = nx.Graph()
    graph.add_nodes_from(("node", node) for node in range(len(network.lon)))
    for edge, (u, v, length) in enumerate(
        zip(network.u.tolist(), network.v.tolist(), network.length_m.tolist(), strict=True)
    ):
        stops = [(0.0, ("node", u)), *((m, ("foot", p)) for m, p in sorted(feet[edge]))]
        for (from_m, a), (to_m, b) in pairwise([*stops, (length, ("node", v))]):
            graph.add_edge(a, b, weight=max(to_m - from_m, 0.0))
    if snapped.on_network[0]:
        along = nx.single_source_dijkstra_path_length(graph, ("foot", 0))
    ways = []
    for place, there in enumerate(stations, start=1):
        if snapped.on_network[[0, place]].all():
            connectors = float(snapped.connector_m[0] + snapped.connector_m[place])
            ways.append(connectors + along.get(("foot", place), math.inf))
        else:
            ways.append(1.3 * GEOD.inv(*worker, *there)[2])
    return ways


# Rank


@dataclass(frozen=True)
class Plain:
    """One station as the definitions see it."""

    code: str
    state: str
    metres: float
    straight_m: float
    minutes: float
    inside_min: float
    needs_unknown: tuple[str, ...]


def rank(one: Plain) -> tuple[Any, ...]:
    groups = ("unknown", "reported_locked", "closes_before_arrival", "closed")
    group = groups.index(one.state) + 1 if one.state in groups else 0
    if math.isinf(one.metres):
        return 1, bool(one.needs_unknown), one.straight_m, one.code
    inside = one.inside_min if group == 0 else 0.0
    return 0, bool(one.needs_unknown), group, inside, one.metres, one.code


def plain_order(stations: list[Plain]) -> list[Plain]:
    order = sorted(stations, key=rank)
    near = [one for one in order if one.state == "unknown" and one.minutes <= 15]
    near = [one for one in near if one is not order[0]]
    if near and order[0].inside_min > 15:
        order.remove(near[0])
        order.insert(1, near[0])
    return order


def full_scan(
    stations: Any,  # noqa: ANN401  # GeoDataFrame, untyped
    network: Network,
    worker: tuple[float, float],
    now: dt.datetime,
    *,
    kmh: float,
    needs: Sequence[str],
    no_phone: bool,
) -> list[Plain]:
    rows = [row for row in stations.to_dict("records") if row["status"] == "open"]
    ways = plain_ways(network, worker, [(row["lon"], row["lat"]) for row in rows])
    found = []
    for row, metres in zip(rows, ways, strict=True):
        straight = GEOD.inv(*worker, row["lon"], row["lat"])[2]
        way_min = (1.3 * straight if math.isinf(metres) else metres) / (kmh * 1000 / 60)
        arrive = now + dt.timedelta(minutes=way_min)
        state = plain_state(row["hours"], now, arrive)
        inside = {"open": way_min}.get(state, math.inf)
        if state == "opens_soon":
            inside = (next_opening(row["hours"], arrive) - now) / MINUTE
        cells = row["amenities"].split(";")
        asked = [*needs, "no_phone"] if no_phone else list(needs)
        met = {*cells} | ({"no_phone"} if row["needs_phone"] == "no" else set())
        failed = {cell.partition(":")[0] for cell in cells if ":" in cell}
        failed |= {"no_phone"} if row["needs_phone"] == "yes" else set()
        if failed.isdisjoint(asked):
            unknown = tuple(need for need in asked if need not in met)
            no_way = math.isinf(metres)
            minutes, inside = (math.inf, math.inf) if no_way else (way_min, inside)
            found.append(Plain(row["code"], state, metres, straight, minutes, inside, unknown))
    return plain_order(found)


# Cases


@cache
def network_with_an_island(seed: int) -> Network:
    """Return a random network and, 250 m north of it, a street without a way to it."""
    main = random_network(seed, side=5)
    lon, lat = to_degrees([-100, 1100], [650, 650])
    nodes = len(main.lon)
    ends = np.vstack([np.column_stack([main.u, main.v]), [[nodes, nodes + 1]]])
    return make_network(
        np.append(main.lon, lon), np.append(main.lat, lat), np.arange(nodes + 2), ends
    )


def positions(rng: np.random.Generator, network: Network, count: int) -> list[tuple[float, float]]:
    """Return positions along ways, most within 50 m of them."""
    edge = rng.choice(len(network.u), count, p=network.length_m / network.length_m.sum())
    share = rng.random(count)
    u, v = network.u[edge], network.v[edge]
    lon = network.lon[u] + share * (network.lon[v] - network.lon[u]) + rng.normal(0, 3e-4, count)
    lat = network.lat[u] + share * (network.lat[v] - network.lat[u]) + rng.normal(0, 2e-4, count)
    return list(zip(lon.tolist(), lat.tolist(), strict=True))


def random_stations(rng: np.random.Generator, network: Network, count: int) -> Any:  # noqa: ANN401  # GeoDataFrame, untyped
    places = positions(rng, network, count)
    if places:
        places[0] = places[-1]  # two stations at one place
    return stations_at(
        [lon for lon, _ in places],
        [lat for _, lat in places],
        hours=rng.choice(list(HOURS), count),
        status=rng.choice(["open", "closed"], count, p=[0.85, 0.15]),
        amenities=rng.choice(["", "toilet", "toilet:no", "wifi;toilet:broken", "wifi"], count),
        needs_phone=rng.choice(["", "yes", "no"], count),
    )


@given(
    st.integers(0, 2**32 - 1),
    st.integers(0, 14),
    st.datetimes(dt.datetime(2026, 3, 2), dt.datetime(2026, 3, 28)),  # noqa: DTZ001  # local; no holiday is near
    st.lists(st.sampled_from(["toilet", "wifi"]), max_size=2, unique=True),
    st.booleans(),
    st.sampled_from([("walk", 4.0), ("ride", 12.0), ("walk", 1.0), ("walk", 2.5)]),
)
def test_nearest_equals_a_full_scan(  # noqa: PLR0917  # one draw each
    seed: int,
    count: int,
    wall: dt.datetime,
    needs: list[str],
    no_phone: bool,  # noqa: FBT001  # drawn by hypothesis
    speed: tuple[str, float],
) -> None:
    rng = np.random.default_rng(seed)
    network = network_with_an_island(seed % 8)
    stations = random_stations(rng, network, count)
    (worker,) = positions(rng, network, 1)
    now, (mode, kmh) = wall.replace(tzinfo=LOCAL), speed
    expected = full_scan(stations, network, worker, now, kmh=kmh, needs=needs, no_phone=no_phone)
    options: dict[str, Any] = {"mode": mode, f"{mode}_kmh": kmh, "needs": needs}
    found = nearest(stations, network, *worker, at=now, limit=20, no_phone=no_phone, **options)
    assert [_key(one) for one in found] == [
        (one.code, one.state, one.needs_unknown) for one in expected
    ]
    ways = [math.inf if one.walk_m is None else one.walk_m for one in found]
    assert ways == pytest.approx([one.metres for one in expected], abs=1e-6)
    assert [one.inside_min for one in found] == pytest.approx(
        [one.inside_min for one in expected], abs=1e-6
    )


def _key(one: NearestStation) -> tuple[str, str, tuple[str, ...]]:
    return one.code, one.state, one.needs_unknown


@given(st.integers(0, 2**32 - 1), st.integers(1, 10), st.integers(1, 12))
def test_a_smaller_limit_gives_the_first_of_the_same_answers(
    seed: int, count: int, limit: int
) -> None:
    rng = np.random.default_rng(seed)
    network = network_with_an_island(seed % 8)
    stations = random_stations(rng, network, count)
    (worker,) = positions(rng, network, 1)
    every = nearest(stations, network, *worker, at=MORNING, limit=count)
    assert nearest(stations, network, *worker, at=MORNING, limit=limit) == every[:limit]


@given(st.integers(0, 2**32 - 1), st.integers(1, 10))
def test_the_order_of_the_rows_does_not_matter(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    network = network_with_an_island(seed % 8)
    stations = random_stations(rng, network, count)
    (worker,) = positions(rng, network, 1)
    shuffled = stations.iloc[rng.permutation(count)]
    found = [nearest(rows, network, *worker, at=MORNING) for rows in (stations, shuffled)]
    assert [one.code for one in found[0]] == [one.code for one in found[1]]
