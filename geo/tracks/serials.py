"""Excel's date numbers: days since 1899-12-30, the time of day as a fraction (the 1900 system).

A table saved while its column of times had no date format holds 45987.25 for 2025-11-26 06:00.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.zones import DAY_MS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_FIRST: Final = 20_000.0  # the years 1954 to 2119; as epoch seconds all of it is early in 1970
_END: Final = 80_000.0
_EPOCH_DAY: Final = 25_569  # 1970-01-01
_COARSE: Final = 100_000  # Excel shows, and so saves, at most five decimals: 0.86 s
_NUMBER: Final = re.compile(r"\s*[0-9]+(?:\.[0-9]*)?\s*")


def are_serials(cells: Iterable[str]) -> bool:
    """Return whether a column of times holds Excel's date numbers, judged by some of its cells.

    Of its plain numbers most are in the range of these, and most of those have a time of day:
    a counter, seconds of a day and bare dates are whole numbers.
    """
    numbers = np.array([float(cell) for cell in cells if _NUMBER.fullmatch(cell)])
    found = numbers[is_serial(numbers)]
    timed = np.count_nonzero(found % 1)
    return bool(2 * len(found) > len(numbers) and 2 * timed > len(found))


def is_serial(numbers: Floats) -> NDArray[np.bool_]:
    """Return which numbers may be dates of Excel and no epoch of a track; False for NaN."""
    return np.asarray((numbers >= _FIRST) & (numbers < _END), dtype=np.bool_)


def to_wall_ms(serials: Floats) -> NDArray[np.int64]:
    """Return date numbers as wall-clock milliseconds since 1970-01-01 00:00, shape (n,).

    What has no more than five decimals tells no part of a second, and is the nearest whole one.
    """
    exact = np.rint((serials - _EPOCH_DAY) * DAY_MS).astype(np.int64)
    scaled = serials * _COARSE
    is_coarse = np.abs(scaled - np.rint(scaled)) < 1e-4  # noqa: PLR2004 - a tenth of a millisecond
    return np.where(is_coarse, (exact + 500) // 1000 * 1000, exact)
