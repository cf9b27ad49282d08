"""What a phone needs to work without a line: the service worker, the manifest, the pack.

``/sw.js`` keeps pages, static files and tiles on the phone; ``/offline/pack`` is what the phone
answers from itself: the nearest stations, their hours as minutes, and the words to say them.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import orjson
from flask import Blueprint, Response, current_app, render_template, request, url_for
from flask_babel import gettext

from geo.nearest.pack import make_pack, nearest_in_use
from geo.nearest.question import RIDE_KMH
from geo.reach import DETOUR, WALK_KMH
from geo.stations.evidence import LOCK_LASTS
from webmap.api.parse import read_position
from webmap.api.present import json_answer
from webmap.cards import last_confirmed
from webmap.entry import say_entry
from webmap.locks import locked
from webmap.moments import now
from webmap.offline_words import offline_texts, pack_words
from webmap.opened import last_opened
from webmap.preferences import language
from webmap.public.base import kept_page, layer
from webmap.words import say_list

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from geo.nearest.pack import Pack
    from webmap.stores import Stores

blueprint = Blueprint("offline", __name__)

_STATIC: Final = Path(__file__).parent / "static"
_COLUMNS: Final = (
    "code", "name", "kind", "status", "status_until", "lon", "lat", "hours", "self_hours",
    "address", "subdistrict", "phone_public", "entry_mode", "self_entry_mode", "needs_phone",
    "needs_registration", "audience", "dignity", "amenities", "amenity_hours", "verified_on",
)  # fmt: skip
_OF_ENTRY: Final = (
    "entry_mode", "self_entry_mode", "needs_phone", "needs_registration", "dignity", "self_hours",
)  # fmt: skip
_SHELL: Final = ("layout.html", "offline.html")
_ICONS: Final = ((192, "any"), (512, "any"), (512, "maskable"))
_PAPER: Final = "#fbf7f1"  # the ground of mark.svg and of the pages
_SCRIPTS: Final = ("pack", "pack_words", "pack_parts", "pack_list")  # loaded when there is no line
_NO_PAGES: Final = "default-src 'none'; connect-src 'self'"  # a worker fetches, and loads nothing


@blueprint.get("/sw.js")
def worker() -> Response:
    """Answer with the service worker: the same for all visitors until a static file changes."""
    root = url_for("public.finder")
    site = {
        "version": _version(),
        "root": root,
        "pages": [root, url_for("offline.page")],
        "lost": url_for("offline.page"),
    }
    head = b"const SITE = " + orjson.dumps(site) + b";\n"
    body = head + (_STATIC / "js" / "sw.js").read_bytes()
    response = Response(body, mimetype="text/javascript")
    response.cache_control.no_cache = True
    response.headers["Service-Worker-Allowed"] = root
    response.headers["Content-Security-Policy"] = _NO_PAGES
    response.add_etag()
    response.make_conditional(request)
    return response


@blueprint.get("/manifest.webmanifest")
def manifest() -> Response:
    """Answer with what a phone needs to put the site among its programs, in one language."""
    root = url_for("public.finder")
    data = {
        "id": root,
        "start_url": root,
        "scope": root,
        "name": gettext("暖驿 · 找个地方歇歇脚"),
        "short_name": gettext("暖驿"),
        "description": gettext("户外劳动者歇脚的地方"),
        "lang": "zh-CN" if language() == "zh" else "en",
        "dir": "ltr",
        "display": "standalone",
        "background_color": _PAPER,
        "theme_color": _PAPER,
        "icons": [
            {
                "src": url_for("static", filename=f"icons/{purpose}-{size}.png"),
                "sizes": f"{size}x{size}",
                "type": "image/png",
                "purpose": purpose,
            }
            for size, purpose in _ICONS
        ],
    }
    return json_answer(data, mimetype="application/manifest+json", keep="no-cache")


@blueprint.get("/offline")
def page() -> Response:
    """Show what stands in the place of a page that the phone has not kept."""
    return kept_page(render_template("offline.html", is_demo=layer().is_demo))


@blueprint.get("/offline/pack")
def pack() -> Response:
    """Answer with the stations nearest to a position, for a phone to keep; kept by nobody else.

    The position may be rough, to a kilometre, and is not in the answer.
    """
    lon, lat = read_position(request.args)
    at, shown = now(), layer()
    codes = shown.rows["code"].array[nearest_in_use(shown.rows, lon, lat, at=at)].tolist()
    rows = _rows_of(codes)
    stations = [rows[code] for code in codes if code in rows]  # one may be gone by now
    made = make_pack(stations, at=at, locked=_locked(at))
    data = pack_data(made, stations, at) | {"demo": shown.is_demo, "lang": language()}
    return json_answer(data, keep="no-store")


def pack_data(made: Pack, stations: Sequence[Mapping[str, Any]], at: dt.datetime) -> dict[str, Any]:
    """Return a pack as plain data; moments are milliseconds of the epoch."""
    entries: dict[str, int] = {}
    said: dict[tuple[str, ...], str] = {}
    packed = []
    midnight = made.start.date()
    for row, one in zip(stations, made.stations, strict=True):
        cells = tuple(row[name] for name in _OF_ENTRY)
        if cells not in said:  # many are entered in the same way
            said[cells] = "；".join(say_list(way.words) for way in say_entry(row).ways)
        entry = said[cells]
        packed.append(
            {
                "code": row["code"],
                "name": row["name"],
                "kind": row["kind"],
                "lon": round(float(row["lon"]), 6),
                "lat": round(float(row["lat"]), 6),
                "address": row["address"] or row["subdistrict"],
                "phone": row["phone_public"],
                "entry": entries.setdefault(entry, len(entries)),
                "times": one.times,
                "from": one.from_min,
                "locked": one.locked_min,
                "always": one.is_always,
                "needs": one.needs,
                "seen": _seen(row, midnight, last_opened(row["code"], at)),
            }
        )
    return {
        "made": _epoch_ms(at),
        "start": _epoch_ms(made.start),
        "weekday": made.start.weekday(),
        "end": _epoch_ms(made.end),
        "kmh": {"walk": WALK_KMH, "ride": RIDE_KMH},
        "detour": DETOUR,
        "times": made.timelines,
        "entries": list(entries),
        "stations": packed,
        "words": pack_words(),
        "tell": {
            "form": url_for("public.tell", code="-"),
            "report": url_for("api.report", code="-"),
        },
    }


def _seen(
    row: Mapping[str, Any], midnight: dt.date, opened_at: dt.datetime | None
) -> tuple[int, int] | None:
    """Return how many days before the pack a station was confirmed, and whether by a worker."""
    last = last_confirmed(row["verified_on"], opened_at)
    return ((midnight - last.date).days, int(last.is_opened)) if last else None


def _locked(at: dt.datetime) -> dict[str, tuple[dt.datetime, dt.datetime]]:
    """Return when the stations reported locked were last called so, and when that runs out."""
    return {
        code: (lock.last_at, lock.last_at + LOCK_LASTS)
        for code, lock in locked(at).locks.items()
        if lock.is_locked and lock.last_at
    }


def _rows_of(codes: list[str]) -> dict[str, Mapping[str, Any]]:
    """Return cells of some stations, by code."""
    stores: Stores = current_app.extensions["stores"]
    found = stores.shown().read_stations(codes=codes, columns=_COLUMNS)
    rows = found.drop(columns="geometry").to_dict(orient="records")
    return {row["code"]: row for row in cast("list[Mapping[str, Any]]", rows)}


def _epoch_ms(moment: dt.datetime) -> int:
    return round(moment.timestamp() * 1000)


@blueprint.app_context_processor
def _for_templates() -> dict[str, Any]:
    """Give the layout what its script needs before anything of the pack is there."""
    return {"offline_scripts": _scripts, "offline_texts": offline_texts}


def _scripts() -> list[str]:
    return [url_for("static", filename=f"js/{name}.js") for name in _SCRIPTS]


@cache
def _version() -> str:
    """Return a mark of what phones keep of the site: another one makes them fetch it anew."""
    files = [path for path in _STATIC.rglob("*") if path.is_file()]
    digest = hashlib.sha256()
    for path in sorted([*files, *(_STATIC.parent / "templates" / name for name in _SHELL)]):
        digest.update(path.relative_to(_STATIC.parent).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]
