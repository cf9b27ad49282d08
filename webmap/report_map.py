"""The map of a report: Folium's map and Leaflet's files as texts that one page holds.

A report opens from disk with no network, so nothing of it has an address. Folium's script holds
numbers and our own words alone; stored text reaches the page as JSON, which the report's own
script puts in as text.
"""

from __future__ import annotations

from functools import cache

import folium
from branca.element import CssLink, Figure, JavascriptLink

from geo.report.embed import MapFrame
from webmap.maps import vendored_text

_ID = "report"  # Folium's map becomes map_report, as the report's script expects
_MIN_ZOOM, _MAX_ZOOM = 3, 19


@cache
def report_map() -> MapFrame:
    """Return the parts of an empty map; the report's own script fills it and moves it to its box.

    Raises
    ------
    UnmappedLinkError
        Folium asks for a file that is not vendored.
    """
    figure = Figure()
    figure._id = _ID  # noqa: SLF001 - Folium gives no other way to stable names
    drawn = folium.Map(
        location=(35.0, 105.0),
        zoom_start=_MIN_ZOOM,
        tiles=None,
        zoom_control=False,  # the report's own speaks the reader's language
        minZoom=_MIN_ZOOM,
        maxZoom=_MAX_ZOOM,
        attributionControl=False,  # the credit stands below the map
        scrollWheelZoom=False,  # the wheel turns the page
        zoomSnap=0.25,
        zoomAnimation=False,  # one canvas is drawn anew
        fadeAnimation=False,
    )
    drawn._id = _ID  # noqa: SLF001 - as above
    figure.add_child(drawn)
    figure.render()
    return MapFrame(
        styles=_texts(figure, CssLink),
        scripts=(*_texts(figure, JavascriptLink), figure.script.render()),
        html=f'<div class="map" id="map_{_ID}" role="region" tabindex="0"></div>',
    )


def _texts(figure: Figure, kind: type[CssLink | JavascriptLink]) -> tuple[str, ...]:
    """Return the texts of the files a rendered map asks for."""
    links = [link for link in figure.header._children.values() if isinstance(link, kind)]  # noqa: SLF001 - the only way to them
    texts = (vendored_text(str(link.url)) for link in links)
    return tuple(text for text in texts if text)
