"""What longer hours would mend at most, against a count second by second."""

import datetime as dt
from typing import Any

import numpy as np
import pytest

from geo.coverage import Coverage
from geo.coverage.classes import CLOSED
from geo.coverage.longer import LEAST_MS, MOST, longer_hours
from tests.networks import random_network, random_positions, stations_at
from tests.oracle.stations import LOCAL
from tests.report.made import measured
from tests.walks import random_walks

_OPENS, _SHUTS = 8, 11  # of the stations, every day


def _measure(seed: int) -> Coverage:
    network = random_network(seed)
    lon, lat = random_positions(seed, 4)
    hours = [f"{_OPENS:02}:00-{_SHUTS:02}:00"] * 4
    stations = stations_at(lon.tolist(), lat.tolist(), hours=hours)
    walks = random_walks(network, seed, workers=6, fixes=600)
    return measured(walks, stations, network, limit_m=400.0)


def _count(run: Coverage, end: str, by_min: int) -> dict[str, float]:
    """Return person-minutes by station, looking at every second of every line."""
    found: dict[str, float] = {}
    gaps = run.gaps
    codes = run.stations["code"].tolist()
    for row in np.flatnonzero(gaps.found == CLOSED).tolist():
        seconds = range(int(gaps.start_ms[row] // 1000), int(gaps.end_ms[row] // 1000))
        hits = sum(_is_near(second, end, by_min) for second in seconds)
        code = codes[gaps.nearest[row]]
        found[code] = found.get(code, 0.0) + hits * int(gaps.workers[row]) / 60
    return found


def _is_near(second: int, end: str, by_min: int) -> bool:
    """Return whether a second lies in the minutes before opening, or after closing."""
    at = dt.datetime.fromtimestamp(second, LOCAL)
    minute = at.hour * 60 + at.minute + at.second / 60
    if end == "early":
        return _OPENS * 60 - by_min <= minute < _OPENS * 60
    return _SHUTS * 60 <= minute < _SHUTS * 60 + by_min


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_gains_are_the_time_of_closed_gaps_near_an_opening_or_a_closing(seed: int) -> None:
    run = _measure(seed)
    told: dict[tuple[str, str, int], float] = {
        (row["code"], row["end"], step["by_min"]): step["gain_min"]
        for row in longer_hours(run)
        for step in row["gains"]
    }
    sought = {
        (code, end, by_min): minutes
        for end in ("early", "late")
        for by_min in (60, 120, 180)
        for code, minutes in _count(run, end, by_min).items()
    }
    assert sum(sought.values()) > 0
    for key, minutes in sought.items():
        if key in told:
            assert told[key] == pytest.approx(minutes, abs=0.5)
        else:
            assert sought[*key[:2], 180] < LEAST_MS / 60_000 + 0.5


def test_rows_are_few_the_greatest_gain_first_and_in_the_summary() -> None:
    run = _measure(2)
    rows: list[dict[str, Any]] = longer_hours(run)
    most = [row["gains"][-1]["gain_min"] for row in rows]
    assert most == sorted(most, reverse=True)
    assert len(rows) <= MOST
    assert run.summary()["longer_hours"] == rows
