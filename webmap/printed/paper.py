"""A4 paper to write and draw on in millimetres, with the font that the project carries.

The same calls give the same bytes: no date, no name of a program, no font of the system.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from fpdf import FPDF, XPos, YPos
from fpdf.enums import TextMode

from geo.report.font import FAMILY, FONT, drawable
from webmap.printed.lines import break_lines

if TYPE_CHECKING:
    from webmap.printed.square_code import SquareCode

WIDTH: Final = 210.0  # mm, A4
HEIGHT: Final = 297.0
MARGIN: Final = 14.0
MM_PER_PT: Final = 25.4 / 72
LEADING: Final = 1.38  # height of a line over the size of its type
INK: Final = "#24201c"
SOFT: Final = "#5c544c"
LINE: Final = "#b9aea2"
ACCENT: Final = "#9a3f12"
PALE: Final = "#f6efe6"
_NO_DATE: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)  # files must not tell when they were made
_MEASURE_PT: Final = 100.0
_BOLD: Final = 0.028  # width of the stroke around bold type, over its size


class Paper:
    """A PDF of A4 pages; places are millimetres from the upper left corner."""

    def __init__(self, title: str, language: str) -> None:
        self._pdf = FPDF(format="A4", unit="mm")
        self._pdf.set_auto_page_break(auto=False)
        self._pdf.set_margin(0)
        self._pdf.c_margin = 0
        self._pdf.set_creation_date(_NO_DATE)
        self._pdf.set_title(drawable(title))
        self._pdf.set_lang("zh-CN" if language == "zh" else "en")
        self._pdf.add_font(FAMILY, "", FONT)
        self._pdf.set_font(FAMILY, size=_MEASURE_PT)
        self._signs: dict[str, float] = {}  # width of each sign met, mm at _MEASURE_PT

    def turn(self) -> None:
        """Begin the first or next page."""
        self._pdf.add_page()

    def width(self, text: str, pt: float) -> float:
        """Return the width of a line of text in millimetres."""
        return sum(map(self._sign, drawable(text))) * pt / _MEASURE_PT

    def lines(self, text: str, pt: float, room: float) -> list[str]:
        """Return a text broken into lines no wider than ``room`` millimetres."""
        return break_lines(text, room, lambda part: self.width(part, pt))

    def write(
        self,
        left: float,
        top: float,
        text: str,
        pt: float,
        *,
        colour: str = INK,
        bold: bool = False,
    ) -> None:
        """Write one line whose upper left corner is given; signs the font lacks become ``?``."""
        pdf, shown = self._pdf, drawable(text)
        if not shown:
            return
        pdf.set_font_size(pt)
        pdf.set_text_color(colour)
        pdf.set_xy(left, top)
        with pdf.local_context():
            if bold:
                pdf.set_draw_color(colour)
                pdf.set_line_width(pt * _BOLD * MM_PER_PT)
                pdf.text_mode = TextMode.FILL_STROKE
            pdf.cell(h=line_mm(pt), text=shown, new_x=XPos.LEFT, new_y=YPos.TOP)

    def write_all(
        self,
        left: float,
        top: float,
        text: str,
        pt: float,
        room: float,
        *,
        colour: str = INK,
        bold: bool = False,
    ) -> float:
        """Write a text in lines and return the height it took in millimetres."""
        lines = self.lines(text, pt, room)
        for number, line in enumerate(lines):
            self.write(left, top + number * line_mm(pt), line, pt, colour=colour, bold=bold)
        return len(lines) * line_mm(pt)

    def box(self, left: float, top: float, width: float, height: float, colour: str) -> None:
        """Fill an upright box."""
        self._pdf.set_fill_color(colour)
        self._pdf.rect(left, top, width, height, style="F")

    def rule(
        self, left: float, top: float, right: float, *, colour: str = LINE, thick: float = 0.25
    ) -> None:
        """Draw a level line."""
        self.stroke([(left, top), (right, top)], colour=colour, thick=thick)

    def stroke(
        self, points: list[tuple[float, float]], *, colour: str = INK, thick: float = 0.5
    ) -> None:
        """Draw a line through points."""
        self._pdf.set_draw_color(colour)
        self._pdf.set_line_width(thick)
        self._pdf.polyline(points)

    def square_code(self, left: float, top: float, side: float, code: SquareCode) -> None:
        """Draw a square code of so many millimetres along each side, its margin included."""
        one = side / code.size
        self.box(left, top, side, side, "#ffffff")
        self._pdf.set_fill_color("#000000")
        for bar in code.bars:
            self._pdf.rect(
                left + bar.left * one, top + bar.top * one, bar.width * one, one, style="F"
            )

    def _sign(self, sign: str) -> float:
        """Return the width of a sign at the size of type that is measured at; they stand apart."""
        if sign not in self._signs:
            self._pdf.set_font_size(_MEASURE_PT)
            self._signs[sign] = float(self._pdf.get_string_width(sign))
        return self._signs[sign]

    def file(self) -> bytes:
        """Return the PDF."""
        return bytes(self._pdf.output())


def line_mm(pt: float) -> float:
    """Return the height of a line of type in millimetres."""
    return pt * LEADING * MM_PER_PT
