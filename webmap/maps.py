"""The only Folium: composes maps of layers, and hands over their parts for our own pages.

Of Folium's page its links and its script are used. A link must be a static file of ours
(``static:js/grid.js``) or known to the manifest of vendored files; any other is an error, so no
page ever asks another host. The script has an address of its own, as the policy allows no inline
script, and holds numbers, addresses and our own words through ``tojson`` alone: no stored text,
which Folium would run as code. Latitude goes before longitude here and nowhere else.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

import folium
import numpy as np
from branca.element import CssLink, Figure, JavascriptLink
from flask import Blueprint, Response, abort, current_app, request, url_for
from folium.elements import JSCSSMixin
from folium.map import Layer
from folium.template import Template
from markupsafe import Markup

from webmap.legend import say_map
from webmap.preferences import language

if TYPE_CHECKING:
    from collections.abc import Iterator

    from webmap.cities import Cities
    from webmap.layer import Layer as StationLayer
    from webmap.layer import LayerCache
    from webmap.providers import Provider

    Box = tuple[float, float, float, float]  # west, south, east, north, degrees

blueprint = Blueprint("maps", __name__)

KINDS: Final = ("finder", "station", "picker", "plan", "check", "beats")
_ID: Final = "main"  # Folium's map becomes map_main, also in our scripts and styles
_STATIC: Final = Path(__file__).parent / "static"
_OWN: Final = "static:"  # before the name of a static file of ours
_CHINA: Final[Box] = (97.0, 21.0, 123.0, 44.0)  # shown where there is nothing to show
_MIN_ZOOM, _MAX_ZOOM = 3, 19
_NEAR_ZOOM: Final = 15  # from which stations stand beside lines; before, clusters cover these
_MOST: Final = (0.005, 0.995)  # of the stations: a few are always put on the wrong side of the sea
_KEPT: Final = 32  # composed maps: kinds x languages x what changed lately
_YEAR_S: Final = 365 * 24 * 3600
_PROTOMAPS: Final = "https://cdn.jsdelivr.net/npm/protomaps-leaflet@5.1.0/dist/protomaps-leaflet.js"


_boxes: WeakKeyDictionary[StationLayer, Box] = WeakKeyDictionary()


class UnmappedLinkError(RuntimeError):
    """A map asks for a file that is not vendored; ``scripts/vendor.json`` lists those that are."""


@dataclass(frozen=True, slots=True)
class MapParts:
    """What a page needs to show a map: addresses in the order of loading, and one element."""

    styles: tuple[str, ...]
    scripts: tuple[str, ...]  # the map's own is the last
    html: Markup
    tiles: str  # address of our own tiles, with holes for z, x and y; "" where there are none


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a composed map depends on; equal facts, equal map."""

    kind: str
    lang: str
    root: str  # path under which the site lies, "" at the top
    box: Box  # shown first
    basemap: str  # mark of the basemaps; "" where there is none
    is_demo: bool
    providers: tuple[Provider, ...]


