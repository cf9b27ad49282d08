"""The station list, and two addresses by which an operator sees that the site lives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, cast

from flask import Blueprint, Response, current_app, jsonify, render_template, request

from geo.errors import GeoError
from webmap.errors import problem
from webmap.words import Hours, say_hours, say_word

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from webmap.layer import LayerCache
    from webmap.settings import Settings
    from webmap.stores import Stores

blueprint = Blueprint("public", __name__)

_KINDS: Final = ("rest_station", "union_hub", "service_point")  # in the order of the key
_LONGEST_QUERY: Final = 80  # characters of a search


class Entry(NamedTuple):
    """One station of the list, ready to be written."""

    name: str
    kind: str
    kind_word: str
    status: str
    status_word: str  # "" for an open one: that goes without saying
    place: str
    hours: Hours


class District(NamedTuple):
    """The stations of one district on this page."""

    name: str
    entries: list[Entry]


@blueprint.get("/")
def finder() -> Response:
    """Show the stations by district, a page at a time, all of them or those searched for."""
    settings: Settings = current_app.extensions["settings"]
    layer = _layers().current()
    query = request.args.get("q", "").strip()[:_LONGEST_QUERY]
    found = layer.find(query)
    pages = max(1, -(-len(found) // settings.page_size))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    first = (page - 1) * settings.page_size
    rows = found.iloc[first : first + settings.page_size]
    body = render_template(
        "stations.html",
        districts=_by_district(rows),
        first=first + 1,
        last=first + len(rows),
        found=len(found),
        total=len(layer.rows),
        page=page,
        pages=pages,
        query=query,
        kinds=[(kind, say_word("kind", kind)) for kind in _KINDS],
        is_demo=layer.is_demo,
    )
    response = Response(body, mimetype="text/html")
    response.cache_control.no_cache = True  # keep it, but ask whether it is still true
    response.add_etag()
    response.make_conditional(request)
    return response


@blueprint.get("/healthz")
def alive() -> Response:
    """Say that this process answers; nothing else is touched."""
    return jsonify(status="alive")


@blueprint.get("/readyz")
def ready() -> Response:
    """Say whether the store opens and its schema is the one this code knows."""
    try:
        stores: Stores = current_app.extensions["stores"]
        seq = stores.own().change_seq()
    except GeoError as error:
        return problem(503, "not_ready", str(error))
    return jsonify(status="ready", change_seq=seq)


def _layers() -> LayerCache:
    """Return this application's station layer."""
    return cast("LayerCache", current_app.extensions["layers"])


def _by_district(rows: pd.DataFrame) -> list[District]:
    """Cut rows, which are in order of district, where the district changes."""
    parts = rows.groupby("district", sort=False)
    return [District(str(name), [_entry(row) for row in _records(part)]) for name, part in parts]


def _records(rows: pd.DataFrame) -> list[dict[str, str]]:
    """Return rows as dicts of text."""
    return cast("list[dict[str, str]]", rows.to_dict(orient="records"))


def _entry(row: Mapping[str, str]) -> Entry:
    """Put one row into words."""
    status = "" if row["status"] == "open" else say_word("status", row["status"])
    return Entry(
        name=row["name"],
        kind=row["kind"],
        kind_word=say_word("kind", row["kind"]),
        status=row["status"],
        status_word=status,
        place=row["address"] or row["subdistrict"],
        hours=say_hours(row),
    )
