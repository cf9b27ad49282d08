"""Rows of text, as every reader hands them over, made into positions and moments.

Rows that cannot be used are dropped, counted by fault, and the first few kept as examples.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.tracks.decimals import parse_decimals
from geo.tracks.serials import is_serial
from geo.tracks.times import parse_times

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

_EARLIEST_MS: Final = 315_964_800_000  # 1980-01-06, the first moment GPS can tell
_LATEST_MS: Final = 4_102_444_800_000  # 2100-01-01
_EXAMPLES_PER_FAULT: Final = 3


class Fault(IntEnum):
    """Why a row is dropped; of several faults the first in this order counts."""

    NONE = 0
    SHAPE = 1  # cells do not match the header
    BLANK = 2
    TIME = 3
    POSITION = 4
    TIME_RANGE = 5
    POSITION_RANGE = 6
    GEOMETRY = 7  # neither point nor line
    PLANNED = 8  # a way without times
    WAYPOINTS = 9  # marks, and no way at all


_COUNTED_AS: Final = {
    Fault.SHAPE: "unreadable",
    Fault.BLANK: "unreadable",
    Fault.TIME: "unreadable",
    Fault.POSITION: "unreadable",
    Fault.TIME_RANGE: "out_of_range",
    Fault.POSITION_RANGE: "out_of_range",
    Fault.GEOMETRY: "unreadable",
    Fault.PLANNED: "unreadable",
    Fault.WAYPOINTS: "unreadable",
}


@dataclass(frozen=True, slots=True)
class Example:
    """One dropped row: file, place in it (``row 17``) and what is wrong with it."""

    file: str
    row: str
    why: str


@dataclass(frozen=True, slots=True)
class Rows:
    """n rows of one source as text, and rows that the reader itself had to refuse."""

    source: str  # file as named in messages
    place: Callable[[int], str]  # index -> "row 17"
    lon: pa.StringArray
    lat: pa.StringArray
    time: pa.StringArray
    worker: pa.DictionaryArray  # of str, no nulls
    route: pa.DictionaryArray
    columns: Mapping[str, str]  # field -> its name in the source
    refused: int = 0
    refusals: tuple[Example, ...] = ()  # the first few of the refused
    refused_as: Fault = Fault.SHAPE
    serials: bool = False  # the column of times holds Excel's date numbers


@dataclass(frozen=True, slots=True)
class Readings:
    """The m good of n rows: where each stands among the n, when and where it was."""

    kept: NDArray[np.intp]  # shape (m,)
    t_ms: NDArray[np.int64]  # epoch
    lon: NDArray[np.float64]  # degrees, as they stand
    lat: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Judged:
    """What n rows say, good or not; moments and positions mean nothing where there is a fault."""

    faults: NDArray[np.int64]  # shape (n,), of `Fault`
    t_ms: NDArray[np.int64]  # epoch
    lon: NDArray[np.float64]  # degrees, as they stand
    lat: NDArray[np.float64]
    naive: bool  # some time had no offset


@dataclass(slots=True)
class Tally:
    """Counts of a run while it reads."""

    rows: int = 0
    naive: bool = False
    serials: bool = False  # some file held Excel's date numbers
    faults: dict[Fault, int] = field(default_factory=dict)
    examples: dict[Fault, list[Example]] = field(default_factory=dict)

    def add(self, fault: Fault, count: int, examples: tuple[Example, ...]) -> None:
        """Count ``count`` dropped rows and keep examples while there are few."""
        self.faults[fault] = self.faults.get(fault, 0) + count
        kept = self.examples.setdefault(fault, [])
        kept.extend(examples[: _EXAMPLES_PER_FAULT - len(kept)])

    def dropped(self) -> dict[str, int]:
        """Return the dropped rows by the words of the summary."""
        counts = {"unreadable": 0, "out_of_range": 0}
        for fault, count in self.faults.items():
            counts[_COUNTED_AS[fault]] += count
        return counts

    def verdict(self) -> tuple[str, str]:
        """Return the commonest fault in a word and its first example, for when nothing is left."""
        fault = max(self.faults, key=lambda fault: (self.faults[fault], -fault))
        first = self.examples[fault][0]
        share = f"{self.faults[fault]} of {self.rows} rows are like this, none can be used"
        return fault.name.lower(), f"{first.file}, {first.row}: {first.why} ({share})"


def read_rows(rows: Rows, *, zone: str, tally: Tally) -> Readings:
    """Make text into moments and positions; count what is dropped in ``tally``.

    Parameters
    ----------
    rows : Rows, n rows
        As a reader gave them.
    zone : str
        IANA zone of times without an offset.
    tally : Tally
        Gets the counts and examples.

    Returns
    -------
    Readings
        The good rows in their order, positions in the datum of the source.
    """
    judged = judge_rows(rows, zone=zone)
    faults = judged.faults
    tally.rows += len(faults) + rows.refused
    tally.naive |= judged.naive
    tally.serials |= rows.serials
    if rows.refused:
        tally.add(rows.refused_as, rows.refused, rows.refusals)
    for fault in (Fault(number) for number in np.unique(faults[faults != Fault.NONE]).tolist()):
        at = np.flatnonzero(faults == fault)
        examples = (_example(rows, int(i), fault) for i in at[:_EXAMPLES_PER_FAULT])
        tally.add(fault, len(at), tuple(examples))
    kept = np.flatnonzero(faults == Fault.NONE)
    return Readings(kept, judged.t_ms[kept], judged.lon[kept], judged.lat[kept])


def judge_rows(rows: Rows, *, zone: str) -> Judged:
    """Read every row and say what is wrong with it; nothing is counted.

    Parameters
    ----------
    rows : Rows, n rows
        As a reader gave them; what it refused is not among them.
    zone : str
        IANA zone of times without an offset.
    """
    lon, lat = parse_decimals(rows.lon), parse_decimals(rows.lat)
    times = parse_times(rows.time, zone=zone, serials=rows.serials)
    nowhere = np.isnan(lon) | np.isnan(lat)
    late = (times.t_ms < _EARLIEST_MS) | (times.t_ms >= _LATEST_MS)
    outside = (np.abs(lon) > 180) | (np.abs(lat) > 90)  # noqa: PLR2004 - degrees
    outside |= (lon == 0) & (lat == 0)  # what receivers without a fix write
    faults = np.select(
        [_blank(rows, nowhere | ~times.ok), ~times.ok, nowhere, late, outside],
        [Fault.BLANK, Fault.TIME, Fault.POSITION, Fault.TIME_RANGE, Fault.POSITION_RANGE],
        default=Fault.NONE,
    )
    return Judged(faults, times.t_ms, lon, lat, naive=times.naive)


def _blank(rows: Rows, suspects: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which of the suspect rows lack a value, shape (n,)."""
    blank = np.zeros(len(suspects), dtype=np.bool_)
    at = np.flatnonzero(suspects)
    for text in (rows.lon, rows.lat, rows.time):
        bare = pc.utf8_trim_whitespace(text.take(pa.array(at)))
        blank[at] |= np.asarray(pc.equal(bare, ""), dtype=np.bool_)
    return blank


