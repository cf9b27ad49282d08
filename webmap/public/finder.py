"""The finder: a list that needs no position and no JavaScript, and the map beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

import numpy as np
from flask import Response, current_app, render_template, request

from geo.search import MOST_SIGNS, read_question
from geo.stations.status import in_use
from webmap.cards import Card, listed_card
from webmap.locks import locked_codes
from webmap.maps import compose
from webmap.moments import now, say_date, say_weekday
from webmap.preferences import chosen, language
from webmap.public.areas import have_opened, in_area, list_areas, name_of
from webmap.public.base import blueprint, kept_page, layer
from webmap.public.filters import make_chips, meeting, read_filters, unverified_rows
from webmap.public.near import narrowing, near_of
from webmap.public.places import SaidPlace, say_places
from webmap.public.texts import finder_texts
from webmap.search import find, place_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from webmap.layer import Layer
    from webmap.maps import MapParts
    from webmap.pages import Pages
    from webmap.public.filters import Filters
    from webmap.settings import Settings

_STATES: Final = (  # in the order of the list; the last are not in use
    "open", "opens_soon", "unknown", "reported_locked", "closes_before_arrival", "closed", "",
)  # fmt: skip


class Listed(NamedTuple):
    """One page of a list of stations, and what it is a list of."""

    cards: list[Card]
    found: int
    unopened: int  # of these, built or planned ones of an area, which its number leaves out
    page: int
    pages: int
    query: str
    area: str
    area_name: str
    places: list[SaidPlace]  # which the query names as well
    is_guess: bool  # nothing has the words of the query: a slip was forgiven


@blueprint.get("/")
def finder() -> Response:
    """Show the list of stations, all or those asked for, and the map beside it."""
    return _page(tab="list")


@blueprint.get("/map")
def map_page() -> Response:
    """Show the same page with the map in front on a phone."""
    return _page(tab="map")


def _page(*, tab: str) -> Response:
    """Answer with the page as it is in this minute; it holds nothing of the visitor."""
    stations, at, filters = layer(), now(), read_filters(request.args)
    asked = tuple(request.args.get(name, "") for name in ("q", "area", "page", "place"))
    parts = compose("finder")
    locked = locked_codes(filters.at or at)
    key = (tab, *asked, filters, language(), chosen("type"), stations.key, locked, at, parts)
    pages: Pages = current_app.extensions["pages"]
    return kept_page(pages.get(key, lambda: _write(stations, at, parts, tab=tab)))


def _write(stations: Layer, present: dt.datetime, parts: MapParts, *, tab: str) -> str:
    """Write the page."""
    filters = read_filters(request.args)
    place = place_of(request.args.get("place", ""))
    return render_template(
        "finder.html",
        tab=tab,
        total=len(stations.rows),
        place=place,
        near=near_of(place.lon, place.lat, filters, words=request.args.get("q", ""))
        if place
        else None,
        narrowing=narrowing(),
        listed=None if place else _listed(stations, filters, filters.at or present),
        areas=list_areas(stations),
        filters=filters,
        chips=make_chips(filters),
        at_said=_say_at(filters.at),
        parts=parts,
        is_demo=stations.is_demo,
        texts=finder_texts(),
    )


def _listed(stations: Layer, filters: Filters, at: dt.datetime) -> Listed:
    """Return the stations of a list: all, or those of a search, an area, some needs.

    What was searched for by name stands in its rank, all else by state.
    """
    settings: Settings = current_app.extensions["settings"]
    query = request.args.get("q", "").strip()[:MOST_SIGNS]
    area = request.args.get("area", "")
    found = find(query, layer=stations)
    rows = in_area(stations.rows.iloc[found.rows], area)
    if query or area or filters.narrows:
        states = _states(stations, at)
        rows = meeting(rows, filters, at, states == "open")
        if read_question(query).means_all:
            rows = _by_state(rows, states, unverified_rows(rows, filters, at))
    pages = max(1, -(-len(rows) // settings.page_size))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    part = rows.iloc[(page - 1) * settings.page_size : page * settings.page_size]
    return Listed(
        cards=[_card(row, filters, at) for row in _records(part)],
        found=len(rows),
        unopened=len(rows) - int(have_opened(rows).sum()) if area and not query else 0,
        page=page,
        pages=pages,
        query=query,
        area=area,
        area_name=name_of(list_areas(stations), area),
        places=say_places(found.places),
        is_guess=found.is_guess,
    )


def _states(stations: Layer, at: dt.datetime) -> NDArray[np.object_]:
    """Return the state of each station of the layer; "" if it is not in use."""
    return np.where(in_use(stations.rows, at), stations.states(at, locked_codes(at)).words, "")


def _by_state(
    rows: pd.DataFrame, states: NDArray[np.object_], is_unverified: NDArray[np.bool_]
) -> pd.DataFrame:
    """Return the rows that meet the needs, then the others; who can be entered comes first."""
    place = {state: number for number, state in enumerate(_STATES)}
    order = np.array([place[state] for state in states[rows.index]], dtype=np.int64)
    return rows.iloc[np.argsort(order + is_unverified * len(_STATES), kind="stable")]


def _card(row: Mapping[str, Any], filters: Filters, at: dt.datetime) -> Card:
    """Return the card of a row of the list, with what of the needs nobody knows."""
    return listed_card(
        row,
        at,
        is_now=filters.at is None,
        needs=filters.needs,
        needs_unknown=filters.unverified(row, at) or (),
    )


def _say_at(at: dt.datetime | None) -> str:
    """Say the moment that is asked for; "" for the present."""
    if at is None:
        return ""
    day, weekday, clock = at.date(), say_weekday(at.date()), f"{at.hour}:{at.minute:02d}"
    is_this_year = day.year == now().year
    if language() == "zh":
        year = "" if is_this_year else f"{day.year} 年 "
        return f"{year}{say_date(day)} {weekday} {clock}"
    year = "" if is_this_year else f" {day.year}"
    return f"{weekday} {say_date(day)}{year}, {clock}"


def _records(rows: pd.DataFrame) -> list[Mapping[str, Any]]:
    return cast("list[Mapping[str, Any]]", rows.to_dict(orient="records"))
