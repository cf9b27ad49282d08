"""The door sheet as a PDF: one A4 page, whose type grows smaller until all of it fits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from flask_babel import gettext

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
from webmap.printed.said import say_all, say_titled, say_way
from webmap.printed.square_code import make_square_code

if TYPE_CHECKING:
    from collections.abc import Sequence

    from webmap.printed.said import Station

_ROOM: Final = WIDTH - 2 * MARGIN
_BAND: Final = 18.0  # mm, the coloured band at the top
_CODE: Final = 50.0  # mm, each side of the square code
_FOOT: Final = 74.0  # mm, what stands at the bottom
_SIZES: Final = (1.4, 1.25, 1.1, 1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.42, 0.35)  # tried in turn
_GAP: Final = 6.0  # mm between parts


class _Line(NamedTuple):
    """A paragraph of the sheet."""

    text: str
    pt: float
    colour: str = INK
    bold: bool = False
    before: float = 0.0  # mm of white above it


def write_poster(station: Station, *, link: str, is_demo: bool, language: str) -> bytes:
    """Return the door sheet of a station.

    Parameters
    ----------
    station : Station
        In the words of ``language``.
    link : str
        The address of the station's page, drawn as a square code.
    is_demo : bool
        Whether to say that the place is made up.
    language : str
        "zh" or "en".

    Returns
    -------
    bytes
        A PDF of one page, the same for the same arguments.
    """
    paper = Paper(station.name, language)
    paper.turn()
    top = _head(paper, station, is_demo=is_demo)
    lines = _body(station)
    room = HEIGHT - _FOOT - top
    scale = next((size for size in _SIZES if _height(paper, lines, size) <= room), _SIZES[-1])
    for line in lines:
        top += line.before * scale
        if top + line_mm(line.pt * scale) > HEIGHT - _FOOT:
            break  # not even the smallest type is small enough
        top += paper.write_all(
            MARGIN, top, line.text, line.pt * scale, _ROOM, colour=line.colour, bold=line.bold
        )
    _foot(paper, station, link)
    return paper.file()


def _head(paper: Paper, station: Station, *, is_demo: bool) -> float:
    """Draw the band and the name; return where the body begins."""
    paper.box(0, 0, WIDTH, _BAND, ACCENT)
    paper.write(MARGIN, 4.2, say_all([station.kind_word]), 20, colour="#ffffff", bold=True)
    right = gettext("工会热线 %(number)s", number="12351")
    paper.write(
        WIDTH - MARGIN - paper.width(right, 16), 5.2, right, 16, colour="#ffffff", bold=True
    )
    top = _BAND + 4
    if is_demo:
        said = gettext("演示数据，地点都不是真的")
        paper.box(0, _BAND, WIDTH, 10, "#fdf1d8")
        paper.write(MARGIN, _BAND + 1.6, said, 14, colour="#7a4f00", bold=True)
        top += 10
    size = next((pt for pt in (44, 38, 32, 28) if paper.width(station.name, pt) <= _ROOM), 24)
    return top + paper.write_all(MARGIN, top, station.name, size, _ROOM, bold=True)


def _body(station: Station) -> list[_Line]:
    """Return what stands between name and square code."""
    lines = []
    if station.notice:
        lines.append(_Line(station.notice, 30, ACCENT, bold=True, before=2))
    lines.append(_title(gettext("开放时间")))
    lines += [_Line(part, 28, bold=True) for part in station.hours.parts]
    if station.self_hours:
        said = gettext("没人值守，自助进：%(hours)s", hours=station.self_hours.text)
        lines.append(_Line(said, 18, before=1))
    if station.ways:
        lines.append(_title(gettext("怎么进")))
        lines += [_Line(say_way(way), 20) for way in station.ways]
    if station.groups:
        lines.append(_title(gettext("里面有什么")))
        lines += [
            _Line(say_titled(group.name, say_all(group.words)), 17) for group in station.groups
        ]
    return lines


def _title(text: str) -> _Line:
    return _Line(text, 14, ACCENT, bold=True, before=_GAP)


def _height(paper: Paper, lines: Sequence[_Line], scale: float) -> float:
    """Return the height of all lines in millimetres when set at a scale."""
    return sum(
        line.before * scale
        + len(paper.lines(line.text, line.pt * scale, _ROOM)) * line_mm(line.pt * scale)
        for line in lines
    )


def _foot(paper: Paper, station: Station, link: str) -> None:
    """Draw the square code, what it is for, whom to call, and how old this is."""
    top = HEIGHT - _FOOT + 4
    paper.box(0, top, WIDTH, HEIGHT - top, PALE)
    paper.square_code(MARGIN, top + 6, _CODE, make_square_code(link))
    left = MARGIN + _CODE + 8
    room, down = WIDTH - MARGIN - left, top + 6
    lines = [_Line(gettext("扫一扫，看现在开没开"), 21, bold=True)]
    lines.append(_Line(gettext("门锁着、东西坏了，也可以扫码说一声。"), 13, before=1))
    lines.append(_Line(gettext("没有手机？打工会热线 %(number)s。", number="12351"), 13, before=1))
    if station.phone:
        said = gettext("驿站电话：%(number)s", number=station.phone)
        lines.append(_Line(said, 13, before=1))
    where = station.address or station.area
    if where:
        lines.append(_Line(where, 11, SOFT, before=2))
    for line in lines:
        down += line.before
        down += paper.write_all(
            left, down, line.text, line.pt, room, colour=line.colour, bold=line.bold
        )
    paper.rule(MARGIN, HEIGHT - 11.5, WIDTH - MARGIN, colour=LINE)
    checked = gettext("%(date)s核实过", date=station.checked) if station.checked else ""
    left_words = " · ".join(word for word in (station.code, checked) if word)
    paper.write(MARGIN, HEIGHT - 10, left_words, 9, colour=SOFT)
    motto = gettext("暖驿：户外劳动者歇脚的地方")
    paper.write(WIDTH - MARGIN - paper.width(motto, 9), HEIGHT - 10, motto, 9, colour=SOFT)
