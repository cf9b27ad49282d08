"""Files whose first line is a row already: no names stand above the columns."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from geo.tracks.times import parse_times

if TYPE_CHECKING:
    from collections.abc import Sequence

_DECIMAL: Final = re.compile(r"[+-]?[0-9]{1,3}\.[0-9]+")
_DEGREES: Final = re.compile(r"[0-9]{1,3}°.*")
_NUMBER: Final = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
_EARLIEST_MS: Final = 315_532_800_000  # 1980; small numbers are no times
_MOST_TOLD: Final = 20  # columns


def looks_like_data(header: Sequence[str]) -> bool:
    """Return whether some name in a header is a time or a position, which no name is."""
    return bool({"time", "position"}.intersection(_kinds(header)))


def tell_columns(header: Sequence[str]) -> str:
    """Return the columns by number and kind, without what stands in them: it may be a person's."""
    told = [f"{nth} {kind}" for nth, kind in enumerate(_kinds(header), 1)]
    more = len(told) - _MOST_TOLD
    return ", ".join(told[:_MOST_TOLD]) + (f" and {more} more" if more > 0 else "")


def _kinds(cells: Sequence[str]) -> list[str]:
    times = parse_times(pa.array(cells, pa.string()), zone="UTC")
    is_time = times.ok & (np.asarray(times.t_ms) >= _EARLIEST_MS)
    return [_kind(cell, is_time=flag) for cell, flag in zip(cells, is_time.tolist(), strict=True)]


def _kind(cell: str, *, is_time: bool) -> str:
    if is_time:
        return "time"
    if _DECIMAL.fullmatch(cell) or _DEGREES.fullmatch(cell):
        return "position"
    if _NUMBER.fullmatch(cell):
        return "number"
    return "text" if cell else "empty"
