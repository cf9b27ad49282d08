"""Puts the web application together: settings, secret, languages, headers, errors, pages."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from flask import Flask, current_app

from geo.store import open_store
from webmap.errors import add_error_pages
from webmap.headers import add_headers
from webmap.layer import LayerCache
from webmap.preferences import add_preferences
from webmap.public import blueprint as public
from webmap.secret import load_secret
from webmap.settings import Settings

if TYPE_CHECKING:
    from typing import Any

_YEAR_S: Final = 365 * 24 * 3600


def build_app(settings: Settings | None = None) -> Flask:
    """Return the application; the store is opened by the first request that needs it."""
    chosen = settings or Settings.from_env()
    app = Flask("webmap", root_path=str(Path(__file__).parent))
    app.config.update(
        SECRET_KEY=load_secret(chosen),
        SEND_FILE_MAX_AGE_DEFAULT=_YEAR_S,  # the address of a static file names its content
        MAX_CONTENT_LENGTH=16 * 1024,  # no page of this issue takes more than a short form
    )
    app.extensions["settings"] = chosen
    app.extensions["layers"] = LayerCache(lambda: open_store(chosen.database))
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.url_defaults(_name_content)
    add_preferences(app)
    add_error_pages(app)
    add_headers(app)
    app.register_blueprint(public)
    return app


def _name_content(endpoint: str, values: dict[str, Any]) -> None:
    """Add to the address of a static file a mark of its content, so that it may be kept a year."""
    if endpoint == "static" and current_app.static_folder:
        values["v"] = _content_mark(Path(current_app.static_folder, values["filename"]))


@cache
def _content_mark(path: Path) -> str:
    """Return the first ten hexadecimal digits of a file's SHA-256."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]
