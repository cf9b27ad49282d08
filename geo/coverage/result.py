"""The result of a coverage run: integer sums, gap lines, and the facts a headline must carry."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import shapely

from geo import zones
from geo.coverage.classes import CAUSES, CLASS_NAMES, CLOSED, COVERED, UNKNOWN, UNUSABLE
from geo.coverage.lines import shapes_of, take_lines
from geo.coverage.longer import longer_hours
from geo.coverage.missed import missed_min
from geo.coverage.tally import LIMITS_MIN
from geo.coverage.worst import worst_gaps
from geo.tracks.shifts import SLOT_MS

if TYPE_CHECKING:
    from collections.abc import Hashable

    from geopandas import GeoDataFrame
    from shapely.geometry.base import BaseGeometry

    from geo.coverage.lines import Lines
    from geo.coverage.near import Service
    from geo.coverage.streets import Streets
    from geo.coverage.stretches import Stretches
    from geo.coverage.tally import Table, Tally

    Ints = np.ndarray[Any, np.dtype[np.int64]]

MS_PER_MIN: Final = 60_000
_ROUND_MS: Final = 15 * MS_PER_MIN  # times leave the run rounded: tracks are persons
_FEW_WORKERS: Final = 5
_FEW_HOURS: Final = 20
_MEANINGFUL_SHARE: Final = 0.5  # of stations once verified, for effective figures to mean much


@dataclass(frozen=True)
class StationService:
    """What the stations of a run served, and what ruled them out; arrays of shape (s,) mostly."""

    ms: Service
    mm: Service
    longer_ms: Ints  # (2, 3, s) that opening earlier, closing later by 60, 120, 180 min would add
    evidence: tuple[str, ...]  # ISO date of the evidence, local; "" without any
    is_locked: np.ndarray[Any, np.dtype[np.bool_]]
    is_unverified: np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True)
class Coverage:
    """What a run measured; shares are taken from the integer sums only when asked for.

    Classes, causes and gap lines are the effective ones wherever nothing else is said.
    """

    tally: Tally
    gaps: Lines
    stations: GeoDataFrame  # those that counted: in use as of the run
    served: StationService
    areas: tuple[tuple[str, ...], ...]  # names, per layer
    shifts: tuple[str, ...]  # OSM hours
    facts: dict[str, Any]
    far_stations: tuple[str, ...]  # codes of those more than 1 km outside the network's box
    stretches: Stretches | None = None  # where they were asked for
    streets: Streets | None = None  # likewise
    area_names: tuple[str, ...] = ()  # of the layers, as 街道; none or one each

    def summary(self) -> dict[str, Any]:
        """Return all figures as plain data, in the words of definitions.md, ready for JSON."""
        tally, total = self.tally, self.tally.total
        time_ms = int(total.ms.sum())
        within = {
            str(minutes): int(ms) / time_ms
            for minutes, ms in zip(LIMITS_MIN, tally.within_ms, strict=True)
        }
        never = self.facts["never_verified_share"]
        return {
            **self.facts,
            "duration_min": time_ms / MS_PER_MIN,
            "length_m": int(total.mm.sum()) / 1000,
            "limit_m": tally.limit_m,
            "representative": self.facts["workers"] >= _FEW_WORKERS
            and time_ms >= _FEW_HOURS * 60 * MS_PER_MIN,
            "nominal": shares(total.ms[0], total.mm[0]),
            "effective": shares(total.effective_ms[0], total.effective_mm[0]),
            "effective_meaningful": never is not None and never <= _MEANINGFUL_SHARE,
            "straight": shares(tally.straight.ms[0], tally.straight.mm[0]),
            "off_network_share": tally.off_network_ms / time_ms,
            "outside_fixes": tally.outside_fixes,
            "outside_stations": list(self.far_stations),
            "longest_gap": self._longest_gap(),
            "by_cause": by_cause(total.effective_ms[0], total.effective_mm[0]),
            "by_limit_min": {**within, "over": tally.over_ms / time_ms},
            "by_hour_of_week": [
                _hour(tally.by_hour, hour) for hour in range(len(tally.by_hour.ms))
            ],
            "by_area": self.by_area(),
            "by_shift": self.by_shift(),
            "by_route": [
                {"route": route, **group(tally.by_route, route)}
                for route in range(1, len(tally.by_route.ms))
                if tally.by_route.ms[route].any()
            ],
            "worst_gaps": self.worst_gaps(),
            "longer_hours": longer_hours(self),
        }

    def by_area(self) -> list[dict[str, Any]]:
        """Return a row per layer and area walked in; name None is on no area of the layer."""
        return [
            {"layer": layer + 1, **self._layer_name(layer), "area": name, **group(table, row)}
            for layer, (table, names) in enumerate(zip(self.tally.by_area, self.areas, strict=True))
            for row, name in enumerate((*names, None))
            if table.ms[row].any()
        ]

    def _layer_name(self, layer: int) -> dict[str, str]:
        return {"layer_name": self.area_names[layer]} if self.area_names else {}

    def by_shift(self) -> list[dict[str, Any]]:
        """Return a row per shift in which somebody walked; None is in none of them."""
        table = self.tally.by_shift
        return [
            {"shift": shift, **group(table, row)}
            for row, shift in enumerate((*self.shifts, None))
            if self.shifts and table.ms[row].any()
        ]

    def worst_gaps(self) -> list[dict[str, Any]]:
        """Return the gaps of the longest time, the worst first; those that all but touch as one.

        Of beats the walks of all slots through one gap are one row. ``box`` holds what may be
        shown of it, west, south, east, north. It is None of nothing; then there is no station and
        no walk either, which would tell where it is.
        """
        shapes = worst_lines(self)
        rows = [self._worst_row(gap, shape) for gap, shape in zip(self._worst, shapes, strict=True)]
        for row in rows:
            if row["box"] is None:
                row |= {"worst_walk_m": None, "missed_min": None}
                row |= {"nearest_code": "", "nearest_hours": ""}
        return rows

    def _worst_row(self, gap: dict[Hashable, Any], shape: BaseGeometry | None) -> dict[str, Any]:
        """Return one of the worst gaps, with all that is known of it."""
        codes, hours = ([*self.stations[name].tolist(), ""] for name in ("code", "hours"))
        areas = (*(self.areas[0] if self.areas else ()), None)
        return {
            "route": int(gap["route"]),
            "start": rounded_times([gap["start_ms"]])[0],
            "end": rounded_times([gap["end_ms"]])[0],
            "hours": gap["hours"],
            "passes": int(gap["passes"]),
            "length_m": int(gap["length_mm"]) / 1000,
            "duration_min": int(gap["duration_ms"]) / MS_PER_MIN,
            "workers": int(gap["workers"]),
            "worst_walk_m": None if np.isinf(gap["worst_walk_m"]) else gap["worst_walk_m"],
            "cause": CLASS_NAMES[gap["found"]],
            "nearest_code": codes[gap["nearest"]],
            "nearest_hours": hours[gap["nearest"]],
            "missed_min": self._missed_min(gap),
            "area": areas[gap["area"]],
            "pieces": int(gap["pieces"]),
            "box": None if shape is None else [round(edge, 6) for edge in shape.bounds],
        }

    @cached_property
    def _worst(self) -> list[dict[Hashable, Any]]:
        slot_ms = SLOT_MS if self.facts["kind"] == "beats" else 0
        return worst_gaps(self.gaps, slot_ms=slot_ms).to_dict("records")

    def _missed_min(self, gap: dict[Hashable, Any]) -> float | None:
        """Return the minutes missed of a worst gap that is closed, None of others."""
        if gap["found"] != CLOSED:
            return None
        nearest, at = (np.array([gap[name]], dtype=np.int64) for name in ("nearest", "nearest_ms"))
        minutes = float(missed_min(nearest, at, self.stations)[0])
        return None if np.isnan(minutes) else minutes

    def station_table(self) -> pd.DataFrame:
        """Return a row per station that counted, in their order: what it serves, alone or not.

        Minutes and metres are weighed by workers. A step within the limit of several stations
        counts for each; what they serve alone adds up.

        Returns
        -------
        DataFrame
            ``code name kind lon lat hours self_hours evidence_on is_locked is_unverified`` and,
            as ``_min`` and ``_m``: ``nominal_alone nominal_shared`` (open, as the only one in
            reach or not), ``effective_alone effective_shared`` (open and usable), ``lost``
            (covered nominally and not effectively, while this one was open), ``reach`` (all steps
            within its limit: what it would serve if it were open at all hours).
        """
        names = ("code", "name", "kind", "lon", "lat", "hours", "self_hours")
        columns: dict[str, Any] = {name: self.stations[name].to_numpy() for name in names}
        served = self.served
        columns["evidence_on"] = list(served.evidence)
        columns["is_locked"], columns["is_unverified"] = served.is_locked, served.is_unverified
        for figure, field in _SERVED.items():
            columns[f"{figure}_min"] = getattr(served.ms, field) / MS_PER_MIN
            columns[f"{figure}_m"] = getattr(served.mm, field) / 1000
        return pd.DataFrame(columns)

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
            "start": rounded_times([gaps.start_ms[row]])[0],
        }


def worst_lines(result: Coverage) -> list[BaseGeometry | None]:
    """Return what may be shown of each of the worst gaps, in the order of the summary's.

    Returns
    -------
    list of LineString, MultiLineString or None
        Degrees, WGS-84, a line per piece, of beats those of one pass; None where all of it is near
        the ends of a worker's day.
    """
    found: list[BaseGeometry | None] = []
    for gap in result._worst:  # noqa: SLF001  # the same module
        shapes = [one for one in shapes_of(take_lines(result.gaps, gap["rows"])) if one is not None]
        many = shapely.MultiLineString(shapes) if len(shapes) > 1 else None
        found.append(many or (shapes[0] if shapes else None))
    return found


_SERVED: Final = {  # column -> field of Service
    "nominal_alone": "alone",
    "nominal_shared": "shared",
    "effective_alone": "effective_alone",
    "effective_shared": "effective_shared",
    "lost": "lost",
    "reach": "reach",
}


def shares(time: Ints, length: Ints) -> dict[str, Any]:
    """Return covered and unknown shares of time and length; None of a whole that is 0.

    Parameters
    ----------
    time, length : ndarray, shape (6,)
        Milliseconds and millimetres by class.
    """
    return {
        "share_time": _share(time[COVERED], time.sum()),
        "share_length": _share(length[COVERED], length.sum()),
        "unknown_share_time": _share(time[UNKNOWN], time.sum()),
        "unknown_share_length": _share(length[UNKNOWN], length.sum()),
        "by_cause": by_cause(time, length),
    }


def group(table: Table, row: int) -> dict[str, Any]:
    """Return the figures of one group of a table."""
    time, effective = table.ms[row], table.effective_ms[row]
    return {
        "demand_min": int(time.sum()) / MS_PER_MIN,
        "demand_m": int(table.mm[row].sum()) / 1000,
        "nominal_share": _share(time[COVERED], time.sum()),
        "effective_share": _share(effective[COVERED], effective.sum()),
        "unknown_share": _share(time[UNKNOWN], time.sum()),
        "effective_unknown_share": _share(effective[UNKNOWN], effective.sum()),
        "by_cause": by_cause(effective, table.effective_mm[row]),
    }


def by_cause(time: Ints, length: Ints) -> dict[str, dict[str, float]]:
    """Return minutes and metres of gap by cause; arguments as of `shares`."""
    return {
        cause: {
            "min": int(time[UNUSABLE + place]) / MS_PER_MIN,
            "m": int(length[UNUSABLE + place]) / 1000,
        }
        for place, cause in enumerate(CAUSES)
    }


def rounded_times(epoch_ms: Ints | list[int]) -> list[str]:
    """Return local times rounded to 15 minutes, ISO 8601 with offset."""
    near = (np.asarray(epoch_ms, dtype=np.int64) + _ROUND_MS // 2) // _ROUND_MS * _ROUND_MS
    distinct, place = np.unique(near, return_inverse=True)
    texts = [zones.isoformat(moment) for moment in distinct.tolist()]
    return [texts[at] for at in place.tolist()]


def _hour(table: Table, hour: int) -> dict[str, Any] | None:
    if not table.ms[hour].any():
        return None
    figures = group(table, hour)
    return {name: figures[name] for name in figures if name not in {"demand_m", "by_cause"}}


def _share(part: np.int64, whole: np.int64) -> float | None:
    return int(part) / int(whole) if whole else None
