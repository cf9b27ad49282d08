"""From where a way is told when no phone says it: a place of the map that the visitor names.

``?from=words`` offers places of that name, ``?place=id`` is one of them. No script is needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from webmap.directions import Line, say_length, say_lines
from webmap.finders import ask_way
from webmap.public.places import SaidPlace, say_places
from webmap.search import find, place_of

if TYPE_CHECKING:
    from geo.nearest.question import Mode
    from webmap.api.parse import Query
    from webmap.search import Place

    Position = tuple[float, float]

_LONGEST_WORDS: Final = 80
_MOST_PLACES: Final = 8


class Start(NamedTuple):
    """What was asked for: the words, places of the name, the one chosen, and the way from it."""

    words: str
    found: list[SaidPlace]
    place: Place | None
    length: str  # in words; "" without a way
    metres: float
    lines: tuple[Line, ...]
    line: tuple[Position, ...]  # lon, lat in degrees, WGS-84


def read_start(query: Query, to_lon: float, to_lat: float, mode: Mode) -> Start:
    """Return where a way to a station (degrees, WGS-84) starts, and the way; unknown ids are none.

    Places of the name stand by their rank, equals by their distance to the station.
    """
    words = query.get("from", "").strip()[:_LONGEST_WORDS]
    found = find(words, limit=1, near=(to_lon, to_lat)).places if words else ()
    said = say_places(found[:_MOST_PLACES])
    place = place_of(query.get("place", ""))
    way = ask_way(place.lon, place.lat, to_lon, to_lat) if place else None
    if way is None:
        return Start(words, said, place, "", 0.0, (), ())
    length = say_length(way.metres, mode)
    return Start(words, said, place, length, way.metres, say_lines(way), way.coordinates)
