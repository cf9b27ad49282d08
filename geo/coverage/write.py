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
from geo.coverage.classes import CAUSES, CLASS_NAMES
from geo.coverage.result import MS_PER_MIN, rounded_times
from geo.stations.tables import guard_formula

if TYPE_CHECKING:
    from pathlib import Path

    from geo.coverage.result import Coverage

_HOUR_COLUMNS: Final = ("weekday", "hour", "demand_min", "nominal_share", "unknown_share")
_WEEKDAYS: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_FIXED_DATE: Final = "2000-01-01T00:00:00Z"  # no run time inside: same input, same bytes


def write_coverage(result: Coverage, directory: Path) -> tuple[Path, ...]:
    """Write all files of a result into an existing directory.

    Parameters
    ----------
    result : Coverage
        From `geo.coverage.coverage`.
    directory : Path
        Files of these names in it are replaced.

    Returns
    -------
    tuple of Path
        The files written; the same result gives the same bytes.
    """
    summary = result.summary()
    text = json.dumps(summary, ensure_ascii=False, indent=1, allow_nan=False)
    (directory / "summary.json").write_text(text + "\n", encoding="utf-8")
    _write_csv(_hours_table(summary), directory / "by_hour.csv")
    _write_csv(_areas_table(summary), directory / "by_area.csv")
    lines = gaps_frame(result)
    _write_vector(lines, directory / "gaps.geojson", driver="GeoJSON", RFC7946="YES")
    _write_vector(lines, directory / "gaps.gpkg", driver="GPKG", layer="gaps")
    names = ("summary.json", "by_hour.csv", "by_area.csv", "gaps.geojson", "gaps.gpkg")
    return tuple(directory / name for name in names)


def gaps_frame(result: Coverage) -> gpd.GeoDataFrame:
    """Return the gap lines as a frame, g rows, EPSG:4326; times rounded to 15 minutes, local.

    ``worst_walk_m`` is missing where no open station can be walked to; ``nearest_code`` is the
    nearest station whatever its hours.
    """
    gaps = result.gaps
    index = np.repeat(np.arange(len(gaps)), np.diff(gaps.offset))
    lines = shapely.linestrings(gaps.lon, gaps.lat, indices=index) if len(gaps) else index
    codes = np.append(result.stations["code"].to_numpy(dtype=object), "")
    hours = np.append(result.stations["hours"].to_numpy(dtype=object), "")
    names = np.array([*(result.areas[0] if result.areas else ()), ""], dtype=object)
    return gpd.GeoDataFrame(
        {
            "route": gaps.route,
            "start": np.array(rounded_times(gaps.start_ms), dtype=object),
            "end": np.array(rounded_times(gaps.end_ms), dtype=object),
            "length_m": gaps.length_mm / 1000,
            "duration_min": gaps.duration_ms / MS_PER_MIN,
            "worst_walk_m": np.where(np.isinf(gaps.worst_walk_m), np.nan, gaps.worst_walk_m),
            "cause": np.array(CLASS_NAMES, dtype=object)[gaps.cause],
            "nearest_code": codes[gaps.nearest],
            "nearest_hours": hours[gaps.nearest],
            "area": names[gaps.area],
        },
        geometry=np.asarray(lines, dtype=object),
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
    plain = ("layer", "area", "demand_min", "demand_m", "nominal_share", "unknown_share")
    rows = [
        {
            **{name: area[name] for name in plain},
            **{f"{cause}_min": area["by_cause"][cause]["min"] for cause in CAUSES},
        }
        for area in summary["by_area"]
    ]
    table = pd.DataFrame(rows, columns=[*plain, *(f"{cause}_min" for cause in CAUSES)])
    table["area"] = [guard_formula(name) if name else "" for name in table["area"]]
    return table


def _write_csv(table: pd.DataFrame, path: Path) -> None:
    """Write with a byte order mark, so that Excel reads Chinese."""
    table.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n")


def _write_vector(frame: gpd.GeoDataFrame, path: Path, **options: str) -> None:
    path.unlink(missing_ok=True)
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _FIXED_DATE})
    try:
        frame.to_file(path, engine="pyogrio", geometry_type="LineString", **options)
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
