"""A way in a few plain lines: 往东走 200 米, 左转，沿东四大街走 300 米, 到了，在右手边."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from flask_babel import gettext

from geo.nearest import WALK_KMH, tell_way
from geo.nearest.question import RIDE_KMH
from webmap.distances import say_direction, say_metres, say_minutes
from webmap.preferences import language

if TYPE_CHECKING:
    from collections.abc import Callable

    from geo.nearest import Directions, Way
    from geo.nearest.directions import Leg
    from geo.nearest.question import Mode
    from geo.network.names import Street

ARRIVED: Final = "arrive"  # the turn of the last line
_JOINT: Final = "\u00a0"  # no line ends between a number and its unit


class Line(NamedTuple):
    """One line of a way; the street's name is the owner's word where it is not the visitor's."""

    turn: str  # of geo.nearest.directions, or ARRIVED
    text: str
    street: str  # as it stands in the text; "" = none is named
    is_local: bool  # the street's name is Chinese in a page that is not


def say_lines(way: Way) -> tuple[Line, ...]:
    """Return a way in the visitor's language; the last line is that one has arrived."""
    told = tell_way(way)
    if way.off_network:
        return _straight(told), Line(ARRIVED, gettext("到了"), "", is_local=False)
    lines = [_line(leg, metres) for leg, metres in zip(told.legs, _told_m(told), strict=True)]
    return *lines, Line(ARRIVED, _say_arrival(told), "", is_local=False)


def say_length(metres: float, mode: Mode) -> str:
    """Say minutes and metres of a way on foot or by bike, as the page's script does."""
    kmh = RIDE_KMH if mode == "ride" else WALK_KMH
    time = say_minutes(metres * 60 / (kmh * 1000))
    said = gettext("骑车 {time}，{length}") if mode == "ride" else gettext("步行 {time}，{length}")
    return said.format(time=time, length=say_metres(metres))


def lines_data(lines: tuple[Line, ...]) -> list[dict[str, Any]]:
    """Return lines as plain data for JSON."""
    return [line._asdict() for line in lines]


def _told_m(told: Directions) -> list[float]:
    """Return what is said of each leg, such that the sums are those of the way, to the ten."""
    said, metres, told_m = [], 0.0, 0
    for leg in told.legs:
        metres += leg.metres
        so_far = max(told_m + 10, round(metres / 10) * 10)
        said.append(float(so_far - told_m))
        told_m = so_far
    return said


def _line(leg: Leg, metres: float) -> Line:
    street, is_local = _say_street(leg.street)
    said = say_metres(metres).replace(" ", _JOINT)
    if leg.turn == "start":
        direction = say_direction(leg.heading_deg)
        parts = {"direction": direction, "metres": said}
        if street:
            text = gettext("沿%(street)s往%(direction)s走 %(metres)s", street=street, **parts)
        else:
            text = gettext("往%(direction)s走 %(metres)s", **parts)
    elif street:
        text = _ALONG[leg.turn](street, said)
    else:
        text = _ON[leg.turn](said)
    return Line(leg.turn, text, street, is_local)


def _straight(told: Directions) -> Line:
    """Say the way where there is no network: the direction alone is sure."""
    (leg,) = told.legs
    text = gettext(
        "地图上没有这一段路，朝%(direction)s走，大约 %(metres)s",
        direction=say_direction(leg.heading_deg),
        metres=say_metres(leg.metres).replace(" ", _JOINT),
    )
    return Line(leg.turn, text, "", is_local=False)


def _say_arrival(told: Directions) -> str:
    said = {
        "left": gettext("到了，在左手边"),
        "right": gettext("到了，在右手边"),
        "ahead": gettext("到了，就在前面"),
    }
    return said.get(told.side, gettext("到了"))


def _say_street(street: Street) -> tuple[str, bool]:
    """Return the name in the visitor's language if there is one, and whether there is none."""
    if language() == "zh" or not street.name:
        return street.name, False
    return (street.name_en, False) if street.name_en else (street.name, True)


_ON: Final[dict[str, Callable[[str], str]]] = {
    "straight": lambda metres: gettext("一直走 %(metres)s", metres=metres),
    "slight_left": lambda metres: gettext("往左前方走 %(metres)s", metres=metres),
    "left": lambda metres: gettext("左转，走 %(metres)s", metres=metres),
    "sharp_left": lambda metres: gettext("往左后方拐，走 %(metres)s", metres=metres),
    "slight_right": lambda metres: gettext("往右前方走 %(metres)s", metres=metres),
    "right": lambda metres: gettext("右转，走 %(metres)s", metres=metres),
    "sharp_right": lambda metres: gettext("往右后方拐，走 %(metres)s", metres=metres),
    "back": lambda metres: gettext("掉头，走 %(metres)s", metres=metres),
}
_ALONG: Final[dict[str, Callable[[str, str], str]]] = {
    "straight": lambda street, metres: gettext(
        "一直走，沿%(street)s走 %(metres)s", street=street, metres=metres
    ),
    "slight_left": lambda street, metres: gettext(
        "往左前方，沿%(street)s走 %(metres)s", street=street, metres=metres
    ),
    "left": lambda street, metres: gettext(
        "左转，沿%(street)s走 %(metres)s", street=street, metres=metres
    ),
    "sharp_left": lambda street, metres: gettext(
        "往左后方拐，沿%(street)s走 %(metres)s", street=street, metres=metres
    ),
    "slight_right": lambda street, metres: gettext(
        "往右前方，沿%(street)s走 %(metres)s", street=street, metres=metres
    ),
    "right": lambda street, metres: gettext(
        "右转，沿%(street)s走 %(metres)s", street=street, metres=metres
    ),
    "sharp_right": lambda street, metres: gettext(
        "往右后方拐，沿%(street)s走 %(metres)s", street=street, metres=metres
    ),
    "back": lambda street, metres: gettext(
        "掉头，沿%(street)s走 %(metres)s", street=street, metres=metres
    ),
}
