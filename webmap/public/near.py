"""The best stations from a position: the heart of the finder, as data and as a part of its page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

import numpy as np
from flask import Response, current_app, render_template, request

from geo.coords import geocentric_m, geodesic_m
from geo.stations.schema import PUBLIC_NAMES
from webmap.api.parse import read_position
from webmap.cards import ranked_cards
from webmap.distances import say_km
from webmap.finders import ask_nearest, ask_passed
from webmap.moments import now
from webmap.public.base import blueprint, layer
from webmap.public.filters import read_filters
from webmap.search import area_at

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from webmap.cards import Card
    from webmap.layer import Layer
    from webmap.public.filters import Filters
    from webmap.stores import Stores

FAR_M: Final = 50_000.0  # from there on no station is near: another city, or a wrong position
_NEAREST: Final = 10
_NEAR_MIN: Final = 15.0


class Near(NamedTuple):
    """What is found from a position."""

    cards: tuple[Card, ...] = ()  # in their rank; none if all are far
    shut: Card | None = None  # a nearer one that is shut, and why
    is_near: bool = False  # one can be entered within 15 minutes
    area: str = ""  # the subdistrict of the position; "" where none is known
    far: str = ""  # how far the nearest station is, in words; "" unless all are far
    far_district: str = ""  # where that one is


@blueprint.get("/near")
def near() -> Response:
    """Return the part of the page with the best stations from a position; kept by nobody."""
    lon, lat = read_position(request.args)
    filters = read_filters(request.args)
    body = render_template("near.html", near=near_of(lon, lat, filters), filters=filters)
    response = Response(body, mimetype="text/html")
    response.cache_control.no_store = True
    return response


def near_of(lon: float, lat: float, filters: Filters) -> Near:
    """Return the best stations from a position, degrees, WGS-84."""
    at = filters.at or now()
    question = filters.question(lon, lat, at, limit=_NEAREST)
    found = ask_nearest(question)
    if not found or found[0].straight_m > FAR_M:
        far = _far_from(layer(), lon, lat)
        if far or not found:
            return far or Near(area=area_at(lon, lat))
    passed = ask_passed(question, found)
    told = [*found, passed] if passed else found
    cards = ranked_cards(
        told,
        _rows_of([station.code for station in told]),
        lon=lon,
        lat=lat,
        at=at,
        mode=filters.mode,
        is_now=filters.at is None,
        needs=filters.needs,
    )
    shut = cards.pop() if passed else None
    return Near(
        cards=tuple(cards),
        shut=shut if shut and shut.why else None,
        is_near=found[0].inside_min <= _NEAR_MIN,
        area=area_at(lon, lat),
    )


def _far_from(stations: Layer, lon: float, lat: float) -> Near | None:
    """Return what is said of a position that is far from every station; None of all others."""
    if stations.rows.empty:
        return None
    here = geocentric_m(np.array([lon]), np.array([lat]))
    row = int(np.square(geocentric_m(stations.lon, stations.lat) - here).sum(axis=1).argmin())
    metres = float(geodesic_m(stations.lon[row], stations.lat[row], lon, lat))
    if metres <= FAR_M:
        return None
    district = str(stations.rows["district"].array[row])
    return Near(far=say_km(metres), far_district=district)


def _rows_of(codes: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    """Return the public cells of some stations, by code."""
    stores: Stores = current_app.extensions["stores"]
    found = stores.shown().read_stations(codes=codes, columns=PUBLIC_NAMES)
    rows = found.drop(columns="geometry").to_dict(orient="records")
    return {row["code"]: row for row in cast("list[Mapping[str, Any]]", rows)}
