"""Write a coverage result: summary.json, tables as CSV, gap lines as GeoJSON and GeoPackage."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from geo.coords import WGS84
from geo.coverage.classes import CAUSES, CLASS_NAMES, CLOSED
from geo.coverage.lines import shapes_of, take_lines
from geo.coverage.missed import missed_min
from geo.coverage.result import MS_PER_MIN, rounded_times
from geo.stations.tables import guard_formula

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from geo.coverage.lines import Lines
    from geo.coverage.result import Coverage

_SHARES: Final = ("nominal_share", "effective_share", "unknown_share", "effective_unknown_share")
_HOUR_COLUMNS: Final = ("weekday", "hour", "demand_min", *_SHARES)
_FILES: Final = (
    "summary.json", "by_hour.csv", "by_area.csv", "by_station.csv", "gaps.geojson", "gaps.gpkg",
)  # fmt: skip
_HEAD: Final = {"type": "FeatureCollection", "name": "gaps"}
_DECIMALS: Final = 7  # of a degree, as RFC 7946 is written: 1 cm
_WEEKDAYS: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_CHUNK: Final = 50_000  # lines in memory as shapes
_FIXED_DATE: Final = "2000-01-01T00:00:00Z"  # no run time inside: same input, same bytes


def write_coverage(
    result: Coverage,
    directory: Path,
    *,
    summary: dict[str, Any] | None = None,
) -> tuple[Path, ...]:
    """Write all files of a result into an existing directory.

    The first and last 100 m of each worker's day are left out of the written lines.

    Parameters
    ----------
    result : Coverage
        From `geo.coverage.coverage`.
    directory : Path
        Files of these names in it are replaced.
    summary : dict, optional
        ``result.summary()``, if it was made already.

    Returns
    -------
    tuple of Path
        The files written; the same result gives the same bytes.
    """
    summary = summary or result.summary()
    text = json.dumps(summary, ensure_ascii=False, indent=1, allow_nan=False)
    (directory / "summary.json").write_text(text + "\n", encoding="utf-8")
    _write_csv(_hours_table(summary), directory / "by_hour.csv")
    _write_csv(_areas_table(summary), directory / "by_area.csv")
    _write_csv(_stations_table(result), directory / "by_station.csv")
    _write_gaps(result, directory)
    return tuple(directory / name for name in _FILES)


def _write_gaps(result: Coverage, directory: Path) -> None:
    """Write the gap lines, some at a time, as GeoPackage and as GeoJSON."""
    package = directory / "gaps.gpkg"
    package.unlink(missing_ok=True)
    with (directory / "gaps.geojson").open("w", encoding="utf-8", newline="\n") as file:
        file.write(_compact(_HEAD)[:-1] + ',"features":[')
        before = "\n"
        for number, frame in enumerate(gap_frames(result)):
            _write_package(frame, package, append=number > 0)
            for feature in frame.iterfeatures(na="null", drop_id=True):
                file.write(before + _compact(_plain(feature)))
                before = ",\n"
        file.write("\n]}\n")


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def gap_frames(result: Coverage) -> Iterator[gpd.GeoDataFrame]:
    """Yield the gap lines in pieces of many, at least one; see `gaps_frame`.

    Yields
    ------
    GeoDataFrame
        The next lines.
    """
    for start in range(0, max(len(result.gaps), 1), _CHUNK):
        rows = np.arange(start, min(start + _CHUNK, len(result.gaps)))
        yield gaps_frame(result, take_lines(result.gaps, rows))


def gaps_frame(result: Coverage, lines: Lines | None = None) -> gpd.GeoDataFrame:
    """Return gap lines as a frame, g rows, EPSG:4326; times rounded to 15 minutes, local.

    Points near the ends of a worker's day are left out. A line without two points to show has no
    geometry then, nor a station and a walk, which would tell where it is.

    Parameters
    ----------
    result : Coverage
        From `geo.coverage.coverage`.
    lines : Lines, optional
        Some of its gap lines; default all.

    Returns
    -------
    GeoDataFrame
        ``route start end length_m duration_min workers worst_walk_m cause nearest_code
        nearest_hours nearest_self_hours missed_min area shift``; durations and lengths are those of
        one person.
        ``worst_walk_m`` is missing where no usable station can be walked to, ``missed_min`` for
        other causes than closed; ``nearest_code`` is the nearest station whatever its hours. Of
        a line without geometry they are missing or "".
    """
    gaps = result.gaps if lines is None else lines
    codes, hours, self_hours = (
        np.append(result.stations[name].to_numpy(dtype=object), "")
        for name in ("code", "hours", "self_hours")
    )
    names = np.array([*(result.areas[0] if result.areas else ()), ""], dtype=object)
    shifts = np.array([*result.shifts, ""], dtype=object)
    shapes = shapes_of(gaps)
    is_shown = ~shapely.is_missing(shapes)
    walk_m = np.where(is_shown & np.isfinite(gaps.worst_walk_m), gaps.worst_walk_m, np.nan)
    nearest = np.where(is_shown, gaps.nearest, -1)
    closed = np.flatnonzero(is_shown & (gaps.found == CLOSED))
    missed = np.full(len(gaps), np.nan)
    missed[closed] = missed_min(gaps.nearest[closed], gaps.nearest_ms[closed], result.stations)
    return gpd.GeoDataFrame(
        {
            "route": gaps.route,
            "start": np.array(rounded_times(gaps.start_ms), dtype=object),
            "end": np.array(rounded_times(gaps.end_ms), dtype=object),
            "length_m": gaps.length_mm / 1000,
            "duration_min": gaps.duration_ms / MS_PER_MIN,
            "workers": gaps.workers,
            "worst_walk_m": walk_m,
            "cause": np.array(CLASS_NAMES, dtype=object)[gaps.found],
            "nearest_code": codes[nearest],
            "nearest_hours": hours[nearest],
            "nearest_self_hours": self_hours[nearest],
            "missed_min": missed,
            "area": names[gaps.area],
            "shift": shifts[gaps.shift],
        },
        geometry=shapes,
        crs=WGS84,
    )


def _hours_table(summary: dict[str, Any]) -> pd.DataFrame:
    rows = [
        {"weekday": _WEEKDAYS[hour // 24], "hour": hour % 24, **figures}
        for hour, figures in enumerate(summary["by_hour_of_week"])
        if figures
    ]
    return pd.DataFrame(rows, columns=list(_HOUR_COLUMNS))


def _areas_table(summary: dict[str, Any]) -> pd.DataFrame:
    plain = ("demand_min", "demand_m", *_SHARES)
    rows = [
        {
            "layer": area["layer"],
            "area": guard_formula(area["area"] or ""),
            **{name: area[name] for name in plain},
            **{f"{cause}_min": area["by_cause"][cause]["min"] for cause in CAUSES},
        }
        for area in summary["by_area"]
    ]
    causes = (f"{cause}_min" for cause in CAUSES)
    return pd.DataFrame(rows, columns=["layer", "area", *plain, *causes])


def _stations_table(result: Coverage) -> pd.DataFrame:
    table = result.station_table()
    for name in ("code", "name", "hours", "self_hours"):
        table[name] = [guard_formula(text) for text in table[name]]
    for name in ("is_locked", "is_unverified"):
        table[name] = np.where(table[name], "yes", "no")
    return table


def _write_csv(table: pd.DataFrame, path: Path) -> None:
    """Write with a byte order mark, so that Excel reads Chinese."""
    table.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n")


def _write_package(frame: gpd.GeoDataFrame, path: Path, *, append: bool) -> None:
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _FIXED_DATE})
    try:
        pyogrio.write_dataframe(
            frame, path, driver="GPKG", layer="gaps", geometry_type="LineString", append=append
        )
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def _plain(feature: dict[str, Any]) -> dict[str, Any]:
    """Return a feature with its coordinates rounded."""
    shape = feature["geometry"]
    if shape is None:
        return feature
    points = np.round(shape["coordinates"], _DECIMALS).tolist()
    return feature | {"geometry": {"type": shape["type"], "coordinates": points}}
