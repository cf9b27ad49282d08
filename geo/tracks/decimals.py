"""Columns of decimal numbers as text, made into float64; each cell is read as if it were alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from numpy.typing import NDArray

_DECIMAL: Final = r"^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?$"


def parse_decimals(text: pa.StringArray) -> NDArray[np.float64]:
    """Return the numbers of a column, shape (n,); NaN for blanks, text, NaN and infinity.

    One parser reads every cell (arrow's, correctly rounded), so a bad neighbour changes no bit.
    """
    try:
        values = pc.cast(text, pa.float64())
    except pa.ArrowInvalid:
        bare = pc.utf8_trim_whitespace(text)
        numeric = pc.match_substring_regex(bare, _DECIMAL)
        values = pc.cast(pc.if_else(numeric, bare, None), pa.float64())
    numbers = np.asarray(pc.fill_null(values, np.nan), dtype=np.float64)
    return np.where(np.isfinite(numbers), numbers, np.nan)
