"""Where a station is, while its form is filled in: pasted positions read, and what lies around.

Positions come in the body of a request, never in its address.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, cast

from flask import current_app, jsonify, request

from geo.area_index import AreaIndex
from geo.coords import MAX_LAT, MAX_LON
from geo.network import nearest_street
from webmap.forms.pasted import tell_pasted
from webmap.roles import needs_role
from webmap.staff.base import blueprint
from webmap.staff.desk import open_desk

if TYPE_CHECKING:
    from flask import Response

    from webmap.cities import Cities
    from webmap.search import Search
    from webmap.staff.desk import Desk

STREET_M: Final = 80.0  # a door farther from a street's middle has another address
BESIDE_M: Final = 60.0  # farther away nothing is "beside"
_LEVELS: Final = ("district", "subdistrict")


class Around(NamedTuple):
    """What is known of a position."""

    district: str
    subdistrict: str
    address: str  # offered, as no house number is known; "" where nothing is near


@blueprint.post("/position")
@needs_role("editor")
def read_position() -> Response:
    """Say what a pasted position is, converted; nothing is saved."""
    placed = tell_pasted(request.form.get("text", ""), request.form.get("datum", ""))
    return jsonify(placed._asdict() | {"mark": placed.mark})


@blueprint.post("/around")
@needs_role("editor")
def around() -> Response:
    """Say in which area a position lies, and what its address may begin with."""
    lon, lat = (request.form.get(name, type=float) for name in ("lon", "lat"))
    if lon is None or lat is None or not abs(lon) <= MAX_LON or not abs(lat) <= MAX_LAT:
        return jsonify(Around("", "", "")._asdict())
    return jsonify(look_around(open_desk(), lon, lat)._asdict())


def look_around(desk: Desk, lon: float, lat: float) -> Around:
    """Return what a desk's store and cities know of a position (degrees, WGS-84)."""
    areas = desk.store.read_areas()
    names = []
    for level in _LEVELS:
        those = areas[areas["level"] == level]
        row = int(AreaIndex(those).find([lon], [lat])[0]) if len(those) else -1
        names.append(str(those["name"].iloc[row]) if row >= 0 else "")
    district, subdistrict = names
    return Around(district, subdistrict, _address(desk, lon, lat))


def _address(desk: Desk, lon: float, lat: float) -> str:
    """Return the words of the nearest street and of what stands beside, as addresses use them."""
    cities = cast("Cities", current_app.extensions["cities"])
    inside = [city for city in cities.of(is_demo=desk.is_demo) if city.contains(lon, lat)]
    if not inside:
        return ""
    city = min(inside, key=lambda one: (one.east - one.west) * (one.north - one.south))
    near = nearest_street(cities.network(city), lon, lat, within_m=STREET_M)
    street = near.street.name if near else ""
    beside = _beside(lon, lat)
    if not beside or beside == street:
        return street
    return f"{street}（{beside}旁）" if street else f"{beside}旁"  # a stored text: Chinese


def _beside(lon: float, lat: float) -> str:
    """Return the name of what stands beside a position, "" where nothing does."""
    search = cast("Search", current_app.extensions["search"])
    return search.places.beside(lon, lat, within_m=BESIDE_M)
