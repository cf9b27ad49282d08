"""Columns of times as text, made into epoch milliseconds.

Read are ISO 8601 with or without an offset, its common loose forms (``2008/10/23 9:40``,
``20081023T094000``), those of `wording`, epoch numbers in seconds or milliseconds and, where the
column holds them, Excel's date numbers. Below a millisecond digits are cut off. Each cell is read
as if it were alone: the quick ways only run where all cells agree.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.tracks.decimals import parse_decimals
from geo.tracks.serials import is_serial, to_wall_ms
from geo.tracks.wording import to_plain
from geo.zones import from_local_ms

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Moments = NDArray[np.int64]
    Flags = NDArray[np.bool_]

_COMPACT: Final = r"^([0-9]{4})([0-9]{2})([0-9]{2})[Tt ]?([0-9]{2})([0-9]{2})([0-9]{2})"
_CLOCK: Final = (
    r"^(?P<year>[0-9]{4})[-/.年](?P<month>[0-9]{1,2})[-/.月](?P<day>[0-9]{1,2})"
    r"(?:[Tt]|日 *| +)(?P<hour>[0-9]{1,2})"
    r"(?::(?P<minute>[0-9]{1,2})(?::(?P<second>[0-9]{1,2})(?:[.,](?P<fraction>[0-9]+))?)?)?"
    r" *(?:(?P<utc>Z|z|UTC|GMT)|(?P<sign>[+-])(?P<off_h>[0-9]{2}):?(?P<off_m>[0-9]{2})?)?$"
)
_NUMBER: Final = re.compile(r"\s*[0-9.]+\s*")
_OFFSET: Final = re.compile(r"(?:[Zz]|[+-][0-9]{2}:?[0-9]{2})$")
_SHORTEST_CLOCK: Final = len("2008-10-23T09")  # arrow would read a bare date as midnight
_NS_PER_MS: Final = 1_000_000
_EPOCH_MS_FROM: Final = 1e11  # as seconds the year 5138, as milliseconds 1973
_EPOCH_END: Final = 1e13  # 14 digits are a compact date, not a number


@dataclass(frozen=True, slots=True)
class Times:
    """Moments of n cells: epoch ms, whether the cell could be read, whether any was naive."""

    t_ms: Moments  # shape (n,); 0 where not ok
    ok: Flags  # shape (n,)
    naive: bool  # at least one time had no offset and was read in the zone


def parse_times(text: pa.StringArray, *, zone: str, serials: bool = False) -> Times:
    """Read a column of times.

    Parameters
    ----------
    text : StringArray, length n
        Cells as they stand; none is null.
    zone : str
        IANA zone in which times without an offset are read.
    serials : bool
        Numbers of Excel's range are its dates, on the wall clock of the zone.

    Returns
    -------
    Times
        n moments; cells that cannot be read are marked, nothing is raised.
    """
    every = np.ones(len(text), dtype=np.bool_)
    if (pc.min(pc.binary_length(text)).as_py() or 0) >= _SHORTEST_CLOCK:
        has_offset = len(text) > 0 and bool(_OFFSET.search(str(text[0].as_py())))
        for without in (not has_offset, has_offset):  # the likelier first: to fail takes long
            found = _cast(text, pa.timestamp("ns") if without else pa.timestamp("ns", "UTC"))
            if found is not None and without:
                return _in_zone(found, every, every, zone)
            if found is not None:
                return Times(found, every, naive=False)
    if len(text) and _NUMBER.fullmatch(str(text[0].as_py())):
        return _parse_each(text, zone, serials=serials)
    coded = pc.dictionary_encode(text)  # patterns take long, and many rows share a second
    each = _parse_each(coded.dictionary, zone, serials=serials)
    at = np.asarray(coded.indices, dtype=np.intp)
    return Times(each.t_ms[at], each.ok[at], each.naive)


def _parse_each(text: pa.StringArray, zone: str, *, serials: bool) -> Times:
    """Read cells that may be of different kinds."""
    numbers = parse_decimals(text)
    moments, ok = _as_epochs(numbers)
    is_wall = is_serial(numbers) & serials
    if is_wall.any():
        moments[is_wall] = to_wall_ms(numbers[is_wall])
    rest = np.flatnonzero(~ok)
    for reword in (pc.utf8_trim_whitespace, to_plain):  # the second for what the first leaves
        if len(rest):
            cells = reword(text.take(pa.array(rest)))
            moments[rest], ok[rest], is_wall[rest] = _parse_clocks(cells)
            rest = rest[~ok[rest]]
    return _in_zone(moments, ok, is_wall, zone)


def _cast(text: pa.StringArray, kind: pa.DataType) -> Moments | None:
    """Read all cells by arrow's ISO 8601 parser, or return None if one of them is not of it."""
    try:
        pc.cast(text.slice(0, 1), kind)  # to fail takes long, and seldom fails but one
        stamps = pc.cast(text, kind)
    except pa.ArrowInvalid:
        return None
    return np.asarray(pc.cast(stamps, pa.int64()), dtype=np.int64) // _NS_PER_MS


