"""The square code (QR) that leads from paper to a page, as squares to draw."""

from __future__ import annotations

from itertools import groupby
from typing import NamedTuple

import segno


class Bar(NamedTuple):
    """Dark squares side by side, in squares from the upper left corner."""

    left: int
    top: int
    width: int


class SquareCode(NamedTuple):
    """A square code with its quiet margin of four squares."""

    size: int  # squares along each side, margin included
    bars: tuple[Bar, ...]

    @property
    def path(self) -> str:
        """The dark squares as the ``d`` of an SVG path."""
        return "".join(f"M{bar.left} {bar.top}h{bar.width}v1h-{bar.width}z" for bar in self.bars)


_MARGIN = 4  # of the standard, ISO/IEC 18004


def make_square_code(text: str) -> SquareCode:
    """Return the code of a text; about one square in seven may be dirty or torn (level M).

    Parameters
    ----------
    text : str
        At most some 2,000 characters; the same text gives the same squares.
    """
    found = segno.make_qr(text, error="m")
    rows = [tuple(row) for row in found.matrix_iter(border=_MARGIN)]
    bars = []
    for top, row in enumerate(rows):
        left = 0
        for is_dark, group in groupby(row):
            width = len(list(group))
            if is_dark:
                bars.append(Bar(left, top, width))
            left += width
    return SquareCode(len(rows), tuple(bars))
