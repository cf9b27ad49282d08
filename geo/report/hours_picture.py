"""The table of hours as a picture: 7 days × 24 hours, a number in each cell, one hue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from geo.report.canvas import Canvas, wrap
from geo.report.colours import EDGE, FRAME, INK, PAPER, SHADES, SOFT, STEP_PERCENT, shade, shade_ink
from geo.report.figures import cell_text, say_within
from geo.report.labels import label
from geo.report.map_picture import draw_stamp
from geo.report.say import base, stamp
from geo.report.window import gap_share
from geo.report.words import DAYS

if TYPE_CHECKING:
    from collections.abc import Mapping

WIDTH: Final = 2000
_EDGE: Final = 50
_TYPE: Final = 30  # pixels
_LEFT: Final = 150  # where the cells begin
_CELL_HIGH: Final = 74
_HOURS: Final = 24
_GAP: Final = 3  # between cells


def hours_picture(summary: Mapping[str, Any], *, language: str, title: str = "") -> bytes:
    """Return the share of time with nowhere, effective, by hour of the week, as PNG.

    Parameters
    ----------
    summary : mapping
        Of a result.
    language : {"zh", "en"}
        Of the words.
    title : str
        "" for the usual one.
    """
    told = dict(summary)
    canvas = Canvas(WIDTH, 1250)
    room: float = WIDTH - 2 * _EDGE
    warning = stamp(told, language)
    if warning:
        room -= draw_stamp(canvas, warning, right=WIDTH - _EDGE, top=_EDGE * 0.7, px=_TYPE)
    y = _EDGE + 1.2 * _TYPE
    canvas.text(
        _EDGE, y, title or label("hours_title", language), px=1.6 * _TYPE, room=room - _TYPE
    )
    y += 2 * _TYPE
    about = ("，" if language == "zh" else ", ").join(base(told, language))
    for text in wrap(about, 0.95 * _TYPE, WIDTH - 2 * _EDGE):
        canvas.text(_EDGE, y, text, px=0.95 * _TYPE, colour=SOFT)
        y += 1.5 * _TYPE
    y = _draw_cells(canvas, y + 0.6 * _TYPE, told["by_hour_of_week"], language)
    y = _draw_key(canvas, y + _TYPE, language, within=say_within(told["limit_m"], language))
    return canvas.png(round(y))


def _draw_cells(
    canvas: Canvas, top: float, hours: list[dict[str, Any] | None], language: str
) -> float:
    wide = (WIDTH - _EDGE - _LEFT) / _HOURS
    for hour in range(_HOURS):
        x = _LEFT + (hour + 0.5) * wide
        canvas.text(x, top, f"{hour}", px=0.85 * _TYPE, colour=SOFT, align="center")
    top += 0.6 * _TYPE
    for day, word in enumerate(DAYS[language]):
        y = top + day * _CELL_HIGH
        canvas.text(_EDGE, y + _CELL_HIGH / 2, word, px=_TYPE, up="center")
        for hour in range(_HOURS):
            box = (_LEFT + hour * wide, y, _LEFT + (hour + 1) * wide - _GAP, y + _CELL_HIGH - _GAP)
            _draw_cell(canvas, box, hours[day * _HOURS + hour])
    return top + len(DAYS[language]) * _CELL_HIGH


def _draw_cell(
    canvas: Canvas, box: tuple[float, float, float, float], figures: dict[str, Any] | None
) -> None:
    share = None if figures is None else gap_share(figures)
    if share is None:
        canvas.box(box, fill=PAPER, edge=FRAME)
        return
    canvas.box(box, fill=shade(share))
    middle = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    canvas.text(
        *middle, cell_text(share), px=0.95 * _TYPE, colour=shade_ink(share), align="center",
        up="center",
    )  # fmt: skip


def _draw_key(canvas: Canvas, y: float, language: str, *, within: str) -> float:
    """Draw the scale and how to read the table; return where the picture ends."""
    text = label("scale", language)
    canvas.text(_LEFT, y + 0.7 * _TYPE, text, px=0.9 * _TYPE, up="center")
    steps = len(SHADES["light"]) - 1
    begun = range(0, 100, STEP_PERCENT)
    words = ["0", *(f"{first + 1}–{first + STEP_PERCENT} %" for first in begun)]
    x = _LEFT + 330.0
    for place, word in enumerate(words):
        share = place / steps
        canvas.box((x, y, x + 160, y + 1.4 * _TYPE), fill=shade(share), edge=EDGE)
        ink = shade_ink(share)
        canvas.text(
            x + 80, y + 0.7 * _TYPE, word, px=0.85 * _TYPE, colour=ink, align="center", up="center"
        )
        x += 166
    y += 3 * _TYPE
    note = label("hours_note", language).format(within=within)
    for line in wrap(note, 0.9 * _TYPE, WIDTH - _LEFT - _EDGE):
        canvas.text(_LEFT, y, line, px=0.9 * _TYPE, colour=INK)
        y += 1.4 * _TYPE
    return y + 0.4 * _EDGE
