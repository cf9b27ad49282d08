"""Rows of a file laid over the stored stations: which is which, and what the file does not say."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.area_index import AreaIndex
from geo.stations import FIELD_BY_NAME, Problem, find_namesakes, match_rows
from geo.stations.cells import show
from geo.stations.problems import row_problem, row_warning

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geopandas import GeoDataFrame
    from pandas import Series

    from geo.stations import Validated
    from geo.store.store import Store

_SAME_DEG: Final = 1e-7  # about 1 cm
_NONE_SAID: Final[Mapping[int, str]] = MappingProxyType({})
_OUTDATED: Final = (
    "brings new words for the hours; the stored hours {}, which they may contradict, are emptied; "
    "set them anew"
)


@dataclass(frozen=True, slots=True)
class Fitted:
    """Rows of a file as they are to be saved over the stored stations."""

    stations: GeoDataFrame
    problems: tuple[Problem, ...]  # of the file, and those the stored stations add
    defaulted: dict[str, int]
    emptied: list[str]  # codes of stations whose stored hours are out of date
    settled: frozenset[int]  # rows whose words are stored already, and somebody set their hours


def fit_to_stored(
    read: Validated, existing: GeoDataFrame, *, same: Mapping[int, str] = _NONE_SAID
) -> Fitted:
    """Give rows that are stored stations their code, and take back what the file does not say.

    A file without kinds must not turn a stored union hub into a rest station, and a position that
    went through another datum and back, 1e-9 degrees off, is no change. ``same`` names the stored
    station of rows of which somebody said so.
    """
    stations = read.stations.set_axis(list(read.rows))
    codes = match_rows(stations, existing)["code"]
    for row, code in same.items():
        if row in codes.index and code in set(existing["code"]):
            codes[codes == code] = ""  # one row only is that station
            codes[row] = code
    twins = _find_twins(read, stations, codes)
    stations = stations.drop(index=[twin.row for twin in twins])
    codes = codes[stations.index]
    stations["code"] = codes.where(codes != "", stations["code"])
    _keep_positions(stations, existing)
    new, known = set(codes.index[codes == ""]), set(codes.index[codes != ""])
    for name in {name for _, name in read.filled if FIELD_BY_NAME[name].default}:
        unsaid = [row for row, filled in read.filled if filled == name and row in known]
        stations.loc[unsaid, name] = ""
    settled = _find_settled_hours(read, stations, existing)
    stations.loc[list(settled), "hours"] = ""
    outdated = _find_outdated_hours(stations, existing)
    warnings = [
        row_warning(read.source, row, "hours", "outdated_hours", _OUTDATED.format(show(hours)))
        for row, hours in outdated.items()
    ]
    kept = Counter(
        name
        for row, name in read.filled
        if row in new or (name == "hours" and row in known - settled)
    )
    told = [p for p in read.problems if p.row not in settled or p.code != "read_hours"]
    problems = tuple(sorted([*told, *twins, *warnings], key=lambda one: one.row))
    emptied = stations.loc[list(outdated), "code"].tolist()
    return Fitted(stations, problems, dict(kept), emptied, settled)


def fill_areas(store: Store, stations: GeoDataFrame, existing: GeoDataFrame) -> dict[str, int]:
    """Name the area of rows that name none, by their position, in place; return how many.

    What a stored station says of its area stays as it is.
    """
    counts = {}
    for level in ("district", "subdistrict"):
        areas = store.read_areas(level)
        stored = existing.set_index("code")[level].reindex(stations["code"], fill_value="")
        unsaid = (stations[level] == "").to_numpy() & (stored == "").to_numpy()
        rows = stations.index[unsaid]
        if areas.empty or not len(rows):
            continue
        found = AreaIndex(areas).find(stations.loc[rows, "lon"], stations.loc[rows, "lat"])
        stations.loc[rows, level] = [
            "" if row < 0 else str(areas["name"].iloc[row]) for row in found
        ]
        counts[level] = int((found >= 0).sum())
    return {level: count for level, count in counts.items() if count}


def _find_twins(read: Validated, stations: GeoDataFrame, codes: Series[str]) -> list[Problem]:
    """Refuse rows without code that name the station of another row, unless both are stored.

    Of two rows without code the later one is refused.
    """
    bare = {row for row, name in read.filled if name == "code"}
    pairs = find_namesakes(stations[stations.index.isin(bare)], stations)
    pairs = pairs[pairs["row"] != pairs["other"]]
    twins: dict[int, int] = {}
    for row, other in zip(pairs["row"], pairs["other"], strict=True):
        stored = codes[row] and codes[other]
        if not stored and (other < row or other not in bare):
            twins.setdefault(row, other)
    what = "name and place are those of row {}; remove one, or give this row a code of its own"
    return [
        row_problem(read.source, row, "code", "duplicate_place", what.format(other))
        for row, other in sorted(twins.items())
    ]


def _find_settled_hours(
    read: Validated, stations: GeoDataFrame, existing: GeoDataFrame
) -> frozenset[int]:
    """Return the rows whose words for the hours the stored station has as well, and hours to them.

    What was read of them now does not replace what somebody may have set by hand since.
    """
    rows = {one.row for one in read.spoken if one.field == "hours"}
    mine = stations[stations.index.isin(rows)]
    names = ["hours", "hours_text"]
    stored = existing.set_index("code")[names].reindex(mine["code"], fill_value="")
    same = mine["hours_text"].to_numpy() == stored["hours_text"].to_numpy()
    return frozenset(mine.index[same & (stored["hours"] != "").to_numpy()].tolist())


def _find_outdated_hours(stations: GeoDataFrame, existing: GeoDataFrame) -> dict[int, str]:
    """Return the rows that bring new words, but no hours, to a station with hours, and those."""
    names = ["hours", "hours_text"]
    stored = existing.set_index("code")[names].reindex(stations["code"], fill_value="")
    words, old_words = stations["hours_text"].to_numpy(), stored["hours_text"].to_numpy()
    new = (stations["hours"] == "") & (words != "") & (words != old_words)
    outdated = (new & (stored["hours"].to_numpy() != "")).to_numpy()
    return dict(zip(stations.index[outdated], stored["hours"][outdated], strict=True))


def _keep_positions(stations: GeoDataFrame, existing: GeoDataFrame) -> None:
    """Set positions within `_SAME_DEG` of the stored ones to these, in place."""
    axes = ["lon", "lat"]
    stored = existing.set_index("code")[axes].reindex(stations["code"]).to_numpy()
    read = stations[axes].to_numpy()
    same = (np.abs(read - stored) <= _SAME_DEG).all(axis=1)  # NaN, not stored: not the same
    stations[axes] = np.where(same[:, np.newaxis], stored, read)
