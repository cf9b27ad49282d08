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
from geo.coverage.lines import points_of, take_lines
from geo.coverage.missed import missed_min
from geo.coverage.result import MS_PER_MIN, rounded_times
from geo.errors import InvalidOptionError
from geo.stations.tables import guard_formula

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

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
    hide_ends: bool = False,
    summary: dict[str, Any] | None = None,
) -> tuple[Path, ...]:
    """Write all files of a result into an existing directory.

    Parameters
    ----------
    result : Coverage
        From `geo.coverage.coverage`.
    directory : Path
        Files of these names in it are replaced.
    hide_ends : bool
        Leave the first and last 100 m of each worker's day out of the written lines.
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
    _write_gaps(result, directory, hide_ends=hide_ends)
    return tuple(directory / name for name in _FILES)


def _write_gaps(result: Coverage, directory: Path, *, hide_ends: bool) -> None:
    """Write the gap lines, some at a time, as GeoPackage and as GeoJSON."""
    package = directory / "gaps.gpkg"
    package.unlink(missing_ok=True)
    pieces = gap_frames(result, hide_ends=hide_ends)
    with (directory / "gaps.geojson").open("w", encoding="utf-8", newline="\n") as file:
        file.write(_compact(_HEAD)[:-1] + ',"features":[')
        before = "\n"
        for number, frame in enumerate(pieces):
            _write_package(frame, package, append=number > 0)
            for feature in frame.iterfeatures(na="null", drop_id=True):
                file.write(before + _compact(_plain(feature)))
                before = ",\n"
        file.write("\n]}\n")


def write_stretches(result: Coverage, path: Path) -> None:
    """Write the lines of all classes as GeoJSON, the same result as the same bytes.

    Parameters
    ----------
    result : Coverage
        Measured with a ``drawing``.
    path : Path
        Replaced if it exists. Beside ``features`` stand ``not_drawn``, the number of lines beyond
        the limit of points, and the minutes of them and of what is hidden near the ends of days.

    Raises
    ------
    InvalidOptionError
        The result holds no stretches.
    """
    stretches = result.stretches
    if stretches is None:
        msg = "this coverage was measured without stretches; give it a drawing"
        raise InvalidOptionError(msg)
    head = {
        "type": "FeatureCollection",
        "not_drawn": stretches.not_drawn,
        "not_drawn_min": stretches.not_drawn_ms / MS_PER_MIN,
        "hidden_min": stretches.hidden_ms / MS_PER_MIN,
    }
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(_compact(head)[:-1] + ',"features":[')
        for number, feature in enumerate(_features(stretches.lines, result.stations)):
            file.write((",\n" if number else "\n") + _compact(feature))
        file.write("\n]}\n")


def _features(lines: Lines, stations: gpd.GeoDataFrame) -> Iterator[dict[str, Any]]:
    """Yield lines as GeoJSON features, to 0.1 m.

    Yields
    ------
    dict
        One feature.
    """
    codes = [*stations["code"].tolist(), ""]
    starts, ends = rounded_times(lines.start_ms), rounded_times(lines.end_ms)
    stops = (lines.first + lines.size).tolist()
    points = np.column_stack([lines.lon, lines.lat]).round(6).tolist()
    for row in range(len(lines)):
        yield {
            "type": "Feature",
            "properties": {
                "class": CLASS_NAMES[lines.found[row]],
                "route": int(lines.route[row]),
                "start": starts[row],
                "end": ends[row],
                "length_m": int(lines.length_mm[row]) / 1000,
                "duration_min": int(lines.duration_ms[row]) / MS_PER_MIN,
                "nearest_code": codes[lines.nearest[row]],
            },
            "geometry": {
                "type": "LineString",
                "coordinates": points[lines.first[row] : stops[row]],
            },
        }


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def gap_frames(result: Coverage, *, hide_ends: bool = False) -> Iterator[gpd.GeoDataFrame]:
    """Yield the gap lines in pieces of many, at least one; see `gaps_frame`.

    Yields
    ------
    GeoDataFrame
        The next lines.
    """
    for start in range(0, max(len(result.gaps), 1), _CHUNK):
        rows = np.arange(start, min(start + _CHUNK, len(result.gaps)))
        yield gaps_frame(result, take_lines(result.gaps, rows), hide_ends=hide_ends)


def gaps_frame(
    result: Coverage, lines: Lines | None = None, *, hide_ends: bool = False
) -> gpd.GeoDataFrame:
    """Return gap lines as a frame, g rows, EPSG:4326; times rounded to 15 minutes, local.

    Parameters
    ----------
    result : Coverage
        From `geo.coverage.coverage`.
    lines : Lines, optional
        Some of its gap lines; default all.
    hide_ends : bool
        Leave out points near the ends of a worker's day. A line without two points to show has no
        geometry then; its figures stay.

    Returns
    -------
    GeoDataFrame
        ``route start end length_m duration_min workers worst_walk_m cause nearest_code
        nearest_hours nearest_self_hours missed_min area shift``; durations and lengths are those of
        one person.
        ``worst_walk_m`` is missing where no usable station can be walked to, ``missed_min`` for
        other causes than closed; ``nearest_code`` is the nearest station whatever its hours.
    """
    gaps = result.gaps if lines is None else lines
    codes, hours, self_hours = (
        np.append(result.stations[name].to_numpy(dtype=object), "")
        for name in ("code", "hours", "self_hours")
    )
    names = np.array([*(result.areas[0] if result.areas else ()), ""], dtype=object)
    shifts = np.array([*result.shifts, ""], dtype=object)
    closed = np.flatnonzero(gaps.found == CLOSED)
    missed = np.full(len(gaps), np.nan)
    missed[closed] = missed_min(take_lines(gaps, closed), result.stations)
    return gpd.GeoDataFrame(
        {
            "route": gaps.route,
            "start": np.array(rounded_times(gaps.start_ms), dtype=object),
            "end": np.array(rounded_times(gaps.end_ms), dtype=object),
            "length_m": gaps.length_mm / 1000,
            "duration_min": gaps.duration_ms / MS_PER_MIN,
            "workers": gaps.workers,
            "worst_walk_m": np.where(np.isinf(gaps.worst_walk_m), np.nan, gaps.worst_walk_m),
            "cause": np.array(CLASS_NAMES, dtype=object)[gaps.found],
            "nearest_code": codes[gaps.nearest],
            "nearest_hours": hours[gaps.nearest],
            "nearest_self_hours": self_hours[gaps.nearest],
            "missed_min": missed,
            "area": names[gaps.area],
            "shift": shifts[gaps.shift],
        },
        geometry=_shapes(gaps, hide_ends=hide_ends),
        crs=WGS84,
    )


def _shapes(lines: Lines, *, hide_ends: bool) -> NDArray[np.object_]:
    """Return lines as LineStrings without hidden points, shape (g,); None of fewer than two."""
    shapes = np.full(len(lines), None, dtype=object)
    line, point = points_of(lines)
    if hide_ends:
        shown = ~lines.is_hidden[point]
        line, point = line[shown], point[shown]
    enough = np.bincount(line, minlength=len(lines)) >= 2  # noqa: PLR2004
    used = enough[line]
    if enough.any():
        index, at = (np.cumsum(enough) - 1)[line[used]], point[used]
        shapes[enough] = shapely.linestrings(lines.lon[at], lines.lat[at], indices=index)
    return shapes


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
