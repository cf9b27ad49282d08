"""Named places as the finder offers them: a place of the map from which the nearest is asked for.

``?place=id`` in the address is one of them; an id that is no place any more is passed over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from flask_babel import gettext

if TYPE_CHECKING:
    from webmap.search import Place


class SaidPlace(NamedTuple):
    """A place to choose: its id, its name, and what tells it from others of the name."""

    id: str
    name: str
    kind_word: str  # "" for one whose name says it
    area: str


def place_words() -> dict[str, str]:
    """Return the words of kinds (``key=value`` of OpenStreetMap, or a key alone)."""
    stop, entrance, railway = gettext("公交站"), gettext("地铁口"), gettext("车站")
    return {
        "highway=bus_stop": stop,
        "public_transport": stop,
        "railway=subway_entrance": entrance,
        "railway": railway,
        "amenity=bus_station": railway,
    }


def say_places(places: tuple[Place, ...]) -> list[SaidPlace]:
    """Return places in words."""
    words = place_words()
    return [
        SaidPlace(
            one.id,
            one.name,
            words.get(one.kind) or words.get(one.kind.partition("=")[0], ""),
            one.area,
        )
        for one in places
    ]
