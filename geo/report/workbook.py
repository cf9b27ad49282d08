"""The workbook of a report: a sheet per table, real numbers, heads that stay, A4 across.

Whatever a name looks like (a formula, an address, a control character), it is text.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any, Final

from geo.report import say
from geo.report.canvas import wrap
from geo.report.colours import EDGE, LOCKED, SHADES, SOFT, STREET, shade_ink
from geo.report.labels import label
from geo.report.overview import about_lines, overview_blocks
from geo.report.sheets import (
    COUNT,
    DEGREES,
    HOURS,
    KILOMETRES,
    METRES,
    MINUTES,
    PERCENT,
    TEXT,
    Sheet,
    advice_sheet,
    areas_sheet,
    gaps_sheet,
    hours_sheet,
    routes_sheet,
    shifts_sheet,
    stations_sheet,
)
from geo.report.window import gap_share
from geo.report.words import DAYS, page_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from geo.coverage import Coverage

_FIXED_DATE: Final = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - a file of the same bytes has no date
_FONT: Final = "Microsoft YaHei"
_NUMBERS: Final = {
    PERCENT: "0.0%",
    HOURS: "#,##0.0",
    MINUTES: "#,##0.0",
    METRES: "#,##0",
    KILOMETRES: "#,##0.0",
    COUNT: "#,##0",
    DEGREES: "0.000000",
}
_WHOLE_PERCENT: Final = '[=0]0%;[<0.01]"<1%";0%'  # as `cell_text`, but for >99
_NOT_XML: Final = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_MOST: Final = 32_000  # characters; a cell of Excel holds 32,767
_MAYBE_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
_HOUR_WIDE: Final = 8.6
_LINE_PT: Final = 16.5  # a line of text
_MOST_LINES: Final = 24  # Excel's rows are no higher
_DIGIT_EM: Final = 0.54  # a column of width 1 holds one digit
_HEAD_ROWS: Final = 3  # title, note or stamp, heads


def write_workbook(
    result: Coverage,
    path: Path,
    *,
    summary: dict[str, Any],
    language: str,
    title: str = "",
    is_demo: bool = False,
) -> None:
    """Write the tables of a result as an Excel workbook; the same result gives the same bytes.

    Parameters
    ----------
    result : Coverage
        For its stations.
    path : Path
        Replaced if it exists.
    summary : dict
        Of the result.
    language : {"zh", "en"}
        Of heads and words.
    title : str
        "" for the usual one.
    is_demo : bool
        Whether the data are made up.
    """
    import xlsxwriter  # noqa: PLC0415 - slow, and few need it

    table = result.station_table()
    table["hours_text"] = result.stations["hours_text"].to_numpy()
    stations = {
        row["code"]: {str(name): cell for name, cell in row.items()}
        for row in table.to_dict("records")
    }
    with xlsxwriter.Workbook(str(path), _options()) as book:
        title = title or page_text("title", language)
        book.set_properties({"created": _FIXED_DATE, "title": plain(title)})
        writer = _Writer(book, language, title, say.stamp(summary, language))
        writer.overview(summary)
        writer.hours(hours_sheet(summary, language), summary)
        for sheet in (
            areas_sheet(summary, language),
            gaps_sheet(summary, stations, language),
            stations_sheet(table, language),
            advice_sheet(summary, stations, language),
            routes_sheet(summary, language),
            shifts_sheet(summary, language),
        ):
            writer.table(sheet)
        writer.about(about_lines(summary, language, is_demo=is_demo))


def _options() -> dict[str, Any]:
    """Return the options of a workbook, anew: xlsxwriter writes into what it is given."""
    return {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_format_properties": {"font_name": _FONT, "font_size": 10.5},
    }


def plain(text: str) -> str:
    """Return a text that a cell can hold: no control characters, not longer than Excel allows."""
    return _NOT_XML.sub(" ", text)[:_MOST]


class _Writer:
    """Writes sheets into one workbook."""

    def __init__(self, book: Any, language: str, title: str, stamp: str) -> None:  # noqa: ANN401 - xlsxwriter has no types
        self._book, self._language, self._title, self._stamp = book, language, title, stamp
        self._styles: dict[tuple[tuple[str, Any], ...], Any] = {}

    def table(self, sheet: Sheet) -> None:
        """Write a table as a sheet of its own."""
        wide = sum(column.width for column in sheet.columns) * _DIGIT_EM
        lines = wrap(sheet.note, 1.0, wide * 0.8)
        is_short = len(lines) < 2  # noqa: PLR2004 - a line
        page = self._page(sheet.key, sheet.note if is_short else "")
        page.freeze_panes(_HEAD_ROWS, sheet.frozen)
        page.repeat_rows(0, _HEAD_ROWS - 1)
        self._rows(page, sheet, _HEAD_ROWS - 1)
        for number, line in enumerate(() if is_short else lines):
            row = _HEAD_ROWS + len(sheet.rows) + 1 + number
            self._text(page, row, 0, line, font_color=SOFT)

    def hours(self, sheet: Sheet, summary: dict[str, Any]) -> None:
        """Write the week as 7 × 24 cells, below it the long table."""
        page = self._page("hours", label("matrix", self._language))
        head = self._style(bold=True, align="center", bottom=1, bottom_color=EDGE)
        page.write_row(_HEAD_ROWS - 1, 1, range(24), head)
        cell = self._style(num_format=_WHOLE_PERCENT, align="center")
        for day, word in enumerate(DAYS[self._language]):
            row = _HEAD_ROWS + day
            self._text(page, row, 0, word)
            for hour in range(24):
                figures = summary["by_hour_of_week"][24 * day + hour]
                share = gap_share(figures) if figures else None
                if share is not None:
                    page.write_number(row, 1 + hour, share, cell)
        self._shade(page, _HEAD_ROWS, _HEAD_ROWS + 6)
        self._rows(page, sheet, _HEAD_ROWS + 8, width=_HOUR_WIDE)
        page.set_column(0, 24, _HOUR_WIDE)
        page.freeze_panes(_HEAD_ROWS, 1)
        page.repeat_rows(_HEAD_ROWS + 8)  # only the pages behind it show it again

    def overview(self, summary: dict[str, Any]) -> None:
        """Write the headline and the main figures."""
        page = self._page("overview", "")
        row = _HEAD_ROWS
        for block in overview_blocks(summary, self._language):
            for line in block.lines:
                size = 13 if block.is_headline else 10.5
                self._text(page, row, 0, line, font_size=size, bold=block.is_headline)
                row += 1
            row = self._block(page, row, block.heads, block.rows) + 1
        page.set_column(0, 0, 34)
        page.set_column(1, 6, 15)

    def about(self, lines: list[tuple[str, str, str]]) -> None:
        """Write headings, names and texts."""
        page = self._page("about", "")
        page.set_column(0, 0, 24)
        page.set_column(1, 1, 100)
        row = _HEAD_ROWS - 1
        for heading, name, text in lines:
            if heading:
                row += 1
                self._text(page, row, 0, heading, bold=True, font_size=13)
            if name:
                self._text(page, row, 0, name, valign="top", text_wrap=True)
            if text:
                self._text(page, row, 1, text, valign="top", text_wrap=True)
                _set_height(page, row, [name, text], [24.0, 100.0])
            row += 1

    def _page(self, key: str, note: str) -> Any:  # noqa: ANN401 - xlsxwriter has no types
        """Add a sheet with its title, the stamp and a note, set up for A4 across."""
        name = label(f"sheet_{key}", self._language)
        page = self._book.add_worksheet(name)
        self._text(page, 0, 0, f"{self._title} · {name}", bold=True, font_size=14)
        if self._stamp:
            self._text(page, 1, 0, self._stamp, bold=True, font_color=LOCKED)
        self._text(page, 1, 2 if self._stamp else 0, note, font_color=SOFT)
        page.hide_gridlines(2)
        page.set_landscape()
        page.set_paper(9)  # A4
        page.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.6)
        page.fit_to_pages(1, 0)
        page.set_header(f'&R&"{_FONT},Bold"&K{LOCKED[1:]}{self._stamp}' if self._stamp else "")
        page.set_footer(f"&C{label('page', self._language)}")
        return page

    def _rows(self, page: Any, sheet: Sheet, top: int, *, width: float = 0.0) -> None:  # noqa: ANN401
        """Write heads and rows of a table from a row on; ``width``: of every column, 0: its own."""
        widths = [width or column.width for column in sheet.columns]
        for place, column in enumerate(sheet.columns):
            align = "left" if column.unit == TEXT else "right"
            indent = int(place > 0 and column.unit == TEXT)
            self._text(
                page, top, place, column.head, bold=True, text_wrap=True, valign="bottom",
                align=align, indent=indent, bg_color="#f3ede4", bottom=1, bottom_color=EDGE,
            )  # fmt: skip
            page.set_column(place, place, widths[place])
        _set_height(page, top, [column.head for column in sheet.columns], widths)
        for number, cells in enumerate(sheet.rows, start=top + 1):
            for place, (column, cell) in enumerate(zip(sheet.columns, cells, strict=True)):
                self._cell(page, number, place, cell, column.unit)
            _set_height(page, number, cells, widths)
        last = top + len(sheet.rows)
        if sheet.rows:
            page.autofilter(top, 0, last, len(sheet.columns) - 1)
        else:
            self._text(page, top + 1, 0, label("nothing", self._language), font_color=SOFT)

    def _block(
        self,
        page: Any,  # noqa: ANN401
        row: int,
        heads: tuple[str, ...],
        rows: list[list[tuple[Any, str]]],
    ) -> int:
        """Write a small table; return the row behind it."""
        for place, head in enumerate(heads):
            align = "right" if place else "left"
            self._text(
                page, row, place, head, bold=True, align=align, text_wrap=True, valign="bottom",
                bottom=1, bottom_color=EDGE,
            )  # fmt: skip
        row += bool(heads)
        for cells in rows:
            for place, (cell, unit) in enumerate(cells):
                self._cell(page, row, place, cell, unit)
            row += 1
        return row

    def _cell(self, page: Any, row: int, place: int, cell: Any, unit: str) -> None:  # noqa: ANN401
        line = {"bottom": 4, "bottom_color": STREET, "valign": "top"}
        if cell is None:
            page.write_blank(row, place, None, self._style(**line))
        elif unit == TEXT:
            self._text(
                page,
                row,
                place,
                str(cell),
                text_wrap=True,
                align="left",
                indent=int(place > 0),
                **line,
            )
        else:
            page.write_number(row, place, cell, self._style(num_format=_NUMBERS[unit], **line))

    def _text(self, page: Any, row: int, place: int, text: str, **style: Any) -> None:  # noqa: ANN401
        """Write text that stays text, whatever it begins with, also when somebody edits it."""
        if text.startswith(_MAYBE_FORMULA):
            style["quote_prefix"] = True
        page.write_string(row, place, plain(text), self._style(**style))

    def _shade(self, page: Any, first: int, last: int) -> None:  # noqa: ANN401
        """Shade shares by the scale of the pictures."""
        colours = SHADES["light"]
        for step, colour in enumerate(colours):
            share = step / (len(colours) - 1)
            shape = self._book.add_format({"bg_color": colour, "font_color": shade_ink(share)})
            low = (20 * (step - 1) + 0.5) / 100 if step > 1 else 0.0
            high = (20 * step + 0.5) / 100 if step else 0.0
            page.conditional_format(
                first, 1, last, 24,
                {
                    "type": "formula",
                    "criteria": f'=AND(ISNUMBER(B{first + 1}),B{first + 1}<={high},'
                    f'B{first + 1}{">=" if step != 1 else ">"}{low})',
                    "format": shape,
                },
            )  # fmt: skip

    def _style(self, **style: Any) -> Any:  # noqa: ANN401
        key = tuple(sorted(style.items()))
        if key not in self._styles:
            self._styles[key] = self._book.add_format(style)
        return self._styles[key]


def _set_height(page: Any, row: int, cells: Sequence[object], widths: Sequence[float]) -> None:  # noqa: ANN401
    """Make a row as high as its longest text: not every program does so by itself."""
    texts = [
        (cell, wide) for cell, wide in zip(cells, widths, strict=True) if isinstance(cell, str)
    ]
    lines = [len(wrap(text, 1.0, (wide - 1) * _DIGIT_EM)) for text, wide in texts]
    most = min(max(lines, default=1), _MOST_LINES)
    if most > 1:
        page.set_row(row, most * _LINE_PT)
