"""The finder on the demo: its answers, 1,000 in the long run, are those of a plain reading."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final
from unittest import mock
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from geo.coords import geodesic_m
from geo.nearest import Finder
from geo.nearest.ask import ways_to
from geo.nearest.question import Question
from geo.network import place_stations
from tests.data.test_demo import network, stations
from tests.oracle.finder import Asked, Found, best_stations

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from geo.nearest import NearestStation
    from geo.nearest.question import Mode

LOCAL: Final = ZoneInfo("Asia/Shanghai")
QUESTIONS: Final = 1_000
FEW: Final = 200  # of them in every run
NEEDS: Final = ("drinking_water", "microwave", "toilet", "phone_charging", "wheelchair")
KINDS: Final = ("rest_station", "union_hub", "service_point")
SPECIAL_DAYS: Final = [
    dt.date(2026, 1, 1),  # New Year's Day
    dt.date(2026, 2, 14),  # a Saturday worked for the Spring Festival
    dt.date(2026, 2, 18),  # the Spring Festival, in which 17 and 18 February lie alike
    dt.date(2026, 4, 30),  # the night before Labour Day, the last of a season
    dt.date(2026, 9, 20),  # a Sunday worked for the National Day
    dt.date(2026, 10, 2),
    dt.date(2026, 10, 10),  # a Saturday worked for the National Day
    dt.date(2026, 12, 20),  # temporary closures of the demo end at 08:00
    dt.date(2026, 12, 31),
    dt.date(2027, 1, 1),  # a year that is not published
]
EDGES_H: Final = (2.0, 5.5, 8.0, 8.5, 12.0, 13.5, 17.5, 18.0, 22.0)  # hours begin or end
KMH: Final = {"walk": 4.0, "ride": 12.0}
OWN_HOURS: Final = ("toilet: 08:00-20:00", "toilet: Mo-Fr 09:00-17:00 | microwave: 06:00-23:00")
NIGHTS: Final = ("Mo-Su 17:40-05:00", "Mo-Fr 20:00-05:00", "24/7")


@pytest.mark.parametrize("count", [FEW, pytest.param(QUESTIONS, marks=pytest.mark.long)])
def test_answers_are_those_of_the_definitions(count: int) -> None:
    rng = np.random.default_rng(4)
    others = [
        dt.date(2026, 1, 1) + dt.timedelta(days=day) for day in rng.integers(365, size=5).tolist()
    ]
    finder = Finder(stations(), network())
    compare(stations(), finder, rng, count, [*SPECIAL_DAYS, *others])


@pytest.mark.parametrize("count", [FEW // 4, pytest.param(QUESTIONS // 5, marks=pytest.mark.long)])
def test_and_where_entry_amenities_and_closures_hang_on_the_time(count: int) -> None:
    rng = np.random.default_rng(5)
    frame = stirred(rng)
    earlier = Finder(stations(), network())
    finder = Finder(frame, network(), earlier=earlier)
    compare(frame, finder, rng, count, SPECIAL_DAYS[5:8:2])


def compare(
    frame: GeoDataFrame, finder: Finder, rng: np.random.Generator, count: int, days: list[dt.date]
) -> None:
    """Ask both the same questions; the ways are those of the full scan."""
    rows = frame.drop(columns="geometry").to_dict(orient="records")
    lon, lat = frame["lon"].to_numpy(), frame["lat"].to_numpy()
    placement = place_stations(network(), lon, lat)
    with mock.patch("geo.nearest.ask.place_stations", return_value=placement):
        for _ in range(count):
            here, mode, asked = drawn_place(rng), *drawn_question(rng, days, frame)
            ways = ways_to(lon, lat, network(), *here)
            straight_m = geodesic_m(*here, lon, lat)
            expected = best_stations(rows, ways.metres.tolist(), straight_m.tolist(), asked)
            found = finder.nearest(question_of(here, mode, asked))
            assert [said(one) for one in found] == [expected_of(one) for one in expected], asked


def said(one: NearestStation) -> tuple[Any, ...]:
    opens, closes = (
        moment and moment.astimezone(LOCAL).replace(tzinfo=None)
        for moment in (one.opens_at, one.closes_at)
    )
    return one.code, one.state, one.needs_unknown, opens, closes


def expected_of(one: Found) -> tuple[Any, ...]:
    return one.code, one.state, one.needs_unknown, one.opens, one.closes


def question_of(here: tuple[float, float], mode: Mode, asked: Asked) -> Question:
    at = asked.at.replace(tzinfo=LOCAL)
    return Question(
        *here, at, asked.limit, mode, asked.needs, asked.no_phone, asked.kinds,
        asked.is_open, asked.is_always, asked.locked,
    )  # fmt: skip


def drawn_question(
    rng: np.random.Generator, days: list[dt.date], frame: GeoDataFrame
) -> tuple[Mode, Asked]:
    """Return what somebody asks, mostly without filters, and how they go."""
    mode: Mode = "ride" if rng.random() < 0.4 else "walk"
    needs = rng.permutation(NEEDS)[: rng.choice([0, 0, 0, 1, 2])]
    kinds = rng.permutation(KINDS)[: rng.choice([0, 0, 0, 1, 2])]
    share = rng.choice([0, 0, 0.1, 0.5])
    return mode, Asked(
        at=drawn_moment(rng, days),
        kmh=KMH[mode],
        limit=int(rng.integers(1, 13)),
        needs=tuple(needs.tolist()),
        no_phone=bool(rng.random() < 0.3),
        kinds=tuple(kinds.tolist()),
        is_open=bool(rng.random() < 0.1),
        is_always=bool(rng.random() < 0.05),
        locked=frozenset(frame["code"][rng.random(len(frame)) < share]),
    )


def drawn_moment(rng: np.random.Generator, days: list[dt.date]) -> dt.datetime:
    """Return a moment of one of the days, half of them soon before hours begin or end."""
    day = dt.datetime.combine(days[rng.integers(len(days))], dt.time())
    if rng.random() < 0.5:
        return day + dt.timedelta(seconds=int(rng.integers(86_400)))
    edge = EDGES_H[rng.integers(len(EDGES_H))]
    return day + dt.timedelta(hours=edge, minutes=-int(rng.integers(-2, 30)))


def drawn_place(rng: np.random.Generator) -> tuple[float, float]:
    """Return a position: mostly beside a street, some in fields and beyond the river."""
    net = network()
    west, south, east, north = net.bounds
    if rng.random() < 0.75:
        node = rng.integers(len(net.lon))
        spread = rng.choice([1e-4, 1e-3])  # degrees; up to some 100 m
        lon, lat = rng.normal((net.lon[node], net.lat[node]), spread)
    else:
        lon, lat = rng.uniform((west - 0.02, south - 0.02), (east + 0.02, north + 0.02))
    return float(lon), float(lat)


def stirred(rng: np.random.Generator) -> GeoDataFrame:
    """Return the demo with more of what hangs on the time of arrival."""
    frame = stations().copy()

    def put(column: str, words: tuple[str, ...], share: float) -> None:
        chosen = np.flatnonzero(rng.random(len(frame)) < share)
        frame.loc[frame.index[chosen], column] = rng.choice(words, len(chosen))

    put("self_hours", NIGHTS, 0.3)
    put("self_entry_mode", ("", "qr", "app;face", "id_card", "app;qr"), 0.5)
    put("entry_mode", ("", "app", "open_door"), 0.3)
    put("needs_phone", ("", "yes", "no"), 0.6)
    put("amenity_hours", OWN_HOURS, 0.4)
    put("status", ("temporarily_closed",), 0.2)
    put("status_until", ("2026-10-02T08:40:00+08:00", "2026-12-20T18:10:00+08:00", ""), 0.7)
    return frame
