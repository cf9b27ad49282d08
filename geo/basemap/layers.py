"""What a basemap draws: its layers, from which zoom each is there, and which tags belong to them.

No boundary of any kind is read. A tile of zoom z is drawn at z + 1 (tiles of 512 px), so a layer
from 14 on is first seen at 15.
"""

from __future__ import annotations

from typing import Final, NamedTuple

MIN_ZOOM: Final = 9
MAX_ZOOM: Final = 15  # the browser enlarges beyond


class Sheet(NamedTuple):
    """A layer at some zooms; the zooms of a layer's sheets do not overlap."""

    layer: str
    first: int  # zoom
    last: int
    is_plain: bool = False  # no names, near things of a kind gathered in one: small tiles
    least_m2: float = 0.0  # smaller areas are left out


SHEETS: Final = (
    Sheet("ground", 10, 12, is_plain=True, least_m2=12000.0),
    Sheet("ground", 13, 14, is_plain=True, least_m2=1000.0),
    Sheet("ground", 15, 15, is_plain=True),
    Sheet("water", 9, 15),
    Sheet("buildings", 15, 15, is_plain=True),
    Sheet("paths", 14, 14, is_plain=True),
    Sheet("paths", 15, 15),
    Sheet("lanes", 12, 14, is_plain=True),
    Sheet("lanes", 15, 15),
    Sheet("roads", 10, 12, is_plain=True),
    Sheet("roads", 13, 15),
    Sheet("avenues", 9, 15),
    Sheet("rail", 11, 15),
    Sheet("places", 9, 15),
    Sheet("quarters", 12, 15),
    Sheet("spots", 14, 15),
    Sheet("stops", 15, 15),
)

# Tables of column -> values per kind; the first kind that holds counts. They are in the order of
# painting, or, for names, of importance.
Kinds = dict[str, dict[str, tuple[str, ...]]]

GROUND: Final[Kinds] = {
    "school": {"amenity": ("school", "university", "college", "kindergarten")},
    "hospital": {"amenity": ("hospital", "clinic")},
    "pitch": {"leisure": ("pitch", "track", "playground", "stadium", "sports_centre")},
    "park": {
        "leisure": ("park", "garden", "golf_course", "nature_reserve", "common"),
        "landuse": ("recreation_ground", "village_green", "cemetery"),
    },
    "wood": {"natural": ("wood", "scrub"), "landuse": ("forest", "orchard")},
    "grass": {
        "natural": ("grassland", "heath", "wetland"),
        "landuse": ("grass", "meadow", "farmland", "allotments", "flowerbed"),
    },
    "square": {"highway": ("pedestrian", "footway")},
    "industrial": {"landuse": ("industrial", "railway", "construction", "brownfield")},
    "residential": {"landuse": ("residential", "commercial", "retail")},
}
GROUND_ORDER: Final = (
    "residential", "industrial", "school", "hospital", "park", "grass", "wood", "pitch", "square",
)  # fmt: skip
WATER_AREAS: Final[Kinds] = {
    "area": {
        "natural": ("water",),
        "waterway": ("riverbank", "dock"),
        "landuse": ("reservoir", "basin"),
    }
}
WATER_LINES: Final[Kinds] = {
    "river": {"waterway": ("river", "canal")},
    "stream": {"waterway": ("stream", "ditch", "drain")},
}
STREETS: Final[dict[str, Kinds]] = {
    "avenues": {
        "motorway": {"highway": ("motorway", "motorway_link")},
        "trunk": {"highway": ("trunk", "trunk_link")},
        "primary": {"highway": ("primary", "primary_link")},
    },
    "roads": {
        "secondary": {"highway": ("secondary", "secondary_link")},
        "tertiary": {"highway": ("tertiary", "tertiary_link")},
    },
    "lanes": {
        "street": {"highway": ("residential", "unclassified", "living_street", "road", "busway")},
        "pedestrian": {"highway": ("pedestrian",)},
    },
    "paths": {
        "service": {"highway": ("service", "track")},
        "path": {"highway": ("footway", "path", "cycleway", "bridleway", "corridor")},
        "steps": {"highway": ("steps",)},
    },
}
RAIL: Final[Kinds] = {"rail": {"railway": ("rail", "light_rail", "subway", "tram", "monorail")}}
PLACES: Final[Kinds] = {
    "city": {"place": ("city",)},
    "town": {"place": ("town", "borough", "suburb")},
}
QUARTERS: Final[Kinds] = {
    "quarter": {"place": ("quarter", "village")},
    "station": {"railway": ("station", "halt")},
    "water": {"natural": ("water",)},
}
SPOTS: Final[Kinds] = {
    "park": {"leisure": ("park", "garden", "nature_reserve")},
    "hospital": {"amenity": ("hospital",)},
    "school": {"amenity": ("university", "college")},
    "neighbourhood": {"place": ("neighbourhood", "hamlet")},
}
STOPS: Final[Kinds] = {
    "entrance": {"railway": ("subway_entrance",)},
    "bus": {"highway": ("bus_stop",)},
    "landmark": {
        "amenity": (
            "school", "kindergarten", "clinic", "library", "marketplace", "townhall", "theatre",
            "community_centre", "bus_station", "place_of_worship", "police", "post_office",
        ),
        "shop": ("mall", "department_store", "supermarket"),
        "tourism": ("museum", "attraction", "hotel"),
    },
}  # fmt: skip
