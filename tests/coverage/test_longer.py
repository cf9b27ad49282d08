"""What longer hours would mend, against measuring again with the hours changed: to the integer."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

import pytest

from geo.coverage.classes import COVERED
from geo.coverage.extended import BY_MIN
from geo.coverage.longer import EARLY, LATE, LEAST_MS, MOST, longer_hours
from tests.networks import random_network, random_positions, stations_at, to_degrees
from tests.oracle.stations import LOCAL
from tests.report.made import STREET, measured
from tests.walks import random_walks, street_walk

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from geopandas import GeoDataFrame

    from geo.coverage import Coverage

Span = tuple[tuple[int, ...], int, int]  # weekdays, opening and closing minute, perhaps past 1440

_DAY: Final = 24 * 60
_ALL: Final = tuple(range(7))
_NAMES: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_SPANS: Final[tuple[tuple[Span, ...], ...]] = (
    ((_ALL, 480, 660),),
    ((_ALL, 510, 600), (_ALL, 630, 700)),  # 30 minutes shut: two openings within 180 minutes
    ((_ALL, 1320, _DAY + 300),),  # past midnight
    ((_ALL, 60, 360),),  # an opening that moves to the day before
    (((0, 2), 420, 540), ((1, 3), 600, 1380)),  # on some days only
    (((0, 1, 2), 0, _DAY),),  # three whole days: one opening, one closing
)
_STARTS_MS: Final = tuple(
    round(dt.datetime(2026, 3, *at, tzinfo=LOCAL).timestamp() * 1000) for at in ((2, 4), (3, 20))
)


def _text(spans: tuple[Span, ...], side: str, by_min: int) -> str:
    """Return OSM hours of spans that begin earlier, or end later."""
    parts = []
    for days, opens, shuts in spans:
        whole = shuts - opens == _DAY  # of days that follow each other, each but one goes on
        for day in days:
            is_edge = not whole or day == (days[0] if side == EARLY else days[-1])
            begin = opens - (by_min if side == EARLY and is_edge else 0)
            end = shuts + (by_min if side == LATE and is_edge else 0)
            at, begin, end = (day + begin // _DAY) % 7, begin % _DAY, end - begin // _DAY * _DAY
            parts += _pieces(at, begin, end)
    return ", ".join(parts)


def _pieces(day: int, begin: int, end: int) -> list[str]:
    """Return a span as rules, none of which is longer than to the end of its day."""
    found = [f"{_NAMES[day]} {_clock(begin)}-{_clock(min(end, _DAY))}"]
    return found + (_pieces((day + 1) % 7, 0, end - _DAY) if end > _DAY else [])


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _covered_ms(run: Coverage) -> int:
    return int(run.tally.total.effective_ms[0, COVERED])


def _gains(run: Coverage) -> dict[tuple[str, int], np.ndarray[Any, np.dtype[np.int64]]]:
    return {
        (side, by_min): run.served.longer_ms[row, place]
        for row, side in enumerate((EARLY, LATE))
        for place, by_min in enumerate(BY_MIN)
    }


def _with(stations: GeoDataFrame, row: int, **cells: str) -> GeoDataFrame:
    """Return the stations with some cells of one of them changed."""
    changed = stations.copy()
    for name, text in cells.items():
        changed.loc[changed.index[row], name] = text
    return changed


def _check(seed: int, by_mins: Sequence[int]) -> None:
    """Measure a world, and again with each station's hours changed."""
    network = random_network(seed)
    count = len(_SPANS)
    lon, lat = random_positions(seed, count + 4)
    texts = [_text(spans, EARLY, 0) for spans in _SPANS]
    others = ["24/7", "", texts[0], texts[2]]  # the last two are locked
    stations = stations_at(lon.tolist(), lat.tolist(), hours=[*texts, *others])
    stations["amenities"] = ["seat", "seat;toilet"] * (count // 2 + 2)
    stations["amenity_hours"] = ["", "seat: 06:00-09:15"] * (count // 2 + 2)
    walks = random_walks(network, seed, workers=4, fixes=250, start_ms=_STARTS_MS[seed % 2])
    options: dict[str, Any] = {
        "limit_m": 150.0, "locked": stations["code"].tolist()[-2:],
        "needs": ("seat",) if seed % 3 else (), "drawing": None,
    }  # fmt: skip
    run = measured(walks, stations, network, **options)
    before, found = _covered_ms(run), _gains(run)
    cut = _gains(measured(walks, stations, network, **options, block_fixes=300))
    for (side, by_min), gains in found.items():
        assert gains.tolist() == cut[side, by_min].tolist()  # in any blocks
        assert not gains[count:].any()
        for row, spans in enumerate(_SPANS if by_min in by_mins else ()):
            changed = _with(stations, row, hours=_text(spans, side, by_min))
            again = measured(walks, changed, network, **options)
            assert gains[row] == _covered_ms(again) - before, (side, by_min, texts[row])


@pytest.mark.parametrize("seed", range(3))
def test_gains_are_what_measuring_again_with_the_hours_of_one_station_changed_adds(
    seed: int,
) -> None:
    _check(seed, [BY_MIN[seed]])


@pytest.mark.long
@pytest.mark.parametrize("seed", range(3, 27))
def test_gains_are_what_measuring_again_adds_in_many_worlds(seed: int) -> None:
    _check(seed, BY_MIN)


def test_random_worlds_have_gains_of_both_sides() -> None:
    network = random_network(1)
    lon, lat = random_positions(1, len(_SPANS))
    texts = [_text(spans, EARLY, 0) for spans in _SPANS]
    stations = stations_at(lon.tolist(), lat.tolist(), hours=texts)
    for start_ms in _STARTS_MS:
        walks = random_walks(network, 1, workers=4, fixes=500, start_ms=start_ms)
        gains = _gains(measured(walks, stations, network, limit_m=150.0, drawing=None))
        assert all(some.any() for some in gains.values())


# One worker stands on a street at 07:00-08:00 and 17:00-18:00, 30 m from a station

_AT_MIN: Final = [*range(420, 481, 4), *range(1020, 1081, 4)]


def _on_street(x_m: list[float], **options: Any) -> Coverage:  # noqa: ANN401 - passed on
    cells = {name: options.pop(name) for name in tuple(options) if name in _CELLS}
    lon, lat = to_degrees(x_m, [0.0] * len(x_m))
    stations = stations_at(lon.tolist(), lat.tolist(), hours=["08:00-17:00"] * len(x_m))
    stations = stations.assign(**cells)
    walk = street_walk([100.0] * len(_AT_MIN), [minute * 60.0 for minute in _AT_MIN])
    start = dt.datetime.fromisoformat(walk["time"].iloc[0]).astimezone(LOCAL)
    shift = dt.timedelta(minutes=_AT_MIN[0]) - dt.timedelta(hours=start.hour, minutes=start.minute)
    walk["time"] = [(dt.datetime.fromisoformat(text) + shift).isoformat() for text in walk["time"]]
    return measured(walk, stations, STREET, drawing=None, **options)


_CELLS: Final = (
    "hours", "self_hours", "entry_mode", "self_entry_mode", "amenities", "amenity_hours",
)  # fmt: skip


def _minutes(run: Coverage) -> list[list[list[int]]]:
    whole: list[list[list[int]]] = (run.served.longer_ms // 60_000).tolist()
    return whole


def test_every_station_near_gains_and_not_the_nearest_alone() -> None:
    hour = [60, 60]
    assert _minutes(_on_street([130.0, 200.0])) == [[hour] * 3, [hour] * 3]


def test_nothing_is_gained_while_another_station_is_usable() -> None:
    run = _on_street([130.0, 200.0], hours=["08:00-17:00", "24/7"])
    assert not run.served.longer_ms.any()


def test_a_locked_station_gains_nothing_and_one_beside_it_does() -> None:
    run = _on_street([130.0, 200.0], locked=["S000"])
    assert _minutes(run) == [[[0, 60]] * 3, [[0, 60]] * 3]
    assert [row["code"] for row in longer_hours(run)] == ["S001", "S001"]


def test_unknown_hours_gain_nothing_and_steps_near_them_count_for_others() -> None:
    run = _on_street([130.0, 200.0], hours=["", "08:00-17:00"])
    assert _minutes(run) == [[[0, 60]] * 3, [[0, 60]] * 3]


def test_one_is_let_in_as_at_that_opening_or_closing() -> None:
    run = _on_street(
        [130.0], self_hours="16:00-17:00", entry_mode="open_door",
        self_entry_mode="qr", hours="08:00-16:00", no_phone=True,
    )  # fmt: skip
    assert _minutes(run) == [[[60]] * 3, [[0]] * 3]  # opened by the staff, shut by itself


def test_amenities_keep_their_own_hours() -> None:
    cells = {"amenities": "toilet", "amenity_hours": "toilet: 07:20-17:20"}
    run = _on_street([130.0], needs=["toilet"], **cells)
    assert _minutes(run) == [[[40]] * 3, [[20]] * 3]


def test_rows_are_few_the_greatest_gain_first_and_in_the_summary() -> None:
    network = random_network(2)
    lon, lat = random_positions(2, 9)
    stations = stations_at(
        lon.tolist(), lat.tolist(), hours=["08:00-11:00", "09:00-10:00"] * 4 + ["07:00-08:00"]
    )
    walks = random_walks(network, 2, workers=6, fixes=600)
    run = measured(walks, stations, network, limit_m=200.0, drawing=None)
    rows: list[dict[str, Any]] = longer_hours(run)
    most = [row["gains"][-1]["gain_min"] for row in rows]
    assert most == sorted(most, reverse=True)
    assert len(rows) == MOST
    assert most[-1] >= LEAST_MS / 60_000
    assert run.summary()["longer_hours"] == rows
