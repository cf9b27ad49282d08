"""The finders of this process: one per city asked for, and one for everywhere else.

A finder is made at the first question of its city. When the stations change, it is made anew. Where
that is not quick, a thread of its own does it, while the earlier one goes on answering; the first
question of a large city gets one that is made soon, but answers slowly.
"""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from flask import current_app

from geo.nearest.finder import Finder
from geo.nearest.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.nearest import NearestStation, Way
    from geo.nearest.question import Question
    from geo.network import Network
    from webmap.cities import Cities
    from webmap.layer import Layer, LayerCache

logger = logging.getLogger(__name__)

QUICK_S: Final = 2.0  # a question may wait so long for stations that have just changed
LARGE: Final = 50_000  # nodes of a network, for which a finder is surely not made so soon
THREAD: Final = "nuanyi-finder"
MOST_KEPT: Final = 8  # cities; a large one takes up to 200 MB


class _Kept(NamedTuple):
    layer: Layer | None  # None: to be made better
    network: Network | None
    finder: Finder
    made_in_s: float


class Finders:
    """Returns the finder of a position; safe between threads."""

    def __init__(self, layers: LayerCache, cities: Cities) -> None:
        self._layers, self._cities = layers, cities
        self._kept: dict[str, _Kept] = {}  # by city, the longest unchanged first
        self._locks: dict[str, threading.Lock] = {}
        self._first_lock = threading.Lock()
        self._table: tuple[Layer, Table] | None = None

    def at(self, lon: float, lat: float) -> Finder:
        """Return the finder of the city around a position; one without a network elsewhere.

        Stations that have just changed may be missing for the seconds a large city takes.
        """
        layer = self._layers.current()
        city = self._cities.city_at(lon, lat)
        key = city.code if city else ""
        network = self._cities.network(city) if city else None
        kept = self._kept.get(key)
        if kept is not None and kept.layer is layer and kept.network is network:
            return kept.finder
        if kept is not None and kept.network is network and kept.made_in_s >= QUICK_S:
            self._renew_beside(key, layer, network)
            return kept.finder
        if network is None or len(network.lon) < LARGE:
            return self._renewed(key, layer, network)
        finder = self._first(key, layer, network)
        self._renew_beside(key, layer, network)
        return finder

    def _first(self, key: str, layer: Layer, network: Network) -> Finder:
        """Return a finder that is made soon and answers slowly, unless a thread just made one."""
        with self._first_lock:
            kept = self._kept.get(key)
            if kept is None or kept.network is not network:
                finder = Finder(self._table_of(layer), network, is_listed=False)
                kept = self._kept[key] = _Kept(None, network, finder, QUICK_S)
            return kept.finder

    def _renewed(self, key: str, layer: Layer, network: Network | None) -> Finder:
        """Return a finder of this layer, made now unless another thread just did."""
        with self._locks.setdefault(key, threading.Lock()):
            kept = self._kept.get(key)
            if kept is None or kept.layer is not layer or kept.network is not network:
                kept = self._made(key, kept, layer, network)
            self._kept.pop(key, None)
            while len(self._kept) >= MOST_KEPT:
                self._kept.pop(next(iter(self._kept)), None)
            self._kept[key] = kept
            return kept.finder

    def _made(self, key: str, kept: _Kept | None, layer: Layer, network: Network | None) -> _Kept:
        """Return a new finder; its time is that of finding the ways, if they are taken over."""
        began = time.perf_counter()
        earlier = kept.finder if kept and kept.layer else None
        finder = Finder(self._table_of(layer), network, earlier=earlier)
        seconds = time.perf_counter() - began
        logger.info("finder of %s made in %.2f s", key or "no city", seconds)
        if kept and earlier and finder.ways is earlier.ways:
            seconds = max(seconds, kept.made_in_s)
        return _Kept(layer, network, finder, seconds)

    def _renew_beside(self, key: str, layer: Layer, network: Network | None) -> None:
        """Let a thread make the finder, unless one is at it."""
        if not self._locks.setdefault(key, threading.Lock()).locked():
            words = (key, layer, network)
            threading.Thread(target=self._renewed, args=words, name=THREAD, daemon=True).start()

    def _table_of(self, layer: Layer) -> Table:
        """Return the layer's stations made ready; all cities share them."""
        if self._table is None or self._table[0] is not layer:
            self._table = layer, Table(layer.rows)
        return self._table[1]


def ask_nearest(question: Question) -> tuple[NearestStation, ...]:
    """Ask this application's finders; see `geo.nearest.nearest`."""
    return _finder(question).nearest(question)


def ask_among(question: Question, codes: Sequence[str]) -> tuple[NearestStation, ...]:
    """Ask of some stations only, by their codes; see `Finder.among`."""
    return _finder(question).among(question, codes)


def ask_passed(question: Question, found: Sequence[NearestStation]) -> NearestStation | None:
    """Return the nearer one that is shut, unless it is in the answer; see `Finder.passed_by`."""
    passed = _finder(question).passed_by(question, found[0]) if found else None
    return None if passed is None or passed.code in {one.code for one in found} else passed


def ask_way(lon: float, lat: float, to_lon: float, to_lat: float) -> Way | None:
    """Return the walk between two positions, degrees, WGS-84; see `Finder.way`."""
    finders = cast("Finders", current_app.extensions["finders"])
    return finders.at(lon, lat).way(lon, lat, to_lon, to_lat)


def _finder(question: Question) -> Finder:
    finders = cast("Finders", current_app.extensions["finders"])
    return finders.at(question.lon, question.lat)
