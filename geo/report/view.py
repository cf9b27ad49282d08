"""A window on the ground: degrees to pixels in the local metric CRS, with what every map shows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from pyproj import Transformer
from pyproj.enums import TransformDirection

from geo.coords import WGS84, local_metric_crs
from geo.report.canvas import text_width
from geo.report.colours import INK, LINE_STYLES, LOCKED, OPEN, PAPER, STREET, LineStyle
from geo.report.labels import label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geo.coverage import Coverage
    from geo.network import Network
    from geo.report.canvas import Box, Canvas

    Floats = NDArray[np.float64]

SHAPES: Final = {"rest_station": "o", "union_hub": "s", "service_point": "^"}  # by kind
_STREET_STYLE: Final = LineStyle(STREET, STREET, 1.6, (), is_round=True)
_LEAST_M: Final = 300.0  # no map shows less
_PAD: Final = 0.05  # of the size, on every side
_MOST_SEGMENTS: Final = 400_000  # of streets: beyond, the shortest are left out


@dataclass(frozen=True)
class View:
    """A window of ground metres, drawn into a box of pixels; north is up, one scale."""

    transformer: Transformer
    west: float  # metres
    north: float
    px_per_m: float
    box: Box  # pixels

    def to_px(self, lon: Floats, lat: Floats) -> Floats:
        """Return pixels of positions in degrees, shape (n, 2)."""
        x, y = self.transformer.transform(lon, lat)
        return np.column_stack(
            [
                self.box[0] + (np.asarray(x) - self.west) * self.px_per_m,
                self.box[1] + (self.north - np.asarray(y)) * self.px_per_m,
            ]
        )

    def degrees(self) -> Box:
        """Return west, south, east, north of the window, and a little around it."""
        wide, high = self.box[2] - self.box[0], self.box[3] - self.box[1]
        x = (
            self.west
            + np.array([-_PAD, 0.5, 1 + _PAD, 1 + _PAD, 0.5, -_PAD]) * wide / self.px_per_m
        )
        y = self.north - np.array([-_PAD] * 3 + [1 + _PAD] * 3) * high / self.px_per_m
        lon, lat = self.transformer.transform(x, y, direction=TransformDirection.INVERSE)
        return degrees_box(np.asarray(lon), np.asarray(lat))

    def holds(self, px: Floats, *, margin: float = 0.0) -> NDArray[np.bool_]:
        """Return which pixels lie in the box, shape (n,)."""
        left, top, right, bottom = self.box
        return np.asarray(
            (px[:, 0] >= left + margin)
            & (px[:, 0] <= right - margin)
            & (px[:, 1] >= top + margin)
            & (px[:, 1] <= bottom - margin)
        )


def degrees_box(lon: Floats, lat: Floats) -> Box:
    """Return west, south, east, north of positions, at least one."""
    return float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())


def height_for(degrees: Box, width: float, *, least: float, most: float) -> float:
    """Return how high a picture of a box of degrees is at a width, within bounds."""
    west, south, east, north = degrees
    across = max((east - west) * np.cos(np.radians((south + north) / 2)), 1e-9)
    return float(np.clip(width * (north - south) / across, least, most))


def make_view(degrees: Box, box: Box) -> View:
    """Return the window that shows a box of degrees whole, with some ground around it.

    Parameters
    ----------
    degrees : tuple of float
        West, south, east, north.
    box : tuple of float
        Pixels: left, top, right, bottom.
    """
    west, south, east, north = degrees
    crs = local_metric_crs((west + east) / 2, (south + north) / 2)
    transformer = Transformer.from_crs(WGS84, crs, always_xy=True)
    x, y = transformer.transform([west, west, east, east], [south, north, south, north])
    wide, high = (max(max(side) - min(side), _LEAST_M) * (1 + 2 * _PAD) for side in (x, y))
    px_per_m = min((box[2] - box[0]) / wide, (box[3] - box[1]) / high)
    middle = (min(x) + max(x)) / 2, (min(y) + max(y)) / 2
    return View(
        transformer,
        west=middle[0] - (box[2] - box[0]) / 2 / px_per_m,
        north=middle[1] + (box[3] - box[1]) / 2 / px_per_m,
        px_per_m=px_per_m,
        box=box,
    )


def draw_streets(canvas: Canvas, view: View, network: Network, *, scale: float = 1.0) -> None:
    """Draw the walking network in the window as thin pale lines."""
    rows = np.flatnonzero(_is_near(view, network))
    if len(rows) > _MOST_SEGMENTS:
        rows = np.sort(rows[np.argsort(-network.length_m[rows], kind="stable")[:_MOST_SEGMENTS]])
    ends = (view.to_px(network.lon[node[rows]], network.lat[node[rows]]) for node in _ends(network))
    segments = np.stack(list(ends), axis=1)
    canvas.lines(list(segments), style=_STREET_STYLE, scale=scale, z=1, within=view.box)


def _ends(network: Network) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    return network.u, network.v


def _is_near(view: View, network: Network) -> NDArray[np.bool_]:
    """Return which edges may touch the window, shape (m,); only these need to be projected."""
    west, south, east, north = view.degrees()
    lon, lat = (
        np.stack([part[node] for node in _ends(network)]) for part in (network.lon, network.lat)
    )
    return np.asarray(
        (lon.max(axis=0) >= west)
        & (lon.min(axis=0) <= east)
        & (lat.max(axis=0) >= south)
        & (lat.min(axis=0) <= north)
    )


def draw_lines(
    canvas: Canvas, view: View, lines: dict[str, list[Floats]], *, scale: float = 1.0
) -> None:
    """Draw lines by class, given in degrees with shape (points, 2); the graver ones above."""
    for height, (name, style) in enumerate(LINE_STYLES.items()):
        shapes = [view.to_px(line[:, 0], line[:, 1]) for line in lines.get(name, [])]
        if shapes:
            canvas.lines(shapes, style=style, scale=scale, z=2 + height / 10, within=view.box)


@dataclass(frozen=True)
class Marks:
    """The stations in a window."""

    px: Floats  # (s, 2)
    rows: NDArray[np.intp]  # (s,) of the run's stations
    kinds: tuple[str, ...]  # drawn, in the order of legends
    has_shut: bool  # whether some were locked or unverified

    def ordered(self, rank: Sequence[int]) -> Marks:
        """Return the same in the order of a rank, shape (s,); of equal ones as they were."""
        order = np.argsort(rank, kind="stable")
        return replace(self, px=self.px[order], rows=self.rows[order])


def draw_stations(canvas: Canvas, view: View, result: Coverage, *, px: float) -> Marks:
    """Draw the stations in the window: shape by kind, filled if usable, a ring if not."""
    stations = result.stations
    at = view.to_px(stations["lon"].to_numpy(dtype=float), stations["lat"].to_numpy(dtype=float))
    rows = np.flatnonzero(view.holds(at, margin=px / 2))
    kind = stations["kind"].to_numpy(dtype=str)[rows]
    shut = (result.served.is_locked | result.served.is_unverified)[rows]
    for name, shape in SHAPES.items():
        for is_shut in (False, True):
            some = rows[(kind == name) & (shut == is_shut)]
            if len(some):
                draw_mark(canvas, at[some], shape=shape, px=px, is_shut=is_shut)
    present = tuple(name for name in SHAPES if (kind == name).any())
    return Marks(at[rows], rows, present, bool(shut.any()))


def draw_mark(canvas: Canvas, at: Floats, *, shape: str, px: float, is_shut: bool) -> None:
    """Draw marks of stations of one kind and state."""
    fill, edge = (PAPER, LOCKED) if is_shut else (OPEN, PAPER)
    canvas.marks(at, shape=shape, px=px, fill=fill, edge=edge, z=5 if is_shut else 6)


def draw_names(
    canvas: Canvas, marks: Marks, names: Sequence[str], *, px: float, within: Box, most: int = 40
) -> None:
    """Write names beside marks wherever there is room, those first in ``names`` first.

    Parameters
    ----------
    canvas : Canvas
        To draw on.
    marks : Marks
        The stations in the window.
    names : sequence of str, shape (s,)
        Of all stations of the run.
    px : float
        Size of the type.
    within : tuple of float
        Pixels that names keep to.
    most : int
        How many are written at most.
    """
    taken = np.column_stack([marks.px - px * 0.6, marks.px + px * 0.6])  # nothing covers a mark
    written = 0
    for at, row in zip(marks.px.tolist(), marks.rows.tolist(), strict=True):
        wide = text_width(names[row], px)
        for align in ("left", "right"):
            left = at[0] + px * 0.9 if align == "left" else at[0] - px * 0.9 - wide
            box = np.array([left, at[1] - px * 0.65, left + wide, at[1] + px * 0.65])
            is_inside = box[0] >= within[0] and box[2] <= within[2]
            if written < most and is_inside and not _overlaps(taken, box):
                canvas.text(left, at[1], names[row], px=px, up="center", halo=True)
                taken = np.vstack([taken, box])
                written += 1
                break


def _overlaps(taken: Floats, box: Floats) -> bool:
    return bool(
        (
            (taken[:, 0] < box[2])
            & (taken[:, 2] > box[0])
            & (taken[:, 1] < box[3])
            & (taken[:, 3] > box[1])
        ).any()
    )


def draw_scale(canvas: Canvas, view: View, language: str, *, px: float) -> None:
    """Draw a bar of round length in the lower left corner, and where north is in the upper right.

    Parameters
    ----------
    canvas, view : Canvas, View
        Where to.
    language : str
        Of the words.
    px : float
        Size of the type.
    """
    left, top, right, bottom = view.box
    metres = round_length((right - left) / view.px_per_m * 0.22)
    wide = metres * view.px_per_m
    key, number = ("km", metres / 1000) if metres >= 1000 else ("m", metres)  # noqa: PLR2004
    text = label(key, language).format(n=f"{number:g}")
    pad = px * 0.6
    high = px * 2.2
    x, y = left + pad, bottom - pad
    ground = max(wide, text_width(text, px)) + 2 * pad
    canvas.box((x, y - high, x + ground, y), fill=PAPER, z=7)
    bar: Any = np.array([[x + pad, y - pad * 1.5], [x + pad, y - pad], [x + pad + wide, y - pad]])
    bar = np.vstack([bar, [x + pad + wide, y - pad * 1.5]])
    canvas.lines([bar], style=LineStyle(INK, INK, px * 0.12, (), is_round=False), z=8)
    canvas.text(x + pad, y - pad * 1.9, text, px=px, z=8)
    north = label("north", language)
    wide = text_width(north, px)
    x, y = right - pad - px * 2.4, top + pad
    canvas.box((x, y, right - pad, y + px * 2.9), fill=PAPER, z=7)
    middle = (x + right - pad) / 2
    arrow = np.array([[middle, y + px * 1.45], [middle, y + px * 0.75]])
    canvas.lines([arrow], style=LineStyle(INK, INK, px * 0.14, (), is_round=False), z=8)
    tip = np.array([[middle, y + px * 0.65]])
    canvas.marks(tip, shape="^", px=px * 0.75, fill=INK, edge=INK, z=8)
    canvas.text(middle, y + px * 2.5, north, px=px, align="center", z=8)


def round_length(metres: float) -> float:
    """Return the greatest of 1, 2, 5 × 10^k that is not more.

    Examples
    --------
    >>> round_length(830.0), round_length(1999.0), round_length(250.0)
    (500.0, 1000.0, 200.0)
    """
    power = 10.0 ** np.floor(np.log10(metres))
    return float(max(step * power for step in (1, 2, 5) if step * power <= metres))
