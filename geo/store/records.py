"""Between frames and rows: what a station, a moment and a report of a save look like."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import pandas as pd
import pyarrow as pa

from geo.coords import WGS84
from geo.errors import InvalidOptionError, InvalidStationError
from geo.stations.schema import FIELD_BY_NAME, FIELD_NAMES, FieldType

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Value = str | float | int | None
Record = dict[str, Value]

_NUMBERS: Final = (FieldType.NUMBER, FieldType.COUNT)
EMPTY: Final[Record] = {
    name: None if field.type in _NUMBERS else "" for name, field in FIELD_BY_NAME.items()
}
_TEXT: Final = pa.large_string()  # as pandas holds it
_COUNT: Final = pa.int64()
_ARROW: Final = {FieldType.NUMBER: pa.float64(), FieldType.COUNT: _COUNT}
_NAMED_ROWS: Final = 5  # rows at fault that one message names


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who changed something, through what, when (ISO 8601, UTC), in which act on many, and why."""

    actor: str
    origin: str
    at: str
    batch: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class SaveReport:
    """What a save did: how many stations, and the codes of those created or updated, in order."""

    created: int
    updated: int
    unchanged: int
    codes: tuple[str, ...]


def to_moment(now: datetime) -> str:
    """Return an aware moment as ISO 8601 text in UTC, to the second.

    Raises
    ------
    InvalidOptionError
        ``now`` has no zone.
    """
    if now.tzinfo is None:
        msg = f"the moment {now.isoformat()} has no zone; pass an aware datetime, best in UTC"
        raise InvalidOptionError(msg)
    return now.astimezone(UTC).isoformat(timespec="seconds")


def to_frame(parts: Iterable[Sequence[Sequence[Any]]], names: Sequence[str]) -> gpd.GeoDataFrame:
    """Return lists of rows of station fields as one frame, n rows, ordered by code point of code.

    Columns are ``names`` in their order and ``geometry`` (Point, EPSG:4326) made of lon, lat,
    which ``names`` must hold beside ``code``; text columns hold str, numbers float64, counts Int64.
    Each list becomes Arrow arrays at once: 200,000 stations as Python objects would take 1 GB.
    """
    schema = pa.schema([(name, _ARROW.get(FIELD_BY_NAME[name].type, _TEXT)) for name in names])
    batches = [
        pa.record_batch([pa.array(cells, kind) for cells, kind in _columns(rows, schema)], schema)
        for rows in parts
        if rows
    ]
    table = pa.Table.from_batches(batches, schema).sort_by("code")  # not by a server's locale
    frame = table.to_pandas(types_mapper={_COUNT: pd.Int64Dtype()}.get)
    points = gpd.points_from_xy(frame["lon"], frame["lat"])
    return gpd.GeoDataFrame(frame, geometry=points, crs=WGS84)


def _columns(rows: Sequence[Sequence[Any]], schema: pa.Schema) -> Iterator[tuple[Any, pa.DataType]]:
    return zip(zip(*rows, strict=True), schema.types, strict=True)


def require_station_columns(frame: pd.DataFrame) -> None:
    """Check that a frame can be saved: known columns only, a code in every row, none twice.

    Raises
    ------
    InvalidStationError
        Says which columns or codes are at fault.
    """
    unknown = [str(name) for name in frame.columns if name not in (*FIELD_NAMES, "geometry")]
    if unknown:
        msg = f"the store has no fields {', '.join(unknown)}; drop or rename these columns"
        raise InvalidStationError(msg)
    codes = list(frame["code"]) if "code" in frame.columns else [""]
    if any(not isinstance(code, str) or not code for code in codes):
        msg = "every station to save needs a code; give the rows stable ones first"
        raise InvalidStationError(msg)
    twice = sorted({str(code) for code in frame.loc[frame["code"].duplicated(), "code"]})
    if twice:
        named = ", ".join(twice[:_NAMED_ROWS])
        msg = f"{len(twice)} codes occur more than once in the stations to save: {named}"
        raise InvalidStationError(msg)


def to_records(frame: pd.DataFrame, size: int) -> Iterator[list[Record]]:
    """Turn the rows of a frame into records of Python values.

    Only the frame's own columns appear; a missing number is None, a missing text "".

    Yields
    ------
    list of dict
        At most ``size`` records, in the order of the rows.
    """
    names = [name for name in FIELD_NAMES if name in frame.columns]
    for start in range(0, len(frame), size):
        part = frame.iloc[start : start + size]
        cells = [_values(name, part[name]) for name in names]
        yield [dict(zip(names, row, strict=True)) for row in zip(*cells, strict=True)]


def _values(name: str, column: pd.Series[Any]) -> list[Value]:
    kind = FIELD_BY_NAME[name].type
    if kind is FieldType.NUMBER:
        numbers = column.astype("float64").tolist()
        return [None if math.isnan(number) else number for number in numbers]
    if kind is FieldType.COUNT:
        counts = column.astype("Int64").astype(object)
        return [None if pd.isna(count) else int(count) for count in counts]
    return [cell if isinstance(cell, str) else "" for cell in column.tolist()]


def require_complete(records: Sequence[Record]) -> None:
    """Check that new or changed stations have a name and a position on the globe.

    Raises
    ------
    InvalidStationError
        Names the first stations at fault.
    """
    faulty = [str(record["code"]) for record in records if not _is_complete(record)]
    if faulty:
        named = ", ".join(faulty[:_NAMED_ROWS])
        msg = (
            f"{len(faulty)} stations have no name, or no lon in [-180, 180] and lat in [-90, 90]: "
            f"{named}; nothing was saved"
        )
        raise InvalidStationError(msg)


def _is_complete(record: Record) -> bool:
    return bool(record["name"]) and _within(record["lon"], 180) and _within(record["lat"], 90)


def _within(value: Value, limit_deg: float) -> bool:
    return isinstance(value, float) and abs(value) <= limit_deg
