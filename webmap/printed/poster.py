"""The sheet for a station's door, A4: as a page to print and as a PDF."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, cast

from flask import Response, abort, current_app, render_template, url_for

from geo.report.font import drawable
from geo.stations.schema import PUBLIC_NAMES
from webmap.layer import SHOWN
from webmap.moments import now
from webmap.preferences import language
from webmap.printed.base import blueprint, files, leads_nowhere, pdf_answer
from webmap.printed.poster_pdf import write_poster
from webmap.printed.said import Station, say_all, say_station, say_way
from webmap.printed.square_code import make_square_code
from webmap.public.base import kept_page

if TYPE_CHECKING:
    from webmap.stores import Stores


class Poster(NamedTuple):
    """All that a door sheet shows."""

    station: Station
    link: str  # of the station's page
    is_demo: bool
    lang: str


@blueprint.get("/s/<path:code>/poster")
def poster(code: str) -> Response:
    """Show the door sheet of a station, ready to be printed."""
    shown = _poster_of(code)
    return kept_page(
        render_template(
            "printed/poster.html",
            station=shown.station,
            link=shown.link,
            code=make_square_code(shown.link),
            is_demo=shown.is_demo,
            say_all=say_all,
            say_way=say_way,
            is_own_machine=leads_nowhere(shown.link),
            lacks_signs=drawable(shown.station.name) != shown.station.name,
        )
    )


@blueprint.get("/s/<path:code>/poster.pdf")
def poster_pdf(code: str) -> Response:
    """Return the door sheet of a station as a PDF of one page."""
    shown = _poster_of(code)
    content = files.get(
        shown,
        lambda: write_poster(
            shown.station, link=shown.link, is_demo=shown.is_demo, language=shown.lang
        ),
    )
    return pdf_answer(content, shown.station.name)


def _poster_of(code: str) -> Poster:
    """Return what is on the door sheet of a station; one that is given up has none."""
    stores: Stores = current_app.extensions["stores"]
    store = stores.shown()
    found = store.read_stations(codes=[code], columns=PUBLIC_NAMES)
    if found.empty or found.iloc[0]["status"] not in SHOWN:
        abort(404)
    row = cast("dict[str, Any]", found.iloc[0].to_dict())
    link = url_for("public.station", code=code, _external=True)
    return Poster(say_station(row, now()), link, store.is_demo, language())
