"""The result of a coverage run: integer sums, gap lines, and the facts a headline must carry."""

from __future__ import annotations

import importlib.metadata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo import zones
from geo.coverage.classes import CAUSES, COVERED, UNKNOWN, UNUSABLE
from geo.coverage.tally import LIMITS_MIN
from geo.stations.status import in_use
from geo.version import VERSION

if TYPE_CHECKING:
    import datetime as dt

    from geopandas import GeoDataFrame

    from geo.coverage.lines import Lines
    from geo.coverage.stretches import Stretches
    from geo.coverage.tally import Table, Tally
    from geo.network import Network
    from geo.tracks import Tracks

MS_PER_MIN: Final = 60_000
_ROUND_MS: Final = 15 * MS_PER_MIN  # times leave the run rounded: tracks are persons
_FEW_WORKERS: Final = 5
_FEW_HOURS: Final = 20
_LIBRARIES: Final = (
    "chinesecalendar",
    "geopandas",
    "numpy",
    "opening-hours-py",
    "pyproj",
    "scipy",
    "shapely",
)


@dataclass(frozen=True)
class Coverage:
    """What a run measured; shares are taken from the integer sums only when asked for."""

    tally: Tally
    gaps: Lines
    stations: GeoDataFrame  # those that counted: in use as of the run
    areas: tuple[tuple[str, ...], ...]  # names, per layer
    facts: dict[str, Any]
    far_stations: tuple[str, ...]  # codes of those more than 1 km outside the network's box
    stretches: Stretches | None = None  # where they were asked for

    def summary(self) -> dict[str, Any]:
        """Return all figures as plain data, in the words of definitions.md, ready for JSON."""
        tally = self.tally
        time_ms = int(tally.total.ms.sum())
        within = {
            str(minutes): int(ms) / time_ms
            for minutes, ms in zip(LIMITS_MIN, tally.within_ms, strict=True)
        }
        return {
            **self.facts,
            "duration_min": time_ms / MS_PER_MIN,
            "length_m": int(tally.total.mm.sum()) / 1000,
            "limit_m": tally.limit_m,
            "representative": self.facts["workers"] >= _FEW_WORKERS
            and time_ms >= _FEW_HOURS * 60 * MS_PER_MIN,
            "nominal": shares(tally.total),
            "straight": shares(tally.straight),
            "off_network_share": tally.off_network_ms / time_ms,
            "outside_fixes": tally.outside_fixes,
            "outside_stations": list(self.far_stations),
            "longest_gap": self._longest_gap(),
            "by_cause": by_cause(tally.total, 0),
            "by_limit_min": {**within, "over": tally.over_ms / time_ms},
            "by_hour_of_week": [
                _hour(tally.by_hour, hour) for hour in range(len(tally.by_hour.ms))
            ],
            "by_area": self.by_area(),
            "by_route": [
                {"route": route, **group(tally.by_route, route)}
                for route in range(1, len(tally.by_route.ms))
                if tally.by_route.ms[route].any()
            ],
        }

    def by_area(self) -> list[dict[str, Any]]:
        """Return a row per layer and area walked in; name None is on no area of the layer."""
        return [
            {"layer": layer + 1, "area": name, **group(table, row)}
            for layer, (table, names) in enumerate(zip(self.tally.by_area, self.areas, strict=True))
            for row, name in enumerate((*names, None))
            if table.ms[row].any()
        ]

    def _longest_gap(self) -> dict[str, Any] | None:
        """Return the gap line of the greatest duration; ties: length, then start."""
        gaps = self.gaps
        if not len(gaps):
            return None
        row = np.lexsort((gaps.start_ms, -gaps.length_mm, -gaps.duration_ms))[0]
        return {
            "m": int(gaps.length_mm[row]) / 1000,
            "min": int(gaps.duration_ms[row]) / MS_PER_MIN,
            "route": int(gaps.route[row]),
            "start": rounded_times(gaps.start_ms[row : row + 1])[0],
        }


