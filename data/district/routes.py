"""Workers' routes: planned lines on the network, and a week of GPS fixes along them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.sparse.csgraph import dijkstra
from shapely import LineString, contains_xy

from district.places import busy
from district.plane import dice, lengths, to_degrees

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from district.plane import Points
    from district.town import Town

MONDAY: Final = dt.datetime(2026, 11, 9, tzinfo=dt.timezone(dt.timedelta(hours=8)))
NOISE_M: Final = 2.8  # of each coordinate: about 4 m in all
FIX_S: Final = (24, 31)  # seconds between fixes, the upper left out


@dataclass(frozen=True)
class Trade:
    """How workers of one trade go round."""

    name: str
    title: str
    count: int
    shifts: tuple[tuple[float, float], ...]  # hours of the day
    days: int  # worked in the week
    shift: str  # OSM hours text
    stops: int
    reach_m: float  # of the beat about its middle
    speed_kmh: float
    dwell_s: tuple[int, int]


TRADES: Final = (
    Trade("sanitation", "保洁", 12, ((4.0, 7.5), (8.25, 11.0)), 7,
          "Mo-Su 04:00-11:00", 16, 520.0, 3.0, (20, 150)),
    Trade("courier", "快递", 7, ((7.5, 12.0), (13.5, 18.5)), 6,
          "Mo-Sa 07:30-12:00,13:30-18:30", 24, 950.0, 13.0, (90, 380)),
    Trade("rider", "外卖", 5, ((10.5, 14.5), (16.5, 22.5)), 7,
          "Mo-Su 10:30-14:30,16:30-22:30", 26, 1500.0, 14.0, (60, 420)),
)  # fmt: skip
MIDDLES: Final[dict[str, tuple[tuple[float, float], ...]]] = {
    "sanitation": ((-500, 500), (250, -250), (-1500, 800), (900, 1300), (-700, 2200), (-150, -1150),
                   (-2450, 900), (-1900, -2100), (1250, -1900), (2420, -950), (2500, 500),
                   (2600, 2700)),
    "courier": ((-300, 200), (-1500, -400), (750, 350), (200, 2350), (2500, 800), (200, -2400),
                (-2400, 2000)),
    "rider": ((0, 300), (-1300, 700), (900, -400), (-200, 1900), (2300, -200)),
}  # fmt: skip


@dataclass(frozen=True)
class Route:
    """A worker's round: a closed line on the network with stops."""

    code: str
    name: str
    trade: Trade
    worker: str
    line: Points
    stop_m: NDArray[np.float64]  # where on the line the stops are, rising

    def feature(self) -> dict[str, object]:
        """Return the round as a planned line."""
        line = LineString(self.line).simplify(1.5)
        return {
            "type": "Feature",
            "properties": {"route": self.code, "name": self.name, "shift": self.trade.shift,
                           "workers": 1, "trade": self.trade.name, "demo": "yes"},
            "geometry": {"type": "LineString",
                         "coordinates": to_degrees(np.array(line.coords), 6).tolist()},
        }  # fmt: skip


def make_routes(town: Town) -> list[Route]:
    """Lay the rounds of all workers."""
    found: list[Route] = []
    for trade in TRADES:
        for nth, middle in enumerate(MIDDLES[trade.name], start=1):
            code = f"R{len(found) + 1:02d}"
            rng = dice(f"route {code}")
            line, stops = _round(town, np.array(middle, dtype=float), trade, rng)
            name = f"演示{trade.title}{nth}线"
            found.append(Route(code, name, trade, f"W{len(found) + 1:02d}", line, stops))
    return found


def _round(
    town: Town, middle: Points, trade: Trade, rng: np.random.Generator
) -> tuple[Points, NDArray[np.float64]]:
    """Choose stops about a middle, order them into a round and join them by shortest ways."""
    xy = town.net.xy
    away = np.hypot(*(xy - middle).T)
    weight = 0.3 + busy(xy[:, 0], xy[:, 1])
    usable = town.net.main & (away < trade.reach_m) & contains_xy(town.ground.border, xy)
    rows = np.flatnonzero(usable)
    stops = rng.choice(rows, trade.stops, replace=False, p=weight[rows] / weight[rows].sum())
    order = _nearest_first(xy, stops)
    _, before = dijkstra(town.net.graph, indices=order, return_predecessors=True)
    nodes, at = [int(order[0])], [0]
    for nth, goal in enumerate([*order[1:], order[0]]):
        leg, node = [], int(goal)
        while node != order[nth]:
            leg.append(node)
            node = int(before[nth, node])
        nodes += leg[::-1]
        at.append(len(nodes) - 1)
    line = xy[nodes]
    return line, lengths(line)[at[:-1]]


def _nearest_first(xy: Points, stops: NDArray[np.int64]) -> NDArray[np.int64]:
    """Order stops so that each is the nearest of those left."""
    left = [int(stop) for stop in stops]
    order = [left.pop(0)]
    while left:
        away = np.hypot(*(xy[left] - xy[order[-1]]).T)
        order.append(left.pop(int(np.argmin(np.round(away, 2)))))
    return np.array(order)


def track(route: Route, nth: int) -> list[str]:
    """Return a week of fixes of one worker as lines of CSV."""
    rng = dice(f"track {route.code}")
    off = (nth * 3 + 5) % 7 if route.trade.days == 7 else 6  # one day of rest
    lines: list[str] = []
    for day in range(7):
        if day != off:
            for begin, end in route.trade.shifts:
                lines += _shift(route, day, begin, end, rng)
    return lines


def _shift(route: Route, day: int, begin: float, end: float, rng: np.random.Generator) -> list[str]:
    """Go round and round from the beginning of a shift to its end."""
    start_s, stop_s = begin * 3600 + rng.integers(0, 240), end * 3600 - rng.integers(0, 120)
    knots_s, knots_m = _timetable(route, stop_s - start_s, rng)
    steps = rng.integers(*FIX_S, size=int((stop_s - start_s) / FIX_S[0]))
    at_s = np.concatenate([[0], np.cumsum(steps)])
    at_s = at_s[at_s <= stop_s - start_s]
    whole = lengths(route.line)
    way = np.mod(np.interp(at_s, knots_s, knots_m), whole[-1])
    xy = np.column_stack([np.interp(way, whole, route.line[:, axis]) for axis in (0, 1)])
    degrees = to_degrees(xy + rng.normal(0.0, NOISE_M, xy.shape), 5)
    midnight = MONDAY + dt.timedelta(days=day)
    times = [(midnight + dt.timedelta(seconds=int(start_s + s))).isoformat() for s in at_s]
    return [
        f"{route.worker},{route.code},{time},{lon:.5f},{lat:.5f}"
        for time, (lon, lat) in zip(times, degrees.tolist(), strict=True)
    ]


def _timetable(
    route: Route, total_s: float, rng: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return when (seconds) the worker is how far (metres), stops and rounds included."""
    whole = float(lengths(route.line)[-1])
    times, ways = [0.0], [0.0]
    rounds = 0
    while times[-1] < total_s:
        for stop in [*route.stop_m[1:], whole]:
            goal = rounds * whole + float(stop)
            speed = route.trade.speed_kmh / 3.6 * rng.uniform(0.85, 1.15)
            times.append(times[-1] + max(goal - ways[-1], 1.0) / speed)
            ways.append(goal)
            times.append(times[-1] + float(rng.integers(*route.trade.dwell_s)))
            ways.append(goal)
        rounds += 1
    return np.array(times), np.array(ways)
