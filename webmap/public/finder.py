"""The finder: a list that needs no position and no JavaScript, and the map beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np
from flask import Response, current_app, render_template, request, url_for
from flask_babel import gettext

from geo.stations.schema import PUBLIC_NAMES
from geo.stations.status import in_use
from webmap.api.parse import read_position
from webmap.cards import Card, listed_card, ranked_cards
from webmap.finders import ask_nearest, ask_passed
from webmap.locks import locked_codes
from webmap.maps import compose
from webmap.moments import now, say_date, say_weekday
from webmap.preferences import chosen, language
from webmap.public.areas import in_area, list_areas, name_of
from webmap.public.base import blueprint, kept_page, layer, way_texts
from webmap.public.filters import (
    make_chips,
    meeting,
    read_filters,
    unverified_rows,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from webmap.layer import Layer
    from webmap.maps import MapParts
    from webmap.pages import Pages
    from webmap.public.filters import Filters
    from webmap.settings import Settings
    from webmap.stores import Stores

_LONGEST_QUERY: Final = 80  # characters of a search
_NEAREST: Final = 10
_NEAR_MIN: Final = 15.0
_STATES: Final = (  # in the order of the list; the last are not in use
    "open", "opens_soon", "unknown", "reported_locked", "closes_before_arrival", "closed", "",
)  # fmt: skip


@blueprint.get("/")
def finder() -> Response:
    """Show the list of stations, all or those asked for, and the map beside it."""
    return _page(tab="list")


@blueprint.get("/map")
def map_page() -> Response:
    """Show the same page with the map in front on a phone."""
    return _page(tab="map")


@blueprint.get("/near")
def near() -> Response:
    """Return the part of the page with the best stations from a position; kept by nobody."""
    lon, lat = read_position(request.args)
    filters = read_filters(request.args)
    at = filters.at or now()
    question = filters.question(lon, lat, at, limit=_NEAREST)
    found = ask_nearest(question)
    passed = ask_passed(question, found)
    told = [*found, passed] if passed else found
    rows, is_now = _rows_of([station.code for station in told]), filters.at is None
    cards = ranked_cards(
        told, rows, lon=lon, lat=lat, at=at, mode=filters.mode, is_now=is_now, needs=filters.needs
    )
    is_near = bool(found) and found[0].inside_min <= _NEAR_MIN
    shut = cards.pop() if passed else None
    body = render_template(
        "near.html",
        cards=cards,
        shut=shut if shut and shut.why else None,
        is_near=is_near,
        mode=filters.mode,
    )
    response = Response(body, mimetype="text/html")
    response.cache_control.no_store = True
    return response


def _page(*, tab: str) -> Response:
    """Answer with the page as it is in this minute; it holds nothing of the visitor."""
    stations, at, filters = layer(), now(), read_filters(request.args)
    asked = tuple(request.args.get(name, "") for name in ("q", "area", "page"))
    parts = compose("finder")
    locked = locked_codes(filters.at or at)
    key = (tab, *asked, filters, language(), chosen("type"), stations.key, locked, at, parts)
    pages: Pages = current_app.extensions["pages"]
    return kept_page(pages.get(key, lambda: _write(stations, at, parts, tab=tab)))


def _write(stations: Layer, present: dt.datetime, parts: MapParts, *, tab: str) -> str:
    """Write the page."""
    settings: Settings = current_app.extensions["settings"]
    filters = read_filters(request.args)
    at = filters.at or present
    query = request.args.get("q", "").strip()[:_LONGEST_QUERY]
    area = request.args.get("area", "")
    rows = in_area(stations.find(query), area)
    if query or area or filters.narrows:
        states = _states(stations, at)
        rows = meeting(rows, filters, at, states == "open")
        rows = _by_state(rows, states, unverified_rows(rows, filters, at))
    pages = max(1, -(-len(rows) // settings.page_size))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    part = rows.iloc[(page - 1) * settings.page_size : page * settings.page_size]
    return render_template(
        "finder.html",
        tab=tab,
        cards=[_card(row, filters, at) for row in _records(part)],
        found=len(rows),
        total=len(stations.rows),
        page=page,
        pages=pages,
        query=query,
        area=area,
        area_name=name_of(list_areas(stations), area),
        areas=list_areas(stations),
        filters=filters,
        chips=make_chips(filters),
        at_said=_say_at(filters.at),
        parts=parts,
        is_demo=stations.is_demo,
        texts=_texts(),
    )


def _rows_of(codes: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    """Return the public cells of some stations, by code."""
    stores: Stores = current_app.extensions["stores"]
    found = stores.shown().read_stations(codes=codes, columns=PUBLIC_NAMES)
    return {row["code"]: row for row in _records(found.drop(columns="geometry"))}


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


def _texts() -> dict[str, Any]:
    """Return what the page's script may have to say."""
    return {
        "asking": gettext("正在看你在哪里……"),
        "refused": gettext("手机没让用位置。可以选街道、打名字，或者在地图上点一下你在的地方。"),
        "unavailable": gettext(
            "没找到你的位置。可以选街道、打名字，或者在地图上点一下你在的地方。"
        ),
        "insecure": gettext(
            "这个网址不是 https 开头，手机不给位置。选街道、打名字，或者在地图上点一下你在的地方。"
        ),
        "rough": gettext("手机给的位置不准，可能差 {metres} 米。"),
        "here": gettext("从你现在的位置算"),
        "there": gettext("从你在地图上点的地方算"),
        "failed": gettext("没连上，再试一次。"),
        **way_texts(),
        "more": gettext("看这个驿站"),
        "near": url_for("public.near"),
    }
