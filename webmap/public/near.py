"""The best stations from a position: the heart of the finder, as data and as a part of its page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

import numpy as np
from flask import Response, current_app, render_template, request

from geo.coords import geocentric_m, geodesic_m
from geo.search import MOST_SIGNS, read_question
from geo.stations.schema import PUBLIC_NAMES
from webmap.api.parse import BadParameterError, read_flag, read_position
from webmap.cards import ranked_cards
from webmap.distances import say_km
from webmap.finders import ask_among, ask_nearest, ask_passed
from webmap.moments import now
from webmap.public.base import blueprint, layer
from webmap.public.filters import read_filters
from webmap.public.places import SaidPlace, say_places
from webmap.search import area_at, find

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geo.nearest import NearestStation
    from geo.nearest.question import Question
    from webmap.api.parse import Query
    from webmap.cards import Card
    from webmap.layer import Layer
    from webmap.public.filters import Filters
    from webmap.stores import Stores

FAR_M: Final = 50_000.0  # from there on no station is near: another city, or a wrong position
_NEAREST: Final = 10
_LOOKED_AT: Final = 40  # stations that have the words, the best of which are shown
_NEAR_MIN: Final = 15.0


class Near(NamedTuple):
    """What is found from a position."""

    cards: tuple[Card, ...] = ()  # in their rank; none if all are far
    shut: Card | None = None  # a nearer one that is shut, and why
    is_near: bool = False  # one can be entered within 15 minutes
    area: str = ""  # the subdistrict of the position; "" where none is known
    far: str = ""  # how far the nearest station is, in words; "" unless all are far
    far_district: str = ""  # where that one is
    words: str = ""  # what the stations were searched for by; "" for all
    found: int = 0  # stations that have these words
    is_guess: bool = False  # none has them: a slip was forgiven
    places: tuple[SaidPlace, ...] = ()  # of the map, which the words name as well


@blueprint.get("/near")
def near() -> Response:
    """Return the part of the page with the best stations from a position; kept by nobody."""
    lon, lat = read_position(request.args)
    filters = read_filters(request.args)
    found = near_of(
        lon, lat, filters, words=request.args.get("q", ""), is_rough=_is_rough(request.args)
    )
    body = render_template("near.html", near=found, filters=filters, narrowing=narrowing())
    response = Response(body, mimetype="text/html")
    response.cache_control.no_store = True
    return response


def narrowing() -> dict[str, list[str]]:
    """Return what of the address narrows the answer; no position, no words."""
    kept = ("need", "no_phone", "open", "always", "kind", "mode", "at")
    return {name: request.args.getlist(name) for name in kept if name in request.args}


def _is_rough(query: Query) -> bool:
    try:
        return read_flag(query, "rough")
    except BadParameterError:
        return False


def near_of(
    lon: float, lat: float, filters: Filters, *, words: str = "", is_rough: bool = False
) -> Near:
    """Return the best stations from a position.

    Parameters
    ----------
    lon, lat : float
        Degrees, WGS-84.
    filters : Filters
        What else is asked for.
    words : str
        Only stations that these words find; a word for any station asks for all.
    is_rough : bool
        The position may be wrong by far more than a door: no metres, no direction.
    """
    words = words.strip()[:MOST_SIGNS]
    if not read_question(words).means_all:
        return _matching(lon, lat, filters, words, is_rough=is_rough)
    at = filters.at or now()
    question = filters.question(lon, lat, at, limit=_NEAREST)
    found = ask_nearest(question)
    if not found or found[0].straight_m > FAR_M:
        far = _far_from(layer(), lon, lat)
        if far or not found:
            return far or Near(area=area_at(lon, lat))
    passed = ask_passed(question, found)
    told = [*found, passed] if passed else found
    cards = _cards(told, question, filters, is_rough=is_rough)
    shut = cards.pop() if passed else None
    return Near(
        cards=tuple(cards),
        shut=shut if shut and shut.why else None,
        is_near=found[0].inside_min <= _NEAR_MIN,
        area=area_at(lon, lat),
    )


def _matching(lon: float, lat: float, filters: Filters, words: str, *, is_rough: bool) -> Near:
    """Return the best of the stations that words find; one of just this name comes first."""
    stations = layer()
    found = find(words, near=(lon, lat), layer=stations)
    rows = stations.rows.iloc[found.rows]
    question = filters.question(lon, lat, filters.at or now(), limit=_NEAREST)
    codes = rows["code"].head(_LOOKED_AT).tolist()
    told = sorted(ask_among(question, codes), key=lambda station: station.name != words)
    return Near(
        cards=tuple(_cards(told, question, filters, is_rough=is_rough)),
        area=area_at(lon, lat),
        words=words,
        found=len(rows),
        is_guess=found.is_guess,
        places=tuple(say_places(found.places)),
    )


def _cards(
    told: Sequence[NearestStation], question: Question, filters: Filters, *, is_rough: bool
) -> list[Card]:
    return ranked_cards(
        told,
        _rows_of([station.code for station in told]),
        lon=question.lon,
        lat=question.lat,
        at=question.at,
        mode=filters.mode,
        is_now=filters.at is None,
        needs=filters.needs,
        is_rough=is_rough,
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
