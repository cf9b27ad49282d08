"""A sheet to draw on, in pixels from its upper left corner, with the report's own font.

Nothing of the system decides what it looks like: no system font, no window, no settings of
matplotlib, no date in the file.
"""

from __future__ import annotations

import io
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.report.colours import INK, PAPER, palette
from geo.report.font import drawable, properties

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geo.report.colours import LineStyle

    Floats = NDArray[np.float64]

_DPI: Final = 100
_COMPRESSION: Final = 7  # of 9: the last two levels cost much and save little
PT: Final = 72 / _DPI  # points of one pixel
Box = tuple[float, float, float, float]  # left, top, right, bottom


class Canvas:
    """A sheet of so many pixels; what is drawn later lies above unless ``z`` says otherwise."""

    def __init__(self, width: int, height: int) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 - slow
        from matplotlib.figure import Figure  # noqa: PLC0415

        self.width, self.height = width, height
        figure = Figure(figsize=(width / _DPI, height / _DPI), dpi=_DPI, facecolor=PAPER)
        self._agg: Any = FigureCanvasAgg(figure)
        self._axes: Any = figure.add_axes((0, 0, 1, 1))
        self._axes.set_axis_off()
        self._axes.set_xlim(0, width)
        self._axes.set_ylim(height, 0)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        px: float,
        colour: str = INK,
        align: str = "left",
        up: str = "baseline",
        room: float = 0.0,
        halo: bool = False,
        z: float = 9,
    ) -> None:
        """Write one line of text.

        Parameters
        ----------
        x, y : float
            Where ``align`` (left, center, right) and ``up`` (baseline, center, top) put it.
        text : str
            Signs that the font lacks become ``?``; nothing in it is read as a formula.
        px : float
            Size of the type.
        colour : str
            Of the type.
        align, up : str
            As above.
        room : float
            What is wider is cut, and the cut shown; 0: as wide as it is.
        halo : bool
            Whether a pale edge lifts it off the lines below.
        z : float
            Height.
        """
        effects = []
        if halo:
            from matplotlib.patheffects import withStroke  # noqa: PLC0415

            effects = [withStroke(linewidth=px * 0.28 * PT, foreground=PAPER)]
        shown = shorten(text, px, room) if room else drawable(text)
        self._axes.text(
            x, y, shown, fontproperties=properties(px * PT), color=colour, ha=align,
            va="center_baseline" if up == "center" else up, parse_math=False, zorder=z,
            path_effects=effects,
        )  # fmt: skip

    def box(self, box: Box, *, fill: str = PAPER, edge: str = "none", z: float = 0) -> None:
        """Draw an upright box."""
        from matplotlib.patches import Rectangle  # noqa: PLC0415

        left, top, right, bottom = box
        self._axes.add_patch(
            Rectangle(
                (left, top), right - left, bottom - top, facecolor=fill, edgecolor=edge,
                linewidth=1.5 * PT, zorder=z,
            )
        )  # fmt: skip

    def frame(self, box: Box, *, edge: str) -> None:
        """Draw the outline of a box above everything that was cut at it."""
        self.box(box, fill="none", edge=edge, z=4)

    def lines(
        self,
        shapes: Sequence[Floats],
        *,
        style: LineStyle,
        scale: float = 1.0,
        z: float = 1,
        within: Box | None = None,
    ) -> None:
        """Draw lines of shape (points, 2) each, cut at a box."""
        from matplotlib.collections import LineCollection  # noqa: PLC0415

        end = "round" if style.is_round else "butt"
        dashes: Any = (0.0, style.dash) if style.dash else "solid"
        drawn = LineCollection(
            list(shapes), colors=style.light, linewidths=style.width_px * scale * PT,
            linestyles=[dashes], capstyle=end, joinstyle="round", zorder=z,
        )  # fmt: skip
        self._axes.add_collection(drawn, autolim=False)
        if within:
            drawn.set_clip_path(self._clip(within))

    def marks(
        self,
        points: Floats,
        *,
        shape: str,
        px: float,
        fill: str,
        edge: str,
        z: float = 5,
    ) -> None:
        """Draw marks at points of shape (n, 2); ``shape`` as matplotlib names markers."""
        self._axes.plot(
            points[:, 0], points[:, 1], linestyle="none", marker=shape, markersize=px * PT,
            markerfacecolor=fill, markeredgecolor=edge, markeredgewidth=max(1.0, px * 0.16) * PT,
            zorder=z, scalex=False, scaley=False,
        )  # fmt: skip

    def png(self, height: int | None = None) -> bytes:
        """Return the sheet as a PNG of the report's colours; the same drawing, the same bytes.

        Parameters
        ----------
        height : int, optional
            How much is kept from the top; default all.
        """
        from PIL import Image  # noqa: PLC0415

        self._agg.draw()
        pixels = np.asarray(self._agg.buffer_rgba())[:height, :, :3]
        colours = Image.new("P", (1, 1))
        colours.putpalette([part for colour in palette() for part in colour])
        image = Image.fromarray(np.ascontiguousarray(pixels))
        image = image.quantize(palette=colours, dither=Image.Dither.NONE)
        file = io.BytesIO()
        image.save(file, "PNG", compress_level=_COMPRESSION, dpi=(200, 200))
        return file.getvalue()

    def _clip(self, box: Box) -> Any:  # noqa: ANN401 - matplotlib's
        from matplotlib.patches import Rectangle  # noqa: PLC0415

        left, top, right, bottom = box
        patch = Rectangle((left, top), right - left, bottom - top, transform=self._axes.transData)
        patch.set_figure(self._axes.figure)
        return patch


def text_width(text: str, px: float) -> float:
    """Return how many pixels wide a line of text is."""
    return sum(_advance(sign) for sign in drawable(text)) * px


def wrap(text: str, px: float, width: float) -> list[str]:
    """Return a text as lines that fit a width: broken at spaces, and between Chinese characters.

    Chinese stops and closing brackets do not begin a line.
    """
    lines, line = [], ""
    for piece in _pieces(drawable(text)):
        if line and text_width((line + piece).rstrip(), px) > width:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return [*lines, line.rstrip()] if line.strip() else lines


def shorten(text: str, px: float, width: float) -> str:
    """Return a text cut so that it fits a width, its cut shown."""
    plain = drawable(text)
    if text_width(plain, px) <= width:
        return plain
    while plain and text_width(plain + "…", px) > width:
        plain = plain[:-1]
    return plain.rstrip() + "…"


_NEVER_FIRST: Final = "，。；：、！？）》”’…%"
_CHINESE: Final = "\u2e80"  # from here on a line may be broken at every character


def _pieces(text: str) -> list[str]:
    """Return what may not be broken, one after the other."""
    pieces: list[str] = []
    for sign in text:
        is_bound = bool(pieces) and (
            sign in _NEVER_FIRST
            or sign == " "
            or (sign < _CHINESE and pieces[-1][-1] < _CHINESE and pieces[-1][-1] != " ")
        )
        if is_bound:
            pieces[-1] += sign
        else:
            pieces.append(sign)
    return pieces


@cache
def _advance(sign: str) -> float:
    """Return the width of a character in parts of the type's size."""
    advances, per_em = _advances()
    return advances.get(ord(sign), per_em) / per_em


@cache
def _advances() -> tuple[dict[int, int], int]:
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - slow

    from geo.report.font import FONT  # noqa: PLC0415

    with TTFont(FONT, lazy=True) as font:
        widths = font["hmtx"].metrics
        return {code: widths[name][0] for code, name in font.getBestCmap().items()}, font[
            "head"
        ].unitsPerEm
