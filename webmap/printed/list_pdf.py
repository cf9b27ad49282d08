"""The list of a neighbourhood as a PDF: a table on A4 whose rows are never torn in two."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from flask_babel import gettext, ngettext

from webmap.printed.paper import (
    ACCENT,
    HEIGHT,
    INK,
    LINE,
    MARGIN,
    PALE,
    SOFT,
    WIDTH,
    Paper,
    line_mm,
)
from webmap.printed.said import say_all, say_way
from webmap.printed.square_code import make_square_code

if TYPE_CHECKING:
    from webmap.printed.area_list import AreaList
    from webmap.printed.said import Station

_COLUMNS: Final = (56.0, 46.0, 40.0, 40.0)  # mm: where, hours, entry, what is there
_CODE: Final = 26.0
_PAD: Final = 2.2  # mm within a row
_GUTTER: Final = 4.0  # mm between columns
_FOOT: Final = 16.0
_HEAD: Final = 8.0  # mm, the row of titles
_NAME_PT: Final = 12.5
_PT: Final = 9.5


class _Line(NamedTuple):
    text: str
    pt: float = _PT
    colour: str = INK
    bold: bool = False


class _Row(NamedTuple):
    """A station's cells, each broken into lines, and their height with the white around."""

    cells: tuple[tuple[_Line, ...], ...]
    height: float  # mm


def write_list(listed: AreaList) -> bytes:
    """Return the list of an area's stations, the same bytes for the same list.

    Parameters
    ----------
    listed : AreaList
        In the words of its language.

    Returns
    -------
    bytes
        A PDF; each page repeats the titles and says its number.
    """
    paper = Paper(_title(listed), listed.lang)
    paper.turn()
    top = _head(paper, listed)
    pages = _pages([_row(paper, one) for one in listed.stations], top)
    for number, rows in enumerate(pages, start=1):
        if number > 1:
            paper.turn()
            top = MARGIN
        top = _titles(paper, top)
        for row in rows:
            _draw(paper, top, row)
            top += row.height
        _foot(paper, listed, number, len(pages))
    return paper.file()


def _title(listed: AreaList) -> str:
    return gettext("%(area)s：能歇脚的驿站", area=listed.name)


def _head(paper: Paper, listed: AreaList) -> float:
    """Write the title and what the list is; return where the table begins."""
    left_room = WIDTH - 2 * MARGIN - _CODE - 6
    paper.square_code(WIDTH - MARGIN - _CODE, MARGIN - 3, _CODE, make_square_code(listed.link))
    top = MARGIN
    top += paper.write_all(MARGIN, top, _title(listed), 24, left_room, bold=True)
    number = len(listed.stations)
    said = [ngettext("%(num)s 个驿站", "%(num)s 个驿站", number)]
    if listed.dated:
        said.append(gettext("%(date)s的资料", date=listed.dated))
    top += paper.write_all(MARGIN, top + 1, " · ".join(said), 11, left_room, colour=SOFT) + 1
    help_words = gettext("扫码看现在开没开；没有手机打工会热线 %(number)s。", number="12351")
    top += paper.write_all(MARGIN, top + 1, help_words, 11, left_room) + 1
    if listed.left_out:
        more = gettext("太多了，还有 %(count)s 个没印上。", count=listed.left_out)
        top += paper.write_all(MARGIN, top + 1, more, 11, left_room, colour=ACCENT) + 1
    if listed.is_demo:
        demo = gettext("演示数据，地点都不是真的")
        top += paper.write_all(MARGIN, top + 1, demo, 12, left_room, colour=ACCENT, bold=True) + 1
    return max(top, MARGIN + _CODE) + 3


def _row(paper: Paper, station: Station) -> _Row:
    """Break a station's words into the lines of its cells."""
    where = [_Line(station.name, _NAME_PT, bold=True)]
    where += [_Line(text, colour=SOFT) for text in (station.address, station.phone) if text]
    hours = [_Line(station.notice, colour=ACCENT, bold=True)] if station.notice else []
    hours += [_Line(part) for part in station.hours.parts]
    if station.self_hours:
        said = gettext("没人值守，自助进：%(hours)s", hours=station.self_hours.text)
        hours.append(_Line(said, colour=SOFT))
    unknown = gettext("未核实")
    entry = [_Line(say_way(way) or unknown) for way in station.ways] or [_Line(unknown)]
    things = [_Line(say_all(station.things))]
    cells = tuple(
        tuple(
            _Line(part, line.pt, line.colour, line.bold)
            for line in lines
            for part in paper.lines(line.text, line.pt, width - _GUTTER)
        )
        for lines, width in zip((where, hours, entry, things), _COLUMNS, strict=True)
    )
    tallest = max(sum(line_mm(line.pt) for line in cell) for cell in cells)
    return _Row(cells, tallest + 2 * _PAD)


def _pages(rows: list[_Row], top: float) -> list[list[_Row]]:
    """Return the rows of each page; the table of the first begins at ``top`` millimetres."""
    pages: list[list[_Row]] = [[]]
    down = top + _HEAD
    for row in rows:
        if down + row.height > HEIGHT - _FOOT and pages[-1]:
            pages.append([])
            down = MARGIN + _HEAD
        pages[-1].append(row)
        down += row.height
    return pages


def _titles(paper: Paper, top: float) -> float:
    """Draw the row of titles; return where the rows begin."""
    paper.box(MARGIN, top, WIDTH - 2 * MARGIN, _HEAD, PALE)
    words = (
        gettext("驿站和地址"), gettext("开放时间"), gettext("怎么进"), gettext("里面有什么"),
    )  # fmt: skip
    left = MARGIN + 1.5
    for word, width in zip(words, _COLUMNS, strict=True):
        paper.write(left, top + 1.6, word, 10, colour=ACCENT, bold=True)
        left += width
    return top + _HEAD


def _draw(paper: Paper, top: float, row: _Row) -> None:
    left = MARGIN + 1.5
    for cell, width in zip(row.cells, _COLUMNS, strict=True):
        down = top + _PAD
        for line in cell:
            paper.write(left, down, line.text, line.pt, colour=line.colour, bold=line.bold)
            down += line_mm(line.pt)
        left += width
    paper.rule(MARGIN, top + row.height, WIDTH - MARGIN, colour=LINE, thick=0.2)


def _foot(paper: Paper, listed: AreaList, number: int, pages: int) -> None:
    said = gettext("第 %(page)s 页，共 %(pages)s 页", page=number, pages=pages)
    top = HEIGHT - 11
    paper.write(MARGIN, top, f"{listed.name} · {listed.dated}".strip(" ·"), 9, colour=SOFT)
    paper.write(WIDTH - MARGIN - paper.width(said, 9), top, said, 9, colour=SOFT)
