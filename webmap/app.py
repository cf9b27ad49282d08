"""Puts the web application together: settings, secret, languages, headers, errors, pages."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from flask import Flask, current_app
from werkzeug.middleware.proxy_fix import ProxyFix

from webmap.account import blueprint as account
from webmap.api import blueprint as api
from webmap.chores import Chores
from webmap.cities import Cities
from webmap.compression import add_compression
from webmap.devices import Bound, DeviceKeys
from webmap.errors import add_error_pages
from webmap.finders import Finders
from webmap.headers import add_headers
from webmap.keeper import blueprint as keeper
from webmap.layer import LayerCache
from webmap.locks import Locks
from webmap.maps import blueprint as maps
from webmap.moments import read_clock
from webmap.offline import blueprint as offline
from webmap.opened import Opened
from webmap.pages import Pages
from webmap.people import blueprint as people
from webmap.planner import blueprint as planner
from webmap.preferences import add_preferences
from webmap.printed import blueprint as printed
from webmap.providers import load_providers
from webmap.public import blueprint as public
from webmap.roles import add_login
from webmap.search import Search
from webmap.secret import load_secret
from webmap.settings import Settings
from webmap.staff import blueprint as staff
from webmap.stores import Stores
from webmap.telling import BOUND_WITHIN, MOST_OF_ADDRESS
from webmap.tiles import blueprint as tiles

if TYPE_CHECKING:
    from typing import Any

_YEAR_S: Final = 365 * 24 * 3600
_LONGEST_FORM: Final = 256 * 1024  # bytes


def build_app(settings: Settings | None = None) -> Flask:
    """Return the application; the store is opened by the first request that needs it."""
    chosen = settings or Settings.from_env()
    app = Flask("webmap", root_path=str(Path(__file__).parent))
    app.config.update(
        SECRET_KEY=load_secret(chosen),
        SEND_FILE_MAX_AGE_DEFAULT=_YEAR_S,  # the address of a static file names its content
        MAX_CONTENT_LENGTH=_LONGEST_FORM,  # a view that takes files sets its own limit
        MAX_FORM_MEMORY_SIZE=_LONGEST_FORM,
    )
    stores = Stores(chosen)
    app.extensions["settings"] = chosen
    app.extensions["stores"] = stores
    app.extensions["clock"] = read_clock
    app.extensions["pages"] = Pages()
    layers, cities = LayerCache(stores.shown), Cities(chosen, stores)
    app.extensions["layers"] = layers
    app.extensions["cities"] = cities
    app.extensions["finders"] = Finders(layers, cities)
    app.extensions["search"] = Search(layers, cities, stores)
    app.extensions["locks"] = Locks(stores.shown)
    app.extensions["opened"] = Opened(stores.shown)
    app.extensions["chores"] = Chores()
    app.extensions["devices"] = DeviceKeys(chosen.instance)
    app.extensions["reports_bound"] = Bound(MOST_OF_ADDRESS, BOUND_WITHIN)
    app.extensions["wishes_bound"] = Bound(MOST_OF_ADDRESS, BOUND_WITHIN)
    if chosen.proxies:
        hops = dict.fromkeys(("x_for", "x_proto", "x_host", "x_prefix"), chosen.proxies)
        app.wsgi_app = ProxyFix(app.wsgi_app, **hops)  # type: ignore[method-assign]  # Flask's way
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.url_defaults(_name_content)
    add_preferences(app)
    add_error_pages(app)
    providers = load_providers(chosen.tiles_file, is_required=chosen.tiles is not None)
    app.extensions["providers"] = providers
    add_headers(app, [provider.host for provider in providers])
    add_login(app)
    add_compression(app)
    desks = (account, people, keeper, staff, planner)
    for blueprint in (public, printed, offline, *desks, api, maps, tiles):
        app.register_blueprint(blueprint)
    return app


def _name_content(endpoint: str, values: dict[str, Any]) -> None:
    """Add to the address of a static file a mark of its content, so that it may be kept a year."""
    if endpoint == "static" and current_app.static_folder:
        values["v"] = _content_mark(Path(current_app.static_folder, values["filename"]))


@cache
def _content_mark(path: Path) -> str:
    """Return the first ten hexadecimal digits of a file's SHA-256."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]