class Piece(JSCSSMixin, Layer):
    """A layer made by static scripts of ours, the last of which has ``nuanyi.<maker>(settings)``.

    Lists of files are those of the piece, not of its class: Folium's own are shared by all maps.
    """

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            var {{ this.get_name() }} = nuanyi.{{ this.maker }}({{ this.settings|tojson }});
        {% endmacro %}
        """
    )

    def __init__(
        self, maker: str, *scripts: str, library: str = "", style: str = "", **settings: object
    ) -> None:
        super().__init__(name=maker, control=False)
        self._name, self._id = maker, _ID
        self.maker, self.settings = maker, settings
        self.default_js = [(library, library)] if library else []
        self.default_js += [(name, f"{_OWN}js/{name}.js") for name in scripts]
        self.default_css = [(style, f"{_OWN}{style}")] if style else []


def compose(kind: str) -> MapParts:
    """Return the parts of a map for the page of this request.

    Parameters
    ----------
    kind : {"finder", "station", "picker", "plan", "check", "beats"}
        The stations of the view; one station and the way to it; a form's map with a pin; covered
        and uncovered stretches; positions of an upload; planned lines, to look at and to draw.

    Returns
    -------
    MapParts
        For the macros of ``map.html``.

    Raises
    ------
    UnmappedLinkError
        Folium asks for a file that is not vendored.
    """
    facts = _facts(kind)
    figure, script = _composed(facts)
    own = f"{facts.root}/maps/{kind}.js?v={_mark(script)}"
    return MapParts(
        styles=_links(figure, CssLink),
        scripts=(*_links(figure, JavascriptLink), own),
        tiles=_tiles(facts),
        html=Markup('<div class="map" id="map_{}" role="region" aria-label="{}"></div>').format(
            _ID, say_map()["map"]
        ),
    )


@blueprint.get("/maps/<kind>.js")
def script(kind: str) -> Response:
    """Answer with the script that makes a map, kept for long under the address that names it."""
    if kind not in KINDS:
        abort(404)
    text = _composed(_facts(kind))[1]
    response = Response(text, mimetype="text/javascript")
    response.add_etag()
    if request.args.get("v") == _mark(text):
        response.cache_control.max_age = _YEAR_S
        response.cache_control.private = True  # it speaks the language of a cookie
    else:
        response.cache_control.no_cache = True
    response.make_conditional(request)
    return response


def _facts(kind: str) -> Facts:
    cities: Cities = current_app.extensions["cities"]
    layers: LayerCache = current_app.extensions["layers"]
    layer = layers.current()
    return Facts(
        kind=kind,
        lang=language(),
        root=request.script_root,
        box=_station_box(layer) or cities.bounds() or _CHINA,
        basemap=cities.version if cities.basemaps() else "",
        is_demo=layer.is_demo,
        providers=current_app.extensions.get("providers", ()),
    )


def _station_box(layer: StationLayer) -> Box | None:
    """Return the box around all stations but the outermost; None without any."""
    if layer not in _boxes and len(layer.rows):
        (west, east), (south, north) = (
            np.quantile(axis, _MOST).round(5).tolist() for axis in (layer.lon, layer.lat)
        )
        _boxes[layer] = (west, south, east, north)
    return _boxes.get(layer)


@lru_cache(_KEPT)
def _composed(facts: Facts) -> tuple[Figure, str]:
    """Return a rendered map and its script, in the language of the present request."""
    figure = Figure()
    figure._id = _ID  # noqa: SLF001 - Folium gives no other way to stable names
    west, south, east, north = facts.box
    drawn = folium.Map(
        location=((south + north) / 2, (west + east) / 2),
        zoom_start=_MIN_ZOOM,
        tiles=None,
        zoom_control=False,
        minZoom=_MIN_ZOOM,  # min_zoom would be that of Folium's own tiles
        maxZoom=_MAX_ZOOM,
        attributionControl=False,  # ours writes text, not HTML
        scrollWheelZoom=facts.kind == "finder",  # elsewhere the wheel turns the page
    )
    drawn._id = _ID  # noqa: SLF001 - as above
    figure.add_child(drawn)
    for piece in _pieces(facts):
        drawn.add_child(piece)
    figure.render()
    return figure, figure.script.render()


def _pieces(facts: Facts) -> list[Piece]:
    """Return the layers of a map, in the order of adding."""
    own = {  # quiet: a touch is not for the stations; faint: something else is to be looked at
        "finder": [Piece("grid", "grid", quiet=False, faint=False)],
        "station": [],
        "picker": [Piece("grid", "grid", quiet=True, faint=True), Piece("pin", "picker")],
        "plan": [
            Piece("grid", "grid", quiet=False, faint=True, from_zoom=_NEAR_ZOOM),
            Piece("lines", "stretches"),
        ],
        "check": [Piece("positions", "check")],
        "beats": [
            Piece("grid", "grid", quiet=True, faint=True, from_zoom=_NEAR_ZOOM),
            Piece("beats", "beats"),
        ],
    }
    return [*_grounds(facts), *own[facts.kind]]


def _grounds(facts: Facts) -> Iterator[Piece]:
    """Make the map's frame and what is drawn as its ground.

    Yields
    ------
    Piece
        The frame first: it shows the right place before anything is fetched.
    """
    west, south, east, north = facts.box
    box = [[south, west], [north, east]]
    scripts = ("load", "map", "box")
    yield Piece("view", *scripts, style="map.css", box=box, words=say_map(), root=facts.root)
    if any(provider.datum == "gcj02" for provider in facts.providers):
        yield Piece("datum", "datum")
    if facts.basemap:
        credit, url = _credit(facts), _tiles(facts)
        yield Piece(
            "basemap", "basemap", library=_PROTOMAPS, url=url, lang=facts.lang, credit=credit
        )
    if facts.providers:
        choices = [provider.for_browser() for provider in facts.providers]
        yield Piece("grounds", "grounds", providers=choices)


def _tiles(facts: Facts) -> str:
    """Return the address of the basemap's tiles, with holes for z, x and y; "" without one."""
    return f"{facts.root}/base/{{z}}/{{x}}/{{y}}.mvt?v={facts.basemap}" if facts.basemap else ""


def _credit(facts: Facts) -> dict[str, str]:
    """Return whose map data it is: OpenStreetMap's, but not where the demo's city is made up."""
    if facts.is_demo:
        return {"text": say_map()["demo"], "href": ""}
    return {
        "text": "© OpenStreetMap contributors",
        "href": "https://www.openstreetmap.org/copyright",
    }


def _links(figure: Figure, kind: type[JavascriptLink | CssLink]) -> tuple[str, ...]:
    """Return the addresses, here, of the files a rendered map asks for."""
    links = [link for link in figure.header._children.values() if isinstance(link, kind)]  # noqa: SLF001 - the only way to them
    found = [_static_file(str(link.url)) for link in links]
    return tuple(url_for("static", filename=name) for name in found if name)


def _static_file(address: str) -> str:
    """Return the static file for an address of Folium's; "" for one that is not needed.

    Raises
    ------
    UnmappedLinkError
        The address is not known.
    """
    if address.startswith(_OWN):
        return address.removeprefix(_OWN)
    known, unused = _manifest()
    if address not in known and address not in unused:
        msg = f"{address} is not vendored; add it to scripts/vendor.json and run scripts/vendor.py"
        raise UnmappedLinkError(msg)
    return known.get(address, "")


def vendored_text(address: str) -> str:
    """Return the text of the static file for an address of Folium's; "" for one that is not needed.

    Raises
    ------
    UnmappedLinkError
        The address is not known.
    """
    name = _static_file(address)
    return (_STATIC / name).read_text("utf-8") if name else ""


@cache
def _manifest() -> tuple[dict[str, str], frozenset[str]]:
    """Return the vendored file of each address, and the addresses that are not needed."""
    manifest: dict[str, Any] = json.loads((_STATIC / "vendor" / "manifest.json").read_text("utf-8"))
    files = {entry["address"]: f"vendor/{entry['file']}" for entry in manifest["files"]}
    return files, frozenset(manifest["unused"])


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:10]
