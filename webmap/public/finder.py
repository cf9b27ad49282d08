"""The finder: a list that needs no position and no JavaScript, and the map beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

import pandas as pd
from flask import Response, current_app, render_template, request, url_for
from flask_babel import gettext

from geo.nearest.arrival import state_now
from geo.nearest.needs import NO_PHONE, unknown_needs
from geo.stations.schema import PUBLIC_NAMES
from geo.vocab import load_vocab
from webmap.api.parse import read_position
from webmap.cards import Fact, listed_card, ranked_cards
from webmap.finders import ask_nearest
from webmap.maps import compose
from webmap.moments import now
from webmap.preferences import chosen, language
from webmap.public.areas import in_area, list_areas, name_of
from webmap.public.base import blueprint, kept_page, layer
from webmap.words import say_word

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from webmap.layer import Layer
    from webmap.maps import MapParts
    from webmap.pages import Pages
    from webmap.settings import Settings
    from webmap.stores import Stores

_LONGEST_QUERY: Final = 80  # characters of a search
_MOST_JUDGED: Final = 2000  # rows sorted by state; beyond, by name alone
_NEAREST: Final = 10
_NEAR_MIN: Final = 15.0
_CHIPS: Final = ("drinking_water", "microwave", "toilet", "phone_charging", NO_PHONE)
_STATES: Final = ("open", "opens_soon", "closes_before_arrival", "unknown", "closed", "")


class Chip(NamedTuple):
    """A filter of the list: chosen or not, and the needs of the page that its link leads to."""

    need: str
    fact: Fact
    chosen: bool
    others: str


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
    at = now()
    amenities, no_phone = _split(_needs())
    found = ask_nearest(lon, lat, at=at, limit=_NEAREST, needs=amenities, no_phone=no_phone)
    rows = _rows_of([station.code for station in found])
    cards = ranked_cards(found, rows, lon=lon, lat=lat, at=at)
    is_near = bool(found) and found[0].inside_min <= _NEAR_MIN
    body = render_template("near.html", cards=cards, is_near=is_near)
    response = Response(body, mimetype="text/html")
    response.cache_control.no_store = True
    return response


def _page(*, tab: str) -> Response:
    """Answer with the page as it is in this minute; it holds nothing of the visitor."""
    stations, at = layer(), now()
    pages: Pages = current_app.extensions["pages"]
    asked = tuple(request.args.get(name, "") for name in ("q", "area", "page"))
    parts = compose("finder")
    key = (tab, *asked, *_needs(), language(), chosen("type"), stations.key, at, parts)
    return kept_page(pages.get(key, lambda: _write(stations, at, parts, tab=tab)))


def _write(stations: Layer, at: dt.datetime, parts: MapParts, *, tab: str) -> str:
    """Write the page."""
    settings: Settings = current_app.extensions["settings"]
    needs = _needs()
    query = request.args.get("q", "").strip()[:_LONGEST_QUERY]
    area = request.args.get("area", "")
    rows = _meeting(in_area(stations.find(query), area), needs)
    if (query or area or needs) and len(rows) <= _MOST_JUDGED:
        rows = _by_state(rows, at)
    pages = max(1, -(-len(rows) // settings.page_size))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    part = rows.iloc[(page - 1) * settings.page_size : page * settings.page_size]
    return render_template(
        "finder.html",
        tab=tab,
        cards=[listed_card(row, at) for row in _records(part)],
        found=len(rows),
        total=len(stations.rows),
        page=page,
        pages=pages,
        query=query,
        area=area,
        area_name=name_of(list_areas(stations), area),
        areas=list_areas(stations),
        needs=needs,
        chips=_chips(needs),
        parts=parts,
        is_demo=stations.is_demo,
        texts=_texts(),
    )


def _rows_of(codes: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    """Return the public cells of some stations, by code."""
    stores: Stores = current_app.extensions["stores"]
    found = stores.shown().read_stations(codes=codes, columns=PUBLIC_NAMES)
    return {row["code"]: row for row in _records(found.drop(columns="geometry"))}


def _needs() -> list[str]:
    """Return the needs of the address that there are, each once."""
    words = ",".join(request.args.getlist("need")).split(",")
    known = {*load_vocab("amenity"), NO_PHONE}
    return [need for need in dict.fromkeys(words) if need in known]


def _meeting(rows: pd.DataFrame, needs: Sequence[str]) -> pd.DataFrame:
    """Return the rows that are not known to fail a need."""
    if not needs:
        return rows
    amenities, no_phone = _split(needs)
    met = [unknown_needs(row, amenities, no_phone=no_phone) is not None for row in _records(rows)]
    return rows[met]


def _split(needs: Sequence[str]) -> tuple[list[str], bool]:
    """Return the amenities of some needs, and whether no phone is among them."""
    return [need for need in needs if need != NO_PHONE], NO_PHONE in needs


def _by_state(rows: pd.DataFrame, at: dt.datetime) -> pd.DataFrame:
    """Return the rows in the order of their states: who can be entered now comes first."""
    place = {state: number for number, state in enumerate(_STATES)}
    states = [
        state_now(row["hours"], at) if row["status"] == "open" else "" for row in _records(rows)
    ]
    order = pd.Series([place[state] for state in states], index=rows.index)
    return rows.loc[order.sort_values(kind="stable").index]


def _chips(needs: Sequence[str]) -> list[Chip]:
    """Return the filters, each with the needs that remain when it is touched."""
    chips = []
    for need in dict.fromkeys([*_CHIPS, *needs]):
        others = [other for other in needs if other != need]
        chosen = need in needs
        word = gettext("不用手机") if need == NO_PHONE else say_word("amenity", need)
        left = ",".join(others if chosen else [*others, need])
        chips.append(Chip(need, Fact(need, word), chosen, left))
    return chips


def _records(rows: pd.DataFrame) -> list[Mapping[str, Any]]:
    return cast("list[Mapping[str, Any]]", rows.to_dict(orient="records"))


def _texts() -> dict[str, str]:
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
        "noway": gettext("没找到走过去的路。"),
        "way": gettext("步行 {minutes} 分钟，{metres} 米"),
        "more": gettext("看这个驿站"),
        "near": url_for("public.near"),
        "wayAddress": url_for("api.way"),
    }
