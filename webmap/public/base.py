"""The blueprint of the public pages; each page's file adds its own addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from flask import Blueprint, Response, current_app, request, url_for
from flask_babel import gettext

from geo.nearest.question import RIDE_KMH
from geo.reach import WALK_KMH

if TYPE_CHECKING:
    from webmap.layer import Layer, LayerCache

blueprint = Blueprint("public", __name__)


def layer() -> Layer:
    """Return the stations that are shown, as they are now."""
    return cast("LayerCache", current_app.extensions["layers"]).current()


def kept_page(body: str) -> Response:
    """Return a page that a browser may keep, but asks for again: it is true for a minute."""
    response = Response(body, mimetype="text/html")
    response.cache_control.no_cache = True
    response.cache_control.private = True  # in the visitor's language, by a cookie
    response.add_etag()
    response.make_conditional(request)
    return response


def way_texts() -> dict[str, Any]:
    """Return what a page's script needs to ask for a way and to say it."""
    return {
        "wayAddress": url_for("api.way"),
        "noway": gettext("没找到走过去的路。"),
        "way": gettext("步行 {time}，{length}"),
        "ride": gettext("骑车 {time}，{length}"),
        "wayRough": gettext("步行大约 {time}"),
        "rideRough": gettext("骑车大约 {time}"),
        "minutes": gettext("%(minutes)s 分钟", minutes="{minutes}"),
        "hours": gettext("%(hours)s 小时", hours="{hours}"),
        "metres": gettext("%(metres)s 米", metres="{metres}"),
        "km": gettext("%(km)s 公里", km="{km}"),
        "kmh": {"walk": WALK_KMH, "ride": RIDE_KMH},
    }