def shares(table: Table) -> dict[str, float | None]:
    """Return covered and unknown shares of time and length; None of a whole that is 0."""
    time, length = table.ms.sum(axis=0), table.mm.sum(axis=0)
    return {
        "share_time": _share(time[COVERED], time.sum()),
        "share_length": _share(length[COVERED], length.sum()),
        "unknown_share_time": _share(time[UNKNOWN], time.sum()),
        "unknown_share_length": _share(length[UNKNOWN], length.sum()),
    }


def group(table: Table, row: int) -> dict[str, Any]:
    """Return the figures of one group of a table."""
    time, length = table.ms[row], table.mm[row]
    return {
        "demand_min": int(time.sum()) / MS_PER_MIN,
        "demand_m": int(length.sum()) / 1000,
        "nominal_share": _share(time[COVERED], time.sum()),
        "unknown_share": _share(time[UNKNOWN], time.sum()),
        "by_cause": by_cause(table, row),
    }


def by_cause(table: Table, row: int) -> dict[str, dict[str, float]]:
    """Return minutes and metres of gap by cause."""
    return {
        cause: {
            "min": int(table.ms[row, UNUSABLE + place]) / MS_PER_MIN,
            "m": int(table.mm[row, UNUSABLE + place]) / 1000,
        }
        for place, cause in enumerate(CAUSES)
    }


def rounded_times(epoch_ms: np.ndarray[Any, np.dtype[np.int64]]) -> list[str]:
    """Return local times rounded to 15 minutes, ISO 8601 with offset."""
    near = (epoch_ms + _ROUND_MS // 2) // _ROUND_MS * _ROUND_MS
    return [zones.isoformat(int(moment)) for moment in near]


def data_facts(
    tracks: Tracks,
    stations: GeoDataFrame,
    network: Network,
    *,
    days: set[int],
    as_of: dt.datetime | None,
) -> dict[str, Any]:
    """Return who and what was measured, with dates and versions."""
    verified = stations["verified_on"].to_numpy(dtype=str) != ""
    return {
        "workers": tracks.workers,
        "routes": tracks.routes,
        "days": len(days),
        "fixes": tracks.fixes,
        "dropped": dict(tracks.dropped),
        "tz": {"zone": tracks.zone, "assumed": tracks.zone_assumed, "local": zones.LOCAL_ZONE},
        "as_of": as_of.isoformat() if as_of else None,
        "datum": tracks.datum,
        "never_verified_share": float(np.mean(~verified)) if len(stations) else None,
        "data": {
            "stations": len(stations),
            "stations_open": int(count_mask(stations, as_of).sum()),
            "first_day": zones.isodate(min(days)) if days else None,
            "last_day": zones.isodate(max(days)) if days else None,
            "network": list(network.summary().sources),
            "network_m": network.summary().kept_length_m,
        },
        "versions": _versions(),
    }


@cache
def _versions() -> dict[str, str]:
    """Return the versions of Nuanyi and of the libraries that figures depend on."""
    return {"nuanyi": VERSION, **{name: importlib.metadata.version(name) for name in _LIBRARIES}}


def last_change(stations: GeoDataFrame) -> dt.datetime | None:
    """Return the start of the latest day that the station data name; None if they name none."""
    dates = [*stations["verified_on"], *stations["opened_on"]]
    latest = max((str(date) for date in dates if date), default=None)
    return zones.aware(zones.day_start_ms(latest)) if latest else None


def count_mask(
    stations: GeoDataFrame, as_of: dt.datetime | None
) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Return which stations count: those in use at a moment; without one, those that are open."""
    if as_of is None:
        return np.asarray(stations["status"].to_numpy(dtype=str) == "open", dtype=np.bool_)
    return in_use(stations, as_of)


def _hour(table: Table, hour: int) -> dict[str, Any] | None:
    if not table.ms[hour].any():
        return None
    figures = group(table, hour)
    return {name: figures[name] for name in ("demand_min", "nominal_share", "unknown_share")}


def _share(part: np.int64, whole: np.int64) -> float | None:
    return int(part) / int(whole) if whole else None
