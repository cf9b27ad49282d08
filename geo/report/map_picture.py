"""The map of a report as a picture: lines by class over the streets, stations, legend."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.report.canvas import Canvas, text_width, wrap
from geo.report.colours import EDGE, INK, LINE_STYLES, LOCKED, PAPER, SOFT
from geo.report.labels import label
from geo.report.say import base, headline, stamp
from geo.report.view import (
    SHAPES,
    View,
    degrees_box,
    draw_lines,
    draw_mark,
    draw_names,
    draw_scale,
    draw_stations,
    draw_streets,
    height_for,
    make_view,
)
from geo.report.words import class_word
from geo.vocab import load_vocab

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geo.coverage import Coverage
    from geo.network import Network
    from geo.report.view import Marks

    Floats = NDArray[np.float64]

WIDTH: Final = 2000
_EDGE: Final = 50
_TYPE: Final = 30  # pixels
_LEADING: Final = 1.5
_MANY_STATIONS: Final = 150
_NEAR, _FAR = 1.6, 1.1  # widths of lines
_FAR_PX_PER_M: Final = 0.4  # below it lines are drawn thinner
_LEAST_HIGH, _MOST_HIGH = 900, 1700


@dataclass(frozen=True)
class Drawn:
    """Lines to draw by class, in degrees with shape (points, 2), and what is to be said of them."""

    lines: dict[str, list[Floats]]
    notes: tuple[str, ...]

    @property
    def points(self) -> Floats:
        """All points, shape (n, 2)."""
        parts = [line for lines in self.lines.values() for line in lines]
        return np.concatenate(parts) if parts else np.empty((0, 2))


def map_picture(
    result: Coverage,
    drawn: Drawn,
    *,
    summary: dict[str, Any],
    network: Network,
    language: str,
    title: str = "",
    is_demo: bool = False,
) -> bytes:
    """Return the map as PNG, 2000 pixels wide.

    Parameters
    ----------
    result : Coverage
        For its stations.
    drawn : Drawn
        Lines of the whole run; those of graver classes lie above.
    summary : dict
        Of the result: the headline, whom and what was measured.
    network : Network
        The streets below.
    language : {"zh", "en"}
        Of the words.
    title : str
        "" for the usual one.
    is_demo : bool
        Whether the ground is made up; else OpenStreetMap is named.
    """
    head = _Head.of(summary, language, title)
    place = _box_of(drawn, result, network)
    high = height_for(place, WIDTH - 2 * _EDGE, least=_LEAST_HIGH, most=_MOST_HIGH)
    top = head.height
    foot = _foot(drawn, summary, language, is_demo=is_demo)
    rows = 5 + len(foot)
    canvas = Canvas(WIDTH, round(top + high + rows * _TYPE * _LEADING + 2 * _EDGE))
    view = make_view(place, (_EDGE, top, WIDTH - _EDGE, round(top + high)))
    head.draw(canvas)
    marks = _draw_ground(canvas, view, result, drawn, network)
    canvas.frame(view.box, edge=EDGE)
    draw_scale(canvas, view, language, px=_TYPE)
    if not drawn.lines:
        middle = (view.box[1] + view.box[3]) / 2
        text = label("no_lines", language)
        canvas.text(WIDTH / 2, middle, text, px=1.4 * _TYPE, align="center", halo=True)
    y = _draw_legend(canvas, view.box[3] + 2 * _TYPE, drawn, marks, language)
    for text in foot:
        canvas.text(_EDGE, y, text, px=0.85 * _TYPE, colour=SOFT, up="center")
        y += _TYPE * _LEADING
    return canvas.png(round(y))


@dataclass(frozen=True)
class _Head:
    """Title, headline and stamp above the map."""

    title: str
    stamp: str
    lines: list[str]
    base: list[str]

    @classmethod
    def of(cls, summary: dict[str, Any], language: str, title: str) -> _Head:
        wide = WIDTH - 2 * _EDGE
        joint = "，" if language == "zh" else ", "
        return cls(
            title or label("map_title", language),
            stamp(summary, language),
            wrap(headline(summary, language), 1.15 * _TYPE, wide),
            wrap(joint.join(base(summary, language)), 0.95 * _TYPE, wide),
        )

    @property
    def height(self) -> float:
        lines = 1.15 * len(self.lines) + 0.95 * len(self.base)
        return _EDGE + _TYPE * (2.4 + lines * _LEADING + 0.5)

    def draw(self, canvas: Canvas) -> None:
        """Write it at the top of a sheet."""
        room: float = WIDTH - 2 * _EDGE
        if self.stamp:
            room -= draw_stamp(canvas, self.stamp, right=WIDTH - _EDGE, top=_EDGE * 0.7, px=_TYPE)
        y = _EDGE + 1.1 * _TYPE
        canvas.text(_EDGE, y, self.title, px=1.6 * _TYPE, room=room)
        y += 0.5 * _TYPE
        for lines, size, colour in ((self.lines, 1.15, INK), (self.base, 0.95, SOFT)):
            for text in lines:
                y += size * _TYPE * _LEADING
                canvas.text(_EDGE, y, text, px=size * _TYPE, colour=colour)


def draw_stamp(canvas: Canvas, text: str, *, right: float, top: float, px: float) -> float:
    """Draw a warning in a red box and return how wide it is."""
    wide = text_width(text, px) + 1.2 * px
    canvas.box((right - wide, top, right, top + 2 * px), fill=PAPER, edge=LOCKED, z=8)
    middle = right - wide / 2
    canvas.text(middle, top + px, text, px=px, colour=LOCKED, align="center", up="center")
    return wide


def _box_of(drawn: Drawn, result: Coverage, network: Network) -> tuple[float, float, float, float]:
    """Return the box of the lines; without any that of the stations; else of the network."""
    points = drawn.points
    if len(points):
        return degrees_box(points[:, 0], points[:, 1])
    if len(result.stations):
        lon, lat = (result.stations[name].to_numpy(dtype=float) for name in ("lon", "lat"))
        return degrees_box(lon, lat)
    return network.bounds


def _draw_ground(
    canvas: Canvas, view: View, result: Coverage, drawn: Drawn, network: Network
) -> Marks:
    draw_streets(canvas, view, network)
    draw_lines(canvas, view, drawn.lines, scale=_NEAR if view.px_per_m > _FAR_PX_PER_M else _FAR)
    inside = int(view.holds(_at(view, result)).sum())
    is_dense = inside > _MANY_STATIONS
    marks = draw_stations(canvas, view, result, px=14 if is_dense else 22)
    if not is_dense:
        names = result.stations["name"].tolist()
        draw_names(canvas, marks, names, px=0.75 * _TYPE, within=view.box)
    return marks


def _at(view: View, result: Coverage) -> Floats:
    stations = result.stations
    return view.to_px(stations["lon"].to_numpy(dtype=float), stations["lat"].to_numpy(dtype=float))


def _draw_legend(canvas: Canvas, y: float, drawn: Drawn, marks: Marks, language: str) -> float:
    """Draw samples with their words, row after row; return where the next row would be."""
    x = float(_EDGE)
    entries = _entries(drawn, marks, language)
    for text, sample in entries:
        lead = 90 if isinstance(sample, str) else 36
        wide = lead + text_width(text, _TYPE) + 50
        if x > _EDGE and x + wide > WIDTH - _EDGE + 50:
            x, y = float(_EDGE), y + _TYPE * _LEADING
        if isinstance(sample, str):
            line = np.array([[x, y], [x + 72, y]])
            canvas.lines([line], style=LINE_STYLES[sample], scale=1.6, z=5)
        else:
            shape, is_shut = sample
            at = np.array([[x + 14.0, y]])
            draw_mark(canvas, at, shape=shape, px=22, is_shut=is_shut)
        canvas.text(x + lead, y, text, px=_TYPE, up="center")
        x += wide
    return y + _TYPE * _LEADING * 1.15


_Sample = str | tuple[str, bool]  # a class, or the shape of a mark and whether it is a ring


def _entries(drawn: Drawn, marks: Marks, language: str) -> list[tuple[str, _Sample]]:
    """Return the words and samples of the legend: only what the map shows."""
    lines: Sequence[str] = [name for name in reversed(LINE_STYLES) if drawn.lines.get(name)]
    entries: list[tuple[str, _Sample]] = [(class_word(name, language), name) for name in lines]
    kinds = load_vocab("kind")
    entries += [(getattr(kinds[name], language), (SHAPES[name], False)) for name in marks.kinds]
    if marks.has_shut:
        shape = SHAPES[marks.kinds[0]]
        entries.append((label("not_usable", language), (shape, True)))
    return entries


def _foot(
    drawn: Drawn, summary: dict[str, Any], language: str, *, is_demo: bool
) -> tuple[str, ...]:
    """Return what stands below the legend."""
    mixed = (label("mixed", language),) if len(drawn.lines) > 1 else ()
    credit = label("demo" if is_demo else "osm", language)
    made = f"{label('as_of', language)} {summary['as_of'][:10]}" if summary["as_of"] else ""
    stop = " · "
    return (*mixed, stop.join(text for text in (*drawn.notes, made, credit) if text))