def _in_zone(wall: Moments, ok: Flags, naive: Flags, zone: str) -> Times:
    """Turn the wall-clock times among ``wall`` into moments."""
    moments = wall
    if naive.any():
        moments = wall.copy()
        moments[naive] = from_local_ms(wall[naive], zone=zone)
    return Times(np.where(ok, moments, 0), ok, naive=bool(naive.any()))


def _as_epochs(numbers: NDArray[np.float64]) -> tuple[Moments, Flags]:
    """Take numbers for epochs; the size tells seconds from milliseconds."""
    ok = np.abs(numbers) < _EPOCH_END  # False for NaN
    numbers = np.where(ok, numbers, 0.0)
    scaled = np.where(np.abs(numbers) < _EPOCH_MS_FROM, numbers * 1000.0, numbers)
    return np.rint(scaled).astype(np.int64), ok


def _parse_clocks(text: pa.StringArray) -> tuple[Moments, Flags, Flags]:
    """Read loose ISO 8601 times by one pattern for all; return ms, whether read, whether naive."""
    dashed = pc.replace_substring_regex(text, _COMPACT, r"\1-\2-\3 \4:\5:\6")
    parts = pc.extract_regex(dashed, _CLOCK)
    matched = np.asarray(pc.is_valid(parts), dtype=np.bool_)
    texts = dict(zip([field.name for field in parts.type], parts.flatten(), strict=True))

    def number(name: str) -> Moments:
        digits = pc.if_else(pc.equal(texts[name], ""), "0", texts[name])
        return np.asarray(pc.fill_null(pc.cast(digits, pa.int64()), 0), dtype=np.int64)

    texts["fraction"] = pc.utf8_slice_codeunits(pc.utf8_rpad(texts["fraction"], 3, "0"), 0, 3)
    days, is_date = _days(number("year"), number("month"), number("day"))
    hour, minute, second = number("hour"), number("minute"), number("second")
    off_h, off_m = number("off_h"), number("off_m")
    ok = matched & is_date & (hour < 24) & (minute < 60) & (second < 60)  # noqa: PLR2004 - a clock
    ok &= (off_h < 24) & (off_m < 60)  # noqa: PLR2004 - a clock
    ms = (((days * 24 + hour) * 60 + minute) * 60 + second) * 1000 + number("fraction")
    offset_ms = (off_h * 60 + off_m) * 60_000
    west = np.asarray(pc.fill_null(pc.equal(texts["sign"], "-"), fill_value=False), dtype=np.bool_)
    moments = np.where(west, ms + offset_ms, ms - offset_ms)
    zoned = pc.binary_length(pc.binary_join_element_wise(texts["utc"], texts["sign"], ""))
    naive = ok & (np.asarray(pc.fill_null(zoned, 0), dtype=np.int64) == 0)
    return moments, ok, naive


def _days(year: Moments, month: Moments, day: Moments) -> tuple[Moments, Flags]:
    """Return days since 1970-01-01 of civil dates, and whether there is such a date."""
    months = (year - 1970) * 12 + month - 1
    first = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    after = (months + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    real = (month >= 1) & (month <= 12) & (day >= 1) & (day <= after - first)  # noqa: PLR2004
    return first + day - 1, np.asarray(real, dtype=np.bool_)