def _example(rows: Rows, at: int, fault: Fault) -> Example:
    """Say what is wrong with one row and what to do."""
    lon, lat, time = (str(text[at].as_py()) for text in (rows.lon, rows.lat, rows.time))
    texts = {"time": time, "lon": lon, "lat": lat}
    why = {
        Fault.BLANK: _explain_blank,
        Fault.TIME: _explain_time,
        Fault.POSITION: _explain_position,
        Fault.TIME_RANGE: _explain_time_range,
        Fault.POSITION_RANGE: _explain_position_range,
    }[fault](texts, rows.columns)
    return Example(rows.source, rows.place(at), why)


def _explain_blank(texts: Mapping[str, str], columns: Mapping[str, str]) -> str:
    empty = [columns.get(name, name) for name, text in texts.items() if not text.strip()]
    said = f"no value for {', '.join(empty)}"
    if empty == ["time"] and not columns:  # of a format that names its fields itself
        said += "; a way without times is a plan: give the shift it is walked in, as --shift"
    return said


def _explain_time(texts: Mapping[str, str], columns: Mapping[str, str]) -> str:
    time, column = texts["time"].strip(), columns.get("time", "time")
    lacks = _lacking(time)
    fault = f"has no {lacks}, and none may be guessed" if lacks else "cannot be read as a time"
    remedy = f"write column {column} as in 2024-05-01 09:46:00, or map another one to time"
    return f"{column} {time!r} {fault}; {remedy}"


def _lacking(time: str) -> str:
    """Return which part of a date and time is missing, "" if that is not the trouble."""
    one = pa.array([time])
    if parse_times(pa.array([f"2024-{time}"]), zone="UTC").ok[0]:
        return "year"
    if pc.match_substring_regex(one, r"^[0-9]{1,2}:[0-9]{2}").to_pylist() == [True]:
        return "date"
    return "time of day" if parse_times(pa.array([f"{time} 00:00"]), zone="UTC").ok[0] else ""


def _explain_position(texts: Mapping[str, str], columns: Mapping[str, str]) -> str:
    pair = ((columns.get(name, name), texts[name]) for name in ("lon", "lat"))
    bad = [f"{name} {text!r}" for name, text in pair if np.isnan(parse_decimals(pa.array([text])))]
    return f"{' and '.join(bad)} cannot be read as decimal degrees"


def _explain_time_range(texts: Mapping[str, str], columns: Mapping[str, str]) -> str:
    column = columns.get("time", "time")
    if is_serial(parse_decimals(pa.array([texts["time"]])))[0]:
        return (
            f"{column} {texts['time']!r} looks like an Excel date number, yet most of the column "
            "has no time of day; format it in Excel as yyyy-mm-dd hh:mm:ss and save it as CSV again"
        )
    return f"{column} {texts['time']!r} lies outside 1980 to 2099; are these epoch seconds or ms?"


def _explain_position_range(texts: Mapping[str, str], columns: Mapping[str, str]) -> str:
    lon, lat = float(texts["lon"]), float(texts["lat"])
    x, y = columns.get("lon", "lon"), columns.get("lat", "lat")
    if lon == 0 and lat == 0:
        return f"{x} 0, {y} 0 is what a receiver without a fix writes"
    if abs(lon) <= 90 < abs(lat) <= 180:  # noqa: PLR2004 - degrees
        return f"{y} {lat} is outside [-90, 90]; are {x} and {y} swapped?"
    return f"{x} {lon}, {y} {lat} lies outside [-180, 180], [-90, 90]; are these degrees?"
